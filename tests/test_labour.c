/* The labour market: who leaves, who is found, who moves; and that no head is lost or
 * counted twice. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/firm.h"
#include "worlds.h"

/* A world before its labour market opens: nobody looks from a post, no month has passed. */
static struct world *market_new(int64_t people, int64_t firms, int64_t regions)
{
	struct params p = params_small(people, firms);
	p.population.regions = regions;
	p.population.periphery_share = 0.0;
	p.labour.on_the_job_search = 0.0;
	return world_new(&p, 11, 0, 1);
}

/* ---- Leaving */

static void a_cut_post_puts_its_worker_in_the_reserve(void **state)
{
	(void)state;
	struct world *w = market_new(1000, 20, 1);
	uint32_t before[1000];
	int64_t left[20] = {0};

	w->par.labour.quit_rate = 0.0;
	for (int64_t j = 0; j < 20; j++)
		w->firm.layoffs[j] = (int32_t)(j % 4 * w->firm.staff[j] / 3);
	memcpy(before, w->worker.employer, sizeof(before));
	month_opened(w);
	layoffs_happen(w);
	for (int64_t n = 0; n < 1000; n++) {
		if (before[n] == w->worker.employer[n])
			continue;
		assert_int_equal(w->worker.employer[n], NO_FIRM);
		assert_int_equal(w->worker.spell[n], 0);
		left[before[n]]++;
	}
	for (int64_t j = 0; j < 20; j++)
		assert_int_equal(left[j], w->firm.layoffs[j]);
	invariants_hold(w, PHASE_layoffs_happen);
	assert_true(w->census.head.layoffs > 0 && w->census.head.quits == 0);
	assert_int_equal(w->scratch->separated[0], w->census.head.layoffs);
	world_free(w);
}

/* Everybody of a firm is as likely to go: each is dismissed in about a third of the draws. */
static void lot_decides_who_is_dismissed(void **state)
{
	(void)state;
	enum { DRAWS = 600, STAFF = 30 };
	struct world *w = market_new(STAFF, 2, 1);
	int64_t times[STAFF] = {0};

	w->par.labour.quit_rate = 0.0;
	for (w->tick = 0; w->tick < DRAWS; w->tick++) {
		for (int64_t n = 0; n < STAFF; n++)
			w->worker.employer[n] = 1;
		staff_recounted(w);
		w->firm.layoffs[1] = STAFF / 3;
		layoffs_happen(w);
		for (int64_t n = 0; n < STAFF; n++)
			times[n] += w->worker.employer[n] == NO_FIRM;
	}
	for (int64_t n = 0; n < STAFF; n++)
		CLOSE((double)times[n], DRAWS / 3.0, 4 * sqrt(DRAWS * 2 / 9.0));
	world_free(w);
}

static int64_t quits_of(double rate, double surveillance, int64_t people)
{
	struct world *w = market_new(people, 50, 1);
	int64_t quits;

	w->par.labour.quit_rate = rate;
	for (int64_t n = 0; n < people; n++)
		w->worker.employer[n] = (uint32_t)(n % 50);
	for (int64_t j = 0; j < 50; j++)
		w->firm.surveillance[j] = surveillance;
	staff_recounted(w);
	month_opened(w);
	layoffs_happen(w);
	invariants_hold(w, PHASE_layoffs_happen);
	quits = w->census.head.quits;
	world_free(w);
	return quits;
}

static void people_quit_at_the_rate_and_more_under_surveillance(void **state)
{
	(void)state;
	static const double rate[] = {0.0, 0.013, 0.2, 1.0}, watch[] = {0.0, 1.0, 2.0};

	for (int i = 0; i < LENGTH(rate); i++) {
		for (int k = 0; k < LENGTH(watch); k++) {
			double chance = smaller(1.0, rate[i] * (1.0 + 0.5 * watch[k]));
			double expected = 20000 * chance;
			CLOSE((double)quits_of(rate[i], watch[k], 20000), expected,
			      4 * sqrt(expected * (1 - chance)));
		}
	}
}

/* Random rounding: each firm dismisses the whole part of its excess, or one more; all firms
 * together the sum. */
