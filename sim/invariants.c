#include "ludd/invariants.h"

#include <inttypes.h>

#include "ludd/mem.h"
#include "ludd/scratch.h"

static int64_t sum_of(const struct world *w, const int64_t *x, int64_t n)
{
	struct tally *t = w->scratch->tally;
	int64_t blocks = par_blocks(n), sum = 0;

	PAR_ROWS(b, blocks, n < PAR_LIGHT_ROWS ? 1 : w->threads) {
		int64_t here = 0;
		BLOCK_ROWS(i, b, n)
			here += x[i];
		t[b].money[0] = here;
	}
	for (int64_t b = 0; b < blocks; b++)
		sum += t[b].money[0];
	return sum;
}

struct stocks stocks_counted(const struct world *w)
{
	const struct ledger *l = &w->ledger;
	struct stocks s = {
		.workers = sum_of(w, w->worker.cash, w->people + w->periphery),
		.state = l->state,
		.fund = l->fund,
	};

	s.all = s.workers + sum_of(w, w->owner.cash, w->owners) +
		sum_of(w, w->firm.cash, w->firms) - sum_of(w, w->firm.loan, w->firms) +
		sum_of(w, w->contractor.cash, w->contractors) + l->state + l->bank + l->fund +
		l->pool + w->prepaid.core + w->prepaid.periphery;
	return s;
}

int money_checked(const struct world *w, const char *phase, struct err *e)
{
	struct stocks s = stocks_counted(w);
	return stocks_checked(w, &s, phase, e);
}

int stocks_checked(const struct world *w, const struct stocks *s, const char *phase,
		   struct err *e)
{
	const struct ledger *l = &w->ledger;

	if (l->clearing != 0)
		return err_set(e, EXIT_RUN, "tick %" PRId64 ", after %s: %" PRId64
			       " mills are left in clearing; this is a bug in ludd", w->tick, phase,
			       l->clearing);
	if (s->all != 0)
		return err_set(e, EXIT_RUN,
			       "tick %" PRId64 ", after %s: all accounts add up to %" PRId64
			       " mills instead of 0; this is a bug in ludd",
			       w->tick, phase, s->all);
	return 0;
}

static int staff_compared(const struct world *w, const int64_t *counted, const char *phase,
			  struct err *e)
{
	for (int64_t j = 0; j < w->firms; j++) {
		if (counted[j] != w->firm.staff[j])
			return err_set(e, EXIT_RUN, "tick %" PRId64 ", after %s: firm %" PRId64
				       " has %d staff, but %" PRId64 " people say they work there",
				       w->tick, phase, j, w->firm.staff[j], counted[j]);
		if (w->firm.filled[j] > w->firm.vacancies[j])
			return err_set(e, EXIT_RUN,
				       "tick %" PRId64 ", after %s: firm %" PRId64
				       " filled %d of %d posts",
				       w->tick, phase, j, w->firm.filled[j], w->firm.vacancies[j]);
	}
	return 0;
}

int heads_checked(const struct world *w, const char *phase, struct err *e)
{
	int64_t *counted;
	int result;

	MEM_NEW(counted, w->firms, "heads");
	for (int64_t n = 0; n < w->people; n++)
		if (w->worker.employer[n] != NO_FIRM)
			counted[w->worker.employer[n]]++;
	result = staff_compared(w, counted, phase, e);
	mem_free(counted);
	return result;
}

int kalecki_checked(const struct world *w, const struct stocks *before,
		    const struct stocks *after, struct err *e)
{
	const struct flows *f = &w->census.flow;
	int64_t investment = f->investment + f->data_labour;
	int64_t wages = f->wages + f->wages_periphery;
	int64_t taxes = f->profit_tax + f->training;
	int64_t profits = f->consumption_core + f->consumption_periphery + f->consumption_owners +
			  f->purchases + investment - wages - taxes - f->levy - f->interest;
	int64_t saved = after->workers - before->workers;
	int64_t deficit = before->state - after->state - f->interest_state;
	int64_t sources = f->consumption_owners + investment + deficit -
			  (after->fund - before->fund) - saved - f->interest;

	if (profits != sources)
		return err_set(e, EXIT_RUN,
			       "tick %" PRId64 ": profits of %" PRId64 " mills are not what "
			       "owners' consumption, investment, the deficit and workers' saving "
			       "make them (%" PRId64 "); this is a bug in ludd",
			       w->tick, profits, sources);
	return 0;
}

int fault_checked(const struct world *w, struct err *e)
{
	if (w->fault.agent < 0)
		return 0;
	return err_set(e, EXIT_RUN,
		       "tick %" PRId64 ": %s of agent %" PRId64 " is %g mills, more than an "
		       "account can hold; prices have run away: lower the nominal scale or the "
		       "parameters that drive inflation",
		       w->tick, w->fault.what, w->fault.agent, w->fault.amount);
}
