/* What a world says it takes is what it takes, and that is not much. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <sys/wait.h>
#include <unistd.h>

#include "watched.h"
#include "worlds.h"

/* Bytes of this process in memory; 0 where the system does not tell. */
static int64_t resident(void)
{
	long long all = 0, here = 0;
	FILE *f = fopen("/proc/self/statm", "r");

	if (!f)
		return 0;
	if (fscanf(f, "%lld %lld", &all, &here) != 2)
		here = 0;
	fclose(f);
	return here * sysconf(_SC_PAGESIZE);
}

/* What a world adds to a process of its own in `months`, tables of the census included. */
static int64_t bytes_taken(const struct params *p, int64_t months)
{
	int ends[2], status;
	int64_t bytes = 0;

	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0) {
		struct err e = {0};
		int64_t before = resident();
		struct world *w = world_new(p, 1, 0, 1);
		w->counting = true;
		for (int64_t i = 0; i < months; i++)
			if (tick(w, &e))
				_exit(1);
		bytes = resident() - before;
		_exit(write(ends[1], &bytes, sizeof(bytes)) != sizeof(bytes));
	}
	close(ends[1]);
	assert_int_equal(read(ends[0], &bytes, sizeof(bytes)), sizeof(bytes));
	close(ends[0]);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	return bytes;
}

static void a_world_takes_what_it_says(void **state)
{
	(void)state;
	struct params p = params_small(400000, 20000);
	double says = (double)world_size(&p).bytes, takes;

	if (WATCHED || !resident())
		skip();
	takes = (double)bytes_taken(&p, 24);
	if (!(takes > 0.9 * says && takes < 1.1 * says))
		fail_msg("it says %.2f MiB and takes %.2f MiB", says / 0x1p20, takes / 0x1p20);
}

static void a_person_and_a_firm_take_few_bytes(void **state)
{
	(void)state;
	struct params p = params_small(1000000, 50000), more = p;
	double person, firm;

	p.population.regions = more.population.regions = 500;
	more.population.people = 2000000;
	person = (double)(world_size(&more).bytes - world_size(&p).bytes) / 1000000;
	more = p;
	more.population.firms = 100000;
	firm = (double)(world_size(&more).bytes - world_size(&p).bytes) / 50000;
	if (!(person > 30.0 && person <= 48.0 && firm > 200.0 && firm <= 400.0))
		fail_msg("%.2f bytes a person, %.2f a firm", person, firm);
}

static void threads_take_what_they_say(void **state)
{
	(void)state;
	struct params p = params_small(100000, 40000);
	struct world_size z = world_size(&p);

	assert_true(z.bytes_a_thread >= 16 * z.firms);
	assert_true(z.bytes_a_thread < 32 * z.firms);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_world_takes_what_it_says),
		cmocka_unit_test(a_person_and_a_firm_take_few_bytes),
		cmocka_unit_test(threads_take_what_they_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
