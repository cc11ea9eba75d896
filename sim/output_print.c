/* The result table for a terminal: means by scenario, then paired differences to the baseline. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

enum {
	LINE = 80, LABEL = 23, LABEL_MAX = 40, /* columns of text */
	MEAN_CELL = 12, DIFFERENCE_CELL = 18, CELL_MAX = 28,
	POINTS_PRINTED = 4
};

struct main_metric {
	const char *name, *label;
	bool percent;
};
static const struct main_metric main_metrics[] = {
	{"unemployment_rate", "unemployment", true},
	{"real_wage", "real wage, units", false},
	{"weekly_hours", "weekly hours", false},
	{"labour_share", "labour share", true},
	{"profit_rate", "profit rate, year", true},
	{"surplus_value_rate", "surplus value s/v", true},
	{"organic_composition", "composition c/v", false},
};

const char *main_metric_name(int i)
{
	return i < LENGTH(main_metrics) ? main_metrics[i].name : NULL;
}

struct printing {
	const struct comparison *c;
	FILE *stream;
	int label; /* width of the first column */
	int64_t point;
	int window;
	double *own, *base; /* replicates */
	struct err *e;      /* set where numbers could not be read: they are shown as missing */
};

static int larger_int(int a, int b) { return a > b ? a : b; }
static int smaller_int(int a, int b) { return a < b ? a : b; }

/* How a column of the summary is shown. */
static struct main_metric look(const struct comparison *c, int column)
{
	const char *name = c->table->columns[column];
	for (int i = 0; i < LENGTH(main_metrics); i++)
		if (!strcmp(main_metrics[i].name, name))
			return main_metrics[i];
	int metric = metric_by_name(name);
	const char *unit = metric >= 0 ? metric_at(metric)->unit : "";
	bool share = !strncmp(unit, "share", 5) || !strcmp(name, "unemployment_peak");
	return (struct main_metric){name, name, share};
}

static double metric_scale(const struct comparison *c, int column)
{
	return look(c, column).percent ? 100 : 1;
}

static void cell_read(const struct printing *p, int column, int scenario, double *x)
{
	const struct summary_table *t = p->c->table;
	if (!summary_cells(t, scenario, p->point, 1, p->window, column, x, p->e))
		return;
	for (int64_t i = 0; i < t->replicates; i++)
		x[i] = NAN;
}

static double cell_mean(const struct printing *p, int column, int scenario)
{
	struct stat_paired s;
	cell_read(p, column, scenario, p->own);
	/* leaves missing values out */
	stat_compare(p->own, p->own, p->c->table->replicates, &s);
	return s.mean_a;
}

/* Decimals that give the largest mean four digits or so; percentages have two. */
static int metric_decimals(const struct printing *p, int column)
{
	double largest = 0;
	if (look(p->c, column).percent)
		return 2;
	for (int s = 0; s < p->c->table->scenario_count; s++)
		largest = fmax(largest, fabs(cell_mean(p, column, s)));
	return largest < 10 ? 3 : largest < 100 ? 2 : largest < 1000 ? 1 : 0;
}

static void label_print(const struct printing *p, int column)
{
	const char *label = look(p->c, column).label;
	fprintf(p->stream, "  %-*.*s", p->label - 2, p->label - 3, label);
}

void decimal_text(double x, int decimals, bool sign, char text[64])
{
	snprintf(text, 64, sign ? "%+.*f" : "%.*f", decimals, x);
	for (char *s = text; *s; s++)
		if (*s == ',')
			*s = '.';
}

static void mean_print(const struct printing *p, int column, int scenario, int width)
{
	const char *unit = look(p->c, column).percent ? "%" : "";
	double mean = cell_mean(p, column, scenario);
	char number[64], cell[80] = "-";
	decimal_text(metric_scale(p->c, column) * mean, metric_decimals(p, column), false, number);
	if (!isnan(mean))
		snprintf(cell, sizeof(cell), "%s%s", number, unit);
	fprintf(p->stream, "%*s", width, cell);
}

static void difference_print(const struct printing *p, int column, int scenario, int width)
{
	struct stat_paired s;
	char number[64], half[64], cell[160] = "- ";
	double scale = metric_scale(p->c, column);
	int decimals = metric_decimals(p, column);
	cell_read(p, column, scenario, p->own);
	cell_read(p, column, p->c->baseline, p->base);
	stat_compare(p->own, p->base, p->c->table->replicates, &s);
	decimal_text(scale * s.difference, decimals, true, number);
	decimal_text(scale * (s.ci_high - s.ci_low) / 2, decimals, false, half);
	if (s.difference == 0 && !(s.ci_high > 0))
		snprintf(cell, sizeof(cell), "equal ");
	else if (s.n > 1)
		snprintf(cell, sizeof(cell), "%s +/- %s%s", number, half,
			 s.ci_low > 0 || s.ci_high < 0 ? "*" : " ");
	else if (s.n == 1)
		snprintf(cell, sizeof(cell), "%s ", number);
	fprintf(p->stream, "%*s", width, cell);
}

