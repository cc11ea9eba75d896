/* Randomness: the published vectors, the keys, and independence where the model relies on it. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/rng.h"

/* ---- Known answers: tests/golden/pcg_vectors.txt, lines "kind name=hex ... : hex ..." */

struct vector {
	char kind[24];
	uint64_t in[2][2], out[16]; /* in: high and low word of each argument */
	int ins, outs;
};

static bool vector_read(FILE *f, struct vector *v)
{
	char line[512];
	do
		if (!fgets(line, sizeof(line), f))
			return false;
	while (line[0] == '#');
	*v = (struct vector){0};
	char *word = strtok(line, " \n");
	snprintf(v->kind, sizeof(v->kind), "%s", word);
	while ((word = strtok(NULL, " \n"))) {
		char *digits = strchr(word, '=');
		if (digits && strlen(++digits) > 16)
			sscanf(digits, "%16" SCNx64 "%16" SCNx64, &v->in[v->ins][0],
			       &v->in[v->ins][1]);
		else if (digits)
			v->in[v->ins][1] = strtoull(digits, NULL, 16);
		else if (strcmp(word, ":"))
			v->out[v->outs++] = strtoull(word, NULL, 16);
		v->ins += digits != NULL;
	}
	return true;
}

static struct pcg32 vector_stream(void)
{
	struct pcg32 g;
	pcg32_seed(&g, 0x2a, 0x36);
	return g;
}

static void pcg32_vector_check(const struct vector *v)
{
	struct pcg32 g = vector_stream();
	if (!strcmp(v->kind, "pcg32_advance")) {
		pcg32_advance(&g, v->in[0][1]);
		struct pcg32 back = g;
		pcg32_advance(&back, -v->in[0][1]);
		assert_int_equal(pcg32_next(&g), v->out[0]);
		assert_int_equal(pcg32_next(&g), v->out[1]);
		assert_int_equal(pcg32_next(&back), v->out[2]);
		return;
	}
	if (!strcmp(v->kind, "pcg32_bounded")) {
		for (int i = 0; i < v->outs; i++)
			assert_int_equal(pcg32_bounded(&g, (uint32_t)v->in[0][1]), v->out[i]);
		return;
	}
	pcg32_seed(&g, v->in[0][1], v->in[1][1]);
	if (!strcmp(v->kind, "pcg32_raw")) {
		assert_int_equal(g.state, v->out[0]);
		assert_int_equal(g.inc, v->out[1]);
		return;
	}
	assert_string_equal(v->kind, "pcg32");
	for (int i = 0; i < v->outs; i++)
		assert_int_equal(pcg32_next(&g), v->out[i]);
}

static void pcg64_vector_check(const struct vector *v)
{
	struct pcg64 g;
	if (!strcmp(v->kind, "pcg64_advance")) {
		pcg64_seed(&g, 0, 0x2a, 0, 0x36);
		pcg64_advance(&g, v->in[0][0], v->in[0][1]);
	} else {
		assert_string_equal(v->kind, "pcg64");
		pcg64_seed(&g, v->in[0][0], v->in[0][1], v->in[1][0], v->in[1][1]);
	}
	for (int i = 0; i < v->outs; i++)
		assert_int_equal(pcg64_next(&g), v->out[i]);
}

static void every_published_vector_is_met(void **state)
{
	(void)state;
	FILE *f = fopen("tests/golden/pcg_vectors.txt", "r");
	struct vector v;
	int lines = 0;
	assert_non_null(f);
	for (; vector_read(f, &v); lines++) {
		assert_true(v.outs >= 2);
		if (!strncmp(v.kind, "pcg64", 5))
			pcg64_vector_check(&v);
		else
			pcg32_vector_check(&v);
	}
	fclose(f);
	assert_int_equal(lines, 7 + 11 + 11 + 6 + 6 + 7);
}

static void advancing_equals_stepping(void **state)
{
	(void)state;
	struct pcg32 stepped = vector_stream(), jumped = stepped;
	struct pcg64 stepped64, jumped64;
	pcg64_seed(&stepped64, 1, 2, 3, 4);
	jumped64 = stepped64;
	for (int i = 0; i < 100003; i++) {
		pcg32_next(&stepped);
		pcg64_next(&stepped64);
	}
	pcg32_advance(&jumped, 100003);
	pcg64_advance(&jumped64, 0, 100003);
	assert_memory_equal(&stepped, &jumped, sizeof(stepped));
	assert_memory_equal(&stepped64, &jumped64, sizeof(stepped64));
}

