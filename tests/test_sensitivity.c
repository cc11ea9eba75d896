/* Sensitivity analysis against functions whose indices are known in closed form. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/rng.h"
#include "ludd/sensitivity.h"

static const double pi = 3.14159265358979323846;

typedef double function(const double *x, int n);

/* Ishigami and Homma (1990) with a = 7, b = 0.1 on (-pi, pi)^3. */
static double ishigami(const double *x, int n)
{
	(void)n;
	double a = pi * (2 * x[0] - 1), b = pi * (2 * x[1] - 1), c = pi * (2 * x[2] - 1);
	return sin(a) + 7 * sin(b) * sin(b) + 0.1 * c * c * c * c * sin(a);
}

static const double ishigami_first[] = {0.3139, 0.4424, 0};
static const double ishigami_total[] = {0.5576, 0.4424, 0.2437};

/* The g-function of Sobol' with the coefficients of Saltelli et al. (2008), "Global Sensitivity
 * Analysis: The Primer", section 4.7. Its variance of factor i alone is v_i = 1 / (3 (1 + a_i)^2);
 * 1 + variance = prod (1 + v_i). */
static const double g_coefficients[] = {0, 1, 4.5, 9, 99, 99, 99, 99};
enum { G_AXES = LENGTH(g_coefficients) };

static double g_function(const double *x, int n)
{
	double y = 1;
	for (int i = 0; i < n; i++)
		y *= (fabs(4 * x[i] - 2) + g_coefficients[i]) / (1 + g_coefficients[i]);
	return y;
}

static double g_part(int i)
{
	return 1 / (3 * (1 + g_coefficients[i]) * (1 + g_coefficients[i]));
}

static void g_indices(double first[G_AXES], double total[G_AXES])
{
	double product = 1;
	for (int i = 0; i < G_AXES; i++)
		product *= 1 + g_part(i);
	for (int i = 0; i < G_AXES; i++) {
		first[i] = g_part(i) / (product - 1);
		total[i] = g_part(i) * product / (1 + g_part(i)) / (product - 1);
	}
}

static const double weights[] = {3, -2, 0.5, 0, 7};
enum { LINEAR_AXES = LENGTH(weights) };

static double linear(const double *x, int n)
{
	double y = 1;
	for (int i = 0; i < n; i++)
		y += weights[i] * x[i];
	return y;
}

static double constant(const double *x, int n)
{
	(void)x;
	(void)n;
	return 0.1;
}

static struct design made(enum design_method method, int axes, int64_t points, uint64_t seed)
{
	struct design d;
	struct err e = {0};
	struct design_request q = {method, axes, points, 0, true, seed};
	if (design_make(&d, &q, &e))
		fail_msg("%s", e.text);
	return d;
}

static double *outputs(const struct design *d, function *f, int64_t replicates)
{
	double *y = malloc((size_t)(d->rows * replicates) * sizeof(*y));
	for (int64_t k = 0; k < d->rows * replicates; k++)
		y[k] = f(design_row(d, k / replicates), d->dimensions);
	return y;
}

static void assert_holds(struct estimate s, double truth)
{
	if (!(s.low <= truth && truth <= s.high))
		fail_msg("%g is not in [%g, %g]", truth, s.low, s.high);
}

static void assert_within(double x, double truth, double tolerance)
{
	if (!(fabs(x - truth) <= tolerance))
		fail_msg("%.17g is not %g +- %g", x, truth, tolerance);
}

/* ---- Sobol' indices */

static void sobol_indices_check(function *f, int axes, int64_t points, const double *first,
				const double *total)
{
	/* 16 intervals must hold at once: 99.9 % each */
	struct bootstrap b = {1000, 0.999, 1};
	struct sobol_index s[G_AXES];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, axes, points, 1);
	double *y = outputs(&d, f, 1);
	assert_int_equal(sensitivity_sobol(&d, y, 1, &b, s, &e), 0);
	for (int i = 0; i < axes; i++) {
		assert_holds(s[i].first, first[i]);
		assert_holds(s[i].total, total[i]);
		assert_holds(s[i].first, s[i].first.value);
		assert_holds(s[i].total, s[i].total.value);
		assert_within(s[i].first.value, first[i], 0.01);
		assert_within(s[i].total.value, total[i], 0.01);
		assert_true(s[i].first.high - s[i].first.low < 0.3);
	}
	free(y);
	design_free(&d);
}

