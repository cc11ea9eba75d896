/* Floor 6. What this machine can do, measured: what `ludd bench` holds a tick against. */
#ifndef LUDD_RATES_H
#define LUDD_RATES_H

#include "ludd/base.h"

struct rates { /* on some number of threads */
	double copy;    /* bytes/s, one array copied to another, read and written */
	double scatter; /* additions/s to a table of one number a firm, at random places */
	double near;    /* the same to one of the size of a region's firms */
	double draw;    /* first draws/s of people in a row */
};

struct rates rates_measured(int64_t firms, int64_t region_firms, int threads);

#endif
