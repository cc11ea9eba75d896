/* Floor 6. What an experiment takes to run: memory, time, disk; how many runs go side by side. */
#ifndef LUDD_FOOTPRINT_H
#define LUDD_FOOTPRINT_H

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/world.h"

struct footprint {
	struct world_size largest; /* of any run */
	double person_ticks;       /* of all runs together, burn-in included */
	int64_t bytes_a_run;       /* memory while it runs: world and series */
	int64_t bytes_kept;        /* of all runs together: where they are, what compares them */
	int64_t disk_bytes;        /* about */
	int jobs, threads;         /* runs at once, threads inside a run */
	double seconds;            /* about */
};

/* jobs, threads: as asked for, 0 = what uses the machine best: small populations (under 100,000)
 * one thread a run and as many runs at once as there are processors and memory for; larger ones one
 * run at a time on all processors. EXIT_RESOURCE where the machine lacks the memory. */
int footprint_make(struct footprint *need, const struct experiment *x, int jobs, int threads,
		   struct err *e);

#endif
