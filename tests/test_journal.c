#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/rng.h"

static char directory[256];

static int directory_new(void **state)
{
	const char *place = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof(directory), "%s/ludd-journal-XXXXXX", place ? place : P_tmpdir);
	return mkdtemp(directory) ? 0 : -1;
}

static void tree_remove(const char *path)
{
	DIR *d = opendir(path);
	for (struct dirent *entry; d && (entry = readdir(d));) {
		char *inner = mem_format("%s/%s", path, entry->d_name);
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && unlink(inner))
			tree_remove(inner);
		mem_free(inner);
	}
	if (d)
		closedir(d);
	rmdir(path);
}

static int directory_remove(void **state)
{
	(void)state;
	tree_remove(directory);
	return 0;
}

static char *path_of(const char *name)
{
	static char path[400];
	snprintf(path, sizeof(path), "%s/%s", directory, name);
	return path;
}

static size_t slurp(const char *name, char **bytes)
{
	FILE *f = fopen(path_of(name), "rb");
	assert_non_null(f);
	MEM_NEW(*bytes, 1 << 20, "a test");
	size_t length = fread(*bytes, 1, 1 << 20, f);
	fclose(f);
	return length;
}

static void spill(const char *name, const char *bytes, size_t length)
{
	FILE *f = fopen(path_of(name), "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, length, f), length);
	assert_int_equal(fclose(f), 0);
}

static void assert_holds(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("\"%s\" is not in: %s", part, text);
}

/* Two scenarios, three replicates, four months. */
enum { RUNS = 6, TICKS = 4 };
static const char journal[] = "shards/0-of-1.runs";
static int shown[1];
static struct settings points[1];
static struct scenario scenarios[2] = {{.name = "plain"}, {.name = "ai"}};

static struct experiment example(void)
{
	struct experiment x = {.name = "Example", .seed = 7, .replicates = 3, .ticks = TICKS,
			       .scenarios = scenarios, .scenario_count = 2,
			       .windows = {{"all", 0, TICKS - 1}}, .window_count = 1,
			       .series_metrics = shown, .series_metric_count = 1,
			       .series_every = 1, .points = points, .point_count = 1,
			       .run_count = RUNS};
	shown[0] = metric_by_name("unemployment_rate");
	x.file = (char *)"example.json";
	return x;
}

static struct run_result result_long(const struct experiment *x, int64_t run, int ticks)
{
	struct run_result r = {.id = experiment_run(x, run), .rows = ticks, .seconds = 0.5};
	r.state_hash = mix64((uint64_t)run);
	MEM_NEW(r.ticks, ticks, "a test");
	MEM_NEW(r.series, ticks * metric_count(), "a test");
	for (int t = 0; t < ticks; t++) {
		r.ticks[t] = t;
		for (int m = 0; m < metric_count(); m++)
			r.series[t * metric_count() + m] = (double)(run + 1) / (m + t + 3);
	}
	return r;
}

static struct run_result result(const struct experiment *x, int64_t run)
{
	return result_long(x, run, TICKS);
}

static struct output *opened(const struct experiment *x, int64_t number, int64_t count)
{
	struct output_options options = {.shard = {number, count}};
	struct err e = {0};
	struct output *o = output_open(x, directory, &options, &e);
	if (!o)
		fail_msg("%s", e.text);
	return o;
}

static void added(struct output *o, const struct experiment *x, int64_t run)
{
	struct err e = {0};
	struct run_result r = result(x, run);
	assert_int_equal(output_add(o, &r, &e), 0);
	run_result_free(&r);
}

/* Runs of a shard that are not done yet; their number. */
static int shard_finish(const struct experiment *x, int64_t number, int64_t count)
{
	struct output *o = opened(x, number, count);
	int n = 0;
	for (int64_t run = number; run < RUNS; run += count)
		if (!output_done(o, run)) {
			added(o, x, run);
			n++;
		}
	output_free(o);
	return n;
}

static int done_count(const struct experiment *x)
{
	struct err e = {0};
	struct output *o = output_watch(x, directory, &e);
	int n = 0;
	assert_non_null(o);
	for (int64_t run = 0; run < RUNS; run++)
		n += output_done(o, run);
	output_free(o);
	return n;
}

static void finished(const struct experiment *x, char digest[17])
{
	struct err e = {0};
	struct output *o = output_watch(x, directory, &e);
	if (output_complete(o, NULL, false, &e))
		fail_msg("%s", e.text);
	output_free(o);
	assert_int_equal(file_digest(directory, "series.csv", digest, &e), 0);
}

static void a_finished_run_is_known_to_the_next_process(void **state)
{
	struct experiment x = example();
	char digest[17], again[17];
	(void)state;
	assert_int_equal(shard_finish(&x, 0, 1), RUNS);
	assert_int_equal(shard_finish(&x, 0, 1), 0);
	finished(&x, digest);
	assert_int_equal(shard_finish(&x, 2, 3), 0); /* another division knows it too */
	finished(&x, again);
	assert_string_equal(digest, again);
}

static void shards_make_the_same_files_in_any_order(void **state)
{
	struct experiment x = example();
	char digest[17], again[17];
	struct err e = {0};
	(void)state;
	shard_finish(&x, 0, 1);
	finished(&x, digest);
	assert_int_equal(output_prepare(directory, true, &e), 0);
	for (int64_t number = 3; number >= 0; number--)
		assert_int_equal(shard_finish(&x, number, 4), number < 2 ? 2 : 1);
	finished(&x, again);
	assert_string_equal(digest, again);
}

/* Cut anywhere, a journal holds the records that are whole, and takes new ones after them. */
static void a_torn_tail_is_cut_off(void **state)
{
	struct experiment x = example();
	char *bytes, digest[17], again[17];
	int last = RUNS;
	(void)state;
	shard_finish(&x, 0, 1);
	finished(&x, digest);
	size_t length = slurp(journal, &bytes);
	for (size_t cut = length; cut > 0; cut -= cut > 311 ? 311 : cut) {
		spill(journal, bytes, cut);
		int there = done_count(&x);
		assert_in_range(there, last - 1 < 0 ? 0 : last - 1, last);
		last = there;
		assert_int_equal(shard_finish(&x, 0, 1), RUNS - there);
		finished(&x, again);
		assert_string_equal(digest, again);
	}
	assert_int_equal(last, 0);
	mem_free(bytes);
}

/* Whatever bit flips, at most the record that holds it is lost, and nothing wrong is taken. */
static void a_flipped_bit_costs_one_run_at_most(void **state)
{
	struct experiment x = example();
	char *bytes, digest[17], again[17];
	struct err e = {0};
	(void)state;
	shard_finish(&x, 0, 1);
	finished(&x, digest);
	size_t length = slurp(journal, &bytes), head = 8 * 9;
	for (size_t at = 0; at < length; at += at < 72 ? 7 : 173) {
		bytes[at] ^= (char)(1 << at % 8);
		spill(journal, bytes, length);
		bytes[at] ^= (char)(1 << at % 8);
		if (at < head) {
			assert_null(output_watch(&x, directory, &e));
			assert_holds(e.text, "0-of-1.runs");
			continue;
		}
		assert_in_range(shard_finish(&x, 0, 1), 0, 1);
		finished(&x, again);
		assert_string_equal(digest, again);
	}
	mem_free(bytes);
}

static void damage_found_while_collecting_names_the_file(void **state)
{
	struct experiment x = example();
	char *bytes;
	struct err e = {0};
	(void)state;
	shard_finish(&x, 0, 1);
	size_t length = slurp(journal, &bytes);
	bytes[length - 20] ^= 1;
	spill(journal, bytes, length);
	struct output *o = output_watch(&x, directory, &e);
	assert_int_equal(output_complete(o, NULL, false, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "is damaged; ludd run --resume does its run again");
	output_free(o);
	mem_free(bytes);
}

static void a_failed_run_is_done_again(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	struct output *o = opened(&x, 0, 1);
	struct run_result r = result(&x, 4);
	(void)state;
	err_set(&r.err, EXIT_RUN, "agent 3 overflowed");
	assert_int_equal(output_add(o, &r, &e), 0);
	run_result_free(&r);
	output_free(o);
	o = output_watch(&x, directory, &e);
	char *reason = output_failure(o, 4);
	assert_string_equal(reason, "agent 3 overflowed");
	assert_null(output_failure(o, 3));
	assert_false(output_done(o, 4));
	mem_free(reason);
	output_free(o);
	assert_int_equal(shard_finish(&x, 0, 1), RUNS);
	assert_int_equal(done_count(&x), RUNS);
}

/* In a process of its own: locks are between processes. The exit code of opening the shard. */
static int opened_elsewhere(const struct experiment *x, int64_t number, int64_t count, char *text)
{
	int status, ends[2];
	struct err e = {0};
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct output_options options = {.shard = {number, count}};
		struct output *o = output_open(x, directory, &options, &e);
		if (write(ends[1], e.text, sizeof(e.text)) < 0)
			_exit(99);
		output_free(o);
		_exit((int)e.code);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(read(ends[0], text, sizeof(e.text)), sizeof(e.text));
	close(ends[0]);
	close(ends[1]);
	return WEXITSTATUS(status);
}

static void two_processes_cannot_write_to_one_shard(void **state)
{
	struct experiment x = example();
	struct output *o = opened(&x, 1, 3);
	char text[sizeof(((struct err *)0)->text)];
	(void)state;
	assert_int_equal(opened_elsewhere(&x, 1, 3, text), EXIT_IO);
	assert_holds(text, "1-of-3.runs: another process (");
	assert_int_equal(opened_elsewhere(&x, 2, 3, text), EXIT_DONE);
	assert_int_equal(opened_elsewhere(&x, 0, 1, text), EXIT_IO); /* it would do the same runs */
	assert_int_equal(opened_elsewhere(&x, 0, 2, text), EXIT_IO);
	added(o, &x, 1); /* reading others' journals must not give up the lock */
	assert_int_equal(opened_elsewhere(&x, 1, 3, text), EXIT_IO);
	output_free(o);
	assert_int_equal(opened_elsewhere(&x, 1, 3, text), EXIT_DONE);
}

static void a_journal_in_use_is_not_removed(void **state)
{
	struct experiment x = example();
	struct output *o = opened(&x, 0, 2);
	int status;
	(void)state;
	pid_t child = fork();
	if (child == 0) {
		struct err e = {0};
		output_prepare(directory, true, &e);
		_exit((int)e.code);
	}
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), EXIT_IO);
	added(o, &x, 0);
	output_free(o);
	assert_int_equal(done_count(&x), 1);
}

