/* summary.csv read back into a table. The format is ludd's own: no field is quoted. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

enum { FIRST_METRIC = 6 }; /* after run, scenario, point, replicate, seed, window */
static const char summary_start[] = "run,scenario,point,replicate,seed,window,";

struct line { /* of summary.csv */
	int scenario, window;
	int64_t point, replicate;
	double *value; /* by column */
};

struct reading {
	struct summary_table *t;
	struct line *lines;
	int64_t count, room;
	const char *directory;
};

/* Cuts the next field off *rest, which becomes NULL after the last. */
static char *field_next(char **rest)
{
	char *field = *rest, *comma = strchr(field, ',');
	*rest = comma ? comma + 1 : NULL;
	if (comma)
		*comma = 0;
	return field;
}

static char *line_next(char **rest)
{
	char *line = *rest;
	size_t length = strcspn(line, "\n");
	*rest = line[length] ? line + length + 1 : line + length;
	line[length] = 0;
	if (length > 0 && line[length - 1] == '\r')
		line[length - 1] = 0;
	return line;
}

/* The position of a name in a list, to which it is added if it is new. */
static int name_place(char ***names, int *count, const char *name)
{
	for (int i = *count - 1; i >= 0; i--)
		if (!strcmp((*names)[i], name))
			return i;
	*names = mem_resize(*names, (size_t)*count + 1, sizeof(**names), "names");
	(*names)[*count] = mem_text(name);
	return (*count)++;
}

static bool whole_read(const char *field, int64_t limit, int64_t *x)
{
	double value;
	if (!*field || !number_read(field, &value) || value != floor(value))
		return false;
	if (value < 0 || value >= (double)limit)
		return false;
	*x = (int64_t)value;
	return true;
}

static bool line_read(struct reading *r, char *rest)
{
	struct summary_table *t = r->t;
	struct line l = {0};
	char *fields[FIRST_METRIC];
	for (int i = 0; i < FIRST_METRIC; i++) {
		if (!rest)
			return false;
		fields[i] = field_next(&rest);
	}
	if (!whole_read(fields[2], INT32_MAX, &l.point) ||
	    !whole_read(fields[3], INT32_MAX, &l.replicate))
		return false;
	l.scenario = name_place(&t->scenarios, &t->scenario_count, fields[1]);
	l.window = name_place(&t->windows, &t->window_count, fields[5]);
	MEM_NEW(l.value, t->column_count, "a row of summary.csv");
	if (r->count == r->room)
		r->lines = mem_resize(r->lines, (size_t)(r->room = 2 * r->room + 64), sizeof(l),
				      "rows of summary.csv");
	r->lines[r->count++] = l;
	for (int i = 0; i < t->column_count; i++)
		if (!rest || !number_read(field_next(&rest), &l.value[i]))
			return false;
	t->points = larger_i64(t->points, l.point + 1);
	t->replicates = larger_i64(t->replicates, l.replicate + 1);
	return !rest;
}

static int64_t cell_place(const struct summary_table *t, int scenario, int64_t point, int window,
			  int column)
{
	int64_t place = scenario * t->points + point;
	place = place * t->window_count + window;
	return (place * t->column_count + column) * t->replicates;
}

const double *summary_cell(const struct summary_table *t, int scenario, int64_t point, int window,
			   int column)
{
	return t->value + cell_place(t, scenario, point, window, column);
}

/* False where the rows are so few for their highest point and replicate that the file must be
 * wrong. */
static bool values_place(struct reading *r)
{
	struct summary_table *t = r->t;
	double blocks = (double)t->scenario_count * t->window_count * (double)t->points *
			(double)t->replicates;
	if (blocks > 1000.0 * (double)r->count + 1000)
		return false;
	int64_t cells = cell_place(t, t->scenario_count, 0, 0, 0);
	MEM_NEW(t->value, cells + 1, "summary.csv");
	for (int64_t i = 0; i < cells; i++)
		t->value[i] = NAN;
	for (int64_t i = 0; i < r->count; i++) {
		const struct line *l = &r->lines[i];
		for (int c = 0; c < t->column_count; c++) {
			int64_t cell = cell_place(t, l->scenario, l->point, l->window, c);
			t->value[cell + l->replicate] = l->value[c];
		}
	}
	return true;
}

static int text_read(struct reading *r, char *rest, struct err *e)
{
	char *header = line_next(&rest);
	int64_t line = 1;
	if (strncmp(header, summary_start, strlen(summary_start)))
		return err_set(e, EXIT_IO, "%s/summary.csv:1: the header does not start with %s",
			       r->directory, summary_start);
	for (char *names = header + strlen(summary_start); names;)
		name_place(&r->t->columns, &r->t->column_count, field_next(&names));
	while (*rest) {
		line++;
		if (!line_read(r, line_next(&rest)))
			return err_set(e, EXIT_IO,
				       "%s/summary.csv:%" PRId64 ": not a row of this table: a "
				       "field is missing, too many or no number",
				       r->directory, line);
	}
	if (r->count == 0 || !values_place(r))
		return err_set(e, EXIT_IO,
			       "%s/summary.csv: most of its %" PRId64 " rows are missing",
			       r->directory, r->count);
	return 0;
}

struct summary_table *summary_read(const char *directory, struct err *e)
{
	struct reading r = {.directory = directory};
	char *text = file_text(directory, "summary.csv", e);
	if (!text)
		return NULL;
	MEM_NEW(r.t, 1, "summary.csv");
	int failed = text_read(&r, text, e);
	for (int64_t i = 0; i < r.count; i++)
		mem_free(r.lines[i].value);
	mem_free(r.lines);
	mem_free(text);
	if (!failed)
		return r.t;
	summary_table_free(r.t);
	return NULL;
}

static void names_free(char **names, int count)
{
	for (int i = 0; i < count; i++)
		mem_free(names[i]);
	mem_free(names);
}

void summary_table_free(struct summary_table *t)
{
	if (!t)
		return;
	names_free(t->columns, t->column_count);
	names_free(t->scenarios, t->scenario_count);
	names_free(t->windows, t->window_count);
	mem_free(t->value);
	mem_free(t);
}
