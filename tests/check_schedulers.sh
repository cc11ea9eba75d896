#!/bin/bash
# The scripts of ludd plan for PBS, Grid Engine, LSF and HTCondor, each submitted to a small stand-in
# of its scheduler (tests/schedulers), and for GNU parallel itself where it is installed: every shard
# is done once, the collecting job comes last, results equal those of one ludd run; a job that was
# stopped asks its scheduler to run it again. Slurm's is tested on a Slurm: make test-slurm.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}") stand_ins=$PWD/tests/schedulers
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMP_WAIT_POLICY=passive
failed=0
complain() { echo "$*"; failed=1; }

cat >"it's.json" <<'END'
{
	"name": "small", "replicates": 7, "burn_in": 2, "ticks": 6,
	"parameters": {"population": {"people": 300, "firms": 15}, "automation.start": 2},
	"scenarios": {"cut_jobs": {}, "share_gains": {"policy.mix": "share_gains"}}
}
END
changes=(--set "policy.mix={\"share_wages\": 1}" --ticks 5)
"$ludd" run "it's.json" "${changes[@]}" -o alone --quiet 2>messages || complain "$(cat messages)"

plan() { "$ludd" plan "it's.json" "${changes[@]}" --for "$1" --shards 5 -o "out $1" 2>/dev/null; }
# submit SCHEDULER [LIST]: by its script; what jobs print goes to SCHEDULER.log, their exit codes to
# SCHEDULER.log.codes
submit() {
	env PATH="$stand_ins/$1:$PATH" LOG="$work/$1.log" bash "$1.sh" "${@:2}" >"$1.submitted" 2>&1
}

# A stand-in of ludd whose runs are stopped by a signal.
printf '#!/bin/sh\n[ "$1" != run ] || exit 75\n' >stopped
chmod +x stopped

for scheduler in pbs sge lsf condor parallel; do
	if [ $scheduler = parallel ] && ! command -v parallel >/dev/null; then continue; fi
	plan $scheduler >$scheduler.sh || complain "$scheduler: there is no plan"
	export LUDD=$ludd
	submit $scheduler 3 # parallel collects in the foreground, and is refused: no word on the exit
	[ "$("$ludd" status "out $scheduler" --missing)" = 0-2,4 ] ||
		complain "$scheduler: not only shard 3 is done ($("$ludd" status "out $scheduler"))"
	submit $scheduler --missing ||
		complain "$scheduler: the script fails: $(cat $scheduler.submitted)"
	diff -rq --exclude manifest.json --exclude shards alone "out $scheduler" ||
		complain "$scheduler: other results: $(cat $scheduler.log)"
	submit $scheduler --missing
	grep -q 'no shard is missing' $scheduler.submitted || complain "$scheduler: what is missing?"
done

code() { # code SCHEDULER CODE: jobs whose ludd is stopped end with CODE
	rm -f "$1.log.codes"
	LUDD=$work/stopped submit "$1" 1-2 || complain "$1: $(cat "$1.submitted")"
	[ "$(head -n 2 "$1.log.codes" | paste -sd' ')" = "$2 $2" ] ||
		complain "$1: a stopped job does not end with $2: $(cat "$1.log.codes")"
}
code pbs 75
grep -qF 'again: 7[1].pbs' pbs.log || complain "pbs: a stopped job is not queued again"
code sge 99
code lsf 75
code condor 75
exit $failed
