/* Each firm reckons its cost, sets price and wage, and decides how much to make and with how many
 * people (E8-E12, E14-E17). Reads the firm's row, the published state and its region's; writes the
 * firm's row. */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/policy.h"

/* The markup firms return to: a share of cost, or what yields the target rate of return on
 * capital. */
static double markup_normal(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	double capital;

	if (p->firms.pricing == PRICING_UNIT_COST)
		return firm_markup(w, j);
	capital = w->pub.capital_price * firm_capital_per_unit(w, j);
	return p->firms.target_return / 12.0 * capital / w->firm.unit_cost[j];
}

/* E9: the markup returns to normal, rises where stocks are short and where the firm gains
 * custom. */
static void firm_sets_markup(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double expected = f->demand_expected[j], slow = f->demand_slow[j];
	double wanted = p->firms.inventory_target * expected;
	double gap = -clamp((f->inventory[j] - wanted) / (expected + 1.0), -1.0, 1.0);
	double growth = slow > 0.0 ? clamp((expected - slow) / slow, -0.5, 0.5) : 0.0;
	double mu = f->markup[j];

	mu += p->firms.markup_reversion * (markup_normal(w, j) - mu) +
	      p->firms.markup_adjustment * p->firms.markup_stock_response * gap +
	      0.5 * p->firms.markup_share_response * growth;
	f->markup[j] = clamp(mu, 0.05, 1.5);
}

/* E10: the price moves towards cost plus markup; in a slump the degree of monopoly rises. */
static void firm_sets_price(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double slack = clamp(w->pub.utilisation / w->pub.utilisation_slow - 1.0, -0.2, 0.2);
	double factor = 1.0 + f->markup[j] * (1.0 - p->firms.markup_slump_response * slack);

	f->price[j] += p->firms.price_adjustment * (factor * f->unit_cost[j] - f->price[j]);
}

/* What a person could have elsewhere: months in and out of work over the horizon, local pay, and
 * the compensating differential for hours (E12). */
static double outside_option(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct regional *r = &w->region[w->firm.region[j]];
	double horizon = p->labour.outside_horizon * r->job_finding;
	double found = horizon / (1.0 + horizon);
	double without = smaller(1.2, p->state.benefit_replacement + p->state.basic_income);
	double psi = p->labour.leisure_value;

	return r->wage * (found + (1.0 - found) * without) * (1.0 + psi * (1.0 - r->hours)) /
	       (1.0 + psi * (1.0 - w->firm.hours[j]));
}

/* Surplus an efficiency worker makes over a required return on capital (E12). */
static double surplus_made(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double capital = p->labour.required_return / 12.0 * w->pub.capital_price *
			 firm_capital_per_unit(w, j);

	return firm_output_per_worker(w, j) * (f->price[j] - firm_wear_cost(w, j) - capital) /
	       f->efficiency[j];
}

static double bargaining_power(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	double threat = p->labour.automation_threat *
			larger(0.0, w->pub.frontier - w->firm.automation[j]);
	double fear = 5.0 * p->labour.layoff_fear * larger(0.0, w->pub.layoff_rate - 0.01);

	return p->labour.bargaining_power * (1.0 + p->labour.union_density) * (1.0 - threat) /
	       (1.0 + fear);
}

/* E12: once a year firm and staff bargain over the surplus. */
static void firm_bargains(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double own = p->labour.own_surplus_weight, power = bargaining_power(w, j);
	double wage = f->wage[j];
	double surplus = own * f->surplus[j] + (1.0 - own) * w->pub.surplus;
	double bargain = power * surplus + (1.0 - power) * outside_option(w, j);
	double lowest = p->labour.wage_rigidity * (f->loss_months[j] > 6 ? 0.97 : 1.0) * wage;
	double next = (1.0 - p->labour.wage_reset) * wage *
			      (1.0 + p->labour.indexation * w->pub.inflation) +
		      p->labour.wage_reset * bargain;

	f->wage[j] = smaller(larger(next, lowest), 1.15 * wage);
}

