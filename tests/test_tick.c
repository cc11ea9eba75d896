/* Whole months and years: money and heads conserved whatever the parameters, scenarios equal until
 * their parameters matter, and no effect of the nominal scale.
 *
 * RANDOM_WORLDS=N in the environment tries N random sets of parameters instead of a few. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include "ludd/par.h"
#include "worlds.h"

static int kalecki_holds(const struct world *w, const struct stocks *before, struct err *e)
{
	struct stocks after = stocks_counted(w);
	return kalecki_checked(w, before, &after, e);
}

/* All policies, levy, basic income, courses, surveillance and the old public trend at once. */
static struct params params_odd(int64_t people, int64_t firms)
{
	struct params p = params_ai(people, firms);

	for (int k = 0; k < POLICY_COUNT; k++)
		p.mix[k] = 1.0 / POLICY_COUNT;
	p.policy[POLICY_share_wages][4] = 0.2;
	p.policy[POLICY_cut_jobs][5] = 1.0;
	p.state.ai_levy = 0.2;
	p.state.basic_income = 0.05;
	p.state.spending = SPENDING_EXOGENOUS_TREND;
	p.firms.entry = 0.3;
	p.labour.union_density = 0.2;
	p.finance.unemployment_response = 0.5;
	return p;
}

/* ---- What must hold exactly */

static void money_and_heads_are_conserved_by_every_step(void **state)
{
	(void)state;
	struct params p = params_odd(2000, 150);
	struct world *w;
	int64_t exits = 0, entries = 0, levy = 0, training = 0;
	struct err e;

	p.finance.leverage = 0.9;
	p.production.shock_sd = 0.05; /* firms fail */
	w = world_new(&p, 1, 0, 1);
	for (int t = 0; t < 72; t++) {
		struct stocks before = stocks_counted(w);
		month_until(w, PHASE_census_taken, invariants_hold);
		NO_ERROR(kalecki_holds(w, &before, &e), e);
		exits += w->census.head.exits;
		entries += w->census.head.entries;
		levy += w->census.flow.levy;
		training += w->census.flow.training;
		w->tick++;
	}
	assert_true(exits > 0 && entries > 0 && levy > 0 && training > 0);
	world_free(w);
}

static void a_missing_mill_or_head_is_noticed(void **state)
{
	(void)state;
	struct params p = params_small(1000, 40);
	struct world *w = world_new(&p, 1, 0, 1);
	struct stocks before;
	struct err e = {0};

	months_pass(w, 1);
	w->worker.cash[7]++;
	assert_int_equal(money_checked(w, "a theft", &e), -1);
	assert_non_null(strstr(e.text, "a theft"));
	w->worker.cash[7]--;
	w->ledger.clearing = 1;
	assert_int_equal(money_checked(w, "a theft", &e), -1);
	w->ledger.clearing = 0;
	assert_int_equal(money_checked(w, "a theft", &e), 0);
	w->firm.staff[5]++;
	assert_int_equal(heads_checked(w, "a theft", &e), -1);
	w->firm.staff[5]--;
	w->firm.filled[5] = w->firm.vacancies[5] + 1;
	assert_int_equal(heads_checked(w, "a theft", &e), -1);
	w->firm.filled[5] = 0;
	assert_int_equal(heads_checked(w, "a theft", &e), 0);
	before = stocks_counted(w);
	month_until(w, PHASE_census_taken, NULL);
	assert_int_equal(kalecki_holds(w, &before, &e), 0);
	w->census.flow.wages++;
	w->census.flow.purchases--;
	assert_int_equal(kalecki_holds(w, &before, &e), -1);
	world_free(w);
}

static void money_moved_between_months_is_noticed_unless_told(void **state)
{
	(void)state;
	struct params p = params_small(1000, 40);
	struct world *w = world_new(&p, 1, 0, 1), *copy;
	struct stocks before, counted;
	struct err e = {0};

	months_pass(w, 2);
	copy = world_copy(w);
	before = tick_begin(w);
	counted = stocks_counted(w);
	assert_memory_equal(&before, &counted, sizeof(before));
	for (int told = 0; told < 2; told++) {
		struct world *moved = world_copy(copy);
		moved->worker.cash[7] += 1000;
		moved->firm.cash[3] -= 1000;
		if (told)
			world_recount(moved);
		assert_int_equal(tick(moved, &e), told ? 0 : -1);
		world_free(moved);
	}
	world_free(copy);
	world_free(w);
}

