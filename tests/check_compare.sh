#!/bin/bash
# ludd compare, diff and verify through the program: when worlds part, found three ways; people
# followed through two worlds; exit codes.
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
says() { # says CODE TEXT ARGUMENT...: the exit code, and a piece of what ludd prints
	local code=$1 text=$2
	shift 2
	"$ludd" "$@" >out 2>&1
	local rc=$?
	[ $rc = "$code" ] || complain "exit $rc, not $code: ludd $*: $(cat out)"
	grep -qF -- "$text" out || complain "ludd $*: no word of '$text' in: $(cat out)"
}

cat >e.json <<'END'
{
	"name": "e", "replicates": 5, "burn_in": 12, "ticks": 48,
	"parameters": {"population": {"people": 1500, "firms": 80},
		"automation": {"start": 12, "years": 2}},
	"scenarios": {"cut_jobs": {}, "no_ai": {"automation.frontier": 0},
		"again": {"automation.frontier": 0}},
	"baseline": "no_ai",
	"windows": {"before": [0, 11], "after": [24, 47]},
	"outputs": {"transitions": true}
}
END
"$ludd" run e.json -o one --quiet || complain "the experiment does not run"

# When each pair parts: by hand from series.csv, in compare.csv, by diff.
cell() { # cell COLUMN: of the row of real_wage, after, cut_jobs
	awk -F, -v name="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) c = i }
		$1 == "real_wage" && $2 == "after" && $3 == "cut_jobs" { print $c }' one/compare.csv
}
ticks=$(awk -F, 'NR == 1 { for (i = 7; i <= NF; i++) skip[i] = $i ~ /_by_policy/ || $i == "automation_frontier"
		next }
	{ row = ""; for (i = 7; i <= NF; i++) if (!skip[i]) row = row "," $i; x[$2, $4, $6] = row }
	END { for (r = 0; r < 5; r++) for (t = 0; t < 48; t++)
		if (x["no_ai", r, t] != x["cut_jobs", r, t]) { print t; break } }' one/series.csv)
sorted=$(sort -n <<<"$ticks")
[ "$(cell parted_first)" = "$(head -n 1 <<<"$sorted")" ] || complain "parted_first is $(cell parted_first):" $sorted
[ "$(cell parted_median)" = "$(sed -n 3p <<<"$sorted")" ] || complain "parted_median is $(cell parted_median):" $sorted
[ "$(awk -F, 'NR > 1 && $3 == "again"' one/compare.csv | cut -d, -f31- | sort -u)" = "," ] ||
	complain "equal scenarios part"
for replicate in 0 3; do
	says 1 "They part in month $(sed -n $((replicate + 1))p <<<"$ticks"):" \
		diff --series one:no_ai/0/$replicate one:cut_jobs/0/$replicate
done

says 1 "They part in month 13, after the step frontier_advances:" diff one:no_ai one:cut_jobs
grep -q "automation.frontier .* 0 and 0" out || complain "the parameter that differs is not named: $(cat out)"
grep -q "published.frontier" out || complain "the value that differs is not named: $(cat out)"
says 0 "equal in every entry after every step of 60 months" diff one:no_ai one:again/0/0
says 0 "equal in every entry" diff one:0 e.json:cut_jobs -t 2
says 0 "Their 48 rows are equal." diff one:5 one:10 --series
says 1 "They part in month -12, before its first step:" diff one:0 one:1
sed 's/"ticks": 48/"ticks": 40/; s/24, 47/24, 39/' e.json >short.json
says 1 "One ends there, the other after month 47." diff short.json one
sed 's/"firms": 80/"firms": 81/' e.json >wide.json
says 1 "They cannot be compared: firms: 81 and 80." diff wide.json one
says 2 "there must be two RUNs, not 1" diff one
says 2 "must be a whole number from 0 to 14" diff one one:15
says 2 "did you mean no_ai?" diff one:no_a one
says 2 "replicate 5: must be a whole number from 0 to 4" diff one:no_ai/0/5 one
says 2 "nowhere" diff nowhere one
says 4 "series.csv cannot be read" diff --series one e.json

# Months in the reserve are the unemployment rate by another road; shards give the same file.
mean() { # mean SCENARIO: of unemployment_rate over the window after, from summary.csv
	awk -F, -v s="$1" 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "unemployment_rate") c = i }
		$2 == s && $6 == "after" { sum += $c; n++ } END { print sum / n }' one/summary.csv
}
awk -F, -v ai="$(mean cut_jobs)" -v no="$(mean no_ai)" '
	function off(a, b) { return a - b > 1e-4 || b - a > 1e-4 }
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	{ sum = 0; for (i = at["s0_b0"]; i <= NF; i++) sum += $i
	  posts = $at["kept_both"] + $at["kept_scenario_lost_baseline"] + $at["lost_both"] + \
		$at["lost_scenario_kept_baseline"]
	  if (off(sum, $at["people"]) || $at["people"] != 1500) print "the bins add up to " sum
	  if (off(posts, $at["held_both"])) print "the posts add up to " posts
	  if ($2 == "again" && ($at["difference"] != 0 || $at["lost_scenario_kept_baseline"] != 0))
		print "people part between equal worlds" }
	$1 == "after" && $2 == "cut_jobs" { rows++
	  if (off($at["reserve_months_scenario"], 24 * ai) || off($at["reserve_months_baseline"], 24 * no))
		print "months are not those of the unemployment rate: " $0
	  if (!($at["lost_scenario_kept_baseline"] > $at["kept_scenario_lost_baseline"]))
		print "nobody loses a post to the machines" }
	END { if (NR != 5 || rows != 1) print NR " rows" }' one/transitions.csv >off
[ ! -s off ] || complain "transitions.csv: $(cat off)"
for shard in 0 1; do "$ludd" run e.json -o shards --shard $shard/2 --quiet; done
"$ludd" collect shards --quiet || complain "shards are not collected"
for file in transitions compare; do
	cmp one/$file.csv shards/$file.csv || complain "shards give another $file.csv"
done

says 0 "equal, state hash" verify e.json --ticks 12 --threads 1,2,3
[ "$(grep -c 'equal, state hash' out)" = 3 ] || complain "three scenarios give: $(cat out)"
"$ludd" run e.json -o hashed --quiet --replicates 1
says 0 "$(sed -n 's/.*"state_hash":[[:space:]]*"\([^"]*\)".*/\1/p' hashed/manifest.json | head -n 1)" verify e.json
says 2 "--threads 0: must be a whole number from 1 to 1024" verify e.json --threads 1,0
says 2 "at most 8 numbers" verify e.json --threads 1,1,1,1,1,1,1,1,1
exit $failed
