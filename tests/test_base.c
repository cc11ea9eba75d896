/* The floor everything stands on: errors, memory, money, parallel loops. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ludd/err.h"
#include "ludd/mem.h"
#include "ludd/money.h"
#include "ludd/par.h"

/* ---- Errors */

static void an_error_is_a_sentence_with_a_code(void **state)
{
	(void)state;
	struct err e = {0};
	assert_int_equal(err_set(&e, EXIT_IO, "%s:%d: no such file", "x.json", 9), -1);
	assert_int_equal(e.code, EXIT_IO);
	assert_string_equal(e.text, "x.json:9: no such file");
	err_set(&e, EXIT_RUN, "run 3: %s", e.text);
	assert_string_equal(e.text, "run 3: x.json:9: no such file");
}

static void a_long_error_is_cut_at_its_end(void **state)
{
	(void)state;
	struct err e;
	err_set(&e, EXIT_USAGE, "%*s", 5000, "x");
	assert_int_equal(strlen(e.text), sizeof(e.text) - 1);
}

static void problems_are_kept_in_order_and_errors_counted(void **state)
{
	(void)state;
	struct problems p = {0};
	for (int i = 0; i < 100; i++)
		if (i % 4)
			problem_add(&p, "problem %d", i);
		else
			warning_add(&p, "warning %d", i);
	assert_int_equal(p.count, 100);
	assert_int_equal(p.errors, 75);
	assert_string_equal(p.items[8].text, "warning 8");
	assert_string_equal(p.items[99].text, "problem 99");
	assert_true(p.items[8].warning && !p.items[99].warning);
	problems_free(&p);
	assert_int_equal(p.count + p.errors, 0);
}

static void a_misspelt_word_finds_its_nearest(void **state)
{
	(void)state;
	static const char *const words[] = {"labour.applications", "labour.union_density",
					    "state.spending", "seed", "why"};
	assert_string_equal(nearest_word("labour.applicatons", words, 5), "labour.applications");
	assert_string_equal(nearest_word("labor.union_density", words, 5), "labour.union_density");
	assert_string_equal(nearest_word("State.Spending", words, 5), "state.spending");
	assert_string_equal(nearest_word("sede", words, 5), "seed");
	assert_null(nearest_word("zzzz", words, 5));
	assert_null(nearest_word("profit", words, 5));
	assert_null(nearest_word("seed", words, 0));
	char endless[1000];
	memset(endless, 'a', sizeof(endless) - 1);
	endless[sizeof(endless) - 1] = '\0';
	assert_null(nearest_word(endless, words, 5));
}

/* ---- Memory */

static void fresh_memory_is_zero_and_resizing_keeps_it(void **state)
{
	(void)state;
	int64_t *p;
	MEM_NEW(p, 1000, "a test");
	for (int i = 0; i < 1000; i++) {
		assert_int_equal(p[i], 0);
		p[i] = i;
	}
	p = mem_resize(p, 100000, sizeof(*p), "a test");
	for (int i = 0; i < 1000; i++)
		assert_int_equal(p[i], i);
	mem_free(p);
	void *none = mem_new(0, 8, "nothing");
	assert_non_null(none);
	mem_free(none);
}

static void text_is_formatted_at_any_length(void **state)
{
	(void)state;
	char *text = mem_format("%05d|%*s", 42, 3000, "end"), *copy = mem_text(text);
	assert_int_equal(strlen(text), 3006);
	assert_memory_equal(text, "00042|", 6);
	assert_string_equal(text, copy);
	mem_free(copy);
	mem_free(text);
}

/* Read by the address sanitizer, which would else end the process where malloc returns NULL. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

/* The exit code of mem_new(count, size, "the moon") in a process of its own; `said`: its words. */
static int exit_of_wanting(size_t count, size_t size, char *said, size_t bytes)
{
	int ends[2], status;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		dup2(ends[1], STDERR_FILENO);
		mem_new(count, size, "the moon");
		_exit(EXIT_DONE);
	}
	close(ends[1]);
	memset(said, 0, bytes);
	for (size_t n = 0, more = 1; more && n < bytes - 1; n += more)
		more = (size_t)larger_i64(0, read(ends[0], said + n, bytes - 1 - n));
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void wanting_too_much_exits_with_3_and_says_for_what(void **state)
{
	(void)state;
	char said[8192];
	assert_int_equal(exit_of_wanting(SIZE_MAX / 4, 8, said, sizeof(said)), EXIT_RESOURCE);
	assert_non_null(strstr(said, "the moon"));
	assert_int_equal(exit_of_wanting(SIZE_MAX / 4, 1, said, sizeof(said)), EXIT_RESOURCE);
	assert_non_null(strstr(said, "4398046511104.0 MiB"));
	assert_int_equal(exit_of_wanting(1, 1, said, sizeof(said)), EXIT_DONE);
	assert_string_equal(said, "");
}

static void the_peak_sees_touched_memory(void **state)
{
	(void)state;
	size_t bytes = 64 << 20;
	char *p = mem_new(bytes, 1, "a test");
	memset(p, 1, bytes);
	assert_true(mem_peak() >= (int64_t)bytes);
	assert_true(mem_available() > 0);
	assert_int_equal(p[bytes - 1], 1);
	mem_free(p);
}

