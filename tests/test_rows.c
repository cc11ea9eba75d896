/* Rows are picked in order and completely, by every version. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "levels.h"
#include "ludd/rng.h"
#include "ludd/rows.h"

enum { MOST = 512 };
#define GUARD 0xbeefu /* behind the room for rows: stays */

static const int counts[] = {0, 1, 15, 16, 17, 31, 32, 100, 511, 512};
/* chances in 1/256 */
static const int chances[] = {0, 1, 20, 128, 250, 256};

static uint32_t any(int i, int salt)
{
	return (uint32_t)mix64((uint64_t)i * 1000 + (uint64_t)salt);
}

static void same_rows(const uint16_t *row, int found, const bool *set, int n)
{
	int should = 0;

	for (int i = 0; i < n; i++) {
		if (!set[i])
			continue;
		if (should >= found || row[should] != i)
			fail_msg("level %d, %d rows: row %d is not at place %d", (int)vector_level,
				 n, i, should);
		should++;
	}
	assert_int_equal(found, should);
}

/* The call finds the rows that are set, and writes no further than it may. */
#define FINDS(call)                                             \
	do {                                                    \
		row[n + ROWS_SLACK] = GUARD;                    \
		same_rows(row, call, set, n);                   \
		assert_int_equal(row[n + ROWS_SLACK], GUARD);   \
	} while (0)

static void flags_are_found(void **state)
{
	(void)state;
	uint16_t row[MOST + ROWS_SLACK + 1];
	uint8_t flag[MOST];
	bool set[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(chances); p++) {
			int n = counts[c];
			for (int i = 0; i < n; i++)
				flag[i] = set[i] = (int)(any(i, p) & 255) < chances[p];
			FINDS(rows_where(flag, n, row));
		}
	vector_limit(VECTOR_AVX512);
}

static void draws_below_are_found(void **state)
{
	(void)state;
	static const uint64_t limits[] = {
		0, 1, 1u << 20, 1u << 31, (1u << 31) + 1, UINT32_MAX, (uint64_t)1 << 32,
	};
	uint16_t row[MOST + ROWS_SLACK + 1];
	uint32_t draw[MOST];
	bool set[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(limits); p++) {
			int n = counts[c];
			for (int i = 0; i < n; i++) {
				draw[i] = any(i, p);
				if (i % 3 == 0) /* at the limit and beside it */
					draw[i] = (uint32_t)limits[p] - (uint32_t)(i % 2);
				set[i] = draw[i] < limits[p];
			}
			FINDS(rows_below(draw, limits[p], n, row));
		}
	vector_limit(VECTOR_AVX512);
}

static void entries_without_a_row_are_found(void **state)
{
	(void)state;
	uint16_t row[MOST + ROWS_SLACK + 1];
	uint32_t at[MOST];
	bool set[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(chances); p++) {
			int n = counts[c];
			for (int i = 0; i < n; i++) {
				set[i] = (int)(any(i, p) & 255) < chances[p];
				at[i] = set[i] ? NO_ROW : any(i, n) >> i % 3;
			}
			FINDS(rows_without(at, n, row));
		}
	vector_limit(VECTOR_AVX512);
}

