#!/bin/sh
# install.sh install|uninstall, with PREFIX, DESTDIR, VERSION and SONAME in the environment (the
# Makefile sets them). Uninstall removes the same files and the directories that are ludd's own.
set -eu

prefix=${PREFIX:?} destdir=${DESTDIR-}
to=$destdir$prefix
share=$to/share/ludd

put() { # put MODE FILE TARGET
	mkdir -p "$(dirname "$3")"
	install -m "$1" "$2" "$3"
}

install_all() {
	put 755 ludd "$to/bin/ludd"
	put 644 build/release/libludd.a "$to/lib/libludd.a"
	put 755 "build/shared/$SONAME" "$to/lib/$SONAME"
	ln -sf "$SONAME" "$to/lib/libludd.so"
	for header in include/ludd/*.h include/ludd/*.def; do
		put 644 "$header" "$to/include/ludd/$(basename "$header")"
	done
	mkdir -p "$to/lib/pkgconfig"
	sed -e "s|@PREFIX@|$prefix|" -e "s|@VERSION@|$VERSION|" docs/ludd.pc.in \
		>"$to/lib/pkgconfig/ludd.pc"
	tools/manual.sh ./ludd >build/ludd.1
	put 644 build/ludd.1 "$to/share/man/man1/ludd.1"
	put 644 docs/ludd.bash-completion "$to/share/bash-completion/completions/ludd"
	for config in configs/*.json; do
		[ -e "$config" ] || continue
		put 644 "$config" "$share/configs/$(basename "$config")"
	done
}

uninstall_all() {
	rm -f "$to/bin/ludd" "$to/lib/libludd.a" "$to/lib/$SONAME" "$to/lib/libludd.so" \
		"$to/lib/pkgconfig/ludd.pc" "$to/share/man/man1/ludd.1" \
		"$to/share/bash-completion/completions/ludd"
	rm -rf "$to/include/ludd" "$share"
}

case "${1-}" in
install) install_all && echo "installed below $to" ;;
uninstall) uninstall_all && echo "uninstalled from $to" ;;
*)
	echo "usage: install.sh install|uninstall" >&2
	exit 2
	;;
esac
