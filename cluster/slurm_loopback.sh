#!/bin/bash
# slurm_loopback.sh COMMAND...: runs a command with a Slurm of one machine around it, for tests and
# for trying a sweep before it goes to a cluster. Exit: that of the command; 77 where Slurm is not
# installed (Debian: apt-get install --no-install-recommends slurm-wlm), 1 where it does not start.
#
# Nothing outside a new directory under TMPDIR is read or written: configuration, keys, state, logs.
# No systemd, no accounting, no cgroups, no root. The daemons are children of this script and end
# with it; were it killed without a word, they end by their own time limit.
#
# LOOPBACK_CPUS (2) tasks at once, LOOPBACK_ARRAY (1001) is MaxArraySize, LOOPBACK_LIMIT (600)
# seconds are the most that all of it may take.
set -uo pipefail
[ $# -gt 0 ] || { sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin
cpus=${LOOPBACK_CPUS:-2} limit=${LOOPBACK_LIMIT:-600}

for program in munged slurmctld slurmd sbatch scancel squeue sinfo; do
	command -v $program >/dev/null || { echo "SKIPPED: $program is not installed" >&2; exit 77; }
done

dir=$(mktemp -d "${TMPDIR:-/tmp}/slurm-XXXXXX") || exit 1
chmod 755 "$dir" # munge wants to see who may write on the way to its socket
mkdir -m 700 "$dir/key"
mkdir -m 755 "$dir/socket" "$dir/state" "$dir/spool" "$dir/log"
export SLURM_CONF=$dir/slurm.conf
daemons=() address=''

daemon() { # daemon NAME COMMAND...: in the foreground of a child
	timeout --kill-after=10 "$limit" "${@:2}" >"$dir/log/$1.out" 2>&1 </dev/null &
	daemons+=($!)
}

await() { # await SECONDS COMMAND...: until it succeeds
	local end=$((SECONDS + $1))
	until "${@:2}" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

leftovers() { # processes of this Slurm and of its jobs, this script and its parents excepted
	local process pid
	for process in /proc/[0-9]*; do
		pid=${process#/proc/}
		case " $$ $PPID $BASHPID ${daemons[*]} " in *" $pid "*) continue ;; esac
		! tr '\0' '\n' 2>/dev/null <"$process/environ" | grep -qxF "SLURM_CONF=$SLURM_CONF" ||
			echo "$pid"
	done
}

no_jobs() { [ -z "$(timeout 5 squeue -h -o %i)" ]; }
gone() { ! kill -0 "$@"; }

stop() {
	trap '' INT TERM HUP
	if [ ${#daemons[@]} -gt 1 ]; then
		timeout 10 scancel --me >/dev/null 2>&1 || timeout 10 scancel -u "$(id -un)"
		await 15 no_jobs
	fi
	if [ ${#daemons[@]} -gt 0 ]; then
		kill "${daemons[@]}" 2>/dev/null
		wait "${daemons[@]}" 2>/dev/null
	fi
	# shellcheck disable=SC2046 # a list of numbers
	{ kill -KILL $(leftovers); wait; } 2>/dev/null
	[ -z "$address" ] || ip addr del "$address" dev lo
	rm -rf "$dir"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

fail() {
	echo "the loopback Slurm did not start: $1" >&2
	tail -n 8 "$dir"/log/* >&2
	exit 1
}

port_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }
port=$((10000 + 2 * ($$ % 10000))) # another one's differ, even if both look at once
until port_free $port && port_free $((port + 1)); do port=$((port + 2)); done

# Daemons listen where their host's name leads, if that is this machine alone.
host=$(uname -n)
host=${host%%.*}
listen=''
[[ $(getent ahostsv4 "$host" | awk '{ print $1; exit }') != 127.* ]] ||
	listen=CommunicationParameters=NoInAddrAny,NoCtldInAddrAny

# Slurm asks the resolver for addresses of configured kinds only (AI_ADDRCONFIG), and a machine
# that has nothing but 127.0.0.1 counts as having none: it needs a second one for the while.
if [ "$(wc -l </proc/net/route)" -le 1 ] && [ "$(id -u)" = 0 ]; then
	address=127.$((port / 256)).$((port % 256)).2/32
	ip addr add $address dev lo 2>/dev/null || address=''
fi

cat >"$SLURM_CONF" <<END
ClusterName=loopback
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmdPort=$((port + 1))
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
$listen
AuthType=auth/munge
CredType=cred/munge
# A job that is queued again waits until its credential has expired: 2 minutes by default.
AuthInfo=socket=$dir/socket/munge,cred_expire=5
StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/slurmctld.pid
SlurmdPidFile=$dir/slurmd.pid
SlurmctldLogFile=$dir/log/slurmctld
SlurmdLogFile=$dir/log/slurmd
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
MailProg=/bin/true
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SlurmdParameters=config_overrides
MaxArraySize=${LOOPBACK_ARRAY:-1001}
KillWait=5
ReturnToService=2
NodeName=node NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$cpus RealMemory=100000 State=UNKNOWN
PartitionName=main Nodes=node Default=YES MaxTime=INFINITE State=UP
END

(umask 077 && head -c 256 /dev/urandom >"$dir/key/munge.key")
daemon munged munged --foreground --force --key-file="$dir/key/munge.key" --num-threads=2 \
	--seed-file="$dir/key/seed" --log-file="$dir/log/munge" --pid-file="$dir/key/pid" \
	--socket="$dir/socket/munge"
await 20 test -S "$dir/socket/munge" || fail munged
daemon slurmctld.start slurmctld -D -c
await 30 timeout 5 scontrol ping || fail slurmctld
daemon slurmd.start slurmd -D -N node
node_idle() { [ "$(timeout 5 sinfo -h -o %T)" = idle ]; }
await 60 node_idle || fail slurmd

# In the background, so that a signal ends the wait at once.
timeout --foreground --kill-after=10 "$limit" "$@" <&0 &
wait $!
