/* The first tick at which worlds part, from a series.csv written by hand. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"

static char directory[256];
static char *names[] = {(char *)"ai", (char *)"plain", (char *)"same", (char *)"short"};
static const struct summary_table table = {
	.scenarios = names, .scenario_count = 4, .points = 2, .replicates = 2};
enum { AI, PLAIN, SAME, SHORT };

static int directory_new(void **state)
{
	const char *place = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof(directory), "%s/ludd-parted-XXXXXX", place ? place : P_tmpdir);
	return mkdtemp(directory) ? 0 : -1;
}

static int directory_remove(void **state)
{
	struct err e = {0};
	(void)state;
	file_remove(directory, "series.csv", &e);
	return rmdir(directory);
}

static const char header[] =
	"run,scenario,point,replicate,seed,tick,wage,share_firms_by_policy_x,automation_frontier\n";

/* "ai" has another label and frontier from the start, and parts from "plain" at tick 4 + 2 point +
 * replicate, in the first run never; "short" has only even ticks. */
static char *example(void)
{
	struct text t = {0};
	text_add(&t, "%s", header);
	for (int run = 0; run < 16; run++) {
		int scenario = run / 4, point = run / 2 % 2, replicate = run % 2;
		bool ai = scenario == AI;
		int from = point + replicate == 0 ? 99 : 4 + 2 * point + replicate;
		for (int tick = 0; tick < 10; tick++) {
			if (scenario == SHORT && tick % 2)
				continue;
			text_add(&t, "%d,%s,%d,%d,5,%d,", run, names[scenario], point, replicate,
				 tick);
			if (tick > 0) /* no wage in the first month */
				text_add(&t, "%d", 100 * run % 4 + tick + (ai && tick >= from));
			text_add(&t, ",%d,0.%d\n", ai, ai);
		}
	}
	return t.s;
}

static double *parting(int baseline)
{
	struct err e = {0};
	char *text = example();
	assert_int_equal(write_text_file(directory, "series.csv", text, &e), 0);
	double *tick = parting_ticks(directory, &table, baseline, &e);
	assert_non_null(tick);
	mem_free(text);
	return tick;
}

static void worlds_part_at_the_first_row_that_differs(void **state)
{
	(void)state;
	double *tick = parting(PLAIN);
	assert_true(isnan(tick[0]));
	assert_true(tick[1] == 5 && tick[2] == 6 && tick[3] == 7);
	for (int i = 4 * PLAIN; i < 16; i++)
		assert_true(isnan(tick[i]));
	mem_free(tick);
}

static void a_baseline_may_come_first_or_last(void **state)
{
	(void)state;
	double *first = parting(AI), *last = parting(SHORT);
	assert_true(isnan(first[4 * SAME]) && first[4 * SAME + 1] == 5 && first[4 * SAME + 3] == 7);
	/* of the ticks that both have */
	assert_true(first[4 * SHORT + 1] == 6 && first[4 * SHORT + 2] == 6);
	assert_true(last[1] == 6 && last[2] == 6 && last[3] == 8 && isnan(last[4 * PLAIN]));
	mem_free(first);
	mem_free(last);
}

static void without_a_series_nothing_is_known_to_part(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(file_remove(directory, "series.csv", &e), 0);
	double *tick = parting_ticks(directory, &table, PLAIN, &e);
	assert_non_null(tick);
	for (int i = 0; i < 16; i++)
		assert_true(isnan(tick[i]));
	mem_free(tick);
}

static void a_damaged_series_is_refused_with_its_line(void **state)
{
	(void)state;
	static const char *const rows[] = {"0,plain,0,0,5,0,1,0,0\n0,plain,0\n",
					   "0,plain,0,0,5,0,1,0,0\n1,ai,0,zero,5,0,1,0,0\n",
					   "0,plain,0,0,5,0,1,0,0\n1,ai,0,0,5,0,1,0"};
	struct err e = {0};
	for (int i = 0; i < LENGTH(rows); i++) {
		char *text = mem_format("%s%s", header, rows[i]);
		assert_int_equal(write_text_file(directory, "series.csv", text, &e), 0);
		assert_null(parting_ticks(directory, &table, PLAIN, &e));
		assert_int_equal(e.code, EXIT_IO);
		if (!strstr(e.text, "series.csv:3: "))
			fail_msg("%s", e.text);
		mem_free(text);
	}
	assert_int_equal(write_text_file(directory, "series.csv", "tick\n", &e), 0);
	assert_null(parting_ticks(directory, &table, PLAIN, &e));
	assert_non_null(strstr(e.text, "series.csv:1: "));
}

