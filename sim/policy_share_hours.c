/* Less work for the same pay: the gain is taken as free time. */
#include "ludd/policy.h"

const struct policy policy_share_hours = {
	.name = "share_hours",
	.doc = "the whole gain shortens hours at full pay",
	.fields = {SPLIT_FIELDS(1, 0, 0, 0, 0, 0, DISMISS_NEVER_FOR_AI)},
	.check = split_check,
	.decide = split_decide,
};
