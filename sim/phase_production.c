/* People work, are paid and taxed, or draw benefits, and order goods for it at their sellers, which
 * some change; skill comes and goes; firms make goods (E13, E26, E28, E29, E30, E31). Mass payments
 * pass through the clearing account: people are paid from it row by row, firms and the state pay
 * into it what their rows add up to. */
#include <string.h>

#include "ludd/budgets.h"
#include "ludd/firm.h"
#include "ludd/income.h"
#include "ludd/orders.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

/* places in tally.money */
enum { CLEARING, TAX, BENEFITS, BASIC, DIVIDEND, PERIPHERY, ORDERED_CORE, ORDERED_PERIPHERY };
enum { PIECE = 512 }; /* rows at a time: what they need stays in the nearest cache */

struct payouts {
	int64_t paid, taxed, received; /* mills: pay, tax on it, all incomes */
	int64_t ordered, periphery_ordered; /* for goods */
	int64_t periphery;             /* pay of the periphery */
	int64_t misfits; /* people of the last piece whose pay was too large */
	int64_t large;   /* of it whose orders are */
};

struct payroll { /* what is the same for everybody this month */
	struct world *w;
	struct rng_key skill;
	double loss; /* chance to lose skill, 2^-32 */
	uint64_t largest; /* of all chances to gain or lose it: who draws more changes nothing */
	struct income_rules rules;
	struct propensities spend;
	struct earned *earned; /* by firm */
	struct payouts sums;   /* of a block */
	struct orders *orders;
};

/* Whose staff everybody belongs to; row 0 stands for none. */
VECTOR_BODY staff_body(int count, const uint32_t *restrict employer, uint32_t *restrict at)
{
	for (int i = 0; i < count; i++)
		at[i] = employer[i] != NO_FIRM ? employer[i] : 0;
}

VECTOR_VERSIONS(staff, (int count, const uint32_t *employer, uint32_t *at), count, employer, at)

/* E13, E28, E30: pay by the firm's wage and the person's efficiency, less wage tax; benefits for
 * who has no work; and what everybody orders of it and of deposits. Terms are those of the person's
 * firm, or of any. Fills what everybody earned: nothing without work. Pay that is too large counts
 * as 0; a large order is not placed here. */
VECTOR_BODY payday_body(int count, const uint32_t *restrict employer,
			const uint8_t *restrict skilled, const uint16_t *restrict match,
			const double *restrict wage, const double *restrict automation,
			double premium, double spread, struct income_rules rules,
			struct propensities spend,
			uint16_t *restrict spell, int64_t *restrict last_pay,
			int64_t *restrict cash, uint32_t *restrict ordered,
			struct earned *restrict earned, struct payouts *restrict sums)
{
	int64_t paid = 0, taxed = 0, received = 0, spent = 0, misfits = 0, large = 0;

	for (int i = 0; i < count; i++) {
		bool works = employer[i] != NO_FIRM;
		double has = skilled[i];
		double factor = has * firm_skill_factor(premium, automation[i]) + (1.0 - has);
		int64_t efficiency = firm_efficiency(factor, spread, match[i]);
		double worth = wage[i] * (double)efficiency * 0x1p-16;
		bool fit = (worth > -0x1p60) & (worth < 0x1p60);
		int64_t pay = either_i64(works & fit, (int64_t)(fit ? worth : 0.0), 0);
		int64_t gross = either_i64(works, pay, last_pay[i]), income, budget, order;
		int months = spell[i] + (!works & (spell[i] < UINT16_MAX));

		last_pay[i] = gross;
		spell[i] = (uint16_t)months;
		income = income_of(rules, employer[i], months, gross);
		budget = budget_of(spend, cash[i] + income, income);
		order = either_i64((uint64_t)budget <= UINT32_MAX, budget, 0);
		cash[i] += income - order;
		ordered[i] = (uint32_t)order;
		spent += order;
		large += order != budget;
		received += income;
		paid += pay;
		taxed += either_i64(works, income_tax(rules, gross), 0);
		misfits += !fit;
		earned[i] = (struct earned){pay, either_i64(works, efficiency, 0)};
	}
	sums->received += received;
	sums->paid += paid;
	sums->taxed += taxed;
	sums->ordered += spent;
	sums->misfits = misfits;
	sums->large = large;
}

