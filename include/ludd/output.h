/* Floor 5. The output directory. A file carries its final name only when it is complete: written under
 * a temporary name beside the target, fsync, rename, fsync of the directory. */
#ifndef LUDD_OUTPUT_H
#define LUDD_OUTPUT_H

#include <stdio.h>

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/run.h"

/* Shortest decimal form that reads back as x ("" for NaN, "inf" never occurs in valid output); locale
 * free. Returns the length; text holds 32 bytes. */
int number_text(double x, char text[32]);
/* An RFC 4180 field, quoted where needed. */
void csv_field(FILE *f, const char *text);

struct outfile { /* a file being written under a temporary name */
	FILE *stream;
	char *path, *temporary;
};
int outfile_open(struct outfile *f, const char *directory, const char *name, struct err *e);
int outfile_commit(struct outfile *f, struct err *e); /* flush, fsync, rename, fsync directory */
void outfile_abandon(struct outfile *f);              /* removes the temporary; safe after commit */
int write_text_file(const char *directory, const char *name, const char *text, struct err *e);
/* xxh3-64 of a file's bytes as 16 hex digits. */
int file_digest(const char *directory, const char *name, char hex[17], struct err *e);

/* Opens DIR for an experiment: creates it (and parents); refuses one that holds an experiment.json or
 * series.csv unless `force`; checks that it can be written. Nothing is changed on refusal. */
int output_prepare(const char *directory, bool force, struct err *e);

struct output; /* series.csv, summary.csv and the panels, in the order of runs */
struct output *output_open(const struct experiment *x, const char *directory, struct err *e);
/* Hands over a finished run (in any order; thread safe). Results are written in run order as soon as all
 * earlier runs are there, then freed; summary numbers are kept for the comparison. */
int output_add(struct output *o, struct run_result *r, struct err *e);
/* Completes all files: series.csv, summary.csv, compare.csv, design.csv, panels, datapackage.json,
 * experiment.json. `failed` runs make it fail. */
int output_close(struct output *o, struct err *e);
void output_abandon(struct output *o); /* leaves nothing behind */

struct manifest { /* what manifest.json says beyond the files */
	const char *command_line;
	double started, ended; /* seconds since the epoch */
	int jobs, threads;
	struct run_note {
		struct run_id id;
		uint64_t state_hash;
		double seconds;
		const char *status; /* "done" or the failure's sentence */
	} *runs;
	int64_t run_count;
	double phase_seconds[32];
};
int manifest_write(const struct experiment *x, const struct manifest *m, const char *directory,
		   struct err *e);

/* Window means of one run: means of all metrics over the window's rows, plus peak unemployment and months
 * with unemployment more than one point above the baseline scenario's same replicate. */
struct summary_row {
	double *mean; /* metric_count() */
	double unemployment_peak;
	int64_t unemployment_high_months;
};

/* compare.csv of a directory that holds series.csv and experiment.json; also prints nothing. */
int compare_write(const struct experiment *x, const char *directory, int baseline, struct err *e);
/* The result table of `ludd run`: to stream. */
int compare_print(const struct experiment *x, const char *directory, FILE *stream, struct err *e);

#endif
