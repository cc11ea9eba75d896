/* Floor 5. The state of a run in a file: to go on after a stop, or to branch from.
 *
 * A checkpoint holds the whole state before a tick, the parameters behind it and, where a run is
 * to go on, what it has put together so far. What follows from the rest (scratch, sums of heads)
 * is counted again. sim/arrays.h describes the layout of the file. A file that is cut, altered,
 * of another format, model or experiment is refused; none is ever there in part. */
#ifndef LUDD_CHECKPOINT_H
#define LUDD_CHECKPOINT_H

#include "ludd/run.h"
#include "ludd/text.h"

struct run_progress { /* what a run has put together so far */
	int64_t run;
	int64_t rows;   /* of the series */
	int64_t *ticks; /* rows */
	double *series; /* rows x metric_count() */
	struct text firms, workers, trace, transitions;
};
void run_progress_free(struct run_progress *p);

/* Writes DIRECTORY/NAME (and makes DIRECTORY where its parent is there). With progress the file
 * before stays as NAME.previous; without (p is NULL) it is replaced. `experiment`: whose it is, as
 * run_fingerprint gives it; 0 for a state that belongs to none. */
int checkpoint_write(const char *directory, const char *name, const struct world *w,
		     const struct run_progress *p, uint64_t experiment, struct err *e);

/* NULL on failure, with EXIT_IO (not there, cut, altered) or EXIT_USAGE (another format, model,
 * experiment). `experiment`: what run_fingerprint gave, or NULL for any. p may be NULL; it is
 * empty after a failure. */
struct world *checkpoint_read(const char *path, const uint64_t *experiment, struct run_progress *p,
			      int threads, struct err *e);

/* A hash of all that a run's results up to some tick depend on: parameters, seed, burn-in or
 * origin, which run it is, outputs.every, panels, trace, windows where people are followed. Not of
 * the number of ticks, of other windows, chosen columns, threads and checkpoints: with others of
 * these a run may go on. */
uint64_t run_fingerprint(const struct experiment *x, const struct run_id *id,
			 const struct run_options *o);

/* Names in the checkpoint directory; the caller frees. To go on from: "run-3.checkpoint"; to
 * branch from: "run-3-tick-120.checkpoint". */
char *checkpoint_name(int64_t run);
char *checkpoint_kept_name(int64_t run, int64_t tick);

/* The run's newest checkpoint, or the one before where it cannot be used, which then takes its
 * place; NULL: none. What was refused and why is added to `note`. */
struct world *checkpoint_newest(const char *directory, int64_t run, uint64_t experiment,
				struct run_progress *p, int threads, struct text *note);
/* Both, of a run whose result is safe. */
void checkpoint_remove(const char *directory, int64_t run);
/* Those of all runs, and what a killed process left of one; with `kept` also those to branch from.
 * Then the directory, if nothing else is in it. */
void checkpoints_clear(const char *directory, bool kept);

#endif
