/* Floor 5. What the files output*.c share; nobody else includes it. */
#ifndef LUDD_OUTPUT_PARTS_H
#define LUDD_OUTPUT_PARTS_H

#include "ludd/json.h"
#include "ludd/output.h"
#include "ludd/output_sensitivity.h"
#include "ludd/sensitivity.h"
#include "ludd/statistics.h"
#include "ludd/text.h"
#include "ludd/world.h"

/* output_file.c */
int io_failed(struct err *e, const char *what, const char *path, int reason);
int directory_make(const char *directory, struct err *e); /* with its parents */
void temporaries_remove(const char *directory); /* what a killed process left */
/* outfile_open, under a temporary name that no other process uses and that temporaries_remove
 * knows: .NAME.tmp-0 in `workplace`, on the same disk. What a killed process left there is lost. */
int outfile_open_in(struct outfile *f, const char *directory, const char *name,
		    const char *workplace, struct err *e);
bool file_synced(int descriptor); /* some file systems cannot: that is no failure */
bool file_there(const char *directory, const char *name, int64_t *bytes); /* bytes may be NULL */
int file_remove(const char *directory, const char *name, struct err *e);  /* fine where none is */
char *file_text(const char *directory, const char *name, struct err *e);  /* or NULL; mem_free it */
/* The next line with its end into *line, whose room grows; its length, 0 at the end and after a
 * failure (ferror tells). */
size_t line_take(FILE *f, char **line, size_t *room);

/* A new file to read and write that is gone when it is closed, however the process ends; or -1. */
int file_nameless(const char *directory);

/* output_cells.c: numbers by their place. Memory holds CELLS_HELD of them at most: where there are
 * more they lie in a file in `directory` or, where that cannot be written, $TMPDIR or /tmp. */
enum { CELLS_HELD = 1 << 17 };
struct cells {
	const char *directory; /* of the file */
	int descriptor;
	uint64_t *held; /* NULL where they lie in the file */
};
int cells_open(struct cells *c, int64_t count, const char *directory, struct err *e);
void cells_close(struct cells *c); /* fine on {0} */
int cells_put(struct cells *c, int64_t at, const double *x, int64_t n, struct err *e);
/* NaN where nothing was put; may be called by several threads at once. */
int cells_get(const struct cells *c, int64_t at, double *x, int64_t n, struct err *e);

/* output_read.c: summary.csv */
struct summary_table {
	char **columns, **scenarios, **windows; /* columns: metrics, then unemployment_peak and
						   unemployment_high_months */
	int column_count, scenario_count, window_count;
	int64_t points, replicates, rows;
	/* what summary_load reads: a cell is the replicates of a scenario and point; they follow
	 * each other by column, window, scenario and point */
	struct cells cells;
	int *column_place, *window_place; /* -1: not read */
	int windows_read;
	int64_t points_read;
};
/* The names and sizes; NULL on failure. */
struct summary_table *summary_open(const char *directory, struct err *e);
struct summary_choice { /* positions */
	const int *columns, *windows;
	int column_count, window_count;
	int64_t points; /* at most so many, the first; 0: all */
};
/* `directory` must outlive the table. */
int summary_load(struct summary_table *t, const char *directory, const struct summary_choice *c,
		 struct err *e);
void summary_free(struct summary_table *t);
/* The replicates of `points` points in a row; NaN where a cell is empty or a run is missing. May be
 * called by several threads at once. */
int summary_cells(const struct summary_table *t, int scenario, int64_t point, int64_t points,
		  int window, int column, double *out, struct err *e);

/* output_tables.c: what the tables look like */
struct table_column {
	const char *name, *type, *unit, *doc; /* type: integer, number, string (Frictionless) */
};
struct table { /* one CSV file */
	const char *file, *doc;
	struct table_column *columns;
	int count;
};
enum table_name {
	TABLE_SERIES, TABLE_SUMMARY, TABLE_COMPARE, TABLE_DESIGN, TABLE_SENSITIVITY,
	TABLE_TRANSITIONS, TABLE_FIRMS, TABLE_WORKERS,
	TABLE_COUNT
};
/* The columns of a table for this experiment; table_free frees them. */
struct table table_of(const struct experiment *x, enum table_name name);
void table_free(struct table *t);
bool table_wanted(const struct experiment *x, enum table_name name);
void table_header(const struct table *t, struct text *text); /* the first line of the file */
/* output_series.c: rows */
void series_rows(const struct experiment *x, const struct run_result *r, struct text *text);
/* output_design.c */
/* Which parameters the points of a sweep set, by position; caller frees with mem_free. */
bool *design_varied(const struct experiment *x);
/* design.csv, where it is wanted; whether the file is that of x (EXIT_USAGE where it is not). */
int design_write(const struct experiment *x, const char *directory, struct err *e);
int design_same(const struct experiment *x, const char *directory, struct err *e);

