/* ludd run: every run of an experiment, or of a shard of it. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ludd/commands.h"
#include "ludd/mem.h"

static const char help[] =
"usage: ludd run FILE [OPTIONS]\n\n"
"Does every run of the experiment (scenarios x points x replicates), writes the results and\n"
"prints the paired comparison of the scenarios.\n\n"
"  -o DIR             where results go (default: outputs/NAME)\n"
RUNS_OPTIONS_HELP;

static const struct option longs[] = {
	{"help", no_argument, NULL, 'h'}, {"output", required_argument, NULL, 'o'},
	{"jobs", required_argument, NULL, 'j'}, {"threads", required_argument, NULL, 't'},
	CHANGE_OPTIONS, {"resume", no_argument, NULL, 'r'}, {"force", no_argument, NULL, 'f'},
	{"shard", required_argument, NULL, 'i'}, {"keep-shards", no_argument, NULL, 'k'},
	{"checkpoint-minutes", required_argument, NULL, 'm'},
	{"checkpoint-ticks", required_argument, NULL, 'c'},
	{"quiet", no_argument, NULL, 'q'}, {"progress", required_argument, NULL, 'p'},
	{"trace-hash", no_argument, NULL, 'x'}, {0},
};

static bool progress_read(const char *command, const char *text, int *when)
{
	static const char *const names[] = {"never", "always", "auto"}; /* by PROGRESS_ */
	for (int i = 0; i < LENGTH(names); i++)
		if (!strcmp(text, names[i])) {
			*when = i;
			return true;
		}
	usage_error(command, "--progress=%s: must be auto, always or never", text);
	return false;
}

static bool shard_read(const char *command, const char *text, struct shard *s)
{
	int length = 0;
	if (strspn(text, "0123456789/") == strlen(text) &&
	    sscanf(text, "%9" SCNd64 "/%9" SCNd64 "%n", &s->number, &s->count, &length) == 2 &&
	    !text[length] && s->number < s->count && s->count <= SHARDS_MOST)
		return true;
	usage_error(command, "--shard %s: must be I/N with I from 0 to N - 1, as in --shard 0/8",
		    text);
	return false;
}

static bool option_take(const char *command, int option, struct runs_request *q,
			struct changes *changes)
{
	switch (option) {
	case 'o': q->directory = optarg; return true;
	case 'j': return option_whole(command, "-j", optarg, 1, 4096, &q->jobs);
	case 't': return option_whole(command, "-t", optarg, 1, 4096, &q->threads);
	case 'r': q->resume = true; return true;
	case 'f': q->force = true; return true;
	case 'i': return shard_read(command, optarg, &q->shard);
	case 'k': q->keep_shards = true; return true;
	case 'm':
		return option_whole(command, "--checkpoint-minutes", optarg, 0, 1000000,
				    &q->checkpoint_minutes);
	case 'c':
		return option_whole(command, "--checkpoint-ticks", optarg, 0, TICKS_MOST,
				    &q->checkpoint_ticks);
	case 'q': q->quiet = true; return true;
	case 'p': return progress_read(command, optarg, &q->progress);
	case 'x': q->trace = true; return true;
	default: return change_take(command, option, changes);
	}
}

int runs_options_read(int argc, char **argv, const char *text, struct runs_request *q,
		      struct changes *changes)
{
	int option;
	q->progress = PROGRESS_AUTO;
	q->checkpoint_minutes = 10;
	while ((option = option_next(argc, argv, ":ho:j:t:", longs)) != -1) {
		if (option == 'h')
			return fputs(text, stdout), EXIT_DONE;
		if (!option_take(argv[0], option, q, changes))
			return EXIT_USAGE;
	}
	if (q->directory && !*q->directory)
		return usage_error(argv[0], "-o needs a directory's name");
	if (q->force && q->resume)
		return usage_error(argv[0], "--force begins again and --resume goes on: choose");
	if (q->force && q->shard.count)
		return usage_error(argv[0], "--force would remove the other shards; remove the "
				   "directory, or give another one with -o");
	return -1;
}

int cmd_run(int argc, char **argv)
{
	struct runs_request q = {0};
	struct changes changes = {0};
	int code = runs_options_read(argc, argv, help, &q, &changes);
	if (code >= 0)
		return code;
	const char *file = operand_only(argc, argv, "FILE");
	if (!file)
		return EXIT_USAGE;
	struct experiment *x = experiment_take(file, &changes, &code);
	if (!x)
		return code;
	char *command_line = command_line_text(argc, argv);
	q.command_line = command_line;
	code = runs_do(x, &q);
	mem_free(command_line);
	experiment_free(x);
	return code;
}
