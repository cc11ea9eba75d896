/* summary.csv read back into a table: read twice, first for its names and sizes, then for its
 * numbers, so that no more is held than the table. The format is ludd's own: no field is quoted. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
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
	char *values; /* the other fields */
};

struct reading {
	struct summary_table *t;
	const char *directory;
	FILE *file;
	char *text; /* the line at hand */
	size_t room;
	int64_t line, rows;
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

/* The next line without its end; 1, 0 at the end of the file, -1. */
static int line_next(struct reading *r, struct err *e)
{
	size_t length = 0;
	r->line++;
	do {
		if (r->room - length < 2)
			r->text = mem_resize(r->text, r->room = 2 * r->room + 4096, 1, "a line");
		if (!fgets(r->text + length, (int)(r->room - length), r->file))
			break;
		length += strlen(r->text + length);
	} while (length > 0 && r->text[length - 1] != '\n');
	if (ferror(r->file))
		return err_set(e, EXIT_IO, "%s/summary.csv: cannot be read: %s", r->directory,
			       strerror(errno));
	bool any = length > 0;
	while (length > 0 && strchr("\r\n", r->text[length - 1]))
		r->text[--length] = 0;
	return any;
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

static int line_wrong(const struct reading *r, struct err *e)
{
	return err_set(e, EXIT_IO, "%s/summary.csv:%" PRId64 ": not a row of this table: a field "
		       "is missing, too many or no number", r->directory, r->line);
}

static bool line_begin(struct reading *r, struct line *l)
{
	struct summary_table *t = r->t;
	char *fields[FIRST_METRIC], *rest = r->text;
	for (int i = 0; i < FIRST_METRIC; i++) {
		if (!rest)
			return false;
		fields[i] = field_next(&rest);
	}
	l->values = rest;
	l->scenario = name_place(&t->scenarios, &t->scenario_count, fields[1]);
	l->window = name_place(&t->windows, &t->window_count, fields[5]);
	return rest && whole_read(fields[2], INT32_MAX, &l->point) &&
	       whole_read(fields[3], INT32_MAX, &l->replicate);
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

static int header_read(struct reading *r, struct err *e)
{
	rewind(r->file);
	r->line = 0;
	int got = line_next(r, e);
	if (got < 0)
		return -1;
	if (got > 0 && !strncmp(r->text, summary_start, strlen(summary_start)))
		return 0;
	return err_set(e, EXIT_IO, "%s/summary.csv:1: the header does not start with %s",
		       r->directory, summary_start);
}

static int names_read(struct reading *r, struct err *e)
{
	struct summary_table *t = r->t;
	struct line l;
	int got;
	if (header_read(r, e))
		return -1;
	for (char *names = r->text + strlen(summary_start); names;)
		name_place(&t->columns, &t->column_count, field_next(&names));
	while ((got = line_next(r, e)) > 0) {
		if (!line_begin(r, &l))
			return line_wrong(r, e);
		t->points = larger_i64(t->points, l.point + 1);
		t->replicates = larger_i64(t->replicates, l.replicate + 1);
		r->rows++;
	}
	return got;
}

/* Refuses where the rows are so few for their highest point and replicate that the file must be
 * wrong. */
static int values_new(struct reading *r, struct err *e)
{
	struct summary_table *t = r->t;
	double blocks = (double)t->scenario_count * t->window_count * (double)t->points *
			(double)t->replicates;
	if (r->rows == 0 || blocks > 1000.0 * (double)r->rows + 1000)
		return err_set(e, EXIT_IO, "%s/summary.csv: most of its %" PRId64 " rows are "
			       "missing", r->directory, r->rows);
	int64_t cells = cell_place(t, t->scenario_count, 0, 0, 0);
	MEM_NEW(t->value, cells + 1, "summary.csv");
	for (int64_t i = 0; i < cells; i++)
		t->value[i] = NAN;
	return 0;
}

static int values_read(struct reading *r, struct err *e)
{
	struct summary_table *t = r->t;
	int scenarios = t->scenario_count, windows = t->window_count, got;
	struct line l;
	if (header_read(r, e))
		return -1;
	while ((got = line_next(r, e)) > 0) {
		if (!line_begin(r, &l) || l.point >= t->points || l.replicate >= t->replicates ||
		    l.scenario >= scenarios || l.window >= windows)
			return line_wrong(r, e);
		int64_t cell = cell_place(t, l.scenario, l.point, l.window, 0) + l.replicate;
		for (int c = 0; c < t->column_count; c++, cell += t->replicates)
			if (!l.values || !number_read(field_next(&l.values), &t->value[cell]))
				return line_wrong(r, e);
		if (l.values)
			return line_wrong(r, e);
	}
	return got;
}

struct summary_table *summary_read(const char *directory, struct err *e)
{
	struct reading r = {.directory = directory};
	char *path = mem_format("%s/summary.csv", directory);
	r.file = fopen(path, "r");
	MEM_NEW(r.t, 1, "summary.csv");
	int failed = r.file ? names_read(&r, e) || values_new(&r, e) || values_read(&r, e)
			    : io_failed(e, "cannot be read", path, errno);
	if (r.file)
		fclose(r.file);
	mem_free(r.text);
	mem_free(path);
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
