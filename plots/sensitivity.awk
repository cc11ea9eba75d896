# From sensitivity.csv: the rows of -v metric=, window=, scenario=, baseline=, one line each:
# PARAMETER VALUE LOW HIGH OTHER NOISE, where VALUE is mu* (Morris) or the total index (Saltelli) and
# OTHER is sigma or the first-order index; shares of anything but variance in points.
BEGIN { FS = "," }
NR == 1 {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	morris = "mu_star" in column
	value = morris ? "mu_star" : "total"
	other = morris ? "sigma" : "first"
	next
}
$column["metric"] == metric && $column["window"] == window && $column["scenario"] == scenario &&
$column["baseline"] == baseline && $column[value] != "" {
	noise = morris && $column["noise"] != "" ? factor * $column["noise"] : 0
	print $column["parameter"], factor * $column[value], factor * $column[value "_low"],
		factor * $column[value "_high"], factor * $column[other], noise
}
