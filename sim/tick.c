/* The model. Read this first, then the phase files it names, in order. */
#include "ludd/tick.h"

#include <string.h>

#include "ludd/invariants.h"
#include "ludd/par.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

int phase_count(void)
{
	return PHASE_COUNT;
}

const char *phase_name(int i)
{
	static const char *const names[] = {
#define PHASE(name) #name,
#include "ludd/phases.def"
	};
	return names[i];
}

/* What the month starts from: empty flows, the heads of last month, and the stocks it ended with:
 * they are counted again only where there was none. */
struct stocks tick_begin(struct world *w)
{
	struct stocks before = w->stocks_tick == w->tick ? w->stocks : stocks_counted(w);
	struct census *c = &w->census;
	int64_t employed = c->employed;

	memset(c, 0, sizeof(*c));
	c->employed = employed;
	c->head.posts_before = employed;
	c->head.reserve_at_start = w->people - employed;
	memset(w->scratch->separated, 0, sizeof(int64_t) * (size_t)w->regions);
	memset(w->scratch->hired, 0, sizeof(int64_t) * (size_t)w->regions);
	return before;
}

int tick_end(struct world *w, const struct stocks *before, struct err *e)
{
	w->stocks = stocks_counted(w);
	if (stocks_checked(w, &w->stocks, "the tick", e) ||
	    kalecki_checked(w, before, &w->stocks, e))
		return -1;
	w->stocks_tick = ++w->tick;
	return 0;
}

/* After each step: its time and state hash where wanted; in checked builds, the invariants. */
static int step_ended(struct world *w, enum phase phase, double started, struct err *e)
{
	if (w->timing)
		w->phase_seconds[phase] += par_clock() - started;
	if (w->hashing)
		w->phase_hash[phase] = world_hash(w);
#ifdef LUDD_CHECKED
	if (money_checked(w, phase_name((int)phase), e) ||
	    heads_checked(w, phase_name((int)phase), e))
		return -1;
#endif
	return fault_checked(w, e);
}

#define STEP(phase)                                                     \
	do {                                                            \
		double started = w->timing ? par_clock() : 0.0;         \
		phase(w);                                               \
		if (step_ended(w, PHASE_##phase, started, e))           \
			return -1;                                      \
	} while (0)

/* One month, in causal order: each step sees what the ones above it left. The order is the
 * model. */
int tick(struct world *w, struct err *e)
{
	struct stocks before = tick_begin(w);

	STEP(frontier_advances);    /* machines become able to do more tasks                 */
	STEP(firms_expect);         /* demand seen, productivity shocks, effort              */
	STEP(policies_decide);      /* a firm with new machines decides who gets the gain    */
	STEP(firms_plan);           /* price, wage, output, labour needed                    */
	STEP(firms_invest);         /* automate? order machines, borrow                      */
	STEP(layoffs_happen);       /* posts cut, quits: people join the reserve army        */
	STEP(vacancies_open);       /* posts to fill                                         */
	STEP(applications_clear);   /* the reserve searches, firms choose, people accept     */
	STEP(periphery_hires);      /* the hidden labour behind the machines                 */
	STEP(wages_paid);           /* pay, taxes, benefits; sellers compared, goods ordered */
	STEP(goods_made);           /* output                                                */
	STEP(households_buy);       /* shortages shared, second sellers found                */
	STEP(machines_delivered);   /* investment goods bought, data labour paid             */
	STEP(accounts_close);       /* interest, taxes, dividends: to the mill               */
	STEP(firms_exit_and_enter); /* bankruptcies and new firms                            */
	STEP(state_published);      /* what everybody will know next month                   */
	STEP(census_taken);         /* the only input of the metrics                         */
	return tick_end(w, &before, e);
}

int tick_phase(struct world *w, int phase, struct err *e)
{
	static void (*const steps[])(struct world *) = {
#define PHASE(name) name,
#include "ludd/phases.def"
	};
	double started = w->timing ? par_clock() : 0.0;

	steps[phase](w);
	return step_ended(w, (enum phase)phase, started, e);
}
