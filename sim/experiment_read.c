/* From a file and a command line to an experiment; all problems found are reported. */
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "reading.h"

static void report(const struct reading *r, bool warning, const cJSON *at, const char *format,
		   va_list args)
{
	char sentence[900], place[300];
	int line = json_line(r->doc, at);
	vsnprintf(sentence, sizeof(sentence), format, args);
	for (char *c = sentence; *c; c++)
		if (iscntrl((unsigned char)*c)) /* nothing in a file shall move the cursor */
			*c = '?';
	snprintf(place, sizeof(place), line > 0 ? "%s:%d" : "%s", json_name(r->doc), line);
	if (warning)
		warning_add(r->problems, "%s: %s", place, sentence);
	else
		problem_add(r->problems, "%s: %s", place, sentence);
}

void refuse(const struct reading *r, const cJSON *at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	report(r, false, at, format, args);
	va_end(args);
}

void warn(const struct reading *r, const cJSON *at, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	report(r, true, at, format, args);
	va_end(args);
}

bool name_valid(const char *name)
{
	size_t length = strlen(name);
	if (length < 1 || length > NAME_LENGTH || !isalnum((unsigned char)name[0]))
		return false;
	for (; *name; name++)
		if (!isalnum((unsigned char)*name) && !strchr("._-", *name))
			return false;
	return true;
}

void keys_check(const struct reading *r, const cJSON *object, const char *where,
		const char *const *known, int count)
{
	const cJSON *item;
	if (!cJSON_IsObject(object))
		return;
	cJSON_ArrayForEach(item, object) {
		const char *near, *dot = *where ? "." : "";
		bool found = false;
		for (int i = 0; i < count && !found; i++)
			found = !strcmp(item->string, known[i]);
		if (found)
			continue;
		near = nearest_word(item->string, known, count);
		if (near)
			refuse(r, item, "%s%s%s: no such key (did you mean %s%s%s?)", where, dot,
			       item->string, where, dot, near);
		else if (param_by_key(item->string) >= 0 || params_known_group(item->string))
			refuse(r, item, "%s%s%s: no such key here; it belongs into \"parameters\"",
			       where, dot, item->string);
		else
			refuse(r, item, "%s%s%s: no such key", where, dot, item->string);
	}
}

int64_t whole_read(const struct reading *r, const cJSON *object, const char *where, const char *key,
		   int64_t low, int64_t high, int64_t otherwise)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
	const char *text, *dot = *where ? "." : "";
	if (!item)
		return otherwise;
	text = json_number_text(r->doc, item);
	if (!text)
		refuse(r, item, "%s%s%s is %s; it must be a whole number", where, dot, key,
		       json_kind(item));
	else if (item->valuedouble != floor(item->valuedouble))
		refuse(r, item, "%s%s%s is %s; it must be a whole number", where, dot, key, text);
	else if (!(item->valuedouble >= (double)low && item->valuedouble <= (double)high))
		refuse(r, item, "%s%s%s is %s; it must lie in [%lld, %lld]", where, dot, key, text,
		       (long long)low, (long long)high);
	else
		return (int64_t)item->valuedouble;
	return otherwise;
}

/* Digits only, at most 2^64 - 1. */
static bool seed_parse(const char *text, uint64_t *seed)
{
	char *end;
	errno = 0;
	*seed = strtoull(text, &end, 10);
	return isdigit((unsigned char)text[0]) && !*end && !errno;
}

uint64_t seed_read(const struct reading *r, const cJSON *seed, const char *key, uint64_t otherwise)
{
	uint64_t value = otherwise;
	const char *text;
	if (!seed)
		return otherwise;
	text = json_number_text(r->doc, seed);
	if (cJSON_IsString(seed)) {
		if (!seed_parse(seed->valuestring, &value))
			refuse(r, seed, "%s is \"%s\"; it must be a whole number from 0 to "
			       "18446744073709551615", key, seed->valuestring);
	} else if (!text) {
		refuse(r, seed, "%s is %s; it must be a whole number, or a text of digits", key,
		       json_kind(seed));
	} else if (seed->valuedouble < 0 || seed->valuedouble != floor(seed->valuedouble)) {
		refuse(r, seed, "%s is %s; it must be a whole number from 0", key, text);
	} else if (seed->valuedouble >= 0x1p53 && strcmp(text, "9007199254740992") != 0) {
		refuse(r, seed, "%s is %s; above 2^53 a JSON number loses digits: give it as a "
		       "text, \"%s\"", key, text, text);
	} else {
		value = (uint64_t)seed->valuedouble;
	}
	return value;
}

