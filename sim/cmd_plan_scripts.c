/* The scripts of ludd plan. Each is a shell script with two faces: called by hand it submits
 * itself as an array of jobs and a job that collects; called by the scheduler it does one shard.
 * What differs between schedulers is a head of directives and three pieces of shell:
 *   limit    prints the most tasks an array may have, where the cluster tells;
 *   submit   FIRST LAST: one array, shards FIRST .. LAST; prints its number. Slurm takes lists: its
 *            FIRST is added to the tasks of the array, and the list of these stands for LAST;
 *   after    NUMBERS: the collecting job, when these have ended, however they end;
 * and, inside a job, how its task's number, its processors and its wish to run again are told. */
#include <inttypes.h>
#include <stdio.h>

#include "ludd/commands.h"
#include "ludd/mem.h"
#include "ludd/output.h"

const char *const scheduler_names[SCHEDULERS] = {"slurm", "pbs", "sge", "lsf", "condor",
						 "parallel"};

struct dialect {
	const char *system; /* its name for people */
	const char *inside; /* shell: true inside a job of an array */
	const char *pieces; /* limit, submit and after */
	const char *task;   /* inside a job: sets shard and OMP_NUM_THREADS; handles code 75 */
};

/* A text as one word of the shell. */
static void word_print(const char *s, FILE *f)
{
	fputc('\'', f);
	for (; *s; s++)
		if (*s == '\'')
			fputs("'\\''", f);
		else
			fputc(*s, f);
	fputc('\'', f);
}

/* Names of jobs: no scheduler takes every character. */
static void directives_print(enum scheduler scheduler, const struct job *j, FILE *f)
{
	int64_t hours = j->minutes / 60, minutes = j->minutes % 60;
	switch (scheduler) {
	case FOR_SLURM:
		fprintf(f, "#SBATCH --job-name=ludd-%s\n#SBATCH --output=logs/%%A_%%a.out\n"
			"#SBATCH --open-mode=append\n#SBATCH --requeue\n"
			"#SBATCH --signal=B:USR1@60\n#SBATCH --cpus-per-task=%d\n"
			"#SBATCH --mem=%" PRId64 "M\n#SBATCH --time=%02" PRId64 ":%02" PRId64
			":00\n", j->name, j->cpus, j->megabytes, hours, minutes);
		break;
	case FOR_PBS:
		fprintf(f, "#PBS -N ludd\n#PBS -j oe\n#PBS -o logs/\n#PBS -r y\n"
			"#PBS -l select=1:ncpus=%d:mem=%" PRId64 "mb\n#PBS -l walltime=%02" PRId64
			":%02" PRId64 ":00\n", j->cpus, j->megabytes, hours, minutes);
		break;
	case FOR_SGE:
		fprintf(f, "#$ -N ludd-%s\n#$ -S /bin/bash\n#$ -cwd\n#$ -V\n#$ -j y\n#$ -o logs/\n"
			"#$ -r y\n#$ -notify\n", j->name);
		if (j->cpus > 1)
			fprintf(f, "#$ -pe smp %d\n", j->cpus);
		fprintf(f, "#$ -l h_vmem=%" PRId64 "M,h_rt=%02" PRId64 ":%02" PRId64 ":00\n",
			(j->megabytes - 1) / j->cpus + 1, hours, minutes);
		break;
	case FOR_LSF:
		fprintf(f, "#BSUB -o logs/%%J_%%I.out\n#BSUB -r\n#BSUB -Q 75\n#BSUB -wa USR1\n"
			"#BSUB -wt 1\n#BSUB -n %d\n#BSUB -R \"span[hosts=1]\"\n#BSUB -M %" PRId64
			"MB\n#BSUB -W %02" PRId64 ":%02" PRId64 "\n", j->cpus, j->megabytes, hours,
			minutes);
		break;
	default: break; /* condor and parallel take theirs with the call */
	}
}

static void settings_print(const struct job *j, FILE *f)
{
	const struct overrides *o = j->overrides;
	fputs("file=", f);
	word_print(j->file, f);
	fputs("\ndirectory=", f);
	word_print(j->directory, f);
	fprintf(f, "\nname=%s\nshards=%" PRId64 " # of %" PRId64 " runs\ncpus=%d megabytes=%" PRId64
		" minutes=%" PRId64 "\noptions=(", j->name, j->shards, j->runs, j->cpus,
		j->megabytes, j->minutes);
	for (int i = 0; i < o->set_count; i++) {
		fputs(i ? " --set " : "--set ", f);
		word_print(o->set[i], f);
	}
	if (o->seed) {
		fputs(" --seed ", f);
		word_print(o->seed, f);
	}
	if (o->replicates)
		fprintf(f, " --replicates %" PRId64, o->replicates);
	if (o->ticks)
		fprintf(f, " --ticks %" PRId64, o->ticks);
	fputs(")\n", f);
}

