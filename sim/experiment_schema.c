/* JSON Schema (draft 2020-12) of an experiment file, from the tables of parameters, policies and
 * metrics. */
#include <stdio.h>
#include <string.h>

#include "ludd/experiment.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/policy.h"
#include "ludd/text.h"

#define NAME_PATTERN "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"

static void choices_add(struct text *t, const struct param_info *info)
{
	char name[64];
	text_add(t, "\"enum\": [");
	for (int i = 0; param_choice_name(info, i, name); i++)
		text_add(t, "%s\"%s\"", i ? ", " : "", name);
	text_add(t, "]");
}

static void plain_add(struct text *t, const struct param_info *info)
{
	char low[32], high[32];
	if (info->type == PARAM_TYPE_CHOICE) {
		choices_add(t, info);
		return;
	}
	number_text(info->low, low);
	number_text(info->high, high);
	text_add(t, "\"type\": \"%s\", \"minimum\": %s, \"maximum\": %s",
		 info->type == PARAM_TYPE_WHOLE ? "integer" : "number", low, high);
}

static void origins_add(struct text *t)
{
	text_add(t, "\"from\": {\"enum\": [");
	for (int i = 0; i < ORIGINS; i++)
		text_add(t, "%s\"%s\"", i ? ", " : "", origin_name((enum origin)i));
	text_add(t, "]}");
}

/* The plain value, and the form of a resolved experiment. */
static void definition_add(struct text *t, const struct param_info *info)
{
	text_add(t, "\t\t\"%s\": {\n\t\t\t\"description\": ", info->key);
	text_quote(t, info->doc);
	text_add(t, ",\n");
	if (info->type != PARAM_TYPE_CHOICE) {
		char number[32];
		number_text(info->value, number);
		text_add(t, "\t\t\t\"default\": %s,\n", number);
	} else {
		char name[64];
		text_add(t, "\t\t\t\"default\": \"%s\",\n",
			 param_choice_name(info, (int)info->value, name));
	}
	text_add(t, "\t\t\t\"anyOf\": [\n\t\t\t\t{");
	plain_add(t, info);
	text_add(t, "},\n\t\t\t\t{\"type\": \"object\", \"required\": [\"value\"], "
		 "\"additionalProperties\": false, \"properties\": {\"value\": {");
	plain_add(t, info);
	text_add(t, "}, \"unit\": {\"const\": ");
	text_quote(t, info->unit);
	text_add(t, "}, ");
	origins_add(t);
	text_add(t, "}}\n\t\t\t]\n\t\t},\n");
}

static void mix_definition_add(struct text *t)
{
	text_add(t, "\t\t\"shares\": {\"anyOf\": [\n\t\t\t{\"enum\": [");
	for (int i = 0; i < POLICY_COUNT; i++)
		text_add(t, "%s\"%s\"", i ? ", " : "", policies[i]->name);
	text_add(t, "]},\n\t\t\t{\"type\": \"object\", \"minProperties\": 1, "
		 "\"additionalProperties\": false, \"properties\": {");
	for (int i = 0; i < POLICY_COUNT; i++)
		text_add(t, "%s\n\t\t\t\t\"%s\": {\"type\": \"number\", \"minimum\": 0, "
			 "\"maximum\": 1}", i ? "," : "", policies[i]->name);
	text_add(t, "}}\n\t\t]},\n\t\t\"policy.mix\": {\n\t\t\t\"description\": "
		 "\"share of firms that hold each policy; the shares add up to 1\",\n"
		 "\t\t\t\"anyOf\": [\n\t\t\t\t{\"$ref\": \"#/$defs/shares\"},\n"
		 "\t\t\t\t{\"type\": \"object\", \"required\": [\"value\"], "
		 "\"additionalProperties\": false, \"properties\": {\"value\": {\"$ref\": "
		 "\"#/$defs/shares\"}, \"unit\": {\"const\": \"share of firms\"}, ");
	origins_add(t);
	text_add(t, "}}\n\t\t\t]\n\t\t},\n");
}

