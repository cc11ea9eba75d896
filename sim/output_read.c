/* summary.csv read back: twice, first for its names and sizes, then for the numbers that are asked
 * for. Rows come run by run and are wanted column by column. To read the file anew for every few
 * columns would take a time that grows with the square of the runs; so a block of rows is turned at
 * a time, and what is turned goes to where a column's numbers lie together. Memory holds a block
 * and what struct cells holds, 1 MiB each, whatever the number of runs. The format is ludd's own:
 * no field is quoted. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
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
	int64_t line;
};

struct block { /* rows that wait to be turned */
	struct block_row {
		int64_t place; /* window and run: where its numbers belong in a column */
		int64_t slot;  /* of its numbers */
	} *rows;
	double *values; /* [slot][column] */
	double *turned; /* a column's */
	int64_t count, room;
	int columns;
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
	size_t length = line_take(r->file, &r->text, &r->room);
	bool any = length > 0;
	r->line++;
	if (ferror(r->file))
		return err_set(e, EXIT_IO, "%s/summary.csv: cannot be read: %s", r->directory,
			       strerror(errno));
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
		t->rows++;
	}
	return got;
}

/* Refuses where the rows are so few for their highest point and replicate that the file must be
 * wrong. */
static int rows_check(const struct reading *r, struct err *e)
{
	const struct summary_table *t = r->t;
	double blocks = (double)t->scenario_count * t->window_count * (double)t->points *
			(double)t->replicates;
	if (t->rows == 0 || blocks > 1000.0 * (double)t->rows + 1000)
		return err_set(e, EXIT_IO, "%s/summary.csv: most of its %" PRId64 " rows are "
			       "missing", r->directory, t->rows);
	return 0;
}

static int reading_open(struct reading *r, struct summary_table *t, const char *directory,
			struct err *e)
{
	char *path = mem_format("%s/summary.csv", directory);
	*r = (struct reading){.t = t, .directory = directory, .file = fopen(path, "r")};
	int failed = r->file ? 0 : io_failed(e, "cannot be read", path, errno);
	mem_free(path);
	return failed;
}

static void reading_close(struct reading *r)
{
	if (r->file)
		fclose(r->file);
	mem_free(r->text);
}

struct summary_table *summary_open(const char *directory, struct err *e)
{
	struct summary_table *t;
	struct reading r;
	MEM_NEW(t, 1, "summary.csv");
	int failed = reading_open(&r, t, directory, e) || names_read(&r, e) || rows_check(&r, e);
	reading_close(&r);
	if (!failed)
		return t;
	summary_free(t);
	return NULL;
}

/* The numbers of a window, in one column. */
static int64_t window_numbers(const struct summary_table *t)
{
	return t->scenario_count * t->points_read * t->replicates;
}

static void block_open(struct block *b, const struct summary_table *t, int columns)
{
	enum { ROWS_MOST = 4096 };
	int64_t held = CELLS_HELD / larger_i64(1, columns);
	b->columns = columns;
	b->room = larger_i64(1, smaller_i64(t->rows, smaller_i64(held, ROWS_MOST)));
	MEM_NEW(b->rows, b->room, "rows of summary.csv");
	MEM_NEW(b->values, b->room * columns, "rows of summary.csv");
	MEM_NEW(b->turned, b->room, "rows of summary.csv");
}

static void block_close(struct block *b)
{
	mem_free(b->rows);
	mem_free(b->values);
	mem_free(b->turned);
}

static int by_place(const void *a, const void *b)
{
	const struct block_row *x = a, *y = b;
	int order = (x->place > y->place) - (x->place < y->place);
	return order ? order : (x->slot > y->slot) - (x->slot < y->slot);
}

/* Rows whose places follow each other are put at once; of a row given twice the later counts. */
static int block_turn(struct block *b, struct summary_table *t, struct err *e)
{
	int64_t column_numbers = t->windows_read * window_numbers(t);
	qsort(b->rows, (size_t)b->count, sizeof(*b->rows), by_place);
	for (int64_t first = 0, end; first < b->count; first = end) {
		for (end = first + 1; end < b->count; end++)
			if (b->rows[end].place != b->rows[end - 1].place + 1)
				break;
		for (int c = 0; c < b->columns; c++) {
			for (int64_t i = first; i < end; i++)
				b->turned[i - first] = b->values[b->rows[i].slot * b->columns + c];
			if (cells_put(&t->cells, c * column_numbers + b->rows[first].place,
				      b->turned, end - first, e))
				return -1;
		}
	}
	b->count = 0;
	return 0;
}

/* The fields of a line into the block; those of columns that were not chosen are counted only. */
static bool values_take(const struct summary_table *t, char *values, double *to)
{
	for (int c = 0; c < t->column_count; c++) {
		if (!values)
			return false;
		char *field = field_next(&values);
		int place = t->column_place[c];
		if (place >= 0 && !number_read(field, &to[place]))
			return false;
	}
	return !values;
}

static int lines_read(struct reading *r, struct block *b, struct err *e)
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
		int window = t->window_place[l.window];
		if (window < 0 || l.point >= t->points_read)
			continue;
		int64_t run = (l.scenario * t->points_read + l.point) * t->replicates + l.replicate;
		if (!values_take(t, l.values, b->values + b->count * b->columns))
			return line_wrong(r, e);
		b->rows[b->count] = (struct block_row){window * window_numbers(t) + run, b->count};
		if (++b->count == b->room && block_turn(b, t, e))
			return -1;
	}
	return got < 0 ? -1 : block_turn(b, t, e);
}

static int *places_of(const int *chosen, int chosen_count, int count)
{
	int *places;
	MEM_NEW(places, count + 1, "the choice of a comparison");
	for (int i = 0; i < count; i++)
		places[i] = -1;
	for (int i = 0; i < chosen_count; i++)
		places[chosen[i]] = i;
	return places;
}

int summary_load(struct summary_table *t, const char *directory, const struct summary_choice *c,
		 struct err *e)
{
	struct reading r = {0};
	struct block b = {0};
	t->column_place = places_of(c->columns, c->column_count, t->column_count);
	t->window_place = places_of(c->windows, c->window_count, t->window_count);
	t->windows_read = c->window_count;
	t->points_read = c->points ? smaller_i64(c->points, t->points) : t->points;
	block_open(&b, t, c->column_count);
	int failed = cells_open(&t->cells, c->column_count * c->window_count * window_numbers(t),
				directory, e) ||
		     reading_open(&r, t, directory, e) || lines_read(&r, &b, e) < 0;
	reading_close(&r);
	block_close(&b);
	return failed ? -1 : 0;
}

int summary_cells(const struct summary_table *t, int scenario, int64_t point, int64_t points,
		  int window, int column, double *out, struct err *e)
{
	int64_t place = t->column_place[column] * t->windows_read + t->window_place[window];
	place = place * t->scenario_count + scenario;
	place = (place * t->points_read + point) * t->replicates;
	return cells_get(&t->cells, place, out, points * t->replicates, e);
}

static void names_free(char **names, int count)
{
	for (int i = 0; i < count; i++)
		mem_free(names[i]);
	mem_free(names);
}

void summary_free(struct summary_table *t)
{
	if (!t)
		return;
	names_free(t->columns, t->column_count);
	names_free(t->scenarios, t->scenario_count);
	names_free(t->windows, t->window_count);
	mem_free(t->column_place);
	mem_free(t->window_place);
	cells_close(&t->cells);
	mem_free(t);
}
