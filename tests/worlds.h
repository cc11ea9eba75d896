/* Small worlds for the tests of the model, and a month taken step by step. */
#ifndef WORLDS_H
#define WORLDS_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/columns.h"
#include "ludd/income.h"
#include "ludd/invariants.h"
#include "ludd/metrics.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/scratch.h"
#include "ludd/tick.h"
#include "ludd/world.h"

/* Equal to all digits given: half a unit of the last one. */
#define CLOSE(a, b, tolerance)                                                              \
	do {                                                                                \
		double close_a = (a), close_b = (b);                                        \
		if (!(fabs(close_a - close_b) <= (tolerance)))                              \
			fail_msg("%s is %.12g, not %.12g", #a, close_a, close_b);           \
	} while (0)

#define NO_ERROR(call, e)                                   \
	do {                                                \
		if (call)                                   \
			fail_msg("%s", (e).text);           \
	} while (0)

static inline struct params params_small(int64_t people, int64_t firms)
{
	struct params p;
	params_default(&p);
	p.population.people = people;
	p.population.firms = firms;
	return p;
}

/* AI from the first months on, three years long. */
static inline struct params params_ai(int64_t people, int64_t firms)
{
	struct params p = params_small(people, firms);
	p.automation.start = 6;
	p.automation.years = 3;
	return p;
}

static inline void mix_pure(struct params *p, enum policy_id policy)
{
	memset(p->mix, 0, sizeof(p->mix));
	p->mix[policy] = 1.0;
}

/* What person n ordered when wages were paid, mills; until households_buy. */
static inline int64_t ordered_by(const struct world *w, int64_t n)
{
	int64_t b = n / PAR_BLOCK, money = scratch_ordered(w->scratch, b)[n % PAR_BLOCK];
	const struct large_order *large = scratch_large(w->scratch, b);

	for (int i = 0; i < w->scratch->large[b]; i++)
		money += large[i].row == n % PAR_BLOCK ? large[i].money : 0;
	return money;
}

static inline void months_pass(struct world *w, int64_t months)
{
	struct err e = {0};
	for (int64_t i = 0; i < months; i++)
		NO_ERROR(tick(w, &e), e);
}

/* What tick() does before the first step. */
static inline void month_opened(struct world *w)
{
	struct census *c = &w->census;
	int64_t employed = 0;

	for (int64_t n = 0; n < w->people; n++)
		employed += w->worker.employer[n] != NO_FIRM;
	*c = (struct census){.employed = employed};
	c->head.posts_before = employed;
	c->head.reserve_at_start = w->people - employed;
	memset(w->scratch->separated, 0, sizeof(int64_t) * (size_t)w->regions);
	memset(w->scratch->hired, 0, sizeof(int64_t) * (size_t)w->regions);
}

static void (*const phase_functions[])(struct world *) = {
#define PHASE(name) name,
#include "ludd/phases.def"
};

/* A month up to and including `last`; `after` (or NULL) is called after every step. */
static inline void month_until(struct world *w, enum phase last,
			       void (*after)(struct world *w, enum phase phase))
{
	month_opened(w);
	for (int i = 0; i <= (int)last; i++) {
		phase_functions[i](w);
		if (after)
			after(w, (enum phase)i);
	}
}

/* The rest of the month after `done`. */
static inline void month_finished(struct world *w, enum phase done)
{
	for (int i = (int)done + 1; i < PHASE_COUNT; i++)
		phase_functions[i](w);
	w->tick++;
}

/* After a test wrote into accounts: the public debt takes up the difference. */
static inline void money_balanced(struct world *w)
{
	int64_t sum = w->ledger.bank + w->ledger.fund + w->ledger.pool;

	for (int64_t n = 0; n < w->people + w->periphery; n++)
		sum += w->worker.cash[n];
	for (int64_t o = 0; o < w->owners; o++)
		sum += w->owner.cash[o];
	for (int64_t j = 0; j < w->firms; j++)
		sum += w->firm.cash[j] - w->firm.loan[j];
	for (int64_t c = 0; c < w->contractors; c++)
		sum += w->contractor.cash[c];
	w->ledger.state = -sum;
}

/* After a test moved people: staff counts follow. */
static inline void staff_recounted(struct world *w)
{
	memset(w->firm.staff, 0, sizeof(*w->firm.staff) * (size_t)w->firms);
	memset(w->scratch->reserve, 0, sizeof(int64_t) * (size_t)w->regions);
	w->census.employed = 0;
	for (int64_t n = 0; n < w->people; n++) {
		if (w->worker.employer[n] != NO_FIRM) {
			w->firm.staff[w->worker.employer[n]]++;
			w->census.employed++;
		} else {
			w->scratch->reserve[w->worker.region[n]]++;
		}
	}
}

static inline void invariants_hold(struct world *w, enum phase phase)
{
	struct err e = {0};
	NO_ERROR(money_checked(w, phase_name((int)phase), &e), e);
	NO_ERROR(heads_checked(w, phase_name((int)phase), &e), e);
	NO_ERROR(fault_checked(w, &e), e);
}

static inline double metric(const struct world *w, const char *name)
{
	double row[512];
	int i = metric_by_name(name);

	if (i < 0 || metric_count() > LENGTH(row))
		fail_msg("no metric %s", name);
	metrics_of(&w->census, row);
	return row[i];
}

enum { MAKER, GOODS }; /* the two slots of worked_firm: department I is empty */

/* The worked month of test_phases.c: one firm of department II, ten unskilled people, one owner,
 * no shocks, no AI, all numbers round. The month is one in which the firm does not bargain. */
static inline struct world *worked_firm(void)
{
	struct params p = params_small(10, 2);
	struct world *w;
	struct firms *f;

	p.population.regions = 1;
	p.population.periphery_share = 0.0;
	p.population.initial_employment = 1.0;
	p.population.initial_capital_goods_staff = 0.0;
	p.skills.initial_share = p.skills.gain = 0.0;
	p.production.growth = p.production.shock_sd = 0.0;
	p.labour.match_spread = p.labour.effort_gain = 0.0;
	p.labour.effort_base = 1.0;
	p.households.confidence_sd = 0.0;
	p.automation.payback_spread = 0.0;
	w = world_new(&p, 1, 0, 1);
	f = &w->firm;

	f->alive[MAKER] = 0;
	f->cash[MAKER] = f->loan[MAKER] = 0;
	f->capital[MAKER] = f->inventory[MAKER] = 0.0;
	f->cash[GOODS] = 60000000;
	f->loan[GOODS] = 20000000;
	f->demand[GOODS] = 46000000;
	f->price[GOODS] = w->pub.price = 50000.0;
	f->wage[GOODS] = 3000000.0;
	f->markup[GOODS] = 0.38;
	f->productivity[GOODS] = f->efficiency[GOODS] = 1.0;
	f->demand_expected[GOODS] = f->demand_slow[GOODS] = 900.0;
	f->inventory[GOODS] = 540.0;
	f->capital[GOODS] = 22000.0;
	w->pub.capital_price = 50000.0;
	for (int64_t n = 0; n < w->people; n++)
		w->worker.cash[n] = 6000000;
	w->owner.cash[0] = w->owner.dividends[0] = 17777778; /* of which 0.45 is 8,000,000 */
	w->pub.productivity_real = 5000000.5 / (0.215 * 0.94 * 10.0 * 50000.0); /* purchases */
	money_balanced(w);
	return w;
}

#endif
