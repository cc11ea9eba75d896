#!/bin/bash
# 2,000 small runs in shards: of the processes 5 % are killed at a random time and 1 % of all writes fail.
# The commands are repeated as they are until nothing is missing. Series, summary and comparison then
# equal those of the undisturbed sweep byte for byte; before that, collect refuses and names what is
# missing. The same for one command with --resume.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
shim_source=$PWD/tests/faults/fail_write.c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
export OMP_WAIT_POLICY=passive
failed=0 processes=0 kills=0 breaks=0 refusals=0
RANDOM=11

complain() {
	echo "$*"
	failed=1
}
${CC:-cc} -O2 -shared -fPIC -o shim.so "$shim_source" -ldl || exit 1

cat >e.json <<'END'
{
	"name": "e", "replicates": 100, "burn_in": 6, "ticks": 18,
	"parameters": {"population": {"people": 200, "firms": 10}, "automation": {"start": 6, "years": 1}},
	"scenarios": {"no_ai": {"automation.frontier": 0}, "cut_jobs": {}},
	"sweep": {"method": "latin_hypercube", "points": 10, "axes": {"state.basic_income": [0, 0.1]}},
	"windows": {"early": [0, 8], "late": [9, 17]}
}
END
# lasts DIRECTORY OPTION...: milliseconds of an undisturbed run, the least of three
lasts() {
	local start ms least=1000000 directory=$1
	shift
	for _ in 1 2 3; do
		rm -rf "$directory"
		start=$(date +%s%N)
		"$ludd" run e.json -o "$directory" --quiet "$@" || exit 1
		ms=$((($(date +%s%N) - start) / 1000000))
		least=$((ms < least ? ms : least))
	done
	echo $least
}
shards=80
whole=$(lasts whole) || exit 1
shard=$(lasts one_shard -j 1 --shard 0/$shards) || exit 1
rm -rf one_shard

# disturbed COMMAND...: one process. Its exit code; 137 where it was killed.
disturbed() {
	local child rc
	processes=$((processes + 1))
	FAIL_PERCENT=1 FAIL_SEED=$processes FAIL_LOG=$work/fails LD_PRELOAD=$work/shim.so "$@" >out 2>err &
	child=$!
	if [ $((RANDOM % 100)) -lt "$kill_percent" ]; then
		sleep "$(printf '0.%03d' $((RANDOM % kill_within)))"
		kill -KILL $child
	fi 2>/dev/null
	wait $child
	rc=$?
	case $rc in
	0) ;;
	137) kills=$((kills + 1)) ;;
	4) breaks=$((breaks + 1)) && grep -q 'No space left\|Input/output error\|earlier write' err ||
		complain "no reason: $(cat err)" ;;
	*) complain "exit $rc: $(cat err)" ;;
	esac
	return $rc
} 2>>jobs.log

kill_percent=8 kill_within=$((shard + 1)) # some end before they are killed
list=$(seq -s ' ' 0 $((shards - 1)))
for round in $(seq 60); do
	for shard in $list; do
		disturbed "$ludd" run e.json -o parts --quiet -j 1 --shard "$shard/$shards"
	done
	missing=$("$ludd" status parts --missing --shards $shards)
	[ -n "$missing" ] || break
	"$ludd" collect parts --quiet 2>err && complain "an incomplete sweep is collected"
	grep -qF "shards $missing of $shards" err || complain "missing are $missing: $(cat err)"
	refusals=$((refusals + 1))
	list=$(tr , '\n' <<<"$missing" | awk -F - '{ for (i = $1; i <= (NF > 1 ? $2 : $1); i++) print i }')
done
[ -z "$missing" ] || complain "after $round rounds still missing: $missing"
until disturbed "$ludd" collect parts --quiet; do
	[ ! -e parts/manifest.json ] || complain "a collection that failed leaves a manifest"
	[ $processes -lt 1000 ] || { echo "it never ends: $(cat err)"; exit 1; }
done
diff -rq --exclude manifest.json --exclude shards whole parts || complain 'the shards have other results'

# Every process is killed in the end: the more, the later.
kill_percent=50 kill_within=$((whole < 950 ? whole + 1 : 950))
until disturbed "$ludd" run e.json -o one --quiet --resume; do
	[ $processes -lt 1000 ] || { echo "it never ends: $(cat err)"; exit 1; }
done
diff -rq --exclude manifest.json whole one || complain 'the resumed experiment has other results'

echo "$processes processes: $kills killed, $breaks ended by a failed write ($(wc -l <fails) writes failed);" \
	"$refusals collections refused; undisturbed $whole ms, a shard $shard ms"
[ $kills -ge 3 ] && [ $breaks -ge 10 ] && [ $refusals -ge 1 ] || complain "too little went wrong"
exit $failed
