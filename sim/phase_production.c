/* People work, are paid and taxed, or draw benefits; skill comes and goes; firms make goods (P3,
 * E13, E26, E28, E29). Mass payments pass through the clearing account: people are paid from it
 * row by row, firms and the state pay into it what their rows add up to. */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

enum { CLEARING, TAX, BENEFITS, BASIC, DIVIDEND }; /* places in tally.money */

struct payroll { /* what is the same for everybody this month */
	struct world *w;
	struct rng_key skill;
	int64_t basic_income, assistance, dividend;
};

/* E13, E28: pay by the firm's wage and the person's efficiency, less wage tax. */
static void worker_paid(const struct payroll *r, int64_t n, uint32_t j, struct tally *t)
{
	struct world *w = r->w;
	double skill[2] = {1.0, w->firm.skill_factor[j]};
	int64_t efficiency = firm_efficiency(skill[w->worker.skilled[n]],
					     w->par.labour.match_spread, w->worker.match[n]);
	int64_t pay = mills(w->firm.wage[j] * (double)efficiency * 0x1p-16, &w->fault, n, "pay");
	int64_t tax = (int64_t)(w->par.state.wage_tax * (double)pay);

	money_pay(&t->money[CLEARING], &w->worker.cash[n], pay - tax);
	money_pay(&t->money[CLEARING], &t->money[TAX], tax);
	par_add(&w->firm.wages[j], pay, w->threads);
	par_add(&w->firm.staff_efficiency[j], efficiency, w->threads);
	w->worker.last_pay[n] = pay;
	w->worker.income[n] = pay - tax;
}

/* E28: benefit for some months, then assistance. */
static void worker_supported(const struct payroll *r, int64_t n, struct tally *t)
{
	struct world *w = r->w;
	const struct params *p = &w->par;
	int64_t support = r->assistance;

	if (w->worker.spell[n] < UINT16_MAX)
		w->worker.spell[n]++;
	if (w->worker.spell[n] <= p->state.benefit_months)
		support = (int64_t)(p->state.benefit_replacement * (double)w->worker.last_pay[n] *
				    (1.0 - p->state.wage_tax));
	money_pay(&t->money[CLEARING], &w->worker.cash[n], support);
	t->money[BENEFITS] += support;
	w->worker.income[n] = support;
}

/* E26: the employed gain skill, more where courses are paid, less where machines do the tasks;
 * people out of work lose it. Without a branch on skill, which no processor could foresee. */
static void skill_moves(const struct payroll *r, int64_t n, uint32_t j)
{
	uint8_t *skilled = &r->w->worker.skilled[n];
	bool jobless = j == NO_FIRM;
	double chance = jobless ? r->w->par.skills.loss * 0x1p32 : r->w->firm.skill_chance[j];

	*skilled ^= (*skilled == jobless) & (rng_first(r->skill, (uint64_t)n) < chance);
}

static void core_paid(const struct payroll *r, int64_t n, struct tally *t)
{
	struct world *w = r->w;
	uint32_t j = w->worker.employer[n];
	int64_t gift = r->basic_income + r->dividend;

	if (j != NO_FIRM)
		worker_paid(r, n, j, t);
	else
		worker_supported(r, n, t);
	money_pay(&t->money[CLEARING], &w->worker.cash[n], gift);
	t->money[BASIC] += r->basic_income;
	t->money[DIVIDEND] += r->dividend;
	w->worker.income[n] += gift;
	skill_moves(r, n, j);
}

/* E27: no tax, no benefit, one wage. */
static void periphery_paid(struct world *w)
{
	int64_t pay = mills(w->pub.periphery_wage, &w->fault, 0, "periphery wage");
	struct tally sum;

	PAR_BLOCKS(b, w->periphery, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(i, b, w->periphery) {
			int64_t n = w->people + i;
			w->worker.income[n] = w->worker.employer[n] == NO_FIRM ? 0 : pay;
			money_pay(&t.money[CLEARING], &w->worker.cash[n], w->worker.income[n]);
		}
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_blocks(w->periphery));
	w->census.flow.wages_periphery = -money_drain(&sum.money[CLEARING], &w->ledger.clearing);
	for (int64_t c = 0; c < w->contractors; c++)
		money_pay(&w->contractor.cash[c], &w->ledger.clearing,
			  pay * w->contractor.staff[c]);
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
	for (int64_t j = 0; j < w->firms; j++) {
		money_pay(&w->firm.cash[j], &l->clearing, w->firm.wages[j]);
		flow->wages += w->firm.wages[j];
	}
	flow->benefits = t->money[BENEFITS];
	flow->basic_income = t->money[BASIC];
	flow->fund_dividend = t->money[DIVIDEND];
}

void wages_paid(struct world *w)
{
	const struct params *p = &w->par;
	double wage = w->pub.wage;
	struct payroll payroll = {
		.w = w,
		.skill = rng_key(w->seed, DRAW_skill, w->tick),
		.basic_income = mills(p->state.basic_income * wage, &w->fault, 0, "basic income"),
		.assistance = mills(p->state.assistance * wage * (1.0 - p->state.wage_tax),
				    &w->fault, 0, "assistance"),
		.dividend = w->ledger.fund_dividend,
	};
	struct tally sum;

	PAR_BLOCKS(b, w->people, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(n, b, w->people)
			core_paid(&payroll, n, &t);
		w->scratch->tally[b] = t;
	}
	sum = tally_sum(w->scratch->tally, par_blocks(w->people));
	payroll_settled(w, &sum);
	periphery_paid(w);
}

/* E29: what the target, the people and the machines allow; hours not needed are hoarded. */
void goods_made(struct world *w)
{
	struct firms *f = &w->firm;

	PAR_ROWS(j, w->firms, w->threads) {
		double efficiency = (double)f->staff_efficiency[j] * 0x1p-16;
		double people = efficiency * f->hours[j] * f->effort[j] * firm_technology(w, j) /
				(1.0 - f->automation[j]);
		f->output[j] = smaller(smaller(f->target[j], people), f->capacity[j]);
		f->inventory[j] += f->output[j];
		if (f->staff[j] > 0)
			f->efficiency[j] = efficiency / f->staff[j];
	}
}