static void progress_knows_who_is_at_work(void **state)
{
	struct experiment x = example();
	int status;
	(void)state;
	shard_finish(&x, 2, 3);
	struct output *o = opened(&x, 1, 3);
	added(o, &x, 1);
	pid_t child = fork();
	if (child == 0) {
		struct err e = {0};
		struct text runs = {0}, shards = {0};
		struct output *other = output_watch(&x, directory, &e);
		struct output_shard *s = output_progress(other, output_shards(other));
		bool good = output_shards(other) == 3 && !s[0].begun && !s[0].busy && s[1].busy &&
			    s[1].done == 1 && s[1].runs == 2 && !s[2].busy && s[2].done == 2 &&
			    s[1].holder == (long)getppid();
		output_runs_left(other, &runs);
		output_shards_left(other, 3, &shards);
		_exit(!good || strcmp(runs.s, "0,3") || strcmp(shards.s, "0"));
	}
	waitpid(child, &status, 0);
	assert_int_equal(WEXITSTATUS(status), 0);
	output_free(o);
}

static void another_experiment_is_refused_with_the_first_difference(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	bool done;
	(void)state;
	shard_finish(&x, 0, 2);
	x.seed = 8;
	assert_null(output_open(&x, directory, NULL, &e));
	assert_int_equal(e.code, EXIT_USAGE);
	assert_holds(e.text, "has \"seed\": 7, and this one \"seed\": 8,");
	assert_int_equal(output_resume(&x, directory, &done, &e), -1);
	assert_holds(e.text, "shards/experiment.json:4: ");
}

