#include "ludd/rates.h"

#include "ludd/mem.h"
#include "ludd/par.h"
#include "ludd/rng_rows.h"

/* This machine's copy bandwidth on the same number of threads: best of five over 128 MiB. */
static double copy_measured(int threads)
{
	int64_t n = (int64_t)1 << 24;
	uint64_t *from, *to;
	double best = 0.0;

	MEM_NEW(from, n, "bench");
	MEM_NEW(to, n, "bench");
	PAR_ROWS(i, n, threads)
		from[i] = (uint64_t)i;
	for (int round = 0; round < 5; round++) {
		double started = par_clock(), rate;
		PAR_ROWS(i, n, threads)
			to[i] = from[i];
		rate = 2.0 * 8.0 * (double)n / (par_clock() - started);
		best = larger(best, rate * (to[n / 2] == (uint64_t)(n / 2)));
	}
	mem_free(from);
	mem_free(to);
	return best;
}

/* Random additions a second to a table of `rows` numbers, at places drawn before; each thread has
 * its own table, as the phases do. Best of five. */
static double scatter_measured(int64_t rows, int threads)
{
	int64_t n = (int64_t)1 << 22, *table;
	struct rng_key key = rng_key(1, DRAW_sample, 0);
	uint32_t *place;
	double best = 0.0;

	MEM_NEW(table, rows * threads, "bench");
	MEM_NEW(place, n, "bench");
	for (int64_t i = 0; i < n; i += PAR_BLOCK)
		rng_rows(key, (uint64_t)i, PAR_BLOCK, &place[i]);
	for (int64_t i = 0; i < n; i++)
		place[i] = (uint32_t)((uint64_t)place[i] * (uint64_t)rows >> 32);
	for (int round = 0; round < 5; round++) {
		double started = par_clock();
		PAR_ROWS(t, threads, threads) {
			int64_t *mine = &table[rows * t];
			for (int64_t i = 0; i < n; i++)
				mine[place[i]] += i;
		}
		best = larger(best, (double)(n * threads) / (par_clock() - started));
	}
	mem_free(table);
	mem_free(place);
	return best;
}

/* Best of five over blocks of people. */
static double draws_measured(int threads)
{
	int64_t blocks = 2048;
	struct rng_key key = rng_key(1, DRAW_sample, 0);
	uint32_t *any; /* by thread */
	double best = 0.0;

	MEM_NEW(any, threads, "bench");
	for (int round = 0; round < 5; round++) {
		double started = par_clock();
		PAR_ROWS(t, threads, threads) {
			uint32_t draw[PAR_BLOCK], all = 0;
			for (int64_t b = 0; b < blocks; b++) {
				rng_rows(key, (uint64_t)(b * PAR_BLOCK), PAR_BLOCK, draw);
				all |= draw[b % PAR_BLOCK];
			}
			any[t] = all;
		}
		best = larger(best, (any[0] != 0) * (double)(blocks * PAR_BLOCK * threads) /
					    (par_clock() - started));
	}
	mem_free(any);
	return best;
}

struct rates rates_measured(int64_t firms, int64_t region_firms, int threads)
{
	return (struct rates){
		.copy = copy_measured(threads),
		.scatter = scatter_measured(firms, threads),
		.near = scatter_measured(region_firms, threads),
		.draw = draws_measured(threads),
	};
}
