/* Floor 5. The output directory. A file carries its final name only when it is complete: written
 * under a temporary name beside the target, fsync, rename, fsync of the directory. All failures
 * to read or write are EXIT_IO and name the file and the system's reason. */
#ifndef LUDD_OUTPUT_H
#define LUDD_OUTPUT_H

#include <stdio.h>

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/run.h"

/* Shortest decimal form that reads back as x ("" for NaN, "inf" never occurs in valid output);
 * locale free. Returns the length; text holds 32 bytes. */
int number_text(double x, char text[32]);
/* Its inverse: reads a whole field, in any locale. NaN for ""; false where it is no number. */
bool number_read(const char *field, double *x);
/* An RFC 4180 field, quoted where needed. */
void csv_field(FILE *f, const char *text);

struct outfile { /* a file being written under a temporary name */
	FILE *stream;
	char *path, *temporary;
};
int outfile_open(struct outfile *f, const char *directory, const char *name, struct err *e);
int outfile_write(struct outfile *f, const char *text, size_t length, struct err *e);
int outfile_commit(struct outfile *f, struct err *e); /* flush, fsync, rename, fsync directory */
void outfile_abandon(struct outfile *f);              /* removes the temporary; safe after commit */
int write_text_file(const char *directory, const char *name, const char *text, struct err *e);
/* xxh3-64 of a file's bytes as 16 hex digits. */
int file_digest(const char *directory, const char *name, char hex[17], struct err *e);

/* Opens DIR for an experiment: creates it (and parents); refuses (EXIT_USAGE) one that holds an
 * experiment.json or series.csv unless `force`; checks that it can be written. Nothing is changed
 * on refusal. With `force` temporary files that an interrupted process left are removed; results
 * stay until output_close replaces them. */
int output_prepare(const char *directory, bool force, struct err *e);

struct output; /* series.csv, summary.csv and the panels, in the order of runs */
/* `x` must outlive the output. */
struct output *output_open(const struct experiment *x, const char *directory, struct err *e);
/* Hands over a finished or failed run (in any order; thread safe): what r holds is taken or
 * freed, its identity, hash, times and err stay. Results are written in run order as soon as all
 * earlier runs are there, then freed; summary numbers are kept for the comparison. */
int output_add(struct output *o, struct run_result *r, struct err *e);
/* Completes all files: series.csv, summary.csv, compare.csv, design.csv, panels,
 * datapackage.json, experiment.json; removes those of an earlier experiment that this one has
 * not. Fails (EXIT_RUN) and leaves nothing where a run failed or is missing. Always frees o. */
int output_close(struct output *o, struct err *e);
void output_abandon(struct output *o); /* leaves nothing behind; frees o; NULL is allowed */

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
/* Comes last: lists size and digest of every output file that is there. */
int manifest_write(const struct experiment *x, const struct manifest *m, const char *directory,
		   struct err *e);

/* summary.csv read back: value[] is NaN where a cell is empty or a run is missing. */
struct summary_table {
	char **columns, **scenarios, **windows; /* columns: metrics, then unemployment_peak and
						   unemployment_high_months */
	int column_count, scenario_count, window_count;
	int64_t points, replicates;
	double *value; /* [scenario][point][window][column][replicate] */
};
struct summary_table *summary_read(const char *directory, struct err *e); /* NULL on failure */
void summary_table_free(struct summary_table *t);
/* The replicates' values of one cell. */
const double *summary_cell(const struct summary_table *t, int scenario, int64_t point, int window,
			   int column);

struct compare_options { /* what to compare; a NULL pointer to it, or {0}, means all */
	const char *baseline; /* scenario; NULL = the one experiment.json names */
	const char *const *metrics; /* columns of summary.csv; 0: all (printed: the main ones) */
	int metric_count;
	const char *const *windows; /* 0: all */
	int window_count;
};
/* These read the directory's files only: summary.csv and, for what the options leave open and for
 * the headings, experiment.json. An unknown name is EXIT_USAGE, with a suggestion. */
/* compare.csv, and the same text to a stream. */
int compare_write(const char *directory, const struct compare_options *o, struct err *e);
int compare_rows(const char *directory, const struct compare_options *o, FILE *stream,
		 struct err *e);
/* The result table of `ludd run` and `ludd compare`, at most 100 columns wide. */
int compare_print(const char *directory, const struct compare_options *o, FILE *stream,
		  struct err *e);

#endif
