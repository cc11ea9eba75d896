/* The census: the only input of the metrics (section 8 of docs/model.md). Firms are
 * counted every tick; people only in ticks that are reported. Nothing here is read by the model. */
#include "ludd/distribution.h"
#include "ludd/firm.h"
#include "ludd/gain.h"
#include "ludd/phases.h"
#include "ludd/policy.h"
#include "ludd/rows.h"
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

struct people_sums { /* of a block */
	uint16_t skilled, short_spell, long_spell, skilled_at_work; /* people */
	uint32_t months;
};

/* Who is at work, and who of them has skill. */
VECTOR_BODY work_body(int count, const uint32_t *restrict employer, const uint8_t *restrict skilled,
		      uint8_t *restrict works, uint8_t *restrict able)
{
	for (int i = 0; i < count; i++) {
		works[i] = employer[i] != NO_FIRM;
		able[i] = works[i] & skilled[i];
	}
}

VECTOR_VERSIONS(work,
		(int count, const uint32_t *employer, const uint8_t *skilled, uint8_t *works,
		 uint8_t *able),
		count, employer, skilled, works, able)

/* Sums of a block fit numbers as narrow as the columns, of which a vector holds many. */
VECTOR_BODY people_body(int count, const uint8_t *restrict works, const uint8_t *restrict able,
			const uint16_t *restrict spell, const uint8_t *restrict skilled,
			struct people_sums *restrict sums)
{
	uint16_t has = 0, brief = 0, out = 0, working = 0;
	uint32_t months = 0;

	for (int i = 0; i < count; i++) {
		uint16_t jobless = works[i] ^ 1, below = spell[i] < 6;
		has = (uint16_t)(has + skilled[i]);
		out = (uint16_t)(out + jobless);
		brief = (uint16_t)(brief + (jobless & below));
		working = (uint16_t)(working + able[i]);
		months += (uint16_t)(spell[i] & (uint16_t)-jobless);
	}
	*sums = (struct people_sums){
		.skilled = has,
		.short_spell = brief,
		.long_spell = (uint16_t)(out - brief),
		.skilled_at_work = working,
		.months = months,
	};
}

VECTOR_VERSIONS(people,
		(int count, const uint8_t *works, const uint8_t *able, const uint16_t *spell,
		 const uint8_t *skilled, struct people_sums *sums),
		count, works, able, spell, skilled, sums)

static struct tally block_counted(const struct workers *x, int64_t first, int count)
{
	uint8_t works[PAR_BLOCK], able[PAR_BLOCK];
	const int64_t *pay = &x->last_pay[first];
	struct people_sums s;
	int64_t by_skilled;

	VECTOR_CALL(work, count, &x->employer[first], &x->skilled[first], works, able);
	VECTOR_CALL(people, count, works, able, &x->spell[first], &x->skilled[first], &s);
	by_skilled = rows_sum(able, pay, count);
	return (struct tally){
		.count = {s.skilled, s.short_spell, s.long_spell, s.months, s.skilled_at_work},
		.money = {by_skilled, rows_sum(works, pay, count) - by_skilled},
	};
}

static void people_counted(struct world *w)
{
	struct census *c = &w->census;
	struct histograms *histograms;
	struct tally t;

	histograms = distribution_begun(w);
	PAR_BLOCKS(b, w->people, w->threads) {
		int64_t first = b * PAR_BLOCK, end = par_end(b, w->people);
		distribution_adds(histograms, w, first, end);
		w->scratch->tally[b] = block_counted(&w->worker, first, (int)(end - first));
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
