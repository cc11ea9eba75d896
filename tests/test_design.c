/* Designs: the Sobol' sequence, stratification, and the rows that the analyses rely on. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/design.h"
#include "ludd/rng.h"

static struct design made(struct design_request q)
{
	struct design d;
	struct err e = {0};
	if (design_make(&d, &q, &e))
		fail_msg("%s", e.text);
	return d;
}

static double at(const struct design *d, int64_t row, int i)
{
	return design_row(d, row)[i];
}

/* Each of the n cells of axis i holds exactly one of rows first, first + step, ... (n of them). */
static void assert_stratified(const struct design *d, int i, int64_t first, int64_t step, int64_t n)
{
	char *taken = calloc((size_t)n, 1);
	for (int64_t k = 0; k < n; k++) {
		double x = at(d, first + k * step, i);
		assert_true(x >= 0 && x < 1);
		int64_t cell = (int64_t)(x * (double)n);
		if (taken[cell]++)
			fail_msg("axis %d: two points in cell %lld of %lld", i, (long long)cell,
				 (long long)n);
	}
	free(taken);
}

static bool designs_differ(const struct design *a, const struct design *b)
{
	return memcmp(a->x, b->x, (size_t)a->rows * (size_t)a->dimensions * sizeof(double)) != 0;
}

/* ---- Sobol' */

static void the_sequence_starts_as_published(void **state)
{
	(void)state; /* as Joe and Kuo print them */
	static const double published[10][3] = {
		{0, 0, 0},           {0.5, 0.5, 0.5},       {0.75, 0.25, 0.25},
		{0.25, 0.75, 0.75},  {0.375, 0.375, 0.625}, {0.875, 0.875, 0.125},
		{0.625, 0.125, 0.875}, {0.125, 0.625, 0.375}, {0.1875, 0.3125, 0.9375},
		{0.6875, 0.8125, 0.4375},
	};
	struct design d = made((struct design_request){DESIGN_SOBOL, 3, 10, 0, false, 1});
	for (int64_t k = 0; k < 10; k++)
		for (int i = 0; i < 3; i++)
			assert_true(at(&d, k, i) == published[k][i]);
	design_free(&d);
}

static void every_axis_is_stratified_by_every_power_of_two(void **state)
{
	(void)state;
	for (int scrambled = 0; scrambled < 2; scrambled++) {
		struct design d = made((struct design_request){DESIGN_SOBOL, SOBOL_DIMENSIONS, 1024,
							       0, scrambled, 7});
		for (int i = 0; i < d.dimensions; i++)
			for (int64_t n = 1; n <= 1024; n *= 2)
				assert_stratified(&d, i, 0, 1, n);
		design_free(&d);
	}
}

/* Property A (Sobol' 1976, USSR Comp. Math. 16(5), 236-242): of the first 2^d points one falls in
 * each of the cells that halving every axis makes. */
static void sixteen_axes_have_one_point_in_each_orthant(void **state)
{
	(void)state;
	enum { AXES = 16 };
	char *taken = calloc((size_t)1 << AXES, 1);
	uint32_t v[AXES][SOBOL_BITS];
	for (int i = 0; i < AXES; i++)
		sobol_directions(i, v[i]);
	for (uint32_t k = 0; k < (uint32_t)1 << AXES; k++) {
		uint32_t orthant = 0;
		for (int i = 0; i < AXES; i++)
			orthant |= (sobol_bits(v[i], k) >> 31) << i;
		assert_int_equal(taken[orthant]++, 0);
	}
	free(taken);
}

/* The hash was computed from the table new-joe-kuo-6 that scipy 1.10 ships. */
static void the_direction_numbers_are_those_published(void **state)
{
	(void)state;
	uint64_t hash = 0;
	for (int i = 0; i < SOBOL_DIMENSIONS; i++) {
		uint32_t v[SOBOL_BITS];
		sobol_directions(i, v);
		for (int j = 0; j < SOBOL_BITS; j++)
			hash = mix64(hash ^ v[j]);
	}
	assert_int_equal(hash, 0xdbf1405f79fca70eULL);
}

