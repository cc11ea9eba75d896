/* What is published at the end of a month and what the census counts, against plain sums. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "worlds.h"

/* Two years in, machines arriving, the month played but for the publication. */
static struct world *month_played(void)
{
	struct params p = params_ai(4000, 200);
	struct world *w;

	p.labour.short_hours = 0.98;
	p.mix[POLICY_cut_jobs] = p.mix[POLICY_share_hours] = 0.5;
	w = world_new(&p, 1, 0, 1);
	months_pass(w, 30);
	month_until(w, PHASE_firms_exit_and_enter, NULL);
	return w;
}

static double smoothed(double x, double speed, double next) { return x + speed * (next - x); }

struct sums {
	double staff, wage, hours, surplus, units, capacity, capital;
	double goods_sales, goods_price, machines_sales, machines_price, price, sellers;
};

static struct sums sums_of(const struct world *w, int64_t first, int64_t end)
{
	const struct firms *f = &w->firm;
	struct sums s = {0};

	for (int64_t j = first; j < end; j++) {
		double sales = (double)f->sales[j];
		if (!f->alive[j])
			continue;
		s.staff += f->staff[j];
		s.wage += f->staff[j] * f->wage[j];
		s.hours += f->staff[j] * f->hours[j];
		s.surplus += f->staff[j] * f->surplus[j];
		s.units += f->output[j];
		s.capacity += f->capacity[j];
		s.capital += f->capital[j] + f->ai_capital[j];
		*(f->capital_goods[j] ? &s.machines_sales : &s.goods_sales) += sales;
		*(f->capital_goods[j] ? &s.machines_price : &s.goods_price) += sales * f->price[j];
		s.price += f->capital_goods[j] ? 0.0 : f->price[j];
		s.sellers += !f->capital_goods[j];
	}
	return s;
}

#define NEAR(a, b) CLOSE((a) / (b), 1.0, 1e-11)

static void prices_and_interest_are_published(void **state)
{
	(void)state;
	struct world *w = month_played();
	struct published old, *now = &w->pub;
	struct sums s = sums_of(w, 0, w->firms);
	double rise;

	w->pub.inflation = 0.1;
	old = w->pub;
	state_published(w);
	NEAR(now->price, s.goods_price / s.goods_sales);
	NEAR(now->price_average, s.price / s.sellers);
	NEAR(now->capital_price,
	     smoothed(old.capital_price, 0.2, s.machines_price / s.machines_sales));
	rise = now->price / old.price_history[w->tick % 12] - 1.0;
	NEAR(now->inflation, smoothed(old.inflation, 0.15, rise));
	NEAR(now->price_history[w->tick % 12], now->price);
	NEAR(now->loan_rate, 0.04 + 1.5 * (now->inflation - 0.02));
	now->inflation = -1.0;
	state_published(w);
	NEAR(now->loan_rate, 0.01);
	world_free(w);
}

static void wages_rates_and_use_are_published(void **state)
{
	(void)state;
	struct world *w = month_played();
	struct published old = w->pub, *now = &w->pub;
	const struct heads *h = &w->census.head;
	struct sums s = sums_of(w, 0, w->firms);
	double posts = (double)h->posts_before, use = s.units / s.capacity, profits;

	profits = 12.0 * (w->census.tax_base + (double)w->census.flow.interest);
	state_published(w);
	NEAR(now->wage, s.wage / s.staff);
	NEAR(now->surplus, s.surplus / s.staff);
	NEAR(now->utilisation, smoothed(old.utilisation, 0.5, use));
	NEAR(now->utilisation_slow, smoothed(old.utilisation_slow, 0.01, use));
	NEAR(now->layoff_rate, smoothed(old.layoff_rate, 0.1, (double)h->layoffs / posts));
	NEAR(now->job_to_job_rate, smoothed(old.job_to_job_rate, 0.1, (double)h->moves / posts));
	NEAR(now->unemployment_now, 1.0 - s.staff / 4000);
	NEAR(now->unemployment, smoothed(old.unemployment, 0.1, 1.0 - s.staff / 4000));
	NEAR(now->productivity_real, smoothed(old.productivity_real, 0.02, s.units / s.staff) *
					     (1.0 + 0.9 * 0.015 / 12));
	NEAR(now->profit_rate, smoothed(old.profit_rate, 0.05, profits /
		(now->capital_price * s.capital + (double)w->census.flow.wages)));
	assert_int_equal(w->census.employed, (int64_t)s.staff);
	world_free(w);
}

