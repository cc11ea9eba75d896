/* The gain goes to the people who work with the machines. */
#include "ludd/policy.h"

const struct policy policy_share_wages = {
	.name = "share_wages",
	.doc = "the whole gain raises wages",
	.fields = {SPLIT_FIELDS(0, 1, 0, 0, 0, 0, DISMISS_NEVER_FOR_AI)},
	.check = split_check,
	.decide = split_decide,
};