VECTOR_VERSIONS(payday,
		(int count, const uint32_t *employer, const uint8_t *skilled, const uint16_t *match,
		 const double *wage, const double *automation, double premium, double spread,
		 struct income_rules rules, struct propensities spend, uint16_t *spell,
		 int64_t *last_pay, int64_t *cash, uint32_t *ordered, struct earned *earned,
		 struct payouts *sums),
		count, employer, skilled, match, wage, automation, premium, spread, rules, spend,
		spell, last_pay, cash, ordered, earned, sums)

/* Notes what did not fit, with the person. */
static void misfits_noted(struct world *w, int64_t first, int count, const struct earned *earned)
{
	for (int i = 0; i < count; i++) {
		uint32_t j = w->worker.employer[first + i];
		if (j != NO_FIRM)
			(void)mills(w->firm.wage[j] * (double)earned[i].efficiency * 0x1p-16,
				    &w->fault, first + i, "pay");
	}
}

/* Orders that 32 bits do not hold, among those that are 0 so far. */
static void large_ordered(struct payroll *r, int64_t first, int count)
{
	int64_t *cash = &r->w->worker.cash[first], place = first % PAR_BLOCK, income[PIECE];

	incomes_of(r->w, first, count, income);
	for (int i = 0; i < count; i++) {
		int64_t budget;
		if (r->orders->ordered[place + i] != 0)
			continue;
		budget = budget_of(r->spend, cash[i], income[i]);
		if (budget == 0)
			continue;
		money_pay(&cash[i], &r->sums.ordered, budget);
		order_large(r->orders, place + i, budget);
	}
}

static void piece_paid(struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	const uint32_t *employer = &w->worker.employer[first];
	const struct pay_terms *terms = w->scratch->pay_terms;
	double wage[PIECE], automation[PIECE];
	struct earned earned[PIECE], *all = r->earned;
	uint32_t at[PIECE];

	VECTOR_CALL(staff, count, employer, at);
	for (int i = 0; i < count; i++) {
		wage[i] = terms[at[i]].wage;
		automation[i] = terms[at[i]].automation;
	}
	VECTOR_CALL(payday, count, employer, &w->worker.skilled[first], &w->worker.match[first],
		    wage, automation, w->par.skills.premium, w->par.labour.match_spread, r->rules,
		    r->spend, &w->worker.spell[first], &w->worker.last_pay[first],
		    &w->worker.cash[first], &r->orders->ordered[first % PAR_BLOCK], earned,
		    &r->sums);
	if (r->sums.misfits)
		misfits_noted(w, first, count, earned);
	if (r->sums.large)
		large_ordered(r, first, count);
	for (int i = 0; i < count; i++) {
		all[at[i]].wages += earned[i].wages;
		all[at[i]].efficiency += earned[i].efficiency;
	}
}

/* E26: the employed gain skill, more where courses are paid, less where machines do the tasks;
 * people out of work lose it. */
static void piece_learns(const struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	const uint32_t *employer = &w->worker.employer[first];
	uint8_t *skilled = &w->worker.skilled[first];
	uint32_t draw[PIECE];
	uint16_t row[PIECE + ROWS_SLACK];

	rng_rows(r->skill, (uint64_t)first, count, draw);
	count = rows_below(draw, r->largest, count, row);
	for (int k = 0; k < count; k++) {
		int i = row[k];
		bool jobless = employer[i] == NO_FIRM;
		double changes = jobless ? r->loss : w->firm.skill_chance[employer[i]];
		skilled[i] ^= (uint8_t)((skilled[i] == jobless) & (draw[i] < changes));
	}
}

/* What a block's people got, of the core so many, from clearing; and who has to pay it in. */
static struct tally block_tallied(const struct payroll *r, int64_t people)
{
	int64_t basic = r->w->terms.basic_income * people;
	int64_t dividend = r->w->terms.dividend * people;
	struct payouts sums = r->sums;
	struct tally t = {0};