/* Before it: inside() { ... } */
static const char common[] =
"ludd=${LUDD:-ludd}\n"
"[ -n \"${LUDD:-}\" ] || [ ! -x ./ludd ] || ludd=./ludd\n"
"\n"
"collect() { \"$ludd\" collect \"$directory\"; }\n"
"\n"
"# shard_do I: does a shard. What the scheduler sends before it stops a job goes on to ludd,\n"
"# which writes a checkpoint and exits with 75: the shard is to be continued.\n"
"shard_do() {\n"
"\tlocal code again\n"
"\ttold='' warned=''\n"
"\ttrap 'told=1 warned=1; kill -USR1 \"$child\"' USR1\n"
"\ttrap 'told=1 warned=1; kill -USR2 \"$child\"' USR2\n"
"\ttrap 'told=1; kill -TERM \"$child\"' TERM INT\n"
"\t\"$ludd\" run \"$file\" -o \"$directory\" --shard \"$1/$shards\" \"${options[@]}\" &\n"
"\tchild=$!\n"
"\twait \"$child\"\n"
"\tcode=$?\n"
"\twhile [ -n \"$told\" ]; do # a signal ended the wait, not ludd\n"
"\t\ttold=''\n"
"\t\twait \"$child\"\n"
"\t\tagain=$?\n"
"\t\t[ \"$again\" = 127 ] || code=$again\n"
"\tdone\n"
"\treturn \"$code\"\n"
"}\n"
"\n";

static const char ranges[] =
"# arrays LIST LIMIT: a list as 4,8,15-20 as lines FIRST LAST of at most LIMIT tasks.\n"
"arrays() {\n"
"\ttr , '\\n' <<<\"$1\" | awk -F - -v limit=\"$2\" '{\n"
"\t\tlast = NF > 1 ? $2 : $1\n"
"\t\tfor (first = $1; first <= last; first += limit)\n"
"\t\t\tprint first, first + limit - 1 < last ? first + limit - 1 : last\n"
"\t}'\n"
"}\n";

static const char lists[] =
"# arrays LIST LIMIT: a list as 4,8,15-20 as lines FIRST TASKS, with tasks under LIMIT.\n"
"arrays() {\n"
"\ttr , '\\n' <<<\"$1\" | awk -F - -v limit=\"$2\" '\n"
"\tfunction put(a, b) { tasks = tasks comma (a < b ? a \"-\" b : a); comma = \",\" }\n"
"\t{\n"
"\t\tlast = NF > 1 ? $2 : $1\n"
"\t\tfor (first = $1; first <= last; first = end + 1) {\n"
"\t\t\tnext_base = first - first % limit\n"
"\t\t\tif (tasks != \"\" && next_base != base) {\n"
"\t\t\t\tprint base, tasks\n"
"\t\t\t\ttasks = comma = \"\"\n"
"\t\t\t}\n"
"\t\t\tbase = next_base\n"
"\t\t\tend = base + limit - 1 < last ? base + limit - 1 : last\n"
"\t\t\tput(first - base, end - base)\n"
"\t\t}\n"
"\t}\n"
"\tEND { if (tasks != \"\") print base, tasks }'\n"
"}\n";

static const char submission[] =
"\n"
"list=${1:-0-$((shards - 1))}\n"
"if [ \"$list\" = --missing ]; then\n"
"\tlist=$(\"$ludd\" status \"$directory\" --missing --shards \"$shards\") || exit\n"
"\t[ -n \"$list\" ] || { echo 'no shard is missing'; collect; exit; }\n"
"fi\n"
"mkdir -p logs\n"
"jobs=()\n"
"while read -r first last; do\n"
"\tjob=$(submit \"$first\" \"$last\") || exit\n"
"\tjobs+=(\"$job\")\n"
"done < <(arrays \"$list\" \"$(limit)\")\n"
"echo \"shards $list of $shards: ${jobs[*]}\"\n"
"after \"${jobs[@]}\"\n";

