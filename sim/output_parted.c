/* When the worlds of two scenarios part. series.csv is in the order of scenario, point, replicate
 * and tick: the rows of a run and those of the baseline's are looked up and read side by side until
 * they differ. What follows is not read. */
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

enum { PIECE = 64 }; /* runs that a thread takes at a time */

struct parting {
	const char *directory;
	const struct summary_table *t;
	int baseline;
	int64_t runs;
	double *tick;
	struct err e; /* the first failure */
};

struct pair { /* of runs, each in a stream of its own */
	struct series_stream own, base;
	bool *labels;
};

struct key {
	const struct summary_table *t;
	int64_t scenario, point, replicate;
};

static int scenario_place(const struct summary_table *t, const char *name)
{
	int i = 0;
	while (i < t->scenario_count && strcmp(t->scenarios[i], name) != 0)
		i++;
	return i;
}

static int order(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

static int key_order(const struct series_stream *row, const void *context)
{
	const struct key *key = context;
	int by = order(scenario_place(key->t, row->scenario), key->scenario);
	if (!by)
		by = order(row->point, key->point);
	return by ? by : order(row->replicate, key->replicate);
}

/* As series_next, within the run. */
static int row_next(struct series_stream *s, const struct key *key, struct err *e)
{
	int got = series_next(s, e);
	return got > 0 && key_order(s, key) ? 0 : got;
}

static int run_find(struct series_stream *s, const struct key *key, struct err *e)
{
	int got = series_find(s, key_order, key, e);
	return got > 0 && key_order(s, key) ? 0 : got;
}

/* Of the ticks that both have. */
static int pair_compare(struct pair *p, const struct key *own, const struct key *base, double *tick,
			struct err *e)
{
	int got = run_find(&p->own, own, e);
	int base_got = got > 0 ? run_find(&p->base, base, e) : got;
	while (got > 0 && base_got > 0) {
		int64_t a = p->own.tick, b = p->base.tick;
		if (a == b && series_first_difference(&p->own, &p->base, p->labels) >= 0) {
			*tick = (double)a;
			return 0;
		}
		if (a <= b)
			got = row_next(&p->own, own, e);
		if (b <= a)
			base_got = row_next(&p->base, base, e);
	}
	return got < 0 || base_got < 0 ? -1 : 0;
}

static struct key key_of(const struct summary_table *t, int64_t run)
{
	int64_t cell = run / t->replicates;
	return (struct key){t, cell / t->points, cell % t->points, run % t->replicates};
}

static int piece_compare(const struct parting *p, struct pair *pair, int64_t piece, struct err *e)
{
	int64_t end = smaller_i64(p->runs, (piece + 1) * PIECE);
	if (series_open(&pair->own, p->directory, e) || series_open(&pair->base, p->directory, e))
		return -1;
	pair->labels = series_labels(&pair->own);
	for (int64_t run = piece * PIECE; run < end; run++) {
		struct key own = key_of(p->t, run), base = own;
		base.scenario = p->baseline;
		if (own.scenario != p->baseline &&
		    pair_compare(pair, &own, &base, &p->tick[run], e))
			return -1;
	}
	return 0;
}

struct failure {
	struct parting *p;
	struct err e;
};

static void failure_note(void *context)
{
	struct failure *f = context;
	if (f->p->e.code == EXIT_DONE)
		f->p->e = f->e;
}

static void piece_do(void *context, int64_t piece)
{
	struct failure f = {.p = context};
	struct pair pair = {0};
	if (piece_compare(f.p, &pair, piece, &f.e))
		par_locked(failure_note, &f);
	series_close(&pair.own);
	series_close(&pair.base);
	mem_free(pair.labels);
}

double *parting_ticks(const char *directory, const struct summary_table *t, int baseline,
		      struct err *e)
{
	struct parting p = {.directory = directory, .t = t, .baseline = baseline};
	p.runs = t->scenario_count * t->points * t->replicates;
	MEM_NEW(p.tick, p.runs + 1, "when worlds part");
	for (int64_t i = 0; i < p.runs; i++)
		p.tick[i] = NAN;
	if (!file_there(directory, "series.csv", NULL) || t->scenario_count < 2)
		return p.tick;
	par_tasks((p.runs + PIECE - 1) / PIECE, par_cpus(), piece_do, &p);
	if (p.e.code == EXIT_DONE)
		return p.tick;
	*e = p.e;
	mem_free(p.tick);
	return NULL;
}
