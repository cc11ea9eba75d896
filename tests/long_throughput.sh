#!/bin/bash
# 10,000 runs of 1,000 people and 120 ticks by one command: files, bytes, peak memory, time, runs a second
# and core. The cores must be busy for at least 95 % of the time. Memory must not hold results: a run more
# takes 100 bytes at most, for where it is recorded and when its world parts from the baseline's.
#
# A processor counts as busy while a thread of ludd is on it or ready for it: on a machine that does other
# things too, threads wait for processors, but must not wait for each other or for the disk.
# RUNS=N does fewer; memory is then only shown, for buffers that fill once would count as growth.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=$(realpath "${LUDD:-ludd}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
runs=${RUNS:-10000} cores=$(nproc) failed=0
noise=262144 # bytes by which the peaks of two equal sweeps differ
[ -r /proc/self/schedstat ] || { echo 'this system does not tell how long threads run and wait'; exit 77; }

sweep() { # sweep RUNS: leaves a file a thread in ./threads: nanoseconds on and ready for processors
	cat >e.json <<END
{
	"name": "e", "replicates": $(($1 / 10)), "burn_in": 0, "ticks": 120,
	"parameters": {"population": {"people": 1000, "firms": 50}, "automation": {"start": 24, "years": 5}},
	"scenarios": {"no_ai": {"automation.frontier": 0}, "cut_jobs": {}},
	"sweep": {"method": "grid", "axes": {"state.basic_income": [0, 0.02, 0.04, 0.06, 0.08]}},
	"windows": {"early": [0, 59], "late": [60, 119]}
}
END
	rm -rf out threads
	mkdir threads
	"$ludd" run e.json -o out -j "$cores" --quiet &
	local child=$! task times # a thread that ended counts as it was seen last
	while kill -0 $child 2>/dev/null; do
		for task in /proc/$child/task/*; do
			read -r times 2>/dev/null <"$task/schedstat" && echo "$times" >"threads/${task##*/}"
		done 2>/dev/null
		sleep 0.2
	done
	wait $child || { echo "ludd run fails"; exit 1; }
}
peak() { sed -n 's/.*"peak_memory_bytes":[^0-9]*\([0-9]*\).*/\1/p' out/manifest.json; }

sweep $((runs / 10))
small=$(peak)
start=$(date +%s%N)
sweep "$runs"
wall=$((($(date +%s%N) - start) / 1000000)) # milliseconds
large=$(peak)
awk -v wall=$wall -v cores="$cores" -v runs="$runs" -v peak="$large" -v files="$(find out -type f | wc -l)" \
	-v bytes="$(du -sb out | cut -f1)" '{ on += $1 / 1e9; ready += $2 / 1e9 } END {
	wall /= 1000
	printf "%d runs, %d files, %.0f MB, peak memory %.1f MB\n", runs, files, bytes / 1e6, peak / 1e6
	printf "%.1f s on %d cores, %.1f s of processor time: %.1f runs a second and core\n", \
		wall, cores, on, runs / wall / cores
	printf "busy %.1f %%, of it waiting for a processor %.1f %%; %.1f runs a second of processor time\n",
		100 * (on + ready) / wall / cores, 100 * ready / wall / cores, runs / on
	exit (on + ready) / wall / cores < 0.95 }' threads/* || { echo 'the cores are not busy'; failed=1; }
[ "$runs" -lt 10000 ] || [ $((large - small)) -lt $((100 * (runs - runs / 10) + noise)) ] ||
	{ echo "memory grows: $small, then $large bytes"; failed=1; }
exit $failed
