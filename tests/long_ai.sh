#!/bin/bash
# Every policy while the frontier moves and after, and the main three under other parameters: the
# tables of docs/validation.md. With a directory as argument the results are kept there, and used
# again where they are.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
"$python" -c 'import numpy, pandas' 2>/dev/null ||
	{ echo "python3-pandas is not installed"; exit 77; }

out=${1:-}
if [ -z "$out" ]; then
	out=$(mktemp -d)
	trap 'rm -rf "$out"' EXIT
fi
for name in ai variations; do
	[ -e "$out/$name/series.csv" ] || ./ludd run "tests/long_$name.json" -o "$out/$name" --quiet
done
"$python" tests/long_ai.py "$out/ai" "$out/variations"
