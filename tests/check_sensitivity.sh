#!/bin/bash
# ludd sensitivity where the answer is known: a parameter that cannot matter has effects and indices of
# exactly 0, mu* is what an independent sum over design.csv and summary.csv gives, and the same bytes
# come from any -j and from experiment.json.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0

complain() {
	echo "$*"
	failed=1
}
experiment() { # experiment NAME SWEEP: without machines, so that nothing about them can matter
	cat >"$1.json" <<END
{
	"name": "$1", "replicates": 3, "burn_in": 6, "ticks": 24,
	"parameters": {"population": {"people": 300, "firms": 15}, "automation.frontier": 0},
	"scenarios": {"a": {}, "same": {}, "b": {"state.benefit_replacement": 0.2}},
	"sweep": {$2, "axes": {"automation.capital_per_output": [3, 10],
		"households.confidence_sd": [0, 0.02], "state.purchases": [0.15, 0.25]}},
	"windows": {"first": [0, 11], "last": [12, 23]},
	"outputs": {"series": ["unemployment_rate"]}
}
END
}
run() { # run DIR ARGUMENT...
	local directory=$1
	shift
	"$ludd" run "$@" -o "$directory" >"$directory.out" 2>"$directory.err" ||
		complain "ludd run $*: $(cat "$directory.err")"
}
cells() { # cells DIR PARAMETER SCENARIO BASELINE FIRST LAST: of unemployment in the last window
	awk -F, -v p="$2" -v s="$3" -v b="$4" -v first="$5" -v last="$6" '$1 == "unemployment_rate" &&
		$2 == "last" && $5 == p && $3 == s && $4 == b { for (i = first; i <= last; i++) print $i }' \
		"$1/sensitivity.csv"
}
zeros() { # zeros DIR PARAMETER SCENARIO BASELINE FIRST LAST: all cells there, all 0
	local found
	found=$(cells "$@" | sort -u)
	[ "$found" = 0 ] || complain "$*: not all 0 but: $found"
}

experiment morris '"method": "morris", "trajectories": 6'
experiment saltelli '"method": "saltelli", "points": 4'
for name in morris saltelli; do
	run $name $name.json -j 1
	run again $name/experiment.json -j 2 --force
	diff -rq --exclude manifest.json $name again || complain "$name differs from itself"
	grep -q "^$name/sensitivity.csv$" $name.out || complain "sensitivity.csv is not listed"
	grep -q '"sensitivity.csv"' $name/manifest.json || complain "the manifest lacks it"
	grep -q '"sensitivity.csv"' $name/datapackage.json || complain "the data package lacks it"
	[ "$(wc -l <$name/sensitivity.csv)" = $((1 + 7 * 2 * 5 * 3)) ] || complain "$name: rows"
done

zeros morris automation.capital_per_output a '' 6 15
zeros morris automation.capital_per_output b a 6 15
zeros morris households.confidence_sd same a 6 15
zeros saltelli automation.capital_per_output a '' 9 11
zeros saltelli automation.capital_per_output b a 9 11
for name in morris saltelli; do # purchases move unemployment beyond doubt
	low=$(cells $name state.purchases a '' 10 10)
	awk -v x="$low" 'BEGIN { exit !(x > 0) }' || complain "$name: purchases: low end $low"
done

# mu* of confidence in b less a, from the two tables alone: mean |difference of a step| / (2/3).
expected=$(awk -F, '
	FILENAME ~ /design/ && FNR > 1 { changed[$1] = $4 }
	FILENAME ~ /summary/ && FNR == 1 { for (i = 1; i <= NF; i++) if ($i == "unemployment_rate") u = i }
	FILENAME ~ /summary/ && $6 == "last" && $2 != "same" { y[$3] += ($2 == "b" ? 1 : -1) * $u / 3 }
	END { for (p in changed) if (changed[p] == "households.confidence_sd") {
		d = y[p] - y[p - 1]; sum += d < 0 ? -d : d; n++ }
		printf "%.17g", sum / n * 1.5 }' morris/design.csv morris/summary.csv)
found=$(cells morris households.confidence_sd b a 9 9)
awk -v a="$expected" -v b="$found" 'BEGIN { d = a - b; exit !(a > 0 && d < 1e-12 && d > -1e-12) }' ||
	complain "mu* is $found, but the tables give $expected"

# A sweep of which half the runs are there says nothing yet; whole, it says the same.
run half morris.json --shard 0/2
"$ludd" collect half --partial >half.rank || complain "collect --partial fails"
[ -z "$(cells half state.purchases a '' 6 17 | tr -d '\n')" ] || complain "half a sweep has effects"
grep -q 'unknown: the output of design row 0, replicate 1' half.rank || complain "$(cat half.rank)"
run half morris.json --shard 1/2
"$ludd" collect half >half.rank || complain "collect fails"
cmp half/sensitivity.csv morris/sensitivity.csv || complain "shards differ from one run"

# Rankings.
"$ludd" sensitivity morris --difference b --window last --csv | tail -n +2 >one || complain "--csv"
grep '^unemployment_rate,last,b,a,' morris/sensitivity.csv >two
"$ludd" sensitivity morris --difference b --metric unemployment_rate --window last --csv |
	tail -n +2 | cmp - two || complain "--csv differs from sensitivity.csv"
[ "$(wc -l <one)" = $((7 * 3)) ] || complain "--csv without --metric: $(wc -l <one) rows"
"$ludd" sensitivity saltelli --level a --window last >saltelli.rank || complain "no ranking"
grep -q '^   3  automation.capital_per_output  *0.000 \[  0.000,   0.000\]' saltelli.rank ||
	complain "what cannot matter is not last: $(cat saltelli.rank)"
"$ludd" sensitivity morris >morris.rank || complain "no ranking"
[ "$(grep -c '^unemployment_rate, .* less a' morris.rank)" = 4 ] || complain "$(cat morris.rank)"

refuse() { # refuse PIECE ARGUMENT...
	local piece=$1 text
	shift
	text=$("$ludd" sensitivity "$@" 2>&1)
	[ $? = 2 ] || complain "ludd sensitivity $*: not refused"
	grep -qF -- "$piece" <<<"$text" || complain "ludd sensitivity $*: $text"
}
experiment grid '"method": "latin_hypercube", "points": 2'
run grid grid.json --replicates 1
[ ! -e grid/sensitivity.csv ] || complain "sensitivity.csv of a Latin hypercube"
refuse 'the method of its sweep is latin_hypercube' grid
refuse 'bb: summary.csv has no such scenario' morris --difference bb
refuse 'a is the baseline' morris --difference a
refuse 'exclude each other' morris --difference b --level a
refuse 'did you mean real_wage?' morris --metric real_wages
refuse 'nowhere/experiment.json: cannot be opened' nowhere
sed -i '3s/[0-9]*$/0.123/' morris/design.csv
refuse 'morris/design.csv does not hold the points of its experiment' morris
exit $failed
