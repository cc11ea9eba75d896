#!/bin/bash
# Two revisions of ludd in turn: builds REVISION in a temporary folder and times both with the same
# `ludd bench` options, ROUNDS times each (default 5); prints medians by phase and their ratio.
#   bench/versus.sh REVISION [options of ludd bench]
set -euo pipefail
cd "$(dirname "$0")/.."
[ $# -ge 1 ] || { sed -n '2,4s/^# *//p' "$0"; exit 2; }
revision=$(git rev-parse --verify "$1^{commit}")
shift
rounds=${ROUNDS:-5}
work=$(mktemp -d)
trap 'git worktree remove --force "$work/there" 2>/dev/null; rm -rf "$work"' EXIT

git worktree add --quiet --detach "$work/there" "$revision"
make --no-print-directory -s -C "$work/there" >&2
make --no-print-directory -s >&2
for ((i = 0; i < rounds; i++)); do
	"$work/there/ludd" bench "$@" | awk '/^[a-z_]+ +[0-9]/ { print "there", $1, $2 }'
	./ludd bench "$@" | awk '/^[a-z_]+ +[0-9]/ { print "here", $1, $2 }'
done >"$work/times"
echo "here against ${revision:0:12}, ludd bench $*: medians of $rounds, ns per person and tick"
sort -k2,2 -k1,1 -k3,3g "$work/times" | awk '
	{ key = $1 " " $2; count[key]++; value[key, count[key]] = $3; names[$2] = 1 }
	function median(key) { return value[key, int((count[key] + 1) / 2)] }
	END {
		printf "%-22s %10s %10s %8s\n", "phase", "there", "here", "ratio"
		for (name in names) {
			a = median("there " name); b = median("here " name)
			if (a >= 0.1 || b >= 0.1)
				printf "%-22s %10.2f %10.2f %8.2f\n", name, a, b, b ? a / b : 0
		}
	}' | { read -r head; echo "$head"; sort -k2,2gr; }
