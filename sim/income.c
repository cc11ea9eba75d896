/* E28: the employed get their pay less wage tax; people out of work a part of their last pay for
 * some months, then assistance; everybody of the core basic income and the fund's dividend. E27:
 * people of the periphery who have work all get one wage. */
#include "ludd/income.h"

#include "ludd/vector.h"

VECTOR_BODY core_body(int count, const uint32_t *restrict employer, const uint16_t *restrict spell,
		      const int64_t *restrict last_pay, struct income_rules r,
		      int64_t *restrict income)
{
	for (int i = 0; i < count; i++)
		income[i] = income_of(r, employer[i], spell[i], last_pay[i]);
}

VECTOR_VERSIONS(core,
		(int count, const uint32_t *employer, const uint16_t *spell,
		 const int64_t *last_pay, struct income_rules r, int64_t *income),
		count, employer, spell, last_pay, r, income)

static void periphery_incomes(const struct world *w, int64_t first, int count, int64_t *income)
{
	const uint32_t *employer = &w->worker.employer[first];

	for (int i = 0; i < count; i++)
		income[i] = employer[i] == NO_FIRM ? 0 : w->terms.periphery_pay;
}

struct income_rules income_rules(const struct world *w)
{
	const struct params *p = &w->par;
	return (struct income_rules){
		.tax = p->state.wage_tax,
		.benefit = p->state.benefit_replacement,
		.gift = w->terms.basic_income + w->terms.dividend,
		.assistance = w->terms.assistance,
		.months = (int)smaller_i64(p->state.benefit_months, UINT16_MAX),
	};
}

void incomes_of(const struct world *w, int64_t first, int count, int64_t *income)
{
	if (first >= w->people)
		periphery_incomes(w, first, count, income);
	else
		VECTOR_CALL(core, count, &w->worker.employer[first], &w->worker.spell[first],
			    &w->worker.last_pay[first], income_rules(w), income);
}

int64_t person_income(const struct world *w, int64_t n)
{
	int64_t income;

	incomes_of(w, n, 1, &income);
	return income;
}