	t.money[CLEARING] = -(sums.received + sums.taxed);
	t.money[TAX] = sums.taxed;
	t.money[BENEFITS] = sums.received - (sums.paid - sums.taxed) - basic - dividend;
	t.money[BASIC] = basic;
	t.money[DIVIDEND] = dividend;
	t.money[PERIPHERY] = -sums.periphery;
	t.money[ORDERED_CORE] = sums.ordered;
	t.money[ORDERED_PERIPHERY] = sums.periphery_ordered;
	return t;
}

/* E27: no tax, no benefit, one wage. */
static void periphery_paid(struct payroll *r, int64_t first, int count)
{
	const uint32_t *employer = &r->w->worker.employer[first];
	int64_t *cash = &r->w->worker.cash[first], place = first % PAR_BLOCK;

	for (int i = 0; i < count; i++) {
		int64_t pay = either_i64(employer[i] != NO_FIRM, r->w->terms.periphery_pay, 0);
		int64_t budget = budget_of(r->spend, cash[i] + pay, pay);
		bool fits = (uint64_t)budget <= UINT32_MAX;
		cash[i] += pay - budget;
		r->orders->ordered[place + i] = (uint32_t)either_i64(fits, budget, 0);
		r->sums.periphery += pay;
		r->sums.periphery_ordered += budget;
		if (!fits)
			order_large(r->orders, place + i, budget);
	}
}

static int64_t firms_pay_wages(struct world *w)
{
	struct tally sum;

	PAR_STRIPS(b, w->firms, w->threads)
	{
		struct tally t = {0};
		STRIP_ROWS(j, b, w->firms)
		{
			w->firm.wages[j] = w->scratch->earned[j].wages;
			money_pay(&w->firm.cash[j], &t.money[0], w->firm.wages[j]);
		}
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_strips(w->firms));
	return money_drain(&sum.money[0], &w->ledger.clearing);
}

/* The other half of the mass payments: firms, contractors, state and fund pay in what people were
 * paid. */
static void payroll_settled(struct world *w, struct tally *t)
{
	struct ledger *l = &w->ledger;
	struct flows *flow = &w->census.flow;

	w->prepaid.core += t->money[ORDERED_CORE];
	w->prepaid.periphery += t->money[ORDERED_PERIPHERY];
	/* paid to people and, as tax, to the state */
	money_drain(&t->money[CLEARING], &l->clearing);
	flow->wage_tax = money_drain(&t->money[TAX], &l->state);
	money_pay(&l->state, &l->clearing, t->money[BENEFITS] + t->money[BASIC]);
	money_pay(&l->fund, &l->clearing, t->money[DIVIDEND]);
	flow->wages = firms_pay_wages(w);
	flow->benefits = t->money[BENEFITS];
	flow->basic_income = t->money[BASIC];
	flow->fund_dividend = t->money[DIVIDEND];
	flow->wages_periphery = -money_drain(&t->money[PERIPHERY], &l->clearing);
	for (int64_t c = 0; c < w->contractors; c++)
		money_pay(&w->contractor.cash[c], &l->clearing,
			  w->terms.periphery_pay * w->contractor.staff[c]);
}

static struct terms terms_set(struct world *w)
{
	const struct params *p = &w->par;
	double wage = w->pub.wage;

	return (struct terms){
		.basic_income = mills(p->state.basic_income * wage, &w->fault, 0, "basic income"),
		.assistance = mills(p->state.assistance * wage * (1.0 - p->state.wage_tax),
				    &w->fault, 0, "assistance"),
		.dividend = w->ledger.fund_dividend,
		.periphery_pay = mills(w->pub.periphery_wage, &w->fault, 0, "periphery wage"),
	};
}

static struct payroll payroll_of(struct world *w)
{
	double gain = firms_largest(w, w->firm.skill_chance), loss = w->par.skills.loss * 0x1p32;
	double largest = larger(gain, loss);
	struct payroll r = {
		.w = w,
		.skill = rng_key(w->seed, DRAW_skill, w->tick),
		.loss = loss,
		.largest = largest < 0x1p32 ? (uint64_t)largest + 1 : (uint64_t)1 << 32,
		.rules = income_rules(w),
	};