static void a_begun_directory_is_not_begun_again_by_mistake(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	bool done = true;
	(void)state;
	assert_int_equal(output_resume(&x, directory, &done, &e), 0);
	assert_false(done);
	shard_finish(&x, 0, 2);
	assert_int_equal(output_prepare(directory, false, &e), -1);
	assert_int_equal(e.code, EXIT_USAGE);
	assert_holds(e.text, "--resume");
	assert_int_equal(output_resume(&x, directory, &done, &e), 0);
	assert_false(done);
	assert_int_equal(output_prepare(directory, true, &e), 0);
	assert_int_equal(access(path_of("shards"), F_OK), -1);
}

static void other_tables_or_traces_do_not_mix(void **state)
{
	struct experiment x = example();
	struct output_options traced = {.shard = {1, 2}, .traced = true};
	struct err e = {0};
	(void)state;
	shard_finish(&x, 0, 3);
	assert_null(output_open(&x, directory, &traced, &e));
	assert_int_equal(e.code, EXIT_USAGE);
	assert_holds(e.text, "without --trace-hash");
}

/* A limit on file size stands for a full disk: what was recorded stays, the rest leaves nothing. */
static void a_full_disk_loses_nothing_that_was_recorded(void **state)
{
	struct experiment x = example();
	struct rlimit before, small;
	struct stat file;
	struct err e = {0};
	struct output *o = opened(&x, 0, 1);
	struct run_result r = result(&x, 1);
	(void)state;
	added(o, &x, 0);
	assert_int_equal(stat(path_of(journal), &file), 0);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = (rlim_t)file.st_size + 300;
	setrlimit(RLIMIT_FSIZE, &small);
	int failed = output_add(o, &r, &e);
	setrlimit(RLIMIT_FSIZE, &before);
	assert_int_equal(failed, -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "0-of-1.runs: writing failed: ");
	assert_false(output_done(o, 1));
	assert_int_equal(done_count(&x), 1);
	run_result_free(&r);
	added(o, &x, 1); /* room again */
	output_free(o);
	assert_int_equal(done_count(&x), 2);
}