/* E11, E12. */
static void firm_sets_wage(struct world *w, int64_t j)
{
	struct firms *f = &w->firm;

	f->wage[j] *= 1.0 + w->par.labour.vacancy_premium * clamp(f->unfilled[j], 0.0, 0.2);
	f->surplus[j] = surplus_made(w, j);
	if (j % 12 == (w->tick % 12 + 12) % 12)
		firm_bargains(w, j);
}

/* E14: output for expected demand and stocks, within the machines' capacity; the staff it needs. */
static void firm_sets_output(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double ai = p->automation.capital_per_output * f->automation[j];
	double capacity = f->capital[j] / firm_capital_per_output(w, j);
	double stocks = p->firms.inventory_target * f->demand_expected[j] - f->inventory[j];

	if (ai > 0.0)
		capacity = smaller(capacity, f->ai_capital[j] / ai);
	f->capacity[j] = capacity;
	f->target[j] = clamp(f->demand_expected[j] + p->firms.inventory_adjustment * stocks, 0.0,
			     capacity);
	f->need[j] = f->target[j] / firm_output_per_worker(w, j);
}

/* E15, E19: people whom the policy keeps though machines do their tasks. */
static void firm_protects(struct world *w, int64_t j)
{
	struct firms *f = &w->firm;
	double redundant = larger(0.0, f->staff[j] - f->need[j]);

	if (f->went_live[j])
		f->protected_staff[j] = f->dismissal[j] == DISMISS_AT_ONCE ? 0.0 : redundant;
	if (f->dismissal[j] == DISMISS_ONLY_AT_A_LOSS && f->loss_months[j] >= 3)
		f->protected_staff[j] = 0.0;
	f->protected_staff[j] = clamp(f->protected_staff[j], 0.0, redundant);
}

/* E16, E17: dismissals, or else posts to fill; rounding is random so that small firms count
 * right. */
static void firm_sets_staff(struct world *w, struct rng_key key, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	struct pcg32 g = rng_agent(key, (uint64_t)j);
	double staff = f->staff[j], u = rng_unit(&g), excess, open;

	if (f->went_live[j] && f->dismissal[j] == DISMISS_AT_ONCE)
		excess = staff - f->need[j];
	else
		excess = p->firms.layoff_speed * (staff - (f->need[j] + f->protected_staff[j]) *
						  (1.0 + p->firms.hoarding_tolerance));
	if (j == w->giant && w->tick == p->giant.dismissal_tick)
		excess = larger(excess, staff * p->giant.dismissals *
						(1.0 - p->giant.dismissals_due_to_ai));
	if (excess > 0.0)
		f->layoffs[j] = (int32_t)smaller_i64(f->staff[j], (int64_t)(excess + u));
	if (f->layoffs[j])
		return;
	open = f->need[j] - staff * (1.0 - p->labour.quit_rate - w->pub.job_to_job_rate);
	if (open > 0.0)
		f->vacancies[j] = (int32_t)smaller_i64((int64_t)smaller(open + u, 1e9),
						       f->staff[j] / 4 + 2);
}

/* E7, E26: skill counts in tasks that machines do not do; it is learnt there, and in courses. */
static void firm_teaches(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double chance = p->skills.gain * (1.0 - 0.5 * f->automation[j]) +
			f->training[j] / p->skills.course_cost;

	f->skill_chance[j] = chance * 0x1p32;
}

void firms_plan(struct world *w)
{
	struct firms *f = &w->firm;
	struct rng_key key = rng_key(w->seed, DRAW_plan, w->tick);

	PAR_ROWS(j, w->firms, w->threads) {
		if (!f->alive[j])
			continue;
		f->unit_cost[j] = firm_unit_cost(w, j);
		firm_sets_markup(w, j);
		firm_sets_price(w, j);
		firm_sets_wage(w, j);
		firm_sets_output(w, j);
		firm_protects(w, j);
		firm_sets_staff(w, key, j);
		firm_teaches(w, j);
	}
}
