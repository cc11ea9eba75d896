/* Rows of series.csv and design.csv. */
#include <inttypes.h>
#include <string.h>

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

static void setting_marked(bool *varied, const struct setting *s)
{
	if (s->param != PARAM_MIX)
		varied[s->param] = true;
	for (int i = 0; s->param == PARAM_MIX && i < param_count(); i++)
		varied[i] = varied[i] || param_at(i)->mix;
}

bool *design_varied(const struct experiment *x)
{
	bool *varied;
	MEM_NEW(varied, param_count() + 1, "the parameters of a sweep");
	for (int64_t p = 0; p < x->point_count; p++)
		for (int i = 0; i < x->points[p].count; i++)
			setting_marked(varied, &x->points[p].items[i]);
	return varied;
}

static void setting_text(const struct setting *s, int param, int mix, struct text *text)
{
	const struct param_info *info = param_at(param);
	char number[32], name[64];
	if (info->type == PARAM_TYPE_CHOICE) {
		text_add(text, "%s", param_choice_name(info, (int)s->value, name));
		return;
	}
	number_text(info->mix ? s->mix[mix] : s->value, number);
	text_add(text, "%s", number);
}

/* The point's own setting, or an empty cell: then file, scenario or default decide. */
static void design_cell(const struct settings *point, int param, int mix, struct text *text)
{
	for (int i = point->count - 1; i >= 0; i--) {
		const struct setting *s = &point->items[i];
		if (s->param == (param_at(param)->mix ? PARAM_MIX : param)) {
			setting_text(s, param, mix, text);
			return;
		}
	}
}

void design_rows(const struct experiment *x, struct text *text)
{
	bool *varied = design_varied(x);
	for (int64_t p = 0; p < x->point_count; p++) {
		int mix = 0; /* mixes come in the order of policies */
		text_add(text, "%" PRId64, p);
		for (int i = 0; i < param_count(); i++) {
			if (varied[i]) {
				text_add(text, ",");
				design_cell(&x->points[p], i, mix, text);
			}
			mix += param_at(i)->mix;
		}
		text_add(text, "\n");
	}
	mem_free(varied);
}
