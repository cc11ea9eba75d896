#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include "checkpoints.h"

static const struct run_options alone = {.threads = 1};

static void a_run_resumed_at_any_tick_with_other_threads_is_the_same(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options stopping = {.threads = 2, .checkpoint_directory = directory};
	struct run_options resuming = {.threads = 1, .resume = true};
	struct run_result straight = result_of(x, 0, &alone), r;
	char *other = path_of("other");
	int equal = 0, automated = metric_by_name("automation_share");
	(void)state;

	resuming.checkpoint_directory = other;
	mkdir(other, 0777);
	assert_int_equal(straight.rows, 76);
	assert_true(straight.series[75 * metric_count() + automated] > 0.0);
	for (int tick = 0; tick < 239; tick++) {
		resuming.threads = tick % 60 == 59 ? 3 : 1;
		months_done(x, stopping, 1);
		file_copy("run-0.checkpoint", "other/run-0.checkpoint");
		r = result_of(x, 0, &resuming);
		results_equal(&straight, &r);
		assert_null(r.note);
		run_result_free(&r);
		equal++;
	}
	stopping.resume = true;
	stopping.stop = &stop_now; /* after the last tick there is nothing left to stop */
	r = result_of(x, 0, &stopping);
	results_equal(&straight, &r);
	equal++;
	assert_int_equal(equal, 240);
	checkpoint_remove(directory, 0);
	assert_false(there("run-0.checkpoint"));
	assert_false(there("run-0.checkpoint.previous"));
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
	mem_free(other);
}

static void the_trace_of_a_resumed_run_is_whole(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .trace_hash = true}, stopping = o;
	struct run_result straight = result_of(x, 0, &o), r;
	(void)state;

	stopping.checkpoint_directory = directory;
	months_done(x, stopping, 70);
	stopping.resume = true;
	r = result_of(x, 0, &stopping);
	results_equal(&straight, &r);
	assert_non_null(strstr(r.trace, "57,census_taken,"));
	assert_null(r.note);
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
}

static void the_previous_checkpoint_replaces_a_damaged_one(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options stopping = {.threads = 1, .checkpoint_directory = directory};
	struct run_result straight = result_of(x, 0, &alone), r;
	(void)state;

	months_done(x, stopping, 50);
	file_copy("run-0.checkpoint.previous", "kept");
	bytes_write("run-0.checkpoint", "half a", 6);
	months_done(x, stopping, 1); /* from the previous: month 50 again */
	file_copy("kept", "run-0.checkpoint");
	months_done(x, stopping, 1);
	bytes_write("run-0.checkpoint", "half a", 6);
	r = resumed(x);
	results_equal(&straight, &r);
	assert_non_null(r.note);
	assert_non_null(strstr(r.note, "run-0.checkpoint: is no checkpoint"));
	assert_non_null(strstr(r.note, "goes on from the checkpoint before it"));
	run_result_free(&r);

	bytes_write("run-0.checkpoint", "half a", 6);
	bytes_write("run-0.checkpoint.previous", "", 0);
	r = resumed(x);
	results_equal(&straight, &r);
	assert_non_null(strstr(r.note, "starts from its beginning"));
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
}

static void a_damaged_checkpoint_never_pushes_out_a_good_one(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	struct text note = {0};
	struct run_progress p;
	struct run_id id = experiment_run(x, 0);
	struct world *w;
	(void)state;

	months_done(x, o, 20);
	bytes_write("run-0.checkpoint", "", 0);
	months_done(x, o, 1);
	bytes_write("run-0.checkpoint", "", 0);
	w = checkpoint_newest(directory, 0, run_fingerprint(x, &id, &o), &p, 1, &note);
	assert_non_null(w);
	assert_int_equal(w->tick, -12 + 19);
	world_free(w);
	run_progress_free(&p);
	text_free(&note);
	experiment_free(x);
}

static void another_experiments_checkpoint_is_not_used(void **state)
{
	static const char *const others[] = {
		SHORT "\"seed\": 2, " OUTPUTS "}}",
		SHORT "\"scenarios\": {\"base\": {\"labour.applications\": 4}}, " OUTPUTS "}}",
		SHORT "\"scenarios\": {\"else\": {}}, " OUTPUTS "}}",
		SHORT "\"outputs\": {\"every\": 3}}",
		SHORT OUTPUTS ", \"every\": 4}}",
	};
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	(void)state;

	months_done(x, o, 15);
	file_copy("run-0.checkpoint", "kept");
	for (int i = 0; i < LENGTH(others) - 1; i++) {
		struct experiment *y = experiment_of(others[i]);
		struct run_result straight = result_of(y, 0, &alone), r;
		file_copy("kept", "run-0.checkpoint");
		r = resumed(y);
		results_equal(&straight, &r);
		assert_non_null(strstr(r.note, "another experiment"));
		run_result_free(&r);
		run_result_free(&straight);
		experiment_free(y);
	}
	experiment_free(x);
}

