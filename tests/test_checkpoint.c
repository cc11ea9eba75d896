#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "checkpoints.h"
#include "ludd/columns.h"

static void world_is_refused(const char *name, enum exit_code code, const char *part)
{
	struct err e = {0};
	struct run_progress p;
	char *path = path_of(name);
	struct world *w = checkpoint_read(path, NULL, &p, 1, &e);
	assert_null(w);
	if (code)
		assert_int_equal(e.code, code);
	if (!strstr(e.text, path) || (part && !strstr(e.text, part)))
		fail_msg("\"%s\" does not say %s", e.text, part ? part : path);
	mem_free(path);
}

static char *some_checkpoint(size_t *count)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	months_done(x, o, 20);
	experiment_free(x);
	return bytes_read("run-0.checkpoint", count);
}

static void a_cut_file_is_refused_at_any_length(void **state)
{
	size_t count;
	char *bytes = some_checkpoint(&count);
	(void)state;

	for (size_t length = 0; length < count;
	     length += length < 400 || length + 50 > count ? 1 : 211) {
		bytes_write("cut", bytes, length);
		world_is_refused("cut", 0, NULL);
	}
	bytes_write("cut", bytes, count - 1);
	world_is_refused("cut", EXIT_IO, "cut");
	mem_free(bytes);
}

static void a_file_with_one_altered_byte_is_refused(void **state)
{
	size_t count;
	char *bytes = some_checkpoint(&count);
	(void)state;

	for (size_t at = 0; at < count; at += at < 400 || at + 50 > count ? 1 : 97) {
		bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
		bytes_write("altered", bytes, count);
		world_is_refused("altered", 0, NULL);
		bytes[at] = (char)(bytes[at] ^ (1 << at % 8));
	}
	bytes_write("altered", bytes, count);
	bytes[count / 2]++;
	bytes_write("altered", bytes, count);
	world_is_refused("altered", EXIT_IO, "damaged");
	mem_free(bytes);
}

static void what_is_no_checkpoint_or_of_another_version_is_refused(void **state)
{
	size_t count;
	char *bytes = some_checkpoint(&count);
	(void)state;

	world_is_refused("missing", EXIT_IO, "No such file");
	world_is_refused("experiment.json", EXIT_USAGE, "no checkpoint");
	bytes[8]++;
	bytes_write("other", bytes, count);
	world_is_refused("other", EXIT_USAGE, "checkpoint format 2; this ludd reads format 1");
	bytes[8]--;
	bytes[12]++;
	bytes_write("other", bytes, count);
	world_is_refused("other", EXIT_USAGE, "model version");
	mem_free(bytes);
}

/* Whole files with impossible content: only a program with a bug writes them. */
static void a_state_that_cannot_be_is_refused(void **state)
{
	struct params p;
	struct world *w;
	struct err e = {0};
	(void)state;

	params_default(&p);
	p.population.people = 100;
	p.population.firms = 5;
	w = world_new(&p, 1, 0, 1);
	w->worker.employer[7] = 5;
	assert_int_equal(checkpoint_write(directory, "w", w, NULL, 1, &e), 0);
	world_is_refused("w", EXIT_USAGE, "progress");
	struct run_progress none = {0};
	assert_int_equal(checkpoint_write(directory, "w", w, &none, 1, &e), 0);
	world_is_refused("w", EXIT_IO, "do not add up");
	w->worker.employer[7] = NO_FIRM;
	w->ledger.state++;
	checkpoint_write(directory, "w", w, &none, 1, &e);
	world_is_refused("w", EXIT_IO, "do not add up");
	w->par.labour.applications = -4;
	checkpoint_write(directory, "w", w, &none, 1, &e);
	world_is_refused("w", EXIT_IO, "labour.applications is -4");
	w->par.labour.applications = 3;
	w->par.population.people = 90;
	checkpoint_write(directory, "w", w, &none, 1, &e);
	world_is_refused("w", EXIT_USAGE, "sizes");
	world_free(w);
}

static void a_state_comes_back_as_it_was(void **state)
{
	struct experiment *x = experiment_of(small);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory, .resume = true,
				.stop = &stop_now};
	struct run_progress p;
	struct err e = {0};
	char *path = path_of("run-0.checkpoint");
	(void)state;

	months_done(x, o, 30);
	struct run_result r = result_of(x, 0, &o);
	struct world *w = checkpoint_read(path, NULL, &p, 1, &e), *copy;
	assert_non_null(w);
	assert_int_equal(world_hash(w), r.state_hash);
	assert_int_equal(w->tick, 19);
	assert_int_equal(w->seed, 1);
	assert_int_equal(p.rows, 7);
	assert_int_equal(p.ticks[6], 18);
	copy = world_copy(w);
	world_recount(copy);
	assert_int_equal(copy->census.employed, w->census.employed);
	world_free(copy);
	world_free(w);
	run_progress_free(&p);
	run_result_free(&r);
	experiment_free(x);
	mem_free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cut_file_is_refused_at_any_length),
		TEST(a_file_with_one_altered_byte_is_refused),
		TEST(what_is_no_checkpoint_or_of_another_version_is_refused),
		TEST(a_state_that_cannot_be_is_refused),
		TEST(a_state_comes_back_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
