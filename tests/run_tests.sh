#!/bin/bash
# run_tests.sh DIR TEST...: runs test programs and shell checks side by side and sums them up.
#
# A program tests/test_* counts by its cmocka tests; every other test counts as one: exit 0 passed,
# 77 skipped, else failed. Logs lie in DIR/logs; those of failures are printed. The last line is
# `N passed, N failed, N skipped`; exit 1 if any failed.
set -uo pipefail

dir=$1
shift
export LOGS=$dir/logs
mkdir -p "$LOGS"
rm -f "$LOGS"/*

# Threads that wait for each other by spinning starve when other tests keep the processors busy.
export OMP_WAIT_POLICY=passive

run_one() {
	local name start end
	name=$(basename "$1")
	start=$(date +%s%N)
	"$1" >"$LOGS/$name.log" 2>&1 </dev/null
	echo $? >"$LOGS/$name.rc"
	end=$(date +%s%N)
	printf '%7.1f s  %s\n' "$(((end - start) / 100000000))e-1" "$name" >&2
}
export -f run_one
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I{} bash -c 'run_one {}'

total() { # the sum of the numbers in lines of a cmocka log that match
	sed -n "s/^\[  $1 *\][^0-9]*\([0-9][0-9]*\) test(s).*/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'
}

passed=0 failed=0 skipped=0
for test in "$@"; do
	name=$(basename "$test")
	log=$LOGS/$name.log
	rc=$(cat "$LOGS/$name.rc" 2>/dev/null || echo 127)
	p=0 f=0 s=0
	case $name in
	test_*)
		p=$(total PASSED "$log") f=$(total FAILED "$log") s=$(total SKIPPED "$log")
		if [ "$rc" != 0 ] && [ "$f" = 0 ]; then f=1; fi # it crashed
		if [ "$rc" = 0 ] && [ "$p" = 0 ]; then f=1; fi # it tested nothing
		;;
	*)
		case $rc in
		0) p=1 ;;
		77) s=1 ;;
		*) f=1 ;;
		esac
		;;
	esac
	if [ "$f" != 0 ]; then
		echo "--- $name failed (exit $rc)"
		tail -n 60 "$log"
	elif [ "$s" != 0 ]; then
		echo "--- $name skipped: $(tail -n 1 "$log")"
	fi
	passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
