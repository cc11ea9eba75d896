#include "ludd/rng_rows.h"

#include "ludd/vector.h"

VECTOR_BODY rows_body(struct rng_key key, uint64_t first, int n, uint32_t *restrict draw)
{
	for (int i = 0; i < n; i++)
		draw[i] = rng_first(key, first + (uint64_t)i);
}

VECTOR_BODY chosen_body(struct rng_key key, uint64_t first, const uint16_t *restrict row, int n,
			int outputs, uint32_t *const draw[])
{
	enum { AT_ONCE = 64 };
	uint64_t state[AT_ONCE], inc[AT_ONCE];

	for (int from = 0; from < n; from += AT_ONCE) {
		int count = n - from < AT_ONCE ? n - from : AT_ONCE;
		for (int i = 0; i < count; i++) {
			struct pcg32 g = rng_agent(key, first + row[from + i]);
			state[i] = g.state;
			inc[i] = g.inc;
		}
		for (int k = 0; k < outputs; k++) {
			uint32_t *restrict to = draw[k] + from;
			for (int i = 0; i < count; i++) {
				to[i] = pcg32_output(state[i]);
				state[i] = state[i] * PCG32_MULTIPLIER + inc[i];
			}
		}
	}
}

VECTOR_BODY pairs_body(struct rng_key key, uint64_t first, const uint16_t *restrict row,
		       const uint32_t *restrict other, int n, uint32_t *restrict draw)
{
	for (int i = 0; i < n; i++)
		draw[i] = rng_first(key, (first + row[i]) << 32 | other[i]);
}

VECTOR_BODY places_body(struct rng_look look, const uint32_t *restrict where,
			const uint32_t *restrict which, int n, int64_t *restrict place)
{
	for (int i = 0; i < n; i++) {
		bool near = where[i] < look.near;
		uint64_t among = (uint64_t)either_i64(near, look.count, look.all);
		uint64_t at = which[i] * among;
		bool again = (at & UINT32_MAX) < among;
		int64_t found = either_i64(near, look.first, 0) + (int64_t)(at >> 32);
		place[i] = either_i64(again, -1, found);
	}
}

VECTOR_VERSIONS(rows, (struct rng_key key, uint64_t first, int n, uint32_t *draw),
		key, first, n, draw)
VECTOR_VERSIONS(chosen,
		(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		 uint32_t *const draw[]),
		key, first, row, n, outputs, draw)
VECTOR_VERSIONS(pairs,
		(struct rng_key key, uint64_t first, const uint16_t *row, const uint32_t *other,
		 int n, uint32_t *draw),
		key, first, row, other, n, draw)

VECTOR_VERSIONS(places,
		(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		 int64_t *place),
		look, where, which, n, place)

void rng_places(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		int64_t *place)
{
	if (look.count == 0)
		look.near = 0;
	VECTOR_CALL(places, look, where, which, n, place);
}

void rng_rows(struct rng_key key, uint64_t first, int n, uint32_t *draw)
{
	VECTOR_CALL(rows, key, first, n, draw);
}

void rng_rows_chosen(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		     uint32_t *const draw[])
{
	VECTOR_CALL(chosen, key, first, row, n, outputs, draw);
}

void rng_rows_pairs(struct rng_key key, uint64_t first, const uint16_t *row,
		    const uint32_t *other, int n, uint32_t *draw)
{
	VECTOR_CALL(pairs, key, first, row, other, n, draw);
}
