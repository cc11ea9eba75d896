/* Floor 3. Inequality measured by histograms of fixed bins (1/64 of an octave), so that it costs
 * one pass and does not depend on order. Within a bin all count as equal: the Gini is low by
 * less than 0.0001. */
#ifndef LUDD_DISTRIBUTION_H
#define LUDD_DISTRIBUTION_H

#include "ludd/world.h"

/* Writes median_pay, gini_income, gini_wealth and top1_wealth of the census. */
void distribution_measured(struct world *w);

#endif
