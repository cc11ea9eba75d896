/* A firm whose AI capital has arrived goes live (E19): its tasks are automated, and its policy
 * decides who gets the net gain. The policy fills a plan; here the plan is checked and carried
 * out. Reads and writes the firm's own row.
 *
 * The net gain is the labour saved less the cost of the machines, as a share of unit labour cost.
 * Retraining comes off the top; hours, wages and prices take their shares of the rest; what nobody
 * takes stays in the price and so in profit, where competition may erode it. */
#include <assert.h>

#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/policy.h"

static double net_gain(const struct world *w, int64_t j, double labour_cost)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double step = f->automation_next[j] - f->automation[j];
	double saved = step / (1.0 - f->automation[j]);
	double cost = p->automation.capital_per_output * step / p->production.normal_utilisation *
		      (p->automation.depreciation + w->pub.loan_rate / 12.0) * w->pub.capital_price;
	return larger(0.0, saved - cost / labour_cost);
}

static struct policy_plan plan_made(const struct world *w, int64_t j, double gain, double unit_cost)
{
	const struct firms *f = &w->firm;
	struct policy_view view = {
		.gain = gain,
		.hours = f->hours[j],
		.wage = f->wage[j],
		.price = f->price[j],
		.unit_cost = unit_cost,
		.automation = f->automation[j],
		.automation_new = f->automation_next[j],
		.staff = f->staff[j],
		.loss_months = f->loss_months[j],
		.profit_rate =
			12.0 * f->profit[j] /
			larger(1.0, w->pub.capital_price * (f->capital[j] + f->ai_capital[j])),
		.unemployment = w->region[f->region[j]].unemployment,
	};
	struct policy_plan plan = {0};
	double shares;

	policy_decide((enum policy_id)f->policy[j], w->par.policy[f->policy[j]], &view, &plan);
	shares = plan.hours + plan.wages + plan.prices + plan.fund;
	assert(plan.hours >= 0 && plan.wages >= 0 && plan.prices >= 0 && plan.fund >= 0);
	assert(shares <= 1.0 + 1e-9 && plan.retraining >= 0 && plan.retraining <= 1);
	assert(plan.surveillance >= 0);
	(void)shares;
	return plan;
}

static void firm_goes_live(struct world *w, int64_t j)
{
	struct firms *f = &w->firm;
	double floor = w->par.labour.hours_floor;
	double labour_cost = firm_labour_cost(w, j), old_cost = firm_unit_cost(w, j);
	double gain = net_gain(w, j, labour_cost);
	struct policy_plan plan = plan_made(w, j, gain, old_cost);
	double rest = gain * (1.0 - plan.retraining);
	double hours = f->hours[j] * (1.0 - plan.hours * rest);
	/* shorter than the floor: paid instead */
	double cut_off = larger(0.0, 1.0 - hours / floor);
	double new_cost, price_cut;

	f->hours[j] = larger(floor, hours);
	f->wage[j] *= (1.0 + plan.wages * rest) * (1.0 + cut_off);
	f->training[j] += plan.retraining * gain;
	f->fund_share[j] = plan.fund;
	f->surveillance[j] = plan.surveillance;
	f->dismissal[j] = (uint8_t)plan.dismissal;
	f->automation[j] = f->automation_next[j];
	f->automation_next[j] = 0.0;
	f->went_live[j] = 1;

	new_cost = firm_unit_cost(w, j);
	price_cut = smaller(plan.prices * rest * labour_cost, larger(0.0, old_cost - new_cost));
	f->markup[j] = (1.0 + f->markup[j]) * (old_cost - price_cut) / new_cost - 1.0;
}

void policies_decide(struct world *w)
{
	const struct firms *f = &w->firm;

	PAR_LIGHT(j, w->firms, w->threads) {
		double wanted = w->par.automation.capital_per_output * f->automation_next[j] *
				f->adoption_scale[j];
		if (f->alive[j] && f->automation_next[j] > 0.0 && f->ai_capital[j] >= 0.95 * wanted)
			firm_goes_live(w, j);
	}
}
