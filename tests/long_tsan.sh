#!/bin/bash
# No two threads touch the same memory unordered: the unit tests, random experiments on 4 threads and whole
# runs side by side under ThreadSanitizer. Archer tells it what OpenMP orders; no report is suppressed.
# Needs clang with its OpenMP (Debian: clang, libomp-dev).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

archer=$(clang -print-resource-dir 2>/dev/null)/../../libarcher.so
[ -e "$archer" ] || { echo "clang or its libarcher.so is missing"; exit 77; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
export OMP_WAIT_POLICY=passive OMP_TOOL_LIBRARIES=$archer ARCHER_OPTIONS=verbose=1
# The OpenMP library itself is not instrumented; ours all is. A refused allocation is for us to report.
export TSAN_OPTIONS="ignore_noninstrumented_modules=1 exitcode=66 allocator_may_return_null=1"
failed=0

# A race must be seen, and what OpenMP orders must not be taken for one; else silence means nothing.
cat >"$dir/control.c" <<'END'
#include <stdio.h>
int main(int argc, char **argv)
{
	static long sum, part[4];
	(void)argv;
#pragma omp parallel for num_threads(4) schedule(static, 1)
	for (int i = 0; i < 4; i++)
		part[i] = i;
#pragma omp parallel for num_threads(4) schedule(static, 1)
	for (int i = 0; i < 4; i++) {
		long x = part[3 - i];
		if (argc > 1)
			sum += x;
	}
	printf("%ld\n", sum);
	return 0;
}
END
clang -O1 -g -fsanitize=thread -fopenmp -o "$dir/control" "$dir/control.c" 2>"$dir/log" ||
	{ echo "clang cannot build with OpenMP and ThreadSanitizer here: $(tail -1 "$dir/log")"; exit 77; }
"$dir/control" >"$dir/log" 2>&1 || { echo "what OpenMP orders is taken for a race"; cat "$dir/log"; exit 1; }
grep -q '^Archer detected' "$dir/log" || { echo "Archer does not start"; cat "$dir/log"; exit 1; }
"$dir/control" race >"$dir/log" 2>&1 && { echo "a race is not seen"; exit 1; }

units=$(for test in tests/test_*.c; do echo "build/tsan/tests/$(basename "$test" .c)"; done)
# shellcheck disable=SC2086 # a list
make --no-print-directory -j"${JOBS:-2}" DEPS=no CC=clang O=build/tsan CFLAGS='-O1 -g -fsanitize=thread' \
	build/tsan/ludd build/tsan/tests/verify_random $units >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }

quiet() { # quiet NAME COMMAND...: fine and without a report
	local name=$1 start=$SECONDS
	shift
	if "$@" >"$dir/log" 2>&1 && ! grep -q 'WARNING: ThreadSanitizer' "$dir/log"; then
		echo "quiet    $name ($((SECONDS - start)) s)"
	else
		echo "REPORTS  $name"
		head -60 "$dir/log"
		failed=$((failed + 1))
	fi
}
quiet "random experiments" build/tsan/tests/verify_random 1 60 4
LUDD_SCHEDULE=dynamic,1 quiet "random experiments, rows dealt singly" build/tsan/tests/verify_random 61 90 4
quiet "runs side by side" build/tsan/ludd run tests/matrix/files.json --quiet -j 3 -t 2 --ticks 36 -o "$dir/out"
for unit in $units; do
	quiet "$(basename "$unit")" "$unit"
done
[ $failed = 0 ]
