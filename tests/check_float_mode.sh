#!/bin/sh
# A library that sets the processor to flush subnormal numbers to zero when it is loaded, as libraries
# built with fast-math do: ludd refuses to compute under it, says why, and writes nothing.
set -eu
cd "$(dirname "$0")/.."
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT

cat >"$dir/flush.c" <<'END'
#if defined(__SSE2__)
#include <xmmintrin.h>
__attribute__((constructor)) static void flush(void) { _mm_setcsr(_mm_getcsr() | 0x8040); }
#elif defined(__aarch64__)
__attribute__((constructor)) static void flush(void)
{
	unsigned long mode;
	__asm__ volatile("mrs %0, fpcr" : "=r"(mode));
	__asm__ volatile("msr fpcr, %0" : : "r"(mode | 1ul << 24));
}
#else
#error "no such mode is known here"
#endif
END
${CC:-cc} -shared -fPIC -o "$dir/flush.so" "$dir/flush.c" 2>/dev/null || {
	echo "no shared library that flushes to zero can be built here"
	exit 77
}

rc=0
LD_PRELOAD="$dir/flush.so" ./ludd run configs/baseline.json --ticks 1 -o "$dir/out" 2>"$dir/said" || rc=$?
[ $rc = 3 ] || { echo "exit $rc, not 3"; cat "$dir/said"; exit 1; }
grep -q 'flushes subnormal results to zero' "$dir/said" || { cat "$dir/said"; exit 1; }
[ ! -e "$dir/out" ] || { echo "something was written"; exit 1; }
LD_PRELOAD="$dir/flush.so" ./ludd --version >/dev/null # what it is can be asked under any mode
