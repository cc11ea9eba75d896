#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "ludd/params.h"
#include "ludd/policy.h"
#include "ludd/world.h"

/* Exactly this one rule is broken. */
static void broken(const struct params *p, const char *line)
{
	struct problems found = {0};
	params_check(p, "", &found);
	assert_int_equal(found.errors, 1);
	assert_string_equal(found.items[0].text, line);
	problems_free(&found);
}

static void the_defaults_break_no_rule(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	params_check(&p, "", &found);
	assert_int_equal(found.count, 0);
	assert_int_equal(p.labour.applications, 3);
	assert_true(p.mix[POLICY_cut_jobs] == 1);
}

static void every_row_of_the_table_is_sane(void **state)
{
	(void)state;
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		char name[64];
		assert_int_equal(param_by_key(info->key), i);
		assert_true(info->low < info->high);
		assert_true(param_in_range(info, info->value));
		assert_true(*info->doc && *info->unit && *info->source);
		if (info->type != PARAM_TYPE_CHOICE)
			continue;
		assert_non_null(param_choice_name(info, (int)info->high, name));
		assert_int_equal(param_choice(info, name), (int)info->high);
		assert_null(param_choice_name(info, (int)info->high + 1, name));
	}
}

static void a_value_set_is_the_value_got_and_nothing_else_changes(void **state)
{
	(void)state;
	for (int i = 0; i < param_count(); i++) {
		struct params p;
		params_default(&p);
		param_set(&p, i, param_at(i)->high);
		for (int k = 0; k < param_count(); k++)
			assert_true(param_get(&p, k) ==
				    (k == i ? param_at(k)->high : param_at(k)->value));
	}
}

static void every_policy_has_its_parameters_and_its_share(void **state)
{
	(void)state;
	struct params p;
	params_default(&p);
	assert_true(param_get(&p, param_by_key("policy.share_gains.hours")) == 0.5);
	param_set(&p, param_by_key("policy.share_gains.hours"), 0.25);
	assert_true(p.policy[POLICY_share_gains][0] == 0.25);
	param_set(&p, param_by_key("policy.mix.share_gains"), 0.75);
	assert_true(p.mix[POLICY_share_gains] == 0.75);
}

static void groups_are_known_and_parameters_are_none(void **state)
{
	(void)state;
	assert_true(params_known_group("labour"));
	assert_true(params_known_group("policy"));
	assert_true(params_known_group("policy.mix"));
	assert_true(params_known_group("policy.share_gains"));
	assert_false(params_known_group("policy.nonsense"));
	assert_false(params_known_group("labour.applications"));
	assert_false(params_known_group("Labour"));
	assert_false(params_known_group(""));
}

static void a_misspelt_key_finds_the_right_one(void **state)
{
	(void)state;
	assert_string_equal(param_nearest("labour.applicatons"), "labour.applications");
	assert_string_equal(param_nearest("Labour.Applications"), "labour.applications");
	assert_string_equal(param_nearest("applications"), "labour.applications");
	assert_string_equal(param_nearest("state.union_density"), "labour.union_density");
	assert_string_equal(param_nearest("policy.share_gains.hour"), "policy.share_gains.hours");
	assert_string_equal(param_nearest("Labor"), "labour");
	assert_null(param_nearest("xyzzy_quux"));
}

static void choices_are_known_by_their_whole_name(void **state)
{
	(void)state;
	const struct param_info *pricing = param_at(param_by_key("firms.pricing"));
	assert_int_equal(param_choice(pricing, "unit_cost"), PRICING_UNIT_COST);
	assert_int_equal(param_choice(pricing, "target_return"), PRICING_TARGET_RETURN);
	assert_int_equal(param_choice(pricing, "target"), -1);
	assert_int_equal(param_choice(pricing, "Target_return"), -1);
	assert_int_equal(param_choice(pricing, ""), -1);
}