static void scrambling_keeps_what_two_points_share(void **state)
{
	(void)state; /* nested: as many leading bits are equal after it as before */
	uint32_t v[SOBOL_BITS];
	sobol_directions(5, v);
	for (uint32_t k = 1; k < 512; k++) {
		uint32_t a = sobol_bits(v, k - 1), b = sobol_bits(v, k);
		uint32_t before = a ^ b;
		uint32_t after = sobol_scrambled(a, 5, 3) ^ sobol_scrambled(b, 5, 3);
		assert_int_equal(__builtin_clz(before), __builtin_clz(after));
	}
}

static void scrambled_points_are_uniform_over_seeds(void **state)
{
	(void)state; /* the point 0, alone, over seeds: mean 1/2, variance 1/12 */
	enum { SEEDS = 20000 };
	double sum = 0, squares = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		double x = sobol_scrambled(0, 11, seed) * 0x1p-32 - 0.5;
		sum += x;
		squares += x * x;
	}
	assert_true(fabs(sum / SEEDS) < 4 * sqrt(1.0 / 12 / SEEDS));
	assert_true(fabs(squares / SEEDS - 1.0 / 12) < 4 * sqrt(1.0 / 180 / SEEDS));
}

static void halves_and_dimensions_are_scrambled_independently(void **state)
{
	(void)state; /* the correlations of 0 with 1/2, and of two dimensions, over seeds */
	enum { SEEDS = 20000 };
	double halves = 0, dimensions = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		/* without the first bit, in which the halves always differ */
		uint32_t low = sobol_scrambled(0, 4, seed) << 1;
		uint32_t high = sobol_scrambled(0x80000000u, 4, seed) << 1;
		uint32_t other = sobol_scrambled(0, 5, seed) << 1;
		halves += (low * 0x1p-32 - 0.5) * (high * 0x1p-32 - 0.5);
		dimensions += (low * 0x1p-32 - 0.5) * (other * 0x1p-32 - 0.5);
	}
	assert_true(fabs(halves / SEEDS * 12) < 4 / sqrt(SEEDS));
	assert_true(fabs(dimensions / SEEDS * 12) < 4 / sqrt(SEEDS));
}

/* ---- Latin hypercube */

static void a_latin_hypercube_has_one_point_in_each_cell_of_each_axis(void **state)
{
	(void)state;
	static const int64_t sizes[] = {1, 2, 7, 49, 1000};
	for (int s = 0; s < LENGTH(sizes); s++) {
		struct design d = made((struct design_request){DESIGN_LATIN_HYPERCUBE, 30, sizes[s],
							       0, false, 5});
		assert_int_equal(d.rows, sizes[s]);
		for (int i = 0; i < d.dimensions; i++)
			assert_stratified(&d, i, 0, 1, sizes[s]);
		design_free(&d);
	}
}

static void its_axes_are_shuffled_independently(void **state)
{
	(void)state;
	enum { POINTS = 2000, AXES = 8 };
	struct design d = made((struct design_request){DESIGN_LATIN_HYPERCUBE, AXES, POINTS, 0,
						       false, 9});
	for (int i = 0; i < AXES; i++)
		for (int j = 0; j < i; j++) {
			double product = 0;
			for (int64_t k = 0; k < POINTS; k++)
				product += (at(&d, k, i) - 0.5) * (at(&d, k, j) - 0.5);
			assert_true(fabs(product / POINTS * 12) < 4 / sqrt(POINTS));
		}
	design_free(&d);
}

/* ---- Saltelli */

static void a_saltelli_block_takes_one_column_at_a_time_from_b(void **state)
{
	(void)state;
	enum { AXES = 5, POINTS = 64 };
	struct design d = made((struct design_request){DESIGN_SALTELLI, AXES, POINTS, 0, true, 2});
	assert_int_equal(d.rows, POINTS * (AXES + 2));
	for (int64_t b = 0; b < POINTS; b++) {
		int64_t a = b * d.block_rows, last = a + AXES + 1;
		for (int row = 0; row < AXES; row++)
			for (int i = 0; i < AXES; i++)
				assert_true(at(&d, a + 1 + row, i) ==
					    at(&d, i == row ? last : a, i));
	}
	for (int i = 0; i < AXES; i++) {
		assert_stratified(&d, i, 0, d.block_rows, POINTS);
		assert_stratified(&d, i, AXES + 1, d.block_rows, POINTS);
	}
	design_free(&d);
}

