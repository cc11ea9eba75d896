/* What a cell of the matrix runs: two worlds with everything switched on, month by month. It is the
 * model alone, without experiment files, so it can be built for any machine that has a C compiler.
 *
 *   worlds [THREADS]
 *
 * prints one line a month: world, month, state hash, every metric. All cells must print the same
 * bytes; the last line is the hash that tests/golden/matrix_hash.txt keeps. */
#include <inttypes.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>

#include "ludd/float_check.h"
#include "ludd/metrics.h"
#include "ludd/output.h"
#include "ludd/par.h"
#include "ludd/policy.h"
#include "ludd/tick.h"

struct value {
	const char *key;
	double value;
};

/* Several blocks of people, AI early and fast, two policies, firms that fail and enter. */
static const struct value transition[] = {
	{"population.people", 9000},    {"population.firms", 400}, {"automation.start", 24},
	{"automation.years", 5},        {"production.shock_sd", 0.05}, {"firms.entry", 0.3},
	{"policy.mix.cut_jobs", 0.5},   {"policy.mix.share_gains", 0.5},
};

/* The other rules of pricing and spending, every policy and tax, one very large firm. */
static const struct value everything[] = {
	{"population.people", 2500},    {"population.firms", 150},  {"population.regions", 3},
	{"automation.start", 36},       {"automation.years", 4},    {"automation.frontier", 0.6},
	{"firms.pricing", 1},           {"state.spending", 1},      {"state.ai_levy", 0.2},
	{"state.basic_income", 0.05},   {"labour.union_density", 0.2},
	{"labour.wage_rigidity", 0.5},
	{"finance.leverage", 0.9},      {"finance.unemployment_response", 0.5},
	{"production.shock_sd", 0.05},  {"firms.entry", 0.3},       {"giant.staff_share", 0.1},
	{"giant.dismissal_tick", 60},   {"giant.dismissals", 0.1},  {"giant.executive_pay", 100},
	{"policy.mix.cut_jobs", 0.2},   {"policy.mix.attrition", 0.1},
	{"policy.mix.share_hours", 0.1}, {"policy.mix.share_wages", 0.1},
	{"policy.mix.share_prices", 0.1}, {"policy.mix.share_gains", 0.2},
	{"policy.mix.codetermination", 0.1}, {"policy.mix.ai_dividend", 0.1},
	{"policy.cut_jobs.surveillance", 1},
};

static const struct {
	const char *name;
	const struct value *values;
	int count;
	int64_t months;
} cases[] = {
	{"transition", transition, LENGTH(transition), 120},
	{"everything", everything, LENGTH(everything), 240},
};

static void refused(const char *why)
{
	fprintf(stderr, "worlds: %s\n", why);
	exit(EXIT_USAGE);
}

static void params_set(struct params *p, const struct value *v, int count)
{
	struct problems problems = {0};

	params_default(p);
	for (int k = 0; k < POLICY_COUNT; k++)
		p->mix[k] = 0.0;
	for (int i = 0; i < count; i++) {
		int at = param_by_key(v[i].key);
		if (at < 0)
			refused(v[i].key);
		param_set(p, at, v[i].value);
	}
	params_check(p, "", &problems);
	if (problems.errors)
		refused(problems.items[0].text);
	problems_free(&problems);
}

static void header_print(void)
{
	printf("world,month,state");
	for (int i = 0; i < metric_count(); i++)
		printf(",%s", metric_at(i)->name);
	printf("\n");
}

static void month_print(const struct world *w, const char *name)
{
	double row[512];
	char text[32];

	if (metric_count() > LENGTH(row))
		refused("more metrics than places");
	metrics_of(&w->census, row);
	printf("%s,%" PRId64 ",%016" PRIx64, name, w->tick - 1, world_hash(w));
	for (int i = 0; i < metric_count(); i++) {
		number_text(row[i], text);
		printf(",%s", text);
	}
	printf("\n");
}

static uint64_t case_done(int i, int threads)
{
	struct params p;
	struct err e = {0};
	struct world *w;
	uint64_t hash = 0;

	params_set(&p, cases[i].values, cases[i].count);
	w = world_new(&p, 1, 0, threads);
	w->counting = true;
	while (w->tick < cases[i].months) {
		if (tick(w, &e))
			refused(e.text);
		month_print(w, cases[i].name);
		hash = mix64(hash ^ world_hash(w));
	}
	world_free(w);
	return hash;
}

int main(int argc, char **argv)
{
	int threads = argc > 1 ? atoi(argv[1]) : 1;
	uint64_t hash = 0;
	struct err e = {0};

	setlocale(LC_ALL, ""); /* whatever the caller has must not show */
	par_start();
	if (floats_checked(&e))
		refused(e.text);
	if (threads < 1)
		refused("THREADS must be at least 1");
	header_print();
	for (int i = 0; i < LENGTH(cases); i++)
		hash = mix64(hash ^ case_done(i, threads));
	printf("%016" PRIx64 "\n", hash);
	return 0;
}
