/* Floor 6. The commands of the program and what they share. Only they and main.c print or exit. */
#ifndef LUDD_COMMANDS_H
#define LUDD_COMMANDS_H

#include <getopt.h>
#include <stdio.h>

#include "ludd/err.h"
#include "ludd/experiment.h"
#include "ludd/journal.h"

/* Each takes its own name as argv[0] and returns the exit code. */
struct command {
	const char *name;
	int (*main)(int argc, char **argv);
	const char *doc;
};
int cmd_run(int argc, char **argv);
int cmd_branch(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_plan(int argc, char **argv);
int cmd_status(int argc, char **argv);
int cmd_collect(int argc, char **argv);
int cmd_compare(int argc, char **argv);
int cmd_diff(int argc, char **argv);
int cmd_verify(int argc, char **argv);
int cmd_sensitivity(int argc, char **argv);
int cmd_params(int argc, char **argv);
int cmd_metrics(int argc, char **argv);
int cmd_policies(int argc, char **argv);
int cmd_schema(int argc, char **argv);
int cmd_bench(int argc, char **argv);

/* Prints "ludd COMMAND: sentence (try 'ludd COMMAND --help')" and returns EXIT_USAGE. */
int usage_error(const char *command, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* getopt_long with messages of our own: '?' after one was printed. Begin `shorts` with ':'. */
int option_next(int argc, char **argv, const char *shorts, const struct option *longs);
/* A whole number given to an option; false after a message. */
bool option_whole(const char *command, const char *option, const char *text, int64_t low,
		  int64_t high, int64_t *value);
/* The one operand that is left after the options; NULL after a message. */
const char *operand_only(int argc, char **argv, const char *what);

struct changes { /* what a command line changes in an experiment */
	struct overrides overrides; /* its texts are the command line's and set[] below */
	const char *set[256];
};
#define CHANGE_OPTIONS \
	{"set", required_argument, NULL, 's'}, {"seed", required_argument, NULL, 'S'}, \
	{"replicates", required_argument, NULL, 'R'}, {"ticks", required_argument, NULL, 'T'}
/* Takes one of CHANGE_OPTIONS; false after a message. */
bool change_take(const char *command, int option, struct changes *c);
/* Reads an experiment and prints its problems; NULL: *code is the exit code. Without changes (c is
 * NULL) it is one that was begun before: its warnings were heard then. */
struct experiment *experiment_take(const char *file, struct changes *c, int *code);

enum { PROGRESS_NEVER, PROGRESS_ALWAYS, PROGRESS_AUTO };
struct runs_request { /* how to do the runs of an experiment */
	const char *directory; /* NULL: outputs/NAME */
	struct shard shard;    /* count 0: all runs */
	int64_t jobs, threads; /* 0: what uses the machine best */
	/* An unfinished run is saved every so often, and when a signal stops it; 0: only then. */
	int64_t checkpoint_ticks, checkpoint_minutes;
	const struct world *origin; /* what all runs branch from; NULL: each has its burn-in */
	const char *origin_path;
	int progress;
	bool force, resume, keep_shards, quiet, trace;
	const char *command_line;
};
/* Does what is left to do, then, unless it is a shard, writes the results and prints them. Returns
 * the exit code. */
int runs_do(const struct experiment *x, const struct runs_request *q);
/* Reads the options of `ludd run`, which `ludd branch` shares: -1 to go on, else the exit code. */
int runs_options_read(int argc, char **argv, const char *help, struct runs_request *q,
		      struct changes *changes);
#define RUNS_OPTIONS_HELP \
"  -j RUNS            runs at once (default: what uses the machine best)\n" \
"  -t THREADS         threads inside a run (default: 1 under 100,000 people)\n" \
"  --set KEY=VALUE    sets a parameter in every run, stronger than the file; may be repeated\n" \
"  --seed N           seed of the first replicate, from which the others follow\n" \
"  --replicates N     replicates of every scenario and point\n" \
"  --ticks N          ticks after the burn-in; windows that end later are cut\n" \
"  --resume           does the runs that are missing or failed in the directory, and only\n" \
"                     those; one that was stopped goes on from its checkpoint\n" \
"  --force            replaces the results of an earlier run in the same directory\n" \
"  --shard I/N        only the runs r with r modulo N = I (from 0), for ludd collect; goes on\n" \
"                     with what the shard has done\n" \
"  --keep-shards      keeps DIR/shards, the record of each run, when the results are written\n" \
"  --checkpoint-minutes N  saves an unfinished run every N minutes (default: 10; 0: never)\n" \
"  --checkpoint-ticks N    and every N ticks (default: 0: never)\n" \
"  --trace-hash       also writes trace.csv: the state hash after every phase of every tick\n" \
"  --quiet            prints errors only\n" \
"  --progress=WHEN    auto (on a terminal), always or never\n"

/* Whether the runs in a directory begin from the state they began from before (`goes_on`: it may
 * hold some), which is remembered in branch.json. EXIT_USAGE where they do not. */
int origin_remember(const char *directory, const struct runs_request *q, bool goes_on,
		    struct err *e);

/* The result table and the names of the files. */
int results_print(const struct experiment *x, const char *directory, struct err *e);
char *command_line_text(int argc, char **argv); /* caller frees with mem_free */

enum scheduler {
	FOR_SLURM, FOR_PBS, FOR_SGE, FOR_LSF, FOR_CONDOR, FOR_PARALLEL, SCHEDULERS
};
extern const char *const scheduler_names[SCHEDULERS];
struct job { /* an array of jobs, one a shard */
	const char *name, *file, *directory;
	const struct overrides *overrides;
	int64_t runs, shards;
	int cpus;
	int64_t megabytes, minutes;
};
/* A shell script that submits the array and a job that collects its results. */
void job_script_print(enum scheduler scheduler, const struct job *job, FILE *stream);

/* Lists to stderr, warnings marked; the exit code for them: EXIT_USAGE if there are errors. */
int problems_print(const struct problems *p);
/* Prints "ludd: sentence" and returns the code. */
int err_print(const struct err *e);

#endif