static void its_a_and_b_are_the_halves_of_one_sobol_point(void **state)
{
	(void)state;
	struct design d = made((struct design_request){DESIGN_SALTELLI, 3, 32, 0, true, 4});
	struct design s = made((struct design_request){DESIGN_SOBOL, 6, 32, 0, true, 4});
	for (int64_t b = 0; b < 32; b++)
		for (int i = 0; i < 3; i++) {
			assert_true(at(&d, b * 5, i) == at(&s, b, i));
			assert_true(at(&d, b * 5 + 4, i) == at(&s, b, 3 + i));
		}
	design_free(&d);
	design_free(&s);
}

/* ---- Morris */

static void a_morris_step_moves_one_coordinate_once_by_delta_on_the_grid(void **state)
{
	(void)state;
	enum { AXES = 12, TRAJECTORIES = 50 };
	static const int levels[] = {2, 4, 8};
	for (int l = 0; l < LENGTH(levels); l++) {
		int p = levels[l];
		struct design d = made((struct design_request){DESIGN_MORRIS, AXES, TRAJECTORIES, p,
							       false, 6});
		for (int64_t row = 0; row < d.rows; row++) {
			int moved = 0;
			for (int i = 0; i < AXES; i++) {
				double level = at(&d, row, i) * (p - 1);
				assert_true(fabs(level - round(level)) < 1e-12);
				assert_true(level >= 0 && level < p);
				if (row % d.block_rows == 0 || at(&d, row, i) == at(&d, row - 1, i))
					continue;
				moved++;
				double step = fabs(at(&d, row, i) - at(&d, row - 1, i));
				assert_true(fabs(step - p / (2.0 * (p - 1))) < 1e-12);
			}
			assert_int_equal(moved, row % d.block_rows != 0);
		}
		for (int64_t b = 0; b < d.blocks; b++) /* all moved: first and last row differ */
			for (int i = 0; i < AXES; i++)
				assert_true(at(&d, b * d.block_rows, i) !=
					    at(&d, (b + 1) * d.block_rows - 1, i));
		design_free(&d);
	}
}

static void morris_levels_and_directions_are_balanced(void **state)
{
	(void)state;
	enum { AXES = 3, TRAJECTORIES = 4000 };
	struct design d = made((struct design_request){DESIGN_MORRIS, AXES, TRAJECTORIES, 0, false,
						       8});
	for (int i = 0; i < AXES; i++) {
		int starts[4] = {0}, first = 0;
		for (int64_t b = 0; b < d.blocks; b++) {
			int64_t row = b * d.block_rows;
			starts[(int)lround(at(&d, row, i) * 3)]++;
			first += at(&d, row, i) != at(&d, row + 1, i);
		}
		for (int level = 0; level < 4; level++) /* 1000 +- 4 standard deviations */
			assert_true(abs(starts[level] - TRAJECTORIES / 4) < 4 * 28);
		assert_true(abs(first - TRAJECTORIES / AXES) < 4 * 30);
	}
	design_free(&d);
}

/* ---- All */

static void a_design_is_a_function_of_its_request(void **state)
{
	(void)state;
	for (int method = DESIGN_LATIN_HYPERCUBE; method <= DESIGN_MORRIS; method++) {
		struct design_request q = {(enum design_method)method, 6, 20, 0, true, 1};
		struct design a = made(q), b = made(q);
		q.seed = 2;
		struct design c = made(q);
		assert_false(designs_differ(&a, &b));
		assert_true(designs_differ(&a, &c));
		design_free(&a);
		design_free(&b);
		design_free(&c);
	}
}

