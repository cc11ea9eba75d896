/* Floor 0. The first outputs of the generators of many agents at once, for loops over blocks of
 * rows: the same numbers as rng_first and rng_agent give one by one, in versions for the vector
 * units of x86-64 (chosen when the program runs) and in plain C. Integers only. */
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

/* Which versions may be used: for tests. The best the processor has is the default. */
enum rng_vectors { RNG_PLAIN, RNG_AVX2, RNG_AVX512 };
void rng_vectors_limit(enum rng_vectors best);

#endif
