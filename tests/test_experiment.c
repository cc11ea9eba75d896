#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ludd/experiment.h"
#include "ludd/json.h"
#include "ludd/mem.h"
#include "ludd/metrics.h"
#include "ludd/policy.h"

static char file[64]; /* where a test puts its experiment */

static int file_named(void **state)
{
	(void)state;
	snprintf(file, sizeof(file), "/tmp/ludd_test_%ld.json", (long)getpid());
	return 0;
}

static int file_removed(void **state)
{
	(void)state;
	return remove(file);
}

static void file_written(const char *text)
{
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct experiment *read_with(const char *text, const struct overrides *o, struct problems *p)
{
	file_written(text);
	return experiment_read(file, o, p);
}

/* A good file, with no warning. */
static struct experiment *good(const char *text)
{
	struct overrides o = {0};
	struct problems p = {0};
	struct experiment *x = read_with(text, &o, &p);
	if (p.count)
		fail_msg("%s", p.items[0].text);
	return x;
}

static struct params params_of(const struct experiment *x, int scenario, int64_t point)
{
	struct run_id id = {.scenario = scenario, .point = point};
	struct params p;
	experiment_params(x, &id, &p);
	return p;
}

static void a_name_is_enough(void **state)
{
	(void)state;
	struct experiment *x = good("{\"name\": \"a\"}");
	assert_int_equal(x->seed, 1);
	assert_int_equal(x->replicates, 1);
	assert_int_equal(x->burn_in, 300);
	assert_int_equal(x->ticks, 600);
	assert_int_equal(x->scenario_count, 1);
	assert_string_equal(x->scenarios[0].name, "base");
	assert_int_equal(x->window_count, 1);
	assert_string_equal(x->windows[0].name, "all");
	assert_int_equal(x->windows[0].last, 599);
	assert_int_equal(x->series_metric_count, metric_count());
	assert_int_equal(x->run_count, 1);
	assert_false(x->firms.wanted);
	struct params p = params_of(x, 0, 0), defaults;
	params_default(&defaults);
	assert_memory_equal(&p, &defaults, sizeof(p));
	experiment_free(x);
}

static void nested_and_dotted_keys_mean_the_same(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"{\"name\": \"a\", \"parameters\": {\"labour\": {\"applications\": 5}, \"policy\": "
		"{\"cut_jobs\": {\"hours\": 0.5}}}}",
		"{\"name\": \"a\", \"parameters\": {\"labour.applications\": 5, "
		"\"policy.cut_jobs.hours\": 0.5}}",
		"{\"name\": \"a\", \"parameters\": {\"labour\": {\"applications\": 5.0}, "
		"\"policy\": {\"cut_jobs.hours\": 5e-1}}}",
	};
	for (int i = 0; i < LENGTH(texts); i++) {
		struct experiment *x = good(texts[i]);
		struct params p = params_of(x, 0, 0);
		assert_int_equal(p.labour.applications, 5);
		assert_true(p.policy[POLICY_cut_jobs][0] == 0.5);
		experiment_free(x);
	}
}

static void a_mix_replaces_the_whole_mix(void **state)
{
	(void)state;
	struct experiment *x = good(
		"{\"name\": \"a\", \"parameters\": {\"policy.mix\": {\"cut_jobs\": 0.25, "
		"\"attrition\": 0.75}}, \"scenarios\": {\"file\": {}, \"half\": {\"policy\": "
		"{\"mix\": {\"cut_jobs\": 0.5, \"share_gains\": 0.5}}}, \"pure\": {\"policy.mix\": "
		"\"share_gains\"}}}");
	struct params p = params_of(x, 0, 0);
	assert_true(p.mix[POLICY_cut_jobs] == 0.25 && p.mix[POLICY_attrition] == 0.75);
	p = params_of(x, 1, 0);
	assert_true(p.mix[POLICY_cut_jobs] == 0.5 && p.mix[POLICY_attrition] == 0 &&
		    p.mix[POLICY_share_gains] == 0.5);
	p = params_of(x, 2, 0);
	assert_true(p.mix[POLICY_share_gains] == 1 && p.mix[POLICY_cut_jobs] == 0);
	experiment_free(x);
}