/* ---- Keys */

static void a_single_draw_is_the_kth_output_of_its_agent(void **state)
{
	(void)state;
	for (uint64_t agent = 0; agent < 1000; agent += 37)
		for (int64_t tick = -300; tick < 600; tick += 100) {
			struct rng_key key = rng_key(9, DRAW_quit, tick);
			struct pcg32 g = rng_agent(key, agent), rest = rng_after_first(key, agent);
			uint32_t x = pcg32_next(&g);
			assert_int_equal(rng_first(key, agent), x);
			assert_memory_equal(&g, &rest, sizeof(g));
			for (uint64_t k = 0; k < 5; k++, x = pcg32_next(&g))
				assert_int_equal(rng_draw(9, DRAW_quit, tick, agent, k), x);
		}
}

static void a_threshold_is_a_chance_of_two_to_the_32(void **state)
{
	(void)state;
	assert_int_equal(rng_threshold(-1), 0);
	assert_int_equal(rng_threshold(0), 0);
	assert_int_equal(rng_threshold(0.25), 1 << 30);
	assert_int_equal(rng_threshold(1), (uint64_t)UINT32_MAX + 1);
	assert_int_equal(rng_threshold(7), (uint64_t)UINT32_MAX + 1);
}

/* Any change here changes every result: LUDD_MODEL_VERSION must rise with it. */
static void draws_keep_their_golden_values(void **state)
{
	(void)state;
	static const struct {
		uint64_t seed;
		enum purpose purpose;
		int64_t tick;
		uint64_t agent, k;
		uint32_t draw;
	} golden[] = {
		{0, DRAW_initial_person, 0, 0, 0, 0xf622b851u},
		{1, DRAW_initial_person, 0, 0, 0, 0xe40fb99du},
		{1, DRAW_initial_firm, 0, 0, 0, 0x28937aebu},
		{1, DRAW_initial_firm, 1, 0, 0, 0x93a4e125u},
		{1, DRAW_initial_firm, 1, 1, 0, 0x316ce1bfu},
		{1, DRAW_initial_firm, 1, 1, 1, 0x148b4fe5u},
		{1, DRAW_hire, -300, 12345, 7, 0xa5ba1976u},
		{(uint64_t)1 << 53, DRAW_shop, 599, 99999999, 3, 0x8e5fe1beu},
		{UINT64_MAX, DRAW_sample, INT64_MAX, UINT64_MAX, UINT64_MAX, 0x4482672du},
	};
	for (int i = 0; i < LENGTH(golden); i++)
		assert_int_equal(rng_draw(golden[i].seed, golden[i].purpose, golden[i].tick,
					  golden[i].agent, golden[i].k), golden[i].draw);
}

static void replicates_get_distinct_seeds_of_53_bits(void **state)
{
	(void)state;
	assert_int_equal(rng_replicate_seed(1, 0), 0xf9f3ebef834d2);
	assert_int_equal(rng_replicate_seed(1, 1), 0x1261bf3cee8678);
	assert_int_equal(rng_replicate_seed(2, 0), 0x1735d218e630a2);
	for (uint64_t r = 0; r < 500; r++) {
		uint64_t seed = rng_replicate_seed(1, r);
		assert_true(seed < (uint64_t)1 << 53);
		assert_true((uint64_t)(double)seed == seed);
		for (uint64_t other = 0; other < 500; other++) {
			assert_true(other == r || rng_replicate_seed(1, other) != seed);
			assert_int_not_equal(rng_replicate_seed(2, other), seed);
		}
	}
}

static void purposes_have_distinct_names(void **state)
{
	(void)state;
	assert_string_equal(purpose_name(DRAW_initial_person), "initial_person");
	assert_string_equal(purpose_name(DRAW_sample), "sample");
	for (int p = 0; p < DRAW_COUNT; p++)
		for (int q = 0; q < p; q++)
			assert_string_not_equal(purpose_name((enum purpose)p),
						purpose_name((enum purpose)q));
}

/* ---- Independence. Pairs of draws (x, y) from cells that lie one step apart are tested for
 * correlation, for each bit of x ^ y, and for the joint distribution of the leading bits. Every
 * statistic is a z score with its mean and variance under independence; `worst` is the largest. */

struct cell {
	uint64_t seed, purpose, tick, agent, k;
};
typedef uint32_t draw_of(struct cell c);

enum { PAIRS = 1 << 17, BINS = 16 };