static void ishigami_indices_are_those_of_the_closed_form(void **state)
{
	(void)state;
	sobol_indices_check(ishigami, 3, 4096, ishigami_first, ishigami_total);
}

static void g_function_indices_are_those_of_the_closed_form(void **state)
{
	(void)state;
	double first[G_AXES], total[G_AXES];
	g_indices(first, total);
	sobol_indices_check(g_function, G_AXES, 4096, first, total);
}

static void first_and_total_indices_of_a_sum_are_equal_and_add_up(void **state)
{
	(void)state;
	struct bootstrap b = {20, 0.95, 1};
	struct sobol_index s[LINEAR_AXES];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, LINEAR_AXES, 4096, 3);
	double *y = outputs(&d, linear, 1), squares = 0, sum = 0;
	assert_int_equal(sensitivity_sobol(&d, y, 1, &b, s, &e), 0);
	for (int i = 0; i < LINEAR_AXES; i++)
		squares += weights[i] * weights[i];
	for (int i = 0; i < LINEAR_AXES; i++) {
		assert_within(s[i].first.value, weights[i] * weights[i] / squares, 0.005);
		assert_within(s[i].total.value, s[i].first.value, 0.005);
		sum += s[i].total.value;
	}
	assert_within(sum, 1, 0.005);
	assert_true(s[3].first.value == 0 && s[3].total.value == 0);
	free(y);
	design_free(&d);
}

static void adding_a_constant_changes_no_index(void **state)
{
	(void)state;
	struct bootstrap b = {50, 0.95, 1};
	struct sobol_index s[3], moved[3];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, 3, 256, 3);
	double *y = outputs(&d, ishigami, 1);
	sensitivity_sobol(&d, y, 1, &b, s, &e);
	for (int64_t k = 0; k < d.rows; k++)
		y[k] = 1e4 - 3 * y[k];
	sensitivity_sobol(&d, y, 1, &b, moved, &e);
	for (int i = 0; i < 3; i++) {
		assert_within(moved[i].first.value, s[i].first.value, 1e-9);
		assert_within(moved[i].total.high, s[i].total.high, 1e-9);
	}
	free(y);
	design_free(&d);
}

static void an_output_that_does_not_vary_depends_on_nothing(void **state)
{
	(void)state;
	struct bootstrap b = {50, 0.95, 1};
	struct sobol_index s[3];
	struct morris_effect m[3];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, 3, 64, 3), t = made(DESIGN_MORRIS, 3, 64, 3);
	double *y = outputs(&d, constant, 2);
	assert_int_equal(sensitivity_sobol(&d, y, 2, &b, s, &e), 0);
	assert_int_equal(sensitivity_morris(&t, y, 2, &b, m, &e), 0);
	for (int i = 0; i < 3; i++) {
		assert_true(s[i].first.value == 0 && s[i].total.high == 0);
		assert_true(m[i].mu_star.value == 0 && m[i].sigma.high == 0);
	}
	struct seed_share share = sensitivity_seed(&d, y, 2);
	assert_true(share.alone == 0 && share.total == 0);
	free(y);
	design_free(&d);
	design_free(&t);
}

/* The bootstrap takes Owen's points for random ones; they are better, so its intervals cover at
 * least as often as they say. */
static void sobol_intervals_cover_the_truth_over_seeds(void **state)
{
	(void)state;
	enum { SEEDS = 200 };
	int held = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct bootstrap b = {200, 0.9, seed};
		struct sobol_index s[3];
		struct err e = {0};
		struct design d = made(DESIGN_SALTELLI, 3, 256, seed);
		double *y = outputs(&d, ishigami, 1);
		sensitivity_sobol(&d, y, 1, &b, s, &e);
		for (int i = 0; i < 3; i++) {
			held += s[i].first.low <= ishigami_first[i] &&
				s[i].first.high >= ishigami_first[i];
			held += s[i].total.low <= ishigami_total[i] &&
				s[i].total.high >= ishigami_total[i];
		}
		free(y);
		design_free(&d);
	}
	assert_true(held >= 0.9 * 6 * SEEDS);
}

