/* Floor 5. Which parameters matter: Morris's elementary effects and Sobol' indices of the output of
 * a design, with percentile bootstrap intervals, and the part of the variance that is the seed's.
 *
 * The output of row i under replicate r is y[i * replicates + r]; replicate r has the same seed in
 * every row, so the seed is a factor of its own, crossed with the design. Effects and indices are
 * those of the mean over the replicates. The bootstrap resamples the blocks of the design and,
 * independently, the replicates. What the seed does together with a parameter is not averaged away
 * by few replicates: it raises sigma and the total indices of every parameter alike. Where the
 * seed's share is large, more replicates are needed. */
#ifndef LUDD_SENSITIVITY_H
#define LUDD_SENSITIVITY_H

#include "ludd/design.h"

struct estimate {
	double value, low, high; /* the interval is that of struct bootstrap */
};

struct bootstrap {
	int64_t resamples; /* 0 = 1000 */
	double level;      /* of the intervals, in (0, 1); 0 = 0.95 */
	uint64_t seed;
};

/* An elementary effect is (change of y) / (change of the coordinate); one a trajectory. */
struct morris_effect {
	struct estimate mu;      /* mean */
	struct estimate mu_star; /* mean absolute: Campolongo, Cariboni and Saltelli (2007),
	                            Environmental Modelling & Software 22(10), 1509-1518 */
	struct estimate sigma;   /* standard deviation: not linear, or not alone */
};

struct sobol_index { /* shares of the variance of y; 0 where y does not vary */
	struct estimate first; /* estimator (b) of table 2 in Saltelli et al. (2010) */
	struct estimate total; /* estimator (f) of the same table: Jansen (1999) */
};

struct seed_share { /* two-way analysis of variance: rows of the design x seeds */
	double alone; /* variance of what it does alike at every point / total variance */
	double total; /* mean variance within a row / total variance */
};

/* One entry a dimension into out; d is Morris's or Saltelli's design. -1, with e saying where, if
 * an output is not finite: a sensitivity of the runs that happened to finish would mislead. */
int sensitivity_morris(const struct design *d, const double *y, int64_t replicates,
		       const struct bootstrap *b, struct morris_effect *out, struct err *e);
/* mu* of a parameter that does nothing but shift random draws, one entry a dimension: 0.798 times
 * the standard error that the seeds give an elementary effect. NaN where there is one replicate. */
void sensitivity_noise(const struct design *d, const double *y, int64_t replicates, double *out);
int sensitivity_sobol(const struct design *d, const double *y, int64_t replicates,
		      const struct bootstrap *b, struct sobol_index *out, struct err *e);
/* NaN where there are fewer than 2 replicates or rows; any design. */
struct seed_share sensitivity_seed(const struct design *d, const double *y, int64_t replicates);

#endif
