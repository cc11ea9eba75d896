#include "ludd/owners.h"

#include "ludd/scratch.h"

void owners_share(struct world *w, int64_t total, const int64_t *weight, int64_t *account,
		  enum owners_direction direction)
{
	int64_t *part = w->scratch->owner_part, sign = direction == OWNERS_RECEIVE ? 1 : -1;
	struct tally sum;

	money_apportion(total, weight, w->owners, part, w->threads);
	PAR_BLOCKS(b, w->owners, w->owners < PAR_LIGHT_ROWS ? 1 : w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(o, b, w->owners)
			money_pay(&t.money[0], &w->owner.cash[o], sign * part[o]);
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_blocks(w->owners));
	money_drain(&sum.money[0], account);
}
