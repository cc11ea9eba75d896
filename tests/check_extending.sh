#!/bin/bash
# The diffs of docs/extending.md apply to the tree, build, and do what the text says of them.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v git >/dev/null || { echo "git is not installed"; exit 77; }

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
git ls-files -z -co --exclude-standard -- Makefile sim include tools | xargs -0 cp --parents -t "$tree"
awk -v dir="$tree" '/^```diff$/ { on = 1; n++; next } /^```$/ { on = 0 }
	on { print > (dir "/" n ".patch") }' docs/extending.md
cd "$tree"

run() { # prints the state hashes of a short run with the options given
	./ludd run small.json -o out --force --quiet "$@" >/dev/null
	sed -n 's/.*"state_hash":[[:space:]]*"\([^"]*\)".*/\1/p' out/manifest.json
}
cat >small.json <<'END'
{ "name": "small", "burn_in": 12, "ticks": 60,
  "parameters": { "population": { "people": 500, "firms": 30 }, "automation.start": 6, "automation.years": 2 } }
END
build() { env -u MAKEFLAGS -u MAKELEVEL make -s DEPS=no CFLAGS=-O0 >build.log 2>&1 || { tail -n 20 build.log; exit 1; }; }

build
before=$(run)
[ -n "$before" ] || { echo "no state hash in manifest.json"; exit 1; }
git apply -v 1.patch
build
./ludd params firms.markup_floor | grep -q 'lowest markup'
[ "$(run)" = "$before" ] || { echo "the parameter's default changes results"; exit 1; }
[ "$(run --set firms.markup_floor=0.5)" != "$before" ] || { echo "the parameter does nothing"; exit 1; }

git apply -v 2.patch
build
./ludd metrics output_per_worker | grep -q 'units produced / employed'
run >/dev/null
head -n 1 out/series.csv | grep -q ',output_per_worker,'

git apply -v 3.patch
build
./ludd policies four_day_week | grep -q 'four days'
[ "$(run --set policy.mix=four_day_week)" != "$before" ] || { echo "the policy does nothing"; exit 1; }
head -n 1 out/series.csv | grep -q 'share_firms_by_policy_four_day_week'
echo "three diffs apply, build and work"
