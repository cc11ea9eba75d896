#include "ludd/money.h"

#include <assert.h>

#include "ludd/mem.h"

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

/* floor(total * before / all); the weights of owners add up to a power of two, which needs no
 * division. */
static int64_t share_floor(int64_t total, int64_t before, int64_t all)
{
	wide product = (wide)total * before, quotient;

	if ((all & (all - 1)) == 0)
		return (int64_t)(product >> __builtin_ctzll((unsigned long long)all));
	quotient = product / all;
	return (int64_t)(quotient * all > product ? quotient - 1 : quotient);
}

/* Parts of rows from .. to-1, `before` being the sum of the weights before them. */
static void block_apportioned(int64_t total, int64_t before, int64_t all, const int64_t *weight,
			      int64_t from, int64_t to, int64_t *part)
{
	int64_t given = share_floor(total, before, all);

	for (int64_t i = from; i < to; i++) {
		int64_t due;
		before += weight[i];
		due = share_floor(total, before, all);
		part[i] = due - given;
		given = due;
	}
}

void money_apportion(int64_t total, const int64_t *weight, int64_t n, int64_t *part, int threads)
{
	int64_t *before, all = 0;

	assert(n > 0 && total > -MONEY_LIMIT && total < MONEY_LIMIT);
	if (n < PAR_LIGHT_ROWS)
		threads = 1;
	MEM_NEW(before, par_blocks(n), "sums of weights");
	PAR_BLOCKS(b, n, threads)
		BLOCK_ROWS(i, b, n) {
			assert(weight[i] >= 0 && weight[i] <= INT64_MAX - before[b]);
			before[b] += weight[i];
		}
	for (int64_t b = 0; b < par_blocks(n); b++) {
		int64_t here = before[b];
		before[b] = all;
		assert(here <= INT64_MAX - all);
		all += here;
	}
	PAR_BLOCKS(b, n, threads) {
		int64_t from = b * PAR_BLOCK, to = par_end(b, n);
		if (all > 0)
			block_apportioned(total, before[b], all, weight, from, to, part);
		else
			for (int64_t i = from; i < to; i++)
				part[i] = i == 0 ? total : 0;
	}
	mem_free(before);
}
