#define _GNU_SOURCE 1
#include "ludd/par.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef _OPENMP
#include <omp.h>

/* LUDD_SCHEDULE is KIND or KIND,CHUNK; anything else means static. */
static void schedule_set(const char *wish)
{
	static const struct {
		const char *name;
		omp_sched_t kind;
	} kinds[] = {
		{"static", omp_sched_static},
		{"dynamic", omp_sched_dynamic},
		{"guided", omp_sched_guided},
	};
	const char *comma = strchr(wish, ',');
	size_t length = comma ? (size_t)(comma - wish) : strlen(wish);
	int chunk = comma ? atoi(comma + 1) : 0; /* 0: the library's default */

	omp_set_schedule(omp_sched_static, 0);
	for (int i = 0; i < LENGTH(kinds); i++)
		if (strlen(kinds[i].name) == length && !memcmp(kinds[i].name, wish, length))
			omp_set_schedule(kinds[i].kind, chunk > 0 ? chunk : 0);
}

void par_start(void)
{
	const char *wish = getenv("LUDD_SCHEDULE");
	omp_set_max_active_levels(2); /* runs at once, threads inside a run */
	schedule_set(wish ? wish : "static");
}

int par_thread(void)
{
	return omp_get_thread_num();
}

#define TEXT_OF(x) #x
#define TEXT(x) TEXT_OF(x)

const char *par_version(void)
{
	return "OpenMP " TEXT(_OPENMP);
}
/* The library reads its variables when it is loaded: so the program replaces itself, once. Gcc's
 * looks for work 10,000 times, about half a millisecond, before a thread sleeps: to wake it takes a
 * tenth of that at best, and a loop of a small world no longer. */
void par_wait_asleep(char **argv)
{
	if (!getenv("OMP_WAIT_POLICY") && !setenv("GOMP_SPINCOUNT", "10000", 0) &&
	    !setenv("OMP_WAIT_POLICY", "passive", 0))
		execv("/proc/self/exe", argv); /* where that fails the program goes on as it is */
}
#else
void par_start(void) {}

int par_thread(void)
{
	return 0;
}

void par_wait_asleep(char **argv)
{
	(void)argv;
}

const char *par_version(void)
{
	return "none";
}
#endif

/* The first number in a variable of the environment; 0 if there is none above 0. */
static int cpus_from(const char *variable)
{
	const char *text = getenv(variable);
	long n = text ? strtol(text, NULL, 10) : 0;
	return n > 0 && n <= 1 << 20 ? (int)n : 0;
}

static int cpus_of_machine(void)
{
#ifdef __linux__
	cpu_set_t set;
	if (!sched_getaffinity(0, sizeof(set), &set) && CPU_COUNT(&set) > 0)
		return CPU_COUNT(&set);
#endif
	long n = sysconf(_SC_NPROCESSORS_ONLN);
	return n > 0 ? (int)n : 1;
}

int par_cpus(void)
{
	int n = cpus_from("SLURM_CPUS_PER_TASK");
	if (!n)
		n = cpus_from("OMP_NUM_THREADS");
	return n ? n : cpus_of_machine();
}

double par_clock(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void par_tasks(int64_t n, int jobs, void (*work)(void *context, int64_t i), void *context)
{
	(void)jobs; /* unread without OpenMP */
	PAR_PRAGMA(omp parallel for schedule(dynamic, 1) num_threads(jobs) if(jobs > 1))
	for (int64_t i = 0; i < n; i++)
		work(context, i);
}

void par_locked(void (*work)(void *context), void *context)
{
	PAR_PRAGMA(omp critical(ludd_par_locked))
	work(context);
}
