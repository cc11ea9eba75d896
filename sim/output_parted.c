/* When the worlds of two scenarios part. series.csv is in the order of scenario, point, replicate
 * and tick: the block of a scenario and the block of the baseline are read side by side. */
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

struct parting {
	const struct summary_table *t;
	const char *baseline;
	struct series_stream own, base;
	struct series_place base_place; /* of the baseline's first row */
	bool *labels;
	double *tick;
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

/* Under 0 where a's row comes before that of the same run and tick in b, above 0 where after. */
static int rows_order(const struct series_stream *a, const struct series_stream *b)
{
	int by = order(a->point, b->point);
	if (!by)
		by = order(a->replicate, b->replicate);
	return by ? by : order(a->tick, b->tick);
}

static void row_compare(struct parting *p, int scenario)
{
	const struct summary_table *t = p->t;
	const struct series_stream *s = &p->own;
	if (s->point >= t->points || s->replicate >= t->replicates)
		return;
	double *tick = &p->tick[(scenario * t->points + s->point) * t->replicates + s->replicate];
	if (isnan(*tick) && series_first_difference(s, &p->base, p->labels) >= 0)
		*tick = (double)s->tick;
}

/* From the first row of a scenario to the first of the next. */
static int block_compare(struct parting *p, int scenario, struct err *e)
{
	const char *name = p->t->scenarios[scenario];
	int got = 1, base_got = series_seek(&p->base, p->base_place, e);
	if (base_got == 0)
		base_got = series_next(&p->base, e);
	while (got > 0 && base_got >= 0 && !strcmp(p->own.scenario, name)) {
		bool there = base_got > 0 && !strcmp(p->base.scenario, p->baseline);
		int by = there ? rows_order(&p->own, &p->base) : -1;
		if (by == 0)
			row_compare(p, scenario);
		if (by >= 0)
			base_got = series_next(&p->base, e);
		if (by <= 0)
			got = series_next(&p->own, e);
	}
	return base_got < 0 ? -1 : got;
}

static int blocks_compare(struct parting *p, int baseline, struct err *e)
{
	int got = series_next(&p->own, e);
	while (got > 0 && strcmp(p->own.scenario, p->baseline) != 0)
		got = series_next(&p->own, e);
	if (got <= 0)
		return got;
	p->base_place = p->own.at;
	if (series_seek(&p->own, p->own.first_row, e))
		return -1;
	got = series_next(&p->own, e);
	while (got > 0) {
		int scenario = scenario_place(p->t, p->own.scenario);
		if (scenario == baseline || scenario == p->t->scenario_count)
			got = series_next(&p->own, e);
		else
			got = block_compare(p, scenario, e);
	}
	return got;
}

double *parting_ticks(const char *directory, const struct summary_table *t, int baseline,
		      struct err *e)
{
	struct parting p = {.t = t, .baseline = t->scenarios[baseline]};
	int64_t runs = t->scenario_count * t->points * t->replicates;
	int failed = 0;
	MEM_NEW(p.tick, runs + 1, "when worlds part");
	for (int64_t i = 0; i < runs; i++)
		p.tick[i] = NAN;
	if (!file_there(directory, "series.csv", NULL) || t->scenario_count < 2)
		return p.tick;
	failed = series_open(&p.own, directory, e) || series_open(&p.base, directory, e);
	if (!failed) {
		p.labels = series_labels(&p.own);
		failed = blocks_compare(&p, baseline, e) < 0;
	}
	series_close(&p.own);
	series_close(&p.base);
	mem_free(p.labels);
	if (!failed)
		return p.tick;
	mem_free(p.tick);
	return NULL;
}
