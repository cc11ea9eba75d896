/* Firms keep the decision, everybody gets a dividend. */
#include "ludd/policy.h"

const struct policy policy_ai_dividend = {
	.name = "ai_dividend",
	.doc = "as cut_jobs, but three tenths of the AI rent go to a citizens' fund that pays "
	       "everybody",
	.fields = {SPLIT_FIELDS(0, 0, 0, 0.3, 0, 0, DISMISS_AT_ONCE)},
	.check = split_check,
	.decide = split_decide,
};
