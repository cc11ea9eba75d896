#!/bin/bash
# A century without AI, five seeds, 20,000 people: the tables of docs/validation.md. With a
# directory as argument the results are kept there, and used again where they are.
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
[ -e "$out/series.csv" ] || ./ludd run configs/baseline.json -o "$out" --quiet
[ -e "$out/regions/series.csv" ] || ./ludd run tests/long_regions.json -o "$out/regions" --quiet
"$python" tests/long_baseline.py "$out"
