/* Experimental designs. Every draw is keyed by seed, method and column or trajectory. */
#include "ludd/design.h"
#include "ludd/mem.h"
#include "ludd/rng.h"

#include <assert.h>
#include <math.h>

enum { LEVELS_DEFAULT = 4, LEVELS_MAX = 1024 };

/* One point in each of n equal cells of every axis, the cells in random order. */
static void latin_hypercube_fill(struct design *d, uint64_t seed)
{
	struct rng_key key = rng_key(seed, DRAW_design, DESIGN_LATIN_HYPERCUBE);
	uint32_t n = (uint32_t)d->rows, *cell;
	MEM_NEW(cell, n, "the cells of a Latin hypercube");
	for (int i = 0; i < d->dimensions; i++) {
		struct pcg32 g = rng_agent(key, (uint64_t)i);
		for (uint32_t k = 0; k < n; k++) { /* Fisher and Yates, inside out */
			uint32_t place = rng_below(&g, k + 1);
			cell[k] = cell[place];
			cell[place] = k;
		}
		for (uint32_t k = 0; k < n; k++) { /* the middle of a step: never on an edge */
			double within = ((pcg32_next(&g) >> 4) + 0.5) * 0x1p-28;
			d->x[(int64_t)k * d->dimensions + i] = (cell[k] + within) / n;
		}
	}
	mem_free(cell);
}

/* Coordinate `dimension` of the Sobol' sequence into one column of row `row` of every block. */
static void sobol_column(struct design *d, int64_t row, int column, int dimension,
			 const struct design_request *q)
{
	uint32_t v[SOBOL_BITS];
	sobol_directions(dimension, v);
	for (int64_t b = 0; b < d->blocks; b++) {
		uint32_t bits = sobol_bits(v, (uint32_t)b);
		if (q->scrambled)
			bits = sobol_scrambled(bits, dimension, q->seed);
		d->x[(b * d->block_rows + row) * d->dimensions + column] = bits * 0x1p-32;
	}
}

static void sobol_fill(struct design *d, const struct design_request *q)
{
	for (int i = 0; i < d->dimensions; i++)
		sobol_column(d, 0, i, i, q);
}

static void saltelli_fill(struct design *d, const struct design_request *q)
{
	int n = d->dimensions;
	for (int i = 0; i < n; i++) {
		sobol_column(d, 0, i, i, q);         /* A */
		sobol_column(d, n + 1, i, n + i, q); /* B */
	}
	for (int64_t b = 0; b < d->blocks; b++) {
		double *a = d->x + b * d->block_rows * n, *last = a + (int64_t)(n + 1) * n;
		for (int row = 0; row < n; row++)
			for (int i = 0; i < n; i++)
				a[(int64_t)(row + 1) * n + i] = i == row ? last[i] : a[i];
	}
}

/* Trajectories on a grid of p levels. A step is p/2 levels: up from the lower half, down from the
 * upper, so every level is equally likely before and after it. */
static void morris_fill(struct design *d, int levels, uint64_t seed)
{
	struct rng_key key = rng_key(seed, DRAW_design, DESIGN_MORRIS);
	int n = d->dimensions, half = levels / 2, *order, *level;
	MEM_NEW(order, n, "a trajectory");
	MEM_NEW(level, n, "a trajectory");
	for (int64_t b = 0; b < d->blocks; b++) {
		struct pcg32 g = rng_agent(key, (uint64_t)b);
		double *x = d->x + b * d->block_rows * n;
		for (int i = 0; i < n; i++) {
			uint32_t place = rng_below(&g, (uint32_t)i + 1);
			order[i] = order[place];
			order[place] = i;
			level[i] = (int)rng_below(&g, (uint32_t)levels);
		}
		for (int step = 0; step <= n; step++) {
			if (step > 0) {
				int i = order[step - 1];
				level[i] += level[i] < half ? half : -half;
			}
			for (int i = 0; i < n; i++)
				*x++ = (double)level[i] / (levels - 1);
		}
	}
	mem_free(order);
	mem_free(level);
}

static int request_check(const struct design_request *q, int64_t block_rows, struct err *e)
{
	int sobol = q->method == DESIGN_SOBOL ? q->dimensions
		    : q->method == DESIGN_SALTELLI ? 2 * q->dimensions : 0;
	if (sobol > SOBOL_DIMENSIONS)
		return err_set(e, EXIT_USAGE,
			       "%d axes need %d dimensions of the Sobol' sequence; it has %d: "
			       "sweep fewer axes", q->dimensions, sobol, SOBOL_DIMENSIONS);
	if (q->points < 1 || q->points > DESIGN_ROWS_MAX / block_rows)
		return err_set(e, EXIT_USAGE,
			       "points is %lld; with %d axes it must lie in [1, %lld]",
			       (long long)q->points, q->dimensions,
			       (long long)(DESIGN_ROWS_MAX / block_rows));
	if (q->method == DESIGN_MORRIS &&
	    (q->levels < 0 || q->levels > LEVELS_MAX || q->levels % 2 != 0))
		return err_set(e, EXIT_USAGE, "levels is %d; it must be even and lie in [2, %d]",
			       q->levels, LEVELS_MAX);
	return 0;
}

int design_make(struct design *d, const struct design_request *q, struct err *e)
{
	assert(q->dimensions >= 1);
	int64_t block_rows = q->method == DESIGN_SALTELLI ? q->dimensions + 2
			     : q->method == DESIGN_MORRIS ? q->dimensions + 1 : 1;
	*d = (struct design){.method = q->method, .dimensions = q->dimensions};
	if (request_check(q, block_rows, e))
		return -1;
	d->blocks = q->points;
	d->block_rows = block_rows;
	d->rows = q->points * block_rows;
	d->x = mem_new((size_t)d->rows, sizeof(double) * (size_t)q->dimensions, "a design");
	switch (q->method) {
	case DESIGN_LATIN_HYPERCUBE:
		latin_hypercube_fill(d, q->seed);
		break;
	case DESIGN_SOBOL:
		sobol_fill(d, q);
		break;
	case DESIGN_SALTELLI:
		saltelli_fill(d, q);
		break;
	case DESIGN_MORRIS:
		morris_fill(d, q->levels ? q->levels : LEVELS_DEFAULT, q->seed);
		break;
	}
	return 0;
}

void design_free(struct design *d)
{
	mem_free(d->x);
	d->x = NULL;
}

double design_value(double u, double low, double high, bool whole)
{
	if (whole)
		return smaller(low + floor(u * (high - low + 1)), high);
	return smaller(low + u * (high - low), high);
}
