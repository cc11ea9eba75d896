#!/bin/bash
# The thin tick in C (1 and 2 threads, with and without vectors), in Python objects and in NumPy has the
# same flows in every tick and the same hash; bench/compare.sh notices one that has not; the CSV of
# bench/scaling.sh is well formed. Where NumPy or Python is missing the rest is tested and this counts as
# skipped.
set -u
cd "$(dirname "$0")/.." || exit 1
LUDD=$(realpath "${LUDD:-ludd}") thin=$PWD/${THIN:-build/release/bench/thin_tick}
python=${PYTHON:-/usr/bin/python3}
export LUDD PYTHONDONTWRITEBYTECODE=1 OMP_WAIT_POLICY=passive
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0 missing=
complain() { echo "$*"; failed=1; }

[ -x "$thin" ] || { echo "$thin is not there: make bench-built"; exit 1; }
small=(500 4 20) # people, ticks of warm-up, ticks
"$thin" "${small[@]}" "$work/c" >/dev/null || complain "the C form fails"
same() { # same NAME COMMAND...: writes the flows of C on one thread
	local name=$1
	shift
	"$@" "${small[@]}" "$work/flows" >"$work/seconds" || complain "$name fails"
	cmp "$work/c" "$work/flows" || complain "$name has other flows: $(diff "$work/c" "$work/flows" | head -n 4)"
	grep -qxE '[0-9]+\.[0-9]+' "$work/seconds" || complain "$name tells no seconds: $(cat "$work/seconds")"
}
# shellcheck disable=SC2317 # called by same
on_two() { "$thin" "$@" 2; }
same "C on 2 threads" on_two
same "C without vectors" env LUDD_VECTORS=none "$thin"
if ! "$python" -c '' 2>/dev/null; then
	missing="Python ($python)"
else
	same "Python objects" "$python" bench/thin_python.py
	if "$python" -c 'import numpy' 2>/dev/null; then
		same NumPy "$python" bench/thin_numpy.py
	else
		missing="NumPy (for $python; Debian, Ubuntu: python3-numpy)"
	fi
fi

# Something happens in these flows, and heads add up.
awk -F, 'NR == 1 || $1 == "hash" { next }
	NR > 2 && $4 != employed - $2 + $3 { print "tick " $1 ": heads do not add up" }
	{ employed = $4; rows++; separations += $2; hires += $3 }
	!($5 > 0 && $6 > 0 && $4 < 500) { print "tick " $1 ": no wages, no demand or nobody out of work" }
	END { if (rows != 24 || separations < 24 || hires < 24) print rows " ticks, " separations \
		" separations, " hires " hires" }' "$work/c" >"$work/wrong"
[ ! -s "$work/wrong" ] || complain "$(cat "$work/wrong")"
grep -qE '^hash,[0-9a-f]{16}$' "$work/c" || complain "there is no hash"

# More than one block of people, and of firms; blocks of another thread.
for threads in 1 2 3; do
	"$thin" 50000 1 3 "$work/large.$threads" $threads >/dev/null
	cmp "$work/large.1" "$work/large.$threads" || complain "50,000 people: threads change the flows"
done

export ROUNDS=1 SIZES=500 THREADS="1 2"
THIN=$thin TICKS=12 bench/compare.sh >"$work/table" 2>"$work/messages" ||
	complain "compare.sh fails: $(cat "$work/messages")"
[ "$(grep -cE '^ +500 +C +[12] +12 +[0-9]+ ' "$work/table")" = 2 ] ||
	complain "compare.sh prints no table: $(cat "$work/table")"
cat >"$work/thin" <<END
#!/bin/sh
"$thin" "\$@" || exit
[ "\${5-1}" = 1 ] || sed -i 's/^7,\([0-9]*\),/7,1\1,/' "\$4"
END
chmod +x "$work/thin"
if THIN=$work/thin TICKS=12 bench/compare.sh >"$work/table" 2>"$work/messages"; then
	complain "compare.sh does not notice other flows"
fi
grep -q 'C:2 with 500 people gives other flows' "$work/messages" ||
	complain "compare.sh does not say which flows differ: $(cat "$work/messages")"

SIZES="300 500" PEOPLE=500 PER_FIRM="20 10" REGIONS="1 2" RUNS=4 WORK=3000 bench/scaling.sh \
	>"$work/csv" 2>"$work/messages" || complain "scaling.sh fails: $(cat "$work/messages")"
awk -F, 'NR == 1 { if ($0 != "what,value,people,threads,ns_per_person_tick,ns_min,ns_max," \
		"bytes_per_person,runs_per_second") print "header " $0; next }
	{ points = points $1 ":" $2 " " }
	NF != 9 || !($6 > 0 && $5 >= $6 && $7 >= $5) || ($1 == "runs") != ($9 > 0) ||
		($1 != "runs") != ($8 > 0) { print "row " $0 }
	END { if (points != "people:300 people:500 threads:1 threads:2 firms:25 firms:50 regions:1 " \
		"regions:2 runs:1 runs:2 ") print "points " points }' "$work/csv" >"$work/wrong"
[ ! -s "$work/wrong" ] || complain "scaling.sh: $(cat "$work/wrong")"
[ "$(grep -c '^people ' "$work/messages")" = 2 ] || complain "scaling.sh prints no table"
SIZES=1000000000000 bench/scaling.sh people 2>"$work/messages" | grep -q , ||
	complain "without memory scaling.sh prints no header"
bench/scaling.sh nonsense >"$work/out" 2>&1 && complain "scaling.sh takes any word"

# Other parameters make another world; what is none is refused with a sentence.
timed() { "$LUDD" bench --people 500 --warm-up 5 --ticks 5 "$@" 2>&1; }
hash_of() { timed "$@" | sed -n 's/^state hash *//p'; }
[ "$(hash_of)" = "$(hash_of --set labour.applications=3)" ] || complain "bench has other defaults"
[ "$(hash_of)" != "$(hash_of --set labour.applications=4)" ] || complain "bench --set changes nothing"
for wrong in labour.applications labour.nothing=1 labour.applications=x labour.applications=1e9 \
	policy.mix.cut_jobs=0.5 population.people=700; do
	timed --set "$wrong" >"$work/out"
	[ $? = 2 ] && [ "$(wc -l <"$work/out")" = 1 ] && grep -q '^ludd: ' "$work/out" ||
		complain "bench --set $wrong: $(cat "$work/out")"
done

if [ $failed = 0 ] && [ -n "$missing" ]; then
	echo "not compared for want of $missing"
	exit 77
fi
exit $failed
