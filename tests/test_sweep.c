/* Sweeps that draw their points, as the experiment file asks for them. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ludd/design.h"
#include "ludd/experiment.h"
#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/policy.h"

static char file[64]; /* where a test puts its experiment */

static int file_named(void **state)
{
	(void)state;
	snprintf(file, sizeof(file), "/tmp/ludd_sweep_%ld.json", (long)getpid());
	return 0;
}

static int file_removed(void **state)
{
	(void)state;
	return remove(file);
}

/* An experiment with this sweep: the text between its braces. */
static struct experiment *swept_with(const char *sweep, const struct overrides *o,
				     struct problems *p)
{
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	fprintf(f, "{\"name\": \"a\", \"seed\": 5, \"sweep\": {%s}}", sweep);
	fclose(f);
	return experiment_read(file, o, p);
}

static struct experiment *swept(const char *sweep)
{
	struct overrides none = {0};
	struct problems p = {0};
	struct experiment *x = swept_with(sweep, &none, &p);
	if (p.count)
		fail_msg("%s", p.items[0].text);
	return x;
}

static double value_at(const struct experiment *x, int64_t point, const char *key)
{
	struct run_id id = {.point = point};
	struct params p;
	experiment_params(x, &id, &p);
	return param_get(&p, param_by_key(key));
}

#define TWO_AXES "\"axes\": {\"state.purchases\": [0.1, 0.3], \"labour.layoff_fear\": [1, 9]}"
#define THREE_AXES "\"axes\": {\"state.purchases\": [0.1, 0.3], \"labour.layoff_fear\": [1, 9], " \
		   "\"firms.markup\": [0, 1]}"
static const char *const three[] = {"state.purchases", "labour.layoff_fear", "firms.markup"};

static void a_latin_hypercube_has_a_point_in_every_cell_of_every_axis(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"latin_hypercube\", \"points\": 16, " TWO_AXES);
	bool first[16] = {false}, second[16] = {false};
	assert_int_equal(x->point_count, 16);
	for (int64_t i = 0; i < 16; i++) {
		int a = (int)((value_at(x, i, "state.purchases") - 0.1) / 0.2 * 16);
		int b = (int)((value_at(x, i, "labour.layoff_fear") - 1) / 8 * 16);
		assert_in_range(a, 0, 15);
		assert_in_range(b, 0, 15);
		assert_false(first[a] || second[b]);
		first[a] = second[b] = true;
	}
	experiment_free(x);
}

static void a_plain_sobol_sequence_is_the_published_one_in_the_ranges(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"sobol\", \"points\": 4, \"scrambled\": false, "
				     TWO_AXES);
	static const double published[][2] = {{0, 0}, {0.5, 0.5}, {0.75, 0.25}, {0.25, 0.75}};
	assert_int_equal(x->point_count, 4);
	for (int64_t i = 0; i < 4; i++) {
		assert_true(fabs(value_at(x, i, "state.purchases") -
				 (0.1 + 0.2 * published[i][0])) < 1e-15);
		assert_true(value_at(x, i, "labour.layoff_fear") == 1 + 8 * published[i][1]);
	}
	experiment_free(x);
}

static void scrambling_is_the_default_and_keeps_the_strata(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"sobol\", \"points\": 8, " TWO_AXES);
	bool taken[8] = {false};
	assert_true(value_at(x, 0, "labour.layoff_fear") != 1);
	for (int64_t i = 0; i < 8; i++)
		taken[(int)(value_at(x, i, "labour.layoff_fear") - 1)] = true;
	for (int i = 0; i < 8; i++)
		assert_true(taken[i]);
	experiment_free(x);
}

