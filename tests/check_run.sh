#!/bin/bash
# ludd run: the same bytes for any -j and -t and from its own experiment.json; one replicate repeated by
# its seed; failures leave nothing, name the run and go on; exit codes.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
# Threads that wait for each other by spinning starve when the other tests keep the processors busy.
export OMP_WAIT_POLICY=passive

complain() {
	echo "$*"
	failed=1
}
same() { # same DIR DIR: every file but the manifest, which has times in it
	diff -rq --exclude manifest.json "$1" "$2" || complain "$1 and $2 differ"
}
run() { # run CODE DIR ARGUMENT...
	local code=$1 directory=$2
	shift 2
	"$ludd" run "$@" -o "$directory" >"$directory.out" 2>"$directory.err"
	local rc=$?
	[ $rc = "$code" ] || complain "exit $rc, not $code: ludd run $* ($(cat "$directory.err"))"
}

cat >e.json <<'END'
{
	"name": "e", "replicates": 2, "burn_in": 12, "ticks": 36,
	"parameters": {"population": {"people": 4000, "firms": 200},
		"automation": {"start": 12, "years": 1}},
	"scenarios": {"no_ai": {"automation.frontier": 0}, "cut_jobs": {},
		"half": {"policy.mix": {"cut_jobs": 0.5, "share_gains": 0.5}}},
	"sweep": {"method": "grid", "axes": {"state.basic_income": [0, 0.1]}},
	"windows": {"before": [0, 11], "after": [30, 35]},
	"outputs": {"panels": {"firms": {"every": 30, "sample": 20}, "workers": {"every": 30, "sample": 20}}}
}
END
run 0 one e.json -j 1 -t 1 --trace-hash
run 0 two e.json -j 2 -t 1 --trace-hash
run 0 threads e.json -j 1 -t 2 --trace-hash
run 0 again one/experiment.json --trace-hash
for other in two threads again; do same one $other; done
for file in experiment.json manifest.json series.csv summary.csv compare.csv design.csv firms.csv \
	workers.csv datapackage.json trace.csv; do
	[ -s one/$file ] || complain "one/$file is missing"
	grep -q "^one/$file$" one.out || complain "one/$file is not listed"
done
[ "$(find one -name '.*' -type f)" = "" ] || complain "temporary files are left"
[ "$(wc -l <one/trace.csv)" -gt $((12 * 48 * 10)) ] || complain "the trace is short"

run 0 changed e.json --set policy.mix=share_gains --set automation.frontier=0.2 --seed 12345678901234567890 \
	--replicates 1 --ticks 30
run 0 changed_again changed/experiment.json
same changed changed_again
grep -q 'windows: after is left out' changed.err || complain "a window left out is not announced"

# The second replicate alone, by the seed in series.csv: the same numbers after run, replicate and seed.
seed=$(awk -F, '$1 == 1 { print $5; exit }' one/series.csv)
run 0 alone e.json --seed "$seed" --replicates 1
cmp -s <(awk -F, '$1 == 1' one/series.csv | cut -d, -f6-) \
	<(awk -F, '$1 == 0' alone/series.csv | cut -d, -f6-) || complain "seed $seed does not repeat a run"

# Bits are equal until the first tick at which the scenarios' parameters matter.
cmp -s <(grep ',no_ai,0,0,' one/series.csv | cut -d, -f3- | head -n 12) \
	<(grep ',cut_jobs,0,0,' one/series.csv | cut -d, -f3- | head -n 12) ||
	complain "scenarios differ before automation.start"

run 2 one e.json
grep -q 'force' one.err || complain "no word of --force: $(cat one.err)"
run 0 one e.json --force --quiet
if [ -s one.out ] || [ -s one.err ]; then complain "--quiet prints"; fi
[ ! -e one/trace.csv ] || complain "an old trace is left"

runaway=(--set population.initial_wage=1e12 --set population.initial_wage=1e9 --set firms.markup=5
	--set labour.bargaining_power=1 --set labour.indexation=2 --set production.growth=0.2
	--set finance.inflation_target=0.5 --set population.people=1000 --set population.firms=50)
run 2 runaway e.json "${runaway[@]}"
run 1 runaway e.json "${runaway[@]:2}" --ticks 1400 --replicates 1 -j 2
[ "$(grep -c '^ludd: run .* seed 1) failed: tick ' runaway.err)" = 6 ] ||
	complain "failures are not named: $(cat runaway.err)"
[ "$(ls -A runaway)" = shards ] || complain "a failed experiment leaves files: $(ls -A runaway)"
[ "$("$ludd" status runaway | grep -c '^run .* seed 1, shard 0) failed: tick\|seed 1, shard 0): tick')" = 6 ] ||
	complain "status does not tell why runs failed: $("$ludd" status runaway)"

run 3 large e.json --set population.people=1000000000 --set population.firms=50000000
[ ! -e large ] || complain "a run without memory leaves a directory"
"$ludd" run e.json -o e.json/inside 2>io.err
rc=$?
[ $rc = 4 ] || complain "exit $rc, not 4, where no directory can be made"
grep -q 'Not a directory' io.err || complain "the system's reason is missing: $(cat io.err)"
exit $failed