/* A block of rows for as many scenarios as fit a line, as often as it takes. */
static void block_print(const struct printing *p, const char *heading, const int *scenarios,
			int count, int cell, bool differences)
{
	const struct comparison *c = p->c;
	int width = cell;
	for (int i = 0; i < count; i++)
		width = larger_int(width, (int)strlen(c->table->scenarios[scenarios[i]]) + 2);
	width = smaller_int(width, CELL_MAX);
	int fit = (LINE - p->label) / width;
	void (*cell_print)(const struct printing *, int, int, int) =
		differences ? difference_print : mean_print;
	for (int first = 0; first < count; first += fit) {
		int end = smaller_int(first + fit, count);
		fprintf(p->stream, "%-*s", p->label, first ? "" : heading);
		for (int i = first; i < end; i++)
			fprintf(p->stream, "%*.*s%s", width - differences, width - 2,
				c->table->scenarios[scenarios[i]], differences ? " " : "");
		fputc('\n', p->stream);
		for (int m = 0; m < c->column_count; m++) {
			label_print(p, c->columns[m]);
			for (int i = first; i < end; i++)
				cell_print(p, c->columns[m], scenarios[i], width);
			fputc('\n', p->stream);
		}
	}
}

static void heading_print(const struct printing *p)
{
	const struct comparison *c = p->c;
	const char *name = c->table->windows[p->window];
	const cJSON *all = comparison_fact(c, "windows");
	const cJSON *ticks = cJSON_GetObjectItemCaseSensitive(all, name);
	fprintf(p->stream, "\n%s", name);
	if (cJSON_GetArraySize(ticks) == 2)
		fprintf(p->stream, ", months %.0f to %.0f",
			cJSON_GetArrayItem(ticks, 0)->valuedouble,
			cJSON_GetArrayItem(ticks, 1)->valuedouble);
	if (c->table->points > 1)
		fprintf(p->stream, ", point %" PRId64 " of design.csv", p->point);
	fputc('\n', p->stream);
}

static void window_print(const struct printing *p)
{
	const struct comparison *c = p->c;
	const struct summary_table *t = c->table;
	int *scenarios, others = 0;
	MEM_NEW(scenarios, t->scenario_count, "a table");
	heading_print(p);
	for (int i = 0; i < t->scenario_count; i++)
		scenarios[i] = i;
	block_print(p, " means", scenarios, t->scenario_count, MEAN_CELL, false);
	for (int i = 0; i < t->scenario_count; i++)
		if (i != c->baseline)
			scenarios[others++] = i;
	char *heading = mem_format(" less %.*s", p->label - 7, t->scenarios[c->baseline]);
	block_print(p, heading, scenarios, others, DIFFERENCE_CELL, true);
	mem_free(heading);
	mem_free(scenarios);
}

static void closing_print(const struct comparison *c, FILE *stream)
{
	const struct summary_table *t = c->table;
	if (t->points > POINTS_PRINTED)
		fprintf(stream, "\n%" PRId64 " more points of the sweep are in compare.csv.\n",
			t->points - POINTS_PRINTED);
	if (t->scenario_count < 2)
		fprintf(stream, "\nOne scenario: nothing to compare.\n");
	else if (t->replicates < 2)
		fprintf(stream, "\nOne replicate: differences have no interval.\n");
	else
		fprintf(stream,
			"\nDifferences are paired over %" PRId64
			" replicates, +/- half their 95 %% t "
			"interval;\n"
			"* the interval excludes 0. Those of percentages are in points.\n",
			t->replicates);
}

static int label_width(const struct comparison *c)
{
	int width = LABEL;
	for (int i = 0; i < c->column_count; i++)
		width = larger_int(width, (int)strlen(look(c, c->columns[i]).label) + 3);
	return smaller_int(width, LABEL_MAX);
}

/* The main metrics that the table has, where none were chosen. */
static int main_columns(struct comparison *c)
{
	int n = 0;
	for (int i = 0; i < LENGTH(main_metrics); i++)
		for (int m = 0; m < c->table->column_count; m++)
			if (!strcmp(c->table->columns[m], main_metrics[i].name))
				c->columns[n++] = m;
	return n;
}

static void heading_of_all_print(const struct comparison *c, const char *directory, FILE *stream)
{
	const struct summary_table *t = c->table;
	const char *name = cJSON_GetStringValue(comparison_fact(c, "name"));
	fprintf(stream, "%s: %d scenario%s, %" PRId64 " replicate%s each; baseline %s\n",
		name ? name : directory, t->scenario_count, t->scenario_count > 1 ? "s" : "",
		t->replicates, t->replicates > 1 ? "s" : "", t->scenarios[c->baseline]);
}

static int windows_print(const struct comparison *c, FILE *stream, struct err *e)
{
	const struct summary_table *t = c->table;
	struct err failure = {0};
	struct printing p = {.c = c, .stream = stream, .label = label_width(c), .e = &failure};
	MEM_NEW(p.own, 2 * t->replicates, "a comparison");
	p.base = p.own + t->replicates;
	for (int w = 0; w < c->window_count; w++)
		for (p.point = 0; p.point < smaller_i64(t->points, POINTS_PRINTED); p.point++) {
			p.window = c->windows[w];
			window_print(&p);
		}
	mem_free(p.own);
	if (failure.code == EXIT_DONE)
		return 0;
	*e = failure;
	return -1;
}

int compare_print(const char *directory, const struct compare_options *o, FILE *stream,
		  struct err *e)
{
	struct comparison c;
	if (comparison_open(&c, directory, o, e))
		return -1;
	if (!o || o->metric_count == 0)
		c.column_count = main_columns(&c);
	int failed = comparison_load(&c, directory, POINTS_PRINTED, e);
	if (!failed) {
		heading_of_all_print(&c, directory, stream);
		failed = windows_print(&c, stream, e);
	}
	if (!failed) {
		closing_print(&c, stream);
		failed = worlds_print(&c, directory, stream, e);
	}
	comparison_close(&c);
	if (!failed && (fflush(stream) || ferror(stream)))
		failed = err_set(e, EXIT_IO, "the result table cannot be written");
	return failed;
}
