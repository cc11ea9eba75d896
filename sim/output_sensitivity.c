/* sensitivity.csv: what the points of a Morris or Saltelli sweep say of its parameters. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/par.h"

enum {
	MAIN_METRICS = 32,
	LESS = 4096,        /* numbers of a baseline at a time */
	ANSWERING = 1 << 21 /* numbers of the questions that are answered at the same time */
};

static int design_open(struct analysis *a, const char *directory, struct err *e)
{
	const struct experiment *x = a->x;
	a->design = x->design;
	if (sweep_analysed(x->sweep.method))
		return design_same(x, directory, e);
	return err_set(e, EXIT_USAGE, "%s: the method of its sweep is %s; sensitivities come from "
		       "a sweep with the method morris or saltelli", directory,
		       sweep_method_name(x->sweep.method));
}

static int comparison_start(struct analysis *a, const char *directory,
			    const struct sensitivity_options *o, struct err *e)
{
	const char *main_ones[MAIN_METRICS];
	struct compare_options c = {
		.baseline = o->baseline, .metrics = o->metrics, .metric_count = o->metric_count,
		.windows = o->windows, .window_count = o->window_count,
	};
	if (!c.baseline)
		c.baseline = a->x->scenarios[a->x->baseline].name;
	if (!c.metric_count) {
		c.metrics = main_ones;
		while (c.metric_count < MAIN_METRICS && main_metric_name(c.metric_count)) {
			main_ones[c.metric_count] = main_metric_name(c.metric_count);
			c.metric_count++;
		}
	}
	return comparison_open(&a->compared, directory, &c, e) ||
	       comparison_load(&a->compared, directory, 0, e) ? -1 : 0;
}

