/* Sweeps that draw their points, as the experiment file asks for them. */
#define _XOPEN_SOURCE 700
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ludd/design.h"
#include "ludd/experiment.h"
#include "ludd/mem.h"
#include "ludd/output_parts.h"
#include "ludd/policy.h"
#include "watched.h"

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
	struct settings point = {0};
	for (int64_t i = 0; i < x->point_count; i++) {
		experiment_point(x, i, &point);
		assert_int_equal(point.count, 2);
		for (int k = 0; k < point.count; k++)
			assert_int_equal(point.items[k].origin, FROM_POINT);
	}
	mem_free(point.items);
	assert_non_null(strstr(text, "\"state.purchases\": {\"value\": 0.215, \"unit\": "
				     "\"share of potential output\", \"from\": \"point\"}"));
	mem_free(text);
	experiment_free(x);
}

static bool points_equal(const struct experiment *a, const struct experiment *b)
{
	bool equal = a->point_count == b->point_count;
	struct settings p = {0}, q = {0};
	for (int64_t i = 0; equal && i < a->point_count; i++) {
		experiment_point(a, i, &p);
		experiment_point(b, i, &q);
		equal = p.count == q.count;
		for (int k = 0; equal && k < p.count; k++) {
			const struct setting *s = &p.items[k], *t = &q.items[k];
			equal = s->param == t->param && s->value == t->value &&
				!memcmp(s->mix, t->mix, sizeof(s->mix));
		}
	}
	mem_free(p.items);
	mem_free(q.items);
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

/* design.csv as it is written, which is then the one of its experiment. */
static char *design_text(const struct experiment *x)
{
	char directory[] = "/tmp/ludd_design_XXXXXX";
	struct err e = {0};
	assert_non_null(mkdtemp(directory));
	assert_int_equal(design_write(x, directory, &e), 0);
	assert_int_equal(design_same(x, directory, &e), 0);
	char *text = file_text(directory, "design.csv", &e);
	assert_non_null(text);
	assert_int_equal(file_remove(directory, "design.csv", &e), 0);
	assert_int_equal(rmdir(directory), 0);
	return text;
}

static void a_design_csv_of_other_points_is_told(void **state)
{
	(void)state;
	char directory[] = "/tmp/ludd_design_XXXXXX";
	struct err e = {0};
	struct experiment *x = swept("\"method\": \"saltelli\", \"points\": 2, " TWO_AXES);
	char *text = design_text(x);
	assert_non_null(mkdtemp(directory));
	assert_int_equal(design_same(x, directory, &e), -1);
	assert_int_equal(e.code, EXIT_IO);
	for (int change = 0; change < 3; change++) { /* a digit, a line more, a line less */
		char *other = mem_format("%s%s", text, change == 1 ? "8\n" : "");
		char *digit = strrchr(text, '.') + 1;
		other[digit - text] = (char)(change == 0 ? (*digit == '1' ? '2' : '1') : *digit);
		if (change == 2)
			strrchr(other, '\n')[-20] = 0;
		assert_int_equal(write_text_file(directory, "design.csv", other, &e), 0);
		assert_int_equal(design_same(x, directory, &e), -1);
		assert_int_equal(e.code, EXIT_USAGE);
		mem_free(other);
	}
	assert_int_equal(file_remove(directory, "design.csv", &e), 0);
	assert_int_equal(rmdir(directory), 0);
	mem_free(text);
	experiment_free(x);
}

/* The points of the file are short; the resolved experiment must be one that can be read. */
static void a_list_too_long_once_it_is_resolved_is_refused(void **state)
{
	(void)state;
	struct text sweep = {0};
	struct overrides none = {0};
	struct problems p = {0};
	text_add(&sweep, "\"method\":\"list\",\"points\":[");
	for (int i = 0; sweep.length < 1000000; i++)
		text_add(&sweep, "%s{\"labour\":{\"applications\":3,\"layoff_fear\":5}}",
			 i ? "," : "");
	text_add(&sweep, "]");
	assert_null(swept_with(sweep.s, &none, &p));
	assert_int_equal(p.count, 1);
	assert_non_null(strstr(p.items[0].text, "MiB once every value is written out"));
	problems_free(&p);
	text_free(&sweep);
}

/* A setting holds a whole mix; kept, those of these points would take 100 MB. */
static void points_are_made_when_they_are_asked_for(void **state)
{
	(void)state;
	struct text sweep = {0};
	int64_t before = mem_peak();
	text_add(&sweep, "\"method\": \"sobol\", \"points\": 32768, \"axes\": {");
	for (int i = 0, axes = 0; i < param_count() && axes < 10; i++)
		if (param_at(i)->type == PARAM_TYPE_REAL && !param_at(i)->mix &&
		    strncmp(param_at(i)->key, "policy.", 7) != 0 && param_at(i)->value > 0)
			text_add(&sweep, "%s\"%s\": [%.17g, %.17g]", axes++ ? ", " : "",
				 param_at(i)->key, param_at(i)->value,
				 0.999 * param_at(i)->value + 0.001 * param_at(i)->high);
	text_add(&sweep, "}");
	struct experiment *x = swept(sweep.s);
	assert_int_equal(x->point_count, 32768);
	/* the design: 10 x 8 bytes a point */
	assert_true(WATCHED || mem_peak() - before < 10 << 20);
	text_free(&sweep);
	experiment_free(x);
}

static void design_csv_shows_the_blocks_and_what_changes_in_them(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"saltelli\", \"points\": 2, " TWO_AXES);
	int64_t point, block, step;
	char changed[64], expected[][32] = {"", "state.purchases", "labour.layoff_fear", "all"};
	char *text = design_text(x), *line = text;
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
	mem_free(text);
	experiment_free(x);
}

static void design_csv_names_the_parameter_that_moved(void **state)
{
	(void)state;
	struct experiment *x = swept("\"method\": \"morris\", \"trajectories\": 4, " TWO_AXES);
	char *text = design_text(x), *line = text;
	for (int64_t i = 0; i < x->point_count; i++) {
		char key[64] = "";
		line = strchr(line, '\n') + 1;
		sscanf(line, "%*d,%*d,%*d,%63[a-z._]", key);
		assert_int_equal(*key == 0, i % 3 == 0);
		if (*key)
			assert_true(value_at(x, i, key) != value_at(x, i - 1, key));
	}
	mem_free(text);
	experiment_free(x);
}

#define TEST(name) cmocka_unit_test(name)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(points_are_made_when_they_are_asked_for), /* first: it looks at the peak */
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
		TEST(a_design_csv_of_other_points_is_told),
		TEST(a_list_too_long_once_it_is_resolved_is_refused),
		TEST(a_point_count_that_unbalances_a_sobol_sequence_is_warned_of),
		TEST(a_rule_that_drawn_points_break_is_said_once),
		TEST(design_csv_shows_the_blocks_and_what_changes_in_them),
		TEST(design_csv_names_the_parameter_that_moved),
	};
	return cmocka_run_group_tests(tests, file_named, file_removed);
}
