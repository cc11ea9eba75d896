#!/bin/bash
# The documents say what the program does: generated tables are fresh, every equation and parameter is
# in docs/model.md, links lead somewhere, every experiment is accepted, every command runs. Experiments
# run small here, whatever their files say.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
root=$PWD
failed=0
fail() { echo "$*"; failed=1; }

fresh() { # fresh FILE COMMAND: the table in docs/FILE is what COMMAND prints
	sed -n '/^|/p' "docs/$1" | diff - <(./ludd "$2" --markdown) >/dev/null ||
		fail "docs/$1 is old: put in what 'ludd $2 --markdown' prints"
}
fresh parameters.md params
fresh metrics.md metrics

for i in $(seq 36); do
	grep -qE "\*\*E$i " docs/model.md || fail "docs/model.md: equation E$i is missing"
done
for key in $(sed -n 's/^| \([a-z_]*\.[a-z_]*\) |.*/\1/p' docs/parameters.md); do
	grep -qF "$key" docs/model.md || fail "docs/model.md: $key is missing"
done
for file in README.md docs/*.md; do
	for link in $(grep -oE '\]\([^)#: ]+' "$file" | cut -c3-); do
		[ -e "$(dirname "$file")/$link" ] || fail "$file: $link is not there"
	done
done

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r configs tests/*.json "$work"
cat >"$work/ludd" <<END
#!/bin/sh
[ "\$1" = run ] && set -- "\$@" --ticks 24 --replicates 1 --set population.people=1000 \\
	--set population.firms=50 --set population.regions=1 --quiet --force
exec "$root/ludd" "\$@" 2>>"$work/messages"
END
chmod +x "$work/ludd"

blocks() { # blocks LANGUAGE FILE: writes the fenced blocks to $work/block.N, prints their names
	awk -v fence="\`\`\`$1" -v dir="$work" '$0 == fence { on = 1; n++; name = dir "/block." n
		print name; printf "" > name; next } /^```/ { on = 0 } on { print > name }' "$2"
}

command_try() { # one line of a shell block: programs run, make targets exist, the rest parses
	case $1 in
	./ludd\ * | ludd\ *) (cd "$work" && PATH="$work:$PATH" timeout 30 bash -c "$1" >/dev/null) ;;
	make | make\ *)
		for word in $(sed 's/^make//; s/[A-Z_]*=[^ ]*//g' <<<"$1"); do
			grep -q "^## $word: " Makefile || return 1
		done ;;
	*) bash -nc "$1" ;;
	esac
}

(cd "$work" && ./ludd run configs/share_gains_vs_cut_jobs.json >/dev/null) ||
	fail "the shipped experiment does not run"
for file in README.md docs/*.md; do
	for block in $(blocks json "$file"); do
		! grep -q '"name"' "$block" || ./ludd check "$block" >/dev/null 2>>"$work/messages" ||
			fail "$file: the experiment $(grep -m1 '"name"' "$block") is refused"
	done
	for block in $(blocks sh "$file"); do
		while read -r line; do
			: >"$work/messages"
			[ -z "$line" ] || command_try "$line" ||
				fail "$file: '$line' fails: $(cat "$work/messages")"
		done <"$block"
	done
done

python=${PYTHON:-/usr/bin/python3}
if "$python" -c 'import pandas' 2>/dev/null; then
	for block in $(blocks python docs/outputs.md); do
		(cd "$work" && "$python" "$block" >/dev/null) || fail "docs/outputs.md: Python fails"
	done
fi
if command -v gnuplot >/dev/null; then
	for block in $(blocks gnuplot docs/outputs.md); do
		(cd "$work" && gnuplot -e 'set term dumb' "$block" >/dev/null) ||
			fail "docs/outputs.md: gnuplot fails"
	done
fi
exit $failed
