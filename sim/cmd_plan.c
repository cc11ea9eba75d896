/* ludd plan: the table of runs, or a script that runs them as an array of jobs. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/footprint.h"
#include "ludd/mem.h"

static const char help[] =
"usage: ludd plan FILE [--shards N] [--for SCHEDULER] [-o DIR] [--json] [OPTIONS]\n\n"
"Prints the runs of an experiment, one a line; or a shell script that submits them as an array of\n"
"jobs, one a shard, and a job that collects the results. Nothing is submitted: that is up to you,\n"
"with 'bash SCRIPT', and 'bash SCRIPT --missing' for the shards that are not done.\n\n"
"  --shards N         shards (default: a quarter of the runs, at most 1000)\n"
"  --for SCHEDULER    slurm, pbs, sge, lsf, condor, or parallel (GNU parallel)\n"
"  -o DIR             where results go (default: outputs/NAME)\n"
"  -c CPUS            processors of a job (default: 1, large populations more)\n"
"  --set KEY=VALUE, --seed N, --replicates N, --ticks N   as for ludd run\n"
"  --json             the table of runs as JSON\n";

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"output", required_argument, NULL, 'o'},
	{"cpus", required_argument, NULL, 'c'}, {"shards", required_argument, NULL, 'n'},
	{"for", required_argument, NULL, 'F'}, CHANGE_OPTIONS,
	{"json", no_argument, NULL, 'J'}, {0},
};

struct request {
	const char *directory;
	int64_t shards, cpus;
	int scheduler; /* -1: none, the table */
	bool json;
};

static bool scheduler_read(const char *command, const char *text, int *scheduler)
{
	for (int i = 0; i < SCHEDULERS; i++)
		if (!strcmp(text, scheduler_names[i])) {
			*scheduler = i;
			return true;
		}
	const char *near = nearest_word(text, scheduler_names, SCHEDULERS);
	usage_error(command, "--for %s: must be slurm, pbs, sge, lsf, condor or parallel%s%s%s",
		    text, near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
	return false;
}

static bool option_take(const char *command, int option, struct request *q,
			struct changes *changes)
{
	switch (option) {
	case 'o': q->directory = optarg; return true;
	case 'c': return option_whole(command, "-c", optarg, 1, 4096, &q->cpus);
	case 'n': return option_whole(command, "--shards", optarg, 1, SHARDS_MOST, &q->shards);
	case 'F': return scheduler_read(command, optarg, &q->scheduler);
	case 'J': q->json = true; return true;
	default: return change_take(command, option, changes);
	}
}

/* -1 to go on, else the exit code. */
static int options_read(int argc, char **argv, struct request *q, struct changes *changes)
{
	int option;
	while ((option = option_next(argc, argv, ":ho:c:", longs)) != -1) {
		if (option == 'h')
			return fputs(help, stdout), EXIT_DONE;
		if (!option_take(argv[0], option, q, changes))
			return EXIT_USAGE;
	}
	if (q->directory && !*q->directory)
		return usage_error(argv[0], "-o needs a directory's name");
	if (q->json && q->scheduler >= 0)
		return usage_error(argv[0], "--for prints a script, --json a table: choose");
	return -1;
}

/* Enough that they can be spread, and each long enough to be worth a job. */
static int64_t shards_default(const struct experiment *x)
{
	return larger_i64(1, smaller_i64(1000, x->run_count / 4));
}

static void table_print(const struct experiment *x, int64_t shards, bool json)
{
	const char *comma = "";
	fputs(json ? "[" : "run,scenario,point,replicate,seed,shard\n", stdout);
	for (int64_t run = 0; run < x->run_count; run++) {
		struct run_id id = experiment_run(x, run);
		const char *scenario = x->scenarios[id.scenario].name;
		if (json)
			printf("%s\n\t{\"run\": %" PRId64 ", \"scenario\": \"%s\", \"point\": "
			       "%" PRId64 ", \"replicate\": %" PRId64 ", \"seed\": %" PRIu64
			       ", \"shard\": %" PRId64 "}", comma, run, scenario, id.point,
			       id.replicate, id.seed, run % shards);
		else
			printf("%" PRId64 ",%s,%" PRId64 ",%" PRId64 ",%" PRIu64 ",%" PRId64 "\n",
			       run, scenario, id.point, id.replicate, id.seed, run % shards);
		comma = ",";
	}
	if (json)
		printf("\n]\n");
}

/* What a job asks for: twice the memory it should need, thrice the time, ten minutes at least. */
static int script_print(const struct experiment *x, const struct request *q, int64_t shards,
			const char *directory, const struct overrides *overrides, struct err *e)
{
	struct footprint need;
	struct err unused = {0}; /* this machine's memory is not the cluster's */
	int cpus = (int)larger_i64(1, q->cpus);
	footprint_make(&need, x, cpus, 0, &unused);
	if (!q->cpus && need.largest.people >= 100000) {
		cpus = 4;
		footprint_make(&need, x, 1, cpus, &unused);
	}
	double bytes = (double)need.bytes_a_run * (need.threads > 1 ? 1 : cpus);
	double alone = need.person_ticks * 2e-7 / cpus / (double)shards;
	struct job job = {
		.name = x->name, .file = x->file, .directory = directory, .overrides = overrides,
		.runs = x->run_count, .shards = shards, .cpus = cpus,
		.megabytes = 64 + (int64_t)(2 * bytes / 0x1p20),
		.minutes = larger_i64(10, (int64_t)ceil(3 * alone / 60)),
	};
	if (strpbrk(x->file, "\n\r") || strpbrk(directory, "\n\r"))
		return err_set(e, EXIT_USAGE, "the name of the file or directory holds a line end");
	job_script_print((enum scheduler)q->scheduler, &job, stdout);
	return 0;
}

int cmd_plan(int argc, char **argv)
{
	struct request q = {.scheduler = -1};
	struct changes changes = {0};
	struct err e = {0};
	int code = options_read(argc, argv, &q, &changes);
	if (code >= 0)
		return code;
	const char *file = operand_only(argc, argv, "FILE");
	if (!file)
		return EXIT_USAGE;
	struct experiment *x = experiment_take(file, &changes, &code);
	if (!x)
		return code;
	int64_t shards = q.shards ? smaller_i64(q.shards, x->run_count) : shards_default(x);
	char *directory = q.directory ? mem_text(q.directory) : mem_format("outputs/%s", x->name);
	code = EXIT_DONE;
	if (q.scheduler < 0)
		table_print(x, shards, q.json);
	else if (script_print(x, &q, shards, directory, &changes.overrides, &e))
		code = err_print(&e);
	mem_free(directory);
	experiment_free(x);
	return code;
}
