/* compare.csv: paired differences to a baseline, from what the directory holds. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

/* The positions of the chosen names; all of them where none is chosen. */
static int names_find(char *const *names, int count, const char *const *chosen, int chosen_count,
		      const char *what, int **places, struct err *e)
{
	int n = chosen_count > 0 ? chosen_count : count;
	MEM_NEW(*places, n, "the choice of a comparison");
	for (int i = 0; i < n; i++) {
		int at = 0;
		while (chosen_count > 0 && at < count && strcmp(names[at], chosen[i]))
			at++;
		if (at == count) {
			const char *near =
				nearest_word(chosen[i], (const char *const *)names, count);
			return err_set(e, EXIT_USAGE, "%s: summary.csv has no such %s%s%s%s",
				       chosen[i], what, near ? " (did you mean " : "",
				       near ? near : "", near ? "?)" : "");
		}
		(*places)[i] = chosen_count > 0 ? at : i;
	}
	return n;
}

static struct json_doc *experiment_doc(const char *directory, struct problems *problems)
{
	char *path = mem_format("%s/experiment.json", directory);
	struct json_doc *d = NULL;
	if (file_there(directory, "experiment.json", NULL))
		d = json_read(path, problems);
	else
		problem_add(problems, "%s is missing", path);
	mem_free(path);
	return d;
}

const cJSON *comparison_fact(const struct comparison *c, const char *key)
{
	return c->experiment ? cJSON_GetObjectItemCaseSensitive(json_root(c->experiment), key)
			     : NULL;
}

static int baseline_find(struct comparison *c, const char *name, const struct problems *problems,
			 struct err *e)
{
	int *place;
	const struct summary_table *t = c->table;
	if (!name)
		name = cJSON_GetStringValue(comparison_fact(c, "baseline"));
	if (!name)
		return err_set(e, EXIT_USAGE,
			       "the baseline is unknown%s%s; name it with --baseline",
			       problems->count > 0 ? ": " : "",
			       problems->count > 0 ? problems->items[0].text : "");
	int failed =
		names_find(t->scenarios, t->scenario_count, &name, 1, "scenario", &place, e) < 0;
	c->baseline = place[0];
	mem_free(place);
	return failed ? -1 : 0;
}

int comparison_open(struct comparison *c, const char *directory, const struct compare_options *o,
		    struct err *e)
{
	static const struct compare_options all = {0};
	struct problems problems = {0};
	*c = (struct comparison){.table = summary_read(directory, e)};
	const struct summary_table *t = c->table;
	if (!t)
		return -1;
	if (!o)
		o = &all;
	c->experiment = experiment_doc(directory, &problems);
	int failed = baseline_find(c, o->baseline, &problems, e);
	problems_free(&problems);
	if (!failed) {
		c->column_count = names_find(t->columns, t->column_count, o->metrics,
					     o->metric_count, "metric", &c->columns, e);
		failed = c->column_count < 0;
	}
	if (!failed) {
		c->window_count = names_find(t->windows, t->window_count, o->windows,
					     o->window_count, "window", &c->windows, e);
		failed = c->window_count < 0;
	}
	if (failed)
		comparison_close(c);
	return failed ? -1 : 0;
}

void comparison_close(struct comparison *c)
{
	summary_table_free(c->table);
	json_free(c->experiment);
	mem_free(c->columns);
	mem_free(c->windows);
	*c = (struct comparison){0};
}

void comparison_cell(const struct comparison *c, int scenario, int64_t point, int window,
		     int column, struct stat_paired *out)
{
	const struct summary_table *t = c->table;
	stat_compare(summary_cell(t, scenario, point, window, column),
		     summary_cell(t, c->baseline, point, window, column), t->replicates, out);
}

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

struct rows { /* what the rows of compare.csv share */
	const struct comparison *c;
	const double *parted; /* as parting_ticks gives them */
	double *room;         /* replicates */
	struct stat_draws draws;
};

/* The first and the median tick at which the replicates part. */
static void parting_add(const struct rows *r, int scenario, int64_t point, struct text *text)
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
		number_add(text, ends[i] > TICKS_MOST ? NAN : ends[i]);
}

static void row_add(struct rows *r, int column, int window, int scenario, int64_t point,
		    struct text *text)
{
	const struct summary_table *t = r->c->table;
	const double *own = summary_cell(t, scenario, point, window, column);
	const double *base = summary_cell(t, r->c->baseline, point, window, column);
	struct stat_paired s;
	struct stat_resampled d;
	stat_compare(own, base, t->replicates, &s);
	stat_resample(own, base, t->replicates, &r->draws, &d);
	const double numbers[] = {s.mean_a,      s.mean_b,        s.difference, s.ci_low,
				  s.ci_high,     s.p10,           s.p50,        s.p90,
				  s.correlation, s.variance_ratio};
	const double more[] = {d.boot_low, d.boot_high, s.reduction, s.a10, s.a50,
			       s.a90,      s.b10,       s.b50,       s.b90, d.dip,
			       d.dip_chance, d.a_dip,   d.a_dip_chance};
	text_add(text, "%s,%s,%s,%s,%" PRId64, t->columns[column], t->windows[window],
		 t->scenarios[scenario], t->scenarios[r->c->baseline], s.n);
	numbers_add(text, numbers, LENGTH(numbers));
	text_add(text, ",%" PRId64, point);
	numbers_add(text, more, LENGTH(more));
	text_add(text, ",%d", d.dip_chance < BIMODAL || d.a_dip_chance < BIMODAL);
	parting_add(r, scenario, point, text);
	text_add(text, "\n");
}

static void rows_add(struct rows *r, struct text *text)
{
	const struct comparison *c = r->c;
	for (int m = 0; m < c->column_count; m++)
		for (int w = 0; w < c->window_count; w++)
			for (int s = 0; s < c->table->scenario_count; s++)
				for (int64_t p = 0; p < c->table->points && s != c->baseline; p++)
					row_add(r, c->columns[m], c->windows[w], s, p, text);
}

static int comparison_text(const char *directory, const struct compare_options *o,
			   struct text *text, struct err *e)
{
	struct comparison c;
	if (comparison_open(&c, directory, o, e))
		return -1;
	double *parted = parting_ticks(directory, c.table, c.baseline, e);
	if (parted) {
		struct rows r = {.c = &c, .parted = parted};
		struct table table = table_of(NULL, TABLE_COMPARE);
		MEM_NEW(r.room, c.table->replicates, "a comparison");
		table_header(&table, text);
		table_free(&table);
		rows_add(&r, text);
		mem_free(r.room);
		stat_draws_free(&r.draws);
	}
	mem_free(parted);
	comparison_close(&c);
	return parted ? 0 : -1;
}

int compare_write(const char *directory, const struct compare_options *o, struct err *e)
{
	struct text text = {0};
	int failed = comparison_text(directory, o, &text, e) ||
		     write_text_file(directory, "compare.csv", text.s, e);
	text_free(&text);
	return failed ? -1 : 0;
}

int compare_rows(const char *directory, const struct compare_options *o, FILE *stream,
		 struct err *e)
{
	struct text text = {0};
	int failed = comparison_text(directory, o, &text, e);
	if (!failed && (fputs(text.s, stream) == EOF || fflush(stream)))
		failed = err_set(e, EXIT_IO, "the comparison cannot be written");
	text_free(&text);
	return failed;
}