static struct cell cell_plus(struct cell c, struct cell d, uint64_t times)
{
	return (struct cell){c.seed + d.seed * times, c.purpose + d.purpose * times,
			     c.tick + d.tick * times, c.agent + d.agent * times, c.k + d.k * times};
}

static double worst_of(double worst, double z)
{
	return fabs(z) > worst ? fabs(z) : worst;
}

/* z of a chi-square over `bins` equally likely bins: mean f, variance 2f, f = bins - 1. */
static double bins_z(const double *count, int bins, double n)
{
	double square = 0, expected = n / bins;
	for (int i = 0; i < bins; i++)
		square += (count[i] - expected) * (count[i] - expected) / expected;
	return (square - (bins - 1)) / sqrt(2.0 * (bins - 1));
}

/* Pair i: the cells start + i * each and start + i * each + step. */
static double pairs_worst(draw_of *draw, struct cell start, struct cell each, struct cell step)
{
	double joint[BINS * BINS] = {0};
	double product = 0, bits[32] = {0}, worst = 0;
	for (uint64_t i = 0; i < PAIRS; i++) {
		struct cell c = cell_plus(start, each, i);
		uint32_t x = draw(c), y = draw(cell_plus(c, step, 1));
		product += (x * 0x1p-32 - 0.5) * (y * 0x1p-32 - 0.5);
		joint[(x >> 28) * BINS + (y >> 28)]++;
		for (int b = 0; b < 32; b++)
			bits[b] += (x ^ y) >> b & 1;
	}
	worst = worst_of(worst, product * 12 / sqrt(PAIRS)); /* a unit's variance is 1/12 */
	for (int b = 0; b < 32; b++) /* binomial: mean n/2, variance n/4 */
		worst = worst_of(worst, (bits[b] - PAIRS / 2.0) / sqrt(PAIRS / 4.0));
	return worst_of(worst, bins_z(joint, BINS * BINS, PAIRS));
}

static uint32_t keyed_draw(struct cell c)
{
	return rng_draw(c.seed, (enum purpose)c.purpose, (int64_t)c.tick, c.agent, c.k);
}

/* The trap: streams of one state numbered by agent, as many programs number them. */
static uint32_t plain_draw(struct cell c)
{
	struct pcg32 g;
	pcg32_seed(&g, c.seed, c.agent);
	pcg32_advance(&g, c.k);
	return pcg32_next(&g);
}

#define CELL(...) (struct cell){__VA_ARGS__}
static const struct cell start = {.seed = 20, .purpose = DRAW_hire, .tick = 100};

static void neighbours_do_not_know_each_other(void **state)
{
	(void)state;
	static const struct {
		const char *what;
		struct cell each, step;
	} pairs[] = {
		{"next agent", {.agent = 2}, {.agent = 1}},
		{"two agents on", {.agent = 1}, {.agent = 2}},
		{"eight agents on", {.agent = 1}, {.agent = 8}},
		{"agent a million on", {.agent = 1}, {.agent = 1 << 20}},
		{"same agent, next tick", {.agent = 1}, {.tick = 1}},
		{"one agent, tick by tick", {.tick = 2}, {.tick = 1}},
		{"same agent, next purpose", {.agent = 1}, {.purpose = 1}},
		{"same agent, next seed", {.agent = 1}, {.seed = 1}},
		{"one agent, seed by seed", {.seed = 2}, {.seed = 1}},
		{"same agent, next draw", {.agent = 1}, {.k = 1}},
		{"next agent, next draw", {.agent = 2}, {.agent = 1, .k = 1}},
		{"next agent, seventh draw on", {.agent = 2}, {.agent = 1, .k = 7}},
		{"next agent, next tick", {.agent = 1}, {.agent = 1, .tick = 1}},
		{"agent back, next tick", {.agent = 1}, {.agent = UINT64_MAX, .tick = 1}},
		{"next tick, next purpose", {.agent = 1}, {.tick = 1, .purpose = 1}},
		{"next tick, seed before", {.agent = 1}, {.tick = 1, .seed = UINT64_MAX}},
		{"along one stream", {.k = 2}, {.k = 1}},
	};
	for (int i = 0; i < 3 * LENGTH(pairs); i++) {
		static const uint64_t draws[] = {0, 1, 7};
		struct cell from = cell_plus(start, CELL(.k = 1), draws[i % 3]);
		double worst = pairs_worst(keyed_draw, from, pairs[i / 3].each, pairs[i / 3].step);
		if (worst >= 5)
			print_error("%s: z = %.1f\n", pairs[i / 3].what, worst);
		assert_true(worst < 5);
	}
}

