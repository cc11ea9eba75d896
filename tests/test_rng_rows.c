/* Draws made by blocks are those made one by one, in every version of the loops, and so are places
 * found from them; limits decide as the comparison of fractions does. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <string.h>

#include "levels.h"
#include "ludd/rng_rows.h"

enum { MOST = 512, OUTPUTS = 6, KEYS = 5 };
#define GUARD 0xfeedf00du /* behind the last draw: stays */

static const int counts[] = {0, 1, 63, 64, 65, 511, 512};
static const uint64_t firsts[] = {
	0, 12345, ((uint64_t)1 << 32) - 300, (uint64_t)1 << 32, ((uint64_t)1 << 45) + 7,
};

/* The i-th number of a stream that has nothing to do with the key. */
static uint32_t any(uint64_t i)
{
	return (uint32_t)mix64(i * 0x9e3779b97f4a7c15ULL + 1);
}

static struct rng_key key_number(uint64_t i)
{
	return (struct rng_key){mix64(i + 77), mix64(i + 7777)};
}

static void draw_equal(uint32_t is, uint32_t should, int i, int n, uint64_t first)
{
	if (is != should)
		fail_msg("level %d, %d draws from %llu: number %d is %08x, not %08x",
			 (int)vector_level, n, (unsigned long long)first, i, is, should);
}

/* Calls check for every version, key, first agent and count. */
static void everywhere(void (*check)(struct rng_key key, uint64_t first, int n))
{
	LEVELS(level)
		for (uint64_t k = 0; k < KEYS; k++)
			for (int f = 0; f < LENGTH(firsts); f++)
				for (int c = 0; c < LENGTH(counts); c++)
					check(key_number(k), firsts[f], counts[c]);
	vector_limit(VECTOR_AVX512);
}

static void rows_checked(struct rng_key key, uint64_t first, int n)
{
	uint32_t draw[MOST + 1];

	draw[n] = GUARD;
	rng_rows(key, first, n, draw);
	for (int i = 0; i < n; i++)
		draw_equal(draw[i], rng_first(key, first + (uint64_t)i), i, n, first);
	assert_int_equal(draw[n], GUARD);
}

static void rows_of_draws_are_the_agents_first_outputs(void **state)
{
	(void)state;
	everywhere(rows_checked);
}

static void chosen_checked(struct rng_key key, uint64_t first, int n)
{
	uint32_t draw[OUTPUTS][MOST + 1], *draws[OUTPUTS];
	uint16_t row[MOST];

	for (int i = 0; i < n; i++)
		row[i] = (uint16_t)any((uint64_t)i + first);
	for (int outputs = 1; outputs <= OUTPUTS; outputs++) {
		for (int k = 0; k < OUTPUTS; k++) {
			draws[k] = draw[k];
			draw[k][n] = draw[k][0] = GUARD;
		}
		rng_rows_chosen(key, first, row, n, outputs, draws);
		for (int i = 0; i < n; i++) {
			struct pcg32 g = rng_agent(key, first + row[i]);
			for (int k = 0; k < outputs; k++)
				draw_equal(draw[k][i], pcg32_next(&g), i, n, first);
		}
		for (int k = 0; k < OUTPUTS; k++)
			assert_int_equal(draw[k][n], GUARD);
		for (int k = outputs; k < OUTPUTS; k++)
			assert_int_equal(draw[k][0], GUARD);
	}
}

static void draws_of_chosen_rows_are_their_agents_outputs_in_order(void **state)
{
	(void)state;
	everywhere(chosen_checked);
}

static void agents_checked(struct rng_key key, uint64_t first, int n)
{
	uint32_t draw[MOST + 1];
	uint64_t agent[MOST] = {0};

	for (int i = 0; i < n; i++)
		agent[i] = (uint64_t)any((uint64_t)i) << 32 | any((uint64_t)i + 1000);
	draw[n] = GUARD;
	rng_rows_agents(key, first, agent, n, draw);
	for (int i = 0; i < n; i++)
		draw_equal(draw[i], rng_first(key, first + agent[i]), i, n, first);
	assert_int_equal(draw[n], GUARD);
}

static void draws_of_any_agents_are_their_first_outputs(void **state)
{
	(void)state;
	everywhere(agents_checked);
}

/* ---- Drawn and kept */

static const uint64_t limits[] = {0, 1, 1u << 30, 3000000000, UINT32_MAX, (uint64_t)1 << 32};

