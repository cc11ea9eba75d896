/* Floor 5. One run: a world ticked from burn-in to the end, its series and window summary. */
#ifndef LUDD_RUN_H
#define LUDD_RUN_H

#include <signal.h>

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
	char *transitions;               /* bytes: see transitions.h; or NULL */
	size_t transitions_length;
	uint64_t state_hash; /* of the final state */
	double seconds;      /* since the run began or went on */
	double phase_seconds[32];
	char *note;         /* a sentence on checkpoints that did not serve, or NULL */
	struct err err;     /* code 0: done; EXIT_STOPPED: by the flag */
};

struct run_options {
	int threads;
	bool trace_hash; /* keep the state hash of every phase */

	/* For checkpoints of unfinished runs and those of outputs.checkpoints; NULL: none. */
	const char *checkpoint_directory;
	int64_t checkpoint_every;  /* ticks, 0: never for that reason */
	double checkpoint_minutes; /* since the last one, 0: never for that reason */
	bool resume;               /* go on from the run's checkpoint where one can be used */

	/* Looked at after every tick but the last: when not 0, a checkpoint is written and the
	 * run ends with EXIT_STOPPED. NULL: none. */
	const volatile sig_atomic_t *stop;

	/* The state to begin from instead of a burn-in; it is not changed. NULL: none. From then on
	 * the run has the seed and the parameters of its experiment; see world_adopt. */
	const struct world *origin;
};

/* Runs id of x. On failure result->err says why; the rest is what was computed before. A run that
 * is resumed or branches gives the same bytes as one that never stopped. Its checkpoint stays:
 * once the result is safe, checkpoint_remove. */
void run_do(const struct experiment *x, const struct run_id *id, const struct run_options *o,
	    struct run_result *result);
void run_result_free(struct run_result *r);

/* Whether a sample of about `sample` of the `rows` rows of a table holds a row (0: all): drawn by
 * the run's seed, the same at all times. */
bool row_sampled(const struct world *w, int64_t row, int64_t rows, int64_t sample);

#endif
