/* The key "sweep" of an experiment file. */
#include <string.h>

#include "ludd/mem.h"
#include "ludd/text.h"
#include "reading.h"

static void point_append(struct experiment *x, struct settings point)
{
	if ((x->point_count & (x->point_count - 1)) == 0)
		x->points = mem_resize(x->points, x->point_count ? 2 * (size_t)x->point_count : 1,
				       sizeof(*x->points), "the points of a sweep");
	x->points[x->point_count++] = point;
}

/* Every combination, the last axis fastest. */
static void grid_count(const struct reading *r, const cJSON *axes)
{
	const struct sweep *sweep = &r->x->sweep;
	double count = 1;
	for (int i = 0; i < sweep->axis_count; i++)
		count *= sweep->axes[i].values.count;
	if (count <= POINTS_MOST)
		r->x->point_count = (int64_t)count;
	else
		refuse(r, axes, "sweep.axes: the grid has %.15g points; at most %d are possible",
		       count, POINTS_MOST);
}

static void axis_values_read(struct reading *r, const cJSON *item, struct axis *axis)
{
	const cJSON *value;
	if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) == 0) {
		refuse(r, item, "sweep.axes: %s is %s; it must be an array of values",
		       item->string, cJSON_IsArray(item) ? "empty" : json_kind(item));
		return;
	}
	cJSON_ArrayForEach(value, item) {
		struct setting setting;
		if (setting_read(r, axis->param, value, FROM_POINT, &setting)) {
			setting.origin = FROM_POINT;
			settings_append(&axis->values, &setting);
		}
	}
}

static void grid_read(struct reading *r, const cJSON *axes)
{
	struct sweep *sweep = &r->x->sweep;
	const cJSON *item;
	int before = r->problems->errors;
	MEM_NEW(sweep->axes, cJSON_GetArraySize(axes) + 1, "the axes of a sweep");
	cJSON_ArrayForEach(item, axes) {
		struct axis *axis = &sweep->axes[sweep->axis_count];
		axis->param = key_read(r, item, item->string);
		if (axis->param == -1)
			continue;
		sweep->axis_count++;
		axis_values_read(r, item, axis);
	}
	if (r->problems->errors == before)
		grid_count(r, axes);
}

static void list_read(struct reading *r, const cJSON *points)
{
	const cJSON *item;
	if (cJSON_GetArraySize(points) > POINTS_MOST) {
		refuse(r, points, "sweep.points: has %d points; at most %d are possible",
		       cJSON_GetArraySize(points), POINTS_MOST);
		return;
	}
	cJSON_ArrayForEach(item, points) {
		struct settings point = {0};
		if (cJSON_IsObject(item))
			settings_read(r, item, FROM_POINT, &point);
		else
			refuse(r, item, "sweep.points: a point is %s; it must be an object of "
			       "parameters", json_kind(item));
		for (int i = 0; i < point.count; i++)
			point.items[i].origin = FROM_POINT;
		point_append(r->x, point);
	}
}

static bool method_read(const struct reading *r, const cJSON *sweep, enum sweep_method *method)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(sweep, "method");
	const char *known[SWEEP_METHODS], *near;
	int count = 0;
	struct text list = {0};
	for (int i = SWEEP_NONE + 1; i < SWEEP_METHODS; i++) {
		known[count++] = sweep_method_name((enum sweep_method)i);
		text_add(&list, "%s%s", i > SWEEP_NONE + 1 ? ", " : "", known[count - 1]);
	}
	*method = SWEEP_NONE;
	for (int i = 0; cJSON_IsString(item) && i < count; i++)
		if (!strcmp(item->valuestring, known[i]))
			*method = (enum sweep_method)(SWEEP_NONE + 1 + i);
	near = cJSON_IsString(item) ? nearest_word(item->valuestring, known, count) : NULL;
	if (!cJSON_IsString(item))
		refuse(r, item ? item : sweep, "sweep.method %s; it must be one of the texts %s",
		       item ? "is no text" : "is missing", list.s);
	else if (*method == SWEEP_NONE)
		refuse(r, item, "sweep.method is \"%s\"; it must be one of %s%s%s%s",
		       item->valuestring, list.s, near ? " (did you mean " : "",
		       near ? near : "", near ? "?)" : "");
	text_free(&list);
	return *method != SWEEP_NONE;
}

/* Unknown keys, and those of other methods. */
static void method_keys_check(const struct reading *r, const cJSON *sweep, enum sweep_method method)
{
	static const char *const known[] = {"method", "axes", "points", "trajectories", "levels",
					    "scrambled", "seed"};
	static const char *const taken[SWEEP_METHODS] = { /* beside the method */
		[SWEEP_GRID] = "axes", [SWEEP_LIST] = "points",
		[SWEEP_LATIN_HYPERCUBE] = "axes, points, seed",
		[SWEEP_SOBOL] = "axes, points, scrambled, seed",
		[SWEEP_SALTELLI] = "axes, points, scrambled, seed",
		[SWEEP_MORRIS] = "axes, trajectories, levels, seed",
	};
	keys_check(r, sweep, "sweep", known, LENGTH(known));
	for (int i = 1; i < LENGTH(known); i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(sweep, known[i]);
		if (item && !strstr(taken[method], known[i]))
			refuse(r, item, "sweep.%s: the method %s takes %s only", known[i],
			       sweep_method_name(method), taken[method]);
	}
}

void sweep_read(struct reading *r, const cJSON *sweep)
{
	const cJSON *axes = cJSON_GetObjectItemCaseSensitive(sweep, "axes");
	const cJSON *points = cJSON_GetObjectItemCaseSensitive(sweep, "points");
	enum sweep_method method;

	if (!cJSON_IsObject(sweep)) {
		refuse(r, sweep, "sweep is %s; it must be an object", json_kind(sweep));
		return;
	}
	if (!method_read(r, sweep, &method))
		return;
	method_keys_check(r, sweep, method);
	r->x->sweep.method = method;
	if (method == SWEEP_LIST && (!cJSON_IsArray(points) || !cJSON_GetArraySize(points)))
		refuse(r, points ? points : sweep, "sweep.points must be an array of points, "
		       "[{\"labour.applications\": 3}, ...]");
	else if (method == SWEEP_LIST)
		list_read(r, points);
	else if (!cJSON_IsObject(axes) || !cJSON_GetArraySize(axes))
		refuse(r, axes ? axes : sweep, "sweep.axes must be an object, {\"%s\": [%s]}",
		       "automation.frontier", method == SWEEP_GRID ? "0.2, 0.4" : "low, high");
	else if (method == SWEEP_GRID)
		grid_read(r, axes);
	else
		ranges_read(r, sweep, axes);
}
