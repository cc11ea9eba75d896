/* series.csv read row by row: memory holds one row, whatever the number of runs. */
#define _XOPEN_SOURCE 700
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

enum { IDENTITY = 6 }; /* run, scenario, point, replicate, seed, tick */
enum { FEW = 8192 };   /* bytes that are read rather than searched */
static const char stream_start[] = "run,scenario,point,replicate,seed,tick";

static int stream_fail(const struct series_stream *s, const char *what, struct err *e)
{
	if (!s->at.line)
		return err_set(e, EXIT_IO, "%s, byte %" PRId64 ": %s", s->path, s->at.byte, what);
	return err_set(e, EXIT_IO, "%s:%" PRId64 ": %s", s->path, s->at.line, what);
}

/* The next line without its end; 1, 0 at the end of the file, -1. */
static int line_get(struct series_stream *s, struct err *e)
{
	s->at = s->after;
	size_t length = line_take(s->file, &s->line, &s->room);
	if (ferror(s->file))
		return err_set(e, EXIT_IO, "%s cannot be read: %s", s->path, strerror(errno));
	s->after.byte += (int64_t)length;
	s->after.line += s->after.line > 0;
	if (length == 0)
		return 0;
	if (s->line[length - 1] != '\n')
		return stream_fail(s, "the file is cut short", e);
	s->line[length - 1] = 0;
	return 1;
}

static void columns_read(struct series_stream *s)
{
	char *rest = s->header = mem_text(s->line + strlen(stream_start));
	while (*rest == ',') {
		*rest++ = 0;
		s->columns = mem_resize(s->columns, (size_t)s->column_count + 1,
					sizeof(*s->columns), "the columns of series.csv");
		s->columns[s->column_count++] = rest;
		rest += strcspn(rest, ",");
	}
}

static int place_seek(struct series_stream *s, struct series_place to, struct err *e)
{
	if (fseeko(s->file, (off_t)to.byte, SEEK_SET))
		return err_set(e, EXIT_IO, "%s cannot be read: %s", s->path, strerror(errno));
	s->after = to;
	return 0;
}

int series_open(struct series_stream *s, const char *directory, struct err *e)
{
	*s = (struct series_stream){.path = mem_format("%s/series.csv", directory)};
	s->file = fopen(s->path, "r");
	s->after.line = 1;
	if (!s->file) {
		err_set(e, EXIT_IO, "%s cannot be read: %s", s->path, strerror(errno));
		series_close(s);
		return -1;
	}
	int got = line_get(s, e);
	if (got == 0 || (got > 0 && strncmp(s->line, stream_start, strlen(stream_start)) != 0))
		got = stream_fail(s, "the header is not that of series.csv", e);
	if (got < 0) {
		series_close(s);
		return -1;
	}
	columns_read(s);
	s->first_row = s->after;
	if (fseeko(s->file, 0, SEEK_END) || (s->bytes = (int64_t)ftello(s->file)) < 0)
		got = err_set(e, EXIT_IO, "%s cannot be read: %s", s->path, strerror(errno));
	if (got < 0 || place_seek(s, s->first_row, e)) {
		series_close(s);
		return -1;
	}
	return 0;
}

static bool whole_field(const char *text, int64_t *x)
{
	char *end;
	*x = strtoll(text, &end, 10);
	return end > text && !*end;
}

int series_next(struct series_stream *s, struct err *e)
{
	char *fields[IDENTITY], *rest;
	int got = line_get(s, e);
	if (got <= 0)
		return got;
	rest = s->line;
	for (int i = 0; i < IDENTITY; i++) {
		fields[i] = rest;
		rest = rest ? strchr(rest, ',') : NULL;
		if (rest)
			*rest++ = 0;
		else if (i < IDENTITY - 1 || s->column_count > 0)
			return stream_fail(s, "a field is missing", e);
	}
	s->scenario = fields[1];
	s->values = rest ? rest : s->line + strlen(s->line);
	if (!whole_field(fields[0], &s->run) || !whole_field(fields[2], &s->point) ||
	    !whole_field(fields[3], &s->replicate) || !whole_field(fields[5], &s->tick))
		return stream_fail(s, "a field is no whole number", e);
	return 1;
}

/* The first row that begins at a byte or behind it. */
static int row_behind(struct series_stream *s, int64_t byte, struct err *e)
{
	struct series_place before = {byte - 1, 0};
	int got = place_seek(s, before, e) ? -1 : line_get(s, e); /* the rest of a row */
	return got > 0 ? series_next(s, e) : got;
}

/* Rows that begin before `low` come before the wanted one, those from `high` on do not. */
int series_find(struct series_stream *s,
		int (*order)(const struct series_stream *row, const void *context),
		const void *context, struct err *e)
{
	struct series_place low = s->first_row;
	int64_t high = s->bytes;
	int got = 1;
	while (high - low.byte > FEW) {
		int64_t middle = low.byte + (high - low.byte) / 2;
		got = row_behind(s, middle, e);
		if (got < 0)
			return -1;
		if (got > 0 && s->at.byte < high && order(s, context) < 0)
			low = s->after;
		else
			high = middle;
	}
	if (place_seek(s, low, e))
		return -1;
	do
		got = series_next(s, e);
	while (got > 0 && order(s, context) < 0);
	return got;
}

void series_close(struct series_stream *s)
{
	if (s->file)
		fclose(s->file);
	mem_free(s->path);
	mem_free(s->header);
	mem_free(s->columns);
	mem_free(s->line);
	*s = (struct series_stream){0};
}

int series_first_difference(const struct series_stream *a, const struct series_stream *b,
			    const bool *passed_over)
{
	const char *x = a->values, *y = b->values;
	for (int column = 0; column < a->column_count; column++) {
		size_t n = strcspn(x, ","), m = strcspn(y, ",");
		if (!passed_over[column] && (n != m || memcmp(x, y, n) != 0))
			return column;
		x += x[n] ? n + 1 : n;
		y += y[m] ? m + 1 : m;
	}
	return -1;
}

/* What may differ while the worlds are the same: labels, and the plan of the frontier. */
bool *series_labels(const struct series_stream *s)
{
	bool *label;
	MEM_NEW(label, s->column_count + 1, "the columns of series.csv");
	for (int i = 0; i < s->column_count; i++)
		label[i] = strstr(s->columns[i], "_by_policy") != NULL ||
			   !strcmp(s->columns[i], "automation_frontier");
	return label;
}
