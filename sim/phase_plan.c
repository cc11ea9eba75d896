/* Each firm reckons its cost, sets price and wage, and decides how much to make and with how many
 * people (E8-E12, E14-E17). Reads the firm's row, the published state and its region's; writes the
 * firm's row. Equations are functions of one firm's values; one loop over a strip of firms joins
 * them. */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/rng_rows.h"
#include "ludd/vector.h"

/* The markup firms return to: a share of cost (mu0), or what yields the target rate of return on
 * capital. */
static inline double markup_normal(const struct world *w, double mu0, double capital,
				   double unit_cost)
{
	const struct params *p = &w->par;
	double owned = w->pub.capital_price * capital;
	double target = p->firms.target_return / 12.0 * owned / unit_cost;

	return p->firms.pricing == PRICING_UNIT_COST ? mu0 : target;
}

/* E9: the markup returns to normal, rises where stocks are short and where the firm gains
 * custom. */
static inline double markup_set(const struct world *w, double mu, double normal, double expected,
				double slow, double inventory)
{
	const struct params *p = &w->par;
	double wanted = p->firms.inventory_target * expected;
	double gap = -clamp((inventory - wanted) / (expected + 1.0), -1.0, 1.0);
	double rise = clamp((expected - slow) / slow, -0.5, 0.5);
	double growth = slow > 0.0 ? rise : 0.0;

	mu += p->firms.markup_reversion * (normal - mu) +
	      p->firms.markup_adjustment * p->firms.markup_stock_response * gap +
	      0.5 * p->firms.markup_share_response * growth;
	return clamp(mu, 0.05, 1.5);
}

/* E10: the price moves towards cost plus markup; in a slump the degree of monopoly rises. */
static inline double price_set(const struct world *w, double price, double markup,
			       double unit_cost)
{
	const struct params *p = &w->par;
	double slack = clamp(w->pub.utilisation / w->pub.utilisation_slow - 1.0, -0.2, 0.2);
	double factor = 1.0 + markup * (1.0 - p->firms.markup_slump_response * slack);

	return price + p->firms.price_adjustment * (factor * unit_cost - price);
}

/* E11: posts left empty raise the wage. */
static inline double wage_offered(const struct world *w, double wage, double unfilled)
{
	return wage * (1.0 + w->par.labour.vacancy_premium * clamp(unfilled, 0.0, 0.2));
}

/* E12: surplus an efficiency worker makes over a required return on capital. */
static inline double surplus_made(const struct world *w, double output, double price, double wear,
				  double capital, double efficiency)
{
	double required = w->par.labour.required_return / 12.0 * w->pub.capital_price * capital;

	return output * (price - wear - required) / efficiency;
}

/* E14: the largest output of machines and AI capital. */
static inline double capacity_of(const struct world *w, double capital, double k0,
				 double automation, double ai_capital)
{
	double ai = w->par.automation.capital_per_output * automation;
	double capacity = capital / k0, of_ai = ai_capital / ai;

	return ai > 0.0 ? smaller(capacity, of_ai) : capacity;
}

/* E14: output for expected demand and stocks, within capacity. */
static inline double output_wanted(const struct world *w, double expected, double inventory,
				   double capacity)
{
	const struct params *p = &w->par;
	double stocks = p->firms.inventory_target * expected - inventory;

	return clamp(expected + p->firms.inventory_adjustment * stocks, 0.0, capacity);
}

/* E7, E26: skill counts in tasks that machines do not do; it is learnt there, and in courses. */
static inline double skill_chance(const struct world *w, double automation, double training)
{
	const struct params *p = &w->par;
	double courses = training / p->skills.course_cost;

	return (p->skills.gain * (1.0 - 0.5 * automation) + courses) * 0x1p32;
}

/* Flags and counts of a strip of firms, which columns keep in few bytes, as fractions. */
struct strip {
	double alive[PAR_STRIP];
	double k0[PAR_STRIP], mu0[PAR_STRIP];
	double staff[PAR_STRIP];
	double posts_most[PAR_STRIP]; /* that may be opened in a month */
	double live[PAR_STRIP];    /* machines went live */
	double at_once[PAR_STRIP]; /* and the redundant leave */
	double gives_up[PAR_STRIP]; /* after months of losses, protection of staff */
	double luck[PAR_STRIP];     /* 0 .. 1, by which numbers of people are rounded */
	double layoffs[PAR_STRIP], vacancies[PAR_STRIP]; /* planned, before they are cut to whole */
};

/* E15, E19: people whom the policy keeps though machines do their tasks. */
static inline double protected_staff(const struct strip *s, int k, double before, double need)
{
	double redundant = larger(0.0, s->staff[k] - need);
	double at_first = s->at_once[k] != 0.0 ? 0.0 : redundant;
	double kept = s->live[k] != 0.0 ? at_first : before;

	kept = s->gives_up[k] != 0.0 ? 0.0 : kept;
	return clamp(kept, 0.0, redundant);
}

/* E16, E17: dismissals, or else posts to fill; rounding is random so that small firms count
 * right. */
static inline void staff_set(const struct world *w, struct strip *s, int k, bool giant_cuts,
			     double need, double kept)
{
	const struct params *p = &w->par;
	double staff = s->staff[k], luck = s->luck[k];
	double now = staff - need;
	double slowly = p->firms.layoff_speed *
			(staff - (need + kept) * (1.0 + p->firms.hoarding_tolerance));
	double excess = s->live[k] * s->at_once[k] != 0.0 ? now : slowly;
	double announced = staff * p->giant.dismissals * (1.0 - p->giant.dismissals_due_to_ai);
	double open = need - staff * (1.0 - p->labour.quit_rate - w->pub.job_to_job_rate);
	double leave, posts;

	excess = giant_cuts ? larger(excess, announced) : excess;
	leave = smaller(excess + luck, staff);
	leave = excess > 0.0 ? leave : 0.0;
	posts = smaller(open + luck, s->posts_most[k]);
	posts = open > 0.0 ? posts : 0.0;
	s->layoffs[k] = leave;
	s->vacancies[k] = leave >= 1.0 ? 0.0 : posts;
}

