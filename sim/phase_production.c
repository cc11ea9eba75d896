/* People work, are paid and taxed, or draw benefits; skill comes and goes; firms make goods (E13,
 * E26, E28, E29). Mass payments pass through the clearing account: people are paid from it row by
 * row, firms and the state pay into it what their rows add up to. */
#include <string.h>

#include "ludd/firm.h"
#include "ludd/income.h"
#include "ludd/phases.h"
#include "ludd/rng_rows.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

enum { CLEARING, TAX, BENEFITS, BASIC, DIVIDEND }; /* places in tally.money */
enum { CHUNK = 512 }; /* rows at a time: what they need stays in the nearest cache */

struct payroll { /* what is the same for everybody this month */
	struct world *w;
	struct rng_key skill;
	double loss; /* chance to lose skill, 2^-32 */
	int64_t *wages, *efficiency; /* by firm */
	int64_t paid, taxed, received; /* sums of a block, mills: pay, tax on it, all incomes */
};

struct slips { /* what the people of a chunk earned; 0 for who has no work */
	int64_t pay[CHUNK], tax[CHUNK], efficiency[CHUNK];
};

/* E13, E28: pay by the firm's wage and the person's efficiency, less wage tax. Makes *fits false
 * where an amount is too large; it counts as 0 then. */
VECTOR_BODY slips_body(int count, const uint32_t *restrict employer,
		       const uint8_t *restrict skilled, const uint16_t *restrict match,
		       const double *restrict wage, const double *restrict automation,
		       double premium, double spread, double rate,
		       struct slips *restrict s, bool *fits)
{
	int64_t misfits = 0;

	for (int i = 0; i < count; i++) {
		int64_t work = -(int64_t)(employer[i] != NO_FIRM);
		uint32_t j = employer[i] & (uint32_t)work;
		double has = skilled[i];
		double factor = has * firm_skill_factor(premium, automation[j]) + (1.0 - has);
		int64_t efficiency = firm_efficiency(factor, spread, match[i]) & work;
		double earned = wage[j] * (double)efficiency * 0x1p-16;
		bool fit = (earned > -0x1p60) & (earned < 0x1p60);
		int64_t pay = (int64_t)(fit ? earned : 0.0);

		s->efficiency[i] = efficiency;
		s->pay[i] = pay;
		s->tax[i] = (int64_t)(rate * (double)pay);
		misfits += !fit;
	}
	*fits = misfits == 0;
}

VECTOR_VERSIONS(slips,
		(int count, const uint32_t *employer, const uint8_t *skilled,
		 const uint16_t *match, const double *wage, const double *automation,
		 double premium, double spread, double rate, struct slips *s, bool *fits),
		count, employer, skilled, match, wage, automation, premium, spread, rate, s, fits)

/* E26: the employed gain skill, more where courses are paid, less where machines do the tasks;
 * people out of work lose it. */
VECTOR_BODY skills_body(int count, const uint32_t *restrict employer,
			const double *restrict chance, double loss, const uint32_t *restrict draw,
			uint8_t *restrict skilled)
{
	for (int i = 0; i < count; i++) {
		bool jobless = employer[i] == NO_FIRM;
		uint32_t j = employer[i] & ((uint32_t)jobless - 1);
		double changes = jobless ? loss : chance[j];
		skilled[i] ^= (uint8_t)((skilled[i] == jobless) & (draw[i] < changes));
	}
}

VECTOR_VERSIONS(skills,
		(int count, const uint32_t *employer, const double *chance, double loss,
		 const uint32_t *draw, uint8_t *skilled),
		count, employer, chance, loss, draw, skilled)

/* Notes what did not fit, with the person. */
static void misfits_noted(struct world *w, int64_t first, int count, const struct slips *s)
{
	for (int i = 0; i < count; i++) {
		uint32_t j = w->worker.employer[first + i];
		if (j != NO_FIRM)
			(void)mills(w->firm.wage[j] * (double)s->efficiency[i] * 0x1p-16,
				    &w->fault, first + i, "pay");
	}
}

