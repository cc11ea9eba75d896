/* Firms dismiss the people they decided to, chosen by lot among their own staff; others quit
 * into the reserve army (P2a, P2b, E25). Writes workers' employer and firms' staff. */
#include "ludd/phases.h"
#include "ludd/scratch.h"

static void worker_leaves(struct world *w, int64_t n)
{
	w->worker.employer[n] = NO_FIRM;
	w->worker.spell[n] = 0;
	par_add(&w->scratch->separated[w->worker.region[n]], 1, w->threads);
}

/* Lists the staff of every firm that dismisses: places by prefix sum of staff, chosen by lot
 * after. */
static int64_t staff_lists_begin(struct world *w)
{
	struct scratch *s = w->scratch;
	int64_t total = 0;

	for (int64_t j = 0; j < w->firms; j++) {
		s->first[j] = s->next[j] = total;
		total += w->firm.layoffs[j] ? w->firm.staff[j] : 0;
	}
	s->first[w->firms] = total;
	scratch_list_reserve(s, total);
	return total;
}

static void staff_listed(struct world *w)
{
	struct scratch *s = w->scratch;
	struct rng_key key = rng_key(w->seed, DRAW_layoff, w->tick);

	PAR_ROWS(n, w->people, w->threads) {
		uint32_t j = w->worker.employer[n];
		if (j != NO_FIRM && w->firm.layoffs[j]) {
			int64_t place = par_take(&s->next[j], w->threads);
			s->list[place] = (uint64_t)rng_first(key, (uint64_t)n) << 32 | (uint64_t)n;
		}
	}
}

static void staff_dismissed(struct world *w)
{
	struct scratch *s = w->scratch;

	PAR_BLOCKS(b, w->firms, w->threads) {
		int64_t dismissed = 0;
		BLOCK_ROWS(j, b, w->firms) {
			int32_t out = w->firm.layoffs[j];
			if (!out)
				continue;
			select_keys(&s->list[s->first[j]], s->first[j + 1] - s->first[j], out);
			for (int32_t i = 0; i < out; i++)
				worker_leaves(w, (int64_t)(uint32_t)s->list[s->first[j] + i]);
			w->firm.staff[j] -= out;
			dismissed += out;
		}
		s->tally[b] = (struct tally){.count = {dismissed}};
	}
	w->census.head.layoffs += tally_sum(s->tally, par_blocks(w->firms)).count[0];
}

/* E25: quits into unemployment, more where work is monitored. */
static void people_quit(struct world *w)
{
	const struct params *p = &w->par;
	const double *monitored = w->firm.surveillance;
	struct rng_key key = rng_key(w->seed, DRAW_quit, w->tick);
	double rate = p->labour.quit_rate * 0x1p32, more = p->labour.surveillance_quits;

	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t quits = 0;
		BLOCK_ROWS(n, b, w->people) {
			uint32_t j = w->worker.employer[n];
			if (j == NO_FIRM ||
			    rng_first(key, (uint64_t)n) >= rate * (1.0 + more * monitored[j]))
				continue;
			worker_leaves(w, n);
			par_add_i32(&w->firm.staff[j], -1, w->threads);
			quits++;
		}
		w->scratch->tally[b] = (struct tally){.count = {quits}};
	}
	w->census.head.quits += tally_sum(w->scratch->tally, par_blocks(w->people)).count[0];
}

void layoffs_happen(struct world *w)
{
	if (staff_lists_begin(w)) {
		staff_listed(w);
		staff_dismissed(w);
	}
	people_quit(w);
}