static void below_checked(struct rng_key key, uint64_t first, int n)
{
	uint32_t at[MOST] = {0}, draw[2][MOST + ROWS_SLACK + 1];
	uint16_t row[MOST + ROWS_SLACK + 1];

	for (int i = 0; i < n; i++)
		at[i] = any((uint64_t)i) % 3 ? any((uint64_t)i) : NO_ROW;
	for (int l = 0; l < LENGTH(limits); l++) {
		int outputs = l % 3, found = 0, told;
		row[n + ROWS_SLACK] = 7;
		draw[0][n + ROWS_SLACK] = draw[1][n + ROWS_SLACK] = GUARD;
		told = rng_rows_below(key, first, n, limits[l], at, outputs, row,
				      (uint32_t *[]){draw[0], draw[1]});
		for (int i = 0; i < n; i++) {
			struct pcg32 g = rng_agent(key, first + (uint64_t)i);
			if (pcg32_next(&g) >= limits[l] || at[i] == NO_ROW)
				continue;
			assert_int_equal(row[found], i);
			for (int k = 0; k < outputs; k++)
				draw_equal(draw[k][found], pcg32_next(&g), i, n, first);
			found++;
		}
		assert_int_equal(told, found);
		assert_int_equal(row[n + ROWS_SLACK], 7);
		assert_true(draw[0][n + ROWS_SLACK] == GUARD && draw[1][n + ROWS_SLACK] == GUARD);
	}
}

static void agents_below_a_limit_are_found_with_their_next_outputs(void **state)
{
	(void)state;
	everywhere(below_checked);
}

static void tries_checked(struct rng_key key, uint64_t first, int n)
{
	enum { ROOM = RNG_TRIES * MOST + ROWS_SLACK };
	static uint32_t where[ROOM + 1], which[ROOM + 1];
	static uint16_t from[ROOM + 1];
	uint16_t row[MOST];

	for (int i = 0; i < n; i++)
		row[i] = (uint16_t)any((uint64_t)i + first);
	for (int tries = 1; tries <= RNG_TRIES; tries++)
		for (int two = 0; two < 2; two++) {
			int end = n * tries + ROWS_SLACK, t = 0;
			from[end] = 7;
			where[end] = which[end] = GUARD;
			rng_rows_tries(key, first, row, n, tries,
				       (struct rng_tries){from, two ? where : NULL, which});
			for (int i = 0; i < n; i++) {
				struct pcg32 g = rng_agent(key, first + row[i]);
				for (int k = 0; k < tries; k++, t++) {
					assert_int_equal(from[t], row[i]);
					if (two)
						draw_equal(where[t], pcg32_next(&g), t, n, first);
					draw_equal(which[t], pcg32_next(&g), t, n, first);
				}
			}
			assert_int_equal(from[end], 7);
			assert_true(where[end] == GUARD && which[end] == GUARD);
		}
}

static void tries_of_an_agent_lie_side_by_side(void **state)
{
	(void)state;
	everywhere(tries_checked);
}

static void pairs_checked(struct rng_key key, uint64_t first, int n)
{
	uint64_t entry[MOST] = {0}, pair[MOST + ROWS_SLACK + 1];
	uint32_t draw[MOST + ROWS_SLACK + 1];
	uint16_t row[MOST] = {0}, first_row = (uint16_t)(first % 1000);
	int found = 0, told;

	for (int i = 0; i < n; i++) { /* highest outputs: none, any, all */
		uint32_t x = any((uint64_t)i), last = x % 3 ? x % 3 == 1 ? x : UINT32_MAX : 0;
		entry[i] = (uint64_t)last << 32 | any((uint64_t)i + 500);
		row[i] = (uint16_t)(any((uint64_t)i + 9000) % 5000);
	}
	pair[n + ROWS_SLACK] = GUARD;
	draw[n + ROWS_SLACK] = GUARD;
	told = rng_pairs_kept(key, first, first_row, row, entry, n, pair, draw);
	for (int i = 0; i < n; i++) {
		uint64_t should = (uint64_t)(first_row + row[i]) << 32 | (uint32_t)entry[i];
		uint32_t lot = rng_first(key, first + should);
		if (lot > entry[i] >> 32)
			continue;
		assert_true(pair[found] == should);
		draw_equal(draw[found], lot, i, n, first);
		found++;
	}
	assert_int_equal(told, found);
	assert_true(pair[n + ROWS_SLACK] == GUARD && draw[n + ROWS_SLACK] == GUARD);
}

static void pairs_are_kept_up_to_their_entries_limits(void **state)
{
	(void)state;
	everywhere(pairs_checked);
}

/* ---- Places */

/* As rng_below takes one draw of 32 bits: -1 where the product's low half is below the bound. */
static int64_t place_by_hand(struct rng_look look, uint32_t where, uint32_t which)
{
	bool near = look.count > 0 && where < look.near;
	int64_t among = near ? look.count : look.all;
	uint64_t product = (uint64_t)which * (uint64_t)among;

	if (product % ((uint64_t)1 << 32) < (uint64_t)among)
		return -1;
	return (near ? look.first : 0) + (int64_t)(product / ((uint64_t)1 << 32));
}

/* Places with these bounds of draws all over, at both ends, and where a power of two would or would
 * not be drawn again; tells how many of them would. */
