#!/bin/sh
# plots.sh DIR: draws DIR's results into DIR/plots, with gnuplot and, where pandas and matplotlib are
# there, with Python too.
set -eu
dir=$1
here=$(dirname "$0")/../plots
python=${PYTHON:-/usr/bin/python3}

picture=plot
[ ! -f "$dir/sensitivity.csv" ] || picture=sensitivity # of a sweep, not of one economy

gnuplot -c "$here/$picture.gp" "$dir"
if "$python" -c 'import pandas, matplotlib' 2>/dev/null; then
	"$python" "$here/$picture.py" "$dir"
else
	echo "plots: $python has no pandas and matplotlib; only gnuplot's pictures were made" \
		"(Debian: python3-pandas python3-matplotlib)"
fi
ls "$dir"/plots/*.png
