/* Floor 5. Statistics of replicates; nothing here feeds back into a run. Only + - * / and the
 * square root are used, so that comparisons have the same bytes on every machine. */
#ifndef LUDD_STATISTICS_H
#define LUDD_STATISTICS_H

#include "ludd/base.h"

double stat_mean(const double *x, int64_t n);     /* NaN where n < 1 */
double stat_variance(const double *x, int64_t n); /* unbiased; 0 where n < 2 */
double stat_correlation(const double *x, const double *y, int64_t n); /* NaN where undefined */
void stat_sort(double *x, int64_t n); /* ascending; equal ones keep their order; no NaN */
double stat_quantile(double *x, int64_t n, double q); /* sorts x; linear interpolation (type 7) */
double stat_t_quantile(double q, int64_t degrees); /* inverse of Student's t; 0 < q < 1 */

struct stat_paired { /* a - b over n pairs */
	int64_t n;
	double mean_a, mean_b, difference;
	double ci_low, ci_high;      /* 95 % t interval; NaN where n < 2 */
	double p10, p50, p90;        /* quantiles of the differences */
	double a10, a50, a90, b10, b50, b90; /* of the values themselves */
	double correlation;
	double variance_ratio;       /* var(a-b) / (var a + var b): under 1 where pairing helps */
	double reduction;            /* its inverse: as many times more runs it takes unpaired */
};
void stat_compare(const double *a, const double *b, int64_t n, struct stat_paired *out);
/* The pairs without a NaN into x, y, and their differences into d; how many: only they count. */
int64_t stat_pairs(const double *a, const double *b, int64_t n, double *x, double *y, double *d);

/* Hartigan's dip: 1/(2n) .. 1/4, large where the sample has more than one mode. Sorts x; NaN where
 * n < 1. */
double stat_dip(double *x, int64_t n);

struct stat_resampled;
struct stat_draws { /* {0}; kept from call to call */
	int threads; /* that draw; 0 counts as 1 */
	int64_t dips_n;
	double *dips; /* of uniform samples of dips_n, ascending; filled where n is new */
	/* samples that wait for their bootstrap, all of n differences: resamples are drawn once
	 * for as many as fit in 1 MiB */
	int64_t n, waiting, room;
	double *d, *means; /* [sample][difference], [sample][resample] */
	struct stat_resampled **out;
};
void stat_draws_free(struct stat_draws *draws);

/* The chance of such a dip, or a larger one, in n draws of the uniform distribution: of all
 * distributions with one mode the one whose samples dip most. From 2000 samples; where n > 1000
 * from those of 1000 by the square root of n (1 % low). NaN where n < 4: too few for two modes. */
double stat_dip_chance(struct stat_draws *draws, double dip, int64_t n);

struct stat_resampled { /* of pairs as in stat_compare */
	double boot_low, boot_high; /* 95 % percentile bootstrap of the mean; NaN if n < 2 */
	double dip, dip_chance;     /* of the differences; NaN where n < 4 */
	double a_dip, a_dip_chance; /* of the values of a */
};
void stat_resample(const double *a, const double *b, int64_t n, struct stat_draws *draws,
		   struct stat_resampled *out);
/* The same, but boot_low and boot_high may be set later, by stat_resample_finish at the latest:
 * many at once take less time. */
void stat_resample_begin(const double *a, const double *b, int64_t n, struct stat_draws *draws,
			 struct stat_resampled *out);
void stat_resample_finish(struct stat_draws *draws);

#endif
