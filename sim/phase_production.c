/* People work, are paid and taxed, or draw benefits; skill comes and goes; firms make goods (E13,
 * E26, E28, E29). Mass payments pass through the clearing account: people are paid from it row by
 * row, firms and the state pay into it what their rows add up to. */
#include <string.h>

#include "ludd/firm.h"
#include "ludd/income.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/rows.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

enum { CLEARING, TAX, BENEFITS, BASIC, DIVIDEND }; /* places in tally.money */
enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */

struct payouts {
	int64_t paid, taxed, received; /* mills: pay, tax on it, all incomes */
	int64_t misfits;               /* people of the last chunk whose pay was too large */
};

struct payroll { /* what is the same for everybody this month */
	struct world *w;
	struct rng_key skill;
	double loss; /* chance to lose skill, 2^-32 */
	uint64_t largest; /* of all chances to gain or lose it: who draws more changes nothing */
	struct income_rules rules;
	struct earned *earned; /* by firm */
	struct payouts sums;   /* of a block */
};

/* E13, E28: pay by the firm's wage and the person's efficiency, less wage tax; benefits for who has
 * no work. Wage and automation are those of the person's firm. Fills what everybody earned, and at
 * which row of firms that counts (row 0 where there is none, and nothing earned). An amount that is
 * too large counts as 0. */
VECTOR_BODY payday_body(int count, const uint32_t *restrict employer,
			const uint8_t *restrict skilled, const uint16_t *restrict match,
			const double *restrict wage, const double *restrict automation,
			double premium, double spread, struct income_rules rules,
			uint16_t *restrict spell, int64_t *restrict last_pay,
			int64_t *restrict cash, uint32_t *restrict at,
			struct earned *restrict earned, struct payouts *restrict sums)
{
	int64_t paid = 0, taxed = 0, received = 0, misfits = 0;

	for (int i = 0; i < count; i++) {
		bool works = employer[i] != NO_FIRM;
		double has = skilled[i];
		double factor = has * firm_skill_factor(premium, automation[i]) + (1.0 - has);
		int64_t efficiency = firm_efficiency(factor, spread, match[i]);
		double worth = wage[i] * (double)efficiency * 0x1p-16;
		bool fit = (worth > -0x1p60) & (worth < 0x1p60);
		int64_t pay = (int64_t)(fit ? worth : 0.0), income;
		int months = spell[i] + (!works & (spell[i] < UINT16_MAX));

		last_pay[i] = either_i64(works, pay, last_pay[i]);
		spell[i] = (uint16_t)months;
		income = income_of(rules, employer[i], months, last_pay[i]);
		cash[i] += income;
		received += income;
		paid += pay;
		taxed += income_tax(rules, pay);
		misfits += !fit;
		at[i] = works ? employer[i] : 0;
		earned[i] = (struct earned){pay, either_i64(works, efficiency, 0)};
	}
	sums->received += received;
	sums->paid += paid;
	sums->taxed += taxed;
	sums->misfits = misfits;
}

VECTOR_VERSIONS(payday,
		(int count, const uint32_t *employer, const uint8_t *skilled, const uint16_t *match,
		 const double *wage, const double *automation, double premium, double spread,
		 struct income_rules rules, uint16_t *spell, int64_t *last_pay, int64_t *cash,
		 uint32_t *at, struct earned *earned, struct payouts *sums),
		count, employer, skilled, match, wage, automation, premium, spread, rules, spell,
		last_pay, cash, at, earned, sums)

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

static void chunk_paid(struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	const uint32_t *employer = &w->worker.employer[first];
	double wage[CHUNK], automation[CHUNK];
	struct earned earned[CHUNK], *all = r->earned;
	uint32_t at[CHUNK];

	rows_take(&w->scratch->pay_terms->wage, 2, employer, count, wage);
	rows_take(&w->scratch->pay_terms->automation, 2, employer, count, automation);
	VECTOR_CALL(payday, count, employer, &w->worker.skilled[first], &w->worker.match[first],
		    wage, automation, w->par.skills.premium, w->par.labour.match_spread, r->rules,
		    &w->worker.spell[first], &w->worker.last_pay[first], &w->worker.cash[first], at,
		    earned, &r->sums);
	if (r->sums.misfits)
		misfits_noted(w, first, count, earned);
	for (int i = 0; i < count; i++) {
		all[at[i]].wages += earned[i].wages;
		all[at[i]].efficiency += earned[i].efficiency;
	}
}