/* ---- Money */

static void mills_are_cut_towards_zero(void **state)
{
	(void)state;
	struct money_fault fault = {.agent = -1};
	assert_int_equal(mills(1.999, &fault, 0, "x"), 1);
	assert_int_equal(mills(-1.999, &fault, 0, "x"), -1);
	assert_int_equal(money_floor(0x1p59 + 0.5, &fault, 0, "x"), (int64_t)1 << 59);
	assert_int_equal(fault.agent, -1);
}

static void an_amount_that_does_not_fit_is_reported_once(void **state)
{
	(void)state;
	const double bad[] = {0x1p60, -0x1p60, HUGE_VAL, -HUGE_VAL, (double)NAN};
	for (int i = 0; i < LENGTH(bad); i++) {
		struct money_fault fault = {.agent = -1};
		assert_int_equal(mills(bad[i], &fault, 12, "a wage"), 0);
		assert_int_equal(fault.agent, 12);
		assert_string_equal(fault.what, "a wage");
		assert_memory_equal(&fault.amount, &bad[i], sizeof(bad[i]));
	}
}

static void the_fault_of_the_lowest_agent_stays_at_any_thread_count(void **state)
{
	(void)state;
	for (int threads = 1; threads <= 7; threads += 3) {
		struct money_fault fault = {.agent = -1};
		PAR_ROWS(i, 1000, threads)
			if (i % 100 == 37)
				mills(0x1p61 + (double)i * 0x1p30, &fault, i, "a price");
		assert_int_equal(fault.agent, 37);
		assert_true(fault.amount == 0x1p61 + 37 * 0x1p30);
	}
}

static void what_one_account_loses_another_gains(void **state)
{
	(void)state;
	int64_t state_fund = 5, accounts[100] = {0}, sum = 0;
	money_pay(&accounts[0], &accounts[1], 700);
	for (int i = 0; i < 10000; i++)
		money_pay(&accounts[i % 100], &state_fund, i);
	for (int i = 0; i < 100; i++)
		sum += accounts[i];
	assert_int_equal(state_fund, 5 + 10000 * 9999 / 2);
	assert_int_equal(sum + state_fund, 5);
	assert_int_equal(accounts[1], 700 - (1 + 9901) * 100 / 2);
}

static void apportioned_parts_add_up_exactly(void **state)
{
	(void)state;
	int64_t weight[97], part[97];
	uint64_t x = 1;
	for (int round = 0; round < 200; round++) {
		int64_t sum = 0;
		double all = 0;
		for (int i = 0; i < 97; i++) {
			x = x * 6364136223846793005ULL + 1442695040888963407ULL;
			weight[i] = (int64_t)(x >> (8 + round % 50));
			all += (double)weight[i];
		}
		int64_t total = (int64_t)(x >> 5) * (round % 2 ? -1 : 1);
		money_apportion(total, weight, 97, part, 1);
		for (int i = 0; i < 97; i++) {
			sum += part[i];
			if (all > 0) /* its due, to the double's last digits */
				assert_true(fabs((double)part[i] - (double)total *
						 ((double)weight[i] / all)) < 0x1p9);
		}
		assert_int_equal(sum, total);
	}
}

static void apportioning_follows_its_formula(void **state)
{
	(void)state;
	int64_t part[4], weight[4] = {1, 1, 1, 0};
	money_apportion(10, weight, 4, part, 1);
	assert_memory_equal(part, ((int64_t[]){3, 3, 4, 0}), sizeof(part));
	money_apportion(-10, weight, 4, part, 1); /* floors: -4, -7, -10 */
	assert_memory_equal(part, ((int64_t[]){-4, -3, -3, 0}), sizeof(part));
	weight[0] = weight[1] = weight[2] = 0;
	money_apportion(10, weight, 4, part, 1);
	assert_memory_equal(part, ((int64_t[]){10, 0, 0, 0}), sizeof(part));
	weight[3] = MONEY_LIMIT;
	money_apportion(MONEY_LIMIT - 1, weight, 4, part, 1);
	assert_memory_equal(part, ((int64_t[]){0, 0, 0, MONEY_LIMIT - 1}), sizeof(part));
}

/* ---- Parallel loops */

static void every_row_is_visited_once(void **state)
{
	(void)state;
	static int visits[100003];
	static const char *const schedules[] = {"static", "dynamic,7", "guided", "nonsense"};
	for (int s = 0; s < LENGTH(schedules); s++) {
		setenv("LUDD_SCHEDULE", schedules[s], 1);
		par_start();
		for (int threads = 1; threads <= 7; threads += 3) {
			memset(visits, 0, sizeof(visits));
			PAR_ROWS(i, LENGTH(visits), threads)
				visits[i]++;
			for (int i = 0; i < LENGTH(visits); i++)
				assert_int_equal(visits[i], 1);
		}
	}
	unsetenv("LUDD_SCHEDULE");
	par_start();
}

