#!/bin/sh
# coverage.sh DIR: lines of sim/ executed, from the counts that a coverage build left in DIR.
set -eu
for object in "$1"/*.o; do
	gcov -n -o "$1" "$object" 2>/dev/null
done | awk '
/^File / { file = $2; gsub(/\x27/, "", file) }
/^Lines executed:/ && file ~ /^sim\// {
	split($0, part, /[:% ]+/)
	total = part[5] + 0
	hit[file] = part[3] * total / 100
	lines[file] = total
	file = ""
}
END {
	for (f in lines) {
		printf "%6.1f %% of %5d  %s\n", 100 * hit[f] / lines[f], lines[f], f | "sort -n"
		h += hit[f]
		n += lines[f]
	}
	close("sort -n")
	printf "%6.1f %% of %5d  all\n", n ? 100 * h / n : 0, n
}'