static void a_run_may_be_made_longer_but_not_shorter_than_its_checkpoint(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	struct run_result straight, r;
	(void)state;

	x->ticks = 40;
	months_done(x, o, 30);
	file_copy("run-0.checkpoint", "kept");
	x->ticks = 60;
	straight = result_of(x, 0, &alone);
	r = resumed(x);
	results_equal(&straight, &r);
	assert_null(r.note);
	run_result_free(&r);
	run_result_free(&straight);
	file_copy("kept", "run-0.checkpoint");
	x->ticks = 10;
	straight = result_of(x, 0, &alone);
	r = resumed(x);
	results_equal(&straight, &r);
	assert_non_null(strstr(r.note, "later tick"));
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
}

static void without_resume_a_checkpoint_is_ignored(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory}, again = o;
	struct run_result r;
	(void)state;

	months_done(x, o, 15);
	again.stop = &stop_now;
	r = result_of(x, 0, &again);
	assert_non_null(strstr(r.err.text, "stopped before tick -11"));
	run_result_free(&r);
	again.checkpoint_directory = NULL;
	r = result_of(x, 0, &again);
	assert_int_equal(r.err.code, EXIT_STOPPED);
	assert_non_null(strstr(r.err.text, "without a checkpoint"));
	run_result_free(&r);
	experiment_free(x);
}

static void clearing_leaves_what_one_may_branch_from(void **state)
{
	static const char *const names[] = {"run-0.checkpoint", "run-10.checkpoint.previous",
		".run-0.checkpoint.tmp-12", "run-0-tick-0.checkpoint", "notes"};
	(void)state;

	for (int i = 0; i < LENGTH(names); i++)
		bytes_write(names[i], "", 0);
	checkpoints_clear(directory, false);
	for (int i = 0; i < LENGTH(names); i++)
		assert_int_equal(there(names[i]), i > 2);
	checkpoints_clear(directory, true);
	assert_false(there("run-0-tick-0.checkpoint"));
	assert_true(there("notes"));
}

/* A process of its own does the run and is killed as soon as a checkpoint is there. */
static void killed_then_resumed(const struct run_options *saving)
{
	struct experiment *x = experiment_of(small);
	struct run_result straight, r;
	struct timespec moment = {0, 1000000};
	int status;
	pid_t child;

	x->ticks = 3000;
	x->series_every = 50;
	x->firms.wanted = x->workers.wanted = false;
	straight = result_of(x, 0, &alone);
	child = fork();
	if (child == 0) {
		r = result_of(x, 0, saving);
		_exit((int)r.err.code);
	}
	while (!there("run-0.checkpoint.previous") && waitpid(child, &status, WNOHANG) == 0)
		nanosleep(&moment, NULL);
	kill(child, SIGKILL);
	waitpid(child, &status, 0);
	r = resumed(x);
	results_equal(&straight, &r);
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
}

static void a_killed_run_goes_on_from_its_checkpoint_by_ticks(void **state)
{
	(void)state;
	killed_then_resumed(&(struct run_options){.threads = 1, .checkpoint_directory = directory,
						  .checkpoint_every = 10});
}

static void a_killed_run_goes_on_from_its_checkpoint_by_minutes(void **state)
{
	(void)state;
	killed_then_resumed(&(struct run_options){.threads = 1, .checkpoint_directory = directory,
						  .checkpoint_minutes = 1e-5});
}

static void a_checkpoint_that_cannot_be_written_is_told(void **state)
{
	struct experiment *x = experiment_of(small);
	char *nowhere = path_of("experiment.json/inner");
	struct run_options o = {.threads = 1, .checkpoint_directory = nowhere,
				.checkpoint_every = 100};
	struct run_result straight = result_of(x, 0, &alone), r;
	(void)state;

	r = result_of(x, 0, &o); /* the run itself is not at fault */
	results_equal(&straight, &r);
	assert_non_null(strstr(r.note, "cannot be written"));
	run_result_free(&r);
	o.stop = &stop_now;
	r = result_of(x, 0, &o);
	assert_int_equal(r.err.code, EXIT_IO);
	run_result_free(&r);
	o.stop = NULL;
	x->checkpoint_every = 100;
	r = result_of(x, 0, &o); /* here it is: the experiment asks for these files */
	assert_int_equal(r.err.code, EXIT_IO);
	run_result_free(&r);
	run_result_free(&straight);
	experiment_free(x);
	mem_free(nowhere);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_run_resumed_at_any_tick_with_other_threads_is_the_same),
		TEST(the_trace_of_a_resumed_run_is_whole),
		TEST(the_previous_checkpoint_replaces_a_damaged_one),
		TEST(a_damaged_checkpoint_never_pushes_out_a_good_one),
		TEST(another_experiments_checkpoint_is_not_used),
		TEST(a_run_may_be_made_longer_but_not_shorter_than_its_checkpoint),
		TEST(without_resume_a_checkpoint_is_ignored),
		TEST(clearing_leaves_what_one_may_branch_from),
		TEST(a_killed_run_goes_on_from_its_checkpoint_by_ticks),
		TEST(a_killed_run_goes_on_from_its_checkpoint_by_minutes),
		TEST(a_checkpoint_that_cannot_be_written_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
