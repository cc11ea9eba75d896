#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <math.h>
#include <stdlib.h>

#include "ludd/statistics.h"

#define CLOSE(a, b, tolerance) assert_true(fabs((a) - (b)) <= (tolerance))

static void a_mean_is_exact_where_the_sum_rounds(void **state)
{
	(void)state;
	double x[] = {1e16, 1, 1, 1, 1}, far[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
	assert_true(stat_mean(x, 5) == (1e16 + 4) / 5);
	assert_true(stat_mean(far, 4) == 1e9 + 10);
	assert_true(isnan(stat_mean(x, 0)));
}

static void a_variance_survives_a_large_mean(void **state)
{
	(void)state;
	double x[] = {1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16};
	assert_true(stat_variance(x, 4) == 30);
	assert_true(stat_variance(x, 1) == 0);
}

static void a_correlation_is_one_on_a_line_and_undefined_without_spread(void **state)
{
	(void)state;
	double x[] = {1, 2, 3, 4}, y[] = {3, 5, 7, 9}, down[] = {4, 3, 2, 1}, flat[] = {2, 2, 2, 2};
	double other[] = {1, 3, 2, 4};
	CLOSE(stat_correlation(x, y, 4), 1, 1e-15);
	CLOSE(stat_correlation(x, down, 4), -1, 1e-15);
	CLOSE(stat_correlation(x, other, 4), 0.8, 1e-15);
	assert_true(isnan(stat_correlation(x, flat, 4)));
	assert_true(isnan(stat_correlation(x, y, 1)));
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

/* Every size to 300; with many equal numbers, signs, and a zero of either sign. */
static void numbers_are_sorted_as_the_library_sorts_them(void **state)
{
	enum { MOST = 300 };
	(void)state;
	for (int n = 0; n <= MOST; n++)
		for (int range = 3; range < 2000; range = 5 * range + 1) {
			double x[MOST], y[MOST];
			for (int i = 0; i < n; i++) {
				int drawn = i * 7919 % 1009 * 31 % range;
				x[i] = y[i] = (double)(drawn - range / 2) / 3;
			}
			stat_sort(x, n);
			qsort(y, (size_t)n, sizeof(*y), by_value);
			assert_memory_equal(x, y, (size_t)n * sizeof(*x));
		}
	double x[] = {0.0, 1, -0.0, -1, 0.0};
	stat_sort(x, 5);
	assert_true(x[0] == -1 && !signbit(x[1]) && signbit(x[2]) && !signbit(x[3]) && x[4] == 1);
}

static void quantiles_interpolate_between_order_statistics(void **state)
{
	(void)state;
	double x[] = {40, 10, 30, 20};
	assert_true(stat_quantile(x, 4, 0) == 10);
	assert_true(stat_quantile(x, 4, 1) == 40);
	assert_true(stat_quantile(x, 4, 0.5) == 25);
	CLOSE(stat_quantile(x, 4, 0.1), 13, 1e-14);
	assert_true(stat_quantile(x, 1, 0.9) == 10);
}

/* Tables of Student's t: NIST/SEMATECH e-Handbook 1.3.6.7.2, with more digits from the closed
 * forms for 1, 2 and 4 degrees of freedom and, for the others, from quadrature of the density. */
static void t_quantiles_are_those_of_the_tables(void **state)
{
	(void)state;
	static const struct { int64_t degrees; double q, t; } table[] = {
		{1, 0.975, 12.706204736174698}, {1, 0.75, 1}, {2, 0.975, 4.302652729749462},
		{3, 0.975, 3.182446305283710}, {4, 0.975, 2.776445105197793},
		{5, 0.95, 2.015048373333024}, {9, 0.975, 2.262157162798205},
		{19, 0.975, 2.093024054408309}, {29, 0.975, 2.045229642132703},
		{30, 0.995, 2.749995653567466}, {99, 0.975, 1.984216951586404},
		{100, 0.975, 1.983971518523553}, {1000, 0.975, 1.962339080826409},
		{1, 0.9995, 636.619248768712}, {9, 0.025, -2.262157162798205}, {7, 0.5, 0},
	};
	for (int i = 0; i < LENGTH(table); i++)
		CLOSE(stat_t_quantile(table[i].q, table[i].degrees), table[i].t,
		      1e-11 * larger(1, table[i].t));
	assert_true(isnan(stat_t_quantile(0.975, 0)));
	assert_true(isnan(stat_t_quantile(1, 5)));
}

static void a_comparison_pairs_replicates(void **state)
{
	(void)state;
	/* differences 1, 2, 3, 4: mean 2.5, variance 5/3; var a 10, var b 7.67 */
	double a[] = {2, 5, 9, 4}, b[] = {1, 3, 6, 0};
	struct stat_paired s;
	stat_compare(a, b, 4, &s);
	double half = 3.182446305283710 * sqrt(5.0 / 3 / 4);
	assert_int_equal(s.n, 4);
	assert_true(s.mean_a == 5 && s.mean_b == 2.5 && s.difference == 2.5);
	CLOSE(s.ci_low, 2.5 - half, 1e-12);
	CLOSE(s.ci_high, 2.5 + half, 1e-12);
	CLOSE(s.p10, 1.3, 1e-12);
	CLOSE(s.p50, 2.5, 1e-12);
	CLOSE(s.p90, 3.7, 1e-12);
	CLOSE(s.variance_ratio, (5.0 / 3) / (26.0 / 3 + 7), 1e-12);
	CLOSE(s.reduction, (26.0 / 3 + 7) / (5.0 / 3), 1e-12);
	CLOSE(s.correlation, 21.0 / 3 / sqrt(26.0 / 3 * 7), 1e-12);
	CLOSE(s.a10, 2.6, 1e-12); /* 2, 4, 5, 9 */
	CLOSE(s.a50, 4.5, 1e-12);
	CLOSE(s.a90, 7.8, 1e-12);
	CLOSE(s.b10, 0.3, 1e-12); /* 0, 1, 3, 6 */
	CLOSE(s.b50, 2, 1e-12);
	CLOSE(s.b90, 5.1, 1e-12);
}

/* a = common + own, b = common + other, all independent: var(a - b) = 2 var(own), so that pairing
 * saves a factor (var(common) + var(own)) / var(own); here exactly, by a full factorial. */
static void pairing_takes_out_what_both_have_in_common(void **state)
{
	(void)state;
	double a[27], b[27];
	struct stat_paired s;
	for (int i = 0; i < 27; i++) {
		double common = 3 * (i % 3), own = i / 3 % 3, other = i / 9;
		a[i] = common + own;
		b[i] = common + other;
	}
	stat_compare(a, b, 27, &s);
	CLOSE(s.reduction, (9.0 + 1) / 1, 1e-12);
	CLOSE(s.correlation, 9.0 / 10, 1e-12);
	CLOSE(s.variance_ratio * s.reduction, 1, 1e-12);
	CLOSE(s.difference, 0, 1e-12);
}

static void missing_values_leave_their_pair_out(void **state)
{
	(void)state;
	double a[] = {1, NAN, 3, 4}, b[] = {0, 5, NAN, 1};
	struct stat_paired s;
	stat_compare(a, b, 4, &s);
	assert_int_equal(s.n, 2);
	assert_true(s.mean_a == 2.5 && s.mean_b == 0.5 && s.difference == 2);
}

static void one_pair_has_a_difference_but_no_interval(void **state)
{
	(void)state;
	double a[] = {3}, b[] = {1};
	struct stat_paired s;
	stat_compare(a, b, 1, &s);
	assert_true(s.n == 1 && s.difference == 2 && s.p10 == 2 && s.p90 == 2);
	assert_true(isnan(s.ci_low) && isnan(s.ci_high));
	assert_true(isnan(s.correlation) && isnan(s.variance_ratio));
	stat_compare(a, b, 0, &s);
	assert_true(s.n == 0 && isnan(s.difference) && isnan(s.p50));
}

static void equal_samples_differ_by_nothing(void **state)
{
	(void)state;
	double a[] = {3, 1, 4, 1, 5};
	struct stat_paired s;
	stat_compare(a, a, 5, &s);
	assert_true(s.difference == 0 && s.ci_low == 0 && s.ci_high == 0);
	assert_true(s.variance_ratio == 0);
	assert_true(isnan(s.reduction)); /* no bound */
	CLOSE(s.correlation, 1, 1e-15);
}

/* With 2 pairs the mean of a resample is a, (a + b)/2 or b with chances 1/4, 1/2, 1/4. With 50 the
 * percentile interval is near the normal one: mean -+ 1.96 sd / sqrt(n), sd with divisor n. */
static void the_bootstrap_resamples_means(void **state)
{
	(void)state;
	double zero[50] = {0}, a[50] = {10, 20};
	struct stat_draws draws = {0};
	struct stat_resampled s, again;
	stat_resample(a, zero, 2, &draws, &s);
	assert_true(s.boot_low == 10 && s.boot_high == 20);
	for (int i = 0; i < 50; i++)
		a[i] = (i * 37) % 50;
	stat_resample(a, zero, 50, &draws, &s);
	double half = 1.959964 * sqrt((50 * 50 - 1) / 12.0 / 50);
	CLOSE(s.boot_low, 24.5 - half, 0.06 * half);
	CLOSE(s.boot_high, 24.5 + half, 0.06 * half);
	stat_draws_free(&draws);
	stat_resample(a, zero, 50, &draws, &again);
	assert_true(s.boot_low == again.boot_low && s.boot_high == again.boot_high);
	stat_resample(a, a, 50, &draws, &s);
	assert_true(s.boot_low == 0 && s.boot_high == 0);
	stat_resample(a, zero, 1, &draws, &s);
	assert_true(isnan(s.boot_low) && isnan(s.boot_high));
	stat_draws_free(&draws);
}

/* 300 samples of 2000 numbers do not wait at once, nor do samples of another size with them. */
static void samples_that_wait_for_each_other_get_what_they_get_alone(void **state)
{
	(void)state;
	enum { SAMPLES = 300, N = 2000 };
	static double a[N], zero[N];
	static struct stat_resampled together[SAMPLES];
	struct stat_draws many = {0}, one = {0};
	struct stat_resampled alone;
	for (int pass = 0; pass < 2; pass++)
		for (int k = 0; k < SAMPLES; k++) {
			int64_t n = k == 7 ? 50 : k == 20 ? 1 : N;
			if (pass == 1 && k > 9 && k < SAMPLES - 3 && k != 20)
				continue;
			for (int i = 0; i < N; i++)
				a[i] = (i * (37 + k)) % N;
			if (pass == 0)
				stat_resample_begin(a, zero, n, &many, &together[k]);
			else
				stat_resample(a, zero, n, &one, &alone);
			if (pass == 1)
				assert_memory_equal(&alone, &together[k], sizeof(alone));
			if (k == SAMPLES - 1)
				stat_resample_finish(&many);
		}
	assert_true(many.room * (N + 2000) * 8 <= 1 << 20);
	stat_draws_free(&many);
	stat_draws_free(&one);
}

static void a_large_sample_is_resampled_as_a_small_one(void **state)
{
	(void)state;
	enum { N = 9000 };
	static double a[N], zero[N];
	struct stat_draws draws = {0};
	struct stat_resampled s;
	for (int i = 0; i < N; i++)
		a[i] = (i * 37) % N;
	stat_resample(a, zero, N, &draws, &s);
	double middle = (N - 1) / 2.0, half = 1.959964 * sqrt((1.0 * N * N - 1) / 12 / N);
	CLOSE(s.boot_low, middle - half, 0.1 * half);
	CLOSE(s.boot_high, middle + half, 0.1 * half);
	stat_draws_free(&draws);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mean_is_exact_where_the_sum_rounds),
		cmocka_unit_test(a_variance_survives_a_large_mean),
		cmocka_unit_test(a_correlation_is_one_on_a_line_and_undefined_without_spread),
		cmocka_unit_test(numbers_are_sorted_as_the_library_sorts_them),
		cmocka_unit_test(quantiles_interpolate_between_order_statistics),
		cmocka_unit_test(t_quantiles_are_those_of_the_tables),
		cmocka_unit_test(a_comparison_pairs_replicates),
		cmocka_unit_test(pairing_takes_out_what_both_have_in_common),
		cmocka_unit_test(missing_values_leave_their_pair_out),
		cmocka_unit_test(one_pair_has_a_difference_but_no_interval),
		cmocka_unit_test(equal_samples_differ_by_nothing),
		cmocka_unit_test(the_bootstrap_resamples_means),
		cmocka_unit_test(samples_that_wait_for_each_other_get_what_they_get_alone),
		cmocka_unit_test(a_large_sample_is_resampled_as_a_small_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