static void a_row_may_be_longer_than_any_buffer(void **state)
{
	(void)state;
	struct err e = {0};
	struct text t = {0};
	double *tick;
	text_add(&t, "run,scenario,point,replicate,seed,tick");
	for (int i = 0; i < 5000; i++)
		text_add(&t, ",metric_%d", i);
	for (int run = 0; run < 2; run++) {
		text_add(&t, "\n%d,%s,0,0,5,3", run, names[run]);
		for (int i = 0; i < 5000; i++)
			text_add(&t, ",%d", i + (run && i == 4999));
	}
	text_add(&t, "\n");
	assert_int_equal(write_text_file(directory, "series.csv", t.s, &e), 0);
	tick = parting_ticks(directory, &table, PLAIN, &e);
	assert_true(tick[0] == 3 && isnan(tick[1]));
	mem_free(tick);
	text_free(&t);
}

static void many_runs_part_each_at_its_tick(void **state)
{
	enum { MANY = 500, MONTHS = 9 };
	static const struct summary_table many = {
		.scenarios = names, .scenario_count = 2, .points = 1, .replicates = MANY};
	(void)state;
	struct err e = {0};
	struct text t = {0};
	text_add(&t, "%s", header);
	for (int run = 0; run < 2 * MANY; run++)
		for (int tick = 0; tick < MONTHS; tick++)
			text_add(&t, "%d,%s,0,%d,5,%d,%d,0,0\n", run, names[run / MANY],
				 run % MANY, tick, run < MANY && tick >= run % (MONTHS + 1));
	assert_int_equal(write_text_file(directory, "series.csv", t.s, &e), 0);
	text_free(&t);
	double *tick = parting_ticks(directory, &many, PLAIN, &e);
	for (int run = 0; run < MANY; run++) {
		int from = run % (MONTHS + 1);
		assert_true(from == MONTHS ? isnan(tick[run]) : tick[run] == from);
		assert_true(isnan(tick[MANY + run]));
	}
	mem_free(tick);
}

static int run_after(const struct series_stream *row, const void *run)
{
	int64_t wanted = *(const int64_t *)run;
	return (row->run > wanted) - (row->run < wanted);
}

/* Rows of very different length, runs of one row to many, and some that are not there: each is
 * found at its first row, as reading from the start finds it. */
static void a_run_is_found_in_a_long_file(void **state)
{
	enum { LAST = 600 };
	(void)state;
	struct err e = {0};
	struct series_stream s;
	struct text t = {0};
	text_add(&t, "run,scenario,point,replicate,seed,tick,wage\n");
	for (int run = 1; run <= LAST; run++)
		for (int tick = 0; tick < run % 7 * (run % 5) * (run % 3); tick++)
			text_add(&t, "%d,plain,0,%d,5,%d,%0*d\n", run, run, tick,
				 1 + run * tick % 3000, tick);
	assert_true(t.length > 1 << 20);
	assert_int_equal(write_text_file(directory, "series.csv", t.s, &e), 0);
	text_free(&t);
	assert_int_equal(series_open(&s, directory, &e), 0);
	for (int64_t run = LAST + 1; run >= 0; run--) {
		int64_t there = run;
		while (there <= LAST && there % 7 * (there % 5) * (there % 3) == 0)
			there++;
		assert_int_equal(series_find(&s, run_after, &run, &e), there <= LAST);
		if (there <= LAST)
			assert_true(s.run == there && s.tick == 0);
	}
	series_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(worlds_part_at_the_first_row_that_differs),
		cmocka_unit_test(a_baseline_may_come_first_or_last),
		cmocka_unit_test(without_a_series_nothing_is_known_to_part),
		cmocka_unit_test(a_damaged_series_is_refused_with_its_line),
		cmocka_unit_test(a_row_may_be_longer_than_any_buffer),
		cmocka_unit_test(many_runs_part_each_at_its_tick),
		cmocka_unit_test(a_run_is_found_in_a_long_file),
	};
	return cmocka_run_group_tests(tests, directory_new, directory_remove);
}