static void a_saltelli_block_exchanges_one_axis_a_row(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"saltelli\", \"points\": 4, " THREE_AXES);
	assert_int_equal(x->point_count, 4 * 5);
	for (int64_t first = 0; first < x->point_count; first += 5)
		for (int row = 1; row <= 3; row++)
			for (int i = 0; i < 3; i++) {
				int64_t from = i == row - 1 ? first + 4 : first;
				assert_true(value_at(x, first + row, three[i]) ==
					    value_at(x, from, three[i]));
			}
	assert_true(value_at(x, 0, three[0]) != value_at(x, 4, three[0]));
	experiment_free(x);
}

static void a_morris_step_moves_one_parameter_by_two_thirds_of_its_range(void **state)
{
	(void)state;
	static const double range[] = {0.2, 8, 1};
	struct experiment *x = swept("\"method\": \"morris\", \"trajectories\": 5, " THREE_AXES);
	assert_int_equal(x->point_count, 5 * 4);
	for (int64_t point = 0; point < x->point_count; point++) {
		int moved = 0;
		for (int i = 0; i < 3 && point % 4 != 0; i++) {
			double by = fabs(value_at(x, point, three[i]) -
					 value_at(x, point - 1, three[i])) / range[i];
			moved += by != 0;
			assert_true(by == 0 || fabs(by - 2 / 3.0) < 1e-12);
		}
		assert_int_equal(moved, point % 4 != 0);
	}
	experiment_free(x);
}

static void a_range_of_whole_numbers_gives_each_an_equal_share(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"sobol\", \"points\": 64, \"axes\": "
				     "{\"labour.applications\": [2, 5]}");
	int count[6] = {0};
	for (int64_t i = 0; i < 64; i++) {
		double value = value_at(x, i, "labour.applications");
		assert_true(value >= 2 && value <= 5 && value == floor(value));
		count[(int)value]++;
	}
	for (int value = 2; value <= 5; value++)
		assert_int_equal(count[value], 16);
	experiment_free(x);
}

static void the_ends_of_a_range_are_met_and_never_passed(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"morris\", \"trajectories\": 20, \"levels\": 2, "
				     "\"axes\": {\"state.wage_tax\": [0.1, 0.95]}");
	for (int64_t i = 0; i < x->point_count; i++) {
		double value = value_at(x, i, "state.wage_tax");
		assert_true(value == 0.1 || value == 0.95);
	}
	experiment_free(x);
}

static void a_mix_moves_in_a_straight_line_between_two_mixes(void **state)
{
	(void)state;
	struct experiment *x = swept(
		"\"method\": \"sobol\", \"points\": 4, \"scrambled\": false, \"axes\": "
		"{\"policy.mix\": [\"cut_jobs\", {\"attrition\": 0.5, \"share_gains\": 0.5}]}");
	static const double share[] = {1, 0.5, 0.25, 0.75};
	for (int64_t i = 0; i < 4; i++) {
		struct run_id id = {.point = i};
		struct params p;
		experiment_params(x, &id, &p);
		assert_true(p.mix[POLICY_cut_jobs] == share[i]);
		assert_true(p.mix[POLICY_attrition] == (1 - share[i]) / 2);
		assert_true(p.mix[POLICY_share_gains] == (1 - share[i]) / 2);
	}
	experiment_free(x);
}

static void a_policy_s_own_numbers_can_be_swept(void **state)
{
	(void)state;
	struct overrides o = {0};
	struct problems p = {0};
	struct experiment *x = swept_with("\"method\": \"sobol\", \"points\": 2, \"axes\": "
					  "{\"policy.share_gains.hours\": [0.1, 0.3]}", &o, &p);
	assert_non_null(x); /* warned that no firm holds the policy, or not */
	for (int64_t i = 0; i < 2; i++) {
		double hours = value_at(x, i, "policy.share_gains.hours");
		assert_true(hours >= 0.1 && hours <= 0.3);
	}
	problems_free(&p);
	experiment_free(x);
}