static void layoffs_are_the_excess_rounded_by_lot(void **state)
{
	(void)state;
	struct params p = params_small(4000, 400);
	struct world *w = world_new(&p, 3, 0, 1);
	double expected = 0.0, variance = 0.0;
	int64_t counted = 0;

	for (int t = 0; t < 24; t++) {
		const struct firms *f = &w->firm;
		month_until(w, PHASE_firms_plan, NULL);
		for (int64_t j = 0; j < w->firms; j++) {
			double excess = larger(0.0, p.firms.layoff_speed *
				(f->staff[j] - f->need[j] * (1.0 + p.firms.hoarding_tolerance)));
			double part = excess - floor(excess);
			assert_true(f->layoffs[j] == (int32_t)excess ||
				    f->layoffs[j] == (int32_t)excess + 1);
			expected += excess;
			variance += part * (1.0 - part);
			counted += f->layoffs[j];
		}
		month_finished(w, PHASE_firms_plan);
	}
	assert_true(counted > 100);
	CLOSE((double)counted, expected, 4 * sqrt(variance));
	world_free(w);
}

/* ---- Finding */

/* u people with one application each, v firms with one post: v (1 - (1 - 1/v)^u) matches, the
 * urn-ball law (Butters 1977; Petrongolo and Pissarides 2001). */
static void urn_ball(int64_t u, int64_t v, int draws)
{
	int64_t people = u > v ? u : v;
	struct world *w = market_new(people, v + 1, 1);
	double expected = (double)v * (1.0 - pow(1.0 - 1.0 / (double)v, (double)u));
	double sum = 0.0, squares = 0.0, mean, error;

	w->par.labour.applications = w->par.labour.hiring_rounds = 1;
	for (w->tick = 0; w->tick < draws; w->tick++) {
		for (int64_t n = 0; n < people; n++)
			w->worker.employer[n] = n < u ? NO_FIRM : (uint32_t)v;
		staff_recounted(w);
		for (int64_t j = 0; j < v; j++) {
			w->firm.vacancies[j] = 1;
			w->firm.filled[j] = 0;
		}
		month_opened(w);
		vacancies_open(w);
		applications_clear(w);
		sum += (double)w->census.head.hires;
		squares += (double)(w->census.head.hires * w->census.head.hires);
	}
	invariants_hold(w, PHASE_applications_clear);
	mean = sum / draws;
	error = sqrt((squares / draws - mean * mean) / draws);
	CLOSE(mean, expected, 4 * error);
	assert_true(error < 0.01 * expected);
	world_free(w);
}

static void one_application_a_head_matches_like_balls_in_urns(void **state)
{
	(void)state;
	urn_ball(1000, 800, 300);
	urn_ball(100, 100, 300);
	urn_ball(50, 500, 300);
}

static void hires_never_exceed_posts_and_fill_them_in_more_rounds(void **state)
{
	(void)state;
	int64_t hires[3];

	for (int rounds = 1; rounds <= 3; rounds++) {
		struct world *w = market_new(2000, 40, 1);
		w->par.labour.hiring_rounds = rounds;
		for (int64_t n = 0; n < 400; n++)
			w->worker.employer[n] = NO_FIRM;
		staff_recounted(w);
		for (int64_t j = 0; j < 40; j++)
			w->firm.vacancies[j] = (int32_t)(j % 3 * 5);
		month_opened(w);
		vacancies_open(w);
		applications_clear(w);
		for (int64_t j = 0; j < 40; j++)
			assert_true(w->firm.filled[j] <= w->firm.vacancies[j]);
		hires[rounds - 1] = w->census.head.hires;
		assert_true(hires[rounds - 1] <= w->census.head.vacancies);
		assert_int_equal(hires[rounds - 1], w->census.head.hires_from_reserve);
		invariants_hold(w, PHASE_applications_clear);
		world_free(w);
	}
	assert_true(hires[0] < hires[1] && hires[1] <= hires[2]);
}

/* One post far better paid than the other: all who get both offers take it. */
static void people_take_the_best_offer(void **state)
{
	(void)state;
	struct world *w = market_new(10, 3, 1);

	w->par.labour.match_spread = w->par.skills.premium = 0.0;
	w->par.labour.applications = 50; /* enough that all apply to both */
	for (int64_t n = 0; n < 10; n++)
		w->worker.employer[n] = NO_FIRM;
	staff_recounted(w);
	for (uint32_t j = 1; j < 3; j++) {
		w->firm.vacancies[j] = 10;
		w->firm.wage[j] = j == 1 ? 3000000.0 : 3100000.0;
	}
	month_opened(w);
	vacancies_open(w);
	applications_clear(w);
	assert_int_equal(w->firm.filled[2], 10);
	assert_int_equal(w->firm.filled[1], 0);
	assert_int_equal(w->firm.staff[2], 10);
	world_free(w);
}

