/* Each firm sees last month's demand, feels its productivity shock and the effort of its people
 * (E4-E6). Reads the firm's row and its region's published job-finding rate; writes the firm's
 * row and clears the month's flows. */
#include <string.h>

#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/vector.h"

enum { DRAWS = 4 }; /* of rng_normal */

struct seen { /* by a strip of firms, as fractions */
	double alive[PAR_STRIP];
	double demand[PAR_STRIP];  /* mills */
	double finding[PAR_STRIP]; /* local rate of finding work */
	double shock[PAR_STRIP];   /* standard normal */
};

/* E4: productivity walks at random and returns to the economy's. */
static inline double productivity_now(const struct params *p, double x, double shock)
{
	x += p->production.shock_sd * shock - p->production.shock_reversion * (x - 1.0);
	return clamp(x, 0.5, 2.0);
}

/* E6: cost of job loss in months of pay, and the effort it draws (Bowles 1985, rational form). */
static inline double effort_drawn(const struct params *p, double surveillance, double finding)
{
	double income_without = p->state.benefit_replacement + p->state.basic_income;
	double loss = (1.0 + surveillance) * (1.0 - smaller(0.95, income_without)) /
		      larger(finding, 0.05);
	return p->labour.effort_base +
	       p->labour.effort_gain * loss / (loss + p->labour.effort_half);
}

VECTOR_BODY expect_body(const struct world *w, int64_t first, int count, const struct seen *s)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k;
		bool alive = s->alive[k] != 0.0;
		double sold = s->demand[k] / f.price[j];
		double expected = f.demand_expected[j], slow = f.demand_slow[j];
		double normal = f.effort_normal[j];
		double productivity = productivity_now(p, f.productivity[j], s->shock[k]);
		double effort = effort_drawn(p, f.surveillance[j], s->finding[k]);

		f.productivity[j] = alive ? productivity : f.productivity[j];
		/* E5 */
		f.demand_expected[j] = alive ? expected + p->firms.demand_adjustment *
						       (sold - expected) : expected;
		f.demand_slow[j] = alive ? slow + p->firms.demand_adjustment_slow * (sold - slow)
					 : slow;
		f.effort[j] = alive ? effort : f.effort[j];
		f.effort_normal[j] = alive ? normal + 0.02 * (effort - normal) : normal;
	}
}

VECTOR_VERSIONS(expect, (const struct world *w, int64_t first, int count, const struct seen *s), w,
		first, count, s)

/* The same number as rng_normal of every firm's generator. */
VECTOR_BODY shocks_body(int count, const uint32_t *restrict a, const uint32_t *restrict b,
			const uint32_t *restrict c, const uint32_t *restrict d,
			double *restrict shock)
{
	for (int k = 0; k < count; k++) {
		double sum = a[k] * 0x1p-32;
		sum += b[k] * 0x1p-32;
		sum += c[k] * 0x1p-32;
		sum += d[k] * 0x1p-32;
		shock[k] = (sum - 2.0) * 1.7320508075688772;
	}
}

VECTOR_VERSIONS(shocks,
		(int count, const uint32_t *a, const uint32_t *b, const uint32_t *c,
		 const uint32_t *d, double *shock),
		count, a, b, c, d, shock)

static void strip_seen(const struct world *w, struct rng_key key, int64_t first, int count,
		       struct seen *s)
{
	const struct firms *f = &w->firm;
	uint32_t draw[DRAWS][PAR_STRIP], *draws[DRAWS];
	uint16_t row[PAR_STRIP];

	for (int k = 0; k < count; k++) {
		row[k] = (uint16_t)k;
		s->alive[k] = f->alive[first + k];
		s->demand[k] = (double)f->demand[first + k];
		s->finding[k] = w->region[f->region[first + k]].job_finding;
	}
	for (int i = 0; i < DRAWS; i++)
		draws[i] = draw[i];
	rng_rows_chosen(key, (uint64_t)first, row, count, DRAWS, draws);
	VECTOR_CALL(shocks, count, draw[0], draw[1], draw[2], draw[3], s->shock);
}

/* The others are set where firms plan and invest. */
static void flows_clear(struct firms *f, int64_t first, int64_t count)
{
	size_t money = sizeof(int64_t) * (size_t)count;

	memcpy(&f->price_before[first], &f->price[first], sizeof(double) * (size_t)count);
	memset(&f->sales[first], 0, money);
	memset(&f->wages[first], 0, money);
	memset(&f->net_profit[first], 0, money);
	memset(&f->filled[first], 0, sizeof(int32_t) * (size_t)count);
	memset(&f->went_live[first], 0, (size_t)count);
}

void firms_expect(struct world *w)
{
	struct rng_key key = rng_key(w->seed, DRAW_productivity, w->tick);

	PAR_STRIPS(b, w->firms, w->threads) {
		int64_t first = b * PAR_STRIP;
		int count = (int)(par_strip_end(b, w->firms) - first);
		struct seen s;
		flows_clear(&w->firm, first, count);
		strip_seen(w, key, first, count, &s);
		VECTOR_CALL(expect, w, first, count, &s);
	}
}