/* Who makes the results writes their rows while runs finish. Its hidden file. */
static const char hidden[] = "shards/.series.csv.tmp-0";

static struct output *opened_for_results(const struct experiment *x)
{
	struct err e = {0};
	struct output *o = output_open(x, directory, NULL, &e);
	if (!o)
		fail_msg("%s", e.text);
	return o;
}

/* What series.csv must be, by way of a shard; nothing of it is left. */
static void expected(const struct experiment *x, char digest[17])
{
	struct err e = {0};
	shard_finish(x, 0, 1);
	finished(x, digest);
	assert_int_equal(output_prepare(directory, true, &e), 0);
}

static void completed(const struct experiment *x, struct output *o, const char *digest)
{
	struct err e = {0};
	char again[17];
	assert_int_equal(access(path_of("series.csv"), F_OK), -1);
	if (output_complete(o, NULL, false, &e))
		fail_msg("%s", e.text);
	assert_int_equal(access(path_of(hidden), F_OK), -1);
	assert_int_equal(file_digest(directory, "series.csv", again, &e), 0);
	assert_string_equal(digest, again);
	assert_int_equal(done_count(x), RUNS);
}

static void rows_are_in_order_whatever_finishes_first(void **state)
{
	static const int orders[][RUNS] = {
		{0, 1, 2, 3, 4, 5}, {5, 4, 3, 2, 1, 0}, {1, 0, 3, 2, 5, 4}, {2, 4, 0, 5, 1, 3}};
	struct experiment x = example();
	struct err e = {0};
	char digest[17];
	(void)state;
	expected(&x, digest);
	for (int i = 0; i < LENGTH(orders); i++) {
		unlink(path_of("series.csv"));
		struct output *o = opened_for_results(&x);
		assert_int_equal(access(path_of(hidden), F_OK), 0);
		for (int j = 0; j < RUNS; j++)
			added(o, &x, orders[i][j]);
		completed(&x, o, digest);
		output_free(o);
		assert_int_equal(output_prepare(directory, true, &e), 0);
	}
}

/* Each time so many runs are done, one of them out of order, rows are half written, and what was
 * written is worth nothing. */
static void a_kill_leaves_rows_that_do_not_count(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	char digest[17], *garbage;
	(void)state;
	expected(&x, digest);
	MEM_NEW(garbage, 100000, "a test");
	for (int done = 0; done < RUNS; done++) {
		unlink(path_of("series.csv"));
		pid_t child = fork();
		if (child == 0) {
			struct output *o = opened_for_results(&x);
			for (int run = 0; run < done; run++)
				added(o, &x, run < done - 1 ? run : RUNS - 1);
			kill(getpid(), SIGKILL);
		}
		assert_int_equal(waitpid(child, NULL, 0), child);
		assert_int_equal(access(path_of(hidden), F_OK), 0);
		assert_int_equal(access(path_of("series.csv"), F_OK), -1);
		spill(hidden, garbage, 100000);
		struct output *o = opened_for_results(&x);
		for (int64_t run = 0; run < RUNS; run++)
			if (!output_done(o, run))
				added(o, &x, run);
		completed(&x, o, digest);
		output_free(o);
		assert_int_equal(output_prepare(directory, true, &e), 0);
	}
	mem_free(garbage);
}

static void runs_of_other_divisions_come_in_their_places(void **state)
{
	struct experiment x = example();
	char digest[17];
	(void)state;
	expected(&x, digest);
	unlink(path_of("series.csv"));
	shard_finish(&x, 0, 3);
	struct output *o = opened_for_results(&x);
	for (int64_t run = RUNS - 1; run >= 0; run--)
		if (!output_done(o, run))
			added(o, &x, run);
	completed(&x, o, digest);
	output_free(o);
}

