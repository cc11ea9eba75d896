/* Each firm sees last month's demand, feels its productivity shock and the effort of its people
 * (E4-E6). Reads the firm's row and its region's published job-finding rate; writes the firm's
 * row and clears the month's flows. */
#include "ludd/phases.h"

/* E6: cost of job loss in months of pay, and the effort it draws (Bowles 1985, rational form). */
static double effort_drawn(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	double income_without = p->state.benefit_replacement + p->state.basic_income;
	double finding = w->region[w->firm.region[j]].job_finding;
	double loss = (1.0 + w->firm.surveillance[j]) * (1.0 - smaller(0.95, income_without)) /
		      larger(finding, 0.05);
	return p->labour.effort_base +
	       p->labour.effort_gain * loss / (loss + p->labour.effort_half);
}

static void firm_expects(struct world *w, struct rng_key key, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	struct pcg32 g = rng_agent(key, (uint64_t)j);
	double x = f->productivity[j], sold = (double)f->demand[j] / f->price[j];

	x += p->production.shock_sd * rng_normal(&g) - p->production.shock_reversion * (x - 1.0);
	f->productivity[j] = clamp(x, 0.5, 2.0);
	f->demand_expected[j] += p->firms.demand_adjustment * (sold - f->demand_expected[j]);
	f->demand_slow[j] += p->firms.demand_adjustment_slow * (sold - f->demand_slow[j]);
	f->effort[j] = effort_drawn(w, j);
	f->effort_normal[j] += 0.02 * (f->effort[j] - f->effort_normal[j]);
}

static void flows_clear(struct firms *f, int64_t j)
{
	f->price_before[j] = f->price[j];
	f->sales[j] = f->wages[j] = 0;
	f->machine_order[j] = f->ai_order[j] = f->net_profit[j] = 0;
	f->vacancies[j] = f->filled[j] = f->layoffs[j] = 0;
	f->target[j] = f->need[j] = f->capacity[j] = f->unit_cost[j] = 0.0;
	f->skill_chance[j] = 0.0;
	f->went_live[j] = 0;
}

void firms_expect(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_productivity, w->tick);

	PAR_ROWS(j, w->firms, w->threads) {
		flows_clear(&w->firm, j);
		if (w->firm.alive[j])
			firm_expects(w, key, j);
	}
}
