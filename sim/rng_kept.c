/* Draws by which some rows or tries are kept and others not: what is kept goes from registers to
 * its place, so that nothing is written to be read once. */
#include "ludd/rng_avx512.h"
#include "ludd/rng_rows.h"
#include "ludd/vector.h"

static int below_plain(struct rng_key key, uint64_t first, int n, uint64_t below,
		       const uint32_t *at, int outputs, uint16_t *row, uint32_t *const draw[])
{
	int found = 0;

	for (int i = 0; i < n; i++) {
		struct pcg32 g = rng_agent(key, first + (uint64_t)i);
		bool kept = (pcg32_next(&g) < below) & (at[i] != NO_ROW);
		row[found] = (uint16_t)i;
		for (int k = 0; k < outputs; k++)
			draw[k][found] = pcg32_next(&g);
		found += kept;
	}
	return found;
}

static void tries_plain(struct rng_key key, uint64_t first, const uint16_t *row, int n, int tries,
			struct rng_tries drawn)
{
	int at = 0;

	for (int i = 0; i < n; i++) {
		struct pcg32 g = rng_agent(key, first + row[i]);
		for (int k = 0; k < tries; k++, at++) {
			if (drawn.where)
				drawn.where[at] = pcg32_next(&g);
			drawn.which[at] = pcg32_next(&g);
			drawn.row[at] = row[i];
		}
	}
}

static int pairs_plain(struct rng_key key, uint64_t base, uint16_t first_row,
		       const uint16_t *row, const uint64_t *entry, int n, uint64_t *pair,
		       uint32_t *draw)
{
	int found = 0;

	for (int i = 0; i < n; i++) {
		pair[found] = (uint64_t)(first_row + row[i]) << 32 | (uint32_t)entry[i];
		draw[found] = rng_first(key, base + pair[found]);
		found += draw[found] <= entry[i] >> 32;
	}
	return found;
}

#ifdef AVX512
/* The generators of 16 agents. */
struct pcg32_16 {
	__m512i low, high, low_inc, high_inc;
};

AVX512 static inline __m512i next_16(struct pcg32_16 *g)
{
	const __m512i multiplier = _mm512_set1_epi64((long long)PCG32_MULTIPLIER);
	__m512i out = outputs_16(g->low, g->high);

	g->low = _mm512_add_epi64(_mm512_mullo_epi64(g->low, multiplier), g->low_inc);
	g->high = _mm512_add_epi64(_mm512_mullo_epi64(g->high, multiplier), g->high_inc);
	return out;
}

AVX512 static inline void numbers_stored(uint16_t *to, __m512i numbers)
{
	_mm256_storeu_si256((__m256i *)(void *)to, _mm512_cvtepi32_epi16(numbers));
}

AVX512 static int below_avx512(struct rng_key key, uint64_t first, int n, uint64_t below,
			       const uint32_t *at, int outputs, uint16_t *row,
			       uint32_t *const draw[])
{
	const __m512i eight = _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0);
	const __m512i step = _mm512_set1_epi64((long long)(8 * 0x9e3779b97f4a7c15ULL));
	const __m512i last = _mm512_set1_epi32((int)(uint32_t)(below - 1));
	__m512i agents = agents_8(first, eight);
	__m512i number = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	int found = 0;

	for (int i = 0; below > 0 && i < n; i += 16) {
		__mmask16 left = lanes_left(i, n), kept;
		__m512i where = _mm512_maskz_loadu_epi32(left, &at[i]), next = agents;
		struct pcg32_16 g = {.low = states_8(key, agents), .low_inc = incs_8(key, agents)};
		next = _mm512_add_epi64(agents, step);
		g.high = states_8(key, next);
		g.high_inc = incs_8(key, next);
		agents = _mm512_add_epi64(next, step);
		kept = _mm512_mask_cmpneq_epi32_mask(left, where, _mm512_set1_epi32(-1));
		kept = _mm512_mask_cmple_epu32_mask(kept, next_16(&g), last);
		numbers_stored(&row[found], _mm512_maskz_compress_epi32(kept, number));
		for (int k = 0; k < outputs; k++)
			_mm512_storeu_si512(&draw[k][found],
					    _mm512_maskz_compress_epi32(kept, next_16(&g)));
		number = _mm512_add_epi32(number, _mm512_set1_epi32(16));
		found += __builtin_popcount(kept);
	}
	return found;
}

/* Try t of 16 agents side by side is number t % tries of agent t / tries; these are the tries from
 * 16 * part on: their agents, and for each number a mask of those that have it. */
struct interleaving {
	__m512i agent;
	__mmask16 numbered[RNG_TRIES];
};

AVX512 static inline struct interleaving interleaving(int tries, int part)
{
	const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512i t = _mm512_add_epi32(lane, _mm512_set1_epi32(16 * part)), number;
	struct interleaving x;

	/* t / tries, for t < 16 * RNG_TRIES */
	x.agent = _mm512_srli_epi32(
		_mm512_mullo_epi32(t, _mm512_set1_epi32((1 << 16) / tries + 1)), 16);
	number = _mm512_sub_epi32(t, _mm512_mullo_epi32(x.agent, _mm512_set1_epi32(tries)));
	for (int k = 0; k < RNG_TRIES; k++)
		x.numbered[k] = _mm512_cmpeq_epi32_mask(number, _mm512_set1_epi32(k));
	return x;
}

AVX512 static inline __m512i interleaved(const struct interleaving *x, int tries,
					 const __m512i *by_number)
{
	__m512i mixed = _mm512_setzero_si512();

	for (int k = 0; k < tries; k++)
		mixed = _mm512_mask_permutexvar_epi32(mixed, x->numbered[k], x->agent,
						      by_number[k]);
	return mixed;
}

