/* Rows of design.csv: the points of a sweep. */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "ludd/design.h"
#include "ludd/mem.h"
#include "ludd/output_parts.h"

static void setting_marked(bool *varied, int param)
{
	if (param != PARAM_MIX)
		varied[param] = true;
	for (int i = 0; param == PARAM_MIX && i < param_count(); i++)
		varied[i] = varied[i] || param_at(i)->mix;
}

bool *design_varied(const struct experiment *x)
{
	bool *varied;
	MEM_NEW(varied, param_count() + 1, "the parameters of a sweep");
	for (int64_t p = 0; p < x->point_count && x->points; p++)
		for (int i = 0; i < x->points[p].count; i++)
			setting_marked(varied, x->points[p].items[i].param);
	for (int i = 0; i < x->sweep.axis_count && !x->points; i++)
		setting_marked(varied, x->sweep.axes[i].param);
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

/* The parameter that moved since the row before (Morris), or that comes from the block's last row
 * (Saltelli); "" in the first row, "all" in Saltelli's last. */
static const char *row_changed(const struct sweep *s, const struct design *d, int64_t row)
{
	int64_t step = row % d->block_rows;
	int i = (int)step - 1;
	if (step == 0)
		return "";
	if (d->method == DESIGN_SALTELLI && step > d->dimensions)
		return "all";
	if (d->method == DESIGN_MORRIS)
		for (i = 0; design_row(d, row)[i] == design_row(d, row - 1)[i];)
			i++;
	return setting_key(&s->axes[i].values.items[0]);
}

static void row_text(const struct experiment *x, const bool *varied, int64_t row, struct text *text)
{
	const struct design *d = x->design;
	struct settings point = {0};
	int mix = 0; /* mixes come in the order of policies */
	experiment_point(x, row, &point);
	text_add(text, "%" PRId64, row);
	if (sweep_analysed(x->sweep.method))
		text_add(text, ",%" PRId64 ",%" PRId64 ",%s", row / d->block_rows,
			 row % d->block_rows, row_changed(&x->sweep, d, row));
	for (int i = 0; i < param_count(); i++) {
		if (varied[i]) {
			text_add(text, ",");
			design_cell(&point, i, mix, text);
		}
		mix += param_at(i)->mix;
	}
	text_add(text, "\n");
	mem_free(point.items);
}

/* Into an empty text: line 0 is the header, then a line a point. */
static void line_make(const struct experiment *x, const bool *varied, int64_t line,
		      struct text *text)
{
	text->length = 0;
	if (line > 0) {
		row_text(x, varied, line - 1, text);
		return;
	}
	struct table t = table_of(x, TABLE_DESIGN);
	table_header(&t, text);
	table_free(&t);
}

int design_write(const struct experiment *x, const char *directory, struct err *e)
{
	struct outfile f = {0};
	struct text text = {0};
	if (!table_wanted(x, TABLE_DESIGN))
		return 0;
	bool *varied = design_varied(x);
	int failed = outfile_open(&f, directory, "design.csv", e);
	for (int64_t line = 0; line <= x->point_count && !failed; line++) {
		line_make(x, varied, line, &text);
		failed = outfile_write(&f, text.s, text.length, e);
	}
	failed = failed || outfile_commit(&f, e);
	outfile_abandon(&f);
	text_free(&text);
	mem_free(varied);
	return failed ? -1 : 0;
}

int design_same(const struct experiment *x, const char *directory, struct err *e)
{
	struct text text = {0};
	char *path = mem_format("%s/design.csv", directory), *found = NULL;
	size_t room = 0;
	FILE *f = fopen(path, "r");
	bool *varied = design_varied(x), same = f != NULL;
	int failed = f ? 0 : io_failed(e, "cannot be read", path, errno);
	for (int64_t line = 0; line <= x->point_count && same; line++) {
		line_make(x, varied, line, &text);
		same = line_take(f, &found, &room) && !strcmp(found, text.s);
	}
	same = same && !line_take(f, &found, &room);
	if (f && ferror(f))
		failed = io_failed(e, "cannot be read", path, errno);
	else if (f && !same)
		failed = err_set(e, EXIT_USAGE, "%s does not hold the points of its experiment; "
				 "run the experiment again", path);
	if (f)
		fclose(f);
	mem_free(found);
	mem_free(path);
	mem_free(varied);
	text_free(&text);
	return failed ? -1 : 0;
}