static void name_read(const struct reading *r, const cJSON *root)
{
	const cJSON *name = cJSON_GetObjectItemCaseSensitive(root, "name");
	if (!name)
		refuse(r, root, "name is missing; add one, as in \"name\": \"my_experiment\"");
	else if (!cJSON_IsString(name))
		refuse(r, name, "name is %s; it must be a text", json_kind(name));
	else if (!name_valid(name->valuestring))
		refuse(r, name, "name is \"%s\"; a name has 1 to %d letters, digits, '.', '_', '-' "
		       "and begins with a letter or digit", name->valuestring, NAME_LENGTH);
	else
		snprintf(r->x->name, sizeof(r->x->name), "%s", name->valuestring);
}

static void why_read(const struct reading *r, const cJSON *root)
{
	const cJSON *why = cJSON_GetObjectItemCaseSensitive(root, "why");
	const cJSON *schema = cJSON_GetObjectItemCaseSensitive(root, "$schema");
	if (schema && !cJSON_IsString(schema))
		refuse(r, schema, "$schema is %s; it must be a text", json_kind(schema));
	if (why && !cJSON_IsString(why))
		refuse(r, why, "why is %s; it must be a text", json_kind(why));
	else if (why)
		r->x->why = mem_text(why->valuestring);
}

static void parameters_read(struct reading *r, const cJSON *parameters)
{
	if (parameters && !cJSON_IsObject(parameters))
		refuse(r, parameters, "parameters is %s; it must be an object",
		       json_kind(parameters));
	else if (parameters)
		settings_read(r, parameters, FROM_FILE, &r->x->base);
}

static void scenarios_read(struct reading *r, const cJSON *scenarios)
{
	struct experiment *x = r->x;
	const cJSON *item;
	int count = cJSON_GetArraySize(scenarios);
	MEM_NEW(x->scenarios, count + 1, "the scenarios");
	if (scenarios && (!cJSON_IsObject(scenarios) || !count || count > SCENARIOS)) {
		refuse(r, scenarios, "scenarios must be an object of 1 to %d scenarios, "
		       "{\"no_ai\": {\"automation.frontier\": 0}, ...}", SCENARIOS);
		return;
	}
	cJSON_ArrayForEach(item, scenarios) {
		struct scenario *s = &x->scenarios[x->scenario_count++];
		if (!name_valid(item->string))
			refuse(r, item, "scenarios: \"%s\" is no name: 1 to %d letters, digits, "
			       "'.', '_', '-', beginning with a letter or digit", item->string,
			       NAME_LENGTH);
		snprintf(s->name, sizeof(s->name), "%s", item->string);
		if (cJSON_IsObject(item))
			settings_read(r, item, FROM_SCENARIO, &s->settings);
		else
			refuse(r, item, "scenarios: %s is %s; it must be an object of parameters",
			       item->string, json_kind(item));
	}
	if (!x->scenario_count)
		snprintf(x->scenarios[x->scenario_count++].name, NAME_LENGTH, "base");
}

static void baseline_read(const struct reading *r, const cJSON *baseline)
{
	struct experiment *x = r->x;
	const char *names[SCENARIOS], *near;
	if (!baseline)
		return;
	if (!cJSON_IsString(baseline)) {
		refuse(r, baseline, "baseline is %s; it must be a scenario's name",
		       json_kind(baseline));
		return;
	}
	for (int i = 0; i < x->scenario_count; i++) {
		names[i] = x->scenarios[i].name;
		if (!strcmp(names[i], baseline->valuestring)) {
			x->baseline = i;
			return;
		}
	}
	near = nearest_word(baseline->valuestring, names, x->scenario_count);
	refuse(r, baseline, "baseline: \"%s\" is none of the scenarios%s%s%s",
	       baseline->valuestring, near ? " (did you mean " : "", near ? near : "",
	       near ? "?)" : "");
}

