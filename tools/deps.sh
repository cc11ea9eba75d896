#!/bin/sh
# deps.sh build|test|plots: looks for the packages that a step needs. Missing ones are installed where
# apt-get and root (or password-less sudo) allow it; else the exact commands are printed and it fails.
# DEPS=no never installs.
set -u

has_module() { pkg-config --exists "$1" 2>/dev/null; }
has_program() { command -v "$1" >/dev/null 2>&1; }
has_header() { echo "#include <$1>" | ${CXX:-g++} -fsyntax-only -x c++ - 2>/dev/null; }

apt= dnf= pacman= brew=
want() { # apt, dnf, pacman and brew names; "-" where the system has no such package or needs none
	[ "$1" = - ] || apt="$apt $1"
	[ "$2" = - ] || dnf="$dnf $2"
	[ "$3" = - ] || pacman="$pacman $3"
	[ "$4" = - ] || brew="$brew $4"
}

case "${1-}" in
build)
	has_program pkg-config || want pkg-config pkgconf pkgconf pkgconf
	has_module libcjson || want libcjson-dev cjson-devel cjson cjson
	has_module libxxhash || want libxxhash-dev xxhash-devel xxhash xxhash
	;;
test)
	has_module cmocka || want libcmocka-dev libcmocka-devel cmocka cmocka
	# The generator's published implementation, in C++: optional outside apt.
	if has_program apt-get; then
		has_program "${CXX:-g++}" || want g++ - - -
		has_header pcg_random.hpp || want libpcg-cpp-dev - - -
	fi
	;;
plots)
	has_program gnuplot || want gnuplot-nox gnuplot gnuplot gnuplot
	;;
*)
	echo "usage: deps.sh build|test|plots" >&2
	exit 2
	;;
esac

[ -n "$apt$dnf" ] || exit 0

root=
[ "$(id -u)" = 0 ] || root=sudo
if [ "${DEPS:-yes}" != no ] && has_program apt-get && { [ -z "$root" ] || sudo -n true 2>/dev/null; }; then
	echo "ludd: missing packages; installing with apt-get:$apt   (DEPS=no would only say so)"
	export DEBIAN_FRONTEND=noninteractive
	$root apt-get update -qq || echo "ludd: apt-get update failed; trying with the lists at hand" >&2
	# shellcheck disable=SC2086 # the list is meant to be split
	$root apt-get install -y -qq --no-install-recommends $apt && exit 0
	echo "ludd: apt-get could not install:$apt" >&2
	exit 1
fi

cat >&2 <<END
ludd: missing packages; install them with the line of your system, then run make again:
  Debian, Ubuntu   sudo apt-get install -y$apt
  Fedora           sudo dnf install -y$dnf
  Arch             sudo pacman -S --needed$pacman
  Homebrew         brew install$brew
END
exit 1
