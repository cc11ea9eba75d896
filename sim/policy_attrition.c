/* As cut_jobs, but redundant people stay until they quit. */
#include "ludd/policy.h"

const struct policy policy_attrition = {
	.name = "attrition",
	.doc = "the whole gain is profit; nobody is dismissed for AI, numbers fall by quits",
	.fields = {SPLIT_FIELDS(0, 0, 0, 0, 0, 0, DISMISS_NEVER_FOR_AI)},
	.check = split_check,
	.decide = split_decide,
};