static void matching_words_are_found(void **state)
{
	(void)state;
	const uint64_t mask = (uint64_t)7 << 48;
	uint16_t row[MOST + ROWS_SLACK + 1];
	uint64_t word[MOST];
	bool set[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (uint64_t value = 0; value < 8; value++) {
			int n = counts[c];
			for (int i = 0; i < n; i++) {
				word[i] = (uint64_t)any(i, 1) << 40 | any(i, 2);
				set[i] = (word[i] & mask) == value << 48;
			}
			FINDS(rows_matching(word, mask, value << 48, n, row));
		}
	vector_limit(VECTOR_AVX512);
}

/* Both widths, to another array and to the same. */
static void flagged_are_kept(int n, int chance)
{
	uint32_t number[MOST + ROWS_SLACK + 1], kept[MOST + ROWS_SLACK + 1];
	uint64_t word[MOST + ROWS_SLACK + 1], kept_words[MOST + ROWS_SLACK + 1];
	uint8_t flag[MOST] = {0};
	int found = 0;

	for (int i = 0; i < n; i++) {
		flag[i] = (int)(any(i, chance) & 255) < chance;
		number[i] = any(i, 3);
		word[i] = (uint64_t)any(i, 4) << 32 | any(i, 5);
	}
	kept[n + ROWS_SLACK] = number[n + ROWS_SLACK] = GUARD;
	kept_words[n + ROWS_SLACK] = word[n + ROWS_SLACK] = GUARD;
	assert_int_equal(rows_kept(flag, number, n, kept), words_kept(flag, word, n, kept_words));
	for (int i = 0; i < n; i++)
		if (flag[i]) {
			assert_int_equal(kept[found], number[i]);
			assert_true(kept_words[found] == word[i]);
			found++;
		}
	assert_int_equal(rows_kept(flag, number, n, number), found);
	assert_int_equal(words_kept(flag, word, n, word), found);
	assert_memory_equal(number, kept, sizeof(*kept) * (size_t)found);
	assert_memory_equal(word, kept_words, sizeof(*word) * (size_t)found);
	assert_int_equal(kept[n + ROWS_SLACK] + number[n + ROWS_SLACK], 2 * GUARD);
	assert_true(kept_words[n + ROWS_SLACK] + word[n + ROWS_SLACK] == 2 * GUARD);
}

static void flagged_numbers_and_words_are_kept(void **state)
{
	(void)state;
	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(chances); p++)
			flagged_are_kept(counts[c], chances[p]);
	vector_limit(VECTOR_AVX512);
}

static void money_left_is_found(void **state)
{
	(void)state;
	static const int64_t amounts[] = {1, -1, (int64_t)1 << 32, INT64_MIN, INT64_MAX, 1 << 16};
	uint16_t row[MOST + ROWS_SLACK + 1];
	int64_t money[MOST];
	bool set[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(chances); p++) {
			int n = counts[c];
			for (int i = 0; i < n; i++) {
				set[i] = (int)(any(i, p) & 255) < chances[p];
				money[i] = set[i] ? amounts[any(i, c) % LENGTH(amounts)] : 0;
			}
			FINDS(rows_left(money, n, row));
		}
	vector_limit(VECTOR_AVX512);
}

static void money_of_rows_is_summed(void **state)
{
	(void)state;
	int64_t money[MOST];
	uint8_t flag[MOST];

	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int p = 0; p < LENGTH(chances); p++) {
			int n = counts[c];
			int64_t sum = 0;
			for (int i = 0; i < n; i++) {
				flag[i] = (int)(any(i, p) & 255) < chances[p];
				money[i] = (int64_t)(any(i, c) >> 1) * any(i, n);
				money[i] /= i % 3 ? 1024 : -1024;
				sum += flag[i] ? money[i] : 0;
			}
			assert_int_equal(rows_sum(flag, money, n), sum);
		}
	vector_limit(VECTOR_AVX512);
}

static void values_are_taken_by_row(void **state)
{
	(void)state;
	double table[3 * 100], to[MOST + 1];
	uint32_t at[MOST];

	for (int i = 0; i < LENGTH(table); i++)
		table[i] = 1.0 + i;
	LEVELS(level)
	for (int c = 0; c < LENGTH(counts); c++)
		for (int stride = 1; stride <= 3; stride++) {
			int n = counts[c];
			for (int i = 0; i < n; i++)
				at[i] = any(i, n) % 5 ? any(i, stride) % 100u : NO_ROW;
			to[n] = -1.0;
			rows_take(table, stride, at, n, to);
			for (int i = 0; i < n; i++) {
				double row = at[i];
				double should = at[i] == NO_ROW ? 0.0 : 1.0 + stride * row;
				assert_true(to[i] == should);
			}
			assert_true(to[n] == -1.0);
		}
	vector_limit(VECTOR_AVX512);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_are_found),
		cmocka_unit_test(draws_below_are_found),
		cmocka_unit_test(entries_without_a_row_are_found),
		cmocka_unit_test(matching_words_are_found),
		cmocka_unit_test(flagged_numbers_and_words_are_kept),
		cmocka_unit_test(money_left_is_found),
		cmocka_unit_test(money_of_rows_is_summed),
		cmocka_unit_test(values_are_taken_by_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