static void each_region_publishes_its_own(void **state)
{
	(void)state;
	struct world *w = month_played();
	struct regional old[2];
	int64_t lost[2] = {0};

	assert_int_equal(w->regions, 2);
	memcpy(old, w->region, sizeof(old));
	for (int64_t n = 0; n < w->people; n++)
		lost[w->worker.region[n]] += w->worker.employer[n] == NO_FIRM;
	state_published(w);
	for (int64_t r = 0; r < 2; r++) {
		const struct regional *now = &w->region[r];
		struct sums s = sums_of(w, w->firms_first[r], w->firms_first[r + 1]);
		double hired = (double)w->scratch->hired[r], looking = hired + (double)lost[r];
		NEAR(now->wage, s.wage / s.staff);
		NEAR(now->hours, s.hours / s.staff);
		NEAR(now->job_finding, smoothed(old[r].job_finding, 0.15, hired / looking));
		NEAR(now->unemployment, smoothed(old[r].unemployment, 0.1, (double)lost[r] / 2000));
		assert_int_equal(w->scratch->reserve[r], lost[r]);
	}
	assert_true(w->region[0].wage != w->region[1].wage && w->region[0].hours < 1.0);
	world_free(w);
}

/* ---- The census */

static void people_are_as_counted(const struct world *w)
{
	const struct workers *x = &w->worker;
	const struct census *c = &w->census;
	int64_t under_six = 0, long_out = 0, months = 0, skilled = 0, working = 0;
	int64_t pay[2] = {0, 0};

	for (int64_t n = 0; n < w->people; n++) {
		skilled += x->skilled[n];
		if (x->employer[n] != NO_FIRM) {
			working += x->skilled[n];
			pay[x->skilled[n]] += x->last_pay[n];
			continue;
		}
		under_six += x->spell[n] <= 5;
		long_out += x->spell[n] >= 6;
		months += x->spell[n];
	}
	assert_int_equal(c->reserve_short, under_six);
	assert_int_equal(c->reserve_long, long_out);
	assert_int_equal(c->reserve_months, months);
	assert_int_equal(c->skilled, skilled);
	assert_int_equal(c->employed_skilled, working);
	CLOSE(c->pay_skilled, (double)pay[1], 0.0);
	CLOSE(c->pay_unskilled, (double)pay[0], 0.0);
}

static void the_census_counts_people(void **state)
{
	(void)state;
	struct world *w = month_played();
	const struct census *c = &w->census;
	int64_t hidden = 0;

	w->counting = true;
	month_finished(w, PHASE_firms_exit_and_enter);
	for (int64_t n = w->people; n < w->people + w->periphery; n++)
		hidden += w->worker.employer[n] != NO_FIRM;
	assert_true(c->reserve_short > 0 && c->reserve_long > 0 && hidden > 0);
	assert_true(c->pay_skilled > 0.0 && c->pay_unskilled > 0.0);
	assert_int_equal(c->reserve, c->reserve_short + c->reserve_long);
	assert_int_equal(c->hidden, hidden);
	LEVELS(level) {
		census_taken(w);
		people_are_as_counted(w);
	}
	vector_limit(VECTOR_AVX512);
	world_free(w);
}

/* Sums of a block of people are kept in narrow numbers. */
static void the_largest_sums_of_people_fit(void **state)
{
	(void)state;
	struct world *w = month_played();

	w->counting = true;
	month_finished(w, PHASE_firms_exit_and_enter);
	for (int work = 0; work < 2; work++) {
		for (int64_t n = 0; n < w->people; n++) {
			w->worker.employer[n] = work ? 0 : NO_FIRM;
			w->worker.spell[n] = UINT16_MAX;
			w->worker.skilled[n] = 1;
			w->worker.last_pay[n] = (int64_t)1 << 50;
		}
		LEVELS(level) {
			census_taken(w);
			people_are_as_counted(w);
		}
		vector_limit(VECTOR_AVX512);
	}
	world_free(w);
}

static void the_census_counts_short_hours_and_posts_not_needed(void **state)
{
	(void)state;
	struct world *w = month_played();
	const struct firms *f = &w->firm;
	int64_t short_hours = 0, insecure = 0;
	double hours = 0.0, tasks = 0.0, output = 0.0;

	month_finished(w, PHASE_firms_exit_and_enter);
	for (int64_t j = 0; j < w->firms; j++) {
		double spare = f->staff[j] - f->need[j] - f->protected_staff[j];
		if (!f->alive[j])
			continue;
		if (f->hours[j] < 0.98)
			short_hours += f->staff[j];
		else if (spare > 0.0)
			insecure += (int64_t)spare;
		hours += f->staff[j] * f->hours[j];
		tasks += f->output[j] * f->automation[j];
		output += f->output[j];
	}
	assert_true(short_hours > 0 && insecure > 0);
	assert_int_equal(w->census.latent_short_hours, short_hours);
	assert_int_equal(w->census.latent_insecure, insecure);
	NEAR(metric(w, "weekly_hours"), 40.0 * hours / (double)w->census.employed);
	NEAR(metric(w, "automation_share"), tasks / output);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(prices_and_interest_are_published),
		cmocka_unit_test(wages_rates_and_use_are_published),
		cmocka_unit_test(each_region_publishes_its_own),
		cmocka_unit_test(the_census_counts_people),
		cmocka_unit_test(the_largest_sums_of_people_fit),
		cmocka_unit_test(the_census_counts_short_hours_and_posts_not_needed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
