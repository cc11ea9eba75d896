#!/bin/bash
# A fresh machine: a minimal Debian with git, make and gcc in a directory of its own, a fresh clone of
# the last commit, then `make test` and `make run` there, as README.md gives them. Needs root,
# debootstrap and the mirror that this machine's apt is set to; without them it is skipped (77).
set -euo pipefail
cd "$(dirname "$0")/.."

skip() {
	echo "SKIPPED: $1"
	exit 77
}

[ "$(id -u)" = 0 ] || skip "only root can make a root directory"
command -v debootstrap >/dev/null || skip "debootstrap is not installed"
suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
mirror=$(grep -rhoE '(URIs: *|^deb +(\[[^]]*\] +)?)[a-z]+://[^ ]*/(debian|ubuntu)/?( |$)' \
	/etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
	grep -oE '[a-z]+://[^ ]*' | head -n 1 || true)
[ -n "$suite" ] && [ -n "$mirror" ] || skip "apt is set to no Debian or Ubuntu mirror"

root=$(mktemp -d "${TMPDIR:-/tmp}/ludd-root-XXXXXX")
clean_up() {
	umount "$root/proc" 2>/dev/null || true
	rm -rf --one-file-system "$root"
}
trap clean_up EXIT

debootstrap --variant=minbase --include=git,make,gcc,libc6-dev,ca-certificates \
	"$suite" "$root" "$mirror" >"$root.log" 2>&1 || { tail -n 20 "$root.log"; skip "debootstrap failed"; }
rm -f "$root.log"
cp /etc/resolv.conf /etc/hosts "$root/etc/"
mount -t proc proc "$root/proc" 2>/dev/null || echo "no /proc in the new root"
git clone -q --no-local . "$root/ludd"

inside() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C chroot "$root" /bin/sh -c "cd /ludd && $1"
}
inside 'make test' >"$root/test.log" 2>&1 || { tail -n 60 "$root/test.log"; exit 1; }
last=$(tail -n 1 "$root/test.log")
echo "make test: $last"
[[ $last =~ ^[1-9][0-9]*\ passed,\ 0\ failed,\ [0-9]+\ skipped$ ]]

started=$(date +%s)
inside 'make run' >"$root/run.log" 2>&1 || { tail -n 40 "$root/run.log"; exit 1; }
echo "make run: $(($(date +%s) - started)) s"
inside 'test -s outputs/share_gains_vs_cut_jobs/series.csv'
inside 'make run' >"$root/run.log" 2>&1 || { echo "a second make run failed"; exit 1; }
