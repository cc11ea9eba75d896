/* What only the whole experiment shows: rules that join parameters, dead settings, sizes. */
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/policy.h"
#include "reading.h"

struct sentences { /* those said already: what is wrong with every run is said once */
	struct problems said;
	bool drawn; /* values are drawn, so every point would say it with other numbers */
};

static size_t subject_length(const char *sentence) /* "labour.x is", "policy.x:" */
{
	return strcspn(sentence, " :");
}

static bool sentence_new(struct sentences *s, const char *text)
{
	size_t length = s->drawn ? subject_length(text) : strlen(text) + 1;
	for (int i = 0; i < s->said.count; i++)
		if (!strncmp(s->said.items[i].text, text, length))
			return false;
	problem_add(&s->said, "%s", text);
	return true;
}

static bool about(const struct setting *s, const char *subject, size_t length)
{
	const char *key = setting_key(s);
	return !strncmp(key, subject, length) && (key[length] == '\0' || key[length] == '.');
}

/* The setting that fixed what a sentence begins with, or NULL. */
static const struct setting *setting_blamed(const struct experiment *x, const struct run_id *id,
					    const struct settings *point, const char *sentence)
{
	const struct settings *lists[] = {point, &x->scenarios[id->scenario].settings, &x->base};
	size_t length = subject_length(sentence);
	for (int k = 0; k < LENGTH(lists); k++)
		for (int i = lists[k]->count - 1; i >= 0; i--)
			if (about(&lists[k]->items[i], sentence, length) &&
			    lists[k]->items[i].origin != FROM_DEFAULT)
				return &lists[k]->items[i];
	return NULL;
}

static void run_refuse(const struct reading *r, const struct run_id *id, bool warning,
		       const char *sentence)
{
	const struct experiment *x = r->x;
	struct settings point = {0};
	experiment_point(x, id->point, &point);
	const struct setting *s = setting_blamed(x, id, &point, sentence);
	char place[300], of[120] = "";
	if (s && s->line > 0)
		snprintf(place, sizeof(place), "%s:%d", x->file, s->line);
	else if (s && s->origin == FROM_COMMAND)
		snprintf(place, sizeof(place), "--set %s", setting_key(s));
	else
		snprintf(place, sizeof(place), "%s", x->file);
	if (s && s->origin == FROM_POINT)
		snprintf(of, sizeof(of), " (scenario %s, point %lld)",
			 x->scenarios[id->scenario].name, (long long)id->point);
	else if (x->scenario_count > 1 && (!s || s->origin == FROM_SCENARIO))
		snprintf(of, sizeof(of), " (scenario %s)", x->scenarios[id->scenario].name);
	if (warning)
		warning_add(r->problems, "%s: %s%s", place, sentence, of);
	else
		problem_add(r->problems, "%s: %s%s", place, sentence, of);
	mem_free(point.items);
}

static void automation_check(const struct reading *r, const struct run_id *id,
			     const struct params *p, struct sentences *sentences)
{
	char text[200];
	if (p->automation.frontier <= 0 || p->automation.start < r->x->ticks)
		return;
	snprintf(text, sizeof(text), "automation.start is %lld, but the last tick is %lld: nothing "
		 "is automated in this run", (long long)p->automation.start,
		 (long long)r->x->ticks - 1);
	if (sentence_new(sentences, text))
		run_refuse(r, id, true, text);
}

/* Rules of one scenario at one point; notes in `held` the policies that its firms hold. */
static void run_check(const struct reading *r, const struct run_id *id, struct sentences *sentences,
		      bool held[POLICY_COUNT])
{
	struct params p;
	struct problems own = {0};
	experiment_params(r->x, id, &p);
	params_check(&p, "", &own);
	for (int i = 0; i < own.count; i++)
		if (sentence_new(sentences, own.items[i].text))
			run_refuse(r, id, own.items[i].warning, own.items[i].text);
	problems_free(&own);
	for (int i = 0; i < POLICY_COUNT; i++)
		held[i] |= p.mix[i] > 0;
	automation_check(r, id, &p, sentences);
}

/* The policy whose own parameter this is, or -1. */
static int policy_of(const struct setting *s)
{
	for (int i = 0; i < POLICY_COUNT; i++) {
		char group[100];
		snprintf(group, sizeof(group), "policy.%s", policies[i]->name);
		if (s->param != PARAM_MIX && about(s, group, strlen(group)))
			return i;
	}
	return -1;
}