static void an_amount_too_large_stops_the_run_with_agent_and_amount(void **state)
{
	(void)state;
	struct params p = params_small(1000, 40);
	struct world *w = world_new(&p, 1, 0, 1);
	struct err e = {0};

	w->firm.wage[w->worker.employer[500] == NO_FIRM ? 5 : w->worker.employer[500]] = 1e20;
	assert_int_equal(tick(w, &e), -1);
	assert_int_equal(e.code, EXIT_RUN);
	assert_non_null(strstr(e.text, "e+"));
	assert_non_null(strstr(e.text, "agent"));
	world_free(w);
}

static void odd_worlds_keep_the_invariants(void **state)
{
	(void)state;
	for (int i = 0; i < 6; i++) {
		struct params p = params_odd(i < 2 ? 1500 : 600, 80);
		struct world *w;
		switch (i) {
		case 0: p.population.regions = 1; break;
		case 1: p.firms.pricing = PRICING_TARGET_RETURN; break;
		case 2: p.population.people = 10; p.population.firms = 2; break;
		case 3: p.automation.frontier = 0.95; p.automation.years = 0.5; break;
		case 4: p.state.benefit_replacement = 0.0; p.state.purchases = 0.02; break;
		default: p.population.periphery_share = 0.0; p.labour.applications = 20; break;
		}
		w = world_new(&p, (uint64_t)i, 0, 1);
		months_pass(w, 240);
		world_free(w);
	}
}

/* Half of the parameters of a random set are the default's; the others lie anywhere near it, or
 * anywhere in their range. */
static void values_drawn(struct params *p, struct pcg32 *g)
{
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		double low = info->low, high = info->high, value;
		uint32_t kind = rng_below(g, 100);
		if (info->mix || !strncmp(info->key, "population.", 11) || kind < 50)
			continue;
		if (kind < 95 && info->value > 0.0) {
			low = larger(low, 0.5 * info->value);
			high = smaller(high, 1.5 * info->value);
		}
		high = smaller(high, larger(1.0, 3.0 * info->value));
		value = low + rng_unit(g) * (high - low);
		param_set(p, i, info->type == PARAM_TYPE_REAL ? value : floor(value + 0.5));
	}
}

/* Shares of a policy and of the mix made to add up; a dismissal rule is a whole number. */
static void splits_made_valid(struct params *p, struct pcg32 *g)
{
	double mix = 0.0;

	for (int k = 0; k < POLICY_COUNT; k++) {
		double *v = p->policy[k], sum = v[0] + v[1] + v[2] + v[3];
		for (int i = 0; i < 4; i++)
			v[i] /= larger(1.0, sum);
		v[6] = floor(v[6]);
		mix += p->mix[k] = rng_unit(g);
	}
	for (int k = 0; k < POLICY_COUNT; k++)
		p->mix[k] /= mix;
}

static struct params params_random(uint64_t seed)
{
	struct pcg32 g = rng_agent(rng_key(seed, DRAW_design, 0), 0);
	struct params p = params_small(300 + rng_below(&g, 1500), 0);

	values_drawn(&p, &g);
	splits_made_valid(&p, &g);
	p.population.firms = p.population.people / (4 + (int64_t)rng_below(&g, 40));
	p.population.regions = 1 + rng_below(&g, 3);
	p.automation.start = rng_below(&g, 120);
	return p;
}

static void metrics_are_numbers(const struct world *w, int seed)
{
	double row[512];

	metrics_of(&w->census, row);
	for (int i = 0; i < metric_count(); i++)
		if (!isfinite(row[i]))
			fail_msg("random set %d: %s is %g", seed, metric_at(i)->name, row[i]);
}

static void random_worlds_keep_the_invariants(void **state)
{
	(void)state;
	const char *wish = getenv("RANDOM_WORLDS");
	int sets = wish ? atoi(wish) : 20, valid = 0, overflows = 0;

	for (uint64_t seed = 1; seed <= (uint64_t)sets; seed++) {
		struct params p = params_random(seed);
		struct problems problems = {0};
		struct world *w;
		struct err e = {0};
		params_check(&p, "", &problems);
		if (!problems.errors) {
			valid++;
			w = world_new(&p, seed, 0, 1);
			w->counting = true;
			while (w->tick < 240 && !tick(w, &e))
				continue;
			if (w->tick < 240 && !strstr(e.text, "more than an account can hold"))
				fail_msg("random set %d: %s", (int)seed, e.text);
			overflows += w->tick < 240;
			metrics_are_numbers(w, (int)seed);
			world_free(w);
		}
		problems_free(&problems);
	}
	print_message("%d random worlds, %d of them ran out of money's range\n", valid, overflows);
	assert_true(valid > sets / 4 && overflows <= valid / 3);
}

/* ---- What must not matter */

