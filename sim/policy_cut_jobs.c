/* The firm keeps the gain and dismisses whom it no longer needs. */
#include "ludd/policy.h"

const struct policy policy_cut_jobs = {
	.name = "cut_jobs",
	.doc = "the whole gain is profit; redundant people leave at once",
	.fields = {SPLIT_FIELDS(0, 0, 0, 0, 0, 0, DISMISS_AT_ONCE)},
	.check = split_check,
	.decide = split_decide,
};
