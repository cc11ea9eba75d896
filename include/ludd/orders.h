/* Floor 2. What people order on the market for consumption goods, and what becomes of it (E30, E31):
 * the buyers' side of the rounds of sim/phase_goods.c. People pay when they order. */
#ifndef LUDD_ORDERS_H
#define LUDD_ORDERS_H

#include "ludd/world.h"

/* Marks of firms between the rounds: had enough for all and has more; had not. */
enum { SELLS_AGAIN = 1, SELLER_SHORT = 2 };

/* Everybody's orders: added to scratch->orders. */
void people_order(struct world *w);

/* Whose seller is marked as short turns to another with what firm.fill does not serve: taken off
 * firm.sales and added to scratch->orders. */
void unserved_turn(struct world *w);

/* Who turned to a seller that was short as well, or found none, gets back what scratch->ration does
 * not serve; it is taken off firm.sales. Who changed sellers stays with the new one. */
void leftovers_settled(struct world *w);

/* The part of an order that is served. */
static inline int64_t order_served(int64_t amount, double ration)
{
	return either_i64(ration >= 1.0, amount, (int64_t)((double)amount * ration));
}

#endif
