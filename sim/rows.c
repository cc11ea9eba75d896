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

static int without_plain(const uint32_t *at, int from, int n, uint16_t *row, int found)
{
	for (int i = from; i < n; i++) {
		row[found] = (uint16_t)i;
		found += at[i] == NO_ROW;
	}
	return found;
}

static int left_plain(const int64_t *money, int from, int n, uint16_t *row, int found)
{
	for (int i = from; i < n; i++) {
		row[found] = (uint16_t)i;
		found += money[i] != 0;
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

static int matching_plain(const uint64_t *word, uint64_t mask, uint64_t value, int from, int n,
			  uint16_t *row, int found)
{
	for (int i = from; i < n; i++) {
		row[found] = (uint16_t)i;
		found += (word[i] & mask) == value;
	}
	return found;
}

static int kept_plain(const uint8_t *flag, const uint32_t *from, int i, int n, uint32_t *to,
		      int found)
{
	for (; i < n; i++) {
		to[found] = from[i];
		found += flag[i];
	}
	return found;
}

static int words_plain(const uint8_t *flag, const uint64_t *from, int i, int n, uint64_t *to,
		       int found)
{
	for (; i < n; i++) {
		to[found] = from[i];
		found += flag[i];
	}
	return found;
}

static int64_t sum_plain(const uint8_t *flag, const int64_t *money, int from, int n)
{
	int64_t sum = 0;

	for (int i = from; i < n; i++)
		sum += either_i64(flag[i], money[i], 0);
	return sum;
}

#if defined(__x86_64__) && defined(__GNUC__)
#include <immintrin.h>

/* Writes the numbers of the 16 rows from i on whose bit is set, in order, and perhaps rubbish
 * behind them; tells how many. */
AVX512 static inline int packed_16(int i, __mmask16 set, uint16_t *row)
{
	const __m512i first =
		_mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
	__m512i numbers = _mm512_add_epi32(first, _mm512_set1_epi32(i));
	__m512i packed = _mm512_maskz_compress_epi32(set, numbers);

	_mm256_storeu_si256((__m256i *)(void *)row, _mm512_cvtepi32_epi16(packed));
	return __builtin_popcount(set);
}

AVX512 static int where_avx512(const uint8_t *flag, int n, uint16_t *row)
{
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m128i flags = _mm_loadu_si128((const __m128i *)(const void *)&flag[i]);
		found += packed_16(i, _mm_test_epi8_mask(flags, flags), &row[found]);
	}
	return where_plain(flag, i, n, row, found);
}

AVX512 static int below_avx512(const uint32_t *draw, uint32_t below, int n, uint16_t *row)
{
	const __m512i limit = _mm512_set1_epi32((int)below);
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m512i draws = _mm512_loadu_si512(&draw[i]);
		found += packed_16(i, _mm512_cmplt_epu32_mask(draws, limit), &row[found]);
	}
	return below_plain(draw, below, i, n, row, found);
}

AVX512 static int without_avx512(const uint32_t *at, int n, uint16_t *row)
{
	const __m512i none = _mm512_set1_epi32(-1);
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m512i rows = _mm512_loadu_si512(&at[i]);
		found += packed_16(i, _mm512_cmpeq_epi32_mask(rows, none), &row[found]);
	}
	return without_plain(at, i, n, row, found);
}

AVX512 static int left_avx512(const int64_t *money, int n, uint16_t *row)
{
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m512i low = _mm512_loadu_si512(&money[i]);
		__m512i high = _mm512_loadu_si512(&money[i + 8]);
		__mmask16 set = _mm512_kunpackb(_mm512_test_epi64_mask(high, high),
						_mm512_test_epi64_mask(low, low));
		found += packed_16(i, set, &row[found]);
	}
	return left_plain(money, i, n, row, found);
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

AVX512 static int matching_avx512(const uint64_t *word, uint64_t mask, uint64_t value, int n,
				  uint16_t *row)
{
	const __m512i masks = _mm512_set1_epi64((long long)mask);
	const __m512i values = _mm512_set1_epi64((long long)value);
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m512i low = _mm512_and_si512(_mm512_loadu_si512(&word[i]), masks);
		__m512i high = _mm512_and_si512(_mm512_loadu_si512(&word[i + 8]), masks);
		unsigned set = _mm512_cmpeq_epi64_mask(low, values) |
			       (unsigned)_mm512_cmpeq_epi64_mask(high, values) << 8;
		if (set)
			found += packed_16(i, (__mmask16)set, &row[found]);
	}
	return matching_plain(word, mask, value, i, n, row, found);
}

