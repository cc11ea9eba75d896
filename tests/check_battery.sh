#!/bin/sh
# The keyed draws under dieharder (Brown, Eddelbuettel and Bauer), a long test of some minutes.
# Usage: tests/check_battery.sh [TEST...], a TEST being options of dieharder such as "203 -n 2".
# A test that is WEAK or FAILED is run once more on other seeds and must not be FAILED again: of a
# hundred good p values one is WEAK. BATTERY_SECONDS bounds the whole; what it cuts off is named.
# Exit: 0 all passed, 1 a failure, 77 without dieharder.
set -u
cd "$(dirname "$0")/.." || exit 1

if ! command -v dieharder >/dev/null; then
	echo "check_battery: SKIPPED: dieharder is not installed (apt-get install dieharder)" >&2
	exit 77
fi
dir=$(mktemp -d) || exit 1
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
${CC:-cc} -std=c11 -O2 -ffp-contract=off -Iinclude -o "$dir/rng_stream" \
	tests/rng_stream.c sim/rng.c || exit 1
deadline=$(($(date +%s) + ${BATTERY_SECONDS:-900}))

# Lagged sums 0 and 1 see an agent's own draws; 2, as three are written of each, its neighbour's.
if [ $# -eq 0 ]; then
	set -- 0 1 2 3 4 8 9 10 11 12 13 15 16 "17 -p 10" 100 101 102 "200 -n 2" "200 -n 8" \
		"201 -n 2" "201 -n 5" "202 -n 3" "202 -n 5" "203 -n 0" "203 -n 1" "203 -n 2" \
		204 205 206 207 208 209
fi

# assess SEED TEST: prints the result lines; "late" if the time is up, "broken" if there are none.
assess() {
	left=$((deadline - $(date +%s)))
	[ "$left" -gt 0 ] || { echo late; return; }
	# shellcheck disable=SC2086 # a test is several words
	"$dir/rng_stream" "$1" 2>/dev/null | timeout "$left" dieharder -g 200 -d $2 -D test_name \
		-D ntuple -D pvalues -D assessment >"$dir/result"
	if [ $? -eq 124 ]; then
		echo late
	else
		grep -E 'PASSED|WEAK|FAILED' "$dir/result" || echo broken
	fi
}

passed=0 failed=0 late=0
for test in "$@"; do
	result=$(assess 1 "$test")
	case $result in
	*WEAK* | *FAILED*)
		echo "$result"
		echo "-d $test: once more, on other seeds"
		result=$(assess 1000000 "$test")
		;;
	esac
	case $result in
	late) late=$((late + 1)) ;;
	*FAILED* | broken) failed=$((failed + 1)) ;;
	*) passed=$((passed + 1)) ;;
	esac
	case $result in
	late | broken) echo "-d $test: $result" ;;
	*) echo "$result" ;;
	esac
done
echo "check_battery: $passed passed, $failed failed, $late cut off by the time limit"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
