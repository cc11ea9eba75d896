/* transitions.csv: people followed through the worlds of a scenario and of the baseline, means over
 * the replicates. Two records are in memory at a time. */
#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/transitions.h"

struct following { /* one scenario at one point */
	struct output *o;
	struct outfile file;
	struct record own, base;
	struct transitions sum[WINDOWS]; /* over replicates */
	int64_t pairs;
	double *months_own, *months_base; /* a person's, [window][replicate]; only of pairs */
};

static double months_a_person(int64_t months, int64_t people)
{
	return people > 0 ? (double)months / (double)people : 0;
}

static int pair_add(struct following *f, int64_t run, int64_t base, struct err *e)
{
	const struct experiment *x = f->o->x;
	struct transitions pair[WINDOWS] = {{0}};
	if (output_record(f->o, run, SECTION_TRANSITIONS, &f->own, e) ||
	    output_record(f->o, base, SECTION_TRANSITIONS, &f->base, e))
		return -1;
	if (!transitions_add(f->own.section[SECTION_TRANSITIONS],
			     f->own.length[SECTION_TRANSITIONS],
			     f->base.section[SECTION_TRANSITIONS],
			     f->base.length[SECTION_TRANSITIONS], x->window_count, pair))
		return 0; /* other numbers of people: nobody to follow */
	for (int k = 0; k < x->window_count; k++) {
		int64_t *sum = (int64_t *)&f->sum[k]; /* all its members are */
		const int64_t *add = (const int64_t *)&pair[k];
		for (size_t i = 0; i < sizeof(pair[k]) / sizeof(*sum); i++)
			sum[i] += add[i];
		int64_t place = k * x->replicates + f->pairs;
		f->months_own[place] = months_a_person(pair[k].months_a, pair[k].people);
		f->months_base[place] = months_a_person(pair[k].months_b, pair[k].people);
	}
	f->pairs++;
	return 0;
}

static void number_add(struct text *text, double x)
{
	char number[32];
	number_text(x, number);
	text_add(text, ",%s", number);
}

static void window_row(const struct following *f, int scenario, int64_t point, int k,
		       struct text *text)
{
	const struct experiment *x = f->o->x;
	const struct transitions *t = &f->sum[k];
	const int64_t counts[] = {t->people,        t->held_both,     t->kept_both,
				  t->kept_a_lost_b, t->lost_a_kept_b, t->lost_both};
	struct stat_paired s;
	stat_compare(f->months_own + k * x->replicates, f->months_base + k * x->replicates,
		     f->pairs, &s);
	const double months[] = {s.mean_a, s.mean_b, s.difference, s.ci_low, s.ci_high};
	text_add(text, "%s,%s,%s,%" PRId64 ",%" PRId64, x->windows[k].name,
		 x->scenarios[scenario].name, x->scenarios[x->baseline].name, point, f->pairs);
	for (int i = 0; i < LENGTH(counts); i++)
		number_add(text, (double)counts[i] / (double)f->pairs);
	for (int i = 0; i < LENGTH(months); i++)
		number_add(text, months[i]);
	for (int a = 0; a < MONTH_BINS; a++)
		for (int b = 0; b < MONTH_BINS; b++)
			number_add(text, (double)t->bins[a][b] / (double)f->pairs);
	text_add(text, "\n");
}

static int cell_write(struct following *f, int scenario, int64_t point, struct err *e)
{
	const struct experiment *x = f->o->x;
	struct text text = {0};
	f->pairs = 0;
	memset(f->sum, 0, sizeof(f->sum));
	for (int64_t r = 0; r < x->replicates; r++) {
		int64_t run = (scenario * x->point_count + point) * x->replicates + r;
		int64_t base = (x->baseline * x->point_count + point) * x->replicates + r;
		if (group_done(f->o, run) && pair_add(f, run, base, e))
			return -1;
	}
	for (int k = 0; k < x->window_count && f->pairs > 0; k++)
		window_row(f, scenario, point, k, &text);
	int failed = text.length ? outfile_write(&f->file, text.s, text.length, e) : 0;
	text_free(&text);
	return failed;
}

static int cells_write(struct following *f, struct err *e)
{
	const struct experiment *x = f->o->x;
	struct table t = table_of(x, TABLE_TRANSITIONS);
	struct text header = {0};
	table_header(&t, &header);
	int failed = outfile_open(&f->file, f->o->directory, t.file, e) ||
		     outfile_write(&f->file, header.s, header.length, e);
	for (int s = 0; s < x->scenario_count && !failed; s++)
		for (int64_t p = 0; p < x->point_count && !failed && s != x->baseline; p++)
			failed = cell_write(f, s, p, e);
	text_free(&header);
	table_free(&t);
	return failed ? -1 : outfile_commit(&f->file, e);
}

int transitions_write(struct output *o, struct err *e)
{
	const struct experiment *x = o->x;
	struct following f = {.o = o};
	if (!table_wanted(x, TABLE_TRANSITIONS))
		return 0;
	MEM_NEW(f.months_own, 2 * x->window_count * x->replicates, "people followed");
	f.months_base = f.months_own + x->window_count * x->replicates;
	int failed = cells_write(&f, e);
	outfile_abandon(&f.file);
	record_free(&f.own);
	record_free(&f.base);
	mem_free(f.months_own);
	return failed;
}