/* ---- Morris */

static void morris_finds_the_coefficients_of_a_sum(void **state)
{
	(void)state;
	struct bootstrap b = {100, 0.95, 1};
	struct morris_effect m[LINEAR_AXES];
	struct err e = {0};
	struct design d = made(DESIGN_MORRIS, LINEAR_AXES, 10, 3);
	double *y = outputs(&d, linear, 3);
	assert_int_equal(sensitivity_morris(&d, y, 3, &b, m, &e), 0);
	for (int i = 0; i < LINEAR_AXES; i++) {
		assert_within(m[i].mu.value, weights[i], 1e-12);
		assert_within(m[i].mu_star.value, fabs(weights[i]), 1e-12);
		assert_within(m[i].mu_star.low, fabs(weights[i]), 1e-12);
		assert_within(m[i].sigma.value, 0, 1e-12);
		assert_within(m[i].sigma.high, 0, 1e-12);
	}
	free(y);
	design_free(&d);
}

static void morris_ranks_the_factors_of_the_g_function(void **state)
{
	(void)state;
	struct bootstrap b = {200, 0.95, 1};
	struct morris_effect m[G_AXES];
	struct err e = {0};
	struct design d = made(DESIGN_MORRIS, G_AXES, 200, 3);
	double *y = outputs(&d, g_function, 1);
	assert_int_equal(sensitivity_morris(&d, y, 1, &b, m, &e), 0);
	for (int i = 1; i < 5; i++) { /* 0, 1, 4.5, 9, 99; the rest are alike */
		assert_true(m[i].mu_star.value < m[i - 1].mu_star.value);
		assert_true(m[i].sigma.value < m[i - 1].sigma.value);
	}
	for (int i = 4; i < G_AXES; i++)
		assert_true(m[i].mu_star.high < m[3].mu_star.low);
	free(y);
	design_free(&d);
}

static double product_of_two(const double *x, int n)
{
	(void)n;
	return x[0] * x[1];
}

/* The effect of either factor of x0 x1 is the other: on levels 0, 1/3, 2/3, 1 it has mean 1/2 and
 * variance 5/36. Trajectories are independent: the intervals should cover as often as they say. */
static void morris_intervals_cover_as_often_as_they_say(void **state)
{
	(void)state;
	enum { SEEDS = 400 };
	int mu = 0, sigma = 0;
	for (uint64_t seed = 0; seed < SEEDS; seed++) {
		struct bootstrap b = {200, 0.9, seed};
		struct morris_effect m[2];
		struct err e = {0};
		struct design d = made(DESIGN_MORRIS, 2, 60, seed);
		double *y = outputs(&d, product_of_two, 1);
		sensitivity_morris(&d, y, 1, &b, m, &e);
		mu += m[0].mu.low <= 0.5 && m[0].mu.high >= 0.5;
		sigma += m[0].sigma.low <= sqrt(5.0 / 36) && m[0].sigma.high >= sqrt(5.0 / 36);
		free(y);
		design_free(&d);
	}
	/* 360 expected, standard deviation 6 */
	assert_in_range(mu, 360 - 24, 360 + 24);
	assert_in_range(sigma, 360 - 30, 360 + 24);
}

/* ---- Seeds as a factor */

/* f(x) + alone * u(seed) + together * v(x, seed); u, v normal with standard deviation 1. */
static double *noisy_outputs(const struct design *d, function *f, int64_t replicates, double alone,
			     double together, uint64_t seed)
{
	double *y = outputs(d, f, replicates);
	struct rng_key key = rng_key(seed, DRAW_sample, 0);
	for (int64_t r = 0; r < replicates; r++) {
		struct pcg32 g = rng_agent(key, (uint64_t)r);
		double common = alone * rng_normal(&g);
		for (int64_t i = 0; i < d->rows; i++)
			y[i * replicates + r] += common + together * rng_normal(&g);
	}
	return y;
}

