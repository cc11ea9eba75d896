/* Floor 1. The parameters of a run, generated from parameters.def and the policies' own tables. */
#ifndef LUDD_PARAMS_H
#define LUDD_PARAMS_H

#include "ludd/base.h"
#include "ludd/err.h"

enum pricing { PRICING_UNIT_COST, PRICING_TARGET_RETURN };
enum spending { SPENDING_FOLLOWS_PRODUCTIVITY, SPENDING_EXOGENOUS_TREND };

enum { PARAMS_POLICIES = 32, PARAMS_POLICY_FIELDS = 12 }; /* room, checked against policies.def */

struct params {
#define GROUP(group) struct {
#define PARAM_REAL double
#define PARAM_WHOLE int64_t
#define PARAM_CHOICE int64_t
#define PARAM(group, name, type, ...) PARAM_##type name;
#define END(group) } group;
#include "ludd/parameters.def"
	double mix[PARAMS_POLICIES]; /* share of firms that hold a policy; adds up to 1 */
	double policy[PARAMS_POLICIES][PARAMS_POLICY_FIELDS]; /* numbers of each policy */
};

enum param_type { PARAM_TYPE_REAL, PARAM_TYPE_WHOLE, PARAM_TYPE_CHOICE };

struct param_info {
	const char *key; /* group.name, policy.NAME.field or policy.mix.NAME */
	enum param_type type;
	size_t offset; /* of the value in struct params */
	double value, low, high;
	const char *unit, *symbol, *doc, *source; /* unit: for a CHOICE its names, "a|b" */
	bool matters_from_ai; /* cannot change a run before automation.start */
	bool mix;             /* one share of policy.mix: set by the whole mix */
};

int param_count(void);
const struct param_info *param_at(int i);        /* in table order; mixes last */
int param_by_key(const char *key);               /* -1 where there is none */
const char *param_nearest(const char *key);      /* a key or group to suggest, or NULL */
double param_get(const struct params *p, int i); /* a CHOICE gives its position */
void param_set(struct params *p, int i, double value); /* no check */
int param_choice(const struct param_info *info, const char *name); /* position, or -1 */
const char *param_choice_name(const struct param_info *info, int position, char text[64]);
bool params_known_group(const char *name); /* "labour", "policy", "policy.mix" ... */

void params_default(struct params *p);
/* Whether a parameter may have this value by its own range (and, if not REAL, is whole). */
bool param_in_range(const struct param_info *info, double value);
/* Range of every parameter, then the rules that join several: adds every violation to `problems`.
 * Each line is `place` (may be "") and a sentence that starts with the key it is about. */
void params_check(const struct params *p, const char *place, struct problems *problems);

#endif
