/* Floor 5. The output directory. A file carries its final name only when it is complete: written
 * under a temporary name beside the target, fsync, rename, fsync of the directory. All failures
 * to read or write are EXIT_IO and name the file and the system's reason. */
#ifndef LUDD_OUTPUT_H
#define LUDD_OUTPUT_H

#include <stdio.h>

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/journal.h"

/* Shortest decimal form that reads back as x ("" for NaN, "inf" never occurs in valid output);
 * locale free. Returns the length; text holds 32 bytes. */
int number_text(double x, char text[32]);
/* Its inverse: reads a whole field, in any locale. NaN for ""; false where it is no number. */
bool number_read(const char *field, double *x);
/* An RFC 4180 field, quoted where needed. */
void csv_field(FILE *f, const char *text);

struct outfile { /* a file being written under a temporary name */
	FILE *stream;
	char *path, *temporary, *buffer;
	char digest[17]; /* of what was written, once it is committed: as file_digest gives it */
};
int outfile_open(struct outfile *f, const char *directory, const char *name, struct err *e);
int outfile_write(struct outfile *f, const char *text, size_t length, struct err *e);
int outfile_print(struct outfile *f, struct err *e, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int outfile_commit(struct outfile *f, struct err *e); /* flush, fsync, rename, fsync directory */
void outfile_abandon(struct outfile *f);              /* removes the temporary; safe after commit */
int write_text_file(const char *directory, const char *name, const char *text, struct err *e);
/* xxh3-64 of a file's bytes as 16 hex digits. */
int file_digest(const char *directory, const char *name, char hex[17], struct err *e);

/* Makes DIR ready for an experiment: creates it (and parents), checks that it can be written.
 * Refuses (EXIT_USAGE) one that holds results, or a begun experiment, unless `force`: then what was
 * begun is removed (EXIT_IO where a process still writes to it), and results stay until new ones
 * replace them. Nothing is changed on refusal. */
int output_prepare(const char *directory, bool force, struct err *e);
/* The same for an experiment that may have been begun there: *finished tells that nothing is left
 * to do. Refuses another experiment, naming the first difference. */
int output_resume(const struct experiment *x, const char *directory, bool *finished,
		  struct err *e);

struct manifest { /* what manifest.json says of the process that writes it */
	const char *command_line;
	double started; /* seconds since the epoch */
	int jobs, threads;
};
double seconds_since_epoch(void);

/* The results of an experiment as they come. DIR/shards holds experiment.json and the journals
 * until the files are made from them. */
struct output;
struct output_options { /* NULL: all runs, no trace */
	struct shard shard; /* count 0 means {0, 1}: all runs */
	bool traced;
	struct manifest self; /* the process, for the journal */
};
/* Begins or continues: holds the journal of the shard, and knows which runs are done. `x` must
 * outlive the output. NULL on failure. */
struct output *output_open(const struct experiment *x, const char *directory,
			   const struct output_options *o, struct err *e);
/* Reads what is there; nothing can be added. NULL on failure. */
struct output *output_watch(const struct experiment *x, const char *directory, struct err *e);
bool output_done(const struct output *o, int64_t run);
/* Records a finished or failed run in the journal (any order; thread safe). */
int output_add(struct output *o, const struct run_result *r, struct err *e);
/* Makes all files from the journals: series.csv, summary.csv, compare.csv, design.csv, panels,
 * trace.csv, datapackage.json, experiment.json and, unless m is NULL, manifest.json; removes those
 * of an earlier experiment that this one has not. Fails (EXIT_RUN) and changes nothing where a run
 * failed or is missing; with `partial` it takes the runs that are there (the summary and the
 * comparison only replicates that all scenarios have) and a file PARTIAL names the rest. */
int output_complete(struct output *o, const struct manifest *m, bool partial, struct err *e);
/* Removes shards/ of finished results, unless more than one shard was at work there. */
int output_clear(const char *directory, struct err *e);
void output_free(struct output *o); /* releases the journal; NULL is allowed */

struct output_shard { /* how far a shard is */
	struct shard shard;
	bool begun, busy; /* its journal is there; a process writes to it */
	long holder;      /* that process; 0: unknown, perhaps of another machine */
	int64_t runs, done, failed;
};
int64_t output_shards(const struct output *o); /* the N in use: the highest of the journals */
/* All shards of N, count of them: caller frees with mem_free. */
struct output_shard *output_progress(const struct output *o, int64_t count);
/* Why a run failed, NULL where it did not; caller frees with mem_free. */
char *output_failure(struct output *o, int64_t run);
/* "4,8,15-20": runs, or shards of N, that are not done and that no process is doing. */
void output_runs_left(const struct output *o, struct text *text);
void output_shards_left(const struct output *o, int64_t count, struct text *text);

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

enum { CELLS = 16 };
struct series_parting { /* the first row in which two runs differ */
	int64_t tick, rows; /* of that row; rows before it */
	int count;          /* metrics that differ in it; 0: one of the runs has no such row */
	struct series_cell {
		char metric[NAME_LENGTH], a[32], b[32];
	} list[CELLS]; /* the first ones, and the last */
};
/* Compares the rows of a run in the series.csv of one directory with those of a run of another,
 * labels left out; memory does not grow with the files. 1: they part; 0: equal; -1. */
int series_part(const char *directory_a, int64_t run_a, const char *directory_b, int64_t run_b,
		struct series_parting *p, struct err *e);

#endif
