/* Floor 2. How buyers find sellers; reads last month's sellers, prices and shortages. Rows come in
 * chunks of at most SHOPPING_CHUNK, all of one region or all of the periphery. */
#ifndef LUDD_SHOPPING_H
#define LUDD_SHOPPING_H

#include "ludd/scratch.h"

#define NO_SELLER UINT32_MAX

enum { SHOPPING_CHUNK = 512 };

/* Who of the chunk changes sellers this month, in order of row; tells how many. There is at least
 * one seller in business. */
int sellers_changed(const struct world *w, struct rng_key key, int64_t first, int count,
		    struct change *changes);

/* For `count` rows of a chunk whose seller could not serve all: a marked firm (see scratch.h), or
 * NO_SELLER after three tries. */
void second_sellers(const struct world *w, struct rng_key key, int64_t first, const uint16_t *row,
		    int count, uint32_t *other);

#endif