static const char *key_at(int i) /* the mix is one key, at its last share */
{
	if (!param_at(i)->mix)
		return param_at(i)->key;
	return i + 1 == param_count() ? "policy.mix" : "";
}

/* Every key that begins with `prefix` ("" or "labour."), under what follows it, and each group
 * among them as an object of its own. */
static void members_add(struct text *t, const char *prefix)
{
	const char *comma = "";
	char inner[128] = ""; /* prefix of the last group written */
	size_t skip = strlen(prefix);
	text_add(t, "{\"type\": \"object\", \"additionalProperties\": false, \"properties\": {");
	for (int i = 0; i < param_count(); i++) {
		const char *key = key_at(i), *dot;
		if (!*key || strncmp(key, prefix, skip) != 0)
			continue;
		text_add(t, "%s\n\t\t\t\"%s\": {\"$ref\": \"#/$defs/%s\"}", comma, key + skip, key);
		comma = ",";
		dot = strchr(key + skip, '.');
		if (!dot || !strncmp(key, inner, (size_t)(dot - key) + 1))
			continue;
		snprintf(inner, sizeof(inner), "%.*s", (int)(dot - key) + 1, key);
		text_add(t, ",\n\t\t\t\"%.*s\": ", (int)(dot - key - (ptrdiff_t)skip), key + skip);
		members_add(t, inner);
	}
	text_add(t, "}}");
}

static void settings_definition_add(struct text *t)
{
	text_add(t, "\t\t\"settings\": ");
	members_add(t, "");
	text_add(t, ",\n");
}

static void metrics_definition_add(struct text *t)
{
	text_add(t, "\t\t\"metrics\": {\"anyOf\": [{\"const\": \"all\"}, {\"type\": \"array\", "
		 "\"minItems\": 1, \"uniqueItems\": true, \"items\": {\"enum\": [");
	for (int i = 0; i < metric_count(); i++)
		text_add(t, "%s\n\t\t\t\"%s\"", i ? "," : "", metric_at(i)->name);
	text_add(t, "\n\t\t]}}]}\n");
}

static const char head[] =
"{\n"
"\t\"$schema\": \"https://json-schema.org/draft/2020-12/schema\",\n"
"\t\"title\": \"ludd experiment, model version %d\",\n"
"\t\"type\": \"object\",\n"
"\t\"required\": [\"name\"],\n"
"\t\"additionalProperties\": false,\n"
"\t\"properties\": {\n"
"\t\t\"$schema\": {\"type\": \"string\"},\n"
"\t\t\"name\": {\"type\": \"string\", \"pattern\": \"" NAME_PATTERN "\"},\n"
"\t\t\"why\": {\"type\": \"string\"},\n"
"\t\t\"seed\": {\"$ref\": \"#/$defs/seed\"},\n"
"\t\t\"replicates\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d, \"default\": 1},\n"
"\t\t\"burn_in\": {\"type\": \"integer\", \"minimum\": 0, \"maximum\": %d, \"default\": 300},\n"
"\t\t\"ticks\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d, \"default\": 600},\n";

/* One method that draws its points, with how many of what and its own keys. */
#define DRAWN(method, wanted, more) \
	",\n\t\t\t{\"additionalProperties\": false, \"required\": [\"axes\", \"" wanted "\"], " \
	"\"properties\": {\"method\": {\"const\": \"" method "\"}, \"axes\": {\"$ref\": " \
	"\"#/$defs/ranges\"}, \"" wanted "\": {\"type\": \"integer\", \"minimum\": 1}, " \
	"\"seed\": {\"$ref\": \"#/$defs/seed\"}" more "}}"
#define SCRAMBLED ", \"scrambled\": {\"type\": \"boolean\"}"