static void a_value_out_of_range_is_named(void **state)
{
	(void)state;
	struct params p;
	params_default(&p);
	p.households.consumption_of_income = 1.7;
	broken(&p, "households.consumption_of_income is 1.7; it must lie in [0, 1]");
}

static void each_region_needs_a_firm_of_each_department(void **state)
{
	(void)state;
	struct params p;
	params_default(&p);
	p.population.regions = 501;
	broken(&p, "population.regions is 501; each region needs a firm of each department, so "
	       "1000 firms allow at most 500");
}

static void regions_left_open_suit_any_number_of_firms(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	p.population.firms = 11;
	params_check(&p, "", &found);
	assert_int_equal(found.count, 0);
	assert_int_equal(world_size(&p).regions, 5);
}

static void more_firms_than_people_are_refused(void **state)
{
	(void)state;
	struct params p;
	params_default(&p);
	p.population.people = 999;
	broken(&p, "population.firms is 1000 for 999 people; there must be at least one person per "
	       "firm");
}

static void shares_of_a_mix_add_up_to_1(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	p.mix[POLICY_cut_jobs] = 0.5;
	broken(&p, "policy.mix adds up to 0.5; the shares must add up to 1");
	p.mix[POLICY_share_gains] = 0.5 + 5e-10;
	params_check(&p, "", &found);
	assert_int_equal(found.count, 0);
}

static void a_policys_own_rules_are_applied_with_the_place(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	param_set(&p, param_by_key("policy.share_gains.hours"), 0.9);
	params_check(&p, "x.json:3: ", &found);
	assert_int_equal(found.errors, 1);
	assert_non_null(strstr(found.items[0].text, "x.json:3: policy.share_gains"));
	problems_free(&found);
}

static void machines_that_cannot_replace_themselves_are_refused(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	p.production.depreciation = 0.5;
	params_check(&p, "", &found);
	assert_int_equal(found.errors, 1);
	assert_non_null(strstr(found.items[0].text, "production.capital_per_output_capital_goods"));
	problems_free(&found);
}

static void money_that_no_account_can_hold_is_refused(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	p.population.people = 1000000000;
	p.population.firms = 50000000;
	params_check(&p, "", &found);
	assert_int_equal(found.errors, 0);
	p.population.initial_wage = 1e9;
	params_check(&p, "", &found);
	assert_int_equal(found.errors, 1);
	assert_non_null(strstr(found.items[0].text, "population.initial_wage is 1e+09"));
	problems_free(&found);
}

static void all_broken_rules_are_reported_at_once(void **state)
{
	(void)state;
	struct params p;
	struct problems found = {0};
	params_default(&p);
	p.population.people = 900;
	p.population.regions = 800;
	p.mix[POLICY_attrition] = 1;
	params_check(&p, "", &found);
	assert_int_equal(found.errors, 3);
	problems_free(&found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_defaults_break_no_rule),
		cmocka_unit_test(every_row_of_the_table_is_sane),
		cmocka_unit_test(a_value_set_is_the_value_got_and_nothing_else_changes),
		cmocka_unit_test(every_policy_has_its_parameters_and_its_share),
		cmocka_unit_test(groups_are_known_and_parameters_are_none),
		cmocka_unit_test(a_misspelt_key_finds_the_right_one),
		cmocka_unit_test(choices_are_known_by_their_whole_name),
		cmocka_unit_test(a_value_out_of_range_is_named),
		cmocka_unit_test(each_region_needs_a_firm_of_each_department),
		cmocka_unit_test(regions_left_open_suit_any_number_of_firms),
		cmocka_unit_test(more_firms_than_people_are_refused),
		cmocka_unit_test(shares_of_a_mix_add_up_to_1),
		cmocka_unit_test(a_policys_own_rules_are_applied_with_the_place),
		cmocka_unit_test(machines_that_cannot_replace_themselves_are_refused),
		cmocka_unit_test(money_that_no_account_can_hold_is_refused),
		cmocka_unit_test(all_broken_rules_are_reported_at_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