/* E26: the employed gain skill, more where courses are paid, less where machines do the tasks;
 * people out of work lose it. */
static void chunk_learns(const struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	const uint32_t *employer = &w->worker.employer[first];
	uint8_t *skilled = &w->worker.skilled[first];
	uint32_t draw[CHUNK];
	uint16_t row[CHUNK + ROWS_SLACK];

	rng_rows(r->skill, (uint64_t)first, count, draw);
	count = rows_below(draw, r->largest, count, row);
	for (int k = 0; k < count; k++) {
		int i = row[k];
		bool jobless = employer[i] == NO_FIRM;
		double changes = jobless ? r->loss : w->firm.skill_chance[employer[i]];
		skilled[i] ^= (uint8_t)((skilled[i] == jobless) & (draw[i] < changes));
	}
}

/* What a block's people got, from clearing; and who has to pay it in. */
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
	return t;
}

/* E27: no tax, no benefit, one wage. */
static void periphery_paid(struct world *w)
{
	int64_t pay = w->terms.periphery_pay;
	struct tally sum;

	PAR_BLOCKS (b, w->periphery, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS (i, b, w->periphery) {
			int64_t n = w->people + i;
			if (w->worker.employer[n] != NO_FIRM)
				money_pay(&t.money[CLEARING], &w->worker.cash[n], pay);
		}
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_blocks(w->periphery));
	w->census.flow.wages_periphery = -money_drain(&sum.money[CLEARING], &w->ledger.clearing);
	for (int64_t c = 0; c < w->contractors; c++)
		money_pay(&w->contractor.cash[c], &w->ledger.clearing,
			  pay * w->contractor.staff[c]);
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

/* The other half of the mass payments: firms, state and fund pay in what people were paid. */
static void payroll_settled(struct world *w, struct tally *t)
{
	struct ledger *l = &w->ledger;
	struct flows *flow = &w->census.flow;

	/* paid to people and, as tax, to the state */
	money_drain(&t->money[CLEARING], &l->clearing);
	flow->wage_tax = money_drain(&t->money[TAX], &l->state);
	money_pay(&l->state, &l->clearing, t->money[BENEFITS] + t->money[BASIC]);
	money_pay(&l->fund, &l->clearing, t->money[DIVIDEND]);
	flow->wages = firms_pay_wages(w);
	flow->benefits = t->money[BENEFITS];
	flow->basic_income = t->money[BASIC];
	flow->fund_dividend = t->money[DIVIDEND];
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

	return (struct payroll){
		.w = w,
		.skill = rng_key(w->seed, DRAW_skill, w->tick),
		.loss = loss,
		.largest = largest < 0x1p32 ? (uint64_t)largest + 1 : (uint64_t)1 << 32,
		.rules = income_rules(w),
	};
}

void wages_paid(struct world *w)
{
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
	PAR_BLOCKS (b, w->people, w->threads) {
		struct payroll r = payroll;
		int64_t first = b * PAR_BLOCK, end = par_end(b, w->people);
		r.earned = row_earned(w);
		for (int64_t n = first; n < end; n += CHUNK) {
			int count = (int)smaller_i64(CHUNK, end - n);
			chunk_paid(&r, n, count);
			chunk_learns(&r, n, count);
		}
		w->scratch->tally[b] = block_tallied(&r, end - first);
	}
	row_earned_fold(w);
	sum = tally_sum(w->scratch->tally, par_blocks(w->people));
	payroll_settled(w, &sum);
	periphery_paid(w);
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
