#!/bin/bash
# make install puts everything a user needs below DESTDIR and PREFIX: the program runs, a C program builds
# and links against the library by pkg-config alone, and uninstall leaves nothing behind.
set -euo pipefail
cd "$(dirname "$0")/.."

to=$(mktemp -d)
trap 'rm -rf "$to"' EXIT
quiet() { # MAKE TARGET with its own job server, output shown on failure only
	env -u MAKEFLAGS -u MAKELEVEL make -s DEPS=no "$@" >"$to/log" 2>&1 || { cat "$to/log"; exit 1; }
}

quiet install DESTDIR="$to/staged" PREFIX=/opt/ludd
here=$to/staged/opt/ludd
"$here/bin/ludd" --version | grep -q '^ludd '
for file in lib/libludd.a lib/libludd.so lib/pkgconfig/ludd.pc share/man/man1/ludd.1 \
	share/bash-completion/completions/ludd include/ludd/rng.h include/ludd/parameters.def; do
	[ -s "$here/$file" ] || { echo "$file is missing"; exit 1; }
done
for config in configs/*.json; do
	[ -e "$config" ] || continue
	cmp "$config" "$here/share/ludd/configs/$(basename "$config")"
done
bash -n "$here/share/bash-completion/completions/ludd"
for command in $("$here/bin/ludd" help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p'); do
	grep -qx ".SS $command" "$here/share/man/man1/ludd.1" || { echo "no $command in ludd(1)"; exit 1; }
	grep -qE "^\| .*(ludd |\`)$command[ \`]" README.md || { echo "no $command in README.md"; exit 1; }
done

cat >"$to/user.c" <<'END'
#include <stdio.h>
#include <ludd/params.h>
#include <ludd/rng.h>
#include <ludd/tick.h>

int main(void)
{
	struct params p;
	struct err e = {0};
	struct world *w;
	params_default(&p);
	p.population.people = 200;
	p.population.firms = 20;
	w = world_new(&p, 1, 0, 1);
	for (int month = 0; month < 3; month++)
		if (tick(w, &e))
			return 1;
	printf("%016llx\n", (unsigned long long)world_hash(w));
	world_free(w);
	return 0;
}
END
export PKG_CONFIG_PATH=$here/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$to/staged
flags=$(pkg-config --cflags --libs ludd)
# shellcheck disable=SC2086 # a list of options
${CC:-cc} -std=c11 -o "$to/user" "$to/user.c" $flags
shared=$(LD_LIBRARY_PATH=$here/lib "$to/user")
# shellcheck disable=SC2046
PKG_CONFIG_SYSROOT_DIR='' ${CC:-cc} -std=c11 -fopenmp -o "$to/static" "$to/user.c" -I"$here/include" \
	"$here/lib/libludd.a" -lcjson -lm
[ "$shared" = "$("$to/static")" ] || { echo "the libraries disagree"; exit 1; }

quiet uninstall DESTDIR="$to/staged" PREFIX=/opt/ludd
left=$(find "$to/staged" -type f -o -type l)
[ -z "$left" ] || { printf 'left behind:\n%s\n' "$left"; exit 1; }
