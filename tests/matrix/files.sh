# Sourced after cells.sh: the whole program and the files it writes.
#
#   program NAME COMPILER OPTION...    builds ludd one way, in the background
#   files NAME LABEL [VARIABLE=VALUE]... -- OPTION...
#                                      runs tests/matrix/files.json with it and compares the tables
# shellcheck shell=bash

program() {
	local name=$1 compiler=$2
	shift 2
	if ! command -v "$compiler" >/dev/null; then
		echo "$compiler is missing" >"$dir/$name.why"
		return
	fi
	# shellcheck disable=SC2046 # lists of options
	"$compiler" -std=c11 -ffp-contract=off -Iinclude $(pkg-config --cflags libcjson libxxhash) "$@" \
		-o "$dir/$name" sim/*.c $(pkg-config --libs libcjson) -lm >"$dir/$name.log" 2>&1 &
}

files() {
	local name=$1 label="files, $2" environment=() to
	shift 2
	while [ "$1" != -- ]; do environment+=("$1"); shift; done
	shift
	if [ -e "$dir/$name.why" ]; then skip "$label" "$(cat "$dir/$name.why")"; return; fi
	to=$(mktemp -d "$dir/filesXXXXXX")
	if ! env "${environment[@]}" "$dir/$name" run tests/matrix/files.json --force --quiet -o "$to" "$@" \
		>"$dir/err" 2>&1; then
		fail FAILED "$label: $(tail -1 "$dir/err")"
		return
	fi
	rm "$to/manifest.json" # times, machine
	: "${first_files:=$to}"
	if diff -rq "$first_files" "$to"; then
		same=$((same + 1))
		result same "$label"
	else
		fail DIFFERS "$label"
	fi
}
