#!/bin/bash
# Random valid experiments on 1, 2, 3 and 7 threads side by side: the same state after every month, no
# broken invariant, nothing that is no number; a fifth of them again, others, under the sanitizers.
# VERIFY and VERIFY_ASAN say how many; a failure prints its seed, to be tried alone by
#   build/checked/tests/verify_random SEED SEED 1 2 3 7
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_WAIT_POLICY=passive
for build in checked asan; do
	make --no-print-directory DEPS=no BUILD=$build build/$build/tests/verify_random
done

halves() { # halves PROGRAM FIRST COUNT THREADS...: both halves of the seeds at once
	local program=$1 first=$2 half=$(($3 / 2)) last=$(($2 + $3 - 1)) failed=0
	shift 3
	"$program" "$first" $((first + half - 1)) "$@" &
	"$program" $((first + half)) "$last" "$@" || failed=1
	wait $! || failed=1
	return $failed
}
halves build/checked/tests/verify_random 1 "${VERIFY:-1000}" 1 2 3 7
halves build/asan/tests/verify_random 100001 "${VERIFY_ASAN:-200}" 1 3
