# From series.csv: for every metric of -v metrics="a b" and every scenario a block
# `# METRIC:SCENARIO` of lines YEAR Q05 MEDIAN Q95 over replicates of yearly means, at the first
# point. Years count from the tick -v start=. Metrics in -v indexed="a" are given with each run's
# last year before start as 100 (its first year where none lies before).
BEGIN {
	FS = ","
	metric_count = split(metrics, metric, " ")
	for (m = 1; m <= split(indexed, name, " "); m++)
		is_index[name[m]] = 1
}
NR == 1 {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	for (m = 1; m <= metric_count; m++)
		place[m] = column[metric[m]]
	next
}
NR == 2 { point = $column["point"] }
$column["point"] == point {
	scenario = $column["scenario"]
	if (!(scenario in known)) {
		known[scenario]
		scenario_at[++scenario_count] = scenario
	}
	replicates[$column["replicate"]]
	year = int(($column["tick"] - start) / 12 + 10000) - 10000
	if (year < first || first == "")
		first = year
	if (year > last || last == "")
		last = year
	key = scenario SUBSEP $column["replicate"] SUBSEP year
	for (m = 1; m <= metric_count; m++)
		if (place[m] && $place[m] != "") {
			sum[m, key] += $place[m]
			count[m, key]++
		}
}
function quantile(q, n,   h, k) { # type 7, of the ordered value[1..n]
	h = 1 + (n - 1) * q
	k = int(h)
	return k >= n ? value[n] : value[k] + (h - k) * (value[k + 1] - value[k])
}
function insert(x, n,   i) { # keeps value[1..n] ordered
	for (i = n; i > 1 && value[i - 1] > x; i--)
		value[i] = value[i - 1]
	value[i] = x
}
function block(m, s,   year, r, n, base, x) {
	printf "# %s:%s\n", metric[m], s
	base = first < 0 ? -1 : first
	for (year = first; year <= last; year++) {
		n = 0
		for (r in replicates)
			if ((m, s, r, year) in count) {
				x = sum[m, s, r, year] / count[m, s, r, year]
				if (metric[m] in is_index)
					x *= 100 * count[m, s, r, base] / sum[m, s, r, base]
				insert(x, ++n)
			}
		if (n)
			print year, quantile(0.05, n), quantile(0.5, n), quantile(0.95, n)
	}
	printf "\n\n"
}
END {
	for (m = 1; m <= metric_count; m++)
		for (s = 1; s <= scenario_count; s++)
			block(m, scenario_at[s])
}
