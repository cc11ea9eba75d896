/* The same experiment gives the same state for ever, unless a change of the model is meant and
 * said. */
#define _POSIX_C_SOURCE 200809L
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <inttypes.h>

#include "worlds.h"

#define GOLDEN "tests/golden/state_hash.txt" /* seen from the top of the repository */
#define HOW_TO                                                                                  \
	"if the change of results is meant: raise LUDD_MODEL_VERSION in include/ludd/base.h, "  \
	"say what changed and why in CHANGELOG.md, and write the file anew with "               \
	"GOLDEN=write build/checked/tests/test_golden"

static struct params params_of_case(int i)
{
	struct params p = params_ai(2000, 100);

	switch (i) {
	case 0: /* one region, one policy, the defaults */
		break;
	case 1: /* regions, both kinds of policy */
		p.population.people = 5000;
		p.population.firms = 250;
		p.mix[POLICY_cut_jobs] = p.mix[POLICY_share_gains] = 0.5;
		break;
	default: /* the other pricing and spending rules, every policy, levy and basic income */
		for (int k = 0; k < POLICY_COUNT; k++)
			p.mix[k] = 1.0 / POLICY_COUNT;
		p.firms.pricing = PRICING_TARGET_RETURN;
		p.state.spending = SPENDING_EXOGENOUS_TREND;
		p.state.ai_levy = 0.2;
		p.state.basic_income = 0.05;
		p.policy[POLICY_cut_jobs][5] = 1.0;
		p.production.shock_sd = 0.03;
		break;
	}
	return p;
}

static const char *const cases[] = {"defaults", "regions", "everything"};

static uint64_t hash_of_case(int i)
{
	struct params p = params_of_case(i);
	struct world *w = world_new(&p, 1, 12, 1);
	uint64_t hash;

	months_pass(w, 36);
	hash = world_hash(w);
	world_free(w);
	return hash;
}

static void golden_written(void)
{
	FILE *f = fopen(GOLDEN, "w");

	if (!f)
		fail_msg("cannot write %s: run this at the top of the repository", GOLDEN);
	fprintf(f, "model %d\n", LUDD_MODEL_VERSION);
	for (int i = 0; i < LENGTH(cases); i++)
		fprintf(f, "%s %016" PRIx64 "\n", cases[i], hash_of_case(i));
	assert_int_equal(fclose(f), 0);
}

static void results_are_those_of_this_model_version(void **state)
{
	(void)state;
	const char *wish = getenv("GOLDEN");
	uint64_t said;
	int version;
	char name[32];
	FILE *f;

	if (wish && !strcmp(wish, "write"))
		golden_written();
	f = fopen(GOLDEN, "r");
	if (!f)
		fail_msg("cannot read %s: run this at the top of the repository", GOLDEN);
	if (fscanf(f, "model %d", &version) != 1 || version != LUDD_MODEL_VERSION)
		fail_msg("%s is not of model version %d; %s", GOLDEN, LUDD_MODEL_VERSION, HOW_TO);
	for (int i = 0; i < LENGTH(cases); i++) {
		uint64_t hash = hash_of_case(i);
		assert_int_equal(fscanf(f, "%31s %" SCNx64, name, &said), 2);
		assert_string_equal(name, cases[i]);
		if (hash != said)
			fail_msg("%s: the state is %016" PRIx64 ", not %016" PRIx64 "; %s", name,
				 hash, said, HOW_TO);
	}
	fclose(f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(results_are_those_of_this_model_version),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
