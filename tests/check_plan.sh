#!/bin/bash
# ludd plan: the table of runs as CSV and JSON; a script for each scheduler that the shell accepts, with
# what a job needs; Slurm's splits arrays at the cluster's MaxArraySize and turns a list of missing shards
# into arrays. Nothing is written or submitted by ludd itself.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMP_WAIT_POLICY=passive
failed=0

complain() {
	echo "$*"
	failed=1
}
cat >e.json <<'END'
{
	"name": "e", "replicates": 50, "burn_in": 6, "ticks": 18,
	"parameters": {"population": {"people": 200, "firms": 10}, "automation": {"start": 6, "years": 1}},
	"scenarios": {"no_ai": {"automation.frontier": 0}, "cut_jobs": {}},
	"sweep": {"method": "grid", "axes": {"state.basic_income": [0, 0.1]}}
}
END
"$ludd" plan e.json --shards 7 >table.csv || complain 'no table'
[ "$(wc -l <table.csv)" = 201 ] || complain "$(wc -l <table.csv) lines in the table"
[ "$(sed -n '1p; 2p; 122p' table.csv | cut -d, -f1-4,6 | paste -sd' ')" = \
	'run,scenario,point,replicate,shard 0,no_ai,0,0,0 120,cut_jobs,0,20,1' ] ||
	complain "another table: $(sed -n '1p; 2p; 122p' table.csv)"
"$ludd" plan e.json --json --shards 7 >table.json
[ "$(grep -c '"seed"' table.json)" = 200 ] || complain 'no table in JSON'
! command -v "${PYTHON:-/usr/bin/python3}" >/dev/null ||
	"${PYTHON:-/usr/bin/python3}" -m json.tool table.json >/dev/null || complain 'JSON that is none'
"$ludd" run e.json -o done --quiet || complain 'no run'
diff <(tail -n +2 table.csv | cut -d, -f1-5) \
	<(tail -n +2 done/summary.csv | cut -d, -f1-5) >/dev/null || complain 'runs have other seeds'
[ "$(ls)" = "$(printf 'done\ne.json\ntable.csv\ntable.json')" ] || complain "files: $(ls)"

has() { # has SCHEDULER TEXT...: its script has each text
	local scheduler=$1 text
	shift
	for text; do
		grep -qF -- "$text" "$scheduler.sh" || complain "$scheduler: no $text"
	done
}
for scheduler in slurm pbs sge lsf condor parallel; do
	"$ludd" plan e.json --for $scheduler --shards 25 --set 'labour.applications=4' --seed 9 \
		-o "it's here" >$scheduler.sh || complain "$scheduler: no script"
	bash -n $scheduler.sh || complain "$scheduler: the shell refuses the script"
	has $scheduler 'shards=25' "file='e.json'" "directory='it'\\''s here'" \
		"--set 'labour.applications=4' --seed '9'" '--shard "$1/$shards"' '--missing'
done
has slurm '#SBATCH --output=logs/%A_%a.out' '#SBATCH --requeue' '#SBATCH --signal=B:USR1@60' \
	'#SBATCH --cpus-per-task=1' '#SBATCH --time=' '#SBATCH --mem=' SLURM_CPUS_PER_TASK MaxArraySize \
	'afterany:' 'scontrol requeue'
has pbs '#PBS -l select=1:ncpus=1:mem=' '#PBS -l walltime=' '#PBS -r y' 'depend=afterany:' qrerun
has sge '#$ -notify' '#$ -r y' '-hold_jid' 'exit 99'
has lsf '#BSUB -Q 75' '#BSUB -wa USR1' 'ended('
has condor 'job_max_vacate_time = 60' 'ExitCode != 75' 'SCRIPT POST'
has parallel '--joblog'

# Stand-ins that note what is asked of them: an array has at most 10 tasks here.
mkdir bin
printf '#!/bin/sh\necho "MaxArraySize            = 10"\n' >bin/scontrol
printf '#!/bin/sh\necho "$*" >>"%s/asked"\nwc -l <"%s/asked"\n' "$PWD" "$PWD" >bin/sbatch
chmod +x bin/*
submitted() { # submitted WANTED [LIST]: of each array, what is added to its tasks, and the tasks
	local wanted=$1
	shift
	rm -f asked
	LUDD=$ludd PATH=$PWD/bin:$PATH bash slurm.sh "$@" >submitted.log 2>&1 || complain "$(cat submitted.log)"
	[ "$(sed -n 's/.*--array=\([^ ]*\).*LUDD_FIRST=\([0-9]*\).*/\2+\1/p' asked | paste -sd' ')" = \
		"$wanted" ] || complain "arrays of $* are not $wanted: $(cat asked)"
}
submitted '0+0-9 10+0-9 20+0-4'
grep -q -- '--dependency=afterany:1:2:3 .*LUDD_COLLECT=1' asked || complain "who collects? $(cat asked)"
submitted '0+3,8 10+5-9 20+0' 3,8,15-20
for shard in $(seq 0 24); do
	case $shard in 4 | 11 | 12) continue ;; esac
	"$ludd" run e.json --set labour.applications=4 --seed 9 -o "it's here" --shard "$shard/25" --quiet
done
submitted '0+4 10+1-2' --missing

# A task of an array does its shard; told to stop, it hands the signal on, and is queued again.
printf '#!/bin/sh\necho "$*" >>"%s/requeued"\n' "$PWD" >bin/scontrol
task() { # task INDEX FIRST: in the background
	LUDD=$ludd PATH=$PWD/bin:$PATH SLURM_SUBMIT_DIR=$PWD SLURM_JOB_ID=77 SLURM_ARRAY_TASK_ID=$1 \
		SLURM_CPUS_PER_TASK=1 LUDD_FIRST=$2 bash slurm.sh >task.log 2>&1 &
}
task 1 10
wait $! || complain "a task fails: $(cat task.log)"
[ "$("$ludd" status "it's here" --missing)" = 4,12 ] || complain 'another shard is done'
"$ludd" plan e.json --for slurm --shards 2 --ticks 20000 -o slow >slurm.sh
task 0 0
child=$!
until [ -s slow/shards/0-of-2.runs ]; do sleep 0.05; done
sleep 0.3
kill -USR1 $child
wait $child
rc=$?
[ $rc = 75 ] && [ "$(cat requeued)" = 'requeue 77' ] || complain "exit $rc, $(cat requeued): $(cat task.log)"

"$ludd" plan e.json --for slrm 2>err && complain 'slrm is no scheduler'
grep -q 'did you mean slurm?' err || complain "$(cat err)"
exit $failed