/* output_summary.c */
/* Rows of summary.csv of one run, without the last column: it depends on the baseline's run. */
void summary_rows(const struct experiment *x, const struct run_result *r, struct text *text);
/* Months of each window with high unemployment: x->window_count numbers. Both records hold their
 * SECTION_UNEMPLOYMENT. */
void high_months_count(const struct experiment *x, const struct record *r,
		       const struct record *base, int64_t *months);

/* output_record.c: numbers in journals */
void word_put(char *to, uint64_t x);
uint64_t word_get(const char *from);
double number_get(const char *from);
bool record_starts(const char *bytes); /* maybe: 8 bytes */
/* output_journal.c: 1: the file is held from now on; 0: another process has it; -1: errno tells. */
int file_hold(int descriptor, bool wait, long *holder);

/* output_shards.c: the directory DIR/shards */
/* shards/lock, held by one process at a time until it is closed; -1 on failure. */
int shards_lock(const char *directory, struct err *e);
/* The journals that are there, by division and number; their number, or -1. */
int journals_list(const char *directory, struct shard **list, struct err *e);
int shards_begin(const struct experiment *x, const char *directory, struct err *e);
int shards_remove(const char *directory, struct err *e); /* EXIT_IO where one is in use */
/* Whether a file of DIR is the resolved x; names the first difference. */
int experiment_same(const struct experiment *x, const char *directory, const char *name,
		    struct err *e);

/* output.c: the journals of a directory, read as one table of runs */
enum { GROWN = 4 };
enum run_state { RUN_MISSING, RUN_FAILED, RUN_DONE };
struct output {
	const struct experiment *x;
	char *directory;
	struct journal_identity identity;
	bool traced;
	struct journal *journals; /* the first is the one that is written to, if any is */
	int journal_count, open_count;
	struct entry { /* where a run is recorded */
		int64_t offset;
		int32_t journal, state; /* enum run_state */
	} *runs;
	struct session { /* a process that wrote */
		int64_t offset;
		int journal;
	} *sessions;
	int64_t session_count, done, failed;
	double synced; /* seconds: when the journal last went to the disk */
	bool syncing;
	struct growing { /* output_grow.c: files with rows of every run, in the order of runs */
		struct outfile files[GROWN]; /* stream NULL where the file is not wanted */
		struct record read;          /* a run that was read back */
		int64_t next;                /* the first run whose rows they lack */
		bool open, busy;             /* busy: a thread is writing to them */
	} grown;
};
/* Reads the record of a run that has one, whole or one section. */
int output_record(struct output *o, int64_t run, int only, struct record *r, struct err *e);
int output_session(struct output *o, int64_t session, struct record *r, struct err *e);
/* output_status.c: "1,4-6" as it grows, numbers in order */
struct ranges {
	struct text *text;
	int64_t first, last; /* first > last: nothing open */
	const char *comma;
};
struct ranges ranges_begin(struct text *text);
void range_add(struct ranges *r, int64_t n);
void range_close(struct ranges *r);
char *output_rest(struct output *o); /* what is not done, as a sentence; mem_free it */

/* output_grow.c */
/* `early`: while runs are under way, and so under names in DIR/shards. */
int growing_begin(struct output *o, bool early, struct err *e);
/* After a run was recorded, its record at hand: adds what is due. Nothing where the files are not
 * open; after a failure they are gone. Thread safe. */
int growing_add(struct output *o, const struct record *r, struct err *e);
int growing_finish(struct output *o, struct err *e); /* the rows of all runs that are done */
int growing_commit(struct growing *g, struct err *e);
void growing_abandon(struct growing *g); /* fine after commit */
const char *growing_digest(const struct growing *g, enum table_name table); /* NULL: not known */

