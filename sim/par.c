#define _GNU_SOURCE 1
#include "ludd/par.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ludd/mem.h"

#ifdef _OPENMP
#include <omp.h>
#include <pthread.h>
#include <stdatomic.h>

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
struct tasks { /* what the threads of par_tasks share */
	_Atomic int64_t next;
	int64_t n;
	void (*work)(void *context, int64_t i);
	void *context;
};

static void *tasks_do(void *shared)
{
	struct tasks *t = shared;
	int64_t i;

	par_start(); /* the library keeps it by thread */
	while ((i = atomic_fetch_add(&t->next, 1)) < t->n)
		t->work(t->context, i);
	return NULL;
}

/* Threads of their own and no team: in a team, every loop inside a task would be nested, and the
 * library makes a nested team anew for each loop, though it be of one thread. */
void par_tasks(int64_t n, int jobs, void (*work)(void *context, int64_t i), void *context)
{
	struct tasks t = {.n = n, .work = work, .context = context};
	pthread_t *others;
	int made = 0;

	jobs = (int)smaller_i64(jobs, n);
	MEM_NEW(others, larger_i64(jobs, 1), "threads");
	while (made < jobs - 1 && !pthread_create(&others[made], NULL, tasks_do, &t))
		made++; /* where there can be no more, fewer do the same */
	tasks_do(&t);
	while (made > 0)
		pthread_join(others[--made], NULL);
	mem_free(others);
}
#else
void par_start(void) {}

void par_tasks(int64_t n, int jobs, void (*work)(void *context, int64_t i), void *context)
{
	(void)jobs;
	for (int64_t i = 0; i < n; i++)
		work(context, i);
}

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

void par_locked(void (*work)(void *context), void *context)
{
	PAR_PRAGMA(omp critical(ludd_par_locked))
	work(context);
}
