/* The resolved experiment: a valid experiment file in which nothing is left to defaults. */
#include <string.h>

#include "ludd/experiment.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/policy.h"
#include "ludd/text.h"

static void number_add(struct text *t, double x)
{
	char number[32];
	number_text(x, number);
	text_add(t, "%s", number);
}

static void mix_add(struct text *t, const double *mix)
{
	const char *comma = "";
	text_add(t, "{");
	for (int i = 0; i < POLICY_COUNT; i++) {
		if (mix[i] == 0)
			continue;
		text_add(t, "%s\"%s\": ", comma, policies[i]->name);
		number_add(t, mix[i]);
		comma = ", ";
	}
	text_add(t, "}");
}

static void value_add(struct text *t, const struct setting *s)
{
	char name[64];
	if (s->param == PARAM_MIX)
		mix_add(t, s->mix);
	else if (param_at(s->param)->type == PARAM_TYPE_CHOICE)
		text_add(t, "\"%s\"", param_choice_name(param_at(s->param), (int)s->value, name));
	else
		number_add(t, s->value);
}

static void setting_add(struct text *t, const struct setting *s)
{
	text_add(t, "{\"value\": ");
	value_add(t, s);
	text_add(t, ", \"unit\": ");
	text_quote(t, s->param == PARAM_MIX ? "share of firms" : param_at(s->param)->unit);
	text_add(t, ", \"from\": \"%s\"}", origin_name(s->origin));
}

/* What the base says of a parameter, its default included. */
static struct setting base_setting(const struct experiment *x, int param)
{
	const struct setting *found = settings_find(&x->base, param);
	struct setting s = {.param = param, .origin = FROM_DEFAULT};
	struct params p;
	if (found)
		return *found;
	params_default(&p);
	if (param == PARAM_MIX)
		memcpy(s.mix, p.mix, sizeof(p.mix));
	else
		s.value = param_get(&p, param);
	return s;
}

static void parameters_add(struct text *t, const struct experiment *x)
{
	struct setting s;
	text_add(t, "\t\"parameters\": {\n");
	for (int i = 0; i < param_count(); i++) {
		if (param_at(i)->mix)
			continue;
		s = base_setting(x, i);
		text_add(t, "\t\t\"%s\": ", param_at(i)->key);
		setting_add(t, &s);
		text_add(t, ",\n");
	}
	s = base_setting(x, PARAM_MIX);
	text_add(t, "\t\t\"policy.mix\": ");
	setting_add(t, &s);
	text_add(t, "\n\t},\n");
}

static void scenarios_add(struct text *t, const struct experiment *x)
{
	text_add(t, "\t\"scenarios\": {");
	for (int k = 0; k < x->scenario_count; k++) {
		const struct settings *s = &x->scenarios[k].settings;
		text_add(t, "%s\n\t\t\"%s\": {", k ? "," : "", x->scenarios[k].name);
		for (int i = 0; i < s->count; i++) {
			text_add(t, "%s\n\t\t\t\"%s\": ", i ? "," : "", setting_key(&s->items[i]));
			setting_add(t, &s->items[i]);
		}
		text_add(t, "%s}", s->count ? "\n\t\t" : "");
	}
	text_add(t, "\n\t},\n\t\"baseline\": \"%s\",\n", x->scenarios[x->baseline].name);
}

static void axis_add(struct text *t, const struct axis *axis)
{
	text_add(t, "[");
	for (int i = 0; i < axis->values.count; i++) {
		text_add(t, "%s", i ? ", " : "");
		value_add(t, &axis->values.items[i]);
	}
	text_add(t, "]");
}

static void points_add(struct text *t, const struct experiment *x)
{
	text_add(t, "\t\t\"points\": [");
	for (int64_t k = 0; k < x->point_count; k++) {
		const struct settings *s = &x->points[k];
		text_add(t, "%s\n\t\t\t{", k ? "," : "");
		for (int i = 0; i < s->count; i++) {
			text_add(t, "%s\"%s\": ", i ? ", " : "", setting_key(&s->items[i]));
			value_add(t, &s->items[i]);
		}
		text_add(t, "}");
	}
	text_add(t, "\n\t\t]\n\t},\n");
}

/* A seed above 2^53 would lose digits as a number. */
static void seed_add(struct text *t, uint64_t seed)
{
	text_add(t, seed <= 1ULL << 53 ? "\"seed\": %llu,\n" : "\"seed\": \"%llu\",\n",
		 (unsigned long long)seed);
}