/* output_collect.c: whether the replicate of a run is done in every scenario, at its point */
bool group_done(const struct output *o, int64_t run);
/* output_transitions.c: transitions.csv, where it is wanted */
int transitions_write(struct output *o, struct err *e);

/* output_manifest.c */
char *session_text(const struct manifest *m, const struct shard *shard); /* JSON; mem_free it */
/* Comes last: lists the runs, and size and digest of every file that is there. */
int manifest_write(struct output *o, const struct manifest *m, struct err *e);

/* output_package.c: datapackage.json */
char *package_text(const struct experiment *x); /* caller frees with mem_free */
char *json_text(cJSON *item); /* as a file; frees item; caller frees the text with mem_free */

/* output_stream.c: series.csv row by row */
struct series_place {
	int64_t byte, line; /* in the file; lines count from 1; 0: not known */
};
struct series_stream {
	FILE *file;
	char *path, *header, *line;
	char **columns; /* names of the metrics */
	int column_count;
	size_t room;
	struct series_place at, after; /* of the line at hand, behind it */
	struct series_place first_row;
	int64_t bytes; /* of the file */
	/* the row at hand */
	const char *scenario, *values; /* values: the metrics' cells, with their commas */
	int64_t run, point, replicate, tick;
};
int series_open(struct series_stream *s, const char *directory, struct err *e);
int series_next(struct series_stream *s, struct err *e); /* 1; 0 after the last row; -1 */
/* To the first row for which order() is not under 0; rows are in that order. As series_next; few
 * rows are read. */
int series_find(struct series_stream *s,
		int (*order)(const struct series_stream *row, const void *context),
		const void *context, struct err *e);
void series_close(struct series_stream *s);
/* The first column whose cells differ, or -1; both have the same columns. */
int series_first_difference(const struct series_stream *a, const struct series_stream *b,
			    const bool *passed_over);
bool *series_labels(const struct series_stream *s); /* a column each; mem_free it */

/* output_parted.c: the first tick at which a run's row differs from that of the baseline's run of
 * the same point and replicate, in any metric but labels; NaN where none does. NULL on failure;
 * without a series.csv all are NaN. Caller frees with mem_free. */
double *parting_ticks(const char *directory, const struct summary_table *t, int baseline,
		      struct err *e); /* [scenario][point][replicate] */

/* output_comparison.c */
struct comparison { /* the chosen columns and windows, as positions in the table */
	struct summary_table *table;
	struct json_doc *experiment; /* experiment.json; NULL where it cannot be read */
	int baseline;
	int *columns, *windows;
	int column_count, window_count;
};
/* Reads the names in the directory and resolves the options (NULL: all). comparison_close frees. */
int comparison_open(struct comparison *c, const char *directory, const struct compare_options *o,
		    struct err *e);
/* Then reads the numbers of the columns and windows; of the first so many points, 0: of all. */
int comparison_load(struct comparison *c, const char *directory, int64_t points, struct err *e);
void comparison_close(struct comparison *c);
const cJSON *comparison_fact(const struct comparison *c, const char *key); /* of experiment.json */

/* output_compare.c */
#define BIMODAL 0.01 /* a dip that one mode has with a smaller chance is a sign of several */
/* output_print_worlds.c: what stands under the result table */
int worlds_print(const struct comparison *c, const char *directory, FILE *stream, struct err *e);
/* output_print.c: a number with a dot before its decimals in every locale */
void decimal_text(double x, int decimals, bool sign, char text[64]);
/* output_print.c: the metrics shown where none were chosen; NULL after the last */
const char *main_metric_name(int i);

/* output_sensitivity.c */
struct question { /* positions in the table of summary.csv */
	int column, window, scenario;
	int baseline; /* -1: the scenario's own values */
};
struct answer {
	struct morris_effect *effects; /* Morris, one a dimension */
	double *noise;
	struct sobol_index *indices;   /* Saltelli, one a dimension */
	struct seed_share seed;
	double mean;    /* of the metric over the design */
	struct err err; /* code 0: the above holds */
};
struct analysis {
	const struct experiment *x;
	const struct design *design; /* the experiment's */
	struct comparison compared;
	struct question *questions;
	struct answer *answers;
	int count;
};
/* Reads the directory and answers all questions; analysis_close frees. */
int analysis_open(struct analysis *a, const struct experiment *x, const char *directory,
		  const struct sensitivity_options *o, struct err *e);
void analysis_close(struct analysis *a);

#endif
