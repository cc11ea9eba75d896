/* What everybody will know next month (section 3.10 of docs/model.md): prices, wages, hours, rates
 * of finding and losing work, inflation, interest. Firms are added up in fixed blocks, so no sum
 * depends on threads. A smoothed value moves by a fixed part of the gap: x += k * (new - x). */
#include "ludd/firm.h"
#include "ludd/phases.h"
#include "ludd/scratch.h"

enum { STAFF_WAGE, STAFF_SURPLUS, GOODS_PRICE, MACHINES_PRICE, UNITS, CAPACITY, PRICE, CAPITAL };
enum { STAFF, GOODS_SALES, MACHINES_SALES, SELLERS };

static void smooth(double *x, double speed, double next)
{
	*x += speed * (next - *x);
}

static struct tally firms_added_up(struct world *w)
{
	const struct firms *f = &w->firm;

	PAR_BLOCKS(b, w->firms, w->threads) {
		struct tally t = {0};
		BLOCK_ROWS(j, b, w->firms) {
			double sales = (double)f->sales[j];
			if (!f->alive[j])
				continue;
			t.count[STAFF] += f->staff[j];
			t.real[STAFF_WAGE] += f->staff[j] * f->wage[j];
			t.real[STAFF_SURPLUS] += f->staff[j] * f->surplus[j];
			t.real[UNITS] += f->output[j];
			t.real[CAPACITY] += f->capacity[j];
			t.real[CAPITAL] += f->capital[j] + f->ai_capital[j];
			if (f->capital_goods[j]) {
				t.real[MACHINES_PRICE] += sales * f->price[j];
				t.count[MACHINES_SALES] += f->sales[j];
			} else {
				t.real[GOODS_PRICE] += sales * f->price[j];
				t.count[GOODS_SALES] += f->sales[j];
				t.real[PRICE] += f->price[j];
				t.count[SELLERS]++;
			}
		}
		w->scratch->tally[b] = t;
	}
	return tally_sum(w->scratch->tally, par_blocks(w->firms));
}

/* Local job finding, wage, hours and unemployment, where a region has what it takes to measure
 * them. */
static void regions_published(struct world *w)
{
	const struct scratch *s = w->scratch;
	const struct firms *f = &w->firm;

	PAR_ROWS(r, w->regions, w->threads) {
		struct regional *here = &w->region[r];
		double staff = 0.0, wages = 0.0, hours = 0.0;
		double looking = (double)(s->reserve[r] + s->separated[r]);
		double people = (double)(w->people_first[r + 1] - w->people_first[r]);

		for (int64_t j = w->firms_first[r]; j < w->firms_first[r + 1]; j++) {
			staff += f->staff[j];
			wages += f->staff[j] * f->wage[j];
			hours += f->staff[j] * f->hours[j];
		}
		if (looking > 0.0)
			smooth(&here->job_finding, 0.15, (double)s->hired[r] / looking);
		if (staff > 0.0) {
			here->wage = wages / staff;
			here->hours = hours / staff;
		}
		w->scratch->reserve[r] += s->separated[r] - s->hired[r];
		smooth(&here->unemployment, 0.1, (double)s->reserve[r] / people);
	}
}

/* E34: the rate of interest answers inflation and unemployment. */
static void interest_set(struct world *w)
{
	const struct params *p = &w->par;
	struct published *pub = &w->pub;

	pub->loan_rate = larger(0.01, p->finance.loan_rate +
		p->finance.inflation_response * (pub->inflation - p->finance.inflation_target) +
		p->finance.unemployment_response * (0.06 - pub->unemployment));
}

static void prices_published(struct world *w, const struct tally *t)
{
	struct published *pub = &w->pub;
	int64_t place = (w->tick % 12 + 12) % 12;

	if (t->count[GOODS_SALES] > 0)
		pub->price = t->real[GOODS_PRICE] / (double)t->count[GOODS_SALES];
	if (t->count[MACHINES_SALES] > 0)
		smooth(&pub->capital_price, 0.2,
		       t->real[MACHINES_PRICE] / (double)t->count[MACHINES_SALES]);
	if (t->count[SELLERS] > 0)
		pub->price_average = t->real[PRICE] / (double)t->count[SELLERS];
	smooth(&pub->inflation, 0.15, pub->price / pub->price_history[place] - 1.0);
	pub->price_history[place] = pub->price;
}

/* Real output per employed person, and the trend that public spending may be tied to (E30). The
 * second term corrects the lag of smoothing for steady growth. */
static void productivity_published(struct world *w, const struct tally *t)
{
	struct published *pub = &w->pub;
	double growth = w->par.production.growth / 12.0;

	if (t->count[STAFF] > 0) {
		smooth(&pub->productivity_real, 0.02, t->real[UNITS] / (double)t->count[STAFF]);
		pub->productivity_real += pub->productivity_real * 0.9 * growth;
	}
	if (w->tick < w->par.automation.start)
		pub->productivity_trend = pub->productivity_real;
	else
		pub->productivity_trend *= 1.0 + growth;
}

void state_published(struct world *w)
{
	struct published *pub = &w->pub;
	const struct heads *head = &w->census.head;
	struct tally t = firms_added_up(w);
	double staff = (double)t.count[STAFF];
	double employed_before = (double)larger_i64(1, head->posts_before);

	prices_published(w, &t);
	regions_published(w);
	productivity_published(w, &t);
	if (staff > 0.0) {
		pub->wage = t.real[STAFF_WAGE] / staff;
		pub->surplus = t.real[STAFF_SURPLUS] / staff;
	}
	if (t.real[CAPACITY] > 0.0) {
		smooth(&pub->utilisation, 0.5, t.real[UNITS] / t.real[CAPACITY]);
		smooth(&pub->utilisation_slow, 0.01, t.real[UNITS] / t.real[CAPACITY]);
	}
	smooth(&pub->layoff_rate, 0.1, (double)head->layoffs / employed_before);
	smooth(&pub->job_to_job_rate, 0.1, (double)head->moves / employed_before);
	pub->unemployment_now = 1.0 - staff / (double)w->people;
	smooth(&pub->unemployment, 0.1, pub->unemployment_now);
	smooth(&pub->profit_rate, 0.05,
	       12.0 * (w->census.tax_base + (double)w->census.flow.interest) /
		       larger(1.0,
			      pub->capital_price * t.real[CAPITAL] + (double)w->census.flow.wages));
	interest_set(w);
	w->census.units = t.real[UNITS];
	w->census.capacity = t.real[CAPACITY];
	w->census.employed = t.count[STAFF];
}
