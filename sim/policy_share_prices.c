/* The gain goes to whoever buys. */
#include "ludd/policy.h"

const struct policy policy_share_prices = {
	.name = "share_prices",
	.doc = "the whole gain lowers prices",
	.fields = {SPLIT_FIELDS(0, 0, 1, 0, 0, 0, DISMISS_NEVER_FOR_AI)},
	.check = split_check,
	.decide = split_decide,
};
