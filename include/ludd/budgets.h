/* Floor 2. What households and the state want to spend on consumption goods this month (E30). */
#ifndef LUDD_BUDGETS_H
#define LUDD_BUDGETS_H

#include "ludd/world.h"

/* Workers spend a part of this month's income and a part of the other deposits, and no more than
 * they have. */
struct propensities { /* to consume */
	double of_income, of_wealth;
};
struct propensities propensities_of(const struct world *w);

static inline int64_t budget_of(struct propensities spend, int64_t cash, int64_t income)
{
	double wish = spend.of_income * (double)income + spend.of_wealth * (double)(cash - income);
	int64_t whole = (int64_t)(wish > 0.0 ? wish : 0.0);

	return cash < whole ? cash : whole;
}

/* Of all owners together; of each in scratch->owner_part. */
int64_t owners_budgets(struct world *w);
int64_t state_budget(struct world *w);

#endif
