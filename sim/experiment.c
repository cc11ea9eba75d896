#include "ludd/experiment.h"

#include <string.h>

#include "ludd/design.h"
#include "ludd/mem.h"
#include "ludd/rng.h"

const struct setting *settings_find(const struct settings *s, int param)
{
	for (int i = 0; i < s->count; i++)
		if (s->items[i].param == param)
			return &s->items[i];
	return NULL;
}

void settings_append(struct settings *s, const struct setting *item)
{
	if ((s->count & (s->count - 1)) == 0) /* room for 0, 1, 2, 4 ... is used up */
		s->items = mem_resize(s->items, s->count ? 2 * (size_t)s->count : 1,
				      sizeof(*s->items), "parameter settings");
	s->items[s->count++] = *item;
}

void settings_put(struct settings *s, const struct setting *item)
{
	for (int i = 0; i < s->count; i++)
		if (s->items[i].param == item->param) {
			s->items[i] = *item;
			return;
		}
	settings_append(s, item);
}

const char *setting_key(const struct setting *s)
{
	return s->param == PARAM_MIX ? "policy.mix" : param_at(s->param)->key;
}

const char *origin_name(enum origin o)
{
	static const char *const names[ORIGINS] = {"default", "file", "scenario", "--set", "point"};
	return names[o];
}

const char *sweep_method_name(enum sweep_method m)
{
	static const char *const names[SWEEP_METHODS] = {
		"none", "grid", "list", "latin_hypercube", "sobol", "saltelli", "morris",
	};
	return names[m];
}

bool sweep_draws(enum sweep_method m)
{
	return m > SWEEP_LIST;
}

bool sweep_analysed(enum sweep_method m)
{
	return m == SWEEP_SALTELLI || m == SWEEP_MORRIS;
}

bool experiment_sweeps(const struct experiment *x, int param)
{
	bool found = false;
	for (int64_t i = 0; i < x->point_count && x->points && !found; i++)
		found = settings_find(&x->points[i], param) != NULL;
	for (int i = 0; i < x->sweep.axis_count && x->point_count && !x->points; i++)
		found = found || x->sweep.axes[i].param == param;
	return found;
}

/* The value at u of the way from one end of the axis to the other. */
static struct setting axis_setting(const struct axis *axis, double u)
{
	const struct setting *low = &axis->values.items[0], *high = &axis->values.items[1];
	struct setting s = *low;
	if (axis->param != PARAM_MIX) {
		bool whole = param_at(axis->param)->type == PARAM_TYPE_WHOLE;
		s.value = design_value(u, low->value, high->value, whole);
		return s;
	}
	for (int i = 0; i < PARAMS_POLICIES; i++)
		s.mix[i] = (1 - u) * low->mix[i] + u * high->mix[i];
	return s;
}

static void grid_point(const struct sweep *sweep, int64_t block, int64_t point, struct settings *s)
{
	for (int i = 0; i < sweep->axis_count; i++) {
		const struct settings *values = &sweep->axes[i].values;
		block /= values->count;
		settings_append(s, &values->items[point / block]);
		point %= block;
	}
}

static void drawn_point(const struct sweep *sweep, const double *row, struct settings *s)
{
	for (int i = 0; i < sweep->axis_count; i++) {
		struct setting drawn = axis_setting(&sweep->axes[i], row[i]);
		settings_append(s, &drawn);
	}
}

/* A point is made when it is asked for: kept, each of its settings would hold a whole mix. */
void experiment_point(const struct experiment *x, int64_t point, struct settings *s)
{
	mem_free(s->items);
	*s = (struct settings){0};
	for (int i = 0; x->points && i < x->points[point].count; i++)
		settings_append(s, &x->points[point].items[i]);
	if (!x->points && x->design)
		drawn_point(&x->sweep, design_row(x->design, point), s);
	else if (!x->points)
		grid_point(&x->sweep, x->point_count, point, s);
}

struct run_id experiment_run(const struct experiment *x, int64_t run)
{
	struct run_id id = {.run = run};
	int64_t row = run / x->replicates;
	id.replicate = run % x->replicates;
	id.point = row % x->point_count;
	id.scenario = (int)(row / x->point_count);
	/* The first has the experiment's own seed, so that --seed can repeat any single one. */
	id.seed = id.replicate ? rng_replicate_seed(x->seed, (uint64_t)id.replicate) : x->seed;
	return id;
}

static void settings_apply(const struct settings *s, struct params *p)
{
	for (int i = 0; i < s->count; i++) {
		if (s->items[i].param == PARAM_MIX)
			memcpy(p->mix, s->items[i].mix, sizeof(p->mix));
		else
			param_set(p, s->items[i].param, s->items[i].value);
	}
}

void experiment_params(const struct experiment *x, const struct run_id *id, struct params *p)
{
	struct settings point = {0};
	params_default(p);
	settings_apply(&x->base, p);
	settings_apply(&x->scenarios[id->scenario].settings, p);
	experiment_point(x, id->point, &point);
	settings_apply(&point, p);
	mem_free(point.items);
}

void experiment_free(struct experiment *x)
{
	if (!x)
		return;
	for (int i = 0; i < x->scenario_count; i++)
		mem_free(x->scenarios[i].settings.items);
	for (int64_t i = 0; i < x->point_count && x->points; i++)
		mem_free(x->points[i].items);
	if (x->design)
		design_free(x->design);
	for (int i = 0; i < x->sweep.axis_count; i++)
		mem_free(x->sweep.axes[i].values.items);
	mem_free(x->base.items);
	mem_free(x->scenarios);
	mem_free(x->points);
	mem_free(x->design);
	mem_free(x->sweep.axes);
	mem_free(x->series_metrics);
	mem_free(x->why);
	mem_free(x->file);
	mem_free(x);
}
