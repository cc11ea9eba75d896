/* The month's books (E32-E34): interest, wear, taxes, levy, courses; overdrafts,
 * repayment, dividends; then state, bank, fund and owners. Every firm works on its own row; what
 * it pays to bank, state, fund and owners is added up by blocks. */
#include <string.h>

#include "ludd/firm.h"
#include "ludd/owners.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

enum { INTEREST, TAX, LEVY, COURSES, DIVIDENDS, REPAID, LENT }; /* places in tally.money */

struct books { /* of a strip of firms */
	double alive[PAR_STRIP];
	int64_t all[PAR_STRIP]; /* ones for a firm in business, 0 for an empty slot */
	double wear[PAR_STRIP], courses[PAR_STRIP], interest[PAR_STRIP]; /* dues, mills */
	double levy_rate[PAR_STRIP]; /* on AI rent; 0 without AI */
	int64_t net[PAR_STRIP];   /* profit before tax, mills */
	int64_t beyond;           /* dues that money cannot hold */
	int64_t giant;            /* row of it in the strip, or -1 */
	double executive_pay;     /* there, mills */
	int64_t money[LENT + 1];  /* paid or lent by all */
};

/* What is left of machines that wear; the slots' idle machines wear three times as fast (E35). */
static inline double worn(double machines, double speed, bool alive)
{
	double once = machines - speed * machines;
	double twice = once - speed * once;

	return alive ? once : twice - speed * twice;
}

/* What AI saves in wages a month less the wear of AI capital (E32). */
static inline double ai_rent(const struct world *w, double wages, double automation, double demand)
{
	const struct params *p = &w->par;
	double wear = p->automation.capital_per_output * automation * demand /
		      p->production.normal_utilisation * p->automation.depreciation;

	return wages * automation / (1.0 - automation) - wear * w->pub.capital_price;
}

/* An amount that money can hold, else 0; dues_checked reports what could not be held. */
static inline int64_t held(double x)
{
	return (int64_t)(x > -0x1p60 && x < 0x1p60 ? x : 0.0);
}

/* 1 for an amount that money cannot hold. */
static inline int64_t beyond_money(double x)
{
	double size = x < 0.0 ? -x : x;
	return size < 0x1p60 ? 0 : 1;
}

/* E32: wear of the month's machines at the published price; interest, courses. */
VECTOR_BODY dues_body(const struct world *w, int64_t first, int count, struct books *b)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;
	double dk = p->production.depreciation, da = p->automation.depreciation;
	int64_t beyond = 0;

	VECTOR_ROWS
	for (int k = 0; k < count; k++)
		b->alive[k] = f.alive[first + k] ? 1.0 : 0.0;
	VECTOR_ROWS
	for (int k = 0; k < count; k++)
		b->all[k] = f.alive[first + k] ? -1 : 0;
	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k;
		bool alive = b->alive[k] != 0.0;
		double lost = dk * f.capital[j], ai_lost = da * f.ai_capital[j];
		double courses = f.training[j] * (double)f.wages[j];
		double interest = (double)f.loan[j] * w->pub.loan_rate / 12.0;
		double rate = smaller(1.0, p->state.ai_levy + f.fund_share[j]);

		b->levy_rate[k] = f.automation[j] > 0.0 ? rate : 0.0;
		b->wear[k] = alive ? w->pub.capital_price * (lost + ai_lost) : 0.0;
		b->courses[k] = alive ? courses : 0.0;
		b->interest[k] = alive ? interest : 0.0;
		f.capital[j] = worn(f.capital[j], dk, alive);
		f.ai_capital[j] = worn(f.ai_capital[j], da, alive);
		beyond += beyond_money(b->wear[k]) + beyond_money(b->courses[k]) +
			  beyond_money(b->interest[k]);
	}
	b->beyond = beyond;
}

VECTOR_VERSIONS(dues, (const struct world *w, int64_t first, int count, struct books *b), w, first,
		count, b)

static void dues_checked(struct world *w, int64_t first, int count, const struct books *b)
{
	for (int k = 0; b->beyond && k < count; k++) {
		mills(b->wear[k], &w->fault, first + k, "wear");
		mills(b->courses[k], &w->fault, first + k, "courses");
		mills(b->interest[k], &w->fault, first + k, "interest");
	}
}

/* E32: profit tax, levy on AI rent. E33: a negative deposit becomes a loan; repayment; dividends
 * out of what exceeds the reserve. */