static void a_process_that_stops_leaves_no_rows(void **state)
{
	struct experiment x = example();
	struct output *o = opened_for_results(&x);
	(void)state;
	added(o, &x, 0);
	output_free(o);
	assert_int_equal(access(path_of(hidden), F_OK), -1);
	assert_int_equal(done_count(&x), 1);
}

/* More rows than a stream holds back: the failure shows while runs are under way. */
static void rows_that_cannot_be_written_are_told_and_leave_no_file(void **state)
{
	enum { MANY = 40000 };
	struct experiment x = example();
	struct err e = {0};
	struct rlimit before, small;
	(void)state;
	struct output *o = opened(&x, 0, 2);
	for (int64_t run = 0; run < RUNS; run++) {
		struct run_result r = result_long(&x, run, run == 1 ? TICKS : MANY / RUNS);
		if (run != 1)
			assert_int_equal(output_add(o, &r, &e), 0);
		run_result_free(&r);
	}
	output_free(o);
	o = opened_for_results(&x);
	struct run_result last = result(&x, 1);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &before);
	small = before;
	small.rlim_cur = 1 << 19;
	setrlimit(RLIMIT_FSIZE, &small);
	int failed = output_add(o, &last, &e);
	setrlimit(RLIMIT_FSIZE, &before);
	run_result_free(&last);
	assert_int_equal(failed, -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_holds(e.text, "series.csv: writing failed: ");
	assert_int_equal(access(path_of("series.csv"), F_OK), -1);
	assert_int_equal(access(path_of(hidden), F_OK), -1);
	assert_int_equal(done_count(&x), RUNS); /* the run itself is recorded */
	assert_int_equal(output_complete(o, NULL, false, &e), 0);
	assert_int_equal(access(path_of("series.csv"), F_OK), 0);
	output_free(o);
}

static void partial_results_are_of_whole_pairs_and_marked(void **state)
{
	struct experiment x = example();
	struct err e = {0};
	char *text;
	(void)state;
	struct output *o = opened(&x, 0, 1);
	added(o, &x, 5);
	assert_int_equal(output_complete(o, NULL, true, &e), -1);
	assert_holds(e.text, "no replicate is done in every scenario");
	added(o, &x, 1);
	added(o, &x, 4);
	assert_int_equal(output_complete(o, NULL, true, &e), 0);
	slurp("summary.csv", &text);
	assert_holds(text, "\n1,plain,0,1,");
	assert_holds(text, "\n4,ai,0,1,");
	assert_null(strstr(text, "\n5,ai,"));
	mem_free(text);
	slurp("PARTIAL", &text);
	assert_holds(text, "3 of 6 runs are done");
	assert_holds(text, "not done: runs 0,2-3\n");
	mem_free(text);
	for (int64_t run = 0; run < RUNS; run++)
		added(o, &x, run);
	assert_int_equal(output_complete(o, NULL, false, &e), 0);
	assert_int_equal(access(path_of("PARTIAL"), F_OK), -1);
	output_free(o);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, directory_new, directory_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_DIRECTORY(a_finished_run_is_known_to_the_next_process),
		IN_DIRECTORY(shards_make_the_same_files_in_any_order),
		IN_DIRECTORY(a_torn_tail_is_cut_off),
		IN_DIRECTORY(a_flipped_bit_costs_one_run_at_most),
		IN_DIRECTORY(damage_found_while_collecting_names_the_file),
		IN_DIRECTORY(a_failed_run_is_done_again),
		IN_DIRECTORY(two_processes_cannot_write_to_one_shard),
		IN_DIRECTORY(a_journal_in_use_is_not_removed),
		IN_DIRECTORY(progress_knows_who_is_at_work),
		IN_DIRECTORY(another_experiment_is_refused_with_the_first_difference),
		IN_DIRECTORY(a_begun_directory_is_not_begun_again_by_mistake),
		IN_DIRECTORY(other_tables_or_traces_do_not_mix),
		IN_DIRECTORY(a_full_disk_loses_nothing_that_was_recorded),
		IN_DIRECTORY(rows_are_in_order_whatever_finishes_first),
		IN_DIRECTORY(a_kill_leaves_rows_that_do_not_count),
		IN_DIRECTORY(runs_of_other_divisions_come_in_their_places),
		IN_DIRECTORY(a_process_that_stops_leaves_no_rows),
		IN_DIRECTORY(rows_that_cannot_be_written_are_told_and_leave_no_file),
		IN_DIRECTORY(partial_results_are_of_whole_pairs_and_marked),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
