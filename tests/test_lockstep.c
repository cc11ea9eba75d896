/* Worlds side by side: where a difference was put, there it is found. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/lockstep.h"
#include "worlds.h"

enum { PEOPLE = 1500, FIRMS = 80 };

static struct world *world_of(const struct params *p, int threads)
{
	return world_new(p, 1, 0, threads);
}

static struct parting parting; /* of the last months_equal or month_parted */

static void months_equal(struct world *a, struct world *b, int months)
{
	struct world *worlds[] = {a, b};
	struct err e = {0};
	for (int i = 0; i < months; i++)
		if (lockstep_month(worlds, 2, true, &parting, &e))
			fail_msg("%s%s", parting.list[0].name, e.text);
}

static void parts_at(struct world *a, struct world *b, int64_t tick, int phase, const char *name)
{
	struct world *worlds[] = {a, b};
	struct err e = {0};
	int result = 0;
	while (!result && a->tick <= tick)
		result = lockstep_month(worlds, 2, true, &parting, &e);
	assert_int_equal(result, 1);
	assert_int_equal(parting.tick, tick);
	assert_int_equal(parting.phase, phase);
	assert_int_equal(parting.world, 1);
	assert_string_equal(parting.list[0].name, name);
}

static void months_in_step_are_months(void **state)
{
	(void)state;
	struct params p = params_ai(PEOPLE, FIRMS);
	struct world *a = world_of(&p, 1), *b = world_of(&p, 2), *c = world_of(&p, 1);
	months_equal(a, b, 24);
	months_pass(c, 24);
	assert_true(world_hash(a) == world_hash(c) && world_hash(b) == world_hash(c));
	assert_int_equal(a->tick, 24);
	world_free(a);
	world_free(b);
	world_free(c);
}

static void one_entry_that_differs_is_found(void **state)
{
	(void)state;
	struct params p = params_ai(PEOPLE, FIRMS);
	struct world *a = world_of(&p, 1), *b = world_of(&p, 1);
	months_equal(a, b, 12);
	b->worker.last_pay[1234] += 1;
	parts_at(a, b, 12, -1, "person.last_pay");
	assert_int_equal(parting.count, 1);
	assert_int_equal(parting.list[0].row, 1234);
	assert_int_equal(parting.list[0].differ, 1);
	assert_int_equal(parting.list[0].rows, a->people + a->periphery);
	assert_int_equal(atoll(parting.list[0].a) + 1, atoll(parting.list[0].b));
	world_free(a);
	world_free(b);
}

static void every_column_of_the_state_is_compared(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS);
	struct world *a = world_of(&p, 1), *b = world_of(&p, 1);
	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		int64_t row = column_rows(b, c) - 1;
		unsigned char *entry = (unsigned char *)column_data(b, c) + (size_t)row * c->size;
		*entry ^= 1;
		worlds_compare(a, b, true, &parting);
		assert_int_equal(parting.count, !c->flow);
		if (!c->flow) {
			assert_int_equal(parting.list[0].row, row);
			assert_string_equal(strchr(parting.list[0].name, '.') + 1, c->name);
		}
		*entry ^= 1;
	}
	assert_int_equal(worlds_compare(a, b, true, &parting), 0);
	world_free(a);
	world_free(b);
}

static void words_have_names(void *first, size_t bytes, const struct world *a,
			     const struct world *b, const char *part)
{
	char before[80] = "";
	uint64_t *word = first;
	for (size_t i = 0; i < bytes / 8; i++) {
		word[i] ^= 1;
		assert_int_equal(worlds_compare(a, b, true, &parting), 1);
		assert_int_equal(strncmp(parting.list[0].name, part, strlen(part)), 0);
		assert_string_not_equal(parting.list[0].name, before);
		strcpy(before, parting.list[0].name);
		word[i] ^= 1;
	}
}

static void every_published_value_has_a_name(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS);
	p.population.regions = 3;
	struct world *a = world_of(&p, 1), *b = world_of(&p, 1);
	words_have_names(&b->pub, sizeof(b->pub), a, b, "published.");
	words_have_names(&b->ledger, sizeof(b->ledger), a, b, "ledger.");
	words_have_names(&b->region[2], sizeof(b->region[2]), a, b, "region.");
	b->region[1].hours += 0.25;
	b->pub.price_history[7] = 2;
	assert_int_equal(worlds_compare(a, b, true, &parting), 2);
	assert_string_equal(parting.list[0].name, "published.price_history[7]");
	assert_string_equal(parting.list[0].b, "2");
	assert_string_equal(parting.list[1].name, "region.hours");
	assert_int_equal(parting.list[1].row, 1);
	world_free(a);
	world_free(b);
}