static void drawing_add(struct text *t, const struct sweep *sweep)
{
	bool morris = sweep->method == SWEEP_MORRIS;
	text_add(t, "\t\t\"%s\": %lld,\n", morris ? "trajectories" : "points",
		 (long long)sweep->wanted);
	if (morris)
		text_add(t, "\t\t\"levels\": %d,\n", sweep->levels);
	if (sweep->method == SWEEP_SOBOL || sweep->method == SWEEP_SALTELLI)
		text_add(t, "\t\t\"scrambled\": %s,\n", sweep->scrambled ? "true" : "false");
	text_add(t, "\t\t");
	seed_add(t, sweep->seed);
}

static void sweep_add(struct text *t, const struct experiment *x)
{
	const struct sweep *sweep = &x->sweep;
	if (sweep->method == SWEEP_NONE)
		return;
	text_add(t, "\t\"sweep\": {\n\t\t\"method\": \"%s\",\n", sweep_method_name(sweep->method));
	if (sweep->method == SWEEP_LIST) {
		points_add(t, x);
		return;
	}
	if (sweep_draws(sweep->method))
		drawing_add(t, sweep);
	text_add(t, "\t\t\"axes\": {");
	for (int i = 0; i < sweep->axis_count; i++) {
		const struct axis *axis = &sweep->axes[i];
		struct setting key = {.param = axis->param};
		text_add(t, "%s\n\t\t\t\"%s\": ", i ? "," : "", setting_key(&key));
		axis_add(t, axis);
	}
	text_add(t, "\n\t\t}\n\t},\n");
}

static void windows_add(struct text *t, const struct experiment *x)
{
	text_add(t, "\t\"windows\": {");
	for (int i = 0; i < x->window_count; i++)
		text_add(t, "%s\n\t\t\"%s\": [%lld, %lld]", i ? "," : "", x->windows[i].name,
			 (long long)x->windows[i].first, (long long)x->windows[i].last);
	text_add(t, "\n\t},\n");
}

static void series_add(struct text *t, const struct experiment *x)
{
	bool all = x->series_metric_count == metric_count();
	for (int i = 0; i < x->series_metric_count; i++)
		all = all && x->series_metrics[i] == i;
	if (all) {
		text_add(t, "\"all\"");
		return;
	}
	text_add(t, "[");
	for (int i = 0; i < x->series_metric_count; i++)
		text_add(t, "%s\"%s\"", i ? ", " : "", metric_at(x->series_metrics[i])->name);
	text_add(t, "]");
}

static void panel_add(struct text *t, const char *name, const struct panel *panel, bool second)
{
	if (panel->wanted)
		text_add(t, "%s\"%s\": {\"every\": %lld, \"sample\": %lld}", second ? ", " : "",
			 name, (long long)panel->every, (long long)panel->sample);
}

static void outputs_add(struct text *t, const struct experiment *x)
{
	text_add(t, "\t\"outputs\": {\n\t\t\"series\": ");
	series_add(t, x);
	text_add(t, ",\n\t\t\"every\": %lld,\n\t\t\"panels\": {", (long long)x->series_every);
	panel_add(t, "firms", &x->firms, false);
	panel_add(t, "workers", &x->workers, x->firms.wanted);
	text_add(t, "}");
	if (x->transitions)
		text_add(t, ",\n\t\t\"transitions\": true");
	if (x->checkpoint_every)
		text_add(t, ",\n\t\t\"checkpoints\": {\"every\": %lld}",
			 (long long)x->checkpoint_every);
	text_add(t, "\n\t}\n");
}

char *experiment_resolved(const struct experiment *x)
{
	struct text t = {0};
	text_add(&t, "{\n\t\"$schema\": \"ludd.schema.json\",\n\t\"name\": \"%s\",\n", x->name);
	if (x->why) {
		text_add(&t, "\t\"why\": ");
		text_quote(&t, x->why);
		text_add(&t, ",\n");
	}
	text_add(&t, "\t");
	seed_add(&t, x->seed);
	text_add(&t, "\t\"replicates\": %lld,\n\t\"burn_in\": %lld,\n\t\"ticks\": %lld,\n",
		 (long long)x->replicates, (long long)x->burn_in, (long long)x->ticks);
	parameters_add(&t, x);
	scenarios_add(&t, x);
	sweep_add(&t, x);
	windows_add(&t, x);
	outputs_add(&t, x);
	text_add(&t, "}\n");
	return t.s;
}