	if (orders_opened(w)) /* else nobody orders anything */
		r.spend = propensities_of(w);
	return r;
}

/* Of the core, piece by piece. */
static void people_paid(struct payroll *r, int64_t first, int count)
{
	int piece;

	for (; count > 0; first += piece, count -= piece) {
		piece = (int)smaller_i64(PIECE, count);
		piece_paid(r, first, piece);
		piece_learns(r, first, piece);
	}
}

/* Asks for what is read at random of the firms around row n, if these are few: no processor sees
 * that a region's firms follow those of the region before. */
static void region_fetched(const struct world *w, int64_t n)
{
	enum { FEW = 512 };
	const struct firms *f = &w->firm;
	int64_t r, first, count;

	if (n >= w->people)
		return;
	r = w->worker.region[n];
	first = w->firms_first[r];
	count = w->firms_first[r + 1] - first;
	if (count > FEW)
		return;
	FETCH_ROWS(w->scratch->pay_terms, first, count, w->firms);
	FETCH_ROWS(w->scratch->earned, first, count, w->firms);
	FETCH_ROWS(f->demand, first, count, w->firms);
	FETCH_ROWS(f->alive, first, count, w->firms);
	FETCH_ROWS(f->price_before, first, count, w->firms);
	FETCH_ROWS(f->fill, first, count, w->firms);
	FETCH_ROWS(f->skill_chance, first, count, w->firms);
}

/* A chunk lies in one region or in the periphery. While it is paid, memory is on its way for who
 * looks for another seller. Tells how many bytes the block's orders take. */
static int64_t block_paid(const struct payroll *all, int64_t b)
{
	struct world *w = all->w;
	int64_t first = b * PAR_BLOCK, end = par_end(b, w->people + w->periphery);
	int64_t core = smaller_i64(end, w->people) - first;
	struct orders orders;
	struct payroll r = *all;
	int count;

	orders_begun(&orders, w, b);
	r.orders = &orders;
	r.earned = row_earned(w);
	for (; first < end; first += count) {
		count = orders_chunk(w, first, end);
		region_fetched(w, first + count);
		orders_asked(&orders, first, count);
		if (first < w->people)
			people_paid(&r, first, count);
		else
			periphery_paid(&r, first, count);
		orders_placed(&orders, first, count);
	}
	w->scratch->tally[b] = block_tallied(&r, larger_i64(0, core));
	return orders_ended(&orders, b);
}

void wages_paid(struct world *w)
{
	int64_t everybody = w->people + w->periphery;
	struct payroll payroll;
	struct tally sum;

	w->terms = terms_set(w);
	payroll = payroll_of(w);
	row_sums_reserve(w);
	PAR_LIGHT(j, w->firms, w->threads) {
		w->scratch->pay_terms[j] =
			(struct pay_terms){w->firm.wage[j], w->firm.automation[j]};
		w->scratch->earned[j] = (struct earned){0};
	}
	PAR_PARTS(part, w->threads) {
		struct shelf *lists = &w->scratch->lists;
		int64_t at = shelf_opened(lists, PART_FIRST(part, everybody, w->threads));
		PART_BLOCKS(b, part, everybody, w->threads) {
			shelf_placed(lists, b, at);
			at = shelf_next(at, block_paid(&payroll, b));
		}
	}
	row_earned_fold(w);
	orders_folded(w);
	sum = tally_sum(w->scratch->tally, par_blocks(everybody));
	payroll_settled(w, &sum);
}

/* E29: what the target, the people and the machines allow; hours not needed are hoarded. */
void goods_made(struct world *w)
{
	struct firms *f = &w->firm;

	PAR_LIGHT(j, w->firms, w->threads)
	{
		double efficiency = (double)w->scratch->earned[j].efficiency * 0x1p-16;
		double people = efficiency * f->hours[j] * f->effort[j] * firm_technology(w, j) /
				(1.0 - f->automation[j]);
		f->output[j] = smaller(smaller(f->target[j], people), f->capacity[j]);
		f->inventory[j] += f->output[j];
		if (f->staff[j] > 0)
			f->efficiency[j] = efficiency / f->staff[j];
	}
}