static void drawn_values_say_that_they_are_a_point_s(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"morris\", \"trajectories\": 2, " TWO_AXES);
	char *text = experiment_resolved(x);
	for (int64_t i = 0; i < x->point_count; i++)
		for (int k = 0; k < x->points[i].count; k++)
			assert_int_equal(x->points[i].items[k].origin, FROM_POINT);
	assert_non_null(strstr(text, "\"state.purchases\": {\"value\": 0.215, \"unit\": "
				     "\"share of potential output\", \"from\": \"point\"}"));
	mem_free(text);
	experiment_free(x);
}

static bool points_equal(const struct experiment *a, const struct experiment *b)
{
	bool equal = a->point_count == b->point_count;
	for (int64_t i = 0; equal && i < a->point_count; i++)
		for (int k = 0; k < a->points[i].count; k++) {
			const struct setting *s = &a->points[i].items[k];
			const struct setting *t = &b->points[i].items[k];
			equal = equal && s->param == t->param && s->value == t->value &&
				!memcmp(s->mix, t->mix, sizeof(s->mix));
		}
	return equal;
}

static void resolves_to_itself(const char *sweep)
{
	static const char *const set[] = {"labour.applications=4"};
	struct overrides o = {.set = set, .set_count = 1, .seed = "18446744073709551615"};
	struct overrides none = {0};
	struct problems p = {0};
	struct experiment *x = swept_with(sweep, &o, &p), *again;
	char *first, *second;
	assert_non_null(x);
	first = experiment_resolved(x);
	FILE *f = fopen(file, "w");
	assert_non_null(f);
	fputs(first, f);
	fclose(f);
	again = experiment_read(file, &none, &p);
	assert_non_null(again);
	second = experiment_resolved(again);
	assert_string_equal(first, second);
	assert_true(points_equal(x, again));
	assert_true(again->seed == UINT64_MAX);
	mem_free(first);
	mem_free(second);
	experiment_free(x);
	experiment_free(again);
	problems_free(&p);
}

static void the_resolved_experiment_draws_the_same_points(void **state)
{
	(void)state;
	resolves_to_itself("\"method\": \"latin_hypercube\", \"points\": 7, " THREE_AXES);
	resolves_to_itself("\"method\": \"sobol\", \"points\": 8, " THREE_AXES);
	resolves_to_itself("\"method\": \"sobol\", \"points\": 8, \"scrambled\": false, "
			   "\"seed\": \"18446744073709551614\", " THREE_AXES);
	resolves_to_itself("\"method\": \"saltelli\", \"points\": 4, \"axes\": {\"policy.mix\": "
			   "[\"cut_jobs\", {\"share_gains\": 0.3, \"attrition\": 0.7}], "
			   "\"labour.hiring_rounds\": [1, 7]}");
	resolves_to_itself("\"method\": \"morris\", \"trajectories\": 3, \"levels\": 6, "
			   THREE_AXES);
}

static void the_seed_of_the_runs_leaves_the_points_where_they_are(void **state)
{
	(void)state;
	static const char sweep[] = "\"method\": \"morris\", \"trajectories\": 3, " THREE_AXES;
	struct overrides o = {.seed = "6"};
	struct problems p = {0};
	struct experiment *x = swept(sweep), *other = swept_with(sweep, &o, &p);
	assert_int_equal(other->seed, 6);
	assert_true(points_equal(x, other));
	experiment_free(other);
	other = swept("\"method\": \"morris\", \"trajectories\": 3, \"seed\": 6, " THREE_AXES);
	assert_int_equal(other->seed, 5);
	assert_false(points_equal(x, other));
	experiment_free(other);
	experiment_free(x);
}

static void a_point_count_that_unbalances_a_sobol_sequence_is_warned_of(void **state)
{
	(void)state;
	struct overrides none = {0};
	struct problems p = {0};
	struct experiment *x = swept_with("\"method\": \"saltelli\", \"points\": 12, " TWO_AXES,
					  &none, &p);
	assert_non_null(x);
	assert_int_equal(p.count, 1);
	assert_true(p.items[0].warning);
	assert_non_null(strstr(p.items[0].text, "powers of 2"));
	problems_free(&p);
	experiment_free(x);
}