static int places_checked(struct rng_look look, int n)
{
	uint32_t where[MOST] = {0}, which[MOST] = {0};
	int64_t place[MOST + 1];
	bool any_again;
	int again = 0;

	for (int i = 0; i < n; i++) {
		uint32_t x = any((uint64_t)i);
		where[i] = i % 3 ? any((uint64_t)i + 5000)
				 : (uint32_t)look.near - (uint32_t)(i % 2);
		which[i] = i % 4 == 0 ? x & 0xff000000 : i % 4 == 1 ? (x & 0xff000000) + 1 : x;
	}
	place[n] = -7;
	any_again = rng_places(look, where, which, n, place);
	for (int i = 0; i < n; i++) {
		assert_int_equal(place[i], place_by_hand(look, where[i], which[i]));
		again += place[i] < 0;
	}
	assert_int_equal(any_again, again > 0);
	assert_int_equal(place[n], -7);
	rng_places(look, which, which, n, place);
	for (int i = 0; i < n; i++)
		assert_int_equal(place[i], place_by_hand(look, which[i], which[i]));
	return again;
}

static void places_are_those_of_draws_below_a_bound(void **state)
{
	(void)state;
	static const struct rng_look looks[] = {
		{0, 0, 0, 1000}, {0, 50, 10, 1000}, {(uint64_t)1 << 31, 300, 77, 1000},
		{(uint64_t)1 << 32, 256, 256, 4096}, {1000000000, 5, 0, 256}, {7, 0, 1, 1},
		{3000000000, 3000000000, 200000, 4294967295},
	};

	int again = 0;

	LEVELS(level)
		for (int l = 0; l < LENGTH(looks); l++)
			for (int c = 0; c < LENGTH(counts); c++)
				again += places_checked(looks[l], counts[c]);
	assert_true(again > 100); /* both outcomes were met */
	vector_limit(VECTOR_AVX512);
}

/* ---- Limits */

/* u < rng_limit(p) says u * 2^-32 < p, for u at the limit, around it and at both ends. */
static void limit_checked(double p)
{
	uint64_t limit = rng_limit(p), last = UINT32_MAX;

	for (int64_t i = -2; i <= 2; i++) {
		uint64_t near = limit + (uint64_t)i;
		const uint64_t draws[] = {near, 0, 1, (uint64_t)1 << 31, last - 1, last};
		for (int k = 0; k < LENGTH(draws); k++) {
			if (draws[k] > last)
				continue;
			if ((draws[k] < limit) != ((double)draws[k] * 0x1p-32 < p))
				fail_msg("%.17g: draw %llu, limit %llu", p,
					 (unsigned long long)draws[k], (unsigned long long)limit);
		}
	}
}

static void a_limit_decides_as_the_fraction_does(void **state)
{
	(void)state;
	static const double chances[] = {
		-INFINITY, -1.0, -0x1p-60, -0.0, 0.0, 0x1p-1074, 1e-300, 0x1p-33, 0x1.8p-32,
		0.01, 0.05, 0.1, 0.7, 0.9, 1.0 - 0x1p-33, 1.0 - 0x1p-53, 1.0, 1.0 + 0x1p-52, 2.0,
		1e300, INFINITY,
	};

	for (int i = 0; i < LENGTH(chances); i++)
		limit_checked(chances[i]);
	for (uint64_t i = 0; i < 20000; i++) {
		double multiple = any(i) * 0x1p-32;
		limit_checked(multiple);
		limit_checked(nextafter(multiple, -1.0));
		limit_checked(nextafter(multiple, 2.0));
		limit_checked(multiple + any(i + 1) * 0x1p-64);
		limit_checked(multiple * 0x1p-20);
	}
}

static void limits_meet_the_ends(void **state)
{
	(void)state;
	const uint64_t always = (uint64_t)1 << 32;

	assert_int_equal(rng_limit(-0.5), 0);
	assert_int_equal(rng_limit(0.0), 0);
	assert_int_equal(rng_limit(1e-300), 1);
	assert_int_equal(rng_limit(0x1p-32), 1);
	assert_int_equal(rng_limit(0x1.8p-32), 2);
	assert_int_equal(rng_limit(0.5), always / 2);
	assert_int_equal(rng_limit(1.0 - 0x1p-32), always - 1);
	assert_int_equal(rng_limit(1.0 - 0x1p-53), always);
	assert_int_equal(rng_limit(1.0), always);
	assert_int_equal(rng_limit(7.0), always);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_of_draws_are_the_agents_first_outputs),
		cmocka_unit_test(draws_of_chosen_rows_are_their_agents_outputs_in_order),
		cmocka_unit_test(draws_of_any_agents_are_their_first_outputs),
		cmocka_unit_test(agents_below_a_limit_are_found_with_their_next_outputs),
		cmocka_unit_test(tries_of_an_agent_lie_side_by_side),
		cmocka_unit_test(pairs_are_kept_up_to_their_entries_limits),
		cmocka_unit_test(places_are_those_of_draws_below_a_bound),
		cmocka_unit_test(a_limit_decides_as_the_fraction_does),
		cmocka_unit_test(limits_meet_the_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
