# Sourced by the tests of the matrix (bash, at the top of the repository).
#
#   build NAME COMPILER OPTION...     builds tests/matrix/worlds.c one way, in the background
#   wait                              for all builds
#   cell NAME LABEL THREADS [VARIABLE=VALUE]... [RUNNER...]
#                                     runs a build that way and compares what it prints
#   cells_end [--write]               sums up; its status is the test's
#
# The first cell is the reference. What this machine cannot build or run is skipped, aloud.
# shellcheck shell=bash
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
same=0 failed=0 skipped=0
golden=tests/golden/matrix_hash.txt
version=$(sed -n 's/^#define LUDD_MODEL_VERSION \([0-9]*\).*/\1/p' include/ludd/base.h)

# The model: the sources that include nothing above floor 4. They need no library.
model=$(awk '
	FILENAME ~ /FLOORS$/ { if (/^[0-9]/) for (i = 2; i <= NF; i++) floor[$i] = $1; next }
	FNR == 1 { seen[FILENAME] = 1 }
	/^#include "/ {
		gsub(/"|ludd\//, "", $2)
		if (!($2 in floor) || floor[$2] > 4) above[FILENAME] = 1
	}
	END { for (f in seen) if (!(f in above)) print f }' include/ludd/FLOORS sim/*.c | sort)

result() { # result WORD TEXT
	printf '%-8s %s\n' "$1" "$2"
}

skip() {
	skipped=$((skipped + 1))
	result skipped "$1: $2"
}

fail() {
	failed=$((failed + 1))
	result "$1" "$2"
}

build() {
	local name=$1 compiler=$2
	shift 2
	if ! command -v "$compiler" >/dev/null; then
		echo "$compiler is missing" >"$dir/$name.why"
		return
	fi
	if ! echo 'int main(void) { return 0; }' |
		"$compiler" "$@" -x c -o "$dir/trial" - 2>/dev/null; then
		echo "$compiler cannot build anything with $*" >"$dir/$name.why"
		return
	fi
	while [ "$(jobs -rp | wc -l)" -ge "${JOBS:-2}" ]; do wait -n || true; done
	# shellcheck disable=SC2086 # a list of files
	"$compiler" -std=c11 -ffp-contract=off -Iinclude "$@" -o "$dir/$name" \
		tests/matrix/worlds.c sim/number.c $model -lm >"$dir/$name.log" 2>&1 &
}

# Where two outputs part: world, month and the first column that differs.
parted() {
	paste -d '\n' "$1" "$2" | awk -F, '
		NR == 1 { split($0, name) }
		NR % 2 { n = split($0, a); next }
		$0 != old && NF == n {
			for (i = 1; i <= n; i++)
				if ($i != a[i]) {
					print "         " a[1] ", month " a[2] ": " name[i] " is " $i \
						", not " a[i]
					exit
				}
		}'
}

cell() {
	local name=$1 label=$2 threads=$3
	shift 3
	if [ -e "$dir/$name.why" ]; then
		skip "$label" "$(cat "$dir/$name.why")"
	elif [ ! -x "$dir/$name" ]; then
		fail FAILED "$label: does not build"
		head -5 "$dir/$name.log"
	elif ! env OMP_WAIT_POLICY=passive "$@" "$dir/$name" "$threads" >"$dir/out" 2>"$dir/err"; then
		fail FAILED "$label: $(tail -1 "$dir/err")"
	elif [ ! -e "$dir/reference" ]; then
		mv "$dir/out" "$dir/reference"
		same=1
		result "" "$label: $(tail -1 "$dir/reference")"
	elif cmp -s "$dir/reference" "$dir/out"; then
		same=$((same + 1))
		result same "$label"
	else
		fail DIFFERS "$label"
		parted "$dir/reference" "$dir/out"
	fi
}

golden_write() {
	cat >"$golden" <<-END
		# What every compiler, machine, thread count and environment must make of tests/matrix/worlds.c.
		# Where a change of results is meant: raise LUDD_MODEL_VERSION in include/ludd/base.h, say what
		# changed and why in CHANGELOG.md, and run tests/check_matrix.sh --write.
		model $version
		$1
	END
}

cells_end() {
	local is said
	is=$(tail -1 "$dir/reference" 2>/dev/null)
	[ "${1-}" != --write ] || [ "$failed" != 0 ] || golden_write "$is"
	said=$(grep -v '^#' "$golden" | tr '\n' ' ')
	if [ "$said" != "model $version $is " ]; then
		fail DIFFERS "$golden has $said, not model $version $is"
		sed -n 's/^# //p' "$golden"
	fi
	echo "$same cells the same, $failed failed, $skipped skipped"
	[ "$failed" = 0 ]
}
