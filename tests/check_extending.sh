#!/bin/bash
# The diffs of docs/extending.md apply to the tree, build, and do what the text says of them.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v git >/dev/null || { echo "git is not installed"; exit 77; }

ludd=$(realpath "${LUDD:-ludd}")
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
cat >small.json <<'END'
{ "name": "small", "burn_in": 12, "ticks": 60,
  "parameters": { "population": { "people": 500, "firms": 30 },
                  "automation": { "start": 6, "years": 2 } } }
END
run() { # run PROGRAM OPTION...: prints the state hash of a short run
	local program=$1
	shift
	"$program" run small.json -o out --force --quiet "$@" >/dev/null
	sed -n 's/.*"state_hash":[[:space:]]*"\([^"]*\)".*/\1/p' out/manifest.json
}
shows() { # shows TEXT COMMAND...: what the command prints has TEXT
	local text=$1
	shift
	"$@" >shown
	grep -q -- "$text" shown || fail "$*: no \"$text\" in what it prints"
}

before=$(run "$ludd")
[ -n "$before" ] || fail "no state hash in manifest.json"
for patch in 1.patch 2.patch 3.patch; do git apply $patch; done
[ ! -e 4.patch ] || fail "docs/extending.md has a diff that this test does not know"
env -u MAKEFLAGS -u MAKELEVEL make -s DEPS=no CFLAGS=-O0 >build.log 2>&1 ||
	fail "$(tail -n 20 build.log)"

# The new default is the old number, and without optimisation the bits are the same.
[ "$(run ./ludd)" = "$before" ] || fail "the parameter's default changes results"
[ "$(run ./ludd --set firms.markup_floor=0.5)" != "$before" ] || fail "the parameter does nothing"
[ "$(run ./ludd --set policy.mix=four_day_week)" != "$before" ] || fail "the policy does nothing"
shows 'lowest markup' ./ludd params firms.markup_floor
shows 'units produced / employed' ./ludd metrics output_per_worker
shows 'four days' ./ludd policies four_day_week
shows ',output_per_worker,.*,share_firms_by_policy_four_day_week,' head -n 1 out/series.csv
echo "three diffs apply, build and work"