AVX512 static inline __attribute__((always_inline)) void
tries_by_16(struct rng_key key, uint64_t first, const uint16_t *row, int n, int tries,
	    struct rng_tries drawn)
{
	struct interleaving x[RNG_TRIES];

	for (int part = 0; part < tries; part++)
		x[part] = interleaving(tries, part);
	for (int i = 0; i < n; i += 16) {
		__m256i rows = _mm256_maskz_loadu_epi16(lanes_left(i, n), &row[i]);
		__m512i low = agents_8(first, _mm512_cvtepu16_epi64(_mm256_castsi256_si128(rows)));
		__m512i high =
			agents_8(first, _mm512_cvtepu16_epi64(_mm256_extracti128_si256(rows, 1)));
		__m512i where[RNG_TRIES], which[RNG_TRIES];
		struct pcg32_16 g = {states_8(key, low), states_8(key, high), incs_8(key, low),
				     incs_8(key, high)};
		for (int k = 0; k < tries; k++) {
			if (drawn.where)
				where[k] = next_16(&g);
			which[k] = next_16(&g);
		}
		for (int part = 0, at = i * tries; part < tries && at < n * tries;
		     part++, at += 16) {
			numbers_stored(&drawn.row[at],
				       _mm512_permutexvar_epi32(x[part].agent,
								_mm512_cvtepu16_epi32(rows)));
			if (drawn.where)
				_mm512_storeu_si512(&drawn.where[at],
						    interleaved(&x[part], tries, where));
			_mm512_storeu_si512(&drawn.which[at],
					    interleaved(&x[part], tries, which));
		}
	}
}

/* Compilers keep three tries in registers if they know the number. */
AVX512 static void tries_avx512(struct rng_key key, uint64_t first, const uint16_t *row, int n,
				int tries, struct rng_tries drawn)
{
	if (tries == 3)
		tries_by_16(key, first, row, n, 3, drawn);
	else
		tries_by_16(key, first, row, n, tries, drawn);
}

/* Of 8 pairs at a time: row numbers go above the lower halves of entries. */
AVX512 static inline __m512i pairs_8(__m512i entries, __m128i rows)
{
	const __mmask16 upper = 0xaaaa;

	return _mm512_mask_mov_epi32(entries, upper,
				     _mm512_slli_epi64(_mm512_cvtepu16_epi64(rows), 32));
}

AVX512 static int pairs_avx512(struct rng_key key, uint64_t base, uint16_t first_row,
			       const uint16_t *row, const uint64_t *entry, int n, uint64_t *pair,
			       uint32_t *draw)
{
	const __m512i odd = _mm512_set_epi32(31, 29, 27, 25, 23, 21, 19, 17, 15, 13, 11, 9, 7, 5, 3,
					     1);
	int found = 0;

	for (int i = 0; i < n; i += 16) {
		__mmask16 kept = lanes_left(i, n);
		__m256i rows = _mm256_add_epi16(_mm256_maskz_loadu_epi16(kept, &row[i]),
						_mm256_set1_epi16((short)first_row));
		__m512i low = _mm512_maskz_loadu_epi64((__mmask8)kept, &entry[i]);
		__m512i high = _mm512_maskz_loadu_epi64((__mmask8)(kept >> 8), &entry[i + 8]);
		__m512i last = _mm512_permutex2var_epi32(low, odd, high), draws;
		low = pairs_8(low, _mm256_castsi256_si128(rows));
		high = pairs_8(high, _mm256_extracti128_si256(rows, 1));
		draws = outputs_16(states_8(key, agents_8(base, low)),
				   states_8(key, agents_8(base, high)));
		kept = _mm512_mask_cmple_epu32_mask(kept, draws, last);
		_mm512_storeu_si512(&draw[found], _mm512_maskz_compress_epi32(kept, draws));
		_mm512_storeu_si512(&pair[found], _mm512_maskz_compress_epi64((__mmask8)kept, low));
		found += __builtin_popcount(kept & 0xff);
		kept = (__mmask16)(kept >> 8);
		_mm512_storeu_si512(&pair[found],
				    _mm512_maskz_compress_epi64((__mmask8)kept, high));
		found += __builtin_popcount(kept);
	}
	return found;
}
#else
#define below_avx512 below_plain
#define tries_avx512 tries_plain
#define pairs_avx512 pairs_plain
#endif

int rng_rows_below(struct rng_key key, uint64_t first, int n, uint64_t below, const uint32_t *at,
		   int outputs, uint16_t *row, uint32_t *const draw[])
{
	if (vector_level == VECTOR_AVX512)
		return below_avx512(key, first, n, below, at, outputs, row, draw);
	return below_plain(key, first, n, below, at, outputs, row, draw);
}

void rng_rows_tries(struct rng_key key, uint64_t first, const uint16_t *row, int n, int tries,
		    struct rng_tries drawn)
{
	if (vector_level == VECTOR_AVX512)
		tries_avx512(key, first, row, n, tries, drawn);
	else
		tries_plain(key, first, row, n, tries, drawn);
}

int rng_pairs_kept(struct rng_key key, uint64_t base, uint16_t first_row, const uint16_t *row,
		   const uint64_t *entry, int n, uint64_t *pair, uint32_t *draw)
{
	if (vector_level == VECTOR_AVX512)
		return pairs_avx512(key, base, first_row, row, entry, n, pair, draw);
	return pairs_plain(key, base, first_row, row, entry, n, pair, draw);
}
