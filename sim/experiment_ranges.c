/* Sweeps that draw their points: between the two ends of each axis, by a design. */
#include <string.h>

#include "ludd/design.h"
#include "ludd/mem.h"
#include "reading.h"

enum { LEVELS = 4, LEVELS_MOST = 1024 }; /* Morris */

static void design_fill(const struct reading *r, const cJSON *axes)
{
	static const enum design_method methods[SWEEP_METHODS] = {
		[SWEEP_LATIN_HYPERCUBE] = DESIGN_LATIN_HYPERCUBE, [SWEEP_SOBOL] = DESIGN_SOBOL,
		[SWEEP_SALTELLI] = DESIGN_SALTELLI, [SWEEP_MORRIS] = DESIGN_MORRIS,
	};
	struct experiment *x = r->x;
	const struct sweep *s = &x->sweep;
	struct design_request q = {
		.method = methods[s->method], .dimensions = s->axis_count, .points = s->wanted,
		.levels = s->levels, .scrambled = s->scrambled, .seed = s->seed,
	};
	struct err e = {0};
	MEM_NEW(x->design, 1, "a design");
	if (design_make(x->design, &q, &e))
		refuse(r, axes, "sweep.axes: %s", e.text);
	else
		x->point_count = x->design->rows;
}

/* The two ends; for a mix two mixes, between which every share moves in a straight line. */
static void axis_range_read(struct reading *r, const cJSON *item, struct axis *axis)
{
	bool choice = axis->param != PARAM_MIX && param_at(axis->param)->type == PARAM_TYPE_CHOICE;
	struct setting end[2];
	if (choice) {
		refuse(r, item,
		       "sweep.axes: %s has names for values, with none between them; sweep "
		       "it with the method grid or list, or make each value a scenario",
		       item->string);
		return;
	}
	if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != 2) {
		refuse(r, item, "sweep.axes: %s must be a range [low, high] for this method",
		       item->string);
		return;
	}
	for (int i = 0; i < 2; i++) {
		const cJSON *value = cJSON_GetArrayItem(item, i);
		if (!setting_read(r, axis->param, value, FROM_POINT, &end[i]))
			return;
		end[i].origin = FROM_POINT;
		settings_append(&axis->values, &end[i]);
	}
	if (axis->param == PARAM_MIX && !memcmp(end[0].mix, end[1].mix, sizeof(end[0].mix)))
		refuse(r, item, "sweep.axes: policy.mix: the two ends are the same mix; give the "
		       "mixes to move between");
	else if (axis->param != PARAM_MIX && !(end[0].value < end[1].value))
		refuse(r, item, "sweep.axes: %s: the range's low end must lie below its high end",
		       item->string);
}

static void scrambled_read(const struct reading *r, const cJSON *sweep)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(sweep, "scrambled");
	r->x->sweep.scrambled = !item || cJSON_IsTrue(item);
	if (item && !cJSON_IsBool(item))
		refuse(r, item, "sweep.scrambled is %s; it must be true or false", json_kind(item));
}

static void levels_read(const struct reading *r, const cJSON *sweep)
{
	struct sweep *s = &r->x->sweep;
	s->levels = (int)whole_read(r, sweep, "sweep", "levels", 2, LEVELS_MOST, LEVELS);
	if (s->levels % 2 != 0)
		refuse(r, cJSON_GetObjectItemCaseSensitive(sweep, "levels"),
		       "sweep.levels is %d; it must be even", s->levels);
}

/* How many points, or blocks of points. */
static void wanted_read(const struct reading *r, const cJSON *sweep)
{
	struct sweep *s = &r->x->sweep;
	const char *key = s->method == SWEEP_MORRIS ? "trajectories" : "points";
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(sweep, key);
	int64_t block = s->method == SWEEP_MORRIS ? s->axis_count + 1
			: s->method == SWEEP_SALTELLI ? s->axis_count + 2 : 1;
	if (!item) {
		refuse(r, sweep, "sweep.%s is missing; the method %s needs it, as in \"%s\": %d",
		       key, sweep_method_name(s->method), key,
		       s->method == SWEEP_MORRIS ? 20 : 64);
		return;
	}
	s->wanted = whole_read(r, sweep, "sweep", key, 1, POINTS_MOST, 1);
	if (s->wanted * block > POINTS_MOST)
		refuse(r, item, "sweep.%s is %lld, %lld points with %d axes; %d are possible: take "
		       "%lld at most", key, (long long)s->wanted, (long long)(s->wanted * block),
		       s->axis_count, POINTS_MOST, (long long)(POINTS_MOST / block));
	else if ((s->method == SWEEP_SOBOL || s->method == SWEEP_SALTELLI) &&
		 (s->wanted & (s->wanted - 1)) != 0)
		warn(r, item, "sweep.points is %lld; a Sobol' sequence fills the ranges evenly for "
		     "powers of 2 only", (long long)s->wanted);
}

void ranges_read(struct reading *r, const cJSON *sweep, const cJSON *axes)
{
	struct sweep *s = &r->x->sweep;
	const cJSON *item;
	int before = r->problems->errors;
	MEM_NEW(s->axes, cJSON_GetArraySize(axes) + 1, "the axes of a sweep");
	cJSON_ArrayForEach(item, axes) {
		struct axis *axis = &s->axes[s->axis_count];
		axis->param = key_read(r, item, item->string);
		if (axis->param == -1)
			continue;
		s->axis_count++;
		axis_range_read(r, item, axis);
	}
	s->seed = seed_read(r, cJSON_GetObjectItemCaseSensitive(sweep, "seed"), "sweep.seed",
			    r->x->seed);
	scrambled_read(r, sweep);
	levels_read(r, sweep);
	wanted_read(r, sweep);
	if (r->problems->errors == before)
		design_fill(r, axes);
}
