/* Hartigan's dip against published values, closed forms and its definition by brute force. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/rng.h"
#include "ludd/statistics.h"

enum { MOST = 40 };

#define NEAR(a, b, tolerance)                                                     \
	do {                                                                      \
		double near_a = (a), near_b = (b);                                \
		if (!(fabs(near_a - near_b) <= (tolerance)))                      \
			fail_msg("%s is %.17g, not %.17g", #a, near_a, near_b);   \
	} while (0)

/* The definition, with no hulls carried from step to step: a distribution with its mode at
 * x[mode] is convex before it, may jump there, and is concave after it; is there one within
 * `distance` of the sample? */
struct sample {
	int count;
	double at[MOST], low[MOST], high[MOST]; /* bounds of what is sought */
};

/* Whether a convex function that ends in (x[mode], end) fits between the bounds before it. The
 * largest one under the upper bounds does, if any: at x[i] it is the lowest chord over i. */
static bool convex_fits(const struct sample *s, int mode, double end)
{
	for (int i = 0; i < mode; i++)
		for (int j = 0; j <= i; j++)
			for (int k = i; k <= mode; k++) {
				double right = k == mode ? end : s->high[k], share;
				share = k == j ? 0 : (s->at[i] - s->at[j]) / (s->at[k] - s->at[j]);
				if (s->high[j] + share * (right - s->high[j]) < s->low[i] - 1e-12)
					return false;
			}
	return true;
}

static struct sample mirrored(const struct sample *s) /* turned by half a circle */
{
	struct sample m = {.count = s->count};
	for (int i = 0; i < s->count; i++) {
		int from = s->count - 1 - i;
		m.at[i] = -s->at[from];
		m.low[i] = -s->high[from];
		m.high[i] = -s->low[from];
	}
	return m;
}

static bool one_mode_fits(const struct sample *s, int mode)
{
	struct sample m = mirrored(s);
	double low = s->low[mode], high = s->high[mode]; /* from the right; from the left */
	int other = s->count - 1 - mode;
	if (high <= low) /* a jump at the mode */
		return convex_fits(s, mode, high) && convex_fits(&m, other, -low);
	if (!convex_fits(s, mode, high))
		return false;
	for (int i = 0; i < 60; i++) { /* the lowest end that the left side allows */
		double middle = (low + high) / 2;
		if (convex_fits(s, mode, middle))
			high = middle;
		else
			low = middle;
	}
	return convex_fits(&m, other, -high);
}

static bool within(const double *x, int n, double distance)
{
	struct sample s = {0};
	for (int i = 0; i < n; i++) {
		if (i == 0 || x[i] > x[i - 1]) {
			s.at[s.count] = x[i];
			s.high[s.count++] = (double)i / n + distance;
		}
		s.low[s.count - 1] = (double)(i + 1) / n - distance;
	}
	for (int mode = 0; mode < s.count; mode++)
		if (one_mode_fits(&s, mode))
			return true;
	return false;
}

static double brute_dip(const double *x, int n) /* sorted */
{
	double low = 0, high = 0.5;
	for (int i = 0; i < 45; i++) {
		double middle = (low + high) / 2;
		if (within(x, n, middle))
			high = middle;
		else
			low = middle;
	}
	return larger(high, 1 / (2.0 * n));
}

static void samples_dip_as_the_definition_says(double (*draw)(struct pcg32 *g))
{
	for (int t = 0; t < 300; t++) {
		struct pcg32 g = rng_agent(rng_key(1, DRAW_dip, -1), (uint64_t)t);
		int n = 2 + (int)rng_below(&g, 15);
		double x[MOST];
		for (int i = 0; i < n; i++)
			x[i] = draw(&g);
		double dip = stat_dip(x, n);
		NEAR(dip, brute_dip(x, n), 1e-9);
	}
}

static double spread(struct pcg32 *g) { return rng_unit(g); }
static double humped(struct pcg32 *g) { return rng_normal(g); }
static double split(struct pcg32 *g) { return rng_unit(g) + 2.0 * rng_below(g, 2); }
static double tied(struct pcg32 *g) { return rng_below(g, 8); }
static double heaped(struct pcg32 *g) { return rng_below(g, 2) ? 0 : rng_below(g, 20); }

static void a_dip_is_the_distance_to_the_nearest_distribution_with_one_mode(void **state)
{
	(void)state;
	samples_dip_as_the_definition_says(spread);
	samples_dip_as_the_definition_says(humped);
	samples_dip_as_the_definition_says(split);
}

static void a_dip_of_tied_values_is_that_distance_too(void **state)
{
	(void)state;
	samples_dip_as_the_definition_says(tied);
	samples_dip_as_the_definition_says(heaped);
}

/* Hartigan 1985, Applied Statistics 34(3), 320-325, example: the quality of 63 statistics
 * departments. The dip is given as 0.0595. */
static void the_published_example_dips_as_published(void **state)
{
	(void)state;
	double x[] = {30, 33, 35, 36, 37, 37, 39, 39, 39, 39, 39, 40, 40, 40, 40, 41,
		      42, 43, 43, 43, 44, 44, 45, 45, 46, 46, 47, 47, 48, 48, 48, 49,
		      50, 50, 51, 52, 52, 53, 53, 53, 53, 53, 54, 54, 57, 57, 59, 60,
		      60, 60, 61, 61, 61, 61, 62, 62, 62, 62, 63, 66, 70, 72, 72};
	struct stat_draws draws = {0};
	assert_int_equal(LENGTH(x), 63);
	double dip = stat_dip(x, 63);
	NEAR(dip, 3.75 / 63, 1e-15);
	NEAR(stat_dip_chance(&draws, dip, 63), 0.087, 0.02);
	stat_draws_free(&draws);
}

