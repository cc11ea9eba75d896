/* People followed through two worlds, by hand and against a count of every month. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "checkpoints.h"
#include "ludd/tick.h"
#include "ludd/transitions.h"

enum { HELD = 0x8000 };

static void record_put(char *record, int place, unsigned entry)
{
	record[2 * place] = (char)(entry & 0xff);
	record[2 * place + 1] = (char)(entry >> 8);
}

static unsigned record_get(const char *record, int64_t place)
{
	const unsigned char *at = (const unsigned char *)record + 2 * place;
	return at[0] + 256U * at[1];
}

/* Six people and two windows; the second window of a is the first of b, and the other way round. */
static void people_are_counted_by_what_happened_in_both_worlds(void **state)
{
	(void)state;
	static const unsigned one[6] = {HELD, HELD, HELD | 2, HELD | 300, 13, HELD};
	static const unsigned other[6] = {HELD, HELD | 4, HELD, HELD | 7, 12, 1};
	char a[24], b[24];
	struct transitions t[2] = {{0}};
	for (int i = 0; i < 6; i++) {
		record_put(a, i, one[i]);
		record_put(a, 6 + i, other[i]);
		record_put(b, i, other[i]);
		record_put(b, 6 + i, one[i]);
	}
	for (int n = 1; n <= 2; n++) { /* adds up */
		assert_true(transitions_add(a, 24, b, 24, 2, t));
		assert_int_equal(t[0].people, 6 * n);
		assert_int_equal(t[0].held_both, 4 * n);
		assert_int_equal(t[0].kept_both, n);
		assert_int_equal(t[0].kept_a_lost_b, n);
		assert_int_equal(t[0].lost_a_kept_b, n);
		assert_int_equal(t[0].lost_both, n);
		assert_int_equal(t[0].months_a, 315 * n);
		assert_int_equal(t[0].months_b, 24 * n);
	}
	static const int64_t bins[MONTH_BINS][MONTH_BINS] = {
		{2, 2, 2, 0, 0}, {2}, {0}, {0}, {0, 0, 0, 4, 0}};
	assert_memory_equal(t[0].bins, bins, sizeof(bins));
	for (int i = 0; i < MONTH_BINS; i++)
		for (int j = 0; j < MONTH_BINS; j++)
			assert_int_equal(t[1].bins[i][j], bins[j][i]);
	assert_int_equal(t[1].months_a, 48);
	assert_int_equal(t[1].kept_a_lost_b, 2);
}

static void months_fall_into_bins(void **state)
{
	(void)state;
	static const struct { unsigned months; int bin; } table[] = {
		{0, 0}, {1, 1}, {3, 1}, {4, 2}, {6, 2}, {7, 3}, {12, 3}, {13, 4}, {32767, 4}};
	for (int i = 0; i < LENGTH(table); i++) {
		struct transitions t = {0};
		char a[2], b[2] = {0};
		record_put(a, 0, table[i].months);
		assert_true(transitions_add(a, 2, b, 2, 1, &t));
		assert_int_equal(t.bins[table[i].bin][0], 1);
		assert_int_equal(t.months_a, table[i].months);
	}
}

static void worlds_with_other_people_are_not_compared(void **state)
{
	(void)state;
	char a[12] = {0}, b[8] = {0};
	struct transitions t[2] = {{0}}, none[2] = {{0}};
	assert_false(transitions_add(a, 12, b, 8, 2, t));
	assert_false(transitions_add(a, 6, a, 6, 2, t)); /* no whole number of people */
	assert_memory_equal(t, none, sizeof(t));
}

static const char followed_text[] =
	SHORT "\"windows\": {\"start\": [0, 11], \"ai\": [60, 119], \"inner\": [70, 75]}, " OUTPUTS
	"}}";

