/* Comparisons hold no table: numbers beyond a budget lie in a file, and memory grows by what a run
 * leaves behind, not by what it measured. */
#define _XOPEN_SOURCE 700
#define _DEFAULT_SOURCE /* wait4 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <dirent.h>
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "watched.h"

static char directory[256];

static int directory_new(void **state)
{
	const char *place = getenv("TMPDIR");
	(void)state;
	snprintf(directory, sizeof(directory), "%s/ludd-cells-XXXXXX", place ? place : P_tmpdir);
	return mkdtemp(directory) ? 0 : -1;
}

static int directory_remove(void **state)
{
	struct err e = {0};
	(void)state;
	file_remove(directory, "summary.csv", &e);
	return rmdir(directory);
}

static void numbers_come_back_from(int64_t count)
{
	struct err e = {0};
	struct cells c;
	double x[3], *all;
	assert_int_equal(cells_open(&c, count, directory, &e), 0);
	assert_int_equal(c.held != NULL, count <= CELLS_HELD);
	assert_int_equal(cells_get(&c, count - 3, x, 3, &e), 0);
	assert_true(isnan(x[0]) && isnan(x[1]) && isnan(x[2]));
	MEM_NEW(all, count, "a test");
	for (int64_t i = 0; i < count; i++)
		all[i] = i == 5 ? NAN : i == 6 ? -0.0 : i == 7 ? INFINITY : (double)i / 3;
	assert_int_equal(cells_put(&c, 1, all + 1, count - 2, &e), 0);
	memset(all, 7, (size_t)count * sizeof(*all));
	assert_int_equal(cells_get(&c, 0, all, count, &e), 0);
	assert_true(isnan(all[0]) && isnan(all[5]) && isnan(all[count - 1]));
	assert_true(all[6] == 0 && signbit(all[6]) && isinf(all[7]));
	for (int64_t i = 8; i < count - 1; i++)
		assert_true(all[i] == (double)i / 3);
	cells_close(&c);
	mem_free(all);
}

static void numbers_come_back_and_what_was_not_put_is_none(void **state)
{
	(void)state;
	numbers_come_back_from(1000);
	numbers_come_back_from(CELLS_HELD);
	numbers_come_back_from(CELLS_HELD + 1234);
}

static int entries(void)
{
	int n = 0;
	DIR *d = opendir(directory);
	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void the_file_has_no_name_and_needs_no_directory_of_results(void **state)
{
	(void)state;
	struct err e = {0};
	struct cells c;
	double x = 5;
	int before = entries();
	assert_int_equal(cells_open(&c, 2 * CELLS_HELD, directory, &e), 0);
	assert_int_equal(entries(), before);
	cells_close(&c);
	assert_int_equal(cells_open(&c, 2 * CELLS_HELD, "/nowhere", &e), 0);
	assert_int_equal(cells_put(&c, 2 * CELLS_HELD - 1, &x, 1, &e), 0);
	assert_int_equal(cells_get(&c, 2 * CELLS_HELD - 1, &x, 1, &e), 0);
	assert_true(x == 5);
	cells_close(&c);
}

static void a_full_disk_is_told(void **state)
{
	(void)state;
	static double x[CELLS_HELD];
	struct err e = {0};
	struct cells c;
	struct rlimit before, small;
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	small = before;
	small.rlim_cur = 4096;
	assert_int_equal(cells_open(&c, 2 * CELLS_HELD, directory, &e), 0);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &small), 0);
	int put = cells_put(&c, 0, x, CELLS_HELD, &e);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_int_equal(put, -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_non_null(strstr(e.text, "a temporary file for the comparison cannot be written"));
	cells_close(&c);
}

static double number_at(int64_t run, int window, int metric)
{
	return (double)((run * 31 + window * 17 + metric * 7) % 1009) / 8;
}

