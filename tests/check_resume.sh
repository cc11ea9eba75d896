#!/bin/bash
# An experiment that is killed again and again ends with the bytes of one that was left alone: whole, and
# in shards; what is not finished is refused, named, and never counted.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
RANDOM=5

complain() {
	echo "$*"
	failed=1
}
same() { # same DIR: as the undisturbed one but for times and shards
	diff -rq --exclude manifest.json --exclude shards whole "$1" || complain "$1 differs"
}
expect() { # expect CODE PIECE COMMAND...
	local code=$1 piece=$2 out rc
	shift 2
	out=$("$@" 2>&1)
	rc=$?
	[ $rc = "$code" ] || complain "exit $rc, not $code: $* ($out)"
	grep -qF -- "$piece" <<<"$out" || complain "no \"$piece\": $* ($out)"
}
killed_after() { # killed_after MILLISECONDS COMMAND...: its exit code, 137 if it was killed
	local limit=$1 child
	shift
	"$@" >>killed.log 2>&1 &
	child=$!
	sleep "$(printf '%d.%03d' $((limit / 1000)) $((limit % 1000)))"
	kill -KILL $child
	wait $child
} 2>/dev/null
killed() { # killed COMMAND...: again and again, each time killed a little later, until it ends by itself
	local limit=20 rc=137
	while [ $rc = 137 ]; do
		killed_after $((limit + RANDOM % limit)) "$@"
		rc=$?
		limit=$((limit * 3 / 2)) kills=$((kills + 1))
	done
	[ $rc = 0 ] || complain "exit $rc: $* ($(tail -n 1 killed.log))"
}
kills=0

cat >e.json <<'END'
{
	"name": "e", "replicates": 5, "burn_in": 12, "ticks": 36,
	"parameters": {"population": {"people": 500, "firms": 25},
		"automation": {"start": 6, "years": 2}},
	"scenarios": {"no_ai": {"automation.frontier": 0}, "cut_jobs": {}},
	"sweep": {"method": "grid", "axes": {"state.basic_income": [0, 0.05, 0.1]}},
	"windows": {"early": [0, 11], "late": [12, 35]},
	"outputs": {"panels": {"firms": {"every": 30}, "workers": {"every": 30, "sample": 20}}}
}
END
"$ludd" run e.json -o whole --trace-hash --quiet || complain "the undisturbed run fails"
[ ! -e whole/shards ] || complain "shards are left in a finished directory"

killed "$ludd" run e.json -o one -j 2 --trace-hash --quiet --resume
same one
[ ! -e one/shards ] || complain "shards are left in a finished directory"
expect 0 'nothing is left to do' "$ludd" run e.json -o one --resume
expect 2 'has "seed": 1, and this one "seed": 2,' "$ludd" run e.json -o one --resume --seed 2
expect 0 '30 runs: 30 done, 0 failed' "$ludd" status one

for shard in 2 0; do
	killed "$ludd" run e.json -o parts -j 1 --trace-hash --quiet --shard $shard/4
done
killed_after 50 "$ludd" run e.json -o parts --trace-hash --quiet --shard 3/4
expect 1 'shards 1,3 of 4' "$ludd" collect parts
[ "$(ls parts)" = shards ] || complain "a refused collection leaves $(ls parts)"
expect 0 '1,3' "$ludd" status parts --missing
expect 2 '--resume goes on' "$ludd" run e.json -o parts --trace-hash
expect 0 '' "$ludd" run e.json -o parts --trace-hash --quiet --shard 1/4
killed "$ludd" run e.json -o parts --trace-hash --quiet --shard 3/4
expect 0 '' "$ludd" status parts --missing
[ -z "$("$ludd" status parts --missing)" ] || complain "shards are missing: $("$ludd" status parts)"
expect 0 'compare.csv' "$ludd" collect parts
same parts

# A third by a shard, the rest by one command, killed too.
"$ludd" run e.json -o mixture --trace-hash --quiet --shard 1/3 || complain "a shard fails"
expect 0 'PARTIAL' "$ludd" collect mixture --partial
killed "$ludd" run e.json -o mixture -j 2 --trace-hash --quiet --resume
same mixture

# Rows are written while runs are under way, under a hidden name: where that fails it is told, no file has
# its name, and the runs are not lost.
"$ludd" run e.json -o full --trace-hash --quiet --shard 0/3 || complain "a shard fails"
ln -s /dev/full full/shards/.series.csv.tmp-0
expect 4 'full/series.csv: writing failed: No space left' "$ludd" run e.json -o full -j 2 --trace-hash --quiet --resume
[ "$(ls -A full)" = shards ] || complain "a failed write leaves $(ls -A full)"
expect 0 '30 runs: 30 done, 0 failed' "$ludd" status full
expect 0 '' "$ludd" run e.json -o full --trace-hash --quiet --resume
same full

# A process at work is seen, and nobody else does its shard.
"$ludd" run e.json -o busy --quiet --shard 0/2 --ticks 20000 2>/dev/null &
child=$!
until [ -s busy/shards/0-of-2.runs ]; do sleep 0.02; done
expect 4 "another process ($child) is writing to it" "$ludd" run e.json -o busy --shard 0/2 --ticks 20000
expect 4 "another process ($child)" "$ludd" run e.json -o busy --resume --ticks 20000
expect 4 "another process ($child)" "$ludd" run e.json -o busy --force
expect 0 "running (process $child)" "$ludd" status busy
expect 0 '"running": 15' "$ludd" status busy --json
[ "$("$ludd" status busy --missing)" = 1 ] || complain "missing: $("$ludd" status busy --missing)"
kill -KILL $child
wait $child 2>/dev/null
[ "$("$ludd" status busy --missing)" = 0-1 ] || complain "missing: $("$ludd" status busy --missing)"
expect 2 'no experiment was begun' "$ludd" status nowhere
expect 2 'holds no shards' "$ludd" collect whole

[ $kills -ge 8 ] || complain "only $kills kills"
echo "$kills kills"
exit $failed
