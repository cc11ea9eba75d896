#!/bin/sh
# Headers stand on floors (include/ludd/FLOORS): each includes only what is listed above it, phases never
# include each other, policies include policy.h alone, and no part of a tick looks above floor 4.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0
complain() {
	echo "$1"
	failed=1
}

order=$(grep -v '^#' include/ludd/FLOORS | tr ' ' '\n' | grep -v '^[0-9]*$')
place() { echo "$order" | grep -nx "$1" | cut -d: -f1; }
floor() { grep -v '^#' include/ludd/FLOORS | grep -w "$1" | cut -d' ' -f1; }
included() { sed -n 's/^#include "ludd\/\([^"]*\)".*/\1/p' "$1" | sort -u; }

for file in include/ludd/*.h include/ludd/*.def; do
	name=$(basename "$file")
	own=$(place "$name")
	if [ -z "$own" ]; then
		complain "$file: not listed in include/ludd/FLOORS"
		continue
	fi
	for other in $(included "$file"); do
		at=$(place "$other")
		[ -n "$at" ] && [ "$at" -lt "$own" ] || complain "$file includes $other, which is not below it"
	done
done

for file in sim/phase_*.c; do
	grep -nE '#include "(.*/)?phase_' "$file" && complain "$file: a phase includes another"
done

for file in sim/policy_*.c; do
	[ "$(grep -c '^#include' "$file")" = 1 ] && [ "$(included "$file")" = policy.h ] ||
		complain "$file: a policy includes ludd/policy.h alone"
done

for file in sim/phase_*.c sim/policy*.c sim/world*.c sim/tick.c; do
	[ -e "$file" ] || continue
	for other in $(included "$file"); do
		[ "$(floor "$other")" -le 4 ] || complain "$file includes $other of floor $(floor "$other")"
	done
done

exit $failed
