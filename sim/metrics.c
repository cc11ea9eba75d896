#include "ludd/metrics.h"

#include <stdio.h>
#include <string.h>

#include "ludd/err.h"
#include "ludd/policy.h"

#define HOURS (40.0 * 52.0 / 12.0) /* a full-time month */

static double ratio(double a, double b)
{
	return b != 0.0 ? a / b : 0.0;
}

static const struct metric_info plain[] = {
#define METRIC(name, unit, doc, expression, source) {#name, unit, doc, source},
#include "ludd/metrics.def"
};
static const struct metric_info by_policy[] = { /* one column a policy each */
#define METRIC(name, ...)
#define METRIC_POLICY(name, unit, doc, expression, source) {#name, unit, doc, source},
#include "ludd/metrics.def"
};
enum { PLAIN = LENGTH(plain), BY = LENGTH(by_policy), METRICS = PLAIN + BY * POLICY_COUNT };

static struct metric_info table[METRICS];

__attribute__((constructor)) static void table_filled(void)
{
	static char names[BY * POLICY_COUNT][96];

	memcpy(table, plain, sizeof(plain));
	for (int i = 0; i < BY * POLICY_COUNT; i++) {
		const struct metric_info *m = &by_policy[i / POLICY_COUNT];
		snprintf(names[i], sizeof(names[i]), "%s_%s", m->name,
			 policies[i % POLICY_COUNT]->name);
		table[PLAIN + i] = *m;
		table[PLAIN + i].name = names[i];
	}
}

int metric_count(void)
{
	return METRICS;
}

const struct metric_info *metric_at(int i)
{
	return &table[i];
}

int metric_by_name(const char *name)
{
	for (int i = 0; i < METRICS; i++)
		if (!strcmp(table[i].name, name))
			return i;
	return -1;
}

const char *metric_nearest(const char *name)
{
	const char *names[METRICS];
	for (int i = 0; i < METRICS; i++)
		names[i] = table[i].name;
	return nearest_word(name, names, METRICS);
}

void metrics_of(const struct census *c, double *row)
{
	int at = 0;
#define METRIC(name, unit, doc, expression, source) row[at++] = (expression);
#include "ludd/metrics.def"
#define METRIC(name, ...)
#define METRIC_POLICY(name, unit, doc, expression, source) \
	for (int i = 0; i < POLICY_COUNT; i++)             \
		row[at++] = (expression);
#include "ludd/metrics.def"
}