static const char body[] =
"\t\t\"parameters\": {\"$ref\": \"#/$defs/settings\"},\n"
"\t\t\"scenarios\": {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": %d, "
"\"propertyNames\": {\"pattern\": \"" NAME_PATTERN "\"}, "
"\"additionalProperties\": {\"$ref\": \"#/$defs/settings\"}},\n"
"\t\t\"baseline\": {\"type\": \"string\"},\n"
"\t\t\"sweep\": {\"type\": \"object\", \"required\": [\"method\"], \"oneOf\": [\n"
"\t\t\t{\"additionalProperties\": false, \"required\": [\"axes\"], \"properties\": {"
"\"method\": {\"const\": \"grid\"}, \"axes\": {\"type\": \"object\", \"minProperties\": 1, "
"\"additionalProperties\": {\"type\": \"array\", \"minItems\": 1}}}},\n"
"\t\t\t{\"additionalProperties\": false, \"required\": [\"points\"], \"properties\": {"
"\"method\": {\"const\": \"list\"}, \"points\": {\"type\": \"array\", \"minItems\": 1, "
"\"items\": {\"$ref\": \"#/$defs/settings\"}}}}"
DRAWN("latin_hypercube", "points", "")
DRAWN("sobol", "points", SCRAMBLED)
DRAWN("saltelli", "points", SCRAMBLED)
DRAWN("morris", "trajectories", ", \"levels\": {\"type\": \"integer\", \"minimum\": 2, "
      "\"maximum\": 1024, \"multipleOf\": 2}")
"\n\t\t]},\n"
"\t\t\"windows\": {\"type\": \"object\", \"minProperties\": 1, \"maxProperties\": %d, "
"\"propertyNames\": {\"pattern\": \"" NAME_PATTERN "\"}, \"additionalProperties\": "
"{\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2, \"items\": {\"type\": \"integer\", "
"\"minimum\": 0}}},\n"
"\t\t\"outputs\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {\n"
"\t\t\t\"series\": {\"$ref\": \"#/$defs/metrics\"},\n"
"\t\t\t\"every\": {\"$ref\": \"#/$defs/every\"},\n"
"\t\t\t\"panels\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
"\"firms\": {\"$ref\": \"#/$defs/panel\"}, \"workers\": {\"$ref\": \"#/$defs/panel\"}}},\n"
"\t\t\t\"transitions\": {\"type\": \"boolean\", \"default\": false},\n"
"\t\t\t\"checkpoints\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
"\"every\": {\"$ref\": \"#/$defs/every\"}}}\n"
"\t\t}}\n"
"\t},\n"
"\t\"$defs\": {\n"
"\t\t\"seed\": {\"anyOf\": [{\"type\": \"integer\", \"minimum\": 0, "
"\"maximum\": 9007199254740992}, "
"{\"type\": \"string\", \"pattern\": \"^[0-9]{1,20}$\"}]},\n"
"\t\t\"ranges\": {\"type\": \"object\", \"minProperties\": 1, \"additionalProperties\": "
"{\"type\": \"array\", \"minItems\": 2, \"maxItems\": 2}},\n"
"\t\t\"every\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": %d},\n"
"\t\t\"panel\": {\"type\": \"object\", \"additionalProperties\": false, \"properties\": {"
"\"every\": {\"$ref\": \"#/$defs/every\"}, \"sample\": {\"type\": \"integer\", "
"\"minimum\": 0}}},\n";

char *experiment_schema(void)
{
	struct text t = {0};
	text_add(&t, head, LUDD_MODEL_VERSION, RUNS_MOST, TICKS_MOST, TICKS_MOST);
	text_add(&t, body, SCENARIOS, WINDOWS, TICKS_MOST);
	for (int i = 0; i < param_count(); i++)
		if (!param_at(i)->mix)
			definition_add(&t, param_at(i));
	mix_definition_add(&t);
	settings_definition_add(&t);
	metrics_definition_add(&t);
	text_add(&t, "\t}\n}\n");
	return t.s;
}
