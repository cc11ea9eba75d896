/* The clock of what is given from outside (E1-E3): machines become able to do more tasks,
 * productivity drifts, consumers' confidence moves. Reads the tick, writes the published state. */
#include "ludd/phases.h"

/* E1: a rational S-curve from 0 to the frontier's end. */
static double frontier_at(const struct params *p, int64_t tick)
{
	double x = (double)(tick - p->automation.start) / (12.0 * p->automation.years);
	if (x <= 0.0)
		return 0.0;
	if (x >= 1.0)
		return p->automation.frontier;
	return p->automation.frontier * (x * x / (x * x + (1.0 - x) * (1.0 - x)));
}

void frontier_advances(struct world *w)
{
	const struct params *p = &w->par;
	struct pcg32 g = rng_agent(rng_key(w->seed, DRAW_confidence, w->tick), 0);

	w->pub.frontier = frontier_at(p, w->tick);
	w->pub.productivity *= 1.0 + p->production.growth / 12.0;
	w->pub.confidence = p->households.confidence_persistence * w->pub.confidence +
			    p->households.confidence_sd * rng_normal(&g);
}
