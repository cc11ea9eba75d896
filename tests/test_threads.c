/* The same bits for any number of threads and any schedule, after every step of every month. With
 * fewer processors than threads it is much faster under OMP_WAIT_POLICY=passive. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/par.h"
#include "worlds.h"

enum { MONTHS = 60, PEOPLE = 6000, FIRMS = 300 };

struct trace {
	uint64_t hash[MONTHS][PHASE_COUNT];
};

static struct trace *trace_of(int64_t regions, int threads, const char *schedule)
{
	struct params p = params_ai(PEOPLE, FIRMS);
	struct trace *trace = calloc(1, sizeof(*trace));
	struct world *w;

	if (!trace)
		fail_msg("no memory");
	setenv("LUDD_SCHEDULE", schedule, 1);
	par_start();
	p.population.regions = regions;
	p.mix[POLICY_cut_jobs] = p.mix[POLICY_share_gains] = 0.5;
	p.firms.entry = 0.3;
	p.production.shock_sd = 0.05;
	w = world_new(&p, 1, 0, threads);
	w->hashing = w->counting = true;
	for (int t = 0; t < MONTHS; t++) {
		months_pass(w, 1);
		memcpy(trace->hash[t], w->phase_hash, sizeof(trace->hash[t]));
	}
	world_free(w);
	return trace;
}

static void traces_equal(const struct trace *a, const struct trace *b, int threads, const char *how)
{
	for (int t = 0; t < MONTHS; t++)
		for (int i = 0; i < PHASE_COUNT; i++)
			if (a->hash[t][i] != b->hash[t][i])
				fail_msg("%d threads, %s: month %d differs after %s", threads, how,
					 t, phase_name(i));
}

static void compared(int64_t regions, const int *threads, int count, const char *schedule)
{
	struct trace *one = trace_of(regions, 1, "static");

	for (int i = 0; i < count; i++) {
		struct trace *many = trace_of(regions, threads[i], schedule);
		traces_equal(one, many, threads[i], schedule);
		free(many);
	}
	assert_true(one->hash[0][0] != one->hash[1][0]);
	free(one);
}

static void one_region_gives_the_same_bits_on_any_threads(void **state)
{
	(void)state;
	compared(1, (const int[]){2, 3, 7}, 3, "static");
}

static void three_regions_give_the_same_bits_on_any_threads(void **state)
{
	(void)state;
	compared(0, (const int[]){2, 3, 7}, 3, "static");
}

static void any_schedule_gives_the_same_bits(void **state)
{
	(void)state;
	compared(0, (const int[]){2, 3}, 2, "dynamic,1");
	compared(0, (const int[]){2}, 1, "guided");
	compared(0, (const int[]){3}, 1, "static,1");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_region_gives_the_same_bits_on_any_threads),
		cmocka_unit_test(three_regions_give_the_same_bits_on_any_threads),
		cmocka_unit_test(any_schedule_gives_the_same_bits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
