/* One body a loop, written so that compilers vectorise it; on x86-64 it is built three times, for
 * what every such processor has, for AVX2 and for AVX-512 (64-bit products in one instruction). */
#include "ludd/rng_rows.h"

#if defined(__x86_64__) && defined(__GNUC__)
#define VECTORS 1
#else
#define VECTORS 0
#endif

static enum rng_vectors allowed = RNG_AVX512;

void rng_vectors_limit(enum rng_vectors best)
{
	allowed = best;
}

#define BODY static inline __attribute__((always_inline)) void

BODY rows_body(struct rng_key key, uint64_t first, int n, uint32_t *restrict draw)
{
	for (int i = 0; i < n; i++)
		draw[i] = rng_first(key, first + (uint64_t)i);
}

BODY chosen_body(struct rng_key key, uint64_t first, const uint16_t *restrict row, int n,
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

BODY pairs_body(struct rng_key key, uint64_t first, const uint16_t *restrict row,
		const uint32_t *restrict other, int n, uint32_t *restrict draw)
{
	for (int i = 0; i < n; i++)
		draw[i] = rng_first(key, (first + row[i]) << 32 | other[i]);
}

/* The versions of one function: NAME_plain, and on x86-64 NAME_avx2 and NAME_avx512. */
#define PLAIN(name, parameters, ...)                  \
	static void name##_plain parameters           \
	{                                             \
		name##_body(__VA_ARGS__);             \
	}
#if VECTORS
#define VERSIONS(name, parameters, ...)                                                    \
	PLAIN(name, parameters, __VA_ARGS__)                                               \
	__attribute__((target("avx2"))) static void name##_avx2 parameters                 \
	{                                                                                  \
		name##_body(__VA_ARGS__);                                                  \
	}                                                                                  \
	__attribute__((target("avx512f,avx512dq,avx512vl,avx512bw"))) static void          \
		name##_avx512 parameters                                                   \
	{                                                                                  \
		name##_body(__VA_ARGS__);                                                  \
	}
#define CALL(name, ...)                                                  \
	do {                                                             \
		if (allowed >= RNG_AVX512 && has_avx512())               \
			name##_avx512(__VA_ARGS__);                      \
		else if (allowed >= RNG_AVX2 && has_avx2())              \
			name##_avx2(__VA_ARGS__);                        \
		else                                                     \
			name##_plain(__VA_ARGS__);                       \
	} while (0)

static bool has_avx2(void)
{
	return __builtin_cpu_supports("avx2");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
}
#else
#define VERSIONS(name, parameters, ...) PLAIN(name, parameters, __VA_ARGS__)
#define CALL(name, ...) ((void)allowed, name##_plain(__VA_ARGS__))
#endif

VERSIONS(rows, (struct rng_key key, uint64_t first, int n, uint32_t *draw), key, first, n, draw)
VERSIONS(chosen,
	 (struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
	  uint32_t *const draw[]),
	 key, first, row, n, outputs, draw)
VERSIONS(pairs,
	 (struct rng_key key, uint64_t first, const uint16_t *row, const uint32_t *other, int n,
	  uint32_t *draw),
	 key, first, row, other, n, draw)

void rng_rows(struct rng_key key, uint64_t first, int n, uint32_t *draw)
{
	CALL(rows, key, first, n, draw);
}

void rng_rows_chosen(struct rng_key key, uint64_t first, const uint16_t *row, int n, int outputs,
		     uint32_t *const draw[])
{
	CALL(chosen, key, first, row, n, outputs, draw);
}

void rng_rows_pairs(struct rng_key key, uint64_t first, const uint16_t *row,
		    const uint32_t *other, int n, uint32_t *draw)
{
	CALL(pairs, key, first, row, other, n, draw);
}