static int64_t moves_for(double gain)
{
	struct world *w = market_new(1000, 2, 1);
	int64_t moves;

	w->par.labour.match_spread = w->par.skills.premium = 0.0;
	w->par.labour.on_the_job_search = 0.5;
	for (int64_t n = 0; n < 1000; n++)
		w->worker.employer[n] = 0;
	staff_recounted(w);
	w->firm.vacancies[1] = 1000;
	w->firm.wage[0] = 3000000.0;
	w->firm.wage[1] = 3000000.0 * (1.0 + gain);
	month_opened(w);
	vacancies_open(w);
	applications_clear(w);
	moves = w->census.head.moves;
	assert_int_equal(w->firm.staff[1], moves);
	assert_int_equal(w->firm.staff[0], 1000 - moves);
	assert_int_equal(w->census.head.hires_from_reserve, 0);
	invariants_hold(w, PHASE_applications_clear);
	world_free(w);
	return moves;
}

static void employed_people_move_only_for_a_gain_worth_it(void **state)
{
	(void)state;
	assert_int_equal(moves_for(0.0), 0);
	assert_int_equal(moves_for(0.019), 0);
	CLOSE((double)moves_for(0.021), 500.0, 4 * sqrt(250.0));
}

static void local_search_stays_in_the_region(void **state)
{
	(void)state;
	struct world *w = market_new(3000, 60, 3);
	int64_t far = 0, hires = 0;

	w->par.labour.local_search = 1.0;
	for (int64_t n = 0; n < 3000; n++)
		w->worker.employer[n] = n % 3 ? (uint32_t)(n % 60) : NO_FIRM;
	staff_recounted(w);
	for (int64_t j = 0; j < 60; j++)
		w->firm.vacancies[j] = 5;
	month_opened(w);
	vacancies_open(w);
	applications_clear(w);
	for (int64_t n = 0; n < 3000; n += 3) {
		uint32_t j = w->worker.employer[n];
		if (j != NO_FIRM) {
			hires++;
			far += w->firm.region[j] != w->worker.region[n];
		}
	}
	assert_true(hires > 100);
	assert_int_equal(far, 0);
	for (int64_t r = 0, sum = 0; r < 3; r++) {
		sum += w->scratch->hired[r];
		assert_true(r < 2 || sum == hires);
	}
	world_free(w);
}

static void nobody_is_hired_where_no_post_is_open(void **state)
{
	(void)state;
	struct world *w = market_new(100, 4, 1);

	for (int64_t n = 0; n < 100; n++)
		w->worker.employer[n] = NO_FIRM;
	staff_recounted(w);
	month_opened(w);
	vacancies_open(w);
	applications_clear(w);
	assert_int_equal(w->census.head.hires, 0);
	invariants_hold(w, PHASE_applications_clear);
	world_free(w);
}

/* ---- Stocks and flows */

/* Out of work at the end = at the start + separations - hires; and with the mean rates s and f the
 * reserve lies where they balance: people may be hired in the month they leave, so it is
 * s (1 - f) / (s (1 - f) + f), not s / (s + f). */
static void the_reserve_is_what_flows_in_and_out_leave(void **state)
{
	(void)state;
	struct params p = params_small(4000, 200);
	struct world *w;
	double lost = 0, found = 0, posts = 0, looking = 0, reserve = 0, s, f, u, balanced;
	struct err e = {0};

	p.automation.frontier = 0.0;
	w = world_new(&p, 1, 0, 1);
	months_pass(w, 120);
	for (int t = 0; t < 240; t++) {
		int64_t before = w->people - w->census.employed;
		const struct heads *h = &w->census.head;
		NO_ERROR(tick(w, &e), e);
		assert_int_equal(h->reserve_at_start, before);
		assert_int_equal(w->census.reserve,
				 before + h->layoffs + h->quits - h->hires_from_reserve);
		assert_int_equal(h->hires, h->hires_from_reserve + h->moves);
		lost += (double)(h->layoffs + h->quits);
		found += (double)h->hires_from_reserve;
		posts += (double)h->posts_before;
		looking += (double)(before + h->layoffs + h->quits);
		reserve += (double)before;
	}
	s = lost / posts;
	f = found / looking;
	u = reserve / (reserve + posts);
	balanced = s * (1 - f) / (s * (1 - f) + f);
	CLOSE(u / balanced, 1.0, 0.03);
	assert_true(fabs(u - balanced) < fabs(u - s / (s + f)));
	world_free(w);
}

