#!/bin/bash
# A signal stops ludd run with a checkpoint and exit 75; the same command with --resume gives the bytes of
# a run that was never stopped. ludd branch: from one saved state, the same bytes as from the start.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
export OMP_WAIT_POLICY=passive

complain() {
	echo "$*"
	failed=1
}
same() { # same DIR DIR: every file but the manifest, which has times in it
	diff -rq --exclude manifest.json --exclude branch.json "$1" "$2" || complain "$1 and $2 differ"
}
expect() { # expect CODE WORDS COMMAND...: exits with CODE and says WORDS
	local code=$1 words=$2
	shift 2
	"$ludd" "$@" >out 2>&1
	local rc=$?
	[ $rc = "$code" ] || complain "exit $rc, not $code: ludd $* ($(cat out))"
	[ -z "$words" ] || grep -q -- "$words" out || complain "ludd $*: '$words' is not in: $(cat out)"
}

cat >e.json <<'END'
{
	"name": "e", "replicates": 2, "burn_in": 300, "ticks": 300,
	"parameters": {"population": {"people": 4000, "firms": 200},
		"automation": {"start": 12, "years": 10}},
	"scenarios": {"cut_jobs": {}, "share_gains": {"policy.mix": {"share_gains": 1}}},
	"outputs": {"every": 6, "panels": {"firms": {"every": 100}}}
}
END
expect 0 '' run e.json -o straight --quiet

# Stopped by each signal in turn as soon as the journal is there, then finished.
again=''
for signal in TERM INT USR1 USR2; do
	rm -rf "stopped_$signal"
	"$ludd" run e.json -o "stopped_$signal" -j 2 --quiet 2>err &
	child=$!
	until [ -e "stopped_$signal/shards/experiment.json" ] || ! kill -0 $child 2>/dev/null; do
		sleep 0.01
	done
	sleep 0.05
	kill -$signal $child
	wait $child
	rc=$?
	[ $rc = 75 ] || [ $rc = 0 ] || complain "exit $rc, not 75, after $signal ($(cat err))"
	[ $rc = 0 ] || grep -q 'stopped by a signal' err || complain "$signal: $(cat err)"
	[ $rc = 0 ] || again="$again $signal"
	expect 0 '' run e.json -o "stopped_$signal" --resume --quiet
	same straight "stopped_$signal"
done
[ -n "$again" ] || complain "no signal came in time to stop a run"

# One burn-in, many futures.
sed 's/"outputs": {/&"checkpoints": {"every": 10}, /' e.json >kept.json
expect 0 '' run kept.json --replicates 1 -o kept --quiet
expect 0 '' branch kept/checkpoints/run-0-tick-0.checkpoint kept.json --replicates 1 -o branch --quiet
same kept branch
expect 0 'all 2 runs are done' branch kept/checkpoints/run-0-tick-0.checkpoint kept.json \
	--replicates 1 -o branch --resume
expect 2 'began from another state' branch kept/checkpoints/run-0-tick-10.checkpoint kept.json \
	--replicates 1 -o branch --resume
expect 2 'began from another state' run kept.json --replicates 1 -o branch --resume
expect 0 'labour.applications is 5 in scenario cut_jobs and was 3' \
	branch kept/checkpoints/run-1-tick-10.checkpoint e.json --set labour.applications=5 -o changed
expect 0 'no run has the seed 1' \
	branch kept/checkpoints/run-0-tick-10.checkpoint e.json --seed 9 --ticks 20 -o seed
grep -q '^0,cut_jobs,0,0,9,12,' seed/series.csv || complain "the branch's first row is not tick 12"
expect 2 'population.people differs' \
	branch kept/checkpoints/run-0-tick-10.checkpoint e.json --set population.people=4100 -o never
expect 2 'the checkpoint is of tick 300' \
	branch kept/checkpoints/run-0-tick-300.checkpoint e.json -o never
expect 2 'is no checkpoint' branch e.json e.json -o never
expect 4 'No such file' branch none e.json -o never
expect 2 'CHECKPOINT is missing' branch
head -c 5000 kept/checkpoints/run-0-tick-0.checkpoint >cut
expect 4 'the checkpoint is cut: 5000 of' branch cut e.json -o never
[ ! -e never ] || complain "a refused branch wrote something"

exit $failed
