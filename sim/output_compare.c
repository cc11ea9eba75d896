/* compare.csv: paired differences to a baseline, from what the directory holds. Memory holds the
 * rows of some points at a time and, of each run, the tick at which it parts (8 bytes). */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

static void number_add(struct text *text, double x)
{
	char number[32];
	number_text(x, number);
	text_add(text, ",%s", number);
}

static void numbers_add(struct text *text, const double *numbers, int count)
{
	for (int i = 0; i < count; i++)
		number_add(text, numbers[i]);
}

enum {
	WAITING = 64,          /* rows: see stat_resample_begin */
	CHUNK = CELLS_HELD / 32 /* numbers of a column read at once, unless a cell has more */
};

struct row {
	int column, window, scenario;
	int64_t point;
	struct stat_paired s;
	struct stat_resampled d;
};

struct rows { /* what the rows of compare.csv share */
	const struct comparison *c;
	const double *parted; /* as parting_ticks gives them */
	double *room;         /* replicates */
	double *own, *base;   /* a chunk of points, by replicate */
	struct stat_draws draws;
	struct row waiting[WAITING];
	int count;
	struct text text;
	struct outfile *file; /* or */
	FILE *stream;
};

/* The first and the median tick at which the replicates part. */
static void parting_add(struct rows *r, int scenario, int64_t point)
{
	const double never = 1e15;
	const struct summary_table *t = r->c->table;
	const double *tick = &r->parted[(scenario * t->points + point) * t->replicates];
	double ends[2];
	for (int64_t i = 0; i < t->replicates; i++)
		r->room[i] = isnan(tick[i]) ? never : tick[i];
	ends[1] = stat_quantile(r->room, t->replicates, 0.5);
	ends[0] = r->room[0];
	for (int i = 0; i < 2; i++)
		number_add(&r->text, ends[i] > TICKS_MOST ? NAN : ends[i]);
}

static void row_add(struct rows *r, const struct row *row)
{
	const struct summary_table *t = r->c->table;
	const struct stat_paired *s = &row->s;
	const struct stat_resampled *d = &row->d;
	struct text *text = &r->text;
	const double numbers[] = {s->mean_a,      s->mean_b,        s->difference, s->ci_low,
				  s->ci_high,     s->p10,           s->p50,        s->p90,
				  s->correlation, s->variance_ratio};
	const double more[] = {d->boot_low, d->boot_high, s->reduction, s->a10, s->a50,
			       s->a90,      s->b10,       s->b50,       s->b90, d->dip,
			       d->dip_chance, d->a_dip,   d->a_dip_chance};
	text_add(text, "%s,%s,%s,%s,%" PRId64, t->columns[row->column], t->windows[row->window],
		 t->scenarios[row->scenario], t->scenarios[r->c->baseline], s->n);
	numbers_add(text, numbers, LENGTH(numbers));
	text_add(text, ",%" PRId64, row->point);
	numbers_add(text, more, LENGTH(more));
	text_add(text, ",%d", d->dip_chance < BIMODAL || d->a_dip_chance < BIMODAL);
	parting_add(r, row->scenario, row->point);
	text_add(text, "\n");
}

static int text_write(struct rows *r, struct err *e)
{
	int failed = 0;
	if (r->file)
		failed = outfile_write(r->file, r->text.s, r->text.length, e);
	else if (fwrite(r->text.s, 1, r->text.length, r->stream) != r->text.length)
		failed = err_set(e, EXIT_IO, "the comparison cannot be written");
	r->text.length = 0;
	return failed;
}

static int waiting_write(struct rows *r, struct err *e)
{
	stat_resample_finish(&r->draws);
	for (int i = 0; i < r->count; i++)
		row_add(r, &r->waiting[i]);
	int failed = r->count ? text_write(r, e) : 0;
	r->count = 0;
	return failed;
}

static int row_begin(struct rows *r, int column, int window, int scenario, int64_t point,
		     const double *own, const double *base, struct err *e)
{
	int64_t replicates = r->c->table->replicates;
	if (r->count == WAITING && waiting_write(r, e))
		return -1;
	struct row *row = &r->waiting[r->count++];
	*row = (struct row){.column = column, .window = window, .scenario = scenario,
			    .point = point};
	stat_compare(own, base, replicates, &row->s);
	stat_resample_begin(own, base, replicates, &r->draws, &row->d);
	return 0;
}

static int64_t chunk_points(const struct summary_table *t)
{
	return smaller_i64(t->points, larger_i64(1, CHUNK / t->replicates));
}

/* Of one metric, window and scenario. */
static int points_compare(struct rows *r, int column, int window, int scenario, struct err *e)
{
	const struct summary_table *t = r->c->table;
	int64_t n = t->replicates;
	for (int64_t first = 0, points; first < t->points; first += points) {
		points = smaller_i64(chunk_points(t), t->points - first);
		if (summary_cells(t, scenario, first, points, window, column, r->own, e) ||
		    summary_cells(t, r->c->baseline, first, points, window, column, r->base, e))
			return -1;
		for (int64_t i = 0; i < points; i++)
			if (row_begin(r, column, window, scenario, first + i, r->own + i * n,
				      r->base + i * n, e))
				return -1;
	}
	return 0;
}

static int all_compare(struct rows *r, struct err *e)
{
	const struct comparison *c = r->c;
	struct table table = table_of(NULL, TABLE_COMPARE);
	table_header(&table, &r->text);
	table_free(&table);
	if (text_write(r, e))
		return -1;
	for (int m = 0; m < c->column_count; m++)
		for (int w = 0; w < c->window_count; w++)
			for (int s = 0; s < c->table->scenario_count; s++)
				if (s != c->baseline &&
				    points_compare(r, c->columns[m], c->windows[w], s, e))
					return -1;
	return waiting_write(r, e);
}

static int rows_write(struct rows *r, const struct comparison *c, double *parted, struct err *e)
{
	int64_t numbers = chunk_points(c->table) * c->table->replicates;
	r->c = c;
	r->parted = parted;
	r->draws.threads = par_cpus();
	MEM_NEW(r->room, c->table->replicates, "a comparison");
	MEM_NEW(r->own, 2 * numbers, "a comparison");
	r->base = r->own + numbers;
	int failed = all_compare(r, e);
	mem_free(r->room);
	mem_free(r->own);
	stat_draws_free(&r->draws);
	text_free(&r->text);
	return failed;
}

/* To the file or the stream of r. */
static int comparison_write(struct rows *r, const char *directory, const struct compare_options *o,
			    struct err *e)
{
	struct comparison c;
	double *parted = NULL;
	if (comparison_open(&c, directory, o, e))
		return -1;
	int failed = comparison_load(&c, directory, 0, e) ||
		     !(parted = parting_ticks(directory, c.table, c.baseline, e)) ||
		     rows_write(r, &c, parted, e);
	mem_free(parted);
	comparison_close(&c);
	return failed ? -1 : 0;
}

int compare_write(const char *directory, const struct compare_options *o, struct err *e)
{
	struct outfile file = {0};
	struct rows r = {.file = &file};
	int failed = outfile_open(&file, directory, "compare.csv", e) ||
		     comparison_write(&r, directory, o, e) || outfile_commit(&file, e);
	outfile_abandon(&file);
	return failed ? -1 : 0;
}

int compare_rows(const char *directory, const struct compare_options *o, FILE *stream,
		 struct err *e)
{
	struct rows r = {.stream = stream};
	int failed = comparison_write(&r, directory, o, e);
	if (!failed && fflush(stream))
		failed = err_set(e, EXIT_IO, "the comparison cannot be written");
	return failed;
}
