/* The ranking of a sweep's parameters, for a terminal. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

enum { CELL = 9 };

struct ranked {
	const char *key;
	double by;  /* what it is ranked by */
	int axis;
};

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;
	if (a->by != b->by)
		return a->by < b->by ? 1 : -1;
	return a->axis - b->axis;
}

static struct ranked *ranking_new(const struct analysis *a, const struct answer *answer)
{
	struct ranked *r;
	MEM_NEW(r, a->design->dimensions, "a ranking");
	for (int i = 0; i < a->design->dimensions; i++) {
		r[i].key = setting_key(&a->x->sweep.axes[i].values.items[0]);
		r[i].axis = i;
		r[i].by = answer->effects ? answer->effects[i].mu_star.value
					  : answer->indices[i].total.value;
	}
	qsort(r, (size_t)a->design->dimensions, sizeof(*r), ranked_compare);
	return r;
}

/* Shares are shown in percent, their differences and effects in points. */
static bool metric_percent(const char *name)
{
	int metric = metric_by_name(name);
	const char *unit = metric >= 0 ? metric_at(metric)->unit : "";
	return !strncmp(unit, "share", 5) || !strcmp(name, "unemployment_peak");
}

/* A number of about four digits, with a dot in every locale. */
static void number_show(char text[32], double x, double largest)
{
	int decimals = largest < 10 ? 3 : largest < 100 ? 2 : largest < 1000 ? 1 : 0;
	snprintf(text, 32, "%.*f", decimals, x + 0.0);
	for (char *s = text; *s; s++)
		if (*s == ',')
			*s = '.';
}

static void cell_print(FILE *stream, double x, double largest)
{
	char text[32];
	number_show(text, x, largest);
	fprintf(stream, "%*s", CELL, isnan(x) ? "-" : text);
}

static void estimate_print(FILE *stream, const struct estimate *s, double scale, double largest)
{
	char low[32], high[32];
	number_show(low, scale * s->low, largest);
	number_show(high, scale * s->high, largest);
	cell_print(stream, scale * s->value, largest);
	fprintf(stream, " [%*s, %*s]", CELL - 2, low, CELL - 2, high);
}

static int keys_width(const struct analysis *a)
{
	size_t width = strlen("parameter");
	for (int i = 0; i < a->design->dimensions; i++) {
		size_t length = strlen(setting_key(&a->x->sweep.axes[i].values.items[0]));
		width = length > width ? length : width;
	}
	return (int)width;
}

static void morris_print(const struct analysis *a, const struct answer *answer, double scale,
			 FILE *stream)
{
	struct ranked *r = ranking_new(a, answer);
	double largest = scale * r[0].by;
	fprintf(stream, "      %-*s%*s %-*s%*s%*s%*s\n", keys_width(a), "parameter", CELL, "mu*",
		2 * CELL, " 95 % interval", CELL, "mu", CELL, "sigma", CELL, "noise");
	for (int i = 0; i < a->design->dimensions; i++) {
		const struct morris_effect *m = &answer->effects[r[i].axis];
		double noise = answer->noise[r[i].axis];
		bool clear = m->mu_star.low > noise;
		fprintf(stream, "%4d%s %-*s", i + 1, clear ? "*" : " ", keys_width(a), r[i].key);
		estimate_print(stream, &m->mu_star, scale, largest);
		cell_print(stream, scale * m->mu.value, largest);
		cell_print(stream, scale * m->sigma.value, largest);
		cell_print(stream, scale * noise, largest);
		fprintf(stream, "\n");
	}
	mem_free(r);
}

static void sobol_print(const struct analysis *a, const struct answer *answer, FILE *stream)
{
	struct ranked *r = ranking_new(a, answer);
	fprintf(stream, "      %-*s%*s %-*s%*s %-*s\n", keys_width(a), "parameter", CELL, "total",
		2 * CELL, " 95 % interval", CELL, "first", 2 * CELL, " 95 % interval");
	for (int i = 0; i < a->design->dimensions; i++) {
		const struct sobol_index *s = &answer->indices[r[i].axis];
		bool clear = s->total.low > 0;
		fprintf(stream, "%4d%s %-*s", i + 1, clear ? "*" : " ", keys_width(a), r[i].key);
		estimate_print(stream, &s->total, 1, 1);
		estimate_print(stream, &s->first, 1, 1);
		fprintf(stream, "\n");
	}
	mem_free(r);
}

static void answer_print(const struct analysis *a, int i, FILE *stream)
{
	const struct summary_table *t = a->compared.table;
	const struct question *q = &a->questions[i];
	const struct answer *answer = &a->answers[i];
	double scale = metric_percent(t->columns[q->column]) ? 100 : 1;
	char mean[32];
	fprintf(stream, "\n%s, %s: %s", t->columns[q->column], t->windows[q->window],
		t->scenarios[q->scenario]);
	if (q->baseline >= 0)
		fprintf(stream, " less %s", t->scenarios[q->baseline]);
	if (answer->err.code != EXIT_DONE) {
		fprintf(stream, "\n      unknown: %s\n", answer->err.text);
		return;
	}
	number_show(mean, scale * answer->mean, scale * fabs(answer->mean));
	fprintf(stream, " (mean %s%s)\n", mean,
		scale < 100 ? "" : q->baseline < 0 ? " %" : " points");
	if (answer->effects)
		morris_print(a, answer, scale, stream);
	else
		sobol_print(a, answer, stream);
	if (!isnan(answer->seed.alone))
		fprintf(stream, "      the seed makes %.0f %% of the variance, with what it does "
			"together with parameters %.0f %%\n", 100 * answer->seed.alone,
			100 * answer->seed.total);
}

static void heading_print(const struct analysis *a, FILE *stream)
{
	const struct design *d = a->design;
	int64_t replicates = a->compared.table->replicates;
	fprintf(stream, "%s: %s, %" PRId64 " %s of %d parameters, %" PRId64 " points, %" PRId64
		" replicate%s each\n", a->x->name, sweep_method_name(a->x->sweep.method),
		d->blocks, d->method == DESIGN_MORRIS ? "trajectories" : "base points",
		d->dimensions, d->rows, replicates, replicates > 1 ? "s" : "");
}

static const char morris_closing[] =
"\nmu*: mean absolute effect of moving a parameter over its range; mu: mean effect; sigma:\n"
"standard deviation of the effects; noise: mu* of a parameter that only shifts random draws;\n"
"*: the whole interval of mu* lies above the noise. Effects on shares are in points.\n";
static const char sobol_closing[] =
"\ntotal: share of the variance that would be left if all but this parameter were fixed; first:\n"
"share that fixing it alone would remove; * the interval of total lies above 0.\n";

int sensitivity_print(const struct experiment *x, const char *directory,
		      const struct sensitivity_options *o, FILE *stream, struct err *e)
{
	const char *first = main_metric_name(0);
	struct sensitivity_options chosen = *o;
	struct analysis a;
	if (!chosen.metric_count) {
		chosen.metrics = &first;
		chosen.metric_count = 1;
	}
	if (analysis_open(&a, x, directory, &chosen, e))
		return -1;
	heading_print(&a, stream);
	for (int i = 0; i < a.count; i++) {
		bool asked = o->difference || o->level || x->scenario_count == 1;
		if (asked || a.questions[i].baseline >= 0)
			answer_print(&a, i, stream);
	}
	fputs(a.design->method == DESIGN_MORRIS ? morris_closing : sobol_closing, stream);
	analysis_close(&a);
	if (fflush(stream) || ferror(stream))
		return err_set(e, EXIT_IO, "the ranking cannot be written");
	return 0;
}
