/* The key "sweep" of an experiment file. */
#include <string.h>

#include "ludd/mem.h"
#include "reading.h"

static void point_append(struct experiment *x, struct settings point)
{
	if ((x->point_count & (x->point_count - 1)) == 0)
		x->points = mem_resize(x->points, x->point_count ? 2 * (size_t)x->point_count : 1,
				       sizeof(*x->points), "the points of a sweep");
	x->points[x->point_count++] = point;
}

/* Every combination, the last axis fastest. */
static void grid_fill(struct experiment *x)
{
	const struct sweep *sweep = &x->sweep;
	int64_t count = 1;
	for (int i = 0; i < sweep->axis_count; i++)
		count *= sweep->axes[i].values.count;
	for (int64_t point = 0; point < count; point++) {
		struct settings settings = {0};
		int64_t rest = point, block = count;
		for (int i = 0; i < sweep->axis_count; i++) {
			const struct settings *values = &sweep->axes[i].values;
			block /= values->count;
			settings_append(&settings, &values->items[rest / block]);
			rest %= block;
		}
		point_append(x, settings);
	}
}

static bool grid_small_enough(const struct reading *r, const cJSON *axes)
{
	const struct sweep *sweep = &r->x->sweep;
	double count = 1;
	for (int i = 0; i < sweep->axis_count; i++)
		count *= sweep->axes[i].values.count;
	if (count <= POINTS_MOST)
		return true;
	refuse(r, axes, "sweep.axes: the grid has %.15g points; at most %d are possible", count,
	       POINTS_MOST);
	return false;
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

/* [low, high] of a number. */
static void axis_range_read(struct reading *r, const cJSON *item, struct axis *axis)
{
	const cJSON *low = cJSON_GetArrayItem(item, 0), *high = cJSON_GetArrayItem(item, 1);
	struct setting a, b;
	if (axis->param == PARAM_MIX || param_at(axis->param)->type == PARAM_TYPE_CHOICE)
		refuse(r, item, "sweep.axes: %s is no number; this method needs a range "
		       "[low, high], the methods grid and list do not", item->string);
	else if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != 2)
		refuse(r, item, "sweep.axes: %s must be a range [low, high] for this method",
		       item->string);
	else if (setting_read(r, axis->param, low, FROM_POINT, &a) &&
		 setting_read(r, axis->param, high, FROM_POINT, &b)) {
		axis->low = a.value;
		axis->high = b.value;
		if (!(a.value < b.value))
			refuse(r, item, "sweep.axes: %s: the range's low end must lie below its "
			       "high end", item->string);
	}
}

static void axes_read(struct reading *r, const cJSON *axes, bool ranges)
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
		if (ranges)
			axis_range_read(r, item, axis);
		else
			axis_values_read(r, item, axis);
	}
	if (r->problems->errors == before && !ranges && grid_small_enough(r, axes))
		grid_fill(r->x);
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
	static const char *const known[] = {"grid", "list", "latin_hypercube", "sobol", "morris"};
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(sweep, "method");
	const char *near;
	if (!cJSON_IsString(item)) {
		refuse(r, item ? item : sweep, "sweep.method %s; it must be one of the texts grid, "
		       "list", item ? "is no text" : "is missing");
		return false;
	}
	for (int i = 0; i < LENGTH(known); i++)
		if (!strcmp(item->valuestring, known[i])) {
			*method = (enum sweep_method)(i + SWEEP_GRID);
			return true;
		}
	near = nearest_word(item->valuestring, known, LENGTH(known));
	refuse(r, item, "sweep.method is \"%s\"; it must be one of grid, list%s%s%s",
	       item->valuestring, near ? " (did you mean " : "", near ? near : "",
	       near ? "?)" : "");
	return false;
}

void sweep_read(struct reading *r, const cJSON *sweep)
{
	static const char *const known[] = {"method", "axes", "points"};
	const cJSON *axes = cJSON_GetObjectItemCaseSensitive(sweep, "axes");
	const cJSON *points = cJSON_GetObjectItemCaseSensitive(sweep, "points");
	enum sweep_method method;

	if (!cJSON_IsObject(sweep)) {
		refuse(r, sweep, "sweep is %s; it must be an object", json_kind(sweep));
		return;
	}
	keys_check(r, sweep, "sweep", known, LENGTH(known));
	if (!method_read(r, sweep, &method))
		return;
	r->x->sweep.method = method;
	if (method == SWEEP_LIST ? axes != NULL : method == SWEEP_GRID && points)
		refuse(r, sweep, "sweep: the method %s takes \"%s\" only",
		       sweep_method_name(method),
		       method == SWEEP_LIST ? "points" : "axes");
	else if (method == SWEEP_LIST && (!cJSON_IsArray(points) || !cJSON_GetArraySize(points)))
		refuse(r, points ? points : sweep, "sweep.points must be an array of points, "
		       "[{\"labour.applications\": 3}, ...]");
	else if (method == SWEEP_LIST)
		list_read(r, points);
	else if (!cJSON_IsObject(axes) || !cJSON_GetArraySize(axes))
		refuse(r, axes ? axes : sweep, "sweep.axes must be an object, {\"%s\": [%s]}",
		       "automation.frontier", method == SWEEP_GRID ? "0.2, 0.4" : "low, high");
	else
		axes_read(r, axes, method != SWEEP_GRID);
	if (method > SWEEP_LIST) {
		r->x->sweep.wanted = whole_read(r, sweep, "sweep", "points", 1, POINTS_MOST, 1);
		refuse(r, sweep, "sweep.method is \"%s\"; this version knows grid and list",
		       sweep_method_name(method));
	}
}
