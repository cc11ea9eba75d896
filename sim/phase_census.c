/* The census: the only input of the metrics (section 8 of docs/model.md). Firms are
 * counted every tick; people only in ticks that are reported. Nothing here is read by the model. */
#include "ludd/distribution.h"
#include "ludd/firm.h"
#include "ludd/gain.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/scratch.h"
#include "ludd/vector.h"

/* Sums over staff: by blocks, for hours and the rest are fractions. */
static void firms_counted(struct world *w)
{
	enum { HOURS_SUM, EFFORT, WAGE, CAPITAL, AI, TASKS, WEIGHT };
	enum { ALIVE, SHORT, INSECURE, SALES };
	const struct firms *f = &w->firm;
	struct census *c = &w->census;
	struct tally t;

	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally s = {0};
		BLOCK_ROWS(j, b, w->firms) {
			bool short_hours;
			double spare = f->staff[j] - f->need[j] - f->protected_staff[j];
			s.real[CAPITAL] += f->alive[j] ? f->capital[j] : 0.0;
			s.real[AI] += f->alive[j] ? f->ai_capital[j] : 0.0;
			if (!f->alive[j])
				continue;
			s.count[ALIVE]++;
			short_hours = f->hours[j] < w->par.labour.short_hours;
			s.count[SHORT] += either_i64(short_hours, f->staff[j], 0);
			s.count[INSECURE] += either_i64(!short_hours & (spare > 0.0),
							(int64_t)spare, 0);
			s.count[SALES] += f->capital_goods[j] ? 0 : f->sales[j];
			s.real[HOURS_SUM] += f->staff[j] * f->hours[j];
			s.real[EFFORT] += f->staff[j] * f->effort[j];
			s.real[WAGE] += f->staff[j] * f->wage[j];
			s.real[TASKS] += f->output[j] * f->automation[j];
			s.real[WEIGHT] += f->output[j];
		}
		w->scratch->tally[b] = s;
	}
	t = tally_sum(w->scratch->tally, par_blocks(w->firms));
	c->firms = t.count[ALIVE];
	c->latent_short_hours = t.count[SHORT];
	c->latent_insecure = t.count[INSECURE];
	c->sales_all = t.count[SALES];
	c->hours_sum = t.real[HOURS_SUM];
	c->effort_sum = t.real[EFFORT];
	c->wage_sum = t.real[WAGE];
	c->capital = t.real[CAPITAL];
	c->ai_capital = t.real[AI];
	c->automation_weighted = t.real[TASKS];
	c->output_weight = t.real[WEIGHT];
}

/* Firms by the policy they hold: numbers, department II sales, profit after tax, capital and
 * wages. */
static void policies_counted(struct world *w)
{
	const struct firms *f = &w->firm;
	struct census *c = &w->census;

	for (int64_t j = 0; j < w->firms; j++) {
		int k = f->policy[j];
		if (!f->alive[j])
			continue;
		c->firms_by_policy[k]++;
		c->sales_by_policy[k] += f->capital_goods[j] ? 0 : f->sales[j];
		c->profit_by_policy[k] += (double)f->net_profit[j];
		c->capital_by_policy[k] +=
			w->pub.capital_price * (f->capital[j] + f->ai_capital[j]) +
			(double)f->wages[j];
	}
}

static void giant_counted(struct world *w)
{
	const struct firms *f = &w->firm;
	struct census *c = &w->census;
	int64_t j = w->giant;

	if (j < 0)
		return;
	if (!f->alive[j]) {
		c->giant_profit = 0; /* it closed this month */
		return;
	}
	c->giant_staff = f->staff[j];
	c->giant_sales = f->sales[j];
	c->giant_wages = f->wages[j];
	c->giant_orders = f->machine_order[j] + f->ai_order[j];
}

struct people_sums {
	int64_t skilled, short_spell, long_spell, months, skilled_at_work; /* people; months */
	int64_t pay_skilled, pay_unskilled;                                /* mills */
};

VECTOR_BODY people_body(int64_t count, const uint32_t *restrict employer,
			const uint16_t *restrict spell, const uint8_t *restrict skilled,
			const int64_t *restrict pay, struct people_sums *sums)
{
	struct people_sums s = {0};

	for (int64_t i = 0; i < count; i++) {
		int64_t jobless = employer[i] == NO_FIRM, able = skilled[i];
		int64_t at_work = 1 - jobless, brief = spell[i] < 6;
		s.skilled += able;
		s.short_spell += jobless & brief;
		s.long_spell += jobless & (1 - brief);
		s.months += -jobless & spell[i];
		s.skilled_at_work += able & at_work;
		s.pay_skilled += -(able & at_work) & pay[i];
		s.pay_unskilled += -((1 - able) & at_work) & pay[i];
	}
	*sums = s;
}

VECTOR_VERSIONS(people,
		(int64_t count, const uint32_t *employer, const uint16_t *spell,
		 const uint8_t *skilled, const int64_t *pay, struct people_sums *sums),
		count, employer, spell, skilled, pay, sums)

static void people_counted(struct world *w)
{
	const struct workers *x = &w->worker;
	struct census *c = &w->census;
	struct histograms *histograms;
	struct tally t;

	histograms = distribution_begun(w);
	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t first = b * PAR_BLOCK;
		struct people_sums s;
		distribution_adds(histograms, w, first, par_end(b, w->people));
		VECTOR_CALL(people, par_end(b, w->people) - first, &x->employer[first],
			    &x->spell[first], &x->skilled[first], &x->last_pay[first], &s);
		w->scratch->tally[b] = (struct tally){
			.count = {s.skilled, s.short_spell, s.long_spell, s.months,
				  s.skilled_at_work},
			.money = {s.pay_skilled, s.pay_unskilled},
		};
	}
	t = tally_sum(w->scratch->tally, par_blocks(w->people));
	c->skilled = t.count[0];
	c->reserve_short = t.count[1];
	c->reserve_long = t.count[2];
	c->reserve_months = t.count[3];
	c->employed_skilled = t.count[4];
	c->pay_skilled = (double)t.money[0];
	c->pay_unskilled = (double)t.money[1];
	distribution_measured(w, histograms);
}

void census_taken(struct world *w)
{
	struct census *c = &w->census;

	c->tick = w->tick;
	c->people = w->people;
	c->periphery = w->periphery;
	c->reserve = w->people - c->employed;
	c->hidden = 0;
	for (int64_t k = 0; k < w->contractors; k++)
		c->hidden += w->contractor.staff[k];
	c->periphery_wage = w->pub.periphery_wage;
	c->price = w->pub.price;
	c->capital_price = w->pub.capital_price;
	c->inflation = w->pub.inflation;
	c->frontier = w->pub.frontier;
	c->productivity = w->pub.productivity;
	c->loan_rate = w->pub.loan_rate;
	c->union_density = w->par.labour.union_density;
	c->debt = -w->ledger.state;
	c->fund = w->ledger.fund;
	firms_counted(w);
	giant_counted(w);
	gain_counted(w);
	if (w->counting) {
		policies_counted(w);
		people_counted(w);
	}
}
