/* ludd bench: what a tick costs, by phase, against what this machine's memory can do. */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/par.h"
#include "ludd/rates.h"
#include "ludd/tick.h"
#include "ludd/world.h"

struct bench {
	struct params par;
	int64_t people, firms, regions, ticks, warm_up;
	int threads;
	bool json;
	double seconds;            /* of all counted ticks */
	double phase_seconds[32];
	uint64_t state_hash;
	int64_t bytes;             /* need as computed before allocating */
	double person_bytes, firm_bytes; /* of it, for one more */
	int64_t peak;
	struct rates machine; /* on the same number of threads */
};

/* Bytes a phase has to read and write at least, from the types of the columns and lists it walks:
 * a person (0.25 applications, 0.5 orders at a second seller and 0.04 posts each) and a firm.
 * Columns that stay in a processor's nearest caches between two loops of a chunk count once. */
struct traffic {
	const char *phase;
	double person, firm;
};
static const struct traffic traffic[] = {
	{"firms_expect", 0, 190},
	{"policies_decide", 0, 25},
	{"firms_plan", 0, 290},
	{"firms_invest", 0, 130},
	{"layoffs_happen", 4 + 0.25 * 4 * 8, 30},        /* employer; staff, lists of staff */
	{"vacancies_open", 0.04 * 8, 8},
	{"applications_clear",
	 4 + 2 + 2 + 1 + 0.25 * (5 * 8 + 3 * 8), 90},    /* search; applications, list */
	{"wages_paid",
	 4 + 2 + 2 * 2 + 2 * 1 + 2 * 8 + 2 * 8 + 4 + 4,
	 150},                                           /* pay and cash also written; orders */
	{"goods_made", 0, 80},
	{"households_buy", 4 + 4 + 0.5 * (2 * 6 + 2 * 4) + 0.1 * 2 * 8,
	 190},                                           /* orders; second sellers; money back */
	{"machines_delivered", 0, 210},
	{"accounts_close", 0, 150},
	{"firms_exit_and_enter", 4, 90},
	{"state_published", 0, 130},
	{"census_taken", 4 + 2 + 1 + 8 + 8, 200},
};

static int64_t region_firms(const struct bench *b)
{
	struct params p = b->par;

	p.population.people = b->people;
	p.population.firms = b->firms;
	p.population.regions = b->regions;
	return larger_i64(1, b->firms / world_size(&p).regions);
}

static double phase_traffic(const struct bench *b, int phase) /* bytes a person and tick */
{
	for (int i = 0; i < LENGTH(traffic); i++)
		if (!strcmp(traffic[i].phase, phase_name(phase)))
			return traffic[i].person +
			       traffic[i].firm * (double)b->firms / (double)b->people;
	return 0.0;
}

static void needs_computed(struct bench *b, struct params p)
{
	struct world_size size, more;

	p.population.regions = world_size(&p).regions;
	size = world_size(&p);
	b->bytes = size.bytes + (b->threads - 1) * size.bytes_a_thread;
	p.population.people = 2 * b->people;
	more = world_size(&p);
	b->person_bytes = (double)(more.bytes - size.bytes) / (double)b->people;
	p.population.people = b->people;
	p.population.firms = 2 * b->firms;
	more = world_size(&p);
	b->firm_bytes = (double)(more.bytes - size.bytes) / (double)b->firms +
			(double)((b->threads - 1) * (more.bytes_a_thread - size.bytes_a_thread)) /
				(double)b->firms;
}

/* Errors, not what is only odd. */
static int parameters_checked(const struct params *p, struct err *e)
{
	struct problems problems = {0};
	int result = 0;

	params_check(p, "", &problems);
	for (int i = 0; result == 0 && i < problems.count; i++)
		if (!problems.items[i].warning)
			result = err_set(e, EXIT_USAGE, "%s", problems.items[i].text);
	problems_free(&problems);
	return result;
}

static int bench_run(struct bench *b, struct err *e)
{
	struct params p = b->par;
	struct world *w;
	double started;

	p.population.people = b->people;
	p.population.firms = b->firms;
	p.population.regions = b->regions;
	if (parameters_checked(&p, e))
		return -1;
	needs_computed(b, p);
	w = world_new(&p, 1, b->warm_up, b->threads);
	for (int64_t t = 0; t < b->warm_up; t++)
		if (tick(w, e))
			return -1;
	w->timing = true;
	w->counting = true;
	started = par_clock();
	for (int64_t t = 0; t < b->ticks; t++)
		if (tick(w, e))
			return -1;
	b->seconds = par_clock() - started;
	memcpy(b->phase_seconds, w->phase_seconds, sizeof(b->phase_seconds));
	b->state_hash = world_hash(w);
	b->peak = mem_peak();
	world_free(w);
	return 0;
}

