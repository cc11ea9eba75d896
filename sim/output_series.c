/* Rows of series.csv. */
#include <inttypes.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output_parts.h"

enum { CELL = 32 }; /* bytes: any number and a comma */

/* Numbers go straight into the row: this is the hot path of writing results. */
static void row_fill(char *row, const struct experiment *x, const double *values)
{
	size_t n = 0;
	for (int i = 0; i < x->series_metric_count; i++) {
		row[n++] = ',';
		n += (size_t)number_text(values[x->series_metrics[i]], row + n);
	}
	row[n++] = '\n';
	row[n] = 0;
}

void series_rows(const struct experiment *x, const struct run_result *r, struct text *text)
{
	const struct run_id *id = &r->id;
	char *row, prefix[NAME_LENGTH + 128];
	MEM_NEW(row, CELL * x->series_metric_count + CELL, "a row of series.csv");
	snprintf(prefix, sizeof(prefix), "%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRIu64, id->run,
		 x->scenarios[id->scenario].name, id->point, id->replicate, id->seed);
	for (int64_t i = 0; i < r->rows; i++) {
		row_fill(row, x, r->series + i * metric_count());
		text_add(text, "%s,%" PRId64 "%s", prefix, r->ticks[i], row);
	}
	mem_free(row);
}
