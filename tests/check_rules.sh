#!/bin/sh
# The rules of the house, one grep each. A line that breaks a rule is printed.
set -u
cd "$(dirname "$0")/.." || exit 1
failed=0

# Comments and texts in quotes break no rule: blank them, keep the lines.
bare=$(mktemp -d)
trap 'rm -rf "$bare"' EXIT
for file in sim/*.c sim/*.h include/ludd/*.h; do
	[ -e "$file" ] || continue
	mkdir -p "$bare/$(dirname "$file")"
	perl -0pe 's{("(?:\\.|[^"\\\n])*")|(/\*.*?\*/|//[^\n]*)}{
		my $t = defined $1 ? "\"\"" : $2; $t =~ s/[^\n]//g unless defined $1; $t}gse' \
		"$file" >"$bare/$file"
done

rule() { # rule WHY PATTERN EXCEPT FILE...: no FILE but those that match EXCEPT has PATTERN
	why=$1 pattern=$2 except=$3
	shift 3
	hits=$(cd "$bare" && grep -nE -- "$pattern" /dev/null "$@" 2>/dev/null | grep -vE "^($except):")
	[ -z "$hits" ] || { printf '%s\n%s\n' "$why:" "$hits"; failed=1; }
}
sources=$(cd "$bare" && ls sim/*.c sim/*.h include/ludd/*.h 2>/dev/null)
state=$(cd "$bare" && ls sim/phase_*.c sim/policy*.c sim/tick.c sim/world*.c sim/firm*.c sim/rng.c \
	sim/money.c sim/census*.c sim/invariants*.c include/ludd/rng.h include/ludd/firm.h \
	include/ludd/money.h 2>/dev/null)
word='(^|[^A-Za-z0-9_.>])'
commands='sim/(main|cmd_[a-z_]*)\.c'
files='sim/(output|checkpoint|experiment|cmd_)[a-z_]*\.c|sim/(json|main)\.c'

# shellcheck disable=SC2086 # the lists are meant to be split
{
rule "only commands print" "${word}(printf|puts|putchar|vprintf|perror)\(|std(out|err)" \
	"$commands|sim/mem\.c" $sources
rule "only commands exit" "${word}(exit|_exit|abort|quick_exit)\(" "$commands|sim/mem\.c" $sources
rule "only outputs, checkpoints, experiments and commands open files" \
	"${word}(fopen|fdopen|freopen|open|openat|creat|mkstemp)\(" "$files|sim/mem\.c" $sources
rule "OpenMP stays in par" "omp_|PRAGMA|#[[:space:]]*pragma|<omp\.h>" \
	"sim/par\.c|include/ludd/par\.h" $sources
rule "memory comes from mem.c" "${word}(malloc|calloc|realloc|free|strdup|strndup|asprintf|alloca)\(" \
	"sim/mem\.c" $sources
rule "randomness comes from rng.h" "${word}(rand|srand|random|drand48|rand_r|getrandom|arc4random)\(" \
	"-" $sources
rule "the state path uses + - * / and sqrt alone" \
	"${word}(exp|exp2|expm1|log|log2|log10|log1p|pow|cbrt|sin|cos|tan|tanh|hypot|fma|erf)f?\(" "-" $state
rule "the state path has no clock and no single precision" \
	"${word}(time|clock|clock_gettime|gettimeofday)\(|${word}float[^a-z_]" "-" $state
rule "structs are not typedef'd" "typedef[[:space:]]+(struct|union|enum)" "-" $sources
rule "no policy is named in a phase" "policy_(cut_jobs|attrition|share_|codetermination|ai_dividend)|POLICY_[a-z]" \
	"-" $(cd "$bare" && ls sim/phase_*.c)
}

# Whole files, comments and texts included.
plain() { # plain WHY PATTERN: no tracked text file has PATTERN (this one excepted)
	hits=$(git grep -nIE -e "$2" -- . ':!tests/check_rules.sh' 2>/dev/null)
	[ -z "$hits" ] || { printf '%s\n%s\n' "$1:" "$hits"; failed=1; }
}
plain "no path of one machine" '(^|[^A-Za-z0-9_.$*])/(work|home|root|Users)/[A-Za-z]'
plain "exactness forbids fast-math" '[-]ffast-math|-Ofast'
long=$(git ls-files 'sim/*.[ch]' 'include/ludd/*.h' 'tests/*.c' 'bench/*.c' |
	xargs -r perl -ne '1 while s/\t/" " x (8 - $-[0] % 8)/e; chomp;
		print "$ARGV:$.: ", length, " columns\n" if length > 100; close ARGV if eof')
[ -z "$long" ] || { printf 'lines are at most 100 columns:\n%s\n' "$long"; failed=1; }

exit $failed
