/* Policies side by side: equal before AI, pure at share one, equal to a preset at its corner. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "worlds.h"

enum { HOURS, WAGES, PRICES, FUND, RETRAINING, SURVEILLANCE, DISMISSAL }; /* fields of a preset */

/* Fails unless all state but firms' policy and all metrics but those by policy are equal. */
static void worlds_equal_but_for_policy(struct world *a, struct world *b)
{
	double row_a[512], row_b[512];

	for (int i = 0; i < column_count(); i++) {
		const struct column_info *c = column_at(i);
		if (!(c->table == COLUMN_FIRM && !strcmp(c->name, "policy")) &&
		    column_hash(a, i) != column_hash(b, i))
			fail_msg("tick %d: column %s differs", (int)a->tick, c->name);
	}
	assert_memory_equal(&a->ledger, &b->ledger, sizeof(a->ledger));
	assert_memory_equal(a->region, b->region, sizeof(*a->region) * (size_t)a->regions);
	metrics_of(&a->census, row_a);
	metrics_of(&b->census, row_b);
	for (int i = 0; i < metric_count(); i++)
		if (!strstr(metric_at(i)->name, "by_policy") &&
		    memcmp(&row_a[i], &row_b[i], sizeof(double)))
			fail_msg("tick %d: %s differs", (int)a->tick, metric_at(i)->name);
}

static void months_equal_but_for_policy(const struct params *p, const struct params *q, int months)
{
	struct world *a = world_new(p, 9, 0, 1), *b = world_new(q, 9, 0, 1);

	a->counting = b->counting = true;
	for (int t = 0; t < months; t++) {
		months_pass(a, 1);
		months_pass(b, 1);
		worlds_equal_but_for_policy(a, b);
	}
	world_free(a);
	world_free(b);
}

static void without_ai_all_policies_are_equal(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100), q;

	p.automation.frontier = 0.0;
	q = p;
	for (int k = 1; k < POLICY_COUNT; k++) {
		mix_pure(&q, (enum policy_id)k);
		months_equal_but_for_policy(&p, &q, 36);
	}
	for (int k = 0; k < POLICY_COUNT; k++)
		q.mix[k] = 1.0 / POLICY_COUNT;
	months_equal_but_for_policy(&p, &q, 36);
}

static void before_ai_all_policies_are_equal(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100), q;

	p.automation.start = q.automation.start = 30;
	q = p;
	mix_pure(&q, POLICY_share_gains);
	q.automation.frontier = 0.6;
	q.automation.years = 20;
	q.automation.payback = 9;
	q.state.ai_levy = 0.5;
	months_equal_but_for_policy(&p, &q, 31);
}

static void a_mix_with_share_one_is_the_pure_policy(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100);
	struct world *w;

	for (int k = 0; k < POLICY_COUNT; k++) {
		mix_pure(&p, (enum policy_id)k);
		w = world_new(&p, 1, 0, 1);
		for (int64_t j = 0; j < w->firms; j++)
			assert_int_equal(w->firm.policy[j], k);
		world_free(w);
	}
}

static void a_mix_gives_each_policy_its_share_and_growing_one_keeps_its_firms(void **state)
{
	(void)state;
	struct params p = params_small(4000, 4000);
	struct world *a, *b;
	int64_t cutters = 0;

	p.mix[POLICY_cut_jobs] = 0.3;
	p.mix[POLICY_share_gains] = 0.7;
	a = world_new(&p, 1, 0, 1);
	p.mix[POLICY_cut_jobs] = 0.6;
	p.mix[POLICY_share_gains] = 0.4;
	b = world_new(&p, 1, 0, 1);
	for (int64_t j = 0; j < 4000; j++) {
		cutters += a->firm.policy[j] == POLICY_cut_jobs;
		if (a->firm.policy[j] == POLICY_cut_jobs)
			assert_int_equal(b->firm.policy[j], POLICY_cut_jobs);
	}
	CLOSE((double)cutters, 1200, 4 * sqrt(4000 * 0.21));
	world_free(a);
	world_free(b);
}

static void a_split_at_a_corner_equals_the_preset(void **state)
{
	(void)state;
	static const struct { enum policy_id preset; double v[4]; double rule; } corners[] = {
		{POLICY_share_hours, {1, 0, 0, 0}, DISMISS_NEVER_FOR_AI},
		{POLICY_share_wages, {0, 1, 0, 0}, DISMISS_NEVER_FOR_AI},
		{POLICY_share_prices, {0, 0, 1, 0}, DISMISS_NEVER_FOR_AI},
		{POLICY_attrition, {0, 0, 0, 0}, DISMISS_NEVER_FOR_AI},
		{POLICY_cut_jobs, {0, 0, 0, 0}, DISMISS_AT_ONCE},
		{POLICY_ai_dividend, {0, 0, 0, 0.3}, DISMISS_AT_ONCE},
		{POLICY_codetermination, {0.33, 0.33, 0.2, 0}, DISMISS_ONLY_AT_A_LOSS},
	};
	for (int i = 0; i < LENGTH(corners); i++) {
		struct params p = params_ai(2000, 100), q = p;
		double *v = q.policy[POLICY_share_gains];
		mix_pure(&p, corners[i].preset);
		mix_pure(&q, POLICY_share_gains);
		for (int k = HOURS; k <= FUND; k++)
			v[k] = corners[i].v[k];
		v[RETRAINING] = v[SURVEILLANCE] = 0.0;
		v[DISMISSAL] = corners[i].rule;
		months_equal_but_for_policy(&p, &q, 48);
	}
}

static void presets_part_once_machines_go_live(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100), q = p;
	struct world *a, *b;

	mix_pure(&q, POLICY_share_hours);
	a = world_new(&p, 9, 0, 1);
	b = world_new(&q, 9, 0, 1);
	months_pass(a, 48);
	months_pass(b, 48);
	assert_true(metric(b, "weekly_hours") < 38.0);
	CLOSE(metric(a, "weekly_hours"), 40.0, 1e-9);
	assert_true(metric(b, "unemployment_rate") < metric(a, "unemployment_rate"));
	world_free(a);
	world_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_ai_all_policies_are_equal),
		cmocka_unit_test(before_ai_all_policies_are_equal),
		cmocka_unit_test(a_mix_with_share_one_is_the_pure_policy),
		cmocka_unit_test(a_mix_gives_each_policy_its_share_and_growing_one_keeps_its_firms),
		cmocka_unit_test(a_split_at_a_corner_equals_the_preset),
		cmocka_unit_test(presets_part_once_machines_go_live),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
