#!/bin/bash
# cluster/README.md can be followed: its commands (the blocks marked sh) in their order, on a Slurm of
# this machine; experiments run small. Skipped (77) where Slurm is not installed.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
if [ -z "${SLURM_AROUND:-}" ]; then
	LOOPBACK_LIMIT=300 SLURM_AROUND=1 exec cluster/slurm_loopback.sh "$0"
fi
guide=$PWD/cluster/README.md
ludd=$(realpath "${LUDD:-ludd}")
unset LUDD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r configs "$work"
cd "$work" || exit 1
export OMP_WAIT_POLICY=passive
failed=0

for link in $(grep -oE '\]\([^)#: ]+' "$guide" | cut -c3-); do
	[ -e "$(dirname "$guide")/$link" ] || { echo "$link is not there"; failed=1; }
done

cat >ludd <<END
#!/bin/sh
small='--ticks 400 --replicates 1 --set population.people=300 --set population.firms=15
	--set population.regions=1'
case \$1 in
check | plan) set -- "\$@" \$small ;;
run) case "\$*" in *--replicates*) ;; *) set -- "\$@" \$small ;; esac ;;
esac
exec $ludd "\$@"
END
chmod +x ludd

jobs_end() { # up to 90 seconds
	for _ in $(seq 300); do
		[ -n "$(timeout 10 squeue -h -o %i)" ] || return 0
		sleep 0.3
	done
	return 1
}

commands=0
while read -r line; do
	[ -n "$line" ] || continue
	commands=$((commands + 1))
	timeout 60 bash -c "$line" >said 2>&1 || { echo "'$line' fails: $(cat said)"; failed=1; }
	case $line in
	sbatch* | *sweep.sh*) jobs_end || { echo "jobs do not end after '$line'"; squeue; exit 1; } ;;
	esac
	case $line in
	*--array=0*) ./ludd status outputs/cluster | grep -q ' 1 done' ||
		{ echo "one task alone: $(./ludd status outputs/cluster)"; failed=1; } ;;
	esac
done < <(awk '$0 == "```sh" { on = 1; next } /^```/ { on = 0 } on' "$guide")
[ $commands -gt 12 ] || { echo "the guide has but $commands commands"; failed=1; }
for file in outputs/cluster/compare.csv outputs/by_hand/summary.csv; do
	[ -s $file ] || { echo "$file is not there: $(tail -n 3 logs/*)"; failed=1; }
done
exit $failed
