/* Window means of every run. A run also counts the months in which unemployment is more than a
 * point above the baseline's; the two may finish in any order, so the one that is first keeps its
 * series. */
#include <inttypes.h>
#include <math.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"
#include "ludd/statistics.h"

#define HIGH_UNEMPLOYMENT 0.01 /* share of the labour force above the baseline */

struct kept_run {
	bool done;
	double *mean, *peak;  /* [window][metric], [window] */
	int64_t *high_months; /* [window] */
	double *unemployment; /* by row; NULL when no longer needed */
	int64_t rows, first_tick, step; /* step: ticks from row to row */
};

struct summary {
	const struct experiment *x;
	struct kept_run *runs;
};

struct summary *summary_new(const struct experiment *x)
{
	struct summary *s;
	MEM_NEW(s, 1, "the summary");
	MEM_NEW(s->runs, x->run_count, "the summary");
	s->x = x;
	return s;
}

static void unemployment_drop(struct kept_run *k)
{
	mem_free(k->unemployment);
	k->unemployment = NULL;
}

void summary_free(struct summary *s)
{
	for (int64_t i = 0; i < s->x->run_count; i++) {
		mem_free(s->runs[i].mean);
		mem_free(s->runs[i].peak);
		mem_free(s->runs[i].high_months);
		unemployment_drop(&s->runs[i]);
	}
	mem_free(s->runs);
	mem_free(s);
}

static bool inside(const struct window *w, int64_t tick)
{
	return tick >= w->first && tick <= w->last;
}

/* A metric's mean over the window's ticks, those left out in which it was not computed. */
static double window_mean(const struct window *w, const struct run_result *r, int metric,
			  double *room)
{
	int64_t n = 0;
	for (int64_t i = 0; i < r->rows; i++) {
		double x = r->series[i * metric_count() + metric];
		if (inside(w, r->ticks[i]) && !isnan(x))
			room[n++] = x;
	}
	return stat_mean(room, n);
}

static void run_keep(struct kept_run *k, const struct experiment *x, const struct run_result *r)
{
	int metrics = metric_count(), unemployment = metric_by_name("unemployment_rate");
	double *room;
	MEM_NEW(room, r->rows + 1, "a summary");
	MEM_NEW(k->mean, x->window_count * metrics, "a summary");
	MEM_NEW(k->peak, x->window_count, "a summary");
	MEM_NEW(k->high_months, x->window_count, "a summary");
	MEM_NEW(k->unemployment, r->rows + 1, "a summary");
	k->rows = r->rows;
	k->first_tick = r->rows > 0 ? r->ticks[0] : 0;
	k->step = r->rows > 1 ? r->ticks[1] - r->ticks[0] : 1;
	for (int64_t i = 0; i < r->rows; i++)
		k->unemployment[i] = r->series[i * metrics + unemployment];
	for (int w = 0; w < x->window_count; w++) {
		for (int m = 0; m < metrics; m++)
			k->mean[w * metrics + m] = window_mean(&x->windows[w], r, m, room);
		k->peak[w] = NAN;
		for (int64_t i = 0; i < r->rows; i++)
			if (inside(&x->windows[w], r->ticks[i]))
				k->peak[w] = fmax(k->peak[w], k->unemployment[i]);
	}
	k->done = true;
	mem_free(room);
}

/* A row stands for the months to the next one. */
static void high_months_count(const struct experiment *x, struct kept_run *k,
			      const struct kept_run *base)
{
	for (int w = 0; w < x->window_count; w++)
		for (int64_t i = 0; i < smaller_i64(k->rows, base->rows); i++)
			if (inside(&x->windows[w], k->first_tick + i * k->step) &&
			    k->unemployment[i] > base->unemployment[i] + HIGH_UNEMPLOYMENT)
				k->high_months[w] += k->step;
}

void summary_add(struct summary *s, const struct run_result *r)
{
	const struct experiment *x = s->x;
	int64_t apart = x->point_count * x->replicates; /* runs between scenarios */
	struct kept_run *group = &s->runs[r->id.point * x->replicates + r->id.replicate];
	struct kept_run *base = &group[x->baseline * apart];
	int done = 0;
	run_keep(&s->runs[r->id.run], x, r);
	for (int i = 0; i < x->scenario_count; i++) {
		struct kept_run *k = &group[i * apart];
		done += k->done;
		if (k != base && base->done && k->unemployment) {
			high_months_count(x, k, base);
			unemployment_drop(k);
		}
	}
	if (done == x->scenario_count)
		unemployment_drop(base);
}

void summary_rows(const struct summary *s, struct text *text)
{
	const struct experiment *x = s->x;
	int metrics = metric_count();
	char number[32];
	for (int64_t run = 0; run < x->run_count; run++) {
		struct run_id id = experiment_run(x, run);
		const struct kept_run *k = &s->runs[run];
		for (int w = 0; w < x->window_count; w++) {
			text_add(text, "%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRIu64 ",%s", run,
				 x->scenarios[id.scenario].name, id.point, id.replicate, id.seed,
				 x->windows[w].name);
			for (int m = 0; m < metrics; m++) {
				number_text(k->mean[w * metrics + m], number);
				text_add(text, ",%s", number);
			}
			number_text(k->peak[w], number);
			text_add(text, ",%s,%" PRId64 "\n", number, k->high_months[w]);
		}
	}
}
