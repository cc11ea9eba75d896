/* The keys "windows" and "outputs" of an experiment file. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "reading.h"

enum { SAMPLE_MOST = 1000000000 };

static bool tick_read(const struct reading *r, const cJSON *item, const char *window, int64_t *tick)
{
	const char *text = json_number_text(r->doc, item);
	if (!text || item->valuedouble != floor(item->valuedouble) || item->valuedouble < 0 ||
	    item->valuedouble > TICKS_MOST) {
		refuse(r, item, "windows: %s: %s is no tick; ticks count from 0 (the first after "
		       "burn_in)", window, text ? text : json_kind(item));
		return false;
	}
	*tick = (int64_t)item->valuedouble;
	return true;
}

static void window_read(const struct reading *r, const cJSON *item, bool ticks_cut)
{
	struct experiment *x = r->x;
	struct window w = {0};
	if (!name_valid(item->string)) {
		refuse(r, item, "windows: \"%s\" is no name: 1 to %d letters, digits, '.', '_', "
		       "'-', beginning with a letter or digit", item->string, NAME_LENGTH);
		return;
	}
	if (!cJSON_IsArray(item) || cJSON_GetArraySize(item) != 2) {
		refuse(r, item, "windows: %s must be two ticks, [first, last]", item->string);
		return;
	}
	if (!tick_read(r, cJSON_GetArrayItem(item, 0), item->string, &w.first) ||
	    !tick_read(r, cJSON_GetArrayItem(item, 1), item->string, &w.last))
		return;
	snprintf(w.name, sizeof(w.name), "%s", item->string);
	if (w.first > w.last) {
		refuse(r, item, "windows: %s begins at tick %lld, after its end at %lld", w.name,
		       (long long)w.first, (long long)w.last);
	} else if (w.last / x->series_every * x->series_every < w.first) {
		refuse(r, item, "windows: %s holds no tick that outputs.every = %lld reports",
		       w.name, (long long)x->series_every);
	} else if (w.last < x->ticks) {
		x->windows[x->window_count++] = w;
	} else if (!ticks_cut) {
		refuse(r, item, "windows: %s ends at tick %lld; with ticks = %lld the last one is "
		       "%lld", w.name, (long long)w.last, (long long)x->ticks,
		       (long long)x->ticks - 1);
	} else if (w.first < x->ticks) {
		w.last = x->ticks - 1;
		warn(r, item, "windows: %s is cut to [%lld, %lld] by --ticks", w.name,
		     (long long)w.first, (long long)w.last);
		x->windows[x->window_count++] = w;
	} else {
		warn(r, item, "windows: %s is left out: it begins after the last tick of --ticks",
		     w.name);
	}
}

void windows_read(struct reading *r, const cJSON *windows, bool ticks_cut)
{
	struct experiment *x = r->x;
	const cJSON *item;
	if (windows && (!cJSON_IsObject(windows) || !cJSON_GetArraySize(windows) ||
			cJSON_GetArraySize(windows) > WINDOWS))
		refuse(r, windows, "windows must be an object of 1 to %d windows, {\"after\": "
		       "[360, 599]}", WINDOWS);
	else
		cJSON_ArrayForEach(item, windows)
			window_read(r, item, ticks_cut);
	if (!x->window_count)
		x->windows[x->window_count++] = (struct window){"all", 0, x->ticks - 1};
}

static void series_all(struct experiment *x)
{
	MEM_NEW(x->series_metrics, metric_count(), "the metrics of series.csv");
	x->series_metric_count = metric_count();
	for (int i = 0; i < metric_count(); i++)
		x->series_metrics[i] = i;
}

static void series_name_read(const struct reading *r, const cJSON *name)
{
	struct experiment *x = r->x;
	const char *near;
	int metric;
	if (!cJSON_IsString(name)) {
		refuse(r, name, "outputs.series: %s is no metric's name", json_kind(name));
		return;
	}
	metric = metric_by_name(name->valuestring);
	if (metric < 0) {
		near = metric_nearest(name->valuestring);
		refuse(r, name, "outputs.series: %s: no such metric (%s%s%s", name->valuestring,
		       near ? "did you mean " : "'ludd metrics' lists them", near ? near : "",
		       near ? "?)" : ")");
		return;
	}
	for (int i = 0; i < x->series_metric_count; i++)
		if (x->series_metrics[i] == metric) {
			refuse(r, name, "outputs.series: %s is given twice", name->valuestring);
			return;
		}
	x->series_metrics[x->series_metric_count++] = metric;
}

static void series_read(const struct reading *r, const cJSON *series)
{
	const cJSON *name;
	if (!series || (cJSON_IsString(series) && !strcmp(series->valuestring, "all"))) {
		series_all(r->x);
	} else if (cJSON_IsArray(series) && cJSON_GetArraySize(series) > 0) {
		MEM_NEW(r->x->series_metrics, metric_count(), "the metrics of series.csv");
		cJSON_ArrayForEach(name, series)
			series_name_read(r, name);
	} else {
		refuse(r, series, "outputs.series must be \"all\" or an array of metrics' names");
	}
}

static void panel_read(const struct reading *r, const cJSON *panels, const char *name,
		       struct panel *panel)
{
	static const char *const known[] = {"every", "sample"};
	char where[64];
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(panels, name);
	*panel = (struct panel){.every = 12};
	if (!item)
		return;
	snprintf(where, sizeof(where), "outputs.panels.%s", name);
	if (!cJSON_IsObject(item)) {
		refuse(r, item, "%s is %s; it must be an object, {\"every\": 12}", where,
		       json_kind(item));
		return;
	}
	keys_check(r, item, where, known, LENGTH(known));
	panel->wanted = true;
	panel->every = whole_read(r, item, where, "every", 1, TICKS_MOST, 12);
	panel->sample = whole_read(r, item, where, "sample", 0, SAMPLE_MOST, 0);
}

void outputs_read(struct reading *r, const cJSON *outputs)
{
	static const char *const known[] = {"series", "every", "panels", "transitions",
					    "checkpoints"};
	static const char *const known_panels[] = {"firms", "workers"};
	static const char *const known_checkpoints[] = {"every"};
	const cJSON *panels = cJSON_GetObjectItemCaseSensitive(outputs, "panels");
	const cJSON *transitions = cJSON_GetObjectItemCaseSensitive(outputs, "transitions");
	const cJSON *checkpoints = cJSON_GetObjectItemCaseSensitive(outputs, "checkpoints");
	struct experiment *x = r->x;

	if (outputs && !cJSON_IsObject(outputs))
		refuse(r, outputs, "outputs is %s; it must be an object", json_kind(outputs));
	keys_check(r, outputs, "outputs", known, LENGTH(known));
	series_read(r, cJSON_GetObjectItemCaseSensitive(outputs, "series"));
	x->series_every = whole_read(r, outputs, "outputs", "every", 1, TICKS_MOST, 1);
	if (panels && !cJSON_IsObject(panels))
		refuse(r, panels, "outputs.panels is %s; it must be an object", json_kind(panels));
	keys_check(r, panels, "outputs.panels", known_panels, LENGTH(known_panels));
	panel_read(r, panels, "firms", &x->firms);
	panel_read(r, panels, "workers", &x->workers);
	if (transitions && !cJSON_IsBool(transitions))
		refuse(r, transitions, "outputs.transitions is %s; it must be true or false",
		       json_kind(transitions));
	x->transitions = cJSON_IsTrue(transitions);
	if (checkpoints && !cJSON_IsObject(checkpoints))
		refuse(r, checkpoints, "outputs.checkpoints is %s; it must be an object, "
		       "{\"every\": 120}", json_kind(checkpoints));
	keys_check(r, checkpoints, "outputs.checkpoints", known_checkpoints,
		   LENGTH(known_checkpoints));
	x->checkpoint_every = whole_read(r, checkpoints, "outputs.checkpoints", "every", 1,
					 TICKS_MOST, 0);
}