/* The same months by another road: everybody's employer before and after every tick. */
static void a_run_records_posts_and_months(void **state)
{
	(void)state;
	struct experiment *x = experiment_of(followed_text);
	struct run_options o = {.threads = 1};
	struct run_result r = result_of(x, 0, &o);
	struct params p;
	struct run_id id = experiment_run(x, 0);
	struct err e = {0};
	static unsigned wanted[3][300];
	experiment_params(x, &id, &p);
	struct world *w = world_new(&p, id.seed, x->burn_in, 1);
	assert_int_equal(r.transitions_length, 2 * 3 * 300);
	while (w->tick < x->ticks) {
		int64_t month = w->tick;
		for (int k = 0; k < 3; k++)
			for (int n = 0; n < 300 && month == x->windows[k].first; n++)
				wanted[k][n] = w->worker.employer[n] == NO_FIRM ? 0 : HELD;
		assert_int_equal(tick(w, &e), 0);
		for (int k = 0; k < 3; k++)
			for (int n = 0; n < 300; n++)
				wanted[k][n] += month >= x->windows[k].first &&
						month <= x->windows[k].last &&
						w->worker.employer[n] == NO_FIRM;
	}
	for (int k = 0; k < 3; k++)
		for (int n = 0; n < 300; n++)
			assert_int_equal(record_get(r.transitions, 300 * k + n), wanted[k][n]);
	world_free(w);
	run_result_free(&r);
	experiment_free(x);
}

static void a_run_that_stops_every_month_records_the_same(void **state)
{
	(void)state;
	struct experiment *x = experiment_of(followed_text);
	struct run_options o = {.threads = 1, .checkpoint_directory = directory};
	struct run_result whole = result_of(x, 0, &o), last;
	months_done(x, o, 72 + 12); /* within two windows */
	last = resumed(x);
	results_equal(&whole, &last);
	assert_int_equal(whole.transitions_length, 2 * 3 * 300);
	run_result_free(&whole);
	run_result_free(&last);
	experiment_free(x);
}

static void a_checkpoint_with_other_windows_is_not_used(void **state)
{
	(void)state;
	struct experiment *x = experiment_of(followed_text);
	struct run_options o = {.threads = 1};
	struct run_id id = experiment_run(x, 0);
	uint64_t before = run_fingerprint(x, &id, &o);
	x->windows[1].last--;
	assert_true(run_fingerprint(x, &id, &o) != before);
	x->transitions = false;
	before = run_fingerprint(x, &id, &o);
	x->windows[1].last++;
	assert_true(run_fingerprint(x, &id, &o) == before);
	experiment_free(x);
}

static void of_many_people_a_sample_is_followed(void **state)
{
	(void)state;
	struct params p;
	struct followed f, again;
	params_default(&p);
	p.population.people = 25000;
	p.population.firms = 500;
	struct world *w = world_new(&p, 5, 0, 1), *other;
	followed_choose(&f, w);
	assert_true(f.count > FOLLOWED_MOST - 400 && f.count < FOLLOWED_MOST + 400);
	for (int64_t i = 1; i < f.count; i++)
		assert_true(f.person[i] > f.person[i - 1] && f.person[i] < 25000);
	p.state.basic_income = 0.1; /* another world, the same people */
	other = world_new(&p, 5, 0, 1);
	followed_choose(&again, other);
	assert_int_equal(again.count, f.count);
	assert_memory_equal(again.person, f.person, sizeof(*f.person) * (size_t)f.count);
	followed_free(&again);
	world_free(other);
	other = world_new(&p, 6, 0, 1); /* another seed, others */
	followed_choose(&again, other);
	assert_memory_not_equal(again.person, f.person, 1000);
	followed_free(&again);
	followed_free(&f);
	world_free(other);
	world_free(w);
}

static void months_stop_at_the_largest_number(void **state)
{
	(void)state;
	struct experiment *x = experiment_of(followed_text);
	struct params p;
	struct run_id id = experiment_run(x, 0);
	struct followed f;
	struct text record = {0};
	experiment_params(x, &id, &p);
	struct world *w = world_new(&p, 1, 0, 1);
	followed_choose(&f, w);
	assert_int_equal(f.count, 300);
	w->worker.employer[0] = 0;
	posts_noted(x, w, &f, &record);
	w->worker.employer[0] = NO_FIRM;
	w->tick = 1;
	for (int i = 0; i < 40000; i++)
		reserve_noted(x, w, &f, &record);
	assert_int_equal(record_get(record.s, 0), HELD | 32767);
	assert_int_equal(record_get(record.s, 300), 0);
	text_free(&record);
	followed_free(&f);
	world_free(w);
	experiment_free(x);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(people_are_counted_by_what_happened_in_both_worlds),
		cmocka_unit_test(months_fall_into_bins),
		cmocka_unit_test(worlds_with_other_people_are_not_compared),
		TEST(a_run_records_posts_and_months),
		TEST(a_run_that_stops_every_month_records_the_same),
		TEST(a_checkpoint_with_other_windows_is_not_used),
		TEST(of_many_people_a_sample_is_followed),
		TEST(months_stop_at_the_largest_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