static void what_the_seed_does_alike_everywhere_changes_no_effect(void **state)
{
	(void)state; /* paired seeds: it cancels in every difference */
	struct bootstrap b = {100, 0.95, 1};
	struct morris_effect m[LINEAR_AXES];
	struct sobol_index s[LINEAR_AXES], quiet[LINEAR_AXES];
	struct err e = {0};
	struct design d = made(DESIGN_MORRIS, LINEAR_AXES, 20, 3);
	double *y = noisy_outputs(&d, linear, 4, 10, 0, 1);
	sensitivity_morris(&d, y, 4, &b, m, &e);
	for (int i = 0; i < LINEAR_AXES; i++) {
		assert_within(m[i].mu.low, weights[i], 1e-12);
		assert_within(m[i].sigma.high, 0, 1e-12);
	}
	free(y);
	design_free(&d);
	d = made(DESIGN_SALTELLI, LINEAR_AXES, 64, 3);
	y = noisy_outputs(&d, linear, 4, 10, 0, 1);
	sensitivity_sobol(&d, y, 4, &b, s, &e);
	free(y);
	y = outputs(&d, linear, 4);
	sensitivity_sobol(&d, y, 4, &b, quiet, &e);
	for (int i = 0; i < LINEAR_AXES; i++)
		assert_within(s[i].total.high, quiet[i].total.high, 1e-10);
	free(y);
	design_free(&d);
}

static void the_share_of_the_seed_is_found(void **state)
{
	(void)state;
	enum { TABLES = 200, REPLICATES = 5 };
	double squares = 0, alone = 0, together = 0, signal;
	for (int i = 0; i < LINEAR_AXES; i++)
		squares += weights[i] * weights[i];
	signal = squares / 12; /* 5.18 */
	struct design d = made(DESIGN_SALTELLI, LINEAR_AXES, 64, 3);
	for (uint64_t k = 0; k < TABLES; k++) {
		double *y = noisy_outputs(&d, linear, REPLICATES, 1, 2, k);
		struct seed_share s = sensitivity_seed(&d, y, REPLICATES);
		alone += s.alone / TABLES;
		together += (s.total - s.alone) / TABLES;
		free(y);
	}
	/* the variance of 5 normal draws has standard deviation 0.71: 0.05 in the mean of 200 */
	assert_within(alone, 1 / (signal + 5), 0.02);
	assert_within(together, 4 / (signal + 5), 0.02);
	design_free(&d);
}

static void few_points_do_not_pass_for_an_effect_of_the_seed(void **state)
{
	(void)state; /* variances 4 and 16: of 8 points, 16 / 8 would add a half to the 4 */
	enum { TABLES = 20, REPLICATES = 200 };
	double alone = 0;
	struct design d = made(DESIGN_LATIN_HYPERCUBE, 2, 8, 3);
	for (uint64_t k = 0; k < TABLES; k++) {
		double *y = noisy_outputs(&d, constant, REPLICATES, 2, 4, k);
		alone += sensitivity_seed(&d, y, REPLICATES).alone / TABLES;
		free(y);
	}
	assert_within(alone, 0.2, 0.03);
	design_free(&d);
}

static void one_replicate_says_nothing_of_the_seed(void **state)
{
	(void)state;
	struct design d = made(DESIGN_MORRIS, 2, 4, 1);
	double *y = outputs(&d, product_of_two, 1);
	assert_true(isnan(sensitivity_seed(&d, y, 1).total));
	free(y);
	design_free(&d);
}

/* Two seeds of three disagree with the third on the sign: the interval must show it. */
static void the_bootstrap_resamples_replicates(void **state)
{
	(void)state;
	struct bootstrap b = {500, 0.95, 1};
	struct morris_effect m[1];
	struct err e = {0};
	struct design d = made(DESIGN_MORRIS, 1, 40, 1);
	static const double slope[] = {1, 1, -1};
	double y[80 * 3];
	for (int64_t k = 0; k < 80 * 3; k++)
		y[k] = slope[k % 3] * design_row(&d, k / 3)[0];
	assert_int_equal(sensitivity_morris(&d, y, 3, &b, m, &e), 0);
	assert_within(m[0].mu.value, 1.0 / 3, 1e-12);
	assert_within(m[0].mu.low, -1, 1e-12); /* all three of the third: 1 in 27 */
	assert_within(m[0].mu.high, 1, 1e-12);
	design_free(&d);
}

/* ---- Both */

