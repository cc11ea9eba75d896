#!/bin/bash
# The United States, one agent a person (configs/us_1to1.json): twelve months on one and on two
# threads give the same bytes and state hash, in the memory told before. Money is checked exactly
# after every month by the program itself. Takes 10 GiB and ten minutes.
set -euo pipefail
cd "$(dirname "$0")/.."
available=$(awk '/MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)
[ "$available" -ge 11000 ] || { echo "$available MiB of memory are left; 11000 are needed"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

./ludd check configs/us_1to1.json
for threads in 2 1; do
	/usr/bin/time -f "%e s, %M KiB" -o "$work/cost$threads" \
		./ludd run configs/us_1to1.json -j 1 -t $threads -o "$work/$threads" --quiet
	echo "$threads threads: $(tail -1 "$work/cost$threads")"
done
cmp "$work/1/series.csv" "$work/2/series.csv"
hash() { sed -n 's/.*"state_hash": "\([0-9a-f]*\)".*/\1/p' "$1/manifest.json" | head -1; }
[ -n "$(hash "$work/1")" ] && [ "$(hash "$work/1")" = "$(hash "$work/2")" ] ||
	{ echo "the state differs between one and two threads"; exit 1; }
peak=$(awk '{ print int($(NF - 1) / 1024) }' "$work/cost2")
[ "$peak" -le 10240 ] || { echo "$peak MiB at the peak; 10240 are allowed"; exit 1; }
echo "the same bytes and state hash $(hash "$work/1"), $peak MiB at the peak"
