#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <sys/wait.h>
#include <unistd.h>

#include "ludd/stop.h"

/* In a process of its own: the signals, then whether a stop was asked for; -1: the last kills. */
static int asked_after(const int *signals, int count)
{
	int status;
	pid_t child = fork();
	if (child == 0) {
		stop_install();
		for (int i = 0; i < count; i++)
			raise(signals[i]);
		_exit(stop_requested() && *stop_flag() ? 10 : 11);
	}
	waitpid(child, &status, 0);
	if (WIFSIGNALED(status))
		return WTERMSIG(status) == signals[count - 1] ? -1 : -2;
	return WEXITSTATUS(status) == 10;
}

static void each_signal_asks_for_a_stop(void **state)
{
	static const int signals[] = {SIGTERM, SIGINT, SIGUSR1, SIGUSR2};
	(void)state;
	for (int i = 0; i < LENGTH(signals); i++)
		assert_int_equal(asked_after(&signals[i], 1), 1);
	assert_int_equal(asked_after(NULL, 0), 0);
	assert_false(stop_requested());
}

static void a_second_int_kills_at_once_but_no_other(void **state)
{
	static const int twice[] = {SIGINT, SIGINT}, after[] = {SIGTERM, SIGUSR1, SIGINT},
			 patient[] = {SIGTERM, SIGTERM, SIGUSR1, SIGUSR1, SIGUSR2, SIGUSR2};
	(void)state;
	assert_int_equal(asked_after(twice, 2), -1);
	assert_int_equal(asked_after(after, 3), 1);
	assert_int_equal(asked_after(patient, 6), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_signal_asks_for_a_stop),
		cmocka_unit_test(a_second_int_kills_at_once_but_no_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
