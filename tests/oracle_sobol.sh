#!/bin/sh
# Every coordinate of the Sobol' sequence against scipy.stats.qmc.Sobol (python3-scipy): the same
# direction numbers, in the same order, so equal to the last bit.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
print=${LUDD_BUILD:-build/release}/tests/design_print
"$python" -c 'from scipy.stats.qmc import Sobol' 2>/dev/null || {
	echo "python3-scipy is missing"
	exit 77
}

"$print" sobol 128 4096 | "$python" -c '
import sys
import numpy
from scipy.stats.qmc import Sobol
ours = numpy.loadtxt(sys.stdin, delimiter=",")
theirs = Sobol(128, scramble=False).random(4096)
assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
row, axis = numpy.nonzero(ours != theirs)
if len(row):
    sys.exit(f"{len(row)} differ, first: point {row[0]}, dimension {axis[0]}")
print("4096 points in 128 dimensions are equal")
'
