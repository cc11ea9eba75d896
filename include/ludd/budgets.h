/* Floor 2. What households and the state want to spend on consumption goods this month (E30). */
#ifndef LUDD_BUDGETS_H
#define LUDD_BUDGETS_H

#include "ludd/world.h"

/* Of workers and the periphery, mills: rows first .. first+count-1, all of the core or all of the
 * periphery. */
void budgets_of(const struct world *w, int64_t first, int count, int64_t *budget);

/* Of all owners together; of each in scratch->owner_part. */
int64_t owners_budgets(struct world *w);
int64_t state_budget(struct world *w);

#endif
