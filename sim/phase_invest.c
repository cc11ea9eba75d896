/* Each firm decides once a year whether to automate more tasks, and every month how many
 * machines to order and how to pay for them (E18, E21, E22). Reads the firm's row and the
 * published state; writes the firm's row (a new loan is a deposit too). */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/scratch.h"

/* The payback time a firm asks, drawn once for its life (E18). */
static double payback_asked(const struct world *w, int64_t j)
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_payback, 0), (uint64_t)j);
	double spread = w->par.automation.payback_spread;
	return w->par.automation.payback * (1.0 - spread + 2.0 * spread * rng_unit(&g));
}

/* What the firm's policy would leave to others than profit (automation.private_criterion). */
static double share_given(const struct world *w, int64_t j)
{
	const struct firms *f = &w->firm;
	struct policy_view view = {
		.hours = f->hours[j], .wage = f->wage[j], .price = f->price[j],
		.unit_cost = f->unit_cost[j], .automation = f->automation[j],
		.automation_new = f->automation[j], .staff = f->staff[j],
		.loss_months = f->loss_months[j],
	};
	struct policy_plan plan = {0};

	policy_decide((enum policy_id)f->policy[j], w->par.policy[f->policy[j]], &view, &plan);
	return smaller(1.0, plan.retraining + (1.0 - plan.retraining) * (plan.hours + plan.wages));
}

/* E18: adopt if the machines pay back in the time asked. */
static void firm_decides_adoption(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double a = f->automation[j];
	double next = smaller(w->pub.frontier, a + p->automation.largest_step);
	double scale = f->demand_slow[j] / p->production.normal_utilisation;
	double machines = p->automation.capital_per_output * (next - a) * scale;
	double cost = machines * w->pub.capital_price;
	double upkeep = cost * (p->automation.depreciation + w->pub.loan_rate / 12.0);
	double labour = (next - a) / (1.0 - a) * f->wage[j] * f->efficiency[j] * f->demand_slow[j] /
			firm_output_per_worker(w, j);
	double saving = 12.0 * (labour - upkeep);

	if (p->automation.private_criterion > 0.0)
		saving *= 1.0 - p->automation.private_criterion * share_given(w, j);
	if (saving > 0.0 && cost < payback_asked(w, j) * saving) {
		f->automation_next[j] = next;
		f->adoption_scale[j] = scale;
	}
}

/* The giant's announcement: machines for the posts whose loss AI explains. */
static void giant_decides_adoption(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double saved = p->giant.dismissals * p->giant.dismissals_due_to_ai;

	if (saved <= 0.0)
		return;
	f->automation_next[j] = f->automation[j] + saved * (1.0 - f->automation[j]);
	f->adoption_scale[j] = f->demand_slow[j] / p->production.normal_utilisation;
}

static bool decision_month(const struct world *w, int64_t j)
{
	return j % 12 == ((w->tick + 6) % 12 + 12) % 12;
}

struct wish { /* units */
	double machines, ai;
};

/* E21: machines wear out and follow slow demand; AI capital too, or is bought for an adoption. */
static struct wish machines_wanted(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double scale = f->demand_slow[j] / p->production.normal_utilisation;
	double real_rate = (w->pub.loan_rate - w->pub.inflation) -
			   (p->finance.loan_rate - p->finance.inflation_target);
	double cheap = clamp(1.0 - p->finance.investment_response * real_rate, 0.8, 1.2);
	double wanted = firm_capital_per_output(w, j) * scale * cheap;
	double ai, k1 = p->automation.capital_per_output;
	struct wish order;

	order.machines = clamp(p->production.depreciation * f->capital[j] +
			       p->firms.investment_speed * (wanted - f->capital[j]),
			       0.0, 0.05 * wanted);
	if (f->automation_next[j] > 0.0) {
		ai = k1 * f->automation_next[j] * f->adoption_scale[j] - f->ai_capital[j];
	} else {
		ai = p->automation.depreciation * f->ai_capital[j] +
		     p->automation.investment_speed *
			     (k1 * f->automation[j] * scale - f->ai_capital[j]);
	}
	order.ai = larger(0.0, ai);
	return order;
}

/* E22: own money above a reserve, then loans up to the leverage limit; orders shrink to what is
 * there. */
static void firm_finances(struct world *w, int64_t j, struct wish order)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double pk = w->pub.capital_price, cost = pk * (order.machines + order.ai);
	double wage_bill = f->wage[j] * f->efficiency[j] * f->staff[j];
	double own = larger(0.0, (double)f->cash[j] - 0.7 * p->finance.liquidity * wage_bill);
	double room = larger(0.0, p->finance.leverage * pk * (f->capital[j] + f->ai_capital[j]) -
				  (double)f->loan[j]);
	int64_t loan = mills(smaller(larger(0.0, cost - own), room), &w->fault, j, "loan");
	double scale = cost > 0.0 ? smaller(1.0, (own + (double)loan) / cost) : 0.0;

	money_lend(&f->cash[j], &f->loan[j], loan);
	f->machine_order[j] = mills(scale * pk * order.machines, &w->fault, j, "order of machines");
	f->ai_order[j] = mills(scale * pk * order.ai, &w->fault, j, "order of AI capital");
}

void firms_invest(struct world *w)
{
	const struct firms *f = &w->firm;
	int64_t blocks = par_blocks(w->firms);

	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t lent = 0;
		BLOCK_ROWS(j, b, w->firms) {
			int64_t before = f->loan[j];
			if (!f->alive[j])
				continue;
			if (decision_month(w, j) && f->automation_next[j] == 0.0 &&
			    w->pub.frontier > f->automation[j] + 0.01)
				firm_decides_adoption(w, j);
			if (j == w->giant && w->tick == w->par.giant.dismissal_tick)
				giant_decides_adoption(w, j);
			firm_finances(w, j, machines_wanted(w, j));
			lent += f->loan[j] - before;
		}
		w->scratch->tally[b] = (struct tally){.money = {lent}};
	}
	w->census.flow.lent += tally_sum(w->scratch->tally, blocks).money[0];
}
