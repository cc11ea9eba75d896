/* Effects, indices and their bootstrap. Both analyses are a statistic of (row means, blocks drawn);
 * the bootstrap calls it again with other blocks and other replicates. */
#include "ludd/sensitivity.h"
#include "ludd/mem.h"
#include "ludd/rng.h"
#include "ludd/statistics.h"

#include <assert.h>
#include <math.h>

struct outputs {
	const struct design *design;
	const double *y;
	int64_t replicates;
};

/* Writes the values of a statistic of the means of the rows and the blocks to count. */
typedef void statistic(const struct design *d, const double *mean, const int64_t *block,
		       double *value);

/* mean[i]: row i over the replicates drawn, each as often as `times` says. */
static void row_means(const struct outputs *o, const int64_t *times, double *mean)
{
	for (int64_t i = 0; i < o->design->rows; i++) {
		double sum = 0;
		for (int64_t r = 0; r < o->replicates; r++)
			sum += (double)times[r] * o->y[i * o->replicates + r];
		mean[i] = sum / (double)o->replicates;
	}
}

static int outputs_check(const struct outputs *o, struct err *e)
{
	for (int64_t k = 0; k < o->design->rows * o->replicates; k++) {
		long long row = k / o->replicates, replicate = k % o->replicates;
		if (!isfinite(o->y[k]))
			return err_set(e, EXIT_RUN,
				       "the output of design row %lld, replicate %lld is not a "
				       "finite number: finish its run, or choose another metric",
				       row, replicate);
	}
	return 0;
}

/* The blocks and replicates of one resample, drawn with replacement. */
static void resample(const struct outputs *o, struct pcg32 *g, int64_t *block, int64_t *times)
{
	for (int64_t b = 0; b < o->design->blocks; b++)
		block[b] = rng_below(g, (uint32_t)o->design->blocks);
	for (int64_t r = 0; r < o->replicates; r++)
		times[r] = 0;
	for (int64_t r = 0; r < o->replicates; r++)
		times[rng_below(g, (uint32_t)o->replicates)]++;
}

/* out[v]: value v of the statistic with the percentile interval of its resamples. */
static void estimate_all(const struct outputs *o, const struct bootstrap *b, statistic *compute,
			 int values, struct estimate *out)
{
	int64_t n = b->resamples ? b->resamples : 1000;
	double tail = (1 - (b->level > 0 ? b->level : 0.95)) / 2;
	struct rng_key key = rng_key(b->seed, DRAW_bootstrap, 0);
	double *mean, *value, *drawn; /* drawn: values x resamples */
	int64_t *block, *times;
	MEM_NEW(mean, o->design->rows, "the means of a design");
	MEM_NEW(value, values, "sensitivities");
	MEM_NEW(drawn, n * values, "resampled sensitivities");
	MEM_NEW(block, o->design->blocks, "a resample");
	MEM_NEW(times, o->replicates, "a resample");

	for (int64_t k = 0; k < o->design->blocks; k++)
		block[k] = k;
	for (int64_t r = 0; r < o->replicates; r++)
		times[r] = 1;
	row_means(o, times, mean);
	compute(o->design, mean, block, value);
	for (int v = 0; v < values; v++)
		out[v].value = value[v];
	for (int64_t k = 0; k < n; k++) {
		struct pcg32 g = rng_agent(key, (uint64_t)k);
		resample(o, &g, block, times);
		if (o->replicates > 1)
			row_means(o, times, mean);
		compute(o->design, mean, block, value);
		for (int v = 0; v < values; v++)
			drawn[v * n + k] = value[v];
	}
	for (int v = 0; v < values; v++) {
		out[v].low = stat_quantile(drawn + v * n, n, tail);
		out[v].high = stat_quantile(drawn + v * n, n, 1 - tail);
	}
	mem_free(mean);
	mem_free(value);
	mem_free(drawn);
	mem_free(block);
	mem_free(times);
}

/* The coordinate in which two rows of a trajectory differ. */
static int coordinate_moved(const double *from, const double *to)
{
	int i = 0;
	while (to[i] == from[i])
		i++;
	return i;
}

/* Effects whose truth is 0 are normal, with the variance of the mean of their replicates; the mean
 * absolute value of such a number is sqrt(2 / pi) of its standard deviation. */
void sensitivity_noise(const struct design *d, const double *y, int64_t replicates, double *out)
{
	double *effect; /* of one step, by replicate */
	MEM_NEW(effect, replicates, "elementary effects");
	for (int i = 0; i < d->dimensions; i++)
		out[i] = replicates < 2 ? NAN : 0;
	for (int64_t row = 0; row + 1 < d->rows; row++) {
		const double *from = design_row(d, row), *to = design_row(d, row + 1);
		if ((row + 1) % d->block_rows == 0)
			continue;
		int i = coordinate_moved(from, to);
		for (int64_t r = 0; r < replicates; r++)
			effect[r] = (y[(row + 1) * replicates + r] - y[row * replicates + r]) /
				    (to[i] - from[i]);
		out[i] += stat_variance(effect, replicates) / (double)replicates;
	}
	for (int i = 0; i < d->dimensions; i++)
		out[i] = sqrt(out[i] / (double)d->blocks) * sqrt(2 / 3.14159265358979323846);
	mem_free(effect);
}

