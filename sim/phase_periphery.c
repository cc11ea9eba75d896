/* The hidden labour behind the machines (E27): contractors in the periphery hire and
 * dismiss people who label and check data, for a wage well below the core's. Places go round the
 * periphery from a drawn start, so that nobody is first by position. Before AI nothing happens
 * here. */
#include "ludd/mem.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

/* The wage rises half a per cent a month when hardly anybody is free, else follows the core's. */
static void periphery_wage_moves(struct world *w, int64_t employed)
{
	const struct params *p = &w->par;
	double anchor = p->periphery.wage_ratio * w->pub.wage;

	if ((double)employed > 0.9 * (double)w->periphery)
		w->pub.periphery_wage *= 1.005;
	else
		w->pub.periphery_wage += 0.02 * (anchor - w->pub.periphery_wage);
	w->pub.periphery_wage = larger(w->pub.periphery_wage, 0.5 * anchor);
}

/* Staff a contractor wants for the sales it expects, at the wage and margin of the day. */
static int64_t staff_wanted(struct world *w, int64_t c)
{
	struct contractors *k = &w->contractor;
	double cost = w->pub.periphery_wage * (1.0 + w->par.periphery.margin);

	k->demand_expected[c] += 0.3 * ((double)k->sales[c] - k->demand_expected[c]);
	return (int64_t)clamp(k->demand_expected[c] / cost, 0.0, (double)w->periphery);
}

static void people_dismissed(struct world *w, int64_t start, int64_t *excess)
{
	uint32_t *employer = &w->worker.employer[w->people];

	for (int64_t i = 0; i < w->periphery; i++) {
		int64_t n = (start + i) % w->periphery;
		uint32_t c = employer[n];
		if (c != NO_FIRM && excess[c] > 0) {
			excess[c]--;
			w->contractor.staff[c]--;
			employer[n] = NO_FIRM;
		}
	}
}

/* Free people go to contractors in turn until each has the part of its wish that the pool
 * allows. */
static void people_taken_on(struct world *w, int64_t start, int64_t *part)
{
	uint32_t *employer = &w->worker.employer[w->people];
	int64_t c = 0;

	for (int64_t i = 0; i < w->periphery; i++) {
		int64_t n = (start + i) % w->periphery;
		if (employer[n] != NO_FIRM)
			continue;
		while (c < w->contractors && part[c] <= 0)
			c++;
		if (c == w->contractors)
			return;
		part[c]--;
		w->contractor.staff[c]++;
		employer[n] = (uint32_t)c;
	}
}

void periphery_hires(struct world *w)
{
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_periphery, w->tick), 0);
	int64_t employed = 0, excess_sum = 0, wish_sum = 0, start;
	int64_t *excess, *wish, *part;

	if (w->periphery == 0)
		return;
	MEM_NEW(excess, 3 * w->contractors, "contractors");
	wish = excess + w->contractors;
	part = wish + w->contractors;
	start = rng_below(&g, (uint32_t)w->periphery);
	for (int64_t c = 0; c < w->contractors; c++) {
		int64_t gap = staff_wanted(w, c) - w->contractor.staff[c];
		excess[c] = larger_i64(0, -gap);
		wish[c] = larger_i64(0, gap);
		excess_sum += excess[c];
		wish_sum += wish[c];
		employed += w->contractor.staff[c];
	}
	if (excess_sum)
		people_dismissed(w, start, excess);
	employed -= excess_sum;
	wish_sum = smaller_i64(wish_sum, w->periphery - employed);
	if (wish_sum) {
		money_apportion(wish_sum, wish, w->contractors, part, 1);
		people_taken_on(w, start, part);
	}
	periphery_wage_moves(w, employed + wish_sum);
	mem_free(excess);
}
