#include "ludd/rows.h"

#include "ludd/vector.h"

static int where_plain(const uint8_t *flag, int from, int n, uint16_t *row, int found)
{
	for (int i = from; i < n; i++) {
		row[found] = (uint16_t)i;
		found += flag[i];
	}
	return found;
}

static int below_plain(const uint32_t *draw, uint64_t below, int from, int n, uint16_t *row,
		       int found)
{
	for (int i = from; i < n; i++) {
		row[found] = (uint16_t)i;
		found += draw[i] < below;
	}
	return found;
}

static void take_plain(const double *table, int stride, const uint32_t *at, int from, int n,
		       double *to)
{
	for (int i = from; i < n; i++) {
		uint32_t none = -(uint32_t)(at[i] == NO_ROW);
		double value = table[(int64_t)stride * (at[i] & ~none)];
		to[i] = none ? 0.0 : value;
	}
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

#define AVX512 __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx512cd")))

/* Writes the numbers i of 16 rows whose bit is set, in order, and perhaps rubbish behind them. */
AVX512 static inline int packed_16(__m512i i, __mmask16 set, uint16_t *row)
{
	__m512i packed = _mm512_maskz_compress_epi32(set, i);

	_mm256_storeu_si256((__m256i *)(void *)row, _mm512_cvtepi32_epi16(packed));
	return __builtin_popcount(set);
}

AVX512 static int where_avx512(const uint8_t *flag, int n, uint16_t *row)
{
	const __m512i first =
		_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m128i flags = _mm_loadu_si128((const __m128i *)(const void *)&flag[i]);
		found += packed_16(_mm512_add_epi32(first, _mm512_set1_epi32(i)),
				   _mm_test_epi8_mask(flags, flags), &row[found]);
	}
	return where_plain(flag, i, n, row, found);
}

AVX512 static int below_avx512(const uint32_t *draw, uint32_t below, int n, uint16_t *row)
{
	const __m512i first =
		_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	const __m512i limit = _mm512_set1_epi32((int)below);
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m512i draws = _mm512_loadu_si512(&draw[i]);
		found += packed_16(_mm512_add_epi32(first, _mm512_set1_epi32(i)),
				   _mm512_cmplt_epu32_mask(draws, limit), &row[found]);
	}
	return below_plain(draw, below, i, n, row, found);
}

AVX512 static void take_avx512(const double *table, int stride, const uint32_t *at, int n,
			       double *to)
{
	int i = 0;

	for (; i + 8 <= n; i += 8) {
		__m256i rows = _mm256_loadu_si256((const __m256i *)(const void *)&at[i]);
		__mmask8 some = _mm256_cmpneq_epi32_mask(rows, _mm256_set1_epi32(-1));
		rows = _mm256_mullo_epi32(rows, _mm256_set1_epi32(stride));
		_mm512_storeu_pd(&to[i], _mm512_mask_i32gather_pd(_mm512_setzero_pd(), some, rows,
								  table, sizeof(double)));
	}
	take_plain(table, stride, at, i, n, to);
}
#else
#define take_avx512(table, stride, at, n, to) take_plain(table, stride, at, 0, n, to)
#define where_avx512(flag, n, row) where_plain(flag, 0, n, row, 0)
#define below_avx512(draw, below, n, row) below_plain(draw, below, 0, n, row, 0)
#endif

int rows_where(const uint8_t *flag, int n, uint16_t *row)
{
	if (vector_level == VECTOR_AVX512)
		return where_avx512(flag, n, row);
	return where_plain(flag, 0, n, row, 0);
}

int rows_below(const uint32_t *draw, uint64_t below, int n, uint16_t *row)
{
	if (vector_level == VECTOR_AVX512 && below <= UINT32_MAX)
		return below_avx512(draw, (uint32_t)below, n, row);
	return below_plain(draw, below, 0, n, row, 0);
}

void rows_take(const double *table, int stride, const uint32_t *at, int n, double *to)
{
	if (vector_level == VECTOR_AVX512)
		take_avx512(table, stride, at, n, to);
	else
		take_plain(table, stride, at, 0, n, to);
}
