/* Floor 5. One run: a world ticked from burn-in to the end, its series and window summary. */
#ifndef LUDD_RUN_H
#define LUDD_RUN_H

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/world.h"

struct run_result {
	struct run_id id;
	int64_t rows;       /* series rows */
	int64_t *ticks;     /* rows */
	/* rows x metric_count(), row by row: every metric, whatever series.csv shows */
	double *series;
	char *firms_rows, *workers_rows; /* CSV text of the panels without header, or NULL */
	char *trace;                     /* lines "tick,phase,state hash", or NULL */
	uint64_t state_hash; /* of the final state */
	double seconds;
	double phase_seconds[32];
	struct err err;     /* code 0: done */
};

struct run_options {
	int threads;
	bool trace_hash; /* keep the state hash of every phase */
};

/* Runs id of x. On failure result->err says why; the rest is what was computed before. */
void run_do(const struct experiment *x, const struct run_id *id, const struct run_options *o,
	    struct run_result *result);
void run_result_free(struct run_result *r);

#endif
