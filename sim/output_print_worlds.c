/* What a comparison says of the worlds as a whole, under the result table: differences that fall
 * into groups, when the worlds part, what happened to the same people. */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

struct groups {
	const struct comparison *c;
	struct stat_draws draws;
	double *own, *base, *room; /* replicates; room: three times */
	bool any;
};

/* Whether the differences of a cell are too far from having one mode; -1 on failure. */
static int cell_grouped(struct groups *g, int scenario, int window, int column, struct err *e)
{
	const struct summary_table *t = g->c->table;
	int64_t most = t->replicates;
	double *d = g->room + 2 * most;
	if (summary_cells(t, scenario, 0, 1, window, column, g->own, e) ||
	    summary_cells(t, g->c->baseline, 0, 1, window, column, g->base, e))
		return -1;
	int64_t n = stat_pairs(g->own, g->base, most, g->room, g->room + most, d);
	return stat_dip_chance(&g->draws, stat_dip(d, n), n) < BIMODAL;
}

static int group_print(struct groups *g, int scenario, int window, int column, FILE *stream,
		       struct err *e)
{
	const struct summary_table *t = g->c->table;
	int grouped = cell_grouped(g, scenario, window, column, e);
	if (grouped <= 0)
		return grouped;
	if (!g->any)
		fprintf(stream, "\nDifferences in more than one group (dip, p < 0.01), whose mean "
			"stands for no run:\n");
	g->any = true;
	fprintf(stream, "  %s of %s, %s\n", t->columns[column], t->scenarios[scenario],
		t->windows[window]);
	return 0;
}

static int groups_print(const struct comparison *c, FILE *stream, struct err *e)
{
	int64_t n = c->table->replicates;
	struct groups g = {.c = c};
	int failed = 0;
	MEM_NEW(g.own, 5 * n, "a comparison");
	g.base = g.own + n;
	g.room = g.base + n;
	for (int m = 0; m < c->column_count; m++)
		for (int w = 0; w < c->window_count; w++)
			for (int s = 0; s < c->table->scenario_count && !failed; s++)
				if (s != c->baseline)
					failed = group_print(&g, s, c->windows[w], c->columns[m],
							     stream, e);
	mem_free(g.own);
	stat_draws_free(&g.draws);
	return failed;
}

/* The first month of any replicate and the middle one of all. */
static void parting_print(const struct comparison *c, double *tick, int scenario, FILE *stream)
{
	int64_t runs = c->table->points * c->table->replicates, parted = 0;
	double *own = tick + scenario * runs;
	for (int64_t i = 0; i < runs; i++)
		if (!isnan(own[i]))
			own[parted++] = own[i];
	fprintf(stream, "  %-20s ", c->table->scenarios[scenario]);
	if (!parted) {
		fprintf(stream, "never\n");
		return;
	}
	double median = stat_quantile(own, parted, 0.5);
	fprintf(stream, "month %.0f, in the middle %.0f", own[0], median);
	if (parted < runs)
		fprintf(stream, "; %" PRId64 " of %" PRId64 " runs never", runs - parted, runs);
	fprintf(stream, "\n");
}

static int partings_print(const struct comparison *c, const char *directory, FILE *stream,
			  struct err *e)
{
	const struct summary_table *t = c->table;
	double *tick = parting_ticks(directory, t, c->baseline, e);
	if (!tick)
		return -1;
	fprintf(stream, "\nFirst month in which series.csv differs from %s:\n",
		t->scenarios[c->baseline]);
	for (int s = 0; s < t->scenario_count; s++)
		if (s != c->baseline)
			parting_print(c, tick, s, stream);
	mem_free(tick);
	return 0;
}

static bool window_chosen(const struct comparison *c, const char *name)
{
	for (int w = 0; w < c->window_count; w++)
		if (!strcmp(c->table->windows[c->windows[w]], name))
			return true;
	return false;
}

enum { WINDOW, SCENARIO, BASELINE, POINT, REPLICATES, PEOPLE, HELD, KEPT, BASE_LOST, OWN_LOST,
       BOTH_LOST, OWN_MONTHS, BASE_MONTHS, FIELDS }; /* of transitions.csv, in its order */

static const char people_heading[] =
"\nPeople in work in both worlds when the window begins, by the world in which they\n"
"come to the reserve army; months in it, of all people followed; of point 0\n"
"                       people neither   both scenario baseline  months baseline\n";

/* Cuts a line; how many fields it has, FIELDS at most. */
static int fields_cut(char *line, const char *field[FIELDS])
{
	int n = 0;
	for (char *rest = line; rest && n < FIELDS; n++) {
		field[n] = rest;
		rest = strchr(rest, ',');
		if (rest)
			*rest++ = 0;
	}
	return n;
}

static void people_print(const char *const *field, FILE *stream)
{
	static const struct {
		int field, width;
	} shown[] = {{HELD, 7}, {KEPT, 8}, {BOTH_LOST, 7}, {OWN_LOST, 9}, {BASE_LOST, 9},
		     {OWN_MONTHS, 8}, {BASE_MONTHS, 9}};
	fprintf(stream, "  %-9.9s %-9.9s ", field[WINDOW], field[SCENARIO]);
	for (int i = 0; i < LENGTH(shown); i++) {
		int decimals = shown[i].field >= OWN_MONTHS ? 2 : 0;
		char number[64] = "-";
		double x;
		if (number_read(field[shown[i].field], &x) && !isnan(x))
			decimal_text(x, decimals, false, number);
		fprintf(stream, "%*s", shown[i].width, number);
	}
	fprintf(stream, "\n");
}

static void people_rows_print(const struct comparison *c, FILE *rows, FILE *stream)
{
	const char *baseline = c->table->scenarios[c->baseline], *field[FIELDS];
	char *line = NULL;
	size_t room = 0;
	bool first = true;
	while (line_take(rows, &line, &room)) {
		if (fields_cut(line, field) < FIELDS || strcmp(field[BASELINE], baseline) != 0 ||
		    strcmp(field[POINT], "0") != 0 || !window_chosen(c, field[WINDOW]))
			continue;
		if (first)
			fputs(people_heading, stream);
		first = false;
		people_print(field, stream);
	}
	mem_free(line);
}

static int peoples_print(const struct comparison *c, const char *directory, FILE *stream,
			 struct err *e)
{
	if (!file_there(directory, "transitions.csv", NULL))
		return 0;
	char *path = mem_format("%s/transitions.csv", directory);
	FILE *rows = fopen(path, "r");
	if (rows)
		people_rows_print(c, rows, stream);
	int failed = rows && !ferror(rows) ? 0 : io_failed(e, "cannot be read", path, errno);
	if (rows)
		fclose(rows);
	mem_free(path);
	return failed;
}

int worlds_print(const struct comparison *c, const char *directory, FILE *stream, struct err *e)
{
	if (c->table->scenario_count < 2)
		return 0;
	return groups_print(c, stream, e) || partings_print(c, directory, stream, e) ||
			       peoples_print(c, directory, stream, e)
		       ? -1 : 0;
}
