/* The month's books (E32-E34): interest, wear, taxes, levy, courses; overdrafts,
 * repayment, dividends; then state, bank, fund and owners. Every firm works on its own row; what
 * it pays to bank, state, fund and owners is added up by blocks. */
#include <string.h>

#include "ludd/firm.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

enum { INTEREST, TAX, LEVY, COURSES, DIVIDENDS, REPAID, LENT }; /* places in tally.money */

/* Wear of the month's machines at the published price, mills; the machines shrink by it. */
static double machines_wear(struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double lost = p->production.depreciation * f->capital[j];
	double ai_lost = p->automation.depreciation * f->ai_capital[j];

	f->capital[j] -= lost;
	f->ai_capital[j] -= ai_lost;
	return w->pub.capital_price * (lost + ai_lost);
}

/* What AI saves in wages a month less the wear of AI capital (E32). */
static double ai_rent(const struct world *w, int64_t j)
{
	const struct params *p = &w->par;
	const struct firms *f = &w->firm;
	double a = f->automation[j];
	double wear = p->automation.capital_per_output * a * f->demand_slow[j] /
		      p->production.normal_utilisation * p->automation.depreciation;

	return (double)f->wages[j] * a / (1.0 - a) - wear * w->pub.capital_price;
}

/* E32: interest, courses, profit tax, levy on AI rent. Writes the month's profit after tax, tells
 * the one before. */
static int64_t firm_pays_dues(struct world *w, int64_t j, struct tally *t)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	int64_t wear = mills(machines_wear(w, j), &w->fault, j, "wear");
	int64_t courses = mills(f->training[j] * (double)f->wages[j], &w->fault, j, "courses");
	int64_t interest =
		mills((double)f->loan[j] * w->pub.loan_rate / 12.0, &w->fault, j, "interest");
	int64_t net = f->sales[j] - f->wages[j] - interest - wear - courses;
	int64_t tax = 0, levy = 0;
	double rate = smaller(1.0, p->state.ai_levy + f->fund_share[j]);

	money_pay(&f->cash[j], &t->money[INTEREST], interest);
	money_pay(&f->cash[j], &t->money[COURSES], courses);
	if (net > 0)
		tax = (int64_t)(p->state.profit_tax * (double)net);
	if (rate > 0.0 && net > tax && f->automation[j] > 0.0)
		levy = (int64_t)(rate * clamp(ai_rent(w, j), 0.0, (double)(net - tax)));
	money_pay(&f->cash[j], &t->money[TAX], tax);
	money_pay(&f->cash[j], &t->money[LEVY], levy);
	f->net_profit[j] = net - tax - levy;
	t->real[0] += (double)wear;
	t->real[1] += (double)net;
	if (j == w->giant)
		w->census.giant_profit = net;
	return net;
}

/* E33: a negative deposit becomes a loan; repayment; dividends out of what exceeds the reserve. */
static void firm_settles(struct world *w, int64_t j, int64_t profit_before_tax, struct tally *t)
{
	const struct params *p = &w->par;
	struct firms *f = &w->firm;
	double reserve = p->finance.liquidity * (double)f->wages[j], excess, paid_out;
	int64_t repay, dividend;

	f->profit[j] += 0.08 * ((double)f->net_profit[j] - f->profit[j]);
	f->loss_months[j] = profit_before_tax < 0 ? month_more(f->loss_months[j]) : 0;
	if (f->cash[j] < 0) {
		t->money[LENT] -= f->cash[j];
		money_lend(&f->cash[j], &f->loan[j], -f->cash[j]);
	}
	repay = (int64_t)(p->finance.amortisation * (double)f->loan[j]) +
		(int64_t)(0.05 * larger(0.0, (double)f->cash[j] - reserve));
	repay = smaller_i64(repay, smaller_i64(f->loan[j], f->cash[j]));
	money_lend(&f->cash[j], &f->loan[j], -repay);
	t->money[REPAID] += repay;
	excess = (double)f->cash[j] - reserve;
	if (excess <= 0.0)
		return;
	paid_out =
		p->finance.payout * larger(0.0, f->profit[j]) + p->finance.excess_payout * excess;
	if (j == w->giant && f->staff[j] > 0)
		paid_out += p->giant.executive_pay * (double)f->wages[j] / f->staff[j];
	dividend = (int64_t)smaller(excess, paid_out);
	money_pay(&f->cash[j], &t->money[DIVIDENDS], dividend);
}

static struct tally firms_close_books(struct world *w)
{
	PAR_STRIPS(b, w->firms, w->threads) {
		struct tally t = {0};
		STRIP_ROWS(j, b, w->firms) {
			if (w->firm.alive[j]) {
				firm_settles(w, j, firm_pays_dues(w, j, &t), &t);
			} else { /* idle machines wear three times as fast (E35) */
				for (int i = 0; i < 3; i++)
					machines_wear(w, j);
			}
			t.count[0] += w->firm.loan[j];
		}
		w->scratch->tally[b] = t;
	}
	return tally_sum(w->scratch->tally, par_strips(w->firms));
}

/* E34: the state pays interest to the bank, the bank dividends out of what exceeds its capital. */
static void bank_pays(struct world *w)
{
	const struct params *p = &w->par;
	struct ledger *l = &w->ledger;
	int64_t interest, dividend;

	interest = mills(larger(0.0, -(double)l->state) * p->state.debt_rate / 12.0, &w->fault, 0,
			 "interest on public debt");
	money_pay(&l->state, &l->bank, interest);
	dividend = mills(p->finance.bank_payout *
			 larger(0.0, (double)l->bank -
					     p->finance.bank_capital * (double)w->census.loans),
			 &w->fault, 0, "bank dividend");
	money_pay(&l->bank, &l->pool, dividend);
	w->census.flow.interest_state = interest;
	w->census.flow.bank_dividend = dividend;
}

static void owners_receive(struct world *w)
{
	owners_share(w, w->ledger.pool, w->owner.weight, &w->ledger.pool, OWNERS_RECEIVE);
	memcpy(w->owner.dividends, w->scratch->owner_part, sizeof(int64_t) * (size_t)w->owners);
}

void accounts_close(struct world *w)
{
	struct flows *flow = &w->census.flow;
	struct ledger *l = &w->ledger;
	struct tally t = firms_close_books(w);

	flow->interest = money_drain(&t.money[INTEREST], &l->bank);
	flow->profit_tax = money_drain(&t.money[TAX], &l->state);
	flow->training = money_drain(&t.money[COURSES], &l->state);
	flow->levy = money_drain(&t.money[LEVY], &l->fund);
	flow->dividends = money_drain(&t.money[DIVIDENDS], &l->pool);
	flow->repaid = t.money[REPAID];
	flow->lent += t.money[LENT];
	w->census.wear = t.real[0];
	w->census.tax_base = t.real[1];
	w->census.loans = t.count[0];
	bank_pays(w);
	owners_receive(w);
	l->fund_dividend = (int64_t)(w->par.state.fund_payout * (double)l->fund) / w->people;
}
