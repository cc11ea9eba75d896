#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "checkpoints.h"

static const struct run_options alone = {.threads = 1};

static const char futures[] =
	"{\"name\": \"futures\", \"burn_in\": 40, \"ticks\": 90, \"parameters\": {"
	"\"population\": {\"people\": 300, \"firms\": 20}, \"automation\": {\"start\": 12}}, "
	"\"scenarios\": {"
	"\"cut_jobs\": {\"policy.mix\": {\"cut_jobs\": 1}}, "
	"\"share_gains\": {\"policy.mix\": {\"share_gains\": 1}, \"state.ai_levy\": 0.2}}, "
	"\"outputs\": {\"panels\": {\"firms\": {\"every\": 30}}, \"checkpoints\": {\"every\": 8}}}";

static void branches_equal_straight_runs_from(int64_t tick)
{
	struct experiment *x = experiment_of(futures);
	struct run_options keeping = {.threads = 1, .checkpoint_directory = directory};
	struct run_options o = {.threads = 2};
	struct run_result straight[2] = {result_of(x, 0, &keeping),
					 result_of(x, 1, &alone)};
	char *name = checkpoint_kept_name(0, tick), *path = path_of(name);
	struct err e = {0};
	struct world *origin = checkpoint_read(path, NULL, NULL, 1, &e);

	assert_non_null(origin);
	assert_int_equal(origin->tick, tick);
	assert_true(straight[0].state_hash != straight[1].state_hash);
	uint64_t before = world_hash(origin);
	o.origin = origin;
	for (int run = 0; run < 2; run++) {
		struct run_result r = result_of(x, run, &o), *s = &straight[run];
		assert_string_equal(r.err.text, "");
		assert_int_equal(r.state_hash, s->state_hash);
		assert_int_equal(r.rows, s->rows - tick);
		assert_memory_equal(r.series, s->series + tick * metric_count(),
				    sizeof(double) * (size_t)(r.rows * metric_count()));
		assert_memory_equal(r.ticks, s->ticks + tick, sizeof(int64_t) * (size_t)r.rows);
		assert_non_null(strstr(s->firms_rows, r.firms_rows));
		if (tick == 0)
			results_equal(&r, s);
		run_result_free(&r);
		run_result_free(s);
	}
	assert_int_equal(world_hash(origin), before);
	world_free(origin);
	experiment_free(x);
	mem_free(path);
	mem_free(name);
}

static void one_burn_in_gives_the_futures_of_straight_runs(void **state)
{
	(void)state;
	branches_equal_straight_runs_from(0);
}

static void a_branch_between_burn_in_and_ai_gives_the_rest_of_straight_runs(void **state)
{
	(void)state;
	branches_equal_straight_runs_from(8);
}

static void a_branch_stops_and_resumes_like_any_run(void **state)
{
	struct experiment *x = experiment_of(futures);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	struct run_result straight = result_of(x, 1, &o), r;
	struct run_id id = experiment_run(x, 1);
	struct err e = {0};
	char *path = path_of("run-1-tick-0.checkpoint");
	struct world *origin = checkpoint_read(path, NULL, NULL, 1, &e);
	uint64_t plain = run_fingerprint(x, &id, &o);
	(void)state;

	assert_non_null(origin);
	o.origin = origin;
	assert_true(run_fingerprint(x, &id, &o) != plain);
	o.resume = true;
	for (o.stop = &stop_now; o.stop;) {
		r = result_of(x, 1, &o);
		assert_int_equal(r.err.code, EXIT_STOPPED);
		if (strstr(r.err.text, "tick 33;"))
			o.stop = NULL;
		run_result_free(&r);
	}
	r = result_of(x, 1, &o);
	results_equal(&straight, &r);
	run_result_free(&r);
	run_result_free(&straight);
	world_free(origin);
	experiment_free(x);
	mem_free(path);
}

static void a_branch_keeps_sizes_and_layout(void **state)
{
	struct params p, q;
	struct world *w;
	struct err e = {0};
	(void)state;

	params_default(&p);
	p.population.people = 200;
	p.population.firms = 10;
	w = world_new(&p, 1, 0, 1);
	uint64_t before = world_hash(w);
	q = p;
	q.population.people = 201;
	assert_int_equal(world_adopt(w, &q, 1, &e), -1);
	assert_int_equal(e.code, EXIT_USAGE);
	assert_non_null(strstr(e.text, "population.people differs"));
	q = p;
	q.population.capital_goods_firms = 0.4;
	assert_int_equal(world_adopt(w, &q, 1, &e), -1);
	assert_non_null(strstr(e.text, "population.capital_goods_firms differs"));
	assert_int_equal(world_hash(w), before);
	q = p;
	q.labour.applications = 9; /* more room in scratch */
	assert_int_equal(world_adopt(w, &q, 1, &e), 0);
	assert_int_equal(world_hash(w), before);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(one_burn_in_gives_the_futures_of_straight_runs),
		TEST(a_branch_between_burn_in_and_ai_gives_the_rest_of_straight_runs),
		TEST(a_branch_stops_and_resumes_like_any_run),
		TEST(a_branch_keeps_sizes_and_layout),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
