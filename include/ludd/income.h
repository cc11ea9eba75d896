/* Floor 2. Income of the month after tax. It is no column: it follows from pay, post, time out of
 * work and the month's terms, from wages_paid until the people move in the next month. (Who loses
 * the post when a firm closes was paid this month; the time out of work is 0.) */
#ifndef LUDD_INCOME_H
#define LUDD_INCOME_H

#include "ludd/world.h"

struct income_rules { /* what is the same for everybody of the core (E28) */
	double tax, benefit;
	int64_t gift, assistance; /* mills */
	int months;               /* of benefit */
};
struct income_rules income_rules(const struct world *w);

static inline int64_t income_tax(struct income_rules r, int64_t pay)
{
	return (int64_t)(r.tax * (double)pay);
}

/* What a person of the core lives on: pay; out of work a part of the last pay for some months, then
 * assistance. */
static inline int64_t income_of(struct income_rules r, uint32_t employer, int spell,
				int64_t last_pay)
{
	bool jobless = (employer == NO_FIRM) & (spell > 0);
	int64_t net = last_pay - income_tax(r, last_pay);
	int64_t benefit = (int64_t)(r.benefit * (double)last_pay * (1.0 - r.tax));
	int64_t support = either_i64(spell <= r.months, benefit, r.assistance);

	return either_i64(jobless, support, net) + r.gift;
}

/* Of rows first .. first+count-1, mills; all of the core, or all of the periphery. */
void incomes_of(const struct world *w, int64_t first, int count, int64_t *income);
int64_t person_income(const struct world *w, int64_t n);

#endif
