/* Parameters in an experiment file, in a scenario, on an axis and after --set. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/policy.h"
#include "ludd/text.h"
#include "reading.h"

enum { KEY_LENGTH = 200 };

/* Refuses a parameter's value; false, so that readers can return it. */
#define REFUSE(r, ...) (refuse(r, __VA_ARGS__), refused(r))

static bool refused(struct reading *r)
{
	r->values_refused = true;
	return false;
}

static bool real_read(struct reading *r, const struct param_info *info, const cJSON *value,
			double *number)
{
	const char *text = json_number_text(r->doc, value);
	if (!text)
		return REFUSE(r, value, "%s is %s; it must be a number (%s)", info->key,
			      json_kind(value), info->unit);
	if (info->type == PARAM_TYPE_WHOLE && value->valuedouble != floor(value->valuedouble))
		return REFUSE(r, value, "%s is %s; it must be a whole number", info->key, text);
	if (!param_in_range(info, value->valuedouble))
		return REFUSE(r, value, "%s is %s; it must lie in [%.10g, %.10g]", info->key, text,
			      info->low, info->high);
	*number = value->valuedouble + 0.0; /* -0 becomes 0 */
	return true;
}

static bool choice_read(struct reading *r, const struct param_info *info, const cJSON *value,
			double *number)
{
	char names[8][64];
	const char *name[8], *near;
	int count = 0, position;
	if (!cJSON_IsString(value))
		return REFUSE(r, value, "%s is %s; it must be one of the texts %s", info->key,
			      json_kind(value), info->unit);
	position = param_choice(info, value->valuestring);
	*number = position;
	if (position >= 0)
		return true;
	while (count < 8 && param_choice_name(info, count, names[count]))
		name[count] = names[count], count++;
	near = nearest_word(value->valuestring, name, count);
	return REFUSE(r, value, "%s is \"%s\"; it must be one of %s%s%s%s", info->key,
		      value->valuestring, info->unit, near ? " (did you mean " : "",
		      near ? near : "", near ? "?)" : "");
}

static bool policy_read(struct reading *r, const cJSON *at, const char *name, int *policy)
{
	const char *names[POLICY_COUNT], *near;
	*policy = policy_by_name(name);
	if (*policy >= 0)
		return true;
	for (int i = 0; i < POLICY_COUNT; i++)
		names[i] = policies[i]->name;
	near = nearest_word(name, names, POLICY_COUNT);
	if (near)
		return REFUSE(r, at, "policy.mix: %s: no such policy (did you mean %s?)", name,
			      near);
	return REFUSE(r, at, "policy.mix: %s: no such policy ('ludd policies' lists them)", name);
}

/* A policy's name for a share of 1, or {"name": share, ...}. */
static bool mix_read(struct reading *r, const cJSON *value, double mix[PARAMS_POLICIES])
{
	const cJSON *share;
	double sum = 0;
	int i;
	bool good = true;
	memset(mix, 0, PARAMS_POLICIES * sizeof(*mix));
	if (cJSON_IsString(value)) {
		good = policy_read(r, value, value->valuestring, &i);
		if (good)
			mix[i] = 1;
		return good;
	}
	if (!cJSON_IsObject(value))
		return REFUSE(r, value, "policy.mix is %s; it must be a policy's name or an object "
			      "of shares, {\"cut_jobs\": 0.5, \"share_gains\": 0.5}",
			      json_kind(value));
	cJSON_ArrayForEach(share, value) {
		const char *text = json_number_text(r->doc, share);
		if (!policy_read(r, share, share->string, &i))
			good = false;
		else if (!text)
			good = REFUSE(r, share, "policy.mix: %s is %s; it must be a share in "
				      "[0, 1]", share->string, json_kind(share));
		else if (!(share->valuedouble >= 0 && share->valuedouble <= 1))
			good = REFUSE(r, share, "policy.mix: %s is %s; it must lie in [0, 1]",
				      share->string, text);
		else
			sum += mix[i] = share->valuedouble + 0.0;
	}
	if (good && !(fabs(sum - 1) <= 1e-9))
		good = REFUSE(r, value, "policy.mix adds up to %.12g; the shares must add up to 1",
			      sum);
	return good;
}

/* {"value": ..., "unit": ..., "from": ...}, the form of a resolved experiment: checks unit and
 * from, returns the value; any other JSON is the value itself. NULL after a refusal. */
static const cJSON *value_unwrap(struct reading *r, int param, const cJSON *item,
				 enum origin *origin)
{
	static const char *const known[] = {"value", "unit", "from"};
	const char *key = param == PARAM_MIX ? "policy.mix" : param_at(param)->key;
	const char *wanted = param == PARAM_MIX ? "share of firms" : param_at(param)->unit;
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(item, "value"), *unit, *from;
	if (!cJSON_IsObject(item) || !value)
		return item;
	keys_check(r, item, key, known, LENGTH(known));
	unit = cJSON_GetObjectItemCaseSensitive(item, "unit");
	if (unit && (!cJSON_IsString(unit) || strcmp(unit->valuestring, wanted) != 0))
		return (void)REFUSE(r, unit, "%s: the unit must be \"%s\"", key, wanted), NULL;
	from = cJSON_GetObjectItemCaseSensitive(item, "from");
	if (!from)
		return value;
	for (int i = 0; cJSON_IsString(from) && i < ORIGINS; i++)
		if (!strcmp(from->valuestring, origin_name((enum origin)i))) {
			*origin = (enum origin)i;
			return value;
		}
	return (void)REFUSE(r, from, "%s: \"from\" must be one of \"default\", \"file\", "
			    "\"scenario\", \"--set\", \"point\"", key), NULL;
}

