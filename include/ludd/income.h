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
enum income_source { INCOME_PAY, INCOME_BENEFIT, INCOME_ASSISTANCE };

static inline uint32_t income_source(struct income_rules r, uint32_t employer, int spell)
{
	uint32_t support = spell > r.months ? INCOME_ASSISTANCE : INCOME_BENEFIT;

	support = spell > 0 ? support : INCOME_PAY;
	return employer == NO_FIRM ? support : INCOME_PAY;
}

/* The source comes as wide as money: a loop over mills that reads narrower numbers takes its rows
 * apart. */
static inline int64_t income_from(struct income_rules r, int64_t source, int64_t last_pay)
{
	double pay = (double)last_pay;
	double part = source == INCOME_BENEFIT ? r.benefit * pay * (1.0 - r.tax) : r.tax * pay;
	int64_t whole = (int64_t)part;
	int64_t income = source == INCOME_BENEFIT ? whole : last_pay - whole;

	return (source == INCOME_ASSISTANCE ? r.assistance : income) + r.gift;
}

/* The same from the row itself, for loops that read it anyway: compilers make more of this form
 * there (wages take 0.6 of the time). tests/test_budgets.c holds the one against the other. */
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