VECTOR_BODY settled_body(const struct world *w, int64_t first, int count, struct books *b)
{
	const struct params *p = &w->par;
	const struct firms f = w->firm;
	int64_t interests = 0, taxes = 0, levies = 0, courses = 0, dividends = 0, repaid = 0,
		lent = 0;

	VECTOR_ROWS
	for (int k = 0; k < count; k++) {
		int64_t j = first + k, all = b->all[k];
		int64_t course = held(b->courses[k]), interest = held(b->interest[k]);
		int64_t net = f.sales[j] - f.wages[j] - interest - held(b->wear[k]) - course;
		double wages = (double)f.wages[j], profit = f.profit[j];
		int64_t tax = (int64_t)(p->state.profit_tax * (double)larger_i64(0, net)) & all;
		double rent = ai_rent(w, wages, f.automation[j], f.demand_slow[j]);
		double most = (double)(net - tax), taken = b->levy_rate[k] * clamp(rent, 0.0, most);
		int64_t levy = (int64_t)(net > tax ? taken : 0.0) & all;
		int64_t cash = f.cash[j] - interest - course - tax - levy, loan = f.loan[j];
		int64_t overdraft = larger_i64(0, -cash) & all;
		double reserve = p->finance.liquidity * wages, over, excess, paid_out;
		int64_t repay, dividend;

		cash += overdraft;
		loan += overdraft;
		over = (double)cash - reserve;
		repay = (int64_t)(p->finance.amortisation * (double)loan) +
			(int64_t)(0.05 * larger(0.0, over));
		repay = smaller_i64(repay, smaller_i64(loan, cash)) & all;
		cash -= repay;
		loan -= repay;
		profit += 0.08 * ((double)(net - tax - levy) - profit);
		excess = (double)cash - reserve;
		paid_out = p->finance.payout * larger(0.0, profit) +
			   p->finance.excess_payout * excess;
		paid_out += k == b->giant ? b->executive_pay : 0.0;
		dividend = (int64_t)(excess > 0.0 ? smaller(excess, paid_out) : 0.0) & all;

		b->net[k] = net;
		f.net_profit[j] = (net - tax - levy) & all;
		f.profit[j] = b->alive[k] != 0.0 ? profit : f.profit[j];
		f.cash[j] = cash - dividend;
		f.loan[j] = loan;
		interests += interest;
		courses += course;
		taxes += tax;
		levies += levy;
		lent += overdraft;
		repaid += repay;
		dividends += dividend;
	}
	b->money[INTEREST] = interests;
	b->money[TAX] = taxes;
	b->money[LEVY] = levies;
	b->money[COURSES] = courses;
	b->money[DIVIDENDS] = dividends;
	b->money[REPAID] = repaid;
	b->money[LENT] = lent;
}

VECTOR_VERSIONS(settled, (const struct world *w, int64_t first, int count, struct books *b), w,
		first, count, b)

static void losses_counted(struct firms *f, int64_t first, int count, const struct books *b)
{
	for (int k = 0; k < count; k++) {
		uint16_t months = f->loss_months[first + k];
		uint16_t next = b->net[k] < 0 ? month_more(months) : 0;
		f->loss_months[first + k] = b->alive[k] != 0.0 ? next : months;
	}
}

/* The sums of a strip; of fractions in order of row. */
static struct tally strip_added_up(const struct world *w, int64_t first, int count,
				   const struct books *b)
{
	struct tally t = {0};

	memcpy(t.money, b->money, sizeof(b->money));
	for (int k = 0; k < count; k++) {
		t.real[0] += (double)held(b->wear[k]);
		t.real[1] += b->alive[k] != 0.0 ? (double)b->net[k] : 0.0;
		t.count[0] += w->firm.loan[first + k];
	}
	return t;
}

/* The giant's chief executive is paid out of its excess too. */
static void giant_noted(const struct world *w, int64_t first, int64_t end, struct books *b)
{
	int64_t j = w->giant;

	b->giant = j >= first && j < end ? j - first : -1;
	b->executive_pay = 0.0;
	if (b->giant >= 0 && w->firm.staff[j] > 0)
		b->executive_pay = w->par.giant.executive_pay * (double)w->firm.wages[j] /
				   w->firm.staff[j];
}

static struct tally firms_close_books(struct world *w)
{
	PAR_STRIPS(s, w->firms, w->threads) {
		int64_t first = s * PAR_STRIP, end = par_strip_end(s, w->firms);
		int count = (int)(end - first);
		struct books b;
		giant_noted(w, first, end, &b);
		VECTOR_CALL(dues, w, first, count, &b);
		dues_checked(w, first, count, &b);
		VECTOR_CALL(settled, w, first, count, &b);
		losses_counted(&w->firm, first, count, &b);
		if (b.giant >= 0 && b.alive[b.giant] != 0.0)
			w->census.giant_profit = b.net[b.giant];
		w->scratch->tally[s] = strip_added_up(w, first, count, &b);
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
