/* Floor 2. Sums that all owners receive or pay together. */
#ifndef LUDD_OWNERS_H
#define LUDD_OWNERS_H

#include "ludd/world.h"

enum owners_direction { OWNERS_RECEIVE, OWNERS_PAY };

/* Splits `total` over the owners in proportion to `weight` (money_apportion) and moves it between
 * `account` and their deposits. The parts stay in scratch->owner_part, which may be `weight`. */
void owners_share(struct world *w, int64_t total, const int64_t *weight, int64_t *account,
		  enum owners_direction direction);

#endif
