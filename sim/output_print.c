/* The result table for a terminal: means by scenario, then paired differences to the baseline. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

enum {
	LINE = 80, LABEL = 23, /* columns of text */
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

struct printing {
	const struct comparison *c;
	FILE *stream;
	int64_t point;
	int window;
};

static struct main_metric metric_look(const char *name)
{
	int metric = metric_by_name(name);
	for (int i = 0; i < LENGTH(main_metrics); i++)
		if (!strcmp(main_metrics[i].name, name))
			return main_metrics[i];
	return (struct main_metric){name, name,
				    (metric >= 0 && !strncmp(metric_at(metric)->unit, "share", 5)) ||
				    !strcmp(name, "unemployment_peak")};
}

static double metric_scale(const struct comparison *c, int column)
{
	return metric_look(c->table->columns[column]).percent ? 100 : 1;
}

/* Decimals that give the largest mean four digits or so; percentages have two. */
static int metric_decimals(const struct printing *p, int column)
{
	const struct summary_table *t = p->c->table;
	double largest = 0;
	if (metric_look(t->columns[column]).percent)
		return 2;
	for (int s = 0; s < t->scenario_count; s++) {
		const double *x = summary_cell(t, s, p->point, p->window, column);
		for (int64_t i = 0; i < t->replicates; i++)
			largest = fmax(largest, fabs(x[i]));
	}
	return largest < 10 ? 3 : largest < 100 ? 2 : largest < 1000 ? 1 : 0;
}

static void label_print(const struct printing *p, int column)
{
	fprintf(p->stream, "  %-*.*s", LABEL - 2, LABEL - 3, metric_look(p->c->table->columns[column]).label);
}

/* A number with a dot before its decimals in every locale. */
static void decimal_text(double x, int decimals, bool sign, char text[64])
{
	snprintf(text, 64, sign ? "%+.*f" : "%.*f", decimals, x);
	for (char *s = text; *s; s++)
		if (*s == ',')
			*s = '.';
}

static void mean_print(const struct printing *p, int column, int scenario, int width)
{
	const struct comparison *c = p->c;
	const char *unit = metric_look(c->table->columns[column]).percent ? "%" : "";
	struct stat_paired s;
	char number[64], cell[80];
	stat_compare(summary_cell(c->table, scenario, p->point, p->window, column),
		     summary_cell(c->table, scenario, p->point, p->window, column),
		     c->table->replicates, &s);
	decimal_text(metric_scale(c, column) * s.mean_a, metric_decimals(p, column), false, number);
	snprintf(cell, sizeof(cell), "%s%s", number, unit);
	fprintf(p->stream, "%*s", width, s.n > 0 ? cell : "-");
}

static void difference_print(const struct printing *p, int column, int scenario, int width)
{
	struct stat_paired s;
	char number[64], half[64], cell[160] = "-";
	double scale = metric_scale(p->c, column);
	int decimals = metric_decimals(p, column);
	comparison_cell(p->c, scenario, p->point, p->window, column, &s);
	decimal_text(scale * s.difference, decimals, true, number);
	decimal_text(scale * (s.ci_high - s.ci_low) / 2, decimals, false, half);
	if (s.n > 1)
		snprintf(cell, sizeof(cell), "%s +/- %s%s", number, half,
			 s.ci_low > 0 || s.ci_high < 0 ? "*" : " ");
	else if (s.n == 1)
		snprintf(cell, sizeof(cell), "%s ", number);
	fprintf(p->stream, "%*s", width, cell);
}

/* A block of rows for as many scenarios as fit a line, as often as it takes. */
static void block_print(const struct printing *p, const char *heading, const int *scenarios, int count,
			int cell, bool differences)
{
	const struct comparison *c = p->c;
	int width = cell;
	for (int i = 0; i < count; i++)
		width = (int)larger_i64(width, (int64_t)strlen(c->table->scenarios[scenarios[i]]) + 2);
	width = (int)smaller_i64(width, CELL_MAX);
	int fit = (LINE - LABEL) / width;
	for (int first = 0; first < count; first += fit) {
		int end = (int)smaller_i64(first + fit, count);
		fprintf(p->stream, "%-*s", LABEL, first ? "" : heading);
		for (int i = first; i < end; i++)
			fprintf(p->stream, "%*.*s%s", width - differences, width - 2,
				c->table->scenarios[scenarios[i]], differences ? " " : "");
		fputc('\n', p->stream);
		for (int m = 0; m < c->column_count; m++) {
			label_print(p, c->columns[m]);
			for (int i = first; i < end; i++)
				(differences ? difference_print : mean_print)(p, c->columns[m], scenarios[i], width);
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
		fprintf(p->stream, ", months %.0f to %.0f", cJSON_GetArrayItem(ticks, 0)->valuedouble,
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
	char *heading = mem_format(" less %.*s", LABEL - 7, t->scenarios[c->baseline]);
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
		fprintf(stream, "\nDifferences are paired over %" PRId64 " replicates, +/- half their 95 %% t "
			"interval;\n* the interval excludes 0. Those of percentages are in points.\n",
			t->replicates);
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

int compare_print(const char *directory, const struct compare_options *o, FILE *stream, struct err *e)
{
	struct comparison c;
	if (comparison_open(&c, directory, o, e))
		return -1;
	const struct summary_table *t = c.table;
	const char *name = cJSON_GetStringValue(comparison_fact(&c, "name"));
	if (!o || o->metric_count == 0)
		c.column_count = main_columns(&c);
	fprintf(stream, "%s: %d scenario%s, %" PRId64 " replicate%s each; baseline %s\n",
		name ? name : directory, t->scenario_count, t->scenario_count > 1 ? "s" : "", t->replicates,
		t->replicates > 1 ? "s" : "", t->scenarios[c.baseline]);
	for (int w = 0; w < c.window_count; w++)
		for (int64_t p = 0; p < smaller_i64(t->points, POINTS_PRINTED); p++)
			window_print(&(struct printing){&c, stream, p, c.windows[w]});
	closing_print(&c, stream);
	comparison_close(&c);
	if (fflush(stream) || ferror(stream))
		return err_set(e, EXIT_IO, "the result table cannot be written");
	return 0;
}
