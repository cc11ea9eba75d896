/* Each firm decides once a year whether to automate more tasks, and every month how many
 * machines to order and how to pay for them (E18, E21, E22). Reads the firm's row and the
 * published state; writes the firm's row (a new loan is a deposit too). */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

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

/* E21: how cheap money is, against what is usual. */
static inline double cheapness(const struct world *w)
{
	const struct params *p = &w->par;
	double real_rate = (w->pub.loan_rate - w->pub.inflation) -
			   (p->finance.loan_rate - p->finance.inflation_target);

	return clamp(1.0 - p->finance.investment_response * real_rate, 0.8, 1.2);
}

/* E21: machines wear out and follow slow demand, units. */
static inline double machines_wanted(const struct world *w, double wanted, double capital)
{
	const struct params *p = &w->par;
	double order = p->production.depreciation * capital +
		       p->firms.investment_speed * (wanted - capital);

	return clamp(order, 0.0, 0.05 * wanted);
}

/* E21: AI capital too, or it is bought for an adoption. */
static inline double ai_wanted(const struct world *w, double scale, double automation, double next,
			       double adoption_scale, double owned)
{
	const struct params *p = &w->par;
	double k1 = p->automation.capital_per_output;
	double adoption = k1 * next * adoption_scale - owned;
	double upkeep = p->automation.depreciation * owned +
			p->automation.investment_speed * (k1 * automation * scale - owned);

	return larger(0.0, next > 0.0 ? adoption : upkeep);
}

struct strip { /* of firms: what columns keep as whole numbers or in few bytes, as fractions */
	double alive[PAR_STRIP], k0[PAR_STRIP], staff[PAR_STRIP];
	double cash[PAR_STRIP], debt[PAR_STRIP];               /* mills */
	double loan[PAR_STRIP], machines[PAR_STRIP], ai[PAR_STRIP]; /* decided, mills */
};

VECTOR_BODY read_body(const struct world *w, int64_t first, int count, struct strip *s)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		s->alive[k] = f.alive[first + k] ? 1.0 : 0.0;
		s->k0[k] = f.capital_goods[first + k]
				   ? p->production.capital_per_output_capital_goods
				   : p->production.capital_per_output;
		s->staff[k] = f.staff[first + k];
	}
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		s->cash[k] = (double)f.cash[first + k];
		s->debt[k] = (double)f.loan[first + k];
	}
}

VECTOR_VERSIONS(read, (const struct world *w, int64_t first, int count, struct strip *s), w, first,
		count, s)

/* The whole part of an amount not below 0. */
static inline double whole(double x)
{
	const double unit = 0x1p52; /* above it fractions have no digit */
	double near = (x + unit) - unit;
	double below = near > x ? near - 1.0 : near;
	return x < unit ? below : x;
}

/* E22: own money above a reserve, then loans up to the leverage limit; orders shrink to what is
 * there. */
VECTOR_BODY finance_body(const struct world *w, int64_t first, int count, struct strip *s)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;
	double pk = w->pub.capital_price, cheap = cheapness(w);

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k;
		double normal = f.demand_slow[j] / p->production.normal_utilisation;
		double machines = machines_wanted(w, s->k0[k] * normal * cheap, f.capital[j]);
		double ai = ai_wanted(w, normal, f.automation[j], f.automation_next[j],
				      f.adoption_scale[j], f.ai_capital[j]);
		double cost = pk * (machines + ai);
		double wage_bill = f.wage[j] * f.efficiency[j] * s->staff[k];
		double own = larger(0.0, s->cash[k] - 0.7 * p->finance.liquidity * wage_bill);
		double room = larger(0.0, p->finance.leverage * pk *
						  (f.capital[j] + f.ai_capital[j]) - s->debt[k]);
		double loan = smaller(larger(0.0, cost - own), room);
		double part = smaller(1.0, (own + whole(loan)) / cost);
		double scale = cost > 0.0 ? part : 0.0;
		bool alive = s->alive[k] != 0.0;

		s->loan[k] = alive ? loan : 0.0;
		s->machines[k] = alive ? scale * pk * machines : 0.0;
		s->ai[k] = alive ? scale * pk * ai : 0.0;
	}
}

VECTOR_VERSIONS(finance, (const struct world *w, int64_t first, int count, struct strip *s), w,
		first, count, s)

/* In whole mills; tells what was lent. */
static int64_t strip_ordered(struct world *w, int64_t first, int count, const struct strip *s)
{
	struct firms *f = &w->firm;
	int64_t lent = 0;

	for (int k = 0; k < count; k++) {
		int64_t j = first + k, loan = mills(s->loan[k], &w->fault, j, "loan");
		if (loan)
			money_lend(&f->cash[j], &f->loan[j], loan);
		lent += loan;
		f->machine_order[j] =
			mills(s->machines[k], &w->fault, j, "order of machines");
		f->ai_order[j] = mills(s->ai[k], &w->fault, j, "order of AI capital");
	}
	return lent;
}

/* Firms of the strip that may adopt: once a year each. */
static void strip_adopts(struct world *w, int64_t first, int64_t end)
{
	const struct firms *f = &w->firm;
	int64_t month = ((w->tick + 6) % 12 + 12) % 12;

	for (int64_t j = first + (month - first % 12 + 12) % 12; j < end; j += 12)
		if (f->alive[j] && f->automation_next[j] == 0.0 &&
		    w->pub.frontier > f->automation[j] + 0.01)
			firm_decides_adoption(w, j);
	if (w->giant >= first && w->giant < end && f->alive[w->giant] &&
	    w->tick == w->par.giant.dismissal_tick)
		giant_decides_adoption(w, w->giant);
}

void firms_invest(struct world *w)
{
	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP, end = par_strip_end(b, w->firms);
		int count = (int)(end - first);
		struct strip s;
		strip_adopts(w, first, end);
		VECTOR_CALL(read, w, first, count, &s);
		VECTOR_CALL(finance, w, first, count, &s);
		w->scratch->tally[b] =
			(struct tally){.money = {strip_ordered(w, first, count, &s)}};
	}
	w->census.flow.lent += tally_sum(w->scratch->tally, par_strips(w->firms)).money[0];
}
