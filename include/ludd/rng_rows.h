/* Floor 0. The first outputs of the generators of many agents at once, for loops over blocks of
 * rows: the same numbers as rng_first and rng_agent give one by one. */
#ifndef LUDD_RNG_ROWS_H
#define LUDD_RNG_ROWS_H

#include "ludd/rng.h"

/* draw[i] = rng_first(key, first + i), i = 0 .. n-1 */
void rng_rows(struct rng_key key, uint64_t first, int n, uint32_t *draw);

/* draw[k][i] is output k of rng_agent(key, first + row[i]), k = 0 .. outputs-1. */
void rng_rows_chosen(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		     uint32_t *const draw[]);

/* draw[i] = rng_first(key, (first + row[i]) << 32 | other[i]) */
void rng_rows_pairs(struct rng_key key, uint64_t first, const uint16_t *row,
		    const uint32_t *other, int n, uint32_t *draw);

#endif
