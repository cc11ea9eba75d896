/* Where the rows of two runs in series.csv differ first. */
#include <inttypes.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

static int run_order(const struct series_stream *row, const void *run)
{
	int64_t wanted = *(const int64_t *)run;
	return (row->run > wanted) - (row->run < wanted);
}

/* To the first row of a run; fails where there is none. */
static int run_seek(struct series_stream *s, int64_t run, struct err *e)
{
	int got = series_find(s, run_order, &run, e);
	if (got == 0 || (got > 0 && s->run != run))
		return err_set(e, EXIT_USAGE, "%s has no row of run %" PRId64, s->path, run);
	return got < 0 ? -1 : 0;
}

static int columns_match(const struct series_stream *a, const struct series_stream *b,
			 struct err *e)
{
	bool same = a->column_count == b->column_count;
	for (int i = 0; same && i < a->column_count; i++)
		same = !strcmp(a->columns[i], b->columns[i]);
	return same ? 0
		    : err_set(e, EXIT_USAGE, "%s and %s do not have the same metrics", a->path,
			      b->path);
}

static void cells_compare(const struct series_stream *a, const struct series_stream *b,
			  const bool *labels, struct series_parting *p)
{
	const char *x = a->values, *y = b->values;
	for (int i = 0; i < a->column_count; i++) {
		int n = (int)strcspn(x, ","), m = (int)strcspn(y, ",");
		if (!labels[i] && (n != m || memcmp(x, y, (size_t)n) != 0)) {
			struct series_cell *cell = &p->list[smaller_i64(p->count++, CELLS - 1)];
			snprintf(cell->metric, sizeof(cell->metric), "%s", a->columns[i]);
			snprintf(cell->a, sizeof(cell->a), "%.*s", n, x);
			snprintf(cell->b, sizeof(cell->b), "%.*s", m, y);
		}
		x += x[n] ? n + 1 : n;
		y += y[m] ? m + 1 : m;
	}
}

/* From the first row of both runs on. */
static int rows_part(struct series_stream *a, struct series_stream *b, const bool *labels,
		     struct series_parting *p, struct err *e)
{
	int64_t run_a = a->run, run_b = b->run;
	int got_a = 1, got_b = 1;
	for (;; p->rows++) {
		bool here_a = got_a > 0 && a->run == run_a, here_b = got_b > 0 && b->run == run_b;
		if (!here_a && !here_b)
			return 0;
		p->tick = !here_b || (here_a && a->tick < b->tick) ? a->tick : b->tick;
		if (here_a != here_b || a->tick != b->tick)
			return 1;
		cells_compare(a, b, labels, p);
		if (p->count)
			return 1;
		got_a = series_next(a, e);
		got_b = got_a < 0 ? -1 : series_next(b, e);
		if (got_b < 0)
			return -1;
	}
}

int series_part(const char *directory_a, int64_t run_a, const char *directory_b, int64_t run_b,
		struct series_parting *p, struct err *e)
{
	struct series_stream a = {0}, b = {0};
	*p = (struct series_parting){0};
	int result = series_open(&a, directory_a, e) || series_open(&b, directory_b, e) ||
				     columns_match(&a, &b, e) || run_seek(&a, run_a, e) ||
				     run_seek(&b, run_b, e)
			     ? -1
			     : 0;
	if (!result) {
		bool *labels = series_labels(&a);
		result = rows_part(&a, &b, labels, p, e);
		mem_free(labels);
	}
	series_close(&a);
	series_close(&b);
	return result;
}
