#include "ludd/budgets.h"

#include "ludd/scratch.h"

struct propensities propensities_of(const struct world *w)
{
	const struct params *p = &w->par;

	return (struct propensities){
		.of_income = p->households.consumption_of_income * (1.0 + w->pub.confidence),
		.of_wealth = p->households.consumption_of_wealth,
	};
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
