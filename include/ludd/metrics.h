/* Floor 2. Metrics: names, units and values, generated from metrics.def. */
#ifndef LUDD_METRICS_H
#define LUDD_METRICS_H

#include "ludd/census.h"

struct metric_info {
	const char *name, *unit, *doc, *source;
};

int metric_count(void);
const struct metric_info *metric_at(int i);
int metric_by_name(const char *name); /* -1 where there is none */
const char *metric_nearest(const char *name);
void metrics_of(const struct census *c, double *row); /* row: metric_count() numbers */

#endif