/* Warns of settings of policies that no firm holds. */
static void unread_check(const struct reading *r, const struct settings *s, const char *who,
			 const bool held[POLICY_COUNT])
{
	for (int i = 0; i < s->count; i++) {
		const struct setting *item = &s->items[i];
		int policy = policy_of(item);
		if (policy < 0 || held[policy] || item->origin == FROM_DEFAULT)
			continue;
		if (item->line > 0)
			warning_add(r->problems, "%s:%d: %s is never read: no firm of %s holds %s",
				    r->x->file, item->line, setting_key(item), who,
				    policies[policy]->name);
		else
			warning_add(r->problems, "--set %s: is never read: no firm of %s holds %s",
				    setting_key(item), who, policies[policy]->name);
	}
}

static void runs_check(struct reading *r)
{
	struct experiment *x = r->x;
	struct sentences sentences = {.drawn = sweep_draws(x->sweep.method)};
	bool held_anywhere[POLICY_COUNT] = {false};
	for (int scenario = 0; scenario < x->scenario_count; scenario++) {
		bool held[POLICY_COUNT] = {false};
		char who[100];
		for (int64_t point = 0; point < x->point_count; point++) {
			struct run_id id = {.scenario = scenario, .point = point};
			run_check(r, &id, &sentences, held);
		}
		snprintf(who, sizeof(who), "scenario %s", x->scenarios[scenario].name);
		unread_check(r, &x->scenarios[scenario].settings, who, held);
		for (int i = 0; i < POLICY_COUNT; i++)
			held_anywhere[i] |= held[i];
	}
	unread_check(r, &x->base, "any scenario", held_anywhere);
	problems_free(&sentences.said);
}

/* A point beats a scenario: a key that both set makes the scenario's value dead. */
static void points_check(const struct reading *r)
{
	const struct experiment *x = r->x;
	for (int k = 0; k < x->scenario_count; k++)
		for (int i = 0; i < x->scenarios[k].settings.count; i++) {
			const struct setting *s = &x->scenarios[k].settings.items[i];
			if (experiment_sweeps(x, s->param))
				problem_add(r->problems, "%s:%d: %s is set by scenario %s and "
					    "swept over; take it out of one", x->file, s->line,
					    setting_key(s), x->scenarios[k].name);
		}
}

static bool swept_always(const struct experiment *x, int param)
{
	for (int64_t i = 0; i < x->point_count && x->points; i++)
		if (!settings_find(&x->points[i], param))
			return false;
	return true;
}

/* Notes in the base what every point replaces, so that the resolved file shows it. */
static void swept_mark(struct experiment *x)
{
	struct settings first = {0};
	struct params p;
	params_default(&p);
	experiment_point(x, 0, &first);
	for (int i = 0; i < first.count; i++) {
		struct setting marked = {.param = first.items[i].param};
		const struct setting *base = settings_find(&x->base, marked.param);
		if (!swept_always(x, marked.param))
			continue;
		if (base)
			marked = *base;
		else if (marked.param == PARAM_MIX)
			memcpy(marked.mix, p.mix, sizeof(p.mix));
		else
			marked.value = param_get(&p, marked.param);
		marked.origin = FROM_POINT;
		settings_put(&x->base, &marked);
	}
	mem_free(first.items);
}

/* The resolved file must be one that can be read. */
static void size_check(const struct reading *r)
{
	char *text = experiment_resolved(r->x);
	if (strlen(text) > JSON_SIZE)
		problem_add(r->problems, "%s: is %.1f MiB once every value is written out, and a "
			    "file must stay under 1 MiB; use fewer scenarios or points", r->x->file,
			    (double)strlen(text) / JSON_SIZE);
	mem_free(text);
}

void experiment_check(struct reading *r)
{
	struct experiment *x = r->x;
	double runs;
	if (!x->point_count) {
		MEM_NEW(x->points, 1, "the point of an experiment without a sweep");
		x->point_count = 1;
	}
	points_check(r);
	runs = (double)x->scenario_count * (double)x->point_count * (double)x->replicates;
	x->run_count = (int64_t)runs;
	if (runs > RUNS_MOST)
		problem_add(r->problems, "%s: %d scenarios x %lld points x %lld replicates are "
			    "%.15g runs; at most %d are possible", x->file, x->scenario_count,
			    (long long)x->point_count, (long long)x->replicates, runs, RUNS_MOST);
	if (!r->values_refused)
		runs_check(r);
	swept_mark(x);
	size_check(r);
}
