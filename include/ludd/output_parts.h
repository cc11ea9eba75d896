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
bool file_there(const char *directory, const char *name, int64_t *bytes); /* bytes may be NULL */
int file_remove(const char *directory, const char *name, struct err *e);  /* fine where none is */
char *file_text(const char *directory, const char *name, struct err *e);  /* or NULL; mem_free it */

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
	TABLE_SERIES, TABLE_SUMMARY, TABLE_COMPARE, TABLE_DESIGN, TABLE_SENSITIVITY, TABLE_FIRMS,
	TABLE_WORKERS,
	TABLE_COUNT
};
/* The columns of a table for this experiment; table_free frees them. */
struct table table_of(const struct experiment *x, enum table_name name);
void table_free(struct table *t);
bool table_wanted(const struct experiment *x, enum table_name name);
void table_header(const struct table *t, struct text *text); /* the first line of the file */
/* output_series.c: rows */
void series_rows(const struct experiment *x, const struct run_result *r, struct text *text);
/* output_design.c: rows */
/* Which parameters the points of a sweep set, by position; caller frees with mem_free. */
bool *design_varied(const struct experiment *x);
void design_rows(const struct experiment *x, struct text *text);

/* output_summary.c: window means of every run, kept until all are there */
struct summary;
struct summary *summary_new(const struct experiment *x);
void summary_free(struct summary *s);
void summary_add(struct summary *s, const struct run_result *r); /* one caller at a time */
void summary_rows(const struct summary *s, struct text *text);

/* output_package.c: datapackage.json */
char *package_text(const struct experiment *x); /* caller frees with mem_free */
char *json_text(cJSON *item); /* as a file; frees item; caller frees the text with mem_free */

/* output_compare.c */
struct comparison { /* the chosen columns and windows, as positions in the table */
	struct summary_table *table;
	struct json_doc *experiment; /* experiment.json; NULL where it cannot be read */
	int baseline;
	int *columns, *windows;
	int column_count, window_count;
};
/* Reads the directory and resolves the options (NULL: all). comparison_close frees. */
int comparison_open(struct comparison *c, const char *directory, const struct compare_options *o,
		    struct err *e);
void comparison_close(struct comparison *c);
const cJSON *comparison_fact(const struct comparison *c, const char *key); /* of experiment.json */
void comparison_cell(const struct comparison *c, int scenario, int64_t point, int window,
		     int column, struct stat_paired *out);

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
	struct design design;
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