static void a_rule_that_drawn_points_break_is_said_once(void **state)
{
	(void)state;
	struct overrides none = {0};
	struct problems p = {0};
	struct experiment *x = swept_with("\"method\": \"sobol\", \"points\": 64, \"axes\": "
					  "{\"population.firms\": [10000, 40000]}", &none, &p);
	assert_null(x);
	assert_int_equal(p.count, 1);
	assert_non_null(strstr(p.items[0].text, ":1: population.firms is "));
	problems_free(&p);
}

/* design.csv without its header. */
static char *design_text(const struct experiment *x, struct text *text)
{
	struct table t = table_of(x, TABLE_DESIGN);
	table_header(&t, text);
	table_free(&t);
	design_rows(x, text);
	return text->s;
}

static void design_csv_shows_the_blocks_and_what_changes_in_them(void **state)
{
	(void)state;
	struct text text = {0};
	struct experiment *x = swept("\"method\": \"saltelli\", \"points\": 2, " TWO_AXES);
	int64_t point, block, step;
	char changed[64], expected[][32] = {"", "state.purchases", "labour.layoff_fear", "all"};
	char *line = design_text(x, &text);
	assert_memory_equal(line, "point,block,step,changed,labour.layoff_fear,state.purchases\n",
			    60);
	for (int64_t i = 0; i < 8; i++) {
		line = strchr(line, '\n') + 1;
		changed[0] = 0;
		sscanf(line, "%ld,%ld,%ld,%63[^,]", &point, &block, &step, changed);
		assert_int_equal(point, i);
		assert_int_equal(block, i / 4);
		assert_int_equal(step, i % 4);
		assert_string_equal(changed, expected[i % 4]);
	}
	text_free(&text);
	experiment_free(x);
}

static void design_csv_names_the_parameter_that_moved(void **state)
{
	(void)state;
	struct text text = {0};
	struct experiment *x = swept("\"method\": \"morris\", \"trajectories\": 4, " TWO_AXES);
	char *line = design_text(x, &text);
	for (int64_t i = 0; i < x->point_count; i++) {
		char key[64] = "";
		line = strchr(line, '\n') + 1;
		sscanf(line, "%*d,%*d,%*d,%63[a-z._]", key);
		assert_int_equal(*key == 0, i % 3 == 0);
		if (*key)
			assert_true(value_at(x, i, key) != value_at(x, i - 1, key));
	}
	text_free(&text);
	experiment_free(x);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_latin_hypercube_has_a_point_in_every_cell_of_every_axis),
		TEST(a_plain_sobol_sequence_is_the_published_one_in_the_ranges),
		TEST(scrambling_is_the_default_and_keeps_the_strata),
		TEST(a_saltelli_block_exchanges_one_axis_a_row),
		TEST(a_morris_step_moves_one_parameter_by_two_thirds_of_its_range),
		TEST(a_range_of_whole_numbers_gives_each_an_equal_share),
		TEST(the_ends_of_a_range_are_met_and_never_passed),
		TEST(a_mix_moves_in_a_straight_line_between_two_mixes),
		TEST(a_policy_s_own_numbers_can_be_swept),
		TEST(drawn_values_say_that_they_are_a_point_s),
		TEST(the_resolved_experiment_draws_the_same_points),
		TEST(the_seed_of_the_runs_leaves_the_points_where_they_are),
		TEST(a_point_count_that_unbalances_a_sobol_sequence_is_warned_of),
		TEST(a_rule_that_drawn_points_break_is_said_once),
		TEST(design_csv_shows_the_blocks_and_what_changes_in_them),
		TEST(design_csv_names_the_parameter_that_moved),
	};
	return cmocka_run_group_tests(tests, file_named, file_removed);
}
