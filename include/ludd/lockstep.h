/* Floor 5. Worlds ticked side by side, phase by phase, and compared entry by entry after each:
 * where and when they part first. */
#ifndef LUDD_LOCKSTEP_H
#define LUDD_LOCKSTEP_H

#include "ludd/err.h"
#include "ludd/world.h"

struct difference { /* one column of the state, or one published value, that two worlds differ in */
	char name[80];        /* "firm.price", "published.frontier", "metric.real_wage" */
	int64_t row;          /* the first that differs */
	int64_t differ, rows; /* how many do, of how many */
	char a[32], b[32];    /* its entries */
};

enum { DIFFERENCES = 16 }; /* kept; more are counted */

struct parting { /* the first moment at which a world differs from the first one */
	int64_t tick;
	int phase; /* -1: before the first phase */
	int world; /* which of them */
	int count; /* columns that differ */
	struct difference
		list[DIFFERENCES]; /* in the order of columns.def, then what is published */
};

/* "" where all arrays of both worlds have the same lengths and they are at the same tick; else what
 * differs: then they cannot be compared. */
void worlds_mismatch(const struct world *a, const struct world *b, char text[128]);
/* Compares the state: what world_hash covers. With `labels_too` also the column firm.policy, which
 * differs from the start where firms hold other policies. Sets all of p but tick, phase and world;
 * returns p->count. */
int worlds_compare(const struct world *a, const struct world *b, bool labels_too,
		   struct parting *p);
/* One month of all `count` worlds (of one shape), each compared with the first before the month
 * and after every phase; after the last one their metrics too (with `labels_too` those by policy).
 * 0: equal; 1: they part, in the middle of the month, as p says; -1: a tick
 * failed, e says why. */
int lockstep_month(struct world *const *worlds, int count, bool labels_too, struct parting *p,
		   struct err *e);

#endif