/* The scenario of a name that an option gave; -1 where it gave none. */
static int scenario_find(const struct analysis *a, const char *name, int *scenario, struct err *e)
{
	const struct summary_table *t = a->compared.table;
	const char *near;
	*scenario = -1;
	if (!name)
		return 0;
	for (int i = 0; i < t->scenario_count; i++)
		if (!strcmp(t->scenarios[i], name))
			*scenario = i;
	if (*scenario >= 0)
		return 0;
	near = nearest_word(name, (const char *const *)t->scenarios, t->scenario_count);
	return err_set(e, EXIT_USAGE, "%s: summary.csv has no such scenario%s%s%s", name,
		       near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static void question_add(struct analysis *a, int column, int window, int scenario, int baseline)
{
	a->questions[a->count++] = (struct question){column, window, scenario, baseline};
}

/* Of one metric and window, those the options leave. */
static void questions_add(struct analysis *a, int column, int window, int difference, int level)
{
	const struct comparison *c = &a->compared;
	bool all = difference < 0 && level < 0;
	for (int s = 0; s < c->table->scenario_count; s++) {
		if (all || s == level)
			question_add(a, column, window, s, -1);
		if ((all && s != c->baseline) || s == difference)
			question_add(a, column, window, s, c->baseline);
	}
}

static int questions_ask(struct analysis *a, const struct sensitivity_options *o, struct err *e)
{
	const struct comparison *c = &a->compared;
	int difference, level;
	if (scenario_find(a, o->difference, &difference, e) ||
	    scenario_find(a, o->level, &level, e))
		return -1;
	if (difference == c->baseline)
		return err_set(e, EXIT_USAGE, "%s is the baseline; its difference to itself is 0: "
			       "name another scenario, or another baseline", o->difference);
	MEM_NEW(a->questions, c->column_count * c->window_count * c->table->scenario_count * 2,
		"questions of sensitivity");
	for (int m = 0; m < c->column_count; m++)
		for (int w = 0; w < c->window_count; w++)
			questions_add(a, c->columns[m], c->windows[w], difference, level);
	MEM_NEW(a->answers, a->count, "sensitivities");
	return 0;
}

/* y: rows x replicates; NaN where a run is missing. */
static int outputs_read(const struct analysis *a, const struct question *q, double *y,
			struct err *e)
{
	const struct summary_table *t = a->compared.table;
	int64_t n = t->replicates, points = smaller_i64(a->design->rows, t->points);
	int64_t part = larger_i64(1, LESS / n);
	double *less;
	for (int64_t i = points * n; i < a->design->rows * n; i++)
		y[i] = NAN;
	int failed = summary_cells(t, q->scenario, 0, points, q->window, q->column, y, e);
	MEM_NEW(less, part * n, "the outputs of a baseline");
	for (int64_t at = 0; q->baseline >= 0 && at < points && !failed; at += part) {
		part = smaller_i64(part, points - at);
		failed = summary_cells(t, q->baseline, at, part, q->window, q->column, less, e);
		for (int64_t i = 0; i < part * n; i++)
			y[at * n + i] -= less[i];
	}
	mem_free(less);
	return failed;
}

static void question_answer(void *context, int64_t i)
{
	struct analysis *a = context;
	struct answer *answer = &a->answers[i];
	int64_t replicates = a->compared.table->replicates;
	struct bootstrap b = {.seed = a->x->sweep.seed};
	double *y;
	MEM_NEW(y, a->design->rows * replicates, "the outputs of a design");
	if (outputs_read(a, &a->questions[i], y, &answer->err)) {
		mem_free(y);
		return;
	}
	if (a->design->method == DESIGN_MORRIS) {
		MEM_NEW(answer->effects, a->design->dimensions, "effects");
		MEM_NEW(answer->noise, a->design->dimensions, "effects");
		sensitivity_noise(a->design, y, replicates, answer->noise);
		sensitivity_morris(a->design, y, replicates, &b, answer->effects, &answer->err);
	} else {
		MEM_NEW(answer->indices, a->design->dimensions, "indices");
		sensitivity_sobol(a->design, y, replicates, &b, answer->indices, &answer->err);
	}
	answer->seed = sensitivity_seed(a->design, y, replicates);
	answer->mean = stat_mean(y, a->design->rows * replicates);
	mem_free(y);
}

/* An analysis needs all numbers of its question: many processors must not hold many of them. */
static int answers_at_once(const struct analysis *a)
{
	int64_t numbers = a->design->rows * a->compared.table->replicates;
	return (int)larger_i64(1, smaller_i64(par_cpus(), ANSWERING / numbers));
}

int analysis_open(struct analysis *a, const struct experiment *x, const char *directory,
		  const struct sensitivity_options *o, struct err *e)
{
	*a = (struct analysis){.x = x};
	if (design_open(a, directory, e) || comparison_start(a, directory, o, e) ||
	    questions_ask(a, o, e)) {
		analysis_close(a);
		return -1;
	}
	par_tasks(a->count, answers_at_once(a), question_answer, a);
	for (int i = 0; i < a->count; i++)
		if (a->answers[i].err.code == EXIT_IO) {
			*e = a->answers[i].err;
			analysis_close(a);
			return -1;
		}
	return 0;
}

void analysis_close(struct analysis *a)
{
	for (int i = 0; i < a->count && a->answers; i++) {
		mem_free(a->answers[i].effects);
		mem_free(a->answers[i].noise);
		mem_free(a->answers[i].indices);
	}
	mem_free(a->answers);
	mem_free(a->questions);
	comparison_close(&a->compared);
}

static void number_add(struct text *text, const struct answer *answer, double x)
{
	char number[32];
	number_text(answer->err.code == EXIT_DONE ? x : NAN, number);
	text_add(text, ",%s", number);
}

static void estimate_add(struct text *text, const struct answer *answer, const struct estimate *s)
{
	number_add(text, answer, s->value);
	number_add(text, answer, s->low);
	number_add(text, answer, s->high);
}

static void row_add(const struct analysis *a, int i, int axis, struct text *text)
{
	const struct summary_table *t = a->compared.table;
	const struct question *q = &a->questions[i];
	const struct answer *answer = &a->answers[i];
	text_add(text, "%s,%s,%s,%s,%s", t->columns[q->column], t->windows[q->window],
		 t->scenarios[q->scenario], q->baseline < 0 ? "" : t->scenarios[q->baseline],
		 setting_key(&a->x->sweep.axes[axis].values.items[0]));
	if (answer->effects) {
		estimate_add(text, answer, &answer->effects[axis].mu);
		estimate_add(text, answer, &answer->effects[axis].mu_star);
		estimate_add(text, answer, &answer->effects[axis].sigma);
		number_add(text, answer, answer->noise[axis]);
	} else {
		estimate_add(text, answer, &answer->indices[axis].first);
		estimate_add(text, answer, &answer->indices[axis].total);
	}
	number_add(text, answer, answer->seed.alone);
	number_add(text, answer, answer->seed.total);
	text_add(text, "\n");
}

static int sensitivity_text(const struct experiment *x, const char *directory,
			    const struct sensitivity_options *o, struct text *text, struct err *e)
{
	struct analysis a;
	if (analysis_open(&a, x, directory, o, e))
		return -1;
	struct table table = table_of(x, TABLE_SENSITIVITY);
	table_header(&table, text);
	table_free(&table);
	for (int i = 0; i < a.count; i++)
		for (int axis = 0; axis < a.design->dimensions; axis++)
			row_add(&a, i, axis, text);
	analysis_close(&a);
	return 0;
}

int sensitivity_write(const struct experiment *x, const char *directory, struct err *e)
{
	static const struct sensitivity_options all = {0};
	struct text text = {0};
	int failed = 0;
	if (sweep_analysed(x->sweep.method))
		failed = sensitivity_text(x, directory, &all, &text, e) ||
			 write_text_file(directory, "sensitivity.csv", text.s, e);
	text_free(&text);
	return failed ? -1 : 0;
}

int sensitivity_rows(const struct experiment *x, const char *directory,
		     const struct sensitivity_options *o, FILE *stream, struct err *e)
{
	struct text text = {0};
	int failed = sensitivity_text(x, directory, o, &text, e);
	if (!failed && (fputs(text.s, stream) == EOF || fflush(stream)))
		failed = err_set(e, EXIT_IO, "the sensitivities cannot be written");
	text_free(&text);
	return failed;
}
