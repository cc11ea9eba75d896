/* What takes many draws: bootstrap intervals, and the dips that samples with one mode have. Draws
 * are keyed by the size of the sample, so that all samples of a size share them. */
#include <math.h>
#include <string.h>

#include "ludd/mem.h"
#include "ludd/par.h"
#include "ludd/rng.h"
#include "ludd/statistics.h"

enum {
	SAMPLES = 2000,
	DIP_LEAST = 4, DIP_MOST = 1000, /* sizes of samples whose dips are drawn */
	WAITING = 1 << 17,              /* numbers of samples that wait, and of their means */
	TILE = 8                        /* resamples side by side: divides SAMPLES */
};

static void waiting_free(struct stat_draws *draws)
{
	mem_free(draws->d);
	mem_free(draws->means);
	mem_free(draws->out);
}

void stat_draws_free(struct stat_draws *draws)
{
	waiting_free(draws);
	mem_free(draws->dips);
	*draws = (struct stat_draws){.threads = draws->threads};
}

/* How often resample r of n entries draws each of them. */
static void counts_fill(double *count, int64_t n, int r)
{
	struct pcg32 g = rng_agent(rng_key(0, DRAW_bootstrap, n), (uint64_t)r);
	memset(count, 0, (size_t)n * sizeof(*count));
	for (int64_t i = 0; i < n; i++)
		count[rng_below(&g, (uint32_t)n)]++;
}

static double resample_mean(const double *count, const double *d, int64_t n)
{
	double w = 0, x = 0, y = 0, z = 0; /* side by side: a single sum would wait for itself */
	int64_t i = 0;
	for (; i + 4 <= n; i += 4) {
		w += count[i] * d[i];
		x += count[i + 1] * d[i + 1];
		y += count[i + 2] * d[i + 2];
		z += count[i + 3] * d[i + 3];
	}
	for (; i < n; i++)
		w += count[i] * d[i];
	return ((w + x) + (y + z)) / (double)n;
}

/* Room for as many samples of n as memory is meant to hold, one at least. */
static void waiting_prepare(struct stat_draws *draws, int64_t n)
{
	if (draws->n == n)
		return;
	stat_resample_finish(draws);
	waiting_free(draws);
	draws->n = n;
	draws->room = larger_i64(1, WAITING / (n + SAMPLES));
	MEM_NEW(draws->d, draws->room * n, "a bootstrap");
	MEM_NEW(draws->means, draws->room * SAMPLES, "a bootstrap");
	MEM_NEW(draws->out, draws->room, "a bootstrap");
}

/* Resamples first .. first + TILE - 1 of all samples. */
static void tile_drawn(struct stat_draws *draws, int first, double *count)
{
	int64_t n = draws->n;
	for (int r = 0; r < TILE; r++)
		counts_fill(count + r * n, n, first + r);
	for (int64_t k = 0; k < draws->waiting; k++)
		for (int r = 0; r < TILE; r++)
			draws->means[k * SAMPLES + first + r] =
				resample_mean(count + r * n, draws->d + k * n, n);
}

/* The 95 % percentile interval of the mean over resamples (Efron 1979, The Annals of Statistics
 * 7(1), 1-26). A few resamples are drawn at a time, for all samples: to keep all of them would take
 * 16 KB an entry, to draw them for each sample most of the time. */
void stat_resample_finish(struct stat_draws *draws)
{
	int threads = draws->threads > 1 ? draws->threads : 1;
	double *counts;
	if (!draws->waiting)
		return;
	MEM_NEW(counts, threads * TILE * draws->n, "a bootstrap");
	PAR_ROWS(tile, SAMPLES / TILE, threads)
		tile_drawn(draws, (int)tile * TILE,
			   counts + (threads > 1 ? par_thread() : 0) * TILE * draws->n);
	PAR_ROWS(k, draws->waiting, threads) {
		double *means = draws->means + k * SAMPLES;
		draws->out[k]->boot_low = stat_quantile(means, SAMPLES, 0.025);
		draws->out[k]->boot_high = stat_quantile(means, SAMPLES, 0.975);
	}
	draws->waiting = 0;
	mem_free(counts);
}

static void bootstrap_begin(struct stat_draws *draws, const double *d, int64_t n,
			    struct stat_resampled *out)
{
	waiting_prepare(draws, n);
	if (draws->waiting == draws->room)
		stat_resample_finish(draws);
	memcpy(draws->d + draws->waiting * n, d, (size_t)n * sizeof(*d));
	draws->out[draws->waiting++] = out;
}

static void dips_fill(struct stat_draws *draws, int64_t n)
{
	struct rng_key key = rng_key(0, DRAW_dip, n);
	double *x;
	MEM_NEW(x, n, "a uniform sample");
	if (!draws->dips)
		MEM_NEW(draws->dips, SAMPLES, "dips of uniform samples");
	for (int i = 0; i < SAMPLES; i++) {
		struct pcg32 g = rng_agent(key, (uint64_t)i);
		for (int64_t k = 0; k < n; k++)
			x[k] = rng_unit(&g);
		draws->dips[i] = stat_dip(x, n);
	}
	stat_sort(draws->dips, SAMPLES);
	draws->dips_n = n;
	mem_free(x);
}

double stat_dip_chance(struct stat_draws *draws, double dip, int64_t n)
{
	int64_t drawn = smaller_i64(n, DIP_MOST);
	int more = 0;
	if (n < DIP_LEAST || isnan(dip))
		return NAN;
	if (draws->dips_n != drawn)
		dips_fill(draws, drawn);
	dip *= sqrt((double)n / (double)drawn);
	while (more < SAMPLES && draws->dips[SAMPLES - 1 - more] >= dip)
		more++;
	return (more + 1.0) / (SAMPLES + 1.0);
}

static double dip_with_chance(double *x, int64_t n, struct stat_draws *draws, double *chance)
{
	double dip = stat_dip(x, n);
	*chance = stat_dip_chance(draws, dip, n);
	return isnan(*chance) ? NAN : dip;
}

void stat_resample_begin(const double *a, const double *b, int64_t n, struct stat_draws *draws,
			 struct stat_resampled *out)
{
	double *x, *y, *d;
	*out = (struct stat_resampled){NAN, NAN, NAN, NAN, NAN, NAN};
	MEM_NEW(x, 3 * n + 1, "a comparison");
	y = x + n;
	d = y + n;
	int64_t count = stat_pairs(a, b, n, x, y, d);
	if (count > 1) {
		out->boot_low = out->boot_high = stat_mean(d, count);
		if (stat_variance(d, count) > 0)
			bootstrap_begin(draws, d, count, out);
	}
	out->dip = dip_with_chance(d, count, draws, &out->dip_chance);
	out->a_dip = dip_with_chance(x, count, draws, &out->a_dip_chance);
	mem_free(x);
}

void stat_resample(const double *a, const double *b, int64_t n, struct stat_draws *draws,
		   struct stat_resampled *out)
{
	stat_resample_begin(a, b, n, draws, out);
	stat_resample_finish(draws);
}