static void the_table_of_runs_is_scenarios_by_points_by_replicates(void **state)
{
	(void)state;
	struct experiment *x =
		good("{\"name\": \"a\", \"seed\": 7, \"replicates\": 3, \"scenarios\": {\"s\": {}, "
		     "\"t\": {}}, \"sweep\": {\"method\": \"grid\", \"axes\": "
		     "{\"labour.applications\": [1, 2], "
		     "\"policy.mix\": [\"cut_jobs\", {\"share_gains\": 1}]}}}");
	assert_int_equal(x->point_count, 4);
	assert_int_equal(x->run_count, 24);
	for (int64_t run = 0; run < x->run_count; run++) {
		struct run_id id = experiment_run(x, run);
		assert_int_equal((id.scenario * 4 + id.point) * 3 + id.replicate, run);
		assert_int_equal(id.seed, experiment_run(x, id.replicate).seed);
	}
	assert_int_equal(experiment_run(x, 0).seed, 7);
	assert_int_not_equal(experiment_run(x, 1).seed, experiment_run(x, 2).seed);
	struct params p = params_of(x, 1, 2); /* the last axis varies fastest */
	assert_int_equal(p.labour.applications, 2);
	assert_true(p.mix[POLICY_cut_jobs] == 1);
	p = params_of(x, 0, 1);
	assert_int_equal(p.labour.applications, 1);
	assert_true(p.mix[POLICY_share_gains] == 1);
	experiment_free(x);
}

static void a_seed_repeats_any_replicate_alone(void **state)
{
	(void)state;
	struct experiment *x = good("{\"name\": \"a\", \"seed\": 1, \"replicates\": 5}");
	uint64_t third = experiment_run(x, 3).seed;
	char seed[32];
	struct problems p = {0};
	snprintf(seed, sizeof(seed), "%llu", (unsigned long long)third);
	struct overrides o = {.seed = seed, .replicates = 1};
	struct experiment *alone = experiment_read(file, &o, &p);
	assert_int_equal(experiment_run(alone, 0).seed, third);
	experiment_free(alone);
	experiment_free(x);
}

static void a_list_of_points_is_taken_as_it_stands(void **state)
{
	(void)state;
	struct experiment *x = good(
		"{\"name\": \"a\", \"sweep\": {\"method\": \"list\", \"points\": [{\"labour\": "
		"{\"applications\": 4}}, {}, {\"state.basic_income\": 0.1}]}}");
	assert_int_equal(x->point_count, 3);
	assert_int_equal(params_of(x, 0, 0).labour.applications, 4);
	assert_int_equal(params_of(x, 0, 1).labour.applications, 3);
	assert_true(params_of(x, 0, 2).state.basic_income == 0.1);
	experiment_free(x);
}

static void the_command_line_is_stronger_than_file_and_scenario(void **state)
{
	(void)state;
	static const char *const set[] = {
		"automation.frontier=0.2", "firms.pricing=target_return", "policy.mix=share_gains",
		"policy.mix={\"attrition\": 1}", "labour.applications=9",
	};
	struct overrides o = {.set = set, .set_count = LENGTH(set), .seed = "18446744073709551615",
			      .replicates = 2, .ticks = 50};
	struct problems p = {0};
	struct experiment *x = read_with(
		"{\"name\": \"a\", \"ticks\": 100, \"parameters\": {\"labour.applications\": 5, "
		"\"automation.start\": 10}, \"scenarios\": {\"s\": {\"automation.frontier\": 0}}, "
		"\"windows\": {\"cut\": [20, 99], \"gone\": [60, 99]}}", &o, &p);
	assert_non_null(x);
	assert_int_equal(p.count, 3); /* the scenario's frontier, two windows */
	problems_free(&p);
	struct params q = params_of(x, 0, 0);
	assert_true(q.automation.frontier == 0.2);
	assert_int_equal(q.firms.pricing, PRICING_TARGET_RETURN);
	assert_true(q.mix[POLICY_attrition] == 1 && q.mix[POLICY_share_gains] == 0);
	assert_int_equal(q.labour.applications, 9);
	assert_true(x->seed == UINT64_MAX);
	assert_int_equal(x->replicates, 2);
	assert_int_equal(x->window_count, 1);
	assert_int_equal(x->windows[0].last, 49);
	experiment_free(x);
}

/* The resolved text, and that of reading it again. */
static void resolves_to_itself(const char *text, const struct overrides *o)
{
	struct problems p = {0};
	struct experiment *x = read_with(text, o, &p);
	struct overrides none = {0};
	assert_non_null(x);
	char *first = experiment_resolved(x);
	struct experiment *again = read_with(first, &none, &p);
	if (!again)
		fail_msg("%s", p.items[p.count - 1].text);
	char *second = experiment_resolved(again);
	assert_string_equal(first, second);
	assert_int_equal(x->run_count, again->run_count);
	for (int64_t run = 0; run < x->run_count; run++) {
		struct run_id a = experiment_run(x, run), b = experiment_run(again, run);
		struct params pa, pb;
		experiment_params(x, &a, &pa);
		experiment_params(again, &b, &pb);
		assert_true(a.seed == b.seed);
		assert_memory_equal(&pa, &pb, sizeof(pa));
	}
	problems_free(&p);
	mem_free(first);
	mem_free(second);
	experiment_free(x);
	experiment_free(again);
}