static double blocks_sum(int64_t n, int threads)
{
	double part[64] = {0}, sum = 0;
	PAR_BLOCKS(b, n, threads)
		BLOCK_ROWS(i, b, n)
			part[b] += 1.0 / (double)(i + 1);
	for (int64_t b = 0; b < par_blocks(n); b++)
		sum += part[b];
	return sum;
}

static void a_fold_over_blocks_is_the_same_at_any_thread_count(void **state)
{
	(void)state;
	static const int64_t sizes[] = {0, 1, PAR_BLOCK - 1, PAR_BLOCK, PAR_BLOCK + 1, 50000};
	for (int s = 0; s < LENGTH(sizes); s++) {
		double one = blocks_sum(sizes[s], 1), direct = 0;
		for (int threads = 2; threads <= 7; threads++)
			assert_true(blocks_sum(sizes[s], threads) == one);
		for (int64_t i = 0; i < sizes[s]; i++)
			direct += 1.0 / (double)(i + 1);
		assert_true(fabs(one - direct) < 1e-10);
	}
}

static void scattered_integers_add_up(void **state)
{
	(void)state;
	enum { ROWS = 20000 };
	for (int threads = 1; threads <= 7; threads += 3) {
		int64_t sum = 0;
		int32_t heads = 0;
		PAR_ROWS(i, ROWS, threads) {
			par_add(&sum, i, threads);
			par_add_i32(&heads, 1, threads);
		}
		assert_int_equal(sum, (int64_t)ROWS * (ROWS - 1) / 2);
		assert_int_equal(heads, ROWS);
	}
}

struct tally {
	int done[50];
	int64_t inside, sum;
};

static void tally_step(void *context) /* loses counts unless one caller at a time */
{
	struct tally *t = context;
	volatile int64_t *sum = &t->sum;
	for (int i = 0; i < 1000; i++)
		*sum = *sum + 1;
}

static void tally_task(void *context, int64_t i)
{
	struct tally *t = context;
	t->done[i]++;
	PAR_ROWS(j, 100, 2) /* threads inside a task */
		par_add(&t->inside, j, 2);
	par_locked(tally_step, t);
}

static void tasks_run_once_each_and_locked_work_alone(void **state)
{
	(void)state;
	par_start();
	for (int jobs = 1; jobs <= 4; jobs++) {
		struct tally t = {0};
		par_tasks(LENGTH(t.done), jobs, tally_task, &t);
		for (int i = 0; i < LENGTH(t.done); i++)
			assert_int_equal(t.done[i], 1);
		assert_int_equal(t.sum, 1000 * LENGTH(t.done));
		assert_int_equal(t.inside, 4950 * LENGTH(t.done));
	}
}

static void the_scheduler_of_the_cluster_decides_the_cpus(void **state)
{
	(void)state;
	setenv("SLURM_CPUS_PER_TASK", "3", 1);
	setenv("OMP_NUM_THREADS", "5,2", 1);
	assert_int_equal(par_cpus(), 3);
	unsetenv("SLURM_CPUS_PER_TASK");
	assert_int_equal(par_cpus(), 5);
	setenv("OMP_NUM_THREADS", "none", 1);
	assert_in_range(par_cpus(), 1, 1 << 20);
	unsetenv("OMP_NUM_THREADS");
	assert_in_range(par_cpus(), 1, sysconf(_SC_NPROCESSORS_CONF));
}

static void the_clock_does_not_run_backwards(void **state)
{
	(void)state;
	double before = par_clock();
	for (int i = 0; i < 1000; i++) {
		double now = par_clock();
		assert_true(now >= before);
		before = now;
	}
	assert_true(strlen(par_version()) >= 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_is_a_sentence_with_a_code),
		cmocka_unit_test(a_long_error_is_cut_at_its_end),
		cmocka_unit_test(problems_are_kept_in_order_and_errors_counted),
		cmocka_unit_test(a_misspelt_word_finds_its_nearest),
		cmocka_unit_test(fresh_memory_is_zero_and_resizing_keeps_it),
		cmocka_unit_test(text_is_formatted_at_any_length),
		cmocka_unit_test(wanting_too_much_exits_with_3_and_says_for_what),
		cmocka_unit_test(the_peak_sees_touched_memory),
		cmocka_unit_test(mills_are_cut_towards_zero),
		cmocka_unit_test(an_amount_that_does_not_fit_is_reported_once),
		cmocka_unit_test(the_fault_of_the_lowest_agent_stays_at_any_thread_count),
		cmocka_unit_test(what_one_account_loses_another_gains),
		cmocka_unit_test(apportioned_parts_add_up_exactly),
		cmocka_unit_test(apportioning_follows_its_formula),
		cmocka_unit_test(every_row_is_visited_once),
		cmocka_unit_test(a_fold_over_blocks_is_the_same_at_any_thread_count),
		cmocka_unit_test(scattered_integers_add_up),
		cmocka_unit_test(tasks_run_once_each_and_locked_work_alone),
		cmocka_unit_test(the_scheduler_of_the_cluster_decides_the_cpus),
		cmocka_unit_test(the_clock_does_not_run_backwards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
