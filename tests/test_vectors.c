/* Whole runs are the same bit for bit whichever vector instructions the loops use, on any number
 * of threads. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "worlds.h"

struct outcome {
	uint64_t hash;
	struct census census;
};

static struct outcome outcome_of(const struct params *p, int threads, int64_t months)
{
	struct world *w = world_new(p, 5, 0, threads);
	struct outcome o;

	memset(&o, 0, sizeof(o));
	w->counting = true;
	months_pass(w, months);
	o.hash = world_hash(w);
	o.census = w->census;
	world_free(w);
	return o;
}

static void outcomes_equal(const struct params *p, int most_threads, int64_t months)
{
	struct outcome first;

	vector_limit(VECTOR_NONE);
	first = outcome_of(p, 1, months);
	assert_true(first.hash != outcome_of(p, 1, months - 1).hash);
	LEVELS(level)
		for (int threads = 1; threads <= most_threads; threads++) {
			struct outcome o = outcome_of(p, threads, months);
			if (o.hash != first.hash)
				fail_msg("level %d, %d threads: another state", (int)level,
					 threads);
			if (memcmp(&o.census, &first.census, sizeof(o.census)))
				fail_msg("level %d, %d threads: another census", (int)level,
					 threads);
		}
	vector_limit(VECTOR_AVX512);
}

static struct params mixed(int64_t people, int64_t firms)
{
	struct params p = params_ai(people, firms);
	p.mix[POLICY_cut_jobs] = p.mix[POLICY_share_gains] = 0.5;
	p.production.shock_sd = 0.03;
	return p;
}

static void one_market_is_the_same_at_every_level(void **state)
{
	(void)state;
	struct params p = mixed(3000, 150);
	outcomes_equal(&p, 3, 40);
}

static void regions_are_the_same_at_every_level(void **state)
{
	(void)state;
	struct params p = mixed(3000, 150);
	p.population.regions = 3;
	p.state.basic_income = 0.05;
	p.state.ai_levy = 0.2;
	outcomes_equal(&p, 3, 40);
}

static void more_firms_than_one_thread_takes_are_the_same_at_every_level(void **state)
{
	(void)state;
	struct params p = mixed(15000, PAR_LIGHT_ROWS + 100);
	outcomes_equal(&p, 3, 10);
}

static void levels_are_limited_and_restored(void **state)
{
	(void)state;
	enum vector_level best;

	vector_limit(VECTOR_AVX512);
	best = vector_level;
	vector_limit(VECTOR_NONE);
	assert_int_equal(vector_level, VECTOR_NONE);
	vector_limit(VECTOR_AVX2);
	assert_int_equal(vector_level, best < VECTOR_AVX2 ? best : VECTOR_AVX2);
	vector_limit(VECTOR_AVX512);
	assert_int_equal(vector_level, best);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_market_is_the_same_at_every_level),
		cmocka_unit_test(regions_are_the_same_at_every_level),
		cmocka_unit_test(more_firms_than_one_thread_takes_are_the_same_at_every_level),
		cmocka_unit_test(levels_are_limited_and_restored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