static void a_parameter_parts_worlds_in_the_step_that_reads_it(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS), q = p;
	q.labour.quit_rate *= 2;
	struct world *a = world_of(&p, 1), *b = world_of(&q, 1);
	parts_at(a, b, 0, PHASE_layoffs_happen, "person.employer");
	assert_true(parting.list[0].differ > 1 && parting.list[0].differ < PEOPLE / 10);
	world_free(a);
	world_free(b);
	q = p;
	q.households.consumption_of_income -= 0.1;
	a = world_of(&p, 1);
	b = world_of(&q, 1);
	parts_at(a, b, 0, PHASE_wages_paid, "person.cash");
	world_free(a);
	world_free(b);
}

static void a_metric_alone_can_part(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS), q = p;
	q.labour.short_hours = 1.01; /* only the census asks: everybody's hours are short */
	struct world *a = world_of(&p, 1), *b = world_of(&q, 1);
	parts_at(a, b, 0, PHASE_census_taken, "metric.reserve_latent");
	world_free(a);
	world_free(b);
}

static void labels_are_passed_over_on_request(void **state)
{
	(void)state;
	struct params p = params_ai(PEOPLE, FIRMS), q = p;
	struct err e = {0};
	int months = 0;
	mix_pure(&p, POLICY_cut_jobs);
	mix_pure(&q, POLICY_share_gains);
	struct world *a = world_of(&p, 1), *b = world_of(&q, 1), *worlds[] = {a, b};
	assert_int_equal(lockstep_month(worlds, 2, true, &parting, &e), 1);
	assert_string_equal(parting.list[0].name, "firm.policy");
	assert_int_equal(parting.list[0].differ, FIRMS);
	while (!lockstep_month(worlds, 2, false, &parting, &e))
		months++;
	assert_true(months >= 6); /* AI starts */
	assert_int_equal(parting.phase, PHASE_policies_decide);
	world_free(a);
	world_free(b);
}

static void the_world_that_differs_is_named(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS);
	struct err e = {0};
	struct world *worlds[4];
	for (int i = 0; i < 4; i++)
		worlds[i] = world_of(&p, i + 1);
	assert_int_equal(lockstep_month(worlds, 4, true, &parting, &e), 0);
	worlds[2]->firm.price[5] *= 2;
	worlds[3]->firm.price[4] *= 2;
	assert_int_equal(lockstep_month(worlds, 4, true, &parting, &e), 1);
	assert_int_equal(parting.world, 2);
	assert_int_equal(parting.list[0].row, 5);
	for (int i = 0; i < 4; i++)
		world_free(worlds[i]);
}

static void more_columns_than_are_kept_are_counted(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS);
	struct world *a = world_of(&p, 1), *b = world_new(&p, 2, 0, 1);
	months_pass(a, 1);
	months_pass(b, 1);
	assert_true(worlds_compare(a, b, true, &parting) > DIFFERENCES);
	world_free(a);
	world_free(b);
}

static void worlds_of_other_shapes_are_told(void **state)
{
	(void)state;
	struct params p = params_small(PEOPLE, FIRMS), q = params_small(PEOPLE, FIRMS + 1);
	struct world *a = world_of(&p, 1), *b = world_of(&q, 1), *c = world_new(&p, 1, 5, 1);
	char text[128];
	worlds_mismatch(a, b, text);
	assert_string_equal(text, "firms: 80 and 81");
	worlds_mismatch(a, c, text);
	assert_string_equal(text, "first tick: 0 and -5");
	worlds_mismatch(a, a, text);
	assert_string_equal(text, "");
	world_free(a);
	world_free(b);
	world_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(months_in_step_are_months),
		cmocka_unit_test(one_entry_that_differs_is_found),
		cmocka_unit_test(every_column_of_the_state_is_compared),
		cmocka_unit_test(every_published_value_has_a_name),
		cmocka_unit_test(a_parameter_parts_worlds_in_the_step_that_reads_it),
		cmocka_unit_test(a_metric_alone_can_part),
		cmocka_unit_test(labels_are_passed_over_on_request),
		cmocka_unit_test(the_world_that_differs_is_named),
		cmocka_unit_test(more_columns_than_are_kept_are_counted),
		cmocka_unit_test(worlds_of_other_shapes_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