/* Everything nominal doubled: wages, prices, deposits. Real series may differ only by what is cut
 * off below a mill, about 1e-9 of a payment at this scale. */
static void the_nominal_scale_does_not_matter(void **state)
{
	(void)state;
	static const char *const real[] = {
		"unemployment_rate", "vacancy_rate", "real_wage", "labour_share", "profit_rate",
		"surplus_value_rate", "organic_composition", "real_output", "inflation",
		"weekly_hours",
		"automation_share", "ai_capital", "hidden_workers", "skill_premium", "gini_income",
		"debt_ratio", "consumption_workers", "utilisation", "exits", "entries",
	};
	struct params p = params_ai(2000, 100);
	struct world *w[2];

	for (int i = 0; i < 2; i++) {
		p.population.initial_wage = i ? 2e9 : 1e9;
		w[i] = world_new(&p, 1, 0, 1);
		w[i]->counting = true;
	}
	for (int t = 0; t < 60; t++) {
		for (int i = 0; i < 2; i++)
			months_pass(w[i], 1);
		for (int k = 0; k < LENGTH(real); k++) {
			double a = metric(w[0], real[k]), b = metric(w[1], real[k]);
			if (!(fabs(a - b) <= 1e-3 * larger(fabs(a), 1e-3)))
				fail_msg("month %d: %s is %g and %g", t, real[k], a, b);
		}
		CLOSE(metric(w[1], "price_level") / metric(w[0], "price_level"), 2.0, 1e-3);
	}
	world_free(w[0]);
	world_free(w[1]);
}

/* Parameters that are said to matter from automation.start on change nothing before. */
static void parameters_of_ai_do_not_matter_before_it_starts(void **state)
{
	(void)state;
	enum { START = 14 };
	struct params p = params_ai(400, 20);
	struct world *plain;
	double row[START][512], other[512];
	int tried = 0;

	p.automation.start = START;
	plain = world_new(&p, 1, 0, 1);
	plain->counting = true;
	for (int t = 0; t < START; t++) {
		months_pass(plain, 1);
		metrics_of(&plain->census, row[t]);
	}
	for (int i = 0; i < param_count(); i++) {
		const struct param_info *info = param_at(i);
		struct params q = p;
		struct world *w;
		if (!info->matters_from_ai || info->mix || !strcmp(info->key, "automation.start"))
			continue;
		param_set(&q, i, info->value > info->low ? info->low : info->high);
		w = world_new(&q, 1, 0, 1);
		w->counting = true;
		for (int t = 0; t < START; t++) {
			months_pass(w, 1);
			metrics_of(&w->census, other);
			for (int m = 0; m < metric_count(); m++)
				if (memcmp(&other[m], &row[t][m], sizeof(double)) != 0)
					fail_msg("%s changes %s in month %d", info->key,
						 metric_at(m)->name, t);
		}
		tried++;
		world_free(w);
	}
	assert_true(tried > 50);
	world_free(plain);
}

static void taking_the_census_changes_nothing(void **state)
{
	(void)state;
	struct params p = params_ai(2000, 100);
	struct world *a = world_new(&p, 1, 0, 1), *b = world_new(&p, 1, 0, 1);

	b->counting = b->timing = b->hashing = true;
	months_pass(a, 24);
	months_pass(b, 24);
	assert_true(world_hash(a) == world_hash(b));
	assert_true(b->phase_hash[PHASE_firms_plan] != b->phase_hash[PHASE_wages_paid]);
	world_free(a);
	world_free(b);
}

/* ---- Identities of the metrics */

static void value_categories_add_up(void **state)
{
	(void)state;
	struct params p = params_odd(3000, 150);
	struct world *w = world_new(&p, 1, 0, 1);

	w->counting = true;
	for (int t = 0; t < 60; t++) {
		double s_v, c_v, gdp, net;
		const struct flows *f = &w->census.flow;
		months_pass(w, 1);
		s_v = metric(w, "surplus_value_rate");
		c_v = metric(w, "organic_composition");
		CLOSE(metric(w, "value_profit_rate"), s_v / (1.0 + c_v), 1e-12);
		CLOSE(metric(w, "unpaid_hours_share"), s_v / (1.0 + s_v), 1e-12);
		gdp = (double)(f->consumption_core + f->consumption_periphery +
			       f->consumption_owners + f->purchases + f->investment +
			       f->data_labour);
		net = gdp - w->census.wear;
		CLOSE((double)f->wages * (1.0 + s_v), net, 1e-9 * net); /* v + s = value added */
		CLOSE(metric(w, "melt") * w->census.hours_sum * 40 * 52 / 12, net, 1e-9 * net);
		CLOSE(metric(w, "labour_share"), (double)f->wages / gdp, 1e-12);
		CLOSE(metric(w, "reserve_floating") + metric(w, "reserve_stagnant"),
		      metric(w, "unemployment_rate"), 1e-12);
		CLOSE(metric(w, "hires_rate") - metric(w, "job_to_job_rate"),
		      (double)w->census.head.hires_from_reserve /
			      (double)w->census.head.posts_before, 1e-12);
	}
	world_free(w);
}

