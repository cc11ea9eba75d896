/* Income of the month (E27, E28) follows from pay, post and time out of work, in every version of
 * the loop, from pay day to the end of the month. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "levels.h"
#include "worlds.h"

enum { PEOPLE = 3000, FIRM = 3 };
enum { BASIC = 1000, DIVIDEND = 234, ASSISTANCE = 777, PERIPHERY_PAY = 555 };

static struct world *world_with_terms(int64_t benefit_months)
{
	struct params p = params_small(PEOPLE, 100);
	struct world *w;

	p.state.wage_tax = 0.25;
	p.state.benefit_replacement = 0.5;
	p.state.benefit_months = benefit_months;
	w = world_new(&p, 1, 0, 1);
	w->terms = (struct terms){
		.basic_income = BASIC,
		.assistance = ASSISTANCE,
		.dividend = DIVIDEND,
		.periphery_pay = PERIPHERY_PAY,
	};
	return w;
}

struct person {
	const char *who;
	uint32_t employer;
	uint16_t spell;
	int64_t last_pay, income; /* income without basic income and dividend */
};

/* With a tax of 1/4 and a benefit of 1/2 for 12 months. */
static const struct person people[] = {
	{"in work", FIRM, 0, 3000001, 2250001},
	{"in work for nothing", FIRM, 0, 0, 0},
	{"in work for the largest pay", FIRM, 0, MONEY_LIMIT - 128, 864691128455135136},
	{"first month out of work", NO_FIRM, 1, 3000001, 1125000},
	{"last month of benefit", NO_FIRM, 12, 3000001, 1125000},
	{"first month of assistance", NO_FIRM, 13, 3000001, ASSISTANCE},
	{"out of work for ever", NO_FIRM, UINT16_MAX, 3000001, ASSISTANCE},
	{"out of work, never paid", NO_FIRM, 1, 0, 0},
	{"the firm closed after pay day", NO_FIRM, 0, 3000001, 2250001},
	{"in work for three mills", FIRM, 0, 3, 3},
	{"out of work after three mills", NO_FIRM, 2, 3, 1},
	{"in work for four mills", FIRM, 0, 4, 3},
};

static const struct person *person_placed(struct world *w, int64_t n, int64_t which)
{
	const struct person *p = &people[which % LENGTH(people)];

	w->worker.employer[n] = p->employer;
	w->worker.spell[n] = p->spell;
	w->worker.last_pay[n] = p->last_pay;
	return p;
}

static void every_case_has_its_income(void **state)
{
	(void)state;
	struct world *w = world_with_terms(12);

	LEVELS(level)
		for (int i = 0; i < LENGTH(people); i++) {
			const struct person *p = person_placed(w, 7, i);
			int64_t income = person_income(w, 7) - BASIC - DIVIDEND;
			if (income != p->income)
				fail_msg("level %d, %s: %lld, not %lld", (int)level, p->who,
					 (long long)income, (long long)p->income);
		}
	vector_limit(VECTOR_AVX512);
	world_free(w);
}

static void income_is_the_same_in_any_place_of_a_row_of_people(void **state)
{
	(void)state;
	static const int counts[] = {0, 1, 3, 7, 8, 9, 15, 16, 17, 64, 511, 512};
	struct world *w = world_with_terms(12);
	int64_t income[513];

	for (int64_t n = 0; n < w->people; n++)
		person_placed(w, n, (int64_t)(mix64((uint64_t)n) >> 32));
	LEVELS(level)
		for (int c = 0; c < LENGTH(counts); c++)
			for (int64_t first = 1000; first < 1008; first++) {
				income[counts[c]] = -1;
				incomes_of(w, first, counts[c], income);
				for (int i = 0; i < counts[c]; i++)
					assert_int_equal(income[i], person_income(w, first + i));
				assert_int_equal(income[counts[c]], -1);
			}
	vector_limit(VECTOR_AVX512);
	world_free(w);
}

static void benefit_lasts_as_long_as_the_parameter_says(void **state)
{
	(void)state;
	static const int64_t months[] = {0, 1, 6, 1200, 100000};

	LEVELS(level)
		for (int i = 0; i < LENGTH(months); i++) {
			struct world *w = world_with_terms(months[i]);
			int64_t last = smaller_i64(months[i], UINT16_MAX);
			w->worker.employer[0] = w->worker.employer[1] = NO_FIRM;
			w->worker.last_pay[0] = w->worker.last_pay[1] = 1000;
			w->worker.spell[0] = (uint16_t)last;
			w->worker.spell[1] = (uint16_t)smaller_i64(last + 1, UINT16_MAX);
			if (last > 0)
				assert_int_equal(person_income(w, 0), 375 + BASIC + DIVIDEND);
			assert_int_equal(person_income(w, 1), BASIC + DIVIDEND +
					 (last < UINT16_MAX ? ASSISTANCE : 375));
			world_free(w);
		}
	vector_limit(VECTOR_AVX512);
}

static void the_periphery_has_one_wage_and_no_support(void **state)
{
	(void)state;
	struct world *w = world_with_terms(12);
	int64_t income[2];

	assert_true(w->periphery >= 2);
	w->worker.employer[w->people] = 0;
	w->worker.employer[w->people + 1] = NO_FIRM;
	w->worker.last_pay[w->people] = w->worker.last_pay[w->people + 1] = 3000001;
	w->worker.spell[w->people + 1] = 1;
	incomes_of(w, w->people, 2, income);
	assert_int_equal(income[0], PERIPHERY_PAY);
	assert_int_equal(income[1], 0);
	world_free(w);
}

/* ---- Through a month */

static int64_t cash_before[2 * PEOPLE], paid[2 * PEOPLE];

/* What each was paid, by deposits; and income says so to the end of the month. */
static void incomes_followed(struct world *w, enum phase phase)
{
	int64_t everybody = w->people + w->periphery;

	for (int64_t n = 0; n < everybody; n++) {
		if (phase < PHASE_wages_paid)
			cash_before[n] = w->worker.cash[n];
		if (phase == PHASE_wages_paid)
			paid[n] = w->worker.cash[n] + ordered_by(w, n) - cash_before[n];
		if (phase >= PHASE_wages_paid && person_income(w, n) != paid[n])
			fail_msg("person %lld after %s: %lld, not %lld", (long long)n,
				 phase_name((int)phase), (long long)person_income(w, n),
				 (long long)paid[n]);
	}
}

static void income_is_what_was_paid_even_where_the_firm_closes(void **state)
{
	(void)state;
	struct params p = params_ai(PEOPLE, 100);
	struct world *w;
	int64_t closed = 0;

	p.state.basic_income = 0.05;
	p.state.ai_levy = 0.2;
	w = world_new(&p, 1, 0, 1);
	for (int month = 0; month < 30; month++) {
		if (month == 20)
			w->firm.loan[w->firms - 1] += 1000000000000;
		if (month == 20)
			money_balanced(w);
		month_until(w, PHASE_census_taken, incomes_followed);
		w->tick++;
		for (int64_t n = 0; n < w->people; n++)
			closed += w->worker.employer[n] == NO_FIRM && w->worker.spell[n] == 0;
	}
	assert_true(w->terms.basic_income > 0 && w->terms.assistance > 0);
	assert_true(closed > 0);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_case_has_its_income),
		cmocka_unit_test(income_is_the_same_in_any_place_of_a_row_of_people),
		cmocka_unit_test(benefit_lasts_as_long_as_the_parameter_says),
		cmocka_unit_test(the_periphery_has_one_wage_and_no_support),
		cmocka_unit_test(income_is_what_was_paid_even_where_the_firm_closes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
