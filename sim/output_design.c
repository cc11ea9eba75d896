/* Rows of design.csv: the points of a sweep. */
#include <inttypes.h>

#include "ludd/design.h"
#include "ludd/mem.h"
#include "ludd/output_parts.h"

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

void design_rows(const struct experiment *x, struct text *text)
{
	bool *varied = design_varied(x);
	struct design d = {0};
	struct err e;
	if (sweep_analysed(x->sweep.method))
		sweep_design(&x->sweep, &d, &e); /* was made before: the points come from it */
	for (int64_t p = 0; p < x->point_count; p++) {
		int mix = 0; /* mixes come in the order of policies */
		text_add(text, "%" PRId64, p);
		if (d.x)
			text_add(text, ",%" PRId64 ",%" PRId64 ",%s", p / d.block_rows,
				 p % d.block_rows, row_changed(&x->sweep, &d, p));
		for (int i = 0; i < param_count(); i++) {
			if (varied[i]) {
				text_add(text, ",");
				design_cell(&x->points[p], i, mix, text);
			}
			mix += param_at(i)->mix;
		}
		text_add(text, "\n");
	}
	design_free(&d);
	mem_free(varied);
}
