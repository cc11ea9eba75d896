#!/bin/bash
# One experiment, one result: gcc and clang, every optimisation level, this processor's instructions and
# none of them, other processors (64-bit ARM and big-endian s390x: emulated), another C library,
# thread counts, schedules, locales, time zones, file modes, memory patterns. docs/reproducibility.md
# says what each cell is for and how to get the tools that a cell needs.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
. tests/matrix/cells.sh
. tests/matrix/files.sh

release="-DNDEBUG -fopenmp"
# shellcheck disable=SC2086 # lists of options
{
build gcc gcc -O2 $release
for compiler in gcc clang; do
	for level in O0 O1 O2 O3 Os; do
		build $compiler-$level $compiler -$level $release
	done
	build $compiler-native $compiler -O3 -march=native $release
	build $compiler-v3 $compiler -O3 -march=x86-64-v3 $release
	build $compiler-lto $compiler -O3 -flto $release
	build $compiler-alone $compiler -O2 -DNDEBUG
	build $compiler-checked $compiler -O2 -DLUDD_CHECKED -fopenmp
done
build undefined gcc -O1 -fsanitize=undefined,float-cast-overflow -fno-sanitize-recover=all
build musl musl-gcc -O2 -DNDEBUG -static
build arm aarch64-linux-gnu-gcc -O3 -static $release
build arm-v9 aarch64-linux-gnu-gcc -O3 -march=armv9-a -static $release
build s390 s390x-linux-gnu-gcc -O3 -march=z13 -static $release
}
wait
grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo ||
	for compiler in gcc clang; do echo "this processor is no x86-64-v3" >"$dir/$compiler-v3.why"; done

cell gcc "gcc -O2, one thread" 1
for compiler in gcc clang; do
	for level in O0 O1 O2 O3 Os; do
		cell $compiler-$level "$compiler -$level" 1
	done
	cell $compiler-native "$compiler -O3 -march=native" 1
	cell $compiler-native "$compiler -O3 -march=native, 3 threads" 3
	cell $compiler-v3 "$compiler -O3 -march=x86-64-v3" 1
	cell $compiler-lto "$compiler -O3, optimised as a whole" 1
	cell $compiler-alone "$compiler without OpenMP" 1
	cell $compiler-checked "$compiler, invariants checked after every step" 1
done
cell undefined "gcc, no undefined behaviour and no number out of its type's range" 1

# Loops built several times: a processor runs its best version unless told to leave instructions alone.
for vectors in none avx2; do
	cell gcc "gcc -O2, vectors $vectors" 1 LUDD_VECTORS=$vectors
	cell gcc "gcc -O2, vectors $vectors, 3 threads" 3 LUDD_VECTORS=$vectors
	cell clang-O2 "clang -O2, vectors $vectors" 1 LUDD_VECTORS=$vectors
	for compiler in gcc clang; do
		cell $compiler-native "$compiler -O3 -march=native, vectors $vectors" 1 \
			LUDD_VECTORS=$vectors
	done
done

for threads in 2 3 7 16; do
	cell gcc "gcc, $threads threads" $threads
	cell clang-O2 "clang and its OpenMP, $threads threads" $threads
done
for schedule in static,1 dynamic dynamic,1 guided guided,5; do
	cell gcc "schedule $schedule, 3 threads" 3 LUDD_SCHEDULE=$schedule
	cell clang-O2 "clang, schedule $schedule, 7 threads" 7 LUDD_SCHEDULE=$schedule
done

german=de_DE.UTF-8 # writes decimal commas
if localedef -i de_DE -f UTF-8 "$dir/$german" 2>/dev/null; then
	cell gcc "locale $german" 2 LOCPATH="$dir" LC_ALL=$german
else
	skip "locale $german" "localedef cannot make it (Debian: package locales)"
fi
cell gcc "locale C.UTF-8" 2 LC_ALL=C.UTF-8
cell gcc "another time zone" 2 TZ=Pacific/Chatham
cell gcc "umask 0777" 2 sh -c 'umask 0777; exec "$@"' sh
cell gcc "an empty environment" 2 env -i OMP_WAIT_POLICY=passive
cell gcc "memory filled with a pattern" 2 MALLOC_PERTURB_=85
cell gcc "memory filled with another pattern, no thread caches" 2 MALLOC_PERTURB_=170 MALLOC_ARENA_MAX=1
cell gcc "no address randomisation" 2 setarch -R
cell gcc "one processor for 3 threads" 3 taskset -c 0

loader=/lib64/ld-linux-x86-64.so.2
masked=GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA
active() { env "$@" "$loader" --list-diagnostics 2>/dev/null | grep '^x86.cpu_features.*active'; }
if [ -n "$(active)" ] && [ "$(active)" != "$(active $masked)" ]; then
	cell gcc "C library without AVX2 and FMA" 1 $masked
	cell clang-O3 "clang, C library without AVX2 and FMA" 1 $masked
else
	skip "C library without AVX2 and FMA" "this C library or processor has none to mask"
fi

cell musl "another C library (musl)" 1
emulated() { # emulated NAME LABEL THREADS EMULATOR
	if command -v "$4" >/dev/null; then cell "$@"; else skip "$2" "$4 is missing"; fi
}
emulated arm "64-bit ARM" 1 qemu-aarch64-static
emulated arm "64-bit ARM, 3 threads" 3 qemu-aarch64-static
emulated arm-v9 "64-bit ARM with vectors of any length" 1 qemu-aarch64-static
emulated s390 "s390x, big-endian" 1 qemu-s390x-static
emulated s390 "s390x, big-endian, 3 threads" 3 qemu-s390x-static

# Whole programs with their files: the first one's are the reference.
program whole gcc -O2 -DNDEBUG -fopenmp
program whole-O0 gcc -O0 -DNDEBUG
wait
program whole-native clang -O3 -march=native -DNDEBUG -fopenmp
program whole-best gcc -O3 -march=native -flto -DNDEBUG -fopenmp
wait
files whole "gcc -O2" -- -j 1
files whole-O0 "gcc -O0 without OpenMP" --
files whole-best "gcc -O3 -march=native" -- -j 2
files whole-native "clang -O3 -march=native" -- -j 3 -t 2
files whole "7 threads" LUDD_SCHEDULE=guided -- -j 1 -t 7
files whole "other place" LOCPATH="$dir" LC_ALL=$german TZ=Asia/Kathmandu MALLOC_PERTURB_=85 -- -j 2

cells_end