/* Two scenarios and windows; rows forwards, or backwards. */
static void summary_write(int64_t points, int64_t replicates, int metrics, bool backwards)
{
	struct outfile f = {0};
	struct err e = {0};
	int64_t runs = 2 * points * replicates;
	assert_int_equal(outfile_open(&f, directory, "summary.csv", &e), 0);
	outfile_print(&f, &e, "run,scenario,point,replicate,seed,window");
	for (int m = 0; m < metrics; m++)
		outfile_print(&f, &e, ",metric_%d", m);
	for (int64_t i = 0; i < 2 * runs; i++) {
		int64_t row = backwards ? 2 * runs - 1 - i : i, run = row / 2;
		outfile_print(&f, &e, "\n%d,%s,%d,%d,1,w%d", (int)run,
			      run < runs / 2 ? "a" : "b", (int)(run / replicates % points),
			      (int)(run % replicates), (int)(row % 2));
		for (int m = 0; m < metrics; m++)
			outfile_print(&f, &e, ",%g", number_at(run, (int)(row % 2), m));
	}
	outfile_print(&f, &e, "\n");
	assert_int_equal(outfile_commit(&f, &e), 0);
}

static void rows_in_any_order_are_turned_into_columns(void **state)
{
	(void)state;
	enum { POINTS = 7, REPLICATES = 300, METRICS = 40 };
	static const int columns[] = {39, 3}, windows[] = {1};
	struct err e = {0};
	double x[REPLICATES];
	for (int backwards = 0; backwards < 2; backwards++) {
		summary_write(POINTS, REPLICATES, METRICS, backwards);
		struct summary_table *t = summary_open(directory, &e);
		/* names are in the order in which they come */
		int b = strcmp(t->scenarios[1], "b") ? 0 : 1, w1 = strcmp(t->windows[1], "w1") != 0;
		int window = w1 ? 0 : windows[0];
		struct summary_choice c = {columns, &window, LENGTH(columns), 1, 5};
		assert_int_equal(summary_load(t, directory, &c, &e), 0);
		assert_int_equal(summary_cells(t, b, 4, 1, window, 3, x, &e), 0);
		for (int64_t r = 0; r < REPLICATES; r++)
			assert_true(x[r] == number_at((POINTS + 4) * REPLICATES + r, 1, 3));
		summary_free(t);
	}
}

/* Bytes that a process needs for the whole comparison. */
static int64_t comparison_peak(void)
{
	static const struct compare_options o = {.baseline = "a"};
	struct rusage usage;
	int status;
	fflush(NULL);
	pid_t child = fork();
	if (!child) {
		struct err e = {0};
		FILE *nowhere = fopen("/dev/null", "w");
		_exit(!nowhere || compare_rows(directory, &o, nowhere, &e));
	}
	assert_int_equal(wait4(child, &status, 0, &usage), child);
	assert_int_equal(status, 0);
	return (int64_t)usage.ru_maxrss * 1024;
}

/* 8 bytes a run are for when it parts; of a point's replicates a few columns are held at a time. */
static void memory_grows_by_bytes_a_run(int64_t points, int64_t replicates, int metrics, int most)
{
	enum { TIMES = 8 };
	int64_t peak[2];
	for (int large = 0; large < 2; large++) {
		int64_t times = large ? TIMES : 1;
		summary_write(points == 4 ? 4 : points * times,
			      points == 4 ? replicates * times : replicates, metrics, false);
		peak[large] = comparison_peak();
	}
	int64_t more = (TIMES - 1) * 2 * points * replicates;
	if (!WATCHED && peak[1] - peak[0] > most * more)
		fail_msg("memory grows from %.2f to %.2f MiB: %.0f bytes a run",
			 (double)peak[0] / 0x1p20, (double)peak[1] / 0x1p20,
			 (double)(peak[1] - peak[0]) / (double)more);
}

static void memory_does_not_grow_with_the_replicates_numbers(void **state)
{
	(void)state;
	memory_grows_by_bytes_a_run(4, 250, 40, 100);
}

static void memory_does_not_grow_with_the_rows_of_points(void **state)
{
	(void)state;
	memory_grows_by_bytes_a_run(1000, 1, 10, 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_does_not_grow_with_the_replicates_numbers),
		cmocka_unit_test(memory_does_not_grow_with_the_rows_of_points),
		cmocka_unit_test(numbers_come_back_and_what_was_not_put_is_none),
		cmocka_unit_test(the_file_has_no_name_and_needs_no_directory_of_results),
		cmocka_unit_test(a_full_disk_is_told),
		cmocka_unit_test(rows_in_any_order_are_turned_into_columns),
	};
	return cmocka_run_group_tests(tests, directory_new, directory_remove);
}