VECTOR_BODY plan_body(const struct world *w, int64_t first, int count, struct strip *s)
{
	const struct firms f = w->firm;
	int64_t cuts = w->tick == w->par.giant.dismissal_tick ? w->giant : -1;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k;
		bool alive = s->alive[k] != 0.0;
		double automation = f.automation[j], efficiency = f.efficiency[j];
		double expected = f.demand_expected[j], inventory = f.inventory[j];
		double output = output_per_worker(w->pub.productivity * f.productivity[j],
						  f.hours[j], f.effort[j], efficiency, automation);
		double wear = wear_cost(w, s->k0[k], automation);
		double capital = capital_per_unit(w, s->k0[k], automation);
		double cost = labour_cost(f.wage[j], efficiency, output, f.effort_normal[j],
					  f.effort[j]) + wear;
		double normal = markup_normal(w, s->mu0[k], capital, cost);
		double markup = markup_set(w, f.markup[j], normal, expected, f.demand_slow[j],
					   inventory);
		double price = price_set(w, f.price[j], markup, cost);
		double wage = wage_offered(w, f.wage[j], f.unfilled[j]);
		double surplus = surplus_made(w, output, price, wear, capital, efficiency);
		double capacity = capacity_of(w, f.capital[j], s->k0[k], automation,
					      f.ai_capital[j]);
		double target = output_wanted(w, expected, inventory, capacity);
		double need = target / output;
		double kept = protected_staff(s, k, f.protected_staff[j], need);
		double chance = skill_chance(w, automation, f.training[j]);

		staff_set(w, s, k, j == cuts, need, kept);
		f.unit_cost[j] = alive ? cost : 0.0;
		f.markup[j] = alive ? markup : f.markup[j];
		f.price[j] = alive ? price : f.price[j];
		f.wage[j] = alive ? wage : f.wage[j];
		f.surplus[j] = alive ? surplus : f.surplus[j];
		f.capacity[j] = alive ? capacity : 0.0;
		f.target[j] = alive ? target : 0.0;
		f.need[j] = alive ? need : 0.0;
		f.protected_staff[j] = alive ? kept : f.protected_staff[j];
		f.skill_chance[j] = alive ? chance : 0.0;
	}
}

VECTOR_VERSIONS(plan, (const struct world *w, int64_t first, int count, struct strip *s), w, first,
		count, s)

VECTOR_BODY strip_body(const struct world *w, int64_t first, int count, const uint32_t *draw,
		       struct strip *s)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k;
		bool gives_up = (f.dismissal[j] == DISMISS_ONLY_AT_A_LOSS) &
				(f.loss_months[j] >= 3);
		s->alive[k] = f.alive[j] ? 1.0 : 0.0;
		s->k0[k] = f.capital_goods[j] ? p->production.capital_per_output_capital_goods
					      : p->production.capital_per_output;
		s->mu0[k] = p->firms.markup;
		s->live[k] = f.went_live[j] ? 1.0 : 0.0;
		s->at_once[k] = f.dismissal[j] == DISMISS_AT_ONCE ? 1.0 : 0.0;
		s->gives_up[k] = gives_up ? 1.0 : 0.0;
		s->staff[k] = f.staff[j];
		s->posts_most[k] = f.staff[j] / 4 + 2;
		s->luck[k] = draw[k] * 0x1p-32;
	}
}

VECTOR_VERSIONS(strip,
		(const struct world *w, int64_t first, int count, const uint32_t *draw,
		 struct strip *s),
		w, first, count, draw, s)

/* The whole people of layoffs and posts planned; none in an empty slot. */
VECTOR_BODY people_body(const struct world *w, int64_t first, int count, const struct strip *s)
{
	const struct firms f = w->firm;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		bool alive = s->alive[k] != 0.0;
		f.layoffs[first + k] = (int32_t)(alive ? s->layoffs[k] : 0.0);
		f.vacancies[first + k] = (int32_t)(alive ? s->vacancies[k] : 0.0);
	}
}

VECTOR_VERSIONS(people, (const struct world *w, int64_t first, int count, const struct strip *s),
		w, first, count, s)

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

/* Firms of the strip whose turn it is this month. */
static void strip_bargains(struct world *w, int64_t first, int64_t end)
{
	int64_t month = (w->tick % 12 + 12) % 12;

	for (int64_t j = first + (month - first % 12 + 12) % 12; j < end; j += 12)
		if (w->firm.alive[j])
			firm_bargains(w, j);
}

void firms_plan(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_plan, w->tick);

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP, end = par_strip_end(b, w->firms);
		int count = (int)(end - first);
		uint32_t draw[PAR_STRIP];
		struct strip s;
		rng_rows(key, (uint64_t)first, count, draw);
		VECTOR_CALL(strip, w, first, count, draw, &s);
		if (w->giant >= first && w->giant < end)
			s.mu0[w->giant - first] = firm_markup(w, w->giant);
		VECTOR_CALL(plan, w, first, count, &s);
		VECTOR_CALL(people, w, first, count, &s);
		strip_bargains(w, first, end);
	}
}