static void dips_have_closed_forms_at_the_ends(void **state)
{
	(void)state;
	double even[] = {5, 1, 4, 2, 3}, two[] = {0, 1, 0, 1}, one[] = {7, 7, 7};
	double heap[] = {0, 0, 0, 1}, groups[] = {1, 2, 3, 10, 11, 12};
	NEAR(stat_dip(even, 5), 0.1, 1e-15); /* least: 1/(2n) */
	NEAR(stat_dip(two, 4), 0.25, 1e-15); /* most */
	NEAR(stat_dip(one, 3), 1.0 / 6, 1e-15);
	NEAR(stat_dip(heap, 4), 0.125, 1e-15);
	NEAR(stat_dip(groups, 6), 7.0 / 36, 1e-15);
	assert_true(isnan(stat_dip(even, 0)));
	assert_true(even[0] == 1 && even[4] == 5);
}

static void a_dip_does_not_depend_on_unit_or_direction(void **state)
{
	(void)state;
	struct pcg32 g = rng_agent(rng_key(2, DRAW_dip, -1), 0);
	double x[200], turned[200], scaled[200];
	for (int i = 0; i < 200; i++) {
		x[i] = split(&g);
		turned[i] = -x[i];
		scaled[i] = 1024 * x[i];
	}
	double dip = stat_dip(x, 200);
	assert_true(dip > 0.05);
	NEAR(stat_dip(turned, 200), dip, 1e-14);
	assert_true(stat_dip(scaled, 200) == dip);
}

/* Percentage points of the dip of uniform samples: table qDiptab of the R package diptest (10^6
 * samples each), which refines table 1 of Hartigan and Hartigan (1985). */
static void chances_are_those_of_the_published_table(void **state)
{
	(void)state;
	static const struct { int n; double half, tenth, twentieth; } table[] = {
		{10, 0.09778176, 0.13046215, 0.13961140}, {20, 0.07334377, 0.09723460, 0.10513022},
		{50, 0.04885116, 0.06491363, 0.07027379}, {100, 0.03546218, 0.04715278, 0.05112794},
	};
	for (int i = 0; i < LENGTH(table); i++) {
		struct stat_draws draws = {0};
		NEAR(stat_dip_chance(&draws, table[i].half, table[i].n), 0.5, 0.045);
		NEAR(stat_dip_chance(&draws, table[i].tenth, table[i].n), 0.1, 0.027);
		NEAR(stat_dip_chance(&draws, table[i].twentieth, table[i].n), 0.05, 0.02);
		NEAR(stat_dip_chance(&draws, 0, table[i].n), 1, 0);
		NEAR(stat_dip_chance(&draws, 0.3, table[i].n), 1 / 2001.0, 1e-15);
		stat_draws_free(&draws);
	}
}

static void chances_follow_the_size_of_the_sample(void **state)
{
	(void)state;
	struct stat_draws kept = {0}, fresh = {0};
	double ten = stat_dip_chance(&kept, 0.12, 10), twenty = stat_dip_chance(&kept, 0.12, 20);
	assert_true(twenty < ten);
	assert_true(stat_dip_chance(&fresh, 0.12, 20) == twenty);
	assert_true(stat_dip_chance(&kept, 0.12, 10) == ten);
	/* beyond 1000 by the square root: diptest's 95 % point of 5000 */
	NEAR(stat_dip_chance(&fresh, 0.5410 / sqrt(5000), 5000), 0.05, 0.02);
	assert_true(isnan(stat_dip_chance(&kept, 0.2, 3)) && isnan(stat_dip_chance(&kept, NAN, 9)));
	stat_draws_free(&kept);
	stat_draws_free(&fresh);
}

static void two_groups_are_told_from_one(void **state)
{
	(void)state;
	double a[40], b[40];
	struct stat_draws draws = {0};
	struct stat_resampled m;
	for (int i = 0; i < 40; i++) {
		struct pcg32 g = rng_agent(rng_key(3, DRAW_dip, -1), (uint64_t)i);
		b[i] = rng_normal(&g);
		a[i] = b[i] + (i % 2 ? 0.5 : 0.1) + 0.01 * rng_unit(&g);
	}
	stat_resample(a, b, 40, &draws, &m); /* differences in two groups, hidden in the values */
	assert_true(m.dip_chance < 0.001 && m.dip > 0.15);
	assert_true(m.a_dip_chance > 0.05 && m.a_dip < 0.08);
	a[3] = NAN;
	stat_resample(a, b, 40, &draws, &m);
	assert_int_equal(draws.dips_n, 39);
	stat_resample(a, b, 3, &draws, &m); /* too few */
	assert_true(isnan(m.dip) && isnan(m.dip_chance) && isnan(m.a_dip) && isnan(m.a_dip_chance));
	stat_draws_free(&draws);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_dip_is_the_distance_to_the_nearest_distribution_with_one_mode),
		cmocka_unit_test(a_dip_of_tied_values_is_that_distance_too),
		cmocka_unit_test(the_published_example_dips_as_published),
		cmocka_unit_test(dips_have_closed_forms_at_the_ends),
		cmocka_unit_test(a_dip_does_not_depend_on_unit_or_direction),
		cmocka_unit_test(chances_are_those_of_the_published_table),
		cmocka_unit_test(chances_follow_the_size_of_the_sample),
		cmocka_unit_test(two_groups_are_told_from_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
