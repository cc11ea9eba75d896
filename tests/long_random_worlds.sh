#!/bin/sh
# Random sets of parameters, twenty years each: no mill and no head is lost in any of them, and none of
# them meets undefined behaviour. Checked and sanitizer builds test the invariants after every step.
set -eu
cd "$(dirname "$0")/.."
for build in checked asan; do
	make --no-print-directory DEPS=no BUILD="$build" "build/$build/tests/test_tick"
done
RANDOM_WORLDS=${RANDOM_WORLDS:-1000} build/checked/tests/test_tick
RANDOM_WORLDS=${RANDOM_WORLDS_ASAN:-200} build/asan/tests/test_tick
