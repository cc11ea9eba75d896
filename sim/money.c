#include "ludd/money.h"

#include <assert.h>

__extension__ typedef __int128 wide; /* mills times a sum of mills: up to 2^123 */

struct fault_report {
	struct money_fault *fault, found;
};

/* Of several faults the lowest agent's stays, whichever thread reports first. */
static void fault_note(void *context)
{
	struct fault_report *report = context;
	if (report->fault->agent < 0 || report->found.agent < report->fault->agent)
		*report->fault = report->found;
}

int64_t money_floor(double x, struct money_fault *fault, int64_t agent, const char *what)
{
	if (x > -0x1p60 && x < 0x1p60)
		return (int64_t)x;
	struct fault_report report = {fault, {agent, x, what}};
	par_locked(fault_note, &report);
	return 0;
}

/* floor(total * before / all) */
static int64_t share_floor(int64_t total, int64_t before, int64_t all)
{
	wide product = (wide)total * before;
	wide quotient = product / all;
	return (int64_t)(quotient * all > product ? quotient - 1 : quotient);
}

void money_apportion(int64_t total, const int64_t *weight, int64_t n, int64_t *part)
{
	int64_t all = 0, before = 0, given = 0;
	assert(n > 0 && total > -MONEY_LIMIT && total < MONEY_LIMIT);
	for (int64_t i = 0; i < n; i++) {
		assert(weight[i] >= 0 && weight[i] <= INT64_MAX - all);
		all += weight[i];
	}
	if (all == 0) {
		for (int64_t i = 0; i < n; i++)
			part[i] = i == 0 ? total : 0;
		return;
	}
	for (int64_t i = 0; i < n; i++) {
		before += weight[i];
		int64_t due = share_floor(total, before, all);
		part[i] = due - given;
		given = due;
	}
}