static void chunk_paid(struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	const uint32_t *employer = &w->worker.employer[first];
	uint16_t *spell = &w->worker.spell[first];
	int64_t *last_pay = &w->worker.last_pay[first], *cash = &w->worker.cash[first];
	int64_t *wages = r->wages, *efficiency = r->efficiency, income[CHUNK];
	struct slips s;
	bool fits;

	VECTOR_CALL(slips, count, employer, &w->worker.skilled[first], &w->worker.match[first],
		    w->firm.wage, w->firm.automation, w->par.skills.premium,
		    w->par.labour.match_spread, w->par.state.wage_tax, &s, &fits);
	if (!fits)
		misfits_noted(w, first, count, &s);
	for (int i = 0; i < count; i++) {
		uint32_t j = employer[i];
		if (j == NO_FIRM) {
			spell[i] = month_more(spell[i]);
			continue;
		}
		wages[j] += s.pay[i];
		efficiency[j] += s.efficiency[i];
		last_pay[i] = s.pay[i];
	}
	incomes_of(w, first, count, income);
	for (int i = 0; i < count; i++) {
		cash[i] += income[i];
		r->received += income[i];
		r->paid += s.pay[i];
		r->taxed += s.tax[i];
	}
}

static void chunk_learns(const struct payroll *r, int64_t first, int count)
{
	struct world *w = r->w;
	uint32_t draw[CHUNK];

	rng_rows(r->skill, (uint64_t)first, count, draw);
	VECTOR_CALL(skills, count, &w->worker.employer[first], w->firm.skill_chance, r->loss, draw,
		    &w->worker.skilled[first]);
}

/* What a block's people got, from clearing; and who has to pay it in. */
static struct tally block_tallied(const struct payroll *r, int64_t people)
{
	int64_t basic = r->w->terms.basic_income * people;
	int64_t dividend = r->w->terms.dividend * people;
	struct tally t = {0};

	t.money[CLEARING] = -(r->received + r->taxed);
	t.money[TAX] = r->taxed;
	t.money[BENEFITS] = r->received - (r->paid - r->taxed) - basic - dividend;
	t.money[BASIC] = basic;
	t.money[DIVIDEND] = dividend;
	return t;
}

/* E27: no tax, no benefit, one wage. */
static void periphery_paid(struct world *w)
{
	int64_t pay = w->terms.periphery_pay;
	struct tally sum;

	PAR_BLOCKS(b, w->periphery, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(i, b, w->periphery) {
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

	PAR_STRIPS(b, w->firms, w->threads) {
		struct tally t = {0};
		STRIP_ROWS(j, b, w->firms)
			money_pay(&w->firm.cash[j], &t.money[0], w->firm.wages[j]);
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
		.periphery_pay =
			mills(w->pub.periphery_wage, &w->fault, 0, "periphery wage"),
	};
}

void wages_paid(struct world *w)
{
	struct payroll payroll = {
		.w = w,
		.skill = rng_key(w->seed, DRAW_skill, w->tick),
		.loss = w->par.skills.loss * 0x1p32,
	};
	struct tally sum;

	w->terms = terms_set(w);
	row_sums_reserve(w);
	memset(w->scratch->staff_efficiency, 0, sizeof(int64_t) * (size_t)w->firms);
	PAR_BLOCKS(b, w->people, w->threads) {
		struct payroll r = payroll;
		int64_t first = b * PAR_BLOCK, end = par_end(b, w->people);
		r.wages = row_sum(w, w->firm.wages, 0);
		r.efficiency = row_sum(w, w->scratch->staff_efficiency, 1);
		for (int64_t n = first; n < end; n += CHUNK) {
			int count = (int)smaller_i64(CHUNK, end - n);
			chunk_paid(&r, n, count);
			chunk_learns(&r, n, count);
		}
		w->scratch->tally[b] = block_tallied(&r, end - first);
	}
	row_sum_fold(w, w->firm.wages, 0, w->firms);
	row_sum_fold(w, w->scratch->staff_efficiency, 1, w->firms);
	sum = tally_sum(w->scratch->tally, par_blocks(w->people));
	payroll_settled(w, &sum);
	periphery_paid(w);
}

/* E29: what the target, the people and the machines allow; hours not needed are hoarded. */
void goods_made(struct world *w)
{
	struct firms *f = &w->firm;

	PAR_LIGHT(j, w->firms, w->threads) {
		double efficiency = (double)w->scratch->staff_efficiency[j] * 0x1p-16;
		double people = efficiency * f->hours[j] * f->effort[j] * firm_technology(w, j) /
				(1.0 - f->automation[j]);
		f->output[j] = smaller(smaller(f->target[j], people), f->capacity[j]);
		f->inventory[j] += f->output[j];
		if (f->staff[j] > 0)
			f->efficiency[j] = efficiency / f->staff[j];
	}
}
