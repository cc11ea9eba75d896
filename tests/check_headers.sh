#!/bin/sh
# Each header compiles alone, in C and (but for JSON's, which C++ programs have no use for) in C++.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0
for file in include/ludd/*.h; do
	name=ludd/$(basename "$file")
	echo "#include \"$name\"" | ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Wconversion -Wshadow \
		-Werror -Iinclude -fsyntax-only -x c - || { echo "$file does not compile alone"; failed=1; }
done
exit $failed