static const char full[] =
	"{\"$schema\": \"s\", \"name\": \"full\", \"why\": \"\\\"why\\\"\\n\\t\\u00e9\", "
	"\"seed\": \"18446744073709551615\", \"replicates\": 2, \"burn_in\": 0, \"ticks\": 240,"
	"\"parameters\": {\"population\": {\"people\": 3000, \"firms\": 100}, \"firms.pricing\": "
	"\"target_return\", \"production.growth\": -0.0123456789012345678},"
	"\"scenarios\": {\"b\": {\"policy.mix\": {\"cut_jobs\": 0.1, \"share_gains\": 0.9}, "
	"\"automation.frontier\": 0.3}, \"a\": {}}, \"baseline\": \"a\","
	"\"sweep\": {\"method\": \"grid\", \"axes\": {\"state.benefit_replacement\": [0.1, 0.7], "
	"\"state.spending\": [\"exogenous_trend\", \"follows_productivity\"]}},"
	"\"windows\": {\"w\": [0, 239], \"v\": [1, 2]},"
	"\"outputs\": {\"series\": [\"real_wage\", \"unemployment_rate\"], \"every\": 1, "
	"\"panels\": {\"workers\": {\"every\": 24, \"sample\": 10}}, \"transitions\": true, "
	"\"checkpoints\": {\"every\": 100}}}";

static void a_resolved_experiment_resolves_to_itself(void **state)
{
	(void)state;
	static const char *const set[] = {"labour.applications=4", "policy.mix=attrition"};
	struct overrides none = {0}, o = {.set = set, .set_count = 2, .seed = "5", .ticks = 200};
	resolves_to_itself("{\"name\": \"a\"}", &none);
	resolves_to_itself(full, &none);
	resolves_to_itself(full, &o);
	resolves_to_itself("{\"name\": \"a\", \"sweep\": {\"method\": \"list\", \"points\": "
			   "[{\"labour.applications\": 4, \"state.purchases\": 0.2}, "
			   "{\"labour.applications\": 5}]}}", &none);
}

static void the_resolved_experiment_says_where_each_value_comes_from(void **state)
{
	(void)state;
	static const char *const set[] = {"labour.applications=4"};
	struct overrides o = {.set = set, .set_count = 1};
	struct problems p = {0};
	struct experiment *x = read_with(full, &o, &p);
	char *text = experiment_resolved(x);
	static const char *const lines[] = {
		"\"labour.applications\": {\"value\": 4, \"unit\": \"applications/month\", "
		"\"from\": \"--set\"}",
		"\"population.people\": {\"value\": 3000, \"unit\": \"people\", "
		"\"from\": \"file\"}",
		"\"finance.payout\": {\"value\": 0.6, \"unit\": \"share of profit\", "
		"\"from\": \"default\"}",
		"\"automation.frontier\": {\"value\": 0.3, \"unit\": \"share of tasks\", "
		"\"from\": \"scenario\"}",
		"\"state.spending\": {\"value\": \"follows_productivity\", \"unit\": "
		"\"follows_productivity|exogenous_trend\", \"from\": \"point\"}",
		"\"seed\": \"18446744073709551615\"",
	};
	for (int i = 0; i < LENGTH(lines); i++)
		if (!strstr(text, lines[i]))
			fail_msg("missing: %s", lines[i]);
	mem_free(text);
	experiment_free(x);
	problems_free(&p);
}

/* The file has exactly these problems or warnings, in order; %s in a line is the file's name. */
static void reports(const char *text, const struct overrides *o, int count,
		    const char *const *lines)
{
	struct overrides none = {0};
	struct problems p = {0};
	struct experiment *x = read_with(text, o ? o : &none, &p);
	assert_int_equal(p.errors > 0, x == NULL);
	for (int i = 0; i < p.count && i < count; i++) {
		char *line = mem_format("%s%s", lines[i][0] == ':' ? file : "", lines[i]);
		assert_string_equal(p.items[i].text, line);
		mem_free(line);
	}
	assert_int_equal(p.count, count);
	problems_free(&p);
	experiment_free(x);
}

static void every_problem_is_reported_at_once_with_its_line(void **state)
{
	(void)state;
	static const char *const lines[] = {
		":3: tiks: no such key (did you mean ticks?)",
		":2: seed is 1.5; it must be a whole number from 0",
		":4: labour.applicatons: no such parameter (did you mean labour.applications?)",
		":5: households.consumption_of_income is 1.7; it must lie in [0, 1]",
		":6: baseline: \"s\" is none of the scenarios",
		":7: windows: w ends at tick 600; with ticks = 600 the last one is 599",
	};
	reports("{\"name\": \"a\",\n\"seed\": 1.5,\n\"tiks\": 5,\n\"parameters\": {\"labour\": "
		"{\"applicatons\": 3},\n\"households.consumption_of_income\": 1.7},\n\"baseline\": "
		"\"s\",\n\"windows\": {\"w\": [0, 600]}}", NULL, LENGTH(lines), lines);
}

