#!/bin/bash
# The diffs of docs/extending.md apply to the tree, build, and do what the text says of them.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v git >/dev/null || { echo "git is not installed"; exit 77; }

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
git ls-files -z -co --exclude-standard -- Makefile sim include tools |
	xargs -0 cp --parents -t "$tree"
awk -v dir="$tree" '/^```diff$/ { on = 1; n++; next } /^```$/ { on = 0 }
	on { print > (dir "/" n ".patch") }' docs/extending.md
cd "$tree"

fail() {
	echo "$1"
	exit 1
}
run() { # prints the state hashes of a short run with the options given
	./ludd run small.json -o out --force --quiet "$@" >/dev/null
	sed -n 's/.*"state_hash":[[:space:]]*"\([^"]*\)".*/\1/p' out/manifest.json
}
cat >small.json <<'END'
{ "name": "small", "burn_in": 12, "ticks": 60,
  "parameters": { "population": { "people": 500, "firms": 30 },
                  "automation": { "start": 6, "years": 2 } } }
END
build() {
	env -u MAKEFLAGS -u MAKELEVEL make -s DEPS=no CFLAGS=-O0 >build.log 2>&1 ||
		fail "$(tail -n 20 build.log)"
}
differs() { # differs WHAT HASHES: the run gave other hashes than before
	[ "$2" != "$before" ] || fail "$1 does nothing"
}

build
before=$(run)
[ -n "$before" ] || fail "no state hash in manifest.json"
git apply -v 1.patch
build
./ludd params firms.markup_floor | grep -q 'lowest markup'
[ "$(run)" = "$before" ] || fail "the parameter's default changes results"
differs "the parameter" "$(run --set firms.markup_floor=0.5)"

git apply -v 2.patch
build
./ludd metrics output_per_worker | grep -q 'units produced / employed'
run >/dev/null
head -n 1 out/series.csv | grep -q ',output_per_worker,'

git apply -v 3.patch
build
./ludd policies four_day_week | grep -q 'four days'
differs "the policy" "$(run --set policy.mix=four_day_week)"
head -n 1 out/series.csv | grep -q 'share_firms_by_policy_four_day_week'
echo "three diffs apply, build and work"
