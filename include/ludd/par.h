/* Floor 0. The only place that names OpenMP. Three parallel shapes exist, all free of order:
 *   PAR_ROWS    map rows: row i writes row i;
 *   par_add     scatter-add of integers (exact, so the order does not matter);
 *   PAR_BLOCKS  fold over fixed blocks of PAR_BLOCK rows, partial results folded in block order.
 * Built without -fopenmp the same code runs on one thread with the same results. */
#ifndef LUDD_PAR_H
#define LUDD_PAR_H

#include "ludd/base.h"

#ifdef _OPENMP
#define PAR_PRAGMA(x) _Pragma(#x)
#else
#define PAR_PRAGMA(x)
#endif

enum { PAR_BLOCK = 2048 }; /* rows; part of the model's definition, not to be tuned per machine */

/* The schedule is set by par_start (static; LUDD_SCHEDULE overrides it, for the tests). */
#ifdef _OPENMP
#define PAR_ROWS(i, n, threads) \
	PAR_PRAGMA(omp parallel for schedule(runtime) num_threads(threads) if((threads) > 1)) \
	for (int64_t i = 0; i < (int64_t)(n); i++)
#else
#define PAR_ROWS(i, n, threads) \
	for (int64_t i = ((void)(threads), 0); i < (int64_t)(n); i++)
#endif

/* Rows with little work each: few of them stay on one thread, which costs less than to wake
 * another. */
enum { PAR_LIGHT_ROWS = 4096 };
#define PAR_LIGHT(i, n, threads) PAR_ROWS(i, n, (n) < PAR_LIGHT_ROWS ? 1 : (threads))

#define PAR_BLOCKS(b, n, threads) PAR_ROWS(b, par_blocks(n), threads)
#define BLOCK_ROWS(i, b, n) \
	for (int64_t i = (b) * PAR_BLOCK; i < par_end(b, n); i++)

/* Finer blocks, for rows with much work each and sums of whole numbers only: fractions are folded
 * by PAR_BLOCKS, whose size the results depend on. */
enum { PAR_STRIP = 256 };
#define PAR_STRIPS(b, n, threads) PAR_ROWS(b, par_strips(n), threads)
#define STRIP_ROWS(i, b, n) \
	for (int64_t i = (b) * PAR_STRIP; i < par_strip_end(b, n); i++)

/* Parts of the blocks of n rows, one a thread, the same in every loop: for what one loop counts and
 * the next writes, without asking which thread came first. */
#define PAR_PARTS(part, threads) PAR_ROWS(part, threads, threads)
#define PART_FIRST(part, n, threads) (par_blocks(n) * (part) / (threads))
#define PART_BLOCKS(b, part, n, threads)                                        \
	for (int64_t b = PART_FIRST(part, n, threads);                          \
	     b < par_blocks(n) * ((part) + 1) / (threads); b++)

static inline int64_t par_strips(int64_t n) { return (n + PAR_STRIP - 1) / PAR_STRIP; }
static inline int64_t par_strip_end(int64_t b, int64_t n)
{
	return (b + 1) * PAR_STRIP < n ? (b + 1) * PAR_STRIP : n;
}
static inline int64_t par_blocks(int64_t n) { return (n + PAR_BLOCK - 1) / PAR_BLOCK; }
static inline int64_t par_end(int64_t b, int64_t n)
{
	return (b + 1) * PAR_BLOCK < n ? (b + 1) * PAR_BLOCK : n;
}

static inline void par_add(int64_t *sum, int64_t x, int threads)
{
	if (threads == 1) {
		*sum += x;
		return;
	}
	PAR_PRAGMA(omp atomic)
	*sum += x;
}

static inline void par_add_i32(int32_t *sum, int32_t x, int threads)
{
	if (threads == 1) {
		*sum += x;
		return;
	}
	PAR_PRAGMA(omp atomic)
	*sum += x;
}

int par_thread(void); /* of this loop: 0 .. threads-1 */

/* Threads that wait shall sleep, unless OMP_WAIT_POLICY says otherwise: spinning at every
 * barrier makes a shared machine slower by orders of magnitude. First thing in main. */
void par_wait_asleep(char **argv);
void par_start(void);              /* schedule; call once */
int par_cpus(void);                /* processors this process may use: SLURM_CPUS_PER_TASK,
                                      OMP_NUM_THREADS, then the affinity mask */
const char *par_version(void);     /* "OpenMP 201511" or "none" */
double par_clock(void);            /* seconds, monotonic */

/* Calls work(context, i) for i = 0 .. n-1 on `jobs` threads, next free first. */
void par_tasks(int64_t n, int jobs, void (*work)(void *context, int64_t i), void *context);
void par_locked(void (*work)(void *context), void *context); /* one caller at a time */

#endif
