/* Floor 0. The first outputs of the generators of many agents at once, for loops over blocks of
 * rows: the same numbers as rng_first and rng_agent give one by one. */
#ifndef LUDD_RNG_ROWS_H
#define LUDD_RNG_ROWS_H

#include "ludd/rng.h"
#include "ludd/rows.h"

/* draw[i] = rng_first(key, first + i), i = 0 .. n-1 */
void rng_rows(struct rng_key key, uint64_t first, int n, uint32_t *draw);

/* draw[k][i] is output k of rng_agent(key, first + row[i]), k = 0 .. outputs-1. */
void rng_rows_chosen(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		     uint32_t *const draw[]);

/* draw[i] = rng_first(key, base + agent[i]) */
void rng_rows_agents(struct rng_key key, uint64_t base, const uint64_t *agent, int n,
		     uint32_t *draw);

/* Of the agents first .. first+n-1 those whose first output is below `below` and whose at[i] is not
 * NO_ROW, in order: their numbers i and their next outputs, draw[k][..], k = 0 .. outputs-1. Tells
 * how many. row[] and draw[k] have room for n + ROWS_SLACK. */
int rng_rows_below(struct rng_key key, uint64_t first, int n, uint64_t below, const uint32_t *at,
		   int outputs, uint16_t *row, uint32_t *const draw[]);

/* What agents first + row[i] draw for `tries` tries each, RNG_TRIES at most, from their first
 * outputs on; the tries of an agent side by side. One needs two outputs, which[] the latter, or
 * only that one. Arrays have room for n * tries + ROWS_SLACK. */
enum { RNG_TRIES = 6 };
struct rng_tries {
	uint16_t *row;
	uint32_t *where, *which; /* where: NULL if a try needs one output */
};
void rng_rows_tries(struct rng_key key, uint64_t first, const uint16_t *row, int n, int tries,
		    struct rng_tries drawn);

/* Pairs of a row and a number j, agents base + (row << 32 | j), for rows first_row + row[i]:
 * entry[i] has j in its lower half and in its upper one the highest first output with which the
 * pair is kept. Pairs that are go to pair[], in order, and their outputs to draw[]; tells how many.
 * Both have room for n + ROWS_SLACK. */
int rng_pairs_kept(struct rng_key key, uint64_t base, uint16_t first_row, const uint16_t *row,
		   const uint64_t *entry, int n, uint64_t *pair, uint32_t *draw);

/* Where a random look falls: at one of `all` places or, if the draw says so, at one of `count` near
 * ones from `first` on. */
struct rng_look {
	uint64_t near;        /* below this a draw means the near ones; 0: never */
	int64_t first, count; /* count may be 0: then all */
	int64_t all;
};

/* place[i] as rng_below finds it with draws made in advance, where[i] for near or all and which[i]
 * for the place (without near ones the two may be the same array); -1 where it would draw again.
 * Tells whether there is any such. */
bool rng_places(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		int64_t *place);

#endif