static void spells_count_the_months_out_of_work(void **state)
{
	(void)state;
	struct params p = params_small(2000, 100);
	struct world *w = world_new(&p, 1, 0, 1);

	months_pass(w, 24);
	for (int t = 0; t < 12; t++) {
		uint16_t before[2000];
		uint32_t employer[2000];
		memcpy(before, w->worker.spell, sizeof(before));
		memcpy(employer, w->worker.employer, sizeof(employer));
		month_until(w, PHASE_wages_paid, NULL);
		for (int64_t n = 0; n < 2000; n++) {
			if (w->worker.employer[n] != NO_FIRM)
				assert_int_equal(w->worker.spell[n], 0);
			else if (employer[n] != NO_FIRM)
				assert_int_equal(w->worker.spell[n], 1);
			else
				assert_int_equal(w->worker.spell[n], before[n] + 1);
		}
		month_finished(w, PHASE_wages_paid);
	}
	world_free(w);
}

static void skill_raises_both_efficiency_and_pay(void **state)
{
	(void)state;
	assert_int_equal(firm_efficiency(1.0, 0.0, 12345), 65536);
	assert_int_equal(firm_efficiency(1.25, 0.3, 0), (int64_t)(1.25 * 0.7 * 65536));
	assert_int_equal(firm_efficiency(1.25, 0.3, 32768), (int64_t)(1.25 * 65536));
	assert_int_equal(firm_efficiency(1.0, 0.3, 65535), (int64_t)(1.3 * 65536));
}

/* ---- Periphery */

static void contractors_staff_what_their_sales_pay_for(void **state)
{
	(void)state;
	struct params p = params_small(1000, 200);
	struct world *w = world_new(&p, 1, 0, 1);
	double cost = w->pub.periphery_wage * (1.0 + p.periphery.margin);
	int64_t at_work = 0, counted = 0;

	assert_int_equal(w->contractors, 2);
	w->contractor.sales[0] = w->contractor.sales[1] = (int64_t)(cost * 100.5 / 0.3);
	periphery_hires(w);
	for (int64_t n = w->people; n < w->people + w->periphery; n++)
		at_work += w->worker.employer[n] != NO_FIRM;
	assert_int_equal(w->contractor.staff[0] + w->contractor.staff[1], at_work);
	assert_int_equal(at_work, 100); /* both want 100; there are 100 people */
	assert_int_equal(w->contractor.staff[0], 50);
	w->tick++;
	w->contractor.sales[0] = 0;
	w->contractor.demand_expected[0] = 0.0;
	w->pub.periphery_wage = p.periphery.wage_ratio * w->pub.wage;
	periphery_hires(w);
	for (int64_t n = w->people; n < w->people + w->periphery; n++)
		counted += w->worker.employer[n] == 1;
	assert_int_equal(w->contractor.staff[0], 0);
	assert_int_equal(w->contractor.staff[1], counted);
	assert_int_equal(counted, 100);
	world_free(w);
}

static void the_periphery_wage_rises_when_people_run_short_and_has_a_floor(void **state)
{
	(void)state;
	struct params p = params_small(1000, 100);
	struct world *w = world_new(&p, 1, 0, 1);
	double anchor = p.periphery.wage_ratio * w->pub.wage, wage = w->pub.periphery_wage;

	CLOSE(wage, anchor, 1e-9);
	w->contractor.sales[0] = (int64_t)(anchor * 1000);
	w->contractor.demand_expected[0] = anchor * 1000;
	periphery_hires(w);
	CLOSE(w->pub.periphery_wage, wage * 1.005, 1e-6);
	w->contractor.sales[0] = 0;
	w->contractor.demand_expected[0] = 0.0;
	w->pub.periphery_wage = 0.1 * anchor;
	w->tick++;
	periphery_hires(w);
	CLOSE(w->pub.periphery_wage, 0.5 * anchor, 1e-6);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cut_post_puts_its_worker_in_the_reserve),
		cmocka_unit_test(lot_decides_who_is_dismissed),
		cmocka_unit_test(people_quit_at_the_rate_and_more_under_surveillance),
		cmocka_unit_test(layoffs_are_the_excess_rounded_by_lot),
		cmocka_unit_test(one_application_a_head_matches_like_balls_in_urns),
		cmocka_unit_test(hires_never_exceed_posts_and_fill_them_in_more_rounds),
		cmocka_unit_test(people_take_the_best_offer),
		cmocka_unit_test(employed_people_move_only_for_a_gain_worth_it),
		cmocka_unit_test(local_search_stays_in_the_region),
		cmocka_unit_test(nobody_is_hired_where_no_post_is_open),
		cmocka_unit_test(the_reserve_is_what_flows_in_and_out_leave),
		cmocka_unit_test(spells_count_the_months_out_of_work),
		cmocka_unit_test(skill_raises_both_efficiency_and_pay),
		cmocka_unit_test(contractors_staff_what_their_sales_pay_for),
		cmocka_unit_test(the_periphery_wage_rises_when_people_run_short_and_has_a_floor),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
