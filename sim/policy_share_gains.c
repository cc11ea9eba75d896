/* The alternative to cut_jobs. Courses for people whose tasks the machines took come off the
 * top; the rest is split. It can lose: it leaves the firm no extra profit, and its prices
 * compete with cutters'. */
#include "ludd/policy.h"

const struct policy policy_share_gains = {
	.name = "share_gains",
	.doc = "half of the gain shortens hours, three tenths raise wages, two tenths lower "
	       "prices; nobody is dismissed for AI, redundant people are retrained",
	.fields = {SPLIT_FIELDS(0.5, 0.3, 0.2, 0, 0.05, 0, DISMISS_NEVER_FOR_AI)},
	.check = split_check,
	.decide = split_decide,
};
