/* Floor 3. Inequality measured by histograms of fixed bins (1/64 of an octave), so that it costs
 * one pass and does not depend on order. Within a bin all count as equal: the Gini is low by
 * less than 0.0001. */
#ifndef LUDD_DISTRIBUTION_H
#define LUDD_DISTRIBUTION_H

#include "ludd/world.h"

int64_t distribution_bytes(void); /* of one thread's histograms */
struct histograms *distribution_begun(struct world *w); /* one a thread, empty, of the scratch */
/* Adds rows from .. to-1 of the core; called from a parallel loop over blocks of them. */
void distribution_adds(struct histograms *h, const struct world *w, int64_t from, int64_t to);
/* Empties the histograms; writes the census's median_pay, gini_income, gini_wealth, top1_wealth. */
void distribution_measured(struct world *w, struct histograms *h);

#endif
