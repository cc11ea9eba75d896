/* Floor 5. Experimental designs: points of the unit cube, scaled to the ranges of parameters by
 * whoever runs them. A design is a pure function of its request.
 *
 * A design is `blocks` blocks of `block_rows` rows. Blocks are what the bootstrap resamples:
 *   latin hypercube, Sobol'  one point a block: McKay, Beckman and Conover (1979), Technometrics
 *                            21(2), 239-245; Sobol' (1967), USSR Comp. Math. 7(4), 86-112
 *   Saltelli                 A, A with column 0 .. d-1 from B, B (d + 2 rows): Saltelli et al.
 *                            (2010), Computer Physics Communications 181(2), 259-270; A and B are
 *                            the first and the last d coordinates of one Sobol' point
 *   Morris                   a trajectory (d + 1 rows): each step moves one coordinate, each once,
 *                            by p / (2(p-1)): Morris (1991), Technometrics 33(2), 161-174 */
#ifndef LUDD_DESIGN_H
#define LUDD_DESIGN_H

#include "ludd/err.h"

enum design_method { DESIGN_LATIN_HYPERCUBE, DESIGN_SOBOL, DESIGN_SALTELLI, DESIGN_MORRIS };

enum {
	SOBOL_DIMENSIONS = 128, /* Saltelli's design uses two a parameter */
	SOBOL_BITS = 32,        /* at most 2^32 points */
	DESIGN_ROWS_MAX = 1 << 24
};

struct design_request {
	enum design_method method;
	int dimensions;  /* 1 or more */
	int64_t points;  /* blocks wanted; a power of 2 keeps the balance of a Sobol' design */
	int levels;      /* Morris: even, 2 .. 1024; 0 = 4 */
	bool scrambled;  /* Sobol', Saltelli: nested uniform scrambling of Owen (1995), by seed */
	uint64_t seed;
};

struct design {
	enum design_method method;
	int dimensions;
	int64_t blocks, block_rows, rows; /* rows = blocks * block_rows */
	double *x; /* rows x dimensions, row by row, in [0, 1); Morris reaches 1 */
};

/* Fills *d; design_free frees it. EXIT_USAGE where the request cannot be met. */
int design_make(struct design *d, const struct design_request *request, struct err *e);
void design_free(struct design *d);

static inline const double *design_row(const struct design *d, int64_t row)
{
	return d->x + row * d->dimensions;
}

/* The value of coordinate u in a range: low + u (high - low), or, for whole numbers, each of
 * low .. high over an equal share of [0, 1]. */
double design_value(double u, double low, double high, bool whole);

/* The direction numbers of a coordinate of the Sobol' sequence, as fractions of 2^32, and with them
 * point `index` in Gray code order (Antonov and Saleev 1979). Sources in sim/design_sobol.c. */
void sobol_directions(int dimension, uint32_t v[SOBOL_BITS]);
uint32_t sobol_bits(const uint32_t v[SOBOL_BITS], uint32_t index);
/* Scrambled: each bit is flipped by a draw keyed by seed, dimension and all the bits above it. */
uint32_t sobol_scrambled(uint32_t bits, int dimension, uint64_t seed);

#endif