static void more_points_extend_a_design_that_is_a_sequence(void **state)
{
	(void)state; /* what was run before is not lost */
	static const enum design_method methods[] = {DESIGN_SOBOL, DESIGN_SALTELLI, DESIGN_MORRIS};
	for (int m = 0; m < LENGTH(methods); m++) {
		struct design a = made((struct design_request){methods[m], 4, 16, 0, true, 3});
		struct design b = made((struct design_request){methods[m], 4, 64, 0, true, 3});
		assert_false(designs_differ(&a, &b));
		design_free(&a);
		design_free(&b);
	}
}

static void a_request_that_cannot_be_met_is_refused_with_the_number(void **state)
{
	(void)state;
	static const struct {
		struct design_request request;
		const char *says;
	} bad[] = {
		{{DESIGN_SOBOL, SOBOL_DIMENSIONS + 1, 8, 0, false, 1}, "129"},
		{{DESIGN_SALTELLI, 65, 8, 0, false, 1}, "130"},
		{{DESIGN_LATIN_HYPERCUBE, 3, 0, 0, false, 1}, "points is 0"},
		{{DESIGN_LATIN_HYPERCUBE, 3, DESIGN_ROWS_MAX + 1, 0, false, 1}, "16777217"},
		{{DESIGN_SALTELLI, 14, DESIGN_ROWS_MAX / 16 + 1, 0, false, 1}, "1048576]"},
		{{DESIGN_MORRIS, 3, 8, 5, false, 1}, "levels is 5"},
		{{DESIGN_MORRIS, 3, 8, -2, false, 1}, "levels is -2"},
	};
	for (int i = 0; i < LENGTH(bad); i++) {
		struct design d;
		struct err e = {0};
		assert_int_equal(design_make(&d, &bad[i].request, &e), -1);
		assert_int_equal(e.code, EXIT_USAGE);
		if (!strstr(e.text, bad[i].says))
			fail_msg("\"%s\" does not say \"%s\"", e.text, bad[i].says);
		assert_null(d.x);
	}
}

static void a_range_is_covered_and_never_left(void **state)
{
	(void)state;
	assert_true(design_value(0, -2, 6, false) == -2);
	assert_true(design_value(1, -2, 6, false) == 6);
	assert_true(design_value(0.25, -2, 6, false) == 0);
	int count[6] = {0};
	for (int k = 0; k <= 600; k++) {
		double x = design_value(k / 600.0, 10, 15, true);
		assert_true(x == floor(x) && x >= 10 && x <= 15);
		count[(int)x - 10]++;
	}
	for (int i = 0; i < 6; i++)
		assert_true(count[i] >= 99 && count[i] <= 101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sequence_starts_as_published),
		cmocka_unit_test(every_axis_is_stratified_by_every_power_of_two),
		cmocka_unit_test(sixteen_axes_have_one_point_in_each_orthant),
		cmocka_unit_test(the_direction_numbers_are_those_published),
		cmocka_unit_test(scrambling_keeps_what_two_points_share),
		cmocka_unit_test(scrambled_points_are_uniform_over_seeds),
		cmocka_unit_test(halves_and_dimensions_are_scrambled_independently),
		cmocka_unit_test(a_latin_hypercube_has_one_point_in_each_cell_of_each_axis),
		cmocka_unit_test(its_axes_are_shuffled_independently),
		cmocka_unit_test(a_saltelli_block_takes_one_column_at_a_time_from_b),
		cmocka_unit_test(its_a_and_b_are_the_halves_of_one_sobol_point),
		cmocka_unit_test(a_morris_step_moves_one_coordinate_once_by_delta_on_the_grid),
		cmocka_unit_test(morris_levels_and_directions_are_balanced),
		cmocka_unit_test(a_design_is_a_function_of_its_request),
		cmocka_unit_test(more_points_extend_a_design_that_is_a_sequence),
		cmocka_unit_test(a_request_that_cannot_be_met_is_refused_with_the_number),
		cmocka_unit_test(a_range_is_covered_and_never_left),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
