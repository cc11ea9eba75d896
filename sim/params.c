#include "ludd/params.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/policy.h"

enum from { START, AI }; /* the MATTERS column of parameters.def */

static const struct param_info fixed[] = {
#define GROUP(group)
#define END(group)
#define PARAM(group, name, type, value, low, high, unit, symbol, matters, doc, source) \
	{#group "." #name, PARAM_TYPE_##type, offsetof(struct params, group.name), value, low, \
	 high, unit, symbol, doc, source, matters == AI, false},
#include "ludd/parameters.def"
};

static const char *const groups[] = {
#define GROUP(group) #group,
#define PARAM(...)
#define END(group)
#include "ludd/parameters.def"
};

_Static_assert((int)POLICY_COUNT <= (int)PARAMS_POLICIES, "raise PARAMS_POLICIES");
_Static_assert((int)POLICY_FIELDS <= (int)PARAMS_POLICY_FIELDS, "raise PARAMS_POLICY_FIELDS");

enum { ROOM = LENGTH(fixed) + PARAMS_POLICIES * (PARAMS_POLICY_FIELDS + 1) };

static struct {
	struct param_info info[ROOM];
	const char *key[ROOM]; /* the same keys, as nearest_word wants them */
	int count, mix_first;
} table;

static void table_append(struct param_info info)
{
	table.key[table.count] = info.key;
	table.info[table.count++] = info;
}

static void policy_append(int i)
{
	const struct policy *p = policies[i];
	for (int f = 0; f < policy_fields(p); f++) {
		const struct policy_field *field = &p->fields[f];
		table_append((struct param_info){
			.key = mem_format("policy.%s.%s", p->name, field->name),
			.type = PARAM_TYPE_REAL,
			.offset = offsetof(struct params, policy) +
				  sizeof(double) * (size_t)(i * PARAMS_POLICY_FIELDS + f),
			.value = field->value, .low = field->low, .high = field->high,
			.unit = field->unit, .symbol = "", .doc = field->doc,
			.source = field->source, .matters_from_ai = true,
		});
	}
}

static void mix_append(int i)
{
	table_append((struct param_info){
		.key = mem_format("policy.mix.%s", policies[i]->name),
		.type = PARAM_TYPE_REAL,
		.offset = offsetof(struct params, mix) + sizeof(double) * (size_t)i,
		.value = i == POLICY_cut_jobs, .low = 0, .high = 1,
		.unit = "share of firms", .symbol = "", .doc = policies[i]->doc,
		.source = "scenario", .matters_from_ai = true, .mix = true,
	});
}

static void table_build(void)
{
	for (int i = 0; i < LENGTH(fixed); i++)
		table_append(fixed[i]);
	for (int i = 0; i < POLICY_COUNT; i++)
		policy_append(i);
	table.mix_first = table.count;
	for (int i = 0; i < POLICY_COUNT; i++)
		mix_append(i);
}

static void table_want(void) /* policies are known by name only at run time */
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, table_build);
}

int param_count(void)
{
	table_want();
	return table.count;
}

const struct param_info *param_at(int i)
{
	table_want();
	return &table.info[i];
}

int param_by_key(const char *key)
{
	table_want();
	for (int i = 0; i < table.count; i++)
		if (!strcmp(table.key[i], key))
			return i;
	return -1;
}

const char *param_nearest(const char *key)
{
	const char *last = strrchr(key, '.'), *near;
	table_want();
	last = last ? last + 1 : key;
	for (int i = 0; i < table.mix_first; i++) /* right name, wrong or missing group */
		if (!strcmp(strrchr(table.key[i], '.') + 1, last) &&
		    strncmp(table.key[i], "policy.", 7) != 0)
			return table.key[i];
	near = nearest_word(key, table.key, table.mix_first);
	return near ? near : nearest_word(key, groups, LENGTH(groups));
}

double param_get(const struct params *p, int i)
{
	const struct param_info *info = param_at(i);
	const char *place = (const char *)p + info->offset;
	double real;
	int64_t whole;
	if (info->type != PARAM_TYPE_REAL) {
		memcpy(&whole, place, sizeof(whole));
		return (double)whole;
	}
	memcpy(&real, place, sizeof(real));
	return real;
}

void param_set(struct params *p, int i, double value)
{
	const struct param_info *info = param_at(i);
	char *place = (char *)p + info->offset;
	int64_t whole = (int64_t)value;
	if (info->type == PARAM_TYPE_REAL)
		memcpy(place, &value, sizeof(value));
	else
		memcpy(place, &whole, sizeof(whole));
}

/* The name at a position of "a|b|c" and its length; NULL past the end. */
static const char *choice_name(const struct param_info *info, int position, size_t *length)
{
	const char *name = info->unit;
	for (; position > 0; position--) {
		name = strchr(name, '|');
		if (!name)
			return NULL;
		name++;
	}
	*length = strcspn(name, "|");
	return name;
}

int param_choice(const struct param_info *info, const char *name)
{
	const char *at;
	size_t length;
	for (int i = 0; (at = choice_name(info, i, &length)) != NULL; i++)
		if (strlen(name) == length && !memcmp(at, name, length))
			return i;
	return -1;
}

const char *param_choice_name(const struct param_info *info, int position, char text[64])
{
	size_t length;
	const char *name = position < 0 ? NULL : choice_name(info, position, &length);
	if (!name)
		return NULL;
	snprintf(text, 64, "%.*s", (int)length, name);
	return text;
}

bool params_known_group(const char *name)
{
	if (!strcmp(name, "policy") || !strcmp(name, "policy.mix"))
		return true;
	if (!strncmp(name, "policy.", 7))
		return policy_by_name(name + 7) >= 0;
	for (int i = 0; i < LENGTH(groups); i++)
		if (!strcmp(groups[i], name))
			return true;
	return false;
}

void params_default(struct params *p)
{
	*p = (struct params){0};
	for (int i = 0; i < param_count(); i++)
		param_set(p, i, param_at(i)->value);
}
