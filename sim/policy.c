/* The list of policies and what presets share. */
#include "ludd/policy.h"

#include <string.h>

const struct policy *const policies[POLICY_COUNT] = {
#define POLICY(name) &policy_##name,
#include "ludd/policies.def"
};

void policy_decide(enum policy_id id, const double *value, const struct policy_view *firm,
		   struct policy_plan *plan)
{
	switch (id) {
#define POLICY(name) case POLICY_##name: policy_##name.decide(value, firm, plan); return;
#include "ludd/policies.def"
	case POLICY_COUNT: return;
	}
}

int policy_by_name(const char *name)
{
	for (int i = 0; i < POLICY_COUNT; i++)
		if (!strcmp(policies[i]->name, name))
			return i;
	return -1;
}

int policy_fields(const struct policy *p)
{
	int n = 0;
	while (n < POLICY_FIELDS && p->fields[n].name)
		n++;
	return n;
}

enum { HOURS, WAGES, PRICES, FUND, RETRAINING, SURVEILLANCE, DISMISSAL }; /* SPLIT_FIELDS' order */

void split_check(const char *name, const double *v, struct problems *p)
{
	double sum = v[HOURS] + v[WAGES] + v[PRICES] + v[FUND];
	int rule = (int)v[DISMISSAL];

	if (sum > 1.0 + 1e-9)
		problem_add(p, "policy.%s: hours, wages, prices and fund add up to %g; "
			       "at most 1 of the gain can be given away", name, sum);
	if (rule != v[DISMISSAL])
		problem_add(p,
			    "policy.%s.dismissal is %g; it must be 0 (at_once), 1 (never_for_ai) "
			    "or 2 (only_at_a_loss)",
			    name, v[DISMISSAL]);
}

void split_decide(const double *v, const struct policy_view *firm, struct policy_plan *plan)
{
	(void)firm;
	plan->hours = v[HOURS];
	plan->wages = v[WAGES];
	plan->prices = v[PRICES];
	plan->fund = v[FUND];
	plan->retraining = v[RETRAINING];
	plan->surveillance = v[SURVEILLANCE];
	plan->dismissal = (enum dismissal)v[DISMISSAL];
}