static double per_person_tick(const struct bench *b, double seconds) /* ns */
{
	return seconds * 1e9 / (double)b->ticks / (double)b->people;
}

/* Of what copying the same bytes would take, the part of the time it does take. */
static double roof_fraction(const struct bench *b, double bytes, double seconds)
{
	double all = bytes * (double)b->people * (double)b->ticks;
	return seconds > 0.0 ? all / b->machine.copy / seconds : 0.0;
}

static void phases_print(const struct bench *b)
{
	double all = 0.0;

	printf("%-22s %14s %8s %14s %8s\n", "phase", "ns/person-tick", "share", "bytes/person",
	       "of copy");
	for (int i = 0; i < phase_count(); i++) {
		double bytes = phase_traffic(b, i);
		printf("%-22s %14.2f %7.1f%% %14.1f %8.2f\n", phase_name(i),
		       per_person_tick(b, b->phase_seconds[i]),
		       100.0 * b->phase_seconds[i] / b->seconds, bytes,
		       roof_fraction(b, bytes, b->phase_seconds[i]));
		all += bytes;
	}
	all += 2 * 8; /* all accounts are added up when a tick begins and when it ends */
	printf("%-22s %14.2f %8s %14.1f %8.2f\n\n", "tick", per_person_tick(b, b->seconds), "",
	       all, roof_fraction(b, all, b->seconds));
}

static void bench_print(const struct bench *b)
{
	printf("%" PRId64 " people, %" PRId64 " firms, %d thread%s, %" PRId64
	       " ticks after %" PRId64 " of warm-up\n\n",
	       b->people, b->firms, b->threads, b->threads == 1 ? "" : "s", b->ticks, b->warm_up);
	phases_print(b);
	printf("seconds per tick       %g\n", b->seconds / (double)b->ticks);
	printf("memory, computed       %.1f MiB: %.1f bytes a person, %.1f a firm\n",
	       (double)b->bytes / 0x1p20, b->person_bytes, b->firm_bytes);
	printf("memory, at its peak    %.1f MiB\n", (double)b->peak / 0x1p20);
	printf("copy bandwidth         %.1f GB/s on this many threads (read and written)\n",
	       b->machine.copy / 1e9);
	printf("random additions       %.3g a second to %" PRId64 " numbers, %.3g to %" PRId64
	       ", on this many threads\n",
	       b->machine.scatter, b->firms, b->machine.near, region_firms(b));
	printf("random draws           %.3g a second on this many threads\n", b->machine.draw);
	printf("state hash             %016" PRIx64 "\n", b->state_hash);
}

static void bench_print_json(const struct bench *b)
{
	printf("{\"people\": %" PRId64 ", \"firms\": %" PRId64
	       ", \"threads\": %d, \"ticks\": %" PRId64
	       ", \"ns_per_person_tick\": %.3f, \"bytes_per_person\": %.2f, "
	       "\"bytes_a_person\": %.2f, \"bytes_a_firm\": %.2f, \"computed_bytes\": %" PRId64
	       ", \"peak_bytes\": %" PRId64 ", \"copy_bytes_per_second\": %.0f, "
	       "\"random_additions_per_second\": %.0f, "
	       "\"near_additions_per_second\": %.0f, \"draws_per_second\": %.0f, "
	       "\"state_hash\": \"%016" PRIx64
	       "\", \"phases\": {",
	       b->people, b->firms, b->threads, b->ticks, per_person_tick(b, b->seconds),
	       (double)b->bytes / (double)b->people, b->person_bytes, b->firm_bytes, b->bytes,
	       b->peak, b->machine.copy, b->machine.scatter, b->machine.near, b->machine.draw,
	       b->state_hash);
	for (int i = 0; i < phase_count(); i++)
		printf("%s\"%s\": {\"ns\": %.3f, \"bytes\": %.1f}", i ? ", " : "", phase_name(i),
		       per_person_tick(b, b->phase_seconds[i]), phase_traffic(b, i));
	printf("}}\n");
}

static const char help[] =
	"Usage: ludd bench [OPTIONS]\n"
	"Times the default model and prints nanoseconds per person and tick, by phase.\n\n"
	"      --people N    people (default 20000)\n"
	"      --firms N     firms (default people / 20)\n"
	"      --regions N   regions (default: one per 2000 people, at most 700)\n"
	"      --set KEY=VALUE   sets another parameter; may be repeated\n"
	"      --ticks N     ticks to time (default 120)\n"
	"      --warm-up N   ticks before (default 60)\n"
	"  -t, --threads N   threads (default 1)\n"
	"      --json        one JSON object\n"
	"  -h, --help        this text\n";

