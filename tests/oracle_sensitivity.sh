#!/bin/sh
# Sobol' indices against OpenTURNS (python3-openturns), which computes them from the same design and
# outputs: the total index is the same estimator, Jansen's, but for the sample that its variance is
# taken from; the first-order ones are other estimators of the same number, so numpy repeats ours
# and the elementary effects.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-/usr/bin/python3}
print=${LUDD_BUILD:-build/release}/tests/design_print
"$python" -c 'import openturns' 2>/dev/null || {
	echo "python3-openturns is missing"
	exit 77
}

code='
import sys
import numpy
method, axes, points = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
head, tail = sys.stdin.read().split("\n\n")
table = numpy.loadtxt(head.split("\n"), delimiter=",")
ours = numpy.loadtxt(tail.split("\n"), delimiter=",")
x, y = table[:, :-1], table[:, -1]

def close(what, a, b, tolerance):
    worst = numpy.abs(numpy.asarray(a) - numpy.asarray(b)).max()
    print(f"{what}: at most {worst:.2g} apart (allowed {tolerance:g})")
    if not worst <= tolerance:
        sys.exit(1)

if method == "saltelli":
    import openturns
    # A, B, then A with each column of B: theirs is matrix after matrix, ours point after point
    order = [0, axes + 1] + list(range(1, axes + 1))
    rows = numpy.arange(points * (axes + 2)).reshape(points, axes + 2)[:, order].T.ravel()
    inputs = openturns.Sample(x[rows].tolist())
    outputs = openturns.Sample(y[rows].reshape(-1, 1).tolist())
    jansen = openturns.JansenSensitivityAlgorithm(inputs, outputs, points)
    saltelli = openturns.SaltelliSensitivityAlgorithm(inputs, outputs, points)
    a, b, *others = y[rows].reshape(-1, points)
    both = numpy.r_[a, b]
    # theirs: sum of squares / (2n - 1) / unbiased variance of A
    scale = a.var(ddof=1) * (2 * points - 1) / (2 * points) / both.var()
    close("total", ours[:, 1], numpy.array(jansen.getTotalOrderIndices()) * scale, 1e-12)
    first = [numpy.mean((b - both.mean()) * (other - a)) / both.var() for other in others]
    close("first", ours[:, 0], first, 1e-12)
    # one number, other estimators: standard errors near 0.02 at 4096 points
    close("first, Saltelli 2002", ours[:, 0], saltelli.getFirstOrderIndices(), 0.06)
    close("first, Jansen", ours[:, 0], jansen.getFirstOrderIndices(), 0.06)
else:
    dx = numpy.diff(x.reshape(points, axes + 1, axes), axis=1)
    dy = numpy.diff(y.reshape(points, axes + 1), axis=1)
    effects = numpy.einsum("ps,psa->pa", dy, numpy.divide(1, dx, out=0 * dx, where=dx != 0))
    close("mu", ours[:, 0], effects.mean(0), 1e-12)
    close("mu*", ours[:, 1], abs(effects).mean(0), 1e-12)
    close("sigma", ours[:, 2], effects.std(0, ddof=1), 1e-12)
'
"$print" saltelli 6 4096 yes | "$python" -c "$code" saltelli 6 4096
"$print" morris 6 100 yes | "$python" -c "$code" morris 6 100