static void noise_is_the_mu_star_of_what_only_shifts_draws(void **state)
{
	(void)state;
	enum { AXES = 2, REPLICATES = 4 };
	struct bootstrap b = {0};
	struct morris_effect m[AXES];
	double noise[AXES];
	struct err e = {0};
	struct design d = made(DESIGN_MORRIS, AXES, 3000, 1);
	double *y = noisy_outputs(&d, constant, REPLICATES, 0, 2, 1);
	b.resamples = 2;
	assert_int_equal(sensitivity_morris(&d, y, REPLICATES, &b, m, &e), 0);
	sensitivity_noise(&d, y, REPLICATES, noise);
	for (int i = 0; i < AXES; i++) {
		/* an effect: (v - v') / (2/3), 4 replicates, standard deviation 2 each */
		assert_within(noise[i], 0.7979 * 2 * sqrt(2) / 2 * 1.5, 0.04);
		assert_within(m[i].mu_star.value, noise[i], 0.06);
	}
	free(y);
	y = outputs(&d, linear, REPLICATES); /* the same under every seed */
	sensitivity_noise(&d, y, REPLICATES, noise);
	assert_within(noise[0], 0, 1e-12);
	sensitivity_noise(&d, y, 1, noise);
	assert_true(isnan(noise[0]) && isnan(noise[1]));
	free(y);
	design_free(&d);
}

static void an_analysis_is_a_function_of_its_arguments(void **state)
{
	(void)state;
	struct bootstrap b = {100, 0.95, 1};
	struct sobol_index s[3], again[3];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, 3, 64, 3);
	double *y = outputs(&d, ishigami, 2);
	sensitivity_sobol(&d, y, 2, &b, s, &e);
	sensitivity_sobol(&d, y, 2, &b, again, &e);
	assert_memory_equal(s, again, sizeof(s));
	b.seed = 2;
	sensitivity_sobol(&d, y, 2, &b, again, &e);
	assert_true(s[0].first.value == again[0].first.value);
	assert_true(s[0].first.low != again[0].first.low);
	free(y);
	design_free(&d);
}

static void an_unfinished_run_is_named(void **state)
{
	(void)state;
	struct bootstrap b = {0};
	struct sobol_index s[3];
	struct morris_effect m[3];
	struct err e = {0};
	struct design d = made(DESIGN_SALTELLI, 3, 8, 3), t = made(DESIGN_MORRIS, 3, 8, 3);
	double *y = outputs(&d, ishigami, 2);
	y[17 * 2 + 1] = NAN;
	assert_int_equal(sensitivity_sobol(&d, y, 2, &b, s, &e), -1);
	assert_non_null(strstr(e.text, "row 17, replicate 1 "));
	y[17 * 2 + 1] = INFINITY;
	e = (struct err){0};
	assert_int_equal(sensitivity_morris(&t, y, 2, &b, m, &e), -1);
	assert_non_null(strstr(e.text, "row 17, replicate 1 "));
	free(y);
	design_free(&d);
	design_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ishigami_indices_are_those_of_the_closed_form),
		cmocka_unit_test(g_function_indices_are_those_of_the_closed_form),
		cmocka_unit_test(first_and_total_indices_of_a_sum_are_equal_and_add_up),
		cmocka_unit_test(adding_a_constant_changes_no_index),
		cmocka_unit_test(an_output_that_does_not_vary_depends_on_nothing),
		cmocka_unit_test(sobol_intervals_cover_the_truth_over_seeds),
		cmocka_unit_test(morris_finds_the_coefficients_of_a_sum),
		cmocka_unit_test(morris_ranks_the_factors_of_the_g_function),
		cmocka_unit_test(morris_intervals_cover_as_often_as_they_say),
		cmocka_unit_test(what_the_seed_does_alike_everywhere_changes_no_effect),
		cmocka_unit_test(the_share_of_the_seed_is_found),
		cmocka_unit_test(few_points_do_not_pass_for_an_effect_of_the_seed),
		cmocka_unit_test(one_replicate_says_nothing_of_the_seed),
		cmocka_unit_test(the_bootstrap_resamples_replicates),
		cmocka_unit_test(noise_is_the_mu_star_of_what_only_shifts_draws),
		cmocka_unit_test(an_analysis_is_a_function_of_its_arguments),
		cmocka_unit_test(an_unfinished_run_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