static const struct dialect dialects[SCHEDULERS] = {
[FOR_SLURM] = {
	.system = "Slurm",
	.inside = "[ -n \"${SLURM_ARRAY_TASK_ID:-}${LUDD_COLLECT:-}\" ]",
	.pieces =
"# The largest index of an array is MaxArraySize - 1. Task I does shard LUDD_FIRST + I, so that\n"
"# shards above it can be done; LUDD_FIRST is 0 where not given: sbatch --array=4,8 THIS works.\n"
"limit() {\n"
"\tlocal n\n"
"\tn=$(scontrol show config 2>/dev/null | awk '$1 == \"MaxArraySize\" { print $3 }')\n"
"\techo \"${n:-1001}\"\n"
"}\n"
"submit() {\n"
"\tlocal job\n"
"\tjob=$(sbatch --parsable --array=\"$2\" --export=\"ALL,LUDD_FIRST=$1\" \"$0\") || return\n"
"\techo \"${job%%;*}\"\n"
"}\n"
"after() {\n"
"\tlocal IFS=:\n"
"\tsbatch --parsable --dependency=\"afterany:$*\" --job-name=\"ludd-$name-collect\" \\\n"
"\t\t--output=logs/%j.out --export=ALL,LUDD_COLLECT=1 \"$0\"\n"
"}\n",
	.task =
"cd \"$SLURM_SUBMIT_DIR\" || exit\n"
"[ -z \"${LUDD_COLLECT:-}\" ] || { collect; exit; }\n"
"# ludd uses as many processors as SLURM_CPUS_PER_TASK says.\n"
"shard_do $((${LUDD_FIRST:-0} + SLURM_ARRAY_TASK_ID))\n"
"code=$?\n"
"if [ \"$code\" = 75 ] && [ -n \"$warned\" ]; then\n"
"\tscontrol requeue \"$SLURM_JOB_ID\"\n"
"fi\n"
"exit \"$code\"\n",
},
[FOR_PBS] = {
	.system = "PBS",
	.inside = "[ -n \"${LUDD_FIRST:-}${LUDD_COLLECT:-}\" ]",
	.pieces =
"limit() {\n"
"\tlocal n\n"
"\tn=$(qmgr -c 'list server max_array_size' 2>/dev/null |\n"
"\t\tawk '$1 == \"max_array_size\" { print $3 }')\n"
"\techo \"${n:-1000}\"\n"
"}\n"
"# An array has two tasks at least: a single shard is a plain job.\n"
"submit() {\n"
"\tlocal array=()\n"
"\t[ \"$1\" = \"$2\" ] || array=(-J \"0-$(($2 - $1))\")\n"
"\tqsub \"${array[@]}\" -v \"LUDD=$ludd,LUDD_FIRST=$1\" \"$0\"\n"
"}\n"
"after() {\n"
"\tlocal IFS=:\n"
"\tqsub -W \"depend=afterany:$*\" -v \"LUDD=$ludd,LUDD_COLLECT=1\" \"$0\"\n"
"}\n",
	.task =
"cd \"$PBS_O_WORKDIR\" || exit\n"
"[ -z \"${LUDD_COLLECT:-}\" ] || { collect; exit; }\n"
"export OMP_NUM_THREADS=${NCPUS:-$cpus}\n"
"shard_do $((LUDD_FIRST + ${PBS_ARRAY_INDEX:-0}))\n"
"code=$?\n"
"[ \"$code\" != 75 ] || qrerun \"$PBS_JOBID\" # where users may; else bash THIS --missing\n"
"exit \"$code\"\n",
},
[FOR_SGE] = {
	.system = "Grid Engine",
	.inside = "[ -n \"${LUDD_FIRST:-}${LUDD_COLLECT:-}\" ]",
	.pieces =
"limit() {\n"
"\tlocal n\n"
"\tn=$(qconf -sconf 2>/dev/null | awk '$1 == \"max_aj_tasks\" { print $2 }')\n"
"\techo \"${n:-1000}\"\n"
"}\n"
"submit() {\n"
"\tlocal job\n"
"\tjob=$(LUDD_FIRST=$1 qsub -terse -t \"1-$(($2 - $1 + 1))\" \"$0\") || return\n"
"\techo \"${job%%.*}\"\n"
"}\n"
"after() {\n"
"\tlocal IFS=,\n"
"\tLUDD_COLLECT=1 qsub -terse -hold_jid \"$*\" \"$0\"\n"
"}\n",
	.task =
"[ -z \"${LUDD_COLLECT:-}\" ] || { collect; exit; }\n"
"export OMP_NUM_THREADS=${NSLOTS:-$cpus}\n"
"shard_do $((LUDD_FIRST + SGE_TASK_ID - 1))\n"
"code=$?\n"
"[ \"$code\" != 75 ] || exit 99 # run again\n"
"exit \"$code\"\n",
},
[FOR_LSF] = {
	.system = "LSF",
	.inside = "[ -n \"${LUDD_FIRST:-}${LUDD_COLLECT:-}\" ]",
	.pieces =
"limit() {\n"
"\tlocal n\n"
"\tn=$(bparams -a 2>/dev/null | awk '$1 == \"MAX_JOB_ARRAY_SIZE\" { print $3 }')\n"
"\techo \"${n:-1000}\"\n"
"}\n"
"submit() {\n"
"\tLUDD_FIRST=$1 bsub -J \"ludd-$name[1-$(($2 - $1 + 1))]\" <\"$0\" |\n"
"\t\tsed 's/^Job <\\([0-9]*\\)>.*/\\1/'\n"
"}\n"
"after() {\n"
"\tlocal ended\n"
"\tended=$(printf ' && ended(%s)' \"$@\")\n"
"\tLUDD_COLLECT=1 bsub -J \"ludd-$name-collect\" -w \"${ended# && }\" <\"$0\"\n"
"}\n",
	.task =
"[ -z \"${LUDD_COLLECT:-}\" ] || { collect; exit; }\n"
"export OMP_NUM_THREADS=${LSB_DJOB_NUMPROC:-$cpus}\n"
"shard_do $((LUDD_FIRST + LSB_JOBINDEX - 1))\n"
"exit # with 75 the job is run again\n",
},
[FOR_CONDOR] = {
	.system = "HTCondor",
	.inside = "[ -n \"${LUDD_SHARD:-}\" ]",
	.pieces =
"limit() { echo 10000; }\n"
"# A cluster of jobs each; DAGMan runs them, then the collecting job, however they end.\n"
"submit() {\n"
"\tcat >\"logs/shards-$1.sub\" <<END\n"
"executable = /bin/bash\n"
"arguments = \"'$0'\"\n"
"initialdir = $PWD\n"
"environment = \"LUDD='$ludd' LUDD_SHARD=\\$(shard)\"\n"
"getenv = PATH\n"
"output = logs/\\$(Cluster)_\\$(Process).out\n"
"error = logs/\\$(Cluster)_\\$(Process).err\n"
"log = logs/condor.log\n"
"request_cpus = $cpus\n"
"request_memory = $megabytes MB\n"
"kill_sig = SIGUSR1\n"
"job_max_vacate_time = 60\n"
"on_exit_remove = (ExitBySignal == False) && (ExitCode != 75)\n"
"should_transfer_files = NO\n"
"queue shard in ($(seq -s ' ' \"$1\" \"$2\"))\n"
"END\n"
"\techo \"shards-$1\"\n"
"}\n"
"after() {\n"
"\tlocal node\n"
"\tsed -e 's/LUDD_SHARD=[^\"]*/LUDD_SHARD=collect/' -e 's/^queue .*/queue/' \\\n"
"\t\t\"logs/$1.sub\" >logs/collect.sub\n"
"\t{\n"
"\t\tfor node in \"$@\"; do\n"
"\t\t\techo \"JOB $node logs/$node.sub\"\n"
"\t\t\techo \"SCRIPT POST $node /bin/true\"\n"
"\t\tdone\n"
"\t\techo 'JOB collect logs/collect.sub'\n"
"\t\techo \"PARENT $* CHILD collect\"\n"
"\t} >logs/sweep.dag\n"
"\tcondor_submit_dag -f logs/sweep.dag\n"
"}\n",
	.task =
"[ \"$LUDD_SHARD\" != collect ] || { collect; exit; }\n"
"export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$cpus}\n"
"shard_do \"$LUDD_SHARD\"\n"
"exit\n",
},
[FOR_PARALLEL] = {
	.system = "GNU parallel",
	.inside = "[ -n \"${LUDD_SHARD:-}\" ]",
	.pieces =
"# Jobs at once: JOBS, as -j of parallel; other machines: PARALLEL='--sshloginfile nodes --wd .'\n"
"limit() { echo 1000000; }\n"
"submit() {\n"
"\tseq \"$1\" \"$2\" |\n"
"\t\tLUDD=$ludd parallel --jobs \"${JOBS:-100%}\" --joblog logs/joblog --env LUDD \\\n"
"\t\t\"LUDD_SHARD={} bash $(printf %q \"$0\") >>logs/{}.out 2>&1\" >&2\n"
"\techo parallel\n"
"}\n"
"after() { collect; }\n",
	.task =
"export OMP_NUM_THREADS=${OMP_NUM_THREADS:-$cpus}\n"
"shard_do \"$LUDD_SHARD\"\n"
"exit\n",
},
};

void job_script_print(enum scheduler scheduler, const struct job *job, FILE *f)
{
	const struct dialect *d = &dialects[scheduler];
	fputs("#!/bin/bash\n", f);
	directives_print(scheduler, job, f);
	fprintf(f, "# %s: %" PRId64 " runs as %" PRId64 " jobs of %s. Call this script where ludd "
		"would be called:\n"
		"#   bash THIS              submits all shards, and a job that collects\n"
		"#   bash THIS 4,8,15-20    submits these\n"
		"#   bash THIS --missing    submits those that are not done and not running\n",
		job->name, job->runs, job->shards, d->system);
	fputs("set -u\n", f);
	settings_print(job, f);
	fputs(common, f);
	fprintf(f, "if %s; then # a job: one shard\n%sfi\n\n%s%s%s", d->inside, d->task, d->pieces,
		scheduler == FOR_SLURM ? lists : ranges, submission);
}
