/* What a works council with equal votes might bargain. */
#include "ludd/policy.h"

const struct policy policy_codetermination = {
	.name = "codetermination",
	.doc = "a third shortens hours, a third raises wages, a fifth lowers prices; dismissals "
	       "only after three months of losses",
	.fields = {SPLIT_FIELDS(0.33, 0.33, 0.2, 0, 0, 0, DISMISS_ONLY_AT_A_LOSS)},
	.check = split_check,
	.decide = split_decide,
};
