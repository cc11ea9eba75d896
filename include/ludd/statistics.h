/* Floor 5. Statistics of replicates; nothing here feeds back into a run. Only + - * / and the
 * square root are used, so that comparisons have the same bytes on every machine. */
#ifndef LUDD_STATISTICS_H
#define LUDD_STATISTICS_H

#include "ludd/base.h"

double stat_mean(const double *x, int64_t n);     /* NaN where n < 1 */
double stat_variance(const double *x, int64_t n); /* unbiased; 0 where n < 2 */
double stat_correlation(const double *x, const double *y, int64_t n); /* NaN where undefined */
double stat_quantile(double *x, int64_t n, double q); /* sorts x; linear interpolation (type 7) */
double stat_t_quantile(double q, int64_t degrees); /* inverse of Student's t; 0 < q < 1 */

struct stat_paired { /* a - b over n pairs */
	int64_t n;
	double mean_a, mean_b, difference, ci_low, ci_high; /* 95 % t interval; NaN where n < 2 */
	double boot_low, boot_high;  /* 95 % percentile bootstrap of the mean; NaN as above */
	double p10, p50, p90;        /* quantiles of the differences */
	double correlation;
	double variance_ratio;       /* var(a-b) / (var a + var b): under 1 where pairing helps */
};
/* Pairs with a NaN on either side are left out. */
void stat_compare(const double *a, const double *b, int64_t n, struct stat_paired *out);

#endif
