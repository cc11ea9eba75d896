/* Floor 5. sensitivity.csv and the ranking of a sweep's parameters, for the methods made for it
 * (Morris, Saltelli). Read are summary.csv and design.csv of the directory, whose experiment x is;
 * a design.csv that is not x's is refused. */
#ifndef LUDD_OUTPUT_SENSITIVITY_H
#define LUDD_OUTPUT_SENSITIVITY_H

#include <stdio.h>

#include "ludd/experiment.h"

struct sensitivity_options { /* {0}: what sensitivity.csv holds */
	const char *difference; /* only this scenario less the baseline */
	const char *level;      /* only this scenario's own values */
	const char *baseline;   /* NULL = the experiment's */
	const char *const *metrics; /* columns of summary.csv; 0: the main ones */
	int metric_count;
	const char *const *windows; /* 0: all */
	int window_count;
};

/* sensitivity.csv: the main metrics in every window, for every scenario and every difference to the
 * baseline. Cells are empty where an output is missing. Writes nothing for other methods. */
int sensitivity_write(const struct experiment *x, const char *directory, struct err *e);
/* The same columns to a stream, for what the options choose. */
int sensitivity_rows(const struct experiment *x, const char *directory,
		     const struct sensitivity_options *o, FILE *stream, struct err *e);
/* A ranking for a terminal, one table a metric, window and difference (or scenario), at most 100
 * columns wide; where an output is missing it says which. */
int sensitivity_print(const struct experiment *x, const char *directory,
		      const struct sensitivity_options *o, FILE *stream, struct err *e);

#endif