bool setting_read(struct reading *r, int param, const cJSON *item, enum origin origin,
		  struct setting *s)
{
	*s = (struct setting){.param = param, .line = json_line(r->doc, item)};
	const cJSON *value = value_unwrap(r, param, item, &origin);
	s->origin = origin;
	if (!value)
		return false;
	if (param == PARAM_MIX)
		return mix_read(r, value, s->mix);
	if (param_at(param)->type == PARAM_TYPE_CHOICE)
		return choice_read(r, param_at(param), value, &s->value);
	return real_read(r, param_at(param), value, &s->value);
}

int key_read(struct reading *r, const cJSON *at, const char *key)
{
	const char *near;
	int param;
	if (!strcmp(key, "policy.mix"))
		return PARAM_MIX;
	param = param_by_key(key);
	r->values_refused |= param < 0 || param_at(param)->mix;
	if (param >= 0 && !param_at(param)->mix)
		return param;
	if (param >= 0 || !strncmp(key, "policy.mix.", 11)) {
		refuse(r, at, "%s: a mix is set as a whole: \"policy.mix\": {\"cut_jobs\": 0.5, "
		       "\"share_gains\": 0.5}", key);
	} else if (params_known_group(key)) {
		refuse(r, at, "%s: is a group; set one of its parameters ('ludd params' lists "
		       "them)", key);
	} else if ((near = param_nearest(key)) != NULL) {
		refuse(r, at, "%s: no such parameter (did you mean %s?)", key, near);
	} else {
		refuse(r, at, "%s: no such parameter ('ludd params' lists them)", key);
	}
	return -1;
}

static void settings_read_once(struct reading *r, int param, const cJSON *item, enum origin origin,
			       struct settings *s)
{
	const struct setting *before = settings_find(s, param);
	struct setting setting;
	if (before) {
		r->values_refused = true;
		refuse(r, item, "%s: given twice (before on line %d); keep one",
		       setting_key(before), before->line);
	} else if (setting_read(r, param, item, origin, &setting)) {
		settings_append(s, &setting);
	}
}

static void group_read(struct reading *r, const cJSON *object, const char *prefix,
		       enum origin origin, struct settings *s)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, object) {
		char key[KEY_LENGTH];
		int param;
		snprintf(key, sizeof(key), "%s%s%s", prefix, *prefix ? "." : "", item->string);
		if (strcmp(key, "policy.mix") != 0 && params_known_group(key)) {
			if (cJSON_IsObject(item))
				group_read(r, item, key, origin, s);
			else
				REFUSE(r, item, "%s is %s; it must be an object of parameters", key,
				       json_kind(item));
		} else if ((param = key_read(r, item, key)) != -1) {
			settings_read_once(r, param, item, origin, s);
		}
	}
}

void settings_read(struct reading *r, const cJSON *object, enum origin origin, struct settings *s)
{
	group_read(r, object, "", origin, s);
}

/* What a shell user writes without quotes is a text unless it looks like JSON. */
static struct json_doc *value_parse(const char *name, const char *value, struct problems *problems)
{
	struct text quoted = {0};
	struct json_doc *doc;
	bool json = *value && (strchr("{[\"-", *value) || isdigit((unsigned char)*value) ||
			       !strcmp(value, "true") || !strcmp(value, "false") ||
			       !strcmp(value, "null"));
	if (!json)
		text_quote(&quoted, value);
	else
		text_add(&quoted, "%s", value);
	doc = json_parse(name, quoted.s, quoted.length, 0, problems);
	text_free(&quoted);
	return doc;
}

void command_read(struct reading *r, const char *text, struct settings *s)
{
	char name[KEY_LENGTH], key[KEY_LENGTH];
	const char *equals = strchr(text, '=');
	struct setting setting;
	int param;
	snprintf(name, sizeof(name), "--set %s", text);
	if (!equals || equals == text || equals - text >= KEY_LENGTH) {
		problem_add(r->problems, "%s: must have the form KEY=VALUE, as in "
			    "--set labour.applications=5", name);
		return;
	}
	snprintf(key, sizeof(key), "%.*s", (int)(equals - text), text);
	struct reading own = {.doc = value_parse(name, equals + 1, r->problems),
			      .x = r->x, .problems = r->problems};
	if (!own.doc) {
		r->values_refused = true;
		return;
	}
	param = key_read(&own, json_root(own.doc), key);
	if (param != -1 && setting_read(&own, param, json_root(own.doc), FROM_COMMAND, &setting)) {
		setting.origin = FROM_COMMAND; /* whatever an object form says */
		settings_put(s, &setting);
	}
	r->values_refused |= own.values_refused;
	json_free((struct json_doc *)own.doc);
}