static void scenario_setting_drop(struct reading *r, struct scenario *s, const char *key, int param)
{
	for (int i = 0; i < s->settings.count; i++)
		if (s->settings.items[i].param == param) {
			warning_add(r->problems, "--set %s: replaces the value that scenario %s "
				    "gives it", key, s->name);
			s->settings.items[i] = s->settings.items[--s->settings.count];
			return;
		}
}

/* --set is stronger than everything: it joins the base, and scenarios lose their own values. */
static void commands_read(struct reading *r, const struct overrides *o)
{
	struct experiment *x = r->x;
	struct settings command = {0};
	for (int i = 0; i < o->set_count; i++)
		command_read(r, o->set[i], &command);
	for (int i = 0; i < command.count; i++) {
		const struct setting *s = &command.items[i];
		if (experiment_sweeps(x, s->param))
			problem_add(r->problems, "--set %s: is swept over in %s; take it out of "
				    "\"sweep\" first", setting_key(s), x->file);
		for (int k = 0; k < x->scenario_count; k++)
			scenario_setting_drop(r, &x->scenarios[k], setting_key(s), s->param);
		settings_put(&x->base, s);
	}
	mem_free(command.items);
}

static void lengths_read(const struct reading *r, const cJSON *root, const struct overrides *o)
{
	struct experiment *x = r->x;
	x->burn_in = whole_read(r, root, "", "burn_in", 0, TICKS_MOST, 300);
	x->ticks = whole_read(r, root, "", "ticks", 1, TICKS_MOST, 600);
	x->replicates = whole_read(r, root, "", "replicates", 1, RUNS_MOST, 1);
	if (o->ticks)
		x->ticks = o->ticks;
	if (o->replicates)
		x->replicates = o->replicates;
	x->seed = seed_read(r, cJSON_GetObjectItemCaseSensitive(root, "seed"), "seed", 1);
}

/* After the sweep, whose design keeps to the file's seed: a replicate that is repeated by its seed
 * is repeated at the same points. */
static void seed_override(const struct reading *r, const char *seed)
{
	if (seed && !seed_parse(seed, &r->x->seed))
		problem_add(r->problems, "--seed %s: must be a whole number from 0 to "
			    "18446744073709551615", seed);
}

static void root_read(struct reading *r, const cJSON *root, const struct overrides *o)
{
	static const char *const known[] = {
		"$schema", "name", "why", "seed", "replicates", "burn_in", "ticks", "parameters",
		"scenarios", "baseline", "sweep", "windows", "outputs",
	};
	const cJSON *sweep = cJSON_GetObjectItemCaseSensitive(root, "sweep");

	keys_check(r, root, "", known, LENGTH(known));
	name_read(r, root);
	why_read(r, root);
	lengths_read(r, root, o);
	parameters_read(r, cJSON_GetObjectItemCaseSensitive(root, "parameters"));
	scenarios_read(r, cJSON_GetObjectItemCaseSensitive(root, "scenarios"));
	baseline_read(r, cJSON_GetObjectItemCaseSensitive(root, "baseline"));
	if (sweep)
		sweep_read(r, sweep);
	seed_override(r, o->seed);
	commands_read(r, o);
	outputs_read(r, cJSON_GetObjectItemCaseSensitive(root, "outputs"));
	windows_read(r, cJSON_GetObjectItemCaseSensitive(root, "windows"), o->ticks > 0);
}

struct experiment *experiment_read(const char *file, const struct overrides *o,
				   struct problems *problems)
{
	int before = problems->errors;
	struct json_doc *doc = json_read(file, problems);
	struct experiment *x;
	if (!doc)
		return NULL;
	MEM_NEW(x, 1, "an experiment");
	x->file = mem_text(file);
	struct reading r = {.doc = doc, .x = x, .problems = problems};
	if (cJSON_IsObject(json_root(doc))) {
		root_read(&r, json_root(doc), o);
		experiment_check(&r);
	} else {
		refuse(&r, json_root(doc), "an experiment file holds an object, not %s",
		       json_kind(json_root(doc)));
	}
	json_free(doc);
	if (problems->errors == before)
		return x;
	experiment_free(x);
	return NULL;
}