static void a_rule_that_joins_parameters_names_the_line_that_set_them(void **state)
{
	(void)state;
	static const char *const lines[] = {
		":3: population.firms is 2000 for 1000 people; there must be at least one person "
		"per firm",
		":5: population.regions is 900; each region needs a firm of each department, so "
		"400 firms allow at most 200 (scenario t)",
	};
	reports("{\"name\": \"a\", \"parameters\":\n{\"population.people\": 1000,\n"
		"\"population.firms\": 2000}, \"scenarios\": {\"s\": {},\n\"r\": {}, \"t\": "
		"{\"population.firms\": 400,\n\"population.regions\": 900}}}", NULL, 2, lines);
}

static void a_setting_no_firm_reads_is_a_warning(void **state)
{
	(void)state;
	static const char *const lines[] = {
		":2: policy.share_gains.hours is never read: no firm of scenario s holds "
		"share_gains",
	};
	reports("{\"name\": \"a\", \"scenarios\": {\"s\":\n{\"policy.share_gains.hours\": 0.4}, "
		"\"t\": {\"policy.mix\": \"share_gains\",\n\"policy.share_gains.hours\": 0.4}}}",
		NULL, 1, lines);
}

static void automation_after_the_end_is_a_warning(void **state)
{
	(void)state;
	static const char *const lines[] = {
		":1: automation.start is 600, but the last tick is 599: nothing is automated in "
		"this run",
	};
	reports("{\"name\": \"a\", \"parameters\": {\"automation.start\": 600}}", NULL, 1, lines);
}

static void a_key_of_the_sweep_cannot_be_set_elsewhere(void **state)
{
	(void)state;
	static const char *const set[] = {"labour.applications=4"};
	struct overrides o = {.set = set, .set_count = 1};
	char *line = mem_format("--set labour.applications: is swept over in %s; take it out of "
				"\"sweep\" first", file);
	const char *const lines[] = {line};
	reports("{\"name\": \"a\", \"sweep\": {\"method\": \"grid\", \"axes\": "
		"{\"labour.applications\": [1, 2]}}}", &o, 1, lines);
	mem_free(line);
}

static void an_unknown_unit_or_origin_is_refused(void **state)
{
	(void)state;
	static const char *const lines[] = {
		":1: labour.applications: the unit must be \"applications/month\"",
		":2: labour.union_density: \"from\" must be one of \"default\", \"file\", "
		"\"scenario\", \"--set\", \"point\"",
		":3: labour.leisure_value.form: no such key (did you mean "
		"labour.leisure_value.from?)",
	};
	reports("{\"name\": \"a\", \"parameters\": {\"labour.applications\": {\"value\": 3, "
		"\"unit\": \"a day\"},\n\"labour.union_density\": {\"value\": 0, \"from\": "
		"\"nowhere\"},\n\"labour.leisure_value\": {\"value\": 0.5, \"form\": 1}}}",
		NULL, 3, lines);
}

static void the_schema_is_json_that_names_every_parameter_and_metric(void **state)
{
	(void)state;
	char *text = experiment_schema();
	struct problems p = {0};
	struct json_doc *d = json_parse("schema", text, strlen(text), 1, &p);
	assert_non_null(d);
	for (int i = 0; i < param_count(); i++) {
		char *key = mem_format("\"#/$defs/%s\"", param_at(i)->key);
		if (!param_at(i)->mix)
			assert_non_null(strstr(text, key));
		mem_free(key);
	}
	for (int i = 0; i < metric_count(); i++)
		assert_non_null(strstr(text, metric_at(i)->name));
	json_free(d);
	mem_free(text);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, file_named, file_removed)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_name_is_enough),
		TEST(nested_and_dotted_keys_mean_the_same),
		TEST(a_mix_replaces_the_whole_mix),
		TEST(the_table_of_runs_is_scenarios_by_points_by_replicates),
		TEST(a_seed_repeats_any_replicate_alone),
		TEST(a_list_of_points_is_taken_as_it_stands),
		TEST(the_command_line_is_stronger_than_file_and_scenario),
		TEST(a_resolved_experiment_resolves_to_itself),
		TEST(the_resolved_experiment_says_where_each_value_comes_from),
		TEST(every_problem_is_reported_at_once_with_its_line),
		TEST(a_rule_that_joins_parameters_names_the_line_that_set_them),
		TEST(a_setting_no_firm_reads_is_a_warning),
		TEST(automation_after_the_end_is_a_warning),
		TEST(a_key_of_the_sweep_cannot_be_set_elsewhere),
		TEST(an_unknown_unit_or_origin_is_refused),
		cmocka_unit_test(the_schema_is_json_that_names_every_parameter_and_metric),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
