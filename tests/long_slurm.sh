#!/bin/bash
# A sweep of 200 runs on a real Slurm, by the script that ludd plan prints: one task fails, one is
# stopped in its middle and queued again, the array is cancelled half way, the rest is submitted anew.
# What is collected equals, byte for byte, the same sweep run by one command. Skipped (77) where
# Slurm is not installed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
if [ -z "${SLURM_AROUND:-}" ]; then
	# Arrays of at most 10 tasks: as many as the sweep has shards.
	LOOPBACK_ARRAY=10 LOOPBACK_LIMIT=400 SLURM_AROUND=1 exec cluster/slurm_loopback.sh "$0"
fi
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
fatal() {
	echo "$*"
	squeue
	"$ludd" status out
	tail -n 5 logs/*
	exit 1
}
await() { # await SECONDS WHAT COMMAND...: until it succeeds
	local end=$((SECONDS + $1))
	until "${@:3}" 2>/dev/null; do
		[ $SECONDS -lt $end ] || fatal "$2: not in $1 s"
		sleep 0.2
	done
	echo "$((SECONDS - started)) s: $2"
}
started=$SECONDS
ended() { [ -z "$(timeout 10 squeue -h -j "$1" -o %i)" ]; }
missing() { "$ludd" status out --missing; }
runs_done() { "$ludd" status "$1" | sed -n '1s/.*: \([0-9]*\) done.*/\1/p'; }
runs_are() { [ "$(runs_done out)" -ge "$1" ]; }
job_says() { timeout 10 scontrol show job "$1" | grep -qE "$2"; }
same() { # same DIR DIR: all results
	diff -rq --exclude manifest.json --exclude shards "$1" "$2" || complain "$1 and $2 differ"
}

cat >sweep.json <<'END'
{
	"name": "sweep", "replicates": 10, "burn_in": 12, "ticks": 48,
	"parameters": {"population": {"people": 1500, "firms": 75},
		"automation": {"start": 6, "years": 2}},
	"scenarios": {"cut_jobs": {"policy.mix": "cut_jobs"},
		"share_gains": {"policy.mix": "share_gains"}},
	"sweep": {"method": "grid", "axes": {"labour.applications": [2, 4],
		"state.benefit_replacement": [0.3, 0.4, 0.5, 0.6, 0.7]}},
	"windows": {"before": [0, 5], "after": [24, 47]},
	"outputs": {"every": 6, "panels": {"firms": {"every": 24, "sample": 5}}}
}
END
"$ludd" run sweep.json -o alone --quiet || fatal "the sweep does not run"
[ "$(wc -l <alone/series.csv)" = 1601 ] || fatal "the sweep has not 200 runs of 8 rows"

# Stands before ludd in the jobs. The first time, the node of shard 1 is broken, and shard 2 hangs in
# the middle of its first run until a signal comes.
cat >node.sh <<'END'
#!/bin/bash
case "$* " in
*'--shard 1/10 '*)
	mkdir broke 2>/dev/null && { echo 'no such node'; exit 1; } ;;
*'--shard 2/10 '*)
	if mkdir hung 2>/dev/null; then
		"$LUDD_BEHIND" "$@" --checkpoint-ticks 1 &
		trap 'kill -USR1 $!; kill -CONT $!' USR1
		until [ -e out/checkpoints/run-2.checkpoint ]; do kill -0 $! || exit; done
		kill -STOP $!
		touch hung/now
		wait $!
		wait $!
		code=$?
		echo $code out/checkpoints/* >hung/left
		exit $code
	fi ;;
esac
exec "$LUDD_BEHIND" "$@"
END
chmod +x node.sh
export LUDD=$work/node.sh LUDD_BEHIND=$ludd

"$ludd" plan sweep.json --shards 10 --for slurm -o out >sweep.sh || fatal "there is no plan"
bash sweep.sh >submitted || fatal "the plan does not submit: $(cat submitted)"
job=$(sed -n 's/^shards 0-9 of 10: \([0-9]*\)$/\1/p' submitted)
collecting=$(tail -n 1 submitted)
[ -n "$job" ] || fatal "all shards are not in one array: $(cat submitted)"
scontrol hold "${job}_[5-9]" || fatal "the second half is not held"

await 60 "a task hangs" test -e hung/now
scancel --batch --signal=USR1 "${job}_2"
await 60 "it is queued again" job_says "${job}_2" 'Restarts=1'
grep -q "^75 out/checkpoints/run-.*checkpoint" hung/left ||
	complain "it left no checkpoint: $(cat hung/left)"
await 60 "it is completed" job_says "${job}_2" 'JobState=COMPLETED'
await 60 "half of the sweep is done but for a broken node" runs_are 80
job_says "${job}_1" 'JobState=FAILED' || complain "the broken node's task is not a failed one"
[ "$(missing)" = 1,5-9 ] || complain "not only 1,5-9 are missing: $(missing)"

scontrol release "${job}_[5-9]"
await 60 "the second half has begun" runs_are 95
scancel "$job"
await 30 "the array is cancelled" ended "$job"
await 30 "the collecting job has come and gone" ended "$collecting"
grep -q 'runs are missing' "logs/$collecting.out" ||
	complain "what is missing was not named: $(cat "logs/$collecting.out")"
"$ludd" collect out 2>refusal && complain "an incomplete sweep is collected"
[ ! -e out/series.csv ] || complain "an incomplete sweep has results"

left=$(missing)
case ,$left, in
,1,*) ;;
*) complain "shard 1 is not in the list of missing shards: $left" ;;
esac
again=$(sbatch --parsable --array="$left" sweep.sh) || fatal "the missing shards are not taken: $left"
await 60 "the missing shards $left are done" ended "$again"
[ -z "$(missing)" ] || complain "shards are missing still: $(missing)"
bash sweep.sh --missing >done.out || complain "a full sweep is not collected: $(cat done.out)"
same alone out

# More shards than an array may have tasks; the job that waits for all of them collects.
few=(sweep.json --replicates 2 --seed 9)
"$ludd" run "${few[@]}" -o few --quiet
"$ludd" plan "${few[@]}" --shards 12 --for slurm -o chunks >chunks.sh
bash chunks.sh >submitted || fatal "the plan in chunks does not submit: $(cat submitted)"
grep -qE '^shards 0-11 of 12: [0-9]+ [0-9]+$' submitted ||
	complain "12 shards are not two arrays: $(cat submitted)"
await 90 "12 shards and their collecting job are done" ended "$(tail -n 1 submitted)"
same few chunks
exit $failed
