/* E30. Workers spend a part of this month's income and a part of the other deposits, and no more
 * than they have. Income (E28) is computed on the way. What people live on is told first, in
 * numbers of the width of a firm's: a loop over mills that reads narrower ones takes its rows
 * apart. */
#include "ludd/budgets.h"

#include "ludd/income.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

/* Rows at a time, and how far ahead memory is asked for in between: between the other loops of a
 * market no processor sees that rows are read in order. */
enum { AT_ONCE = 64, AHEAD = 192 };

struct propensities { /* to consume */
	double of_income, of_wealth;
};

static inline int64_t budget_of(struct propensities spend, int64_t cash, int64_t income)
{
	double wish = spend.of_income * (double)income + spend.of_wealth * (double)(cash - income);
	int64_t whole = (int64_t)(wish > 0.0 ? wish : 0.0);

	return cash < whole ? cash : whole;
}

VECTOR_BODY sources_body(int count, const uint32_t *restrict employer,
			 const uint16_t *restrict spell, struct income_rules r,
			 uint32_t *restrict source)
{
	for (int i = 0; i < count; i++)
		source[i] = income_source(r, employer[i], spell[i]);
}

VECTOR_BODY core_body(int count, const int64_t *restrict cash, const int64_t *restrict last_pay,
		      const uint32_t *restrict source, struct income_rules r,
		      struct propensities spend, int64_t *restrict budget)
{
	for (int i = 0; i < count; i++)
		budget[i] = budget_of(spend, cash[i], income_from(r, source[i], last_pay[i]));
}

VECTOR_BODY periphery_body(int count, const int64_t *restrict cash,
			   const uint32_t *restrict employer, int64_t pay,
			   struct propensities spend, int64_t *restrict budget)
{
	for (int i = 0; i < count; i++)
		budget[i] = budget_of(spend, cash[i], employer[i] == NO_FIRM ? 0 : pay);
}

VECTOR_VERSIONS(sources,
		(int count, const uint32_t *employer, const uint16_t *spell, struct income_rules r,
		 uint32_t *source),
		count, employer, spell, r, source)
VECTOR_VERSIONS(core,
		(int count, const int64_t *cash, const int64_t *last_pay, const uint32_t *source,
		 struct income_rules r, struct propensities spend, int64_t *budget),
		count, cash, last_pay, source, r, spend, budget)
VECTOR_VERSIONS(periphery,
		(int count, const int64_t *cash, const uint32_t *employer, int64_t pay,
		 struct propensities spend, int64_t *budget),
		count, cash, employer, pay, spend, budget)

static void core_budgets(const struct world *w, int64_t first, int count,
			 struct propensities spend, int64_t *budget)
{
	const struct workers *x = &w->worker;
	int64_t everybody = w->people + w->periphery;
	struct income_rules r = income_rules(w);
	uint32_t source[AT_ONCE];

	for (int at; count > 0; first += at, budget += at, count -= at) {
		at = count < AT_ONCE ? count : AT_ONCE;
		FETCH_ROWS(x->cash, first + AHEAD, at, everybody);
		FETCH_ROWS(x->employer, first + AHEAD, at, everybody);
		FETCH_ROWS(x->spell, first + AHEAD, at, everybody);
		VECTOR_CALL(sources, at, &x->employer[first], &x->spell[first], r, source);
		VECTOR_CALL(core, at, &x->cash[first], &x->last_pay[first], source, r, spend,
			    budget);
	}
}

void budgets_of(const struct world *w, int64_t first, int count, int64_t *budget)
{
	const struct params *p = &w->par;
	struct propensities spend = {
		.of_income = p->households.consumption_of_income * (1.0 + w->pub.confidence),
		.of_wealth = p->households.consumption_of_wealth,
	};

	if (first < w->people)
		core_budgets(w, first, count, spend, budget);
	else
		VECTOR_CALL(periphery, count, &w->worker.cash[first], &w->worker.employer[first],
			    w->terms.periphery_pay, spend, budget);
}

/* Owners spend out of last month's dividends and out of deposits. */
int64_t owners_budgets(struct world *w)
{
	const struct params *p = &w->par;
	int64_t total = 0;

	for (int64_t o = 0; o < w->owners; o++) {
		int64_t cash = w->owner.cash[o], income = w->owner.dividends[o];
		double wish = p->households.owners_consumption_of_income *
				      (1.0 + w->pub.confidence) * (double)income +
			      p->households.owners_consumption_of_wealth * (double)(cash - income);
		w->scratch->owner_part[o] = smaller_i64(larger_i64(0, cash),
			mills(larger(0.0, wish), &w->fault, o, "owner's budget"));
		total += w->scratch->owner_part[o];
	}
	return total;
}

/* Real purchases per head follow output per worker, or from automation.start the old trend. */
int64_t state_budget(struct world *w)
{
	const struct params *p = &w->par;
	double real = p->state.spending == SPENDING_EXOGENOUS_TREND ? w->pub.productivity_trend
								    : w->pub.productivity_real;
	return mills(p->state.purchases * 0.94 * (double)w->people * w->pub.price * real, &w->fault,
		     0, "public purchases");
}