/* value: mu, mu* and sigma of each dimension. */
static void morris_statistic(const struct design *d, const double *mean, const int64_t *block,
			     double *value)
{
	double *effects; /* dimensions x trajectories */
	MEM_NEW(effects, d->dimensions * d->blocks, "elementary effects");
	for (int64_t b = 0; b < d->blocks; b++) {
		int64_t row = block[b] * d->block_rows, last = row + d->dimensions;
		for (; row < last; row++) {
			const double *from = design_row(d, row), *to = design_row(d, row + 1);
			int i = coordinate_moved(from, to);
			double moved = to[i] - from[i];
			effects[i * d->blocks + b] = (mean[row + 1] - mean[row]) / moved;
		}
	}
	for (int i = 0; i < d->dimensions; i++, value += 3) {
		double *effect = effects + i * d->blocks;
		value[0] = stat_mean(effect, d->blocks);
		value[2] = sqrt(stat_variance(effect, d->blocks));
		for (int64_t b = 0; b < d->blocks; b++)
			effect[b] = fabs(effect[b]);
		value[1] = stat_mean(effect, d->blocks);
	}
	mem_free(effects);
}

/* Mean and variance of y over the rows of A and B. */
static void saltelli_moments(const struct design *d, const double *y, const int64_t *block,
			     double *mean, double *variance)
{
	double n = 2 * (double)d->blocks, sum = 0, squares = 0;
	for (int64_t b = 0; b < d->blocks; b++) {
		const double *a = y + block[b] * d->block_rows;
		sum += a[0] + a[d->dimensions + 1];
	}
	*mean = sum / n;
	for (int64_t b = 0; b < d->blocks; b++) {
		const double *a = y + block[b] * d->block_rows;
		double at_a = a[0] - *mean, at_b = a[d->dimensions + 1] - *mean;
		squares += at_a * at_a + at_b * at_b;
	}
	*variance = squares / n;
}

/* value: first-order and total index of each dimension. y is taken from its mean, which leaves the
 * estimator's expectation alone and lowers its variance. */
static void sobol_statistic(const struct design *d, const double *y, const int64_t *block,
			    double *value)
{
	double mean, variance;
	saltelli_moments(d, y, block, &mean, &variance);
	for (int i = 0; i < d->dimensions; i++, value += 2) {
		double first = 0, total = 0;
		for (int64_t b = 0; b < d->blocks; b++) {
			const double *a = y + block[b] * d->block_rows;
			double moved = a[i + 1] - a[0];
			first += (a[d->dimensions + 1] - mean) * moved;
			total += moved * moved;
		}
		double scale = (double)d->blocks * variance;
		value[0] = scale > 0 ? first / scale : 0;
		value[1] = scale > 0 ? total / (2 * scale) : 0;
	}
}

int sensitivity_morris(const struct design *d, const double *y, int64_t replicates,
		       const struct bootstrap *b, struct morris_effect *out, struct err *e)
{
	assert(d->method == DESIGN_MORRIS && replicates >= 1);
	struct outputs o = {d, y, replicates};
	if (outputs_check(&o, e))
		return -1;
	struct estimate *all;
	MEM_NEW(all, 3 * d->dimensions, "sensitivities");
	estimate_all(&o, b, morris_statistic, 3 * d->dimensions, all);
	for (int i = 0; i < d->dimensions; i++)
		out[i] = (struct morris_effect){all[3 * i], all[3 * i + 1], all[3 * i + 2]};
	mem_free(all);
	return 0;
}

int sensitivity_sobol(const struct design *d, const double *y, int64_t replicates,
		      const struct bootstrap *b, struct sobol_index *out, struct err *e)
{
	assert(d->method == DESIGN_SALTELLI && replicates >= 1);
	struct outputs o = {d, y, replicates};
	if (outputs_check(&o, e))
		return -1;
	struct estimate *all;
	MEM_NEW(all, 2 * d->dimensions, "sensitivities");
	estimate_all(&o, b, sobol_statistic, 2 * d->dimensions, all);
	for (int i = 0; i < d->dimensions; i++)
		out[i] = (struct sobol_index){all[2 * i], all[2 * i + 1]};
	mem_free(all);
	return 0;
}

/* Random effects of a crossed table (Searle, Casella and McCulloch 1992, "Variance components",
 * chapter 4): the mean squares of rows, of seeds and of the rest have expectations
 * rest + replicates * var(row), rest + rows * var(seed), rest. */
struct seed_share sensitivity_seed(const struct design *d, const double *y, int64_t replicates)
{
	if (replicates < 2 || d->rows < 2)
		return (struct seed_share){NAN, NAN};
	struct outputs o = {d, y, replicates};
	double *row, *seed, rest = 0, rows = (double)d->rows, seeds = (double)replicates;
	int64_t *times;
	MEM_NEW(row, d->rows, "the means of a design");
	MEM_NEW(seed, replicates, "the means of replicates");
	MEM_NEW(times, replicates, "the weights of replicates");
	for (int64_t r = 0; r < replicates; r++)
		times[r] = 1;
	row_means(&o, times, row);
	for (int64_t i = 0; i < d->rows; i++)
		for (int64_t r = 0; r < replicates; r++)
			seed[r] += y[i * replicates + r] / rows;
	double mean = stat_mean(row, d->rows);
	for (int64_t i = 0; i < d->rows; i++)
		for (int64_t r = 0; r < replicates; r++) {
			double left = y[i * replicates + r] - row[i] - seed[r] + mean;
			rest += left * left / ((rows - 1) * (seeds - 1));
		}
	double between = larger(0, stat_variance(row, d->rows) - rest / seeds);
	double alone = larger(0, stat_variance(seed, replicates) - rest / rows);
	double all = between + alone + rest;
	mem_free(row);
	mem_free(seed);
	mem_free(times);
	if (!(all > mean * mean * 1e-24)) /* nothing but rounding */
		return (struct seed_share){0, 0};
	return (struct seed_share){alone / all, (alone + rest) / all};
}
