#!/bin/sh
# gcc and clang find nothing to warn of in the sources, with and without OpenMP and assertions.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0 found=0
warnings="-std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror"
packages="-Iinclude $(pkg-config --cflags libcjson libxxhash cmocka)"
for compiler in gcc clang clang-14; do
	command -v $compiler >/dev/null || continue
	[ $compiler = clang-14 ] && command -v clang >/dev/null && continue
	found=$((found + 1))
	openmp=-fopenmp
	[ $compiler = gcc ] || openmp=-DNDEBUG
	# shellcheck disable=SC2086 # lists of options
	printf '%s\n' sim/*.c tests/*.c bench/*.c | xargs -P 2 -n 8 $compiler -fsyntax-only -O2 $warnings \
		$packages $openmp -DLUDD_CHECKED '-DLUDD_GIT="x"' '-DLUDD_FLAGS="x"' || failed=1
done
echo "$found compilers"
[ $found -gt 0 ] || exit 77
exit $failed
