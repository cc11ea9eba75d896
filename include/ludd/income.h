/* Floor 2. Income of the month after tax. It is no column: it follows from pay, post, time out of
 * work and the month's terms, from wages_paid until the people move in the next month. (Who loses
 * the post when a firm closes was paid this month; the time out of work is 0.) */
#ifndef LUDD_INCOME_H
#define LUDD_INCOME_H

#include "ludd/world.h"

/* Of rows first .. first+count-1, mills; all of the core, or all of the periphery. */
void incomes_of(const struct world *w, int64_t first, int count, int64_t *income);
int64_t person_income(const struct world *w, int64_t n);

#endif