/* Agents two apart in their second draw, eight apart in their eighth: correlations near -0.1. */
static void plainly_numbered_streams_are_caught(void **state)
{
	(void)state;
	double two = pairs_worst(plain_draw, CELL(.seed = 20, .k = 1), CELL(.agent = 1),
				 CELL(.agent = 2));
	double eight = pairs_worst(plain_draw, CELL(.seed = 20, .k = 7), CELL(.agent = 1),
				   CELL(.agent = 8));
	assert_true(two > 20);
	assert_true(eight > 20);
}

/* ---- Distributions */

static void the_first_draws_of_agents_fill_every_bin_alike(void **state)
{
	(void)state;
	double count[256] = {0};
	struct rng_key key = rng_key(3, DRAW_shop, 17);
	for (uint64_t agent = 0; agent < 1 << 18; agent++) {
		struct pcg32 g = rng_agent(key, agent);
		count[pcg32_next(&g) >> 24]++;
	}
	assert_true(fabs(bins_z(count, 256, 1 << 18)) < 5);
}

static void below_is_uniform_and_stays_below(void **state)
{
	(void)state;
	/* 3 * 2^30: scaling without rejection would give every third number twice as often */
	static const uint32_t bounds[] = {2, 3, 7, 10, 64, 1000, 3u << 30, UINT32_MAX};
	struct pcg32 g = rng_agent(rng_key(4, DRAW_apply, 0), 0);
	for (int b = 0; b < LENGTH(bounds); b++) {
		double count[1000] = {0};
		int bins = bounds[b] <= 1000 ? (int)bounds[b] : 3;
		for (int i = 0; i < 1 << 18; i++) {
			uint32_t x = rng_below(&g, bounds[b]);
			assert_true(x < bounds[b]);
			count[x % (uint32_t)bins]++;
		}
		assert_true(fabs(bins_z(count, bins, 1 << 18)) < 5);
	}
	assert_int_equal(rng_below(&g, 1), 0);
}

static void units_lie_in_the_unit_interval(void **state)
{
	(void)state;
	struct pcg32 g = rng_agent(rng_key(5, DRAW_quit, 0), 0);
	double low = 1, high = 0, sum = 0;
	for (int i = 0; i < 1 << 18; i++) {
		double x = rng_unit(&g);
		low = x < low ? x : low;
		high = x > high ? x : high;
		sum += x;
	}
	assert_true(low >= 0 && low < 1e-4 && high < 1 && high > 1 - 1e-4);
	assert_true(fabs(sum - (1 << 17)) < 5 * sqrt((1 << 18) / 12.0));
}

/* Moments of the sum of four uniforms, scaled: 0, 1, 0, 2.7; the variance of the estimate of
 * moment m is (moment 2m - moment m squared) / n, with moments 6 and 8 equal to 10.929 and 55.8. */
static void normals_have_the_moments_of_four_uniforms(void **state)
{
	(void)state;
	static const double moment[] = {0, 1, 0, 2.7}, variance[] = {1, 1.7, 10.929, 48.51};
	struct pcg32 g = rng_agent(rng_key(6, DRAW_productivity, 0), 0);
	double sum[4] = {0}, n = 1 << 20;
	for (int i = 0; i < 1 << 20; i++) {
		double x = rng_normal(&g), power = 1;
		assert_true(fabs(x) <= 3.4641016151377553);
		for (int m = 0; m < 4; m++)
			sum[m] += power *= x;
	}
	for (int m = 0; m < 4; m++)
		assert_true(fabs(sum[m] / n - moment[m]) < 5 * sqrt(variance[m] / n));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_published_vector_is_met),
		cmocka_unit_test(advancing_equals_stepping),
		cmocka_unit_test(a_single_draw_is_the_kth_output_of_its_agent),
		cmocka_unit_test(a_threshold_is_a_chance_of_two_to_the_32),
		cmocka_unit_test(draws_keep_their_golden_values),
		cmocka_unit_test(replicates_get_distinct_seeds_of_53_bits),
		cmocka_unit_test(purposes_have_distinct_names),
		cmocka_unit_test(neighbours_do_not_know_each_other),
		cmocka_unit_test(plainly_numbered_streams_are_caught),
		cmocka_unit_test(the_first_draws_of_agents_fill_every_bin_alike),
		cmocka_unit_test(below_is_uniform_and_stays_below),
		cmocka_unit_test(units_lie_in_the_unit_interval),
		cmocka_unit_test(normals_have_the_moments_of_four_uniforms),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
