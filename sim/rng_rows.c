#include "ludd/rng_rows.h"

#include "ludd/rng_avx512.h"
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

VECTOR_VERSIONS(places,
		(struct rng_look look, const uint32_t *where, const uint32_t *which, int n,
		 int64_t *place, int64_t *any),
		look, where, which, n, place, any)

VECTOR_LOWER_VERSIONS(rows, (struct rng_key key, uint64_t first, int n, uint32_t *draw), key, first,
		      n, draw)
VECTOR_LOWER_VERSIONS(chosen,
		      (struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		       uint32_t *const draw[]),
		      key, first, row, n, outputs, draw)
VECTOR_LOWER_VERSIONS(agents,
		      (struct rng_key key, uint64_t base, const uint64_t *agent, int n,
		       uint32_t *draw),
		      key, base, agent, n, draw)

#ifdef AVX512
AVX512 static void rows_avx512(struct rng_key key, uint64_t first, int n, uint32_t *draw)
{
	const __m512i eight = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
	const __m512i step = _mm512_set1_epi64((long long)(8 * 0x9e3779b97f4a7c15ULL));
	__m512i agents = agents_8(first, eight);

	for (int i = 0; i < n; i += 16) {
		__m512i low = states_8(key, agents), high;
		agents = _mm512_add_epi64(agents, step);
		high = states_8(key, agents);
		agents = _mm512_add_epi64(agents, step);
		_mm512_mask_storeu_epi32(&draw[i], lanes_left(i, n), outputs_16(low, high));
	}
}

AVX512 static void agents_avx512(struct rng_key key, uint64_t base, const uint64_t *agent, int n,
				 uint32_t *draw)
{
	for (int i = 0; i < n; i += 16) {
		__mmask16 left = lanes_left(i, n);
		__m512i low = _mm512_maskz_loadu_epi64((__mmask8)left, &agent[i]);
		__m512i high = _mm512_maskz_loadu_epi64((__mmask8)(left >> 8), &agent[i + 8]);
		low = states_8(key, agents_8(base, low));
		high = states_8(key, agents_8(base, high));
		_mm512_mask_storeu_epi32(&draw[i], left, outputs_16(low, high));
	}
}

AVX512 static void chosen_avx512(struct rng_key key, uint64_t first, const uint16_t *row, int n,
				 int outputs, uint32_t *const draw[])
{
	const __m512i multiplier = _mm512_set1_epi64((long long)PCG32_MULTIPLIER);

	for (int i = 0; i < n; i += 16) {
		__mmask16 left = lanes_left(i, n);
		__m256i rows = _mm256_maskz_loadu_epi16(left, &row[i]);
		__m512i low = agents_8(first, _mm512_cvtepu16_epi64(_mm256_castsi256_si128(rows)));
		__m512i high =
			agents_8(first, _mm512_cvtepu16_epi64(_mm256_extracti128_si256(rows, 1)));
		__m512i low_inc = incs_8(key, low), high_inc = incs_8(key, high);
		low = states_8(key, low);
		high = states_8(key, high);
		for (int k = 0;; k++) {
			_mm512_mask_storeu_epi32(&draw[k][i], left, outputs_16(low, high));
			if (k == outputs - 1)
				break;
			low = _mm512_add_epi64(_mm512_mullo_epi64(low, multiplier), low_inc);
			high = _mm512_add_epi64(_mm512_mullo_epi64(high, multiplier), high_inc);
		}
	}
}

#endif

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