static void shares_by_policy_add_up(void **state)
{
	(void)state;
	struct params p = params_odd(2000, 100);
	struct world *w = world_new(&p, 1, 0, 1);

	w->counting = true;
	for (int t = 0; t < 24; t++) {
		double firms = 0.0, sales = 0.0, row[512];
		months_pass(w, 1);
		metrics_of(&w->census, row);
		for (int i = 0; i < metric_count(); i++) {
			if (!strncmp(metric_at(i)->name, "share_firms_by_policy", 21))
				firms += row[i];
			if (!strncmp(metric_at(i)->name, "sales_share_by_policy", 21))
				sales += row[i];
		}
		CLOSE(firms, 1.0, 1e-12);
		CLOSE(sales, 1.0, 1e-12);
	}
	world_free(w);
}

/* Debt over yearly output settles where the deficit over it just keeps pace with nominal growth. */
static void public_debt_is_what_deficits_and_growth_make_it(void **state)
{
	(void)state;
	struct params p = params_small(4000, 200);
	struct world *w;
	double deficit = 0.0, debt = 0.0, growth, first, last;

	p.automation.frontier = 0.0;
	w = world_new(&p, 1, 0, 1);
	months_pass(w, 300);
	first = metric(w, "real_output") * metric(w, "price_level");
	for (int t = 0; t < 240; t++) {
		months_pass(w, 1);
		deficit += metric(w, "deficit_ratio") / 240;
		debt += metric(w, "debt_ratio") / 240;
	}
	last = metric(w, "real_output") * metric(w, "price_level");
	growth = pow(last / first, 1.0 / 20) - 1.0;
	print_message("deficit %.4f, growth %.4f, debt %.3f\n", deficit, growth, debt);
	CLOSE(deficit / growth * (1 + growth / 2) / debt, 1.0, 0.2);
	world_free(w);
}

/* A plain economy after its first slump: rates lie where labour markets have them. */
static void a_settled_economy_is_a_plausible_one(void **state)
{
	(void)state;
	struct params p = params_small(6000, 300);
	struct world *w;
	static const struct { const char *name; double low, high; } band[] = {
		{"unemployment_rate", 0.02, 0.12}, {"vacancy_rate", 0.01, 0.06},
		{"job_finding_rate", 0.15, 0.5}, {"separation_rate", 0.02, 0.06},
		{"labour_share", 0.5, 0.68}, {"profit_rate", 0.08, 0.25},
		{"utilisation", 0.7, 0.95}, {"inflation", -0.02, 0.06},
		{"gini_income", 0.2, 0.5}, {"intensity", 0.95, 1.05},
	};
	double mean[LENGTH(band)] = {0};

	p.automation.frontier = 0.0;
	w = world_new(&p, 1, 0, 1);
	months_pass(w, 240);
	w->counting = true;
	for (int t = 0; t < 120; t++) {
		months_pass(w, 1);
		for (int i = 0; i < LENGTH(band); i++)
			mean[i] += metric(w, band[i].name) / 120;
	}
	for (int i = 0; i < LENGTH(band); i++)
		if (!(mean[i] >= band[i].low && mean[i] <= band[i].high))
			fail_msg("%s is %g on average", band[i].name, mean[i]);
	world_free(w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(money_and_heads_are_conserved_by_every_step),
		cmocka_unit_test(a_missing_mill_or_head_is_noticed),
		cmocka_unit_test(money_moved_between_months_is_noticed_unless_told),
		cmocka_unit_test(an_amount_too_large_stops_the_run_with_agent_and_amount),
		cmocka_unit_test(odd_worlds_keep_the_invariants),
		cmocka_unit_test(random_worlds_keep_the_invariants),
		cmocka_unit_test(the_nominal_scale_does_not_matter),
		cmocka_unit_test(parameters_of_ai_do_not_matter_before_it_starts),
		cmocka_unit_test(taking_the_census_changes_nothing),
		cmocka_unit_test(value_categories_add_up),
		cmocka_unit_test(shares_by_policy_add_up),
		cmocka_unit_test(public_debt_is_what_deficits_and_growth_make_it),
		cmocka_unit_test(a_settled_economy_is_a_plausible_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