/* A whole number in [low, high], or an error sentence and false. */
static bool whole_read(const char *option, const char *text, int64_t low, int64_t high,
		       int64_t *out)
{
	char *end;
	long long value = strtoll(text, &end, 10);

	if (end != text && !*end && value >= low && value <= high) {
		*out = value;
		return true;
	}
	fprintf(stderr, "ludd: --%s is '%s'; it must be a whole number in [%" PRId64 ", %" PRId64
		"]\n", option, text, low, high);
	return false;
}

/* KEY=VALUE into a parameter, or an error sentence and false. */
static bool parameter_read(struct params *p, const char *text)
{
	const char *equals = strchr(text, '=');
	const struct param_info *info;
	char key[80], *end = NULL;
	double value;
	int i;

	snprintf(key, sizeof(key), "%.*s", equals ? (int)(equals - text) : 0, text);
	i = equals ? param_by_key(key) : -1;
	if (i < 0) {
		fprintf(stderr, "ludd: --set %s: must be KEY=VALUE, with a key that 'ludd params' "
			"lists\n", text);
		return false;
	}
	if (!strcmp(key, "population.people") || !strcmp(key, "population.firms") ||
	    !strcmp(key, "population.regions")) {
		fprintf(stderr, "ludd: --set %s: is set by --%s\n", text, strchr(key, '.') + 1);
		return false;
	}
	info = param_at(i);
	value = info->type == PARAM_TYPE_CHOICE ? param_choice(info, equals + 1)
						: strtod(equals + 1, &end);
	if ((end && (end == equals + 1 || *end)) || !param_in_range(info, value)) {
		fprintf(stderr, "ludd: --set %s: is no value of %s; 'ludd params %s' tells them\n",
			text, key, key);
		return false;
	}
	param_set(p, i, value);
	return true;
}

static bool options_read(struct bench *b, int argc, char **argv, int *exit_code)
{
	static const struct option options[] = {
		{"people", required_argument, NULL, 'p'},
		{"firms", required_argument, NULL, 'f'},
		{"regions", required_argument, NULL, 'r'},
		{"ticks", required_argument, NULL, 'n'},
		{"warm-up", required_argument, NULL, 'w'},
		{"threads", required_argument, NULL, 't'},
		{"set", required_argument, NULL, 's'},
		{"json", no_argument, NULL, 'j'},
		{"help", no_argument, NULL, 'h'},
		{NULL, 0, NULL, 0},
	};
	int64_t threads = 1;
	bool good = true;
	int c;

	optind = 1;
	while (good && (c = getopt_long(argc, argv, "t:h", options, NULL)) != -1) {
		switch (c) {
		case 'p': good = whole_read("people", optarg, 100, 1000000000, &b->people); break;
		case 'f': good = whole_read("firms", optarg, 10, 50000000, &b->firms); break;
		case 'r': good = whole_read("regions", optarg, 1, 65000, &b->regions); break;
		case 'n': good = whole_read("ticks", optarg, 1, 1000000, &b->ticks); break;
		case 'w': good = whole_read("warm-up", optarg, 0, 1000000, &b->warm_up); break;
		case 't': good = whole_read("threads", optarg, 1, 1024, &threads); break;
		case 's': good = parameter_read(&b->par, optarg); break;
		case 'j': b->json = true; break;
		case 'h': fputs(help, stdout); *exit_code = EXIT_DONE; return false;
		default: good = false;
		}
	}
	if (good && optind < argc) {
		fprintf(stderr, "ludd: bench takes no argument '%s'; try 'ludd bench --help'\n",
			argv[optind]);
		good = false;
	}
	b->threads = (int)threads;
	*exit_code = EXIT_USAGE;
	return good;
}

int cmd_bench(int argc, char **argv)
{
	struct bench b = {.people = 20000, .ticks = 120, .warm_up = 60};
	struct err e = {0};
	int exit_code;

	params_default(&b.par);
	if (!options_read(&b, argc, argv, &exit_code))
		return exit_code;
	if (b.firms == 0)
		b.firms = larger_i64(10, b.people / 20);
	if (bench_run(&b, &e)) {
		fprintf(stderr, "ludd: %s\n", e.text);
		return (int)e.code;
	}
	b.machine = rates_measured(b.firms, region_firms(&b), b.threads);
	if (b.json)
		bench_print_json(&b);
	else
		bench_print(&b);
	return EXIT_DONE;
}
