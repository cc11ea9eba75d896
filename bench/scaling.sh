#!/bin/bash
# scaling.sh [people|threads|firms|regions|runs]...  (default: all of them)
#
# How the full model's speed depends on each: CSV to stdout, one row a point, and a table to stderr.
# Every point is measured ROUNDS times, all points of a round in turn; medians, least and most.
#
#   ROUNDS=5         rounds
#   SIZES="..."      of people (default: powers of ten from 1,000 to 10,000,000)
#   LARGE=1          also 100,000,000 people, and 160,000,000 in 6,000,000 firms and 700 regions
#   PEOPLE=N         of threads, firms and regions (default: 1,000, 100,000 and 1,000,000 for threads,
#                    100,000 for firms, 1,000,000 for regions)
#   THREADS="..."    (default: 1 to the number of processors, doubling above 8)
#   THREAD=1         of people, firms and regions
#   PER_FIRM="..."   people per firm (default 5 10 20 40 80)
#   REGIONS="..."    (default 1 7 70 350 700)
#   RUNS=200         of 1,000 people and 60 ticks, in the sweep that measures runs a second
#   WORK=20000000    person-ticks timed at a point, but at least 6 and at most 1200 ticks
#   LUDD=./ludd      the program: make first
# Points that this machine has no memory for are left out, with a word to stderr.
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
export LC_ALL=C
ludd=$(realpath "${LUDD:-ludd}") rounds=${ROUNDS:-5} work=${WORK:-20000000} runs=${RUNS:-200}
warm_up=12 thread=${THREAD:-1} cores=$(nproc 2>/dev/null || echo 1)
[ -x "$ludd" ] || { echo "scaling.sh: $ludd is not there: make builds it" >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

all_threads() {
	local t
	for ((t = 1; t < cores; t = t < 8 ? t + 1 : 2 * t)); do echo "$t"; done
	echo "$cores"
}
thread_counts=${THREADS:-$(all_threads)}

# points WHAT: its points, as WHAT VALUE PEOPLE THREADS OPTION...
points() {
	local n x
	case $1 in
	people)
		for n in ${SIZES:-1000 10000 100000 1000000 10000000}; do echo "people $n $n $thread"; done
		if [ -n "${LARGE-}" ]; then
			echo "people 100000000 100000000 $thread"
			echo "people 160000000 160000000 $thread --firms 6000000 --regions 700"
		fi ;;
	threads)
		for n in ${PEOPLE:-1000 100000 1000000}; do
			for x in $thread_counts; do echo "threads $x $n $x"; done
		done ;;
	firms)
		n=${PEOPLE:-100000}
		for x in ${PER_FIRM:-80 40 20 10 5}; do
			echo "firms $((n / x)) $n $thread --firms $((n / x))"
		done ;;
	regions)
		n=${PEOPLE:-1000000}
		for x in ${REGIONS:-1 7 70 350 700}; do echo "regions $x $n $thread --regions $x"; done ;;
	runs)
		for x in $thread_counts; do echo "runs $x 1000 1"; done ;;
	*)
		echo "usage: scaling.sh [people|threads|firms|regions|runs]..." >&2
		return 2 ;;
	esac
}
[ $# -gt 0 ] || set -- people threads firms regions runs
for what in "$@"; do points "$what" >>"$dir/points"; done
: >"$dir/results"

available() { # bytes the machine could still give
	awk '/^MemAvailable/ { print $2 * 1024; found = 1 } END { if (!found) print 2 ^ 62 }' \
		/proc/meminfo 2>/dev/null || echo 4611686018427387904
}
bytes=200 # a person needs, until a measurement says it
enough_memory() { # enough_memory PEOPLE: a fifth to spare, and room for the bandwidth test
	awk -v n="$1" -v bytes="$bytes" -v have="$(available)" \
		'BEGIN { exit !(n * bytes * 1.2 + 3e8 < have) }'
}
field() { sed -n "s/.*\"$1\": *\\([0-9.]*\\).*/\\1/p" <<<"$2"; } # field NAME JSON

# bench PEOPLE THREADS OPTION...: ns per person and tick, bytes a person
bench() {
	local n=$1 t=$2 ticks=$((work / $1)) json
	shift 2
	ticks=$((ticks < 6 ? 6 : ticks > 1200 ? 1200 : ticks))
	json=$("$ludd" bench --people "$n" -t "$t" --warm-up $warm_up --ticks $ticks --json "$@")
	echo "$(field ns_per_person_tick "$json") $(field bytes_per_person "$json")"
}
# sweep JOBS: ns per person and tick of a sweep with so many runs at once, runs a second
sweep() {
	local start
	cat >"$dir/sweep.json" <<-END
		{
			"name": "sweep", "replicates": $(((runs + 1) / 2)), "burn_in": 0, "ticks": 60,
			"parameters": {"population": {"people": 1000, "firms": 50},
				"automation": {"start": 12, "years": 3}},
			"scenarios": {"cut_jobs": {}, "no_ai": {"automation.frontier": 0}}
		}
	END
	start=$(date +%s%N)
	"$ludd" run "$dir/sweep.json" -o "$dir/sweep" -j "$1" -t 1 --force --quiet >&2
	awk -v ns=$(($(date +%s%N) - start)) -v runs=$(((runs + 1) / 2 * 2)) \
		'BEGIN { printf "%.3f - %.3f\n", ns / (runs * 1000 * 60), runs * 1e9 / ns }'
}

for ((round = 0; round < rounds; round++)); do
	while read -r what value people threads options; do
		if ! enough_memory "$people"; then
			[ $round -gt 0 ] ||
				echo "left out for want of memory: $what $value, $people people" >&2
			continue
		fi
		if [ "$what" = runs ]; then
			result=$(sweep "$value")
		else
			# shellcheck disable=SC2086 # a list of options
			result=$(bench "$people" "$threads" $options)
			bytes=${result#* }
		fi
		[[ $result =~ ^[0-9.]+\ [0-9.-]+ ]] ||
			{ echo "scaling.sh: $ludd tells no time: $what $value" >&2; exit 1; }
		echo "$what $value $people $threads $result" >>"$dir/results"
	done <"$dir/points"
done

# Rows in the order of the points: medians of ns; runs a second are those of the median.
awk 'NR == FNR { key = $1 " " $2 " " $3 " " $4; if (!(key in place)) place[key] = FNR; next }
	{ print place[$1 " " $2 " " $3 " " $4], $0 }' "$dir/points" "$dir/results" |
	sort -k1,1n -k6,6n | awk '
	function row(   m, ns, rate) {
		if (!n) return
		m = int((n + 1) / 2)
		ns = n % 2 ? x[m] : (x[m] + x[m + 1]) / 2
		rate = name[1] == "runs" ? sprintf("%.3f", per_second[m] * x[m] / ns) : ""
		printf "%s,%s,%s,%s,%.3f,%.3f,%.3f,%s,%s\n", name[1], name[2], name[3], name[4],
			ns, x[1], x[n], bytes, rate
	}
	BEGIN { print "what,value,people,threads,ns_per_person_tick,ns_min,ns_max,bytes_per_person," \
		"runs_per_second" }
	$1 != last { row(); n = 0; last = $1; name[1] = $2; name[2] = $3; name[3] = $4; name[4] = $5 }
	{ x[++n] = $6; bytes = $7 == "-" ? "" : $7; per_second[n] = $8 }
	END { row() }' >"$dir/scaling.csv"
awk -F, -v rounds="$rounds" '
	NR == 1 { printf "%-8s %10s %10s %8s %12s %10s %10s %10s %10s\n", "what", "value", "people",
		"threads", "ns/person-t", "least", "most", "bytes/p", "runs/s"; next }
	{ printf "%-8s %10s %10s %8s %12.1f %10.1f %10.1f %10s %10s\n", $1, $2, $3, $4, $5, $6, $7, $8, $9 }
	END { print "median, least and most of " rounds " interleaved rounds, wall time" }
	' "$dir/scaling.csv" >&2
cat "$dir/scaling.csv"
