#include <stdio.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/float_check.h"
#include "ludd/par.h"

#ifndef LUDD_GIT
#define LUDD_GIT "unknown"
#endif
#ifndef LUDD_FLAGS
#define LUDD_FLAGS "unknown"
#endif
#ifdef __VERSION__
#define COMPILER __VERSION__
#else
#define COMPILER "unknown"
#endif
#ifdef __clang__
#define COMPILER_NAME ""
#else
#define COMPILER_NAME "gcc "
#endif

static const struct command commands[] = {
	{"run", cmd_run, "do every run of an experiment and compare its scenarios"},
	{"branch", cmd_branch, "do the runs of an experiment from a saved state"},
	{"check", cmd_check, "check an experiment file; say what it would take to run it"},
	{"plan", cmd_plan, "the table of runs, or a script that runs them as an array of jobs"},
	{"status", cmd_status, "how far an experiment is: runs done, failed, missing"},
	{"collect", cmd_collect, "the results of an experiment that was run in shards"},
	{"compare", cmd_compare, "paired differences between scenarios of a finished experiment"},
	{"diff", cmd_diff, "where and when two runs part: month, step, entry of the state"},
	{"verify", cmd_verify, "do runs on several numbers of threads give the same bits?"},
	{"sensitivity", cmd_sensitivity, "which parameters of a finished sweep matter"},
	{"params", cmd_params, "the parameters: default, range, unit, source"},
	{"metrics", cmd_metrics, "the metrics: unit, formula, source"},
	{"policies", cmd_policies, "the policies: who gets the gain"},
	{"schema", cmd_schema, "the JSON Schema of experiment files"},
	{"bench", cmd_bench, "seconds per tick, by phase, on this machine"},
};

static int help(FILE *stream)
{
	fprintf(stream, "ludd simulates a labour market under automation.\n\n"
		"usage: ludd COMMAND [OPTIONS] [FILE|DIR]\n\n");
	for (int i = 0; i < LENGTH(commands); i++)
		fprintf(stream, "  %-12s %s\n", commands[i].name, commands[i].doc);
	fprintf(stream, "\n  ludd COMMAND --help   what a command takes\n"
		"  ludd --version        version, compiler and flags\n\n"
		"Exit codes: 0 done; 1 a run failed; 2 usage or experiment file; 3 out of memory,\n"
		"threads or exact arithmetic; 4 input or output; 75 stopped by a signal.\n");
	return EXIT_DONE;
}

static int version(void)
{
	printf("ludd %s\nmodel version  %d\n", LUDD_VERSION, LUDD_MODEL_VERSION);
	printf("git            %s\n", LUDD_GIT);
	printf("compiler       %s%s\n", COMPILER_NAME, COMPILER);
	printf("flags          %s\n", LUDD_FLAGS);
	printf("threads        %s, at most %d here\n", par_version(), par_cpus());
	return EXIT_DONE;
}

static const struct command *command_find(const char *name)
{
	const char *names[LENGTH(commands)], *near;
	for (int i = 0; i < LENGTH(commands); i++) {
		names[i] = commands[i].name;
		if (!strcmp(name, names[i]))
			return &commands[i];
	}
	near = nearest_word(name, names, LENGTH(commands));
	if (near)
		fprintf(stderr, "ludd: %s: no such command (did you mean %s?)\n", name, near);
	else
		fprintf(stderr, "ludd: %s: no such command (try 'ludd --help')\n", name);
	return NULL;
}

/* ludd help [COMMAND] */
static int help_of(int argc, char **argv)
{
	char option[] = "--help";
	char *inner[] = {argc > 0 ? argv[0] : NULL, option, NULL};
	const struct command *command;
	if (argc == 0)
		return help(stdout);
	command = command_find(argv[0]);
	return command ? command->main(2, inner) : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const struct command *command;
	struct err e = {0};
	par_wait_asleep(argv);
	par_start();
	if (argc < 2) {
		help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "version"))
		return version();
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help(stdout);
	if (!strcmp(argv[1], "help"))
		return help_of(argc - 2, argv + 2);
	command = command_find(argv[1]);
	if (!command)
		return EXIT_USAGE;
	if (floats_checked(&e))
		return err_print(&e);
	return command->main(argc - 1, argv + 1);
}
