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

VECTOR_BODY agents_body(struct rng_key key, uint64_t base, const uint64_t *restrict agent, int n,
			uint32_t *restrict draw)
{
	for (int i = 0; i < n; i++)
		draw[i] = rng_first(key, base + agent[i]);
}

VECTOR_BODY places_body(struct rng_look look, const uint32_t *restrict where,
			const uint32_t *restrict which, int n, int64_t *restrict place,
			int64_t *restrict any)
{
	int64_t all = 0;

	for (int i = 0; i < n; i++) {
		bool near = where[i] < look.near;
		uint64_t among = (uint64_t)either_i64(near, look.count, look.all);
		uint64_t at = which[i] * among;
		bool again = (at & UINT32_MAX) < among;
		int64_t found = either_i64(near, look.first, 0) + (int64_t)(at >> 32);
		place[i] = either_i64(again, -1, found);
		all |= place[i];
	}
	*any = all;
}

VECTOR_VERSIONS(rows, (struct rng_key key, uint64_t first, int n, uint32_t *draw),
		key, first, n, draw)
VECTOR_VERSIONS(chosen,
		(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		 uint32_t *const draw[]),
		key, first, row, n, outputs, draw)
VECTOR_VERSIONS(agents,
		(struct rng_key key, uint64_t base, const uint64_t *agent, int n, uint32_t *draw),
		key, base, agent, n, draw)

VECTOR_VERSIONS(places,
		(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		 int64_t *place, int64_t *any),
		look, where, which, n, place, any)

bool rng_places(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		int64_t *place)
{
	int64_t any;

	if (look.count == 0)
		look.near = 0;
	VECTOR_CALL(places, look, where, which, n, place, &any);
	return any < 0;
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

void rng_rows_agents(struct rng_key key, uint64_t base, const uint64_t *agent, int n,
		     uint32_t *draw)
{
	VECTOR_CALL(agents, key, base, agent, n, draw);
}
