#!/bin/bash
# The thin labour tick (bench/README.md) in C, in NumPy and in Python objects, and the full model of
# ludd, run in turn in one session; prints agent-ticks a second as a table. Exits 1 if the flows of two
# forms differ in any tick.
#
#   ROUNDS=5            runs of each, interleaved; medians are printed
#   SIZES="1000 ..."    people
#   THREADS="1 2"       of the C form and of the full model (default: 1, where there are two cores also 2)
#   PYTHON_MOST=10000   most people for Python objects
#   TICKS=N             timed ticks (default: 600,000 / people, at least 12, at most 240)
#   PYTHON, LUDD, THIN  programs to use; without THIN the release build is made first
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive} PYTHONDONTWRITEBYTECODE=1 LC_ALL=C
rounds=${ROUNDS:-5} python=${PYTHON:-/usr/bin/python3} python_most=${PYTHON_MOST:-10000} warm_up=12
read -ra sizes <<<"${SIZES:-1000 10000 100000 1000000}"
cores=$(nproc 2>/dev/null || echo 1)
read -ra threads <<<"${THREADS:-$([ "$cores" = 1 ] && echo 1 || echo 1 2)}"
[ -n "${THIN-}" ] || make -s all bench-built
thin=${THIN:-build/release/bench/thin_tick} ludd=${LUDD:-./ludd}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

has_python=yes has_numpy=yes
"$python" -c '' 2>/dev/null || has_python=no
"$python" -c 'import numpy' 2>/dev/null || has_numpy=no
if [ $has_numpy = no ]; then
	echo "SKIPPED: NumPy: $python cannot import it (Debian, Ubuntu: python3-numpy)" >&2
fi
[ $has_python = yes ] || echo "SKIPPED: Python objects: $python does not run" >&2

ticks_of() { # ticks_of PEOPLE: to time
	local ticks=$((600000 / $1))
	ticks=$((ticks < 12 ? 12 : ticks > 240 ? 240 : ticks))
	echo "${TICKS:-$ticks}"
}
# forms PEOPLE: those to compare, as NAME:THREADS; the first is the reference
forms() {
	local t
	for t in "${threads[@]}"; do echo "C:$t"; done
	[ $has_numpy = no ] || echo NumPy:1
	[ $has_python = no ] || [ "$1" -gt "$python_most" ] || echo Python:1
	for t in "${threads[@]}"; do echo "full_model:$t"; done
}
# seconds FORM PEOPLE TICKS FLOWS: runs it once
seconds() {
	local n=$2 ticks=$3 flows=$4
	case $1 in
	C:*) "$thin" "$n" $warm_up "$ticks" "$flows" "${1#C:}" ;;
	NumPy:1) "$python" bench/thin_numpy.py "$n" $warm_up "$ticks" "$flows" ;;
	Python:1) "$python" bench/thin_python.py "$n" $warm_up "$ticks" "$flows" ;;
	full_model:*) "$ludd" bench --people "$n" --warm-up $warm_up --ticks "$ticks" \
		-t "${1#*:}" --json | sed -n 's/.*"ns_per_person_tick": *\([0-9.]*\).*/\1/p' |
		awk -v n="$n" -v ticks="$ticks" '{ print $1 * n * ticks / 1e9 }' ;;
	esac
}
same() { # same REFERENCE FLOWS NAME: or says where they part, and ends
	cmp -s "$1" "$2" && return
	echo "$3 gives other flows than the first form ($(head -n 1 "$1")):" >&2
	diff "$1" "$2" | head -n 4 >&2
	exit 1
}

for ((round = 0; round < rounds; round++)); do
	for n in "${sizes[@]}"; do
		ticks=$(ticks_of "$n")
		for form in $(forms "$n"); do
			s=$(seconds "$form" "$n" "$ticks" "$work/flows")
			[ -n "$s" ] || { echo "$form with $n people tells no time" >&2; exit 1; }
			echo "$n ${form/:/ } $ticks $s" >>"$work/times"
			[ "${form%:*}" != full_model ] || continue
			[ -e "$work/flows.$n" ] || cp "$work/flows" "$work/flows.$n"
			same "$work/flows.$n" "$work/flows" "$form with $n people"
		done
	done
done

model=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo 2>/dev/null | head -n 1)
memory=$(awk '/^MemTotal/ { printf ", %.0f GiB", $2 / 1048576 }' /proc/meminfo 2>/dev/null || true)
numpy=none
[ $has_numpy = no ] || numpy=$("$python" -c 'import numpy; print(numpy.__version__)')
cat <<END
machine   ${model:-$(uname -m)}, processors: $cores$memory; $(uname -sr)
load      $(cut -d' ' -f1-3 /proc/loadavg 2>/dev/null || echo unknown) (this comparison's own included)
compiler  $("${CC:-cc}" --version | head -n 1)
Python    $("$python" --version 2>/dev/null | cut -d' ' -f2 || echo none), NumPy $numpy
rounds    $rounds, interleaved; an agent is a person; flows equal in every tick of every run

END
# Of each form: median, least and most agent-ticks a second; the time of an agent-tick, and how many
# times that of C on the first number of threads it is.
sort -s -k1,1n -k2,2 -k3,3n -k5,5n "$work/times" | awk '
	{ point = $1 " " $2 " " $3; n = ++count[point]; rate[point, n] = $1 * $4 / $5; ticks[point] = $4 }
	n == 1 { order[++points] = point }
	function median(p,   m) { # times rise, so rates fall
		m = count[p]
		return m % 2 ? rate[p, (m + 1) / 2] : (rate[p, m / 2] + rate[p, m / 2 + 1]) / 2
	}
	END {
		printf "%9s  %-14s %7s %6s %16s %14s %14s %9s %12s\n", "people", "form", "threads",
			"ticks", "agent-ticks/s", "least", "most", "ns each", "time, C = 1"
		for (i = 1; i <= points; i++) {
			p = order[i]; split(p, f, " ")
			if (f[1] != size) { size = f[1]; c = median(p); if (i > 1) print "" }
			sub("_", " ", f[2])
			printf "%9d  %-14s %7d %6d %16.0f %14.0f %14.0f %9.1f %12.2f\n", f[1], f[2], f[3],
				ticks[p], median(p), rate[p, count[p]], rate[p, 1], 1e9 / median(p),
				c / median(p)
		}
	}'
echo
echo 'The full model does more in a tick than the thin one: production, machines, adoption and policies,'
echo 'owners, bank, state, exit and entry, the census of every metric (docs/model.md).'
