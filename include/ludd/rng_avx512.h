/* Floor 0. Draws on AVX-512 by hand: 16 agents at once stay in registers from the key to the last
 * output, and outputs are made of 16 halves of states by true rotations, where compilers take half
 * as many instructions again. For files that define such versions of loops. */
#ifndef LUDD_RNG_AVX512_H
#define LUDD_RNG_AVX512_H

#include "ludd/rng.h"
#include "ludd/vector.h"

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

AVX512 static inline __m512i mix64_8(__m512i z)
{
	const __m512i first = _mm512_set1_epi64((long long)0xbf58476d1ce4e5b9ULL);
	const __m512i second = _mm512_set1_epi64((long long)0x94d049bb133111ebULL);

	z = _mm512_mullo_epi64(_mm512_xor_si512(z, _mm512_srli_epi64(z, 30)), first);
	z = _mm512_mullo_epi64(_mm512_xor_si512(z, _mm512_srli_epi64(z, 27)), second);
	return _mm512_xor_si512(z, _mm512_srli_epi64(z, 31));
}

/* pcg32_output: bits 27 to 58 of (state >> 18) ^ state, rotated by the five highest. */
AVX512 static inline __m512i outputs_16(__m512i low_states, __m512i high_states)
{
	const __m512i even = _mm512_set_epi32(30, 28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 6, 4,
					      2, 0);
	const __m512i odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3,
					     1);
	__m512i low = _mm512_permutex2var_epi32(low_states, even, high_states);
	__m512i high = _mm512_permutex2var_epi32(low_states, odd, high_states);
	__m512i x = _mm512_or_si512(_mm512_slli_epi32(high, 5), _mm512_srli_epi32(low, 27));

	x = _mm512_xor_si512(x, _mm512_srli_epi32(high, 13));
	return _mm512_rorv_epi32(x, _mm512_srli_epi32(high, 27));
}

/* agent + 1 of rng_agent, for 8 numbers agent - base, multiplied as there. */
AVX512 static inline __m512i agents_8(uint64_t base, __m512i agent)
{
	__m512i sum = _mm512_add_epi64(agent, _mm512_set1_epi64((long long)(base + 1)));
	return _mm512_mullo_epi64(sum, _mm512_set1_epi64((long long)0x9e3779b97f4a7c15ULL));
}

AVX512 static inline __m512i states_8(struct rng_key key, __m512i agents)
{
	return mix64_8(_mm512_xor_si512(agents, _mm512_set1_epi64((long long)key.state)));
}

AVX512 static inline __m512i incs_8(struct rng_key key, __m512i agents)
{
	__m512i mixed = mix64_8(_mm512_add_epi64(agents, _mm512_set1_epi64((long long)key.stream)));
	return _mm512_or_si512(mixed, _mm512_set1_epi64(1));
}

/* Of the 16 rows from i on those below n. */
AVX512 static inline __mmask16 lanes_left(int i, int n)
{
	return (__mmask16)(n - i >= 16 ? 0xffff : (1 << (n - i)) - 1);
}
#endif

#endif
