#!/bin/sh
# manual.sh PROGRAM: the manual page ludd(1), from what the program says of itself.
set -eu
ludd=$1
version=$("$ludd" --version | sed -n '1s/ludd //p')

escaped() { sed -e 's/\\/\\e/g' -e 's/-/\\-/g' -e "s/^[.']/\\\\\&&/"; }

cat <<END
.TH LUDD 1 "" "ludd $version" "User commands"
.SH NAME
ludd \\- simulate a labour market under automation
.SH SYNOPSIS
.B ludd
.I COMMAND
.RI [ OPTIONS ]
.RI [ FILE | DIR ]
.SH DESCRIPTION
.B ludd
runs experiments on a model of persons, firms, owners, a bank and a state in which machines become able
to do more and more tasks and every firm has a policy that decides who gets the gain. One JSON file
holds an experiment: parameters, scenarios, replicates, windows and outputs. Results are CSV files with
a description of every column.
.SH COMMANDS
END
"$ludd" help | sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p' | while read -r command; do
	printf '.SS %s\n.nf\n' "$command"
	"$ludd" "$command" --help | escaped
	printf '.fi\n'
done
printf '.SH EXIT STATUS\n'
"$ludd" help | sed -n '/^Exit codes: /,$p' | sed 's/^Exit codes: //' | escaped
cat <<END
.SH ENVIRONMENT
.TP
.BR SLURM_CPUS_PER_TASK ", " OMP_NUM_THREADS
Processors to use where \\-j and \\-t are not given.
.SH FILES
.TP
.I PREFIX/share/ludd/configs
Experiments that ship with the program, and
.IR ludd.schema.json .
.SH EXAMPLES
.nf
ludd run configs/share_gains_vs_cut_jobs.json
ludd run configs/baseline.json \\-\\-set labour.applications=5 \\-o outputs/more_applications
ludd compare outputs/share_gains_vs_cut_jobs \\-\\-metric real_wage
.fi
END