AVX512 static int kept_avx512(const uint8_t *flag, const uint32_t *from, int n, uint32_t *to)
{
	int found = 0, i = 0;

	for (; i + 16 <= n; i += 16) {
		__m128i flags = _mm_loadu_si128((const __m128i *)(const void *)&flag[i]);
		__mmask16 set = _mm_test_epi8_mask(flags, flags);
		__m512i kept = _mm512_maskz_compress_epi32(set, _mm512_loadu_si512(&from[i]));
		_mm512_storeu_si512(&to[found], kept);
		found += __builtin_popcount(set);
	}
	return kept_plain(flag, from, i, n, to, found);
}

AVX512 static int words_avx512(const uint8_t *flag, const uint64_t *from, int n, uint64_t *to)
{
	int found = 0, i = 0;

	for (; i + 8 <= n; i += 8) {
		__m128i flags = _mm_loadl_epi64((const __m128i *)(const void *)&flag[i]);
		__mmask8 set = (__mmask8)_mm_test_epi8_mask(flags, flags);
		__m512i kept = _mm512_maskz_compress_epi64(set, _mm512_loadu_si512(&from[i]));
		_mm512_storeu_si512(&to[found], kept);
		found += __builtin_popcount(set);
	}
	return words_plain(flag, from, i, n, to, found);
}

AVX512 static int64_t sum_avx512(const uint8_t *flag, const int64_t *money, int n)
{
	__m512i low = _mm512_setzero_si512(), high = low;
	int i = 0;

	for (; i + 16 <= n; i += 16) {
		__m128i flags = _mm_loadu_si128((const __m128i *)(const void *)&flag[i]);
		__mmask16 set = _mm_test_epi8_mask(flags, flags);
		low = _mm512_mask_add_epi64(low, (__mmask8)set, low,
					    _mm512_loadu_si512(&money[i]));
		high = _mm512_mask_add_epi64(high, (__mmask8)(set >> 8), high,
					     _mm512_loadu_si512(&money[i + 8]));
	}
	return _mm512_reduce_add_epi64(_mm512_add_epi64(low, high)) +
	       sum_plain(flag, money, i, n);
}
#else
#define without_avx512(at, n, row) without_plain(at, 0, n, row, 0)
#define sum_avx512(flag, money, n) sum_plain(flag, money, 0, n)
#define left_avx512(money, n, row) left_plain(money, 0, n, row, 0)
#define take_avx512(table, stride, at, n, to) take_plain(table, stride, at, 0, n, to)
#define matching_avx512(word, mask, value, n, row) matching_plain(word, mask, value, 0, n, row, 0)
#define kept_avx512(flag, from, n, to) kept_plain(flag, from, 0, n, to, 0)
#define words_avx512(flag, from, n, to) words_plain(flag, from, 0, n, to, 0)
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

int rows_without(const uint32_t *at, int n, uint16_t *row)
{
	if (vector_level == VECTOR_AVX512)
		return without_avx512(at, n, row);
	return without_plain(at, 0, n, row, 0);
}

int rows_left(const int64_t *money, int n, uint16_t *row)
{
	if (vector_level == VECTOR_AVX512)
		return left_avx512(money, n, row);
	return left_plain(money, 0, n, row, 0);
}

void rows_take(const double *table, int stride, const uint32_t *at, int n, double *to)
{
	if (vector_level == VECTOR_AVX512)
		take_avx512(table, stride, at, n, to);
	else
		take_plain(table, stride, at, 0, n, to);
}

int rows_matching(const uint64_t *word, uint64_t mask, uint64_t value, int n, uint16_t *row)
{
	if (vector_level == VECTOR_AVX512)
		return matching_avx512(word, mask, value, n, row);
	return matching_plain(word, mask, value, 0, n, row, 0);
}

int rows_kept(const uint8_t *flag, const uint32_t *from, int n, uint32_t *to)
{
	if (vector_level == VECTOR_AVX512)
		return kept_avx512(flag, from, n, to);
	return kept_plain(flag, from, 0, n, to, 0);
}

int words_kept(const uint8_t *flag, const uint64_t *from, int n, uint64_t *to)
{
	if (vector_level == VECTOR_AVX512)
		return words_avx512(flag, from, n, to);
	return words_plain(flag, from, 0, n, to, 0);
}

int64_t rows_sum(const uint8_t *flag, const int64_t *money, int n)
{
	if (vector_level == VECTOR_AVX512)
		return sum_avx512(flag, money, n);
	return sum_plain(flag, money, 0, n);
}
