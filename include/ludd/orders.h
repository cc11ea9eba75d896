/* Floor 2. What people order on the market for consumption goods, and what becomes of it (E30,
 * E31): the buyers' side of the rounds of sim/phase_goods.c. People pay when they order. */
#ifndef LUDD_ORDERS_H
#define LUDD_ORDERS_H

#include "ludd/shopping.h"

/* Marks of firms between the rounds: had enough for all and has more; had not. */
enum { SELLS_AGAIN = 1, SELLER_SHORT = 2 };

/* Before wages are paid: clears the demand for goods; tells whether anybody sells anything. */
bool orders_opened(struct world *w);

/* Orders of a block of people are placed by chunks, which lie in one block and in one region or in
 * the periphery: orders_asked, then `ordered` is filled for their rows (mills; what 32 bits do not
 * hold in the list of large ones), then orders_placed. */
struct orders {
	struct world *w;
	struct rng_key key;
	int64_t *demand; /* by firm, mills */
	uint32_t *ordered; /* by row of the block */
	struct change *change; /* behind the last */
	struct large_order *large, *placed; /* behind the last that was noted, placed */
	struct lookers lookers; /* of the chunk */
};
void orders_begun(struct orders *o, struct world *w, int64_t b);
int orders_chunk(const struct world *w, int64_t first, int64_t end); /* rows from `first` on */
void orders_asked(struct orders *o, int64_t first, int count);
void orders_placed(struct orders *o, int64_t first, int count);
int64_t orders_ended(struct orders *o, int64_t b); /* tells how many bytes its lists take */
void orders_folded(struct world *w); /* after all blocks */

static inline void order_large(struct orders *o, int64_t row, int64_t money)
{
	*o->large++ = (struct large_order){.money = money, .row = (uint16_t)row};
}

/* Whose seller is marked as short turns to another with what firm.fill does not serve: taken off
 * firm.sales and added to scratch->orders. */
void unserved_turn(struct world *w);

/* Who turned to a seller that was short as well, or found none, gets back what scratch->ration does
 * not serve; it is taken off scratch->orders. Who changed sellers stays with the new one. */
void leftovers_settled(struct world *w);

/* The part of an order that is served. */
static inline int64_t order_served(int64_t amount, double ration)
{
	return either_i64(ration >= 1.0, amount, (int64_t)((double)amount * ration));
}

#endif
