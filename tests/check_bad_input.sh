#!/bin/bash
# Each wrong file and option of bad_input/ is refused: exit 2, a message with place, value and remedy,
# nothing on stdout, nothing written or overwritten, within 100 ms.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
tables=$PWD/tests/bad_input
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0 count=0

complain() {
	printf '%s\n  %s\n' "$1" "$2"
	failed=1
}

state() { # names, sizes and times of everything there
	ls -AlR --time-style=full-iso --ignore=f.json
}

refuse() { # refuse PIECE ARGUMENT...
	local piece=$1 start took best=1000000 try after
	shift
	for try in 1 2 3; do # a busy machine may be slow once
		start=${EPOCHREALTIME/[.,]/}
		"$ludd" "$@" >"$outer/out" 2>"$outer/err" </dev/null
		rc=$?
		took=$((${EPOCHREALTIME/[.,]/} - start))
		[ "$took" -lt "$best" ] && best=$took
		[ "$best" -lt 100000 ] && break
	done
	count=$((count + 1))
	[ "$rc" = 2 ] || complain "exit $rc: ludd $*" "$(cat "$outer/err")"
	grep -qF -- "$piece" "$outer/err" || complain "no \"$piece\": ludd $*" "$(cat "$outer/err")"
	[ ! -s "$outer/out" ] || complain "output: ludd $*" "$(head -3 "$outer/out")"
	[ "$best" -lt 100000 ] || complain "$best microseconds: ludd $*" "$try tries"
	after=$(state)
	[ "$after" = "$before" ] || complain "files changed: ludd $*" "$after"
	before=$after
}

outer=$work
mkdir inside && cd inside || exit 1
echo '{"name": "good"}' >good.json
mkdir taken && echo '{"name": "earlier"}' >taken/experiment.json
before=$(state)

while IFS=$'\t' read -r text piece; do
	case $text in '#'*) continue ;; esac
	printf '%s\n' "${text//\~/$'\n'}" >f.json
	refuse "$piece" run f.json
done <"$tables/files.tsv"

# What a table of texts cannot hold.
bytes() { # bytes FORMAT PIECE
	# shellcheck disable=SC2059
	printf "$1" >f.json
	refuse "$2" run f.json
}
bytes '{"name": "a\tb"}' 'f.json:1: a text holds the control character 0x09'
bytes '{"name": "a\xff"}' 'f.json:1: byte 0xff is not valid UTF-8'
bytes '{"name": "a", "why": "\xed\xa0\x80"}' 'f.json:1: byte 0xed is not valid UTF-8'
bytes '{"name": "a"}\0{}' 'f.json:1: text after the end of the value'
bytes '\xef\xbb\xbf{"name": "a"}' 'f.json:1: begins with a byte order mark'
{ printf '{"name": "a", "why": "'; head -c 1048576 /dev/zero | tr '\0' x; echo '"}'; } >f.json
refuse 'f.json: is above 1 MiB' run f.json
rm f.json

while IFS=$'\t' read -r arguments piece; do
	case $arguments in '#'*) continue ;; esac
	read -r -a list <<<"$arguments"
	refuse "$piece" "${list[@]}"
done <"$tables/options.tsv"

echo "$count refusals"
exit $failed
