# From compare.csv: for every metric and scenario a block `# METRIC:SCENARIO` of lines WINDOW_NUMBER
# DIFFERENCE CI_LOW CI_HIGH BASELINE_MEAN, at the first point.
BEGIN { FS = "," }
NR == 1 {
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}
{
	window = $column["window"]
	if (!(window in number))
		number[window] = windows++
	key = $column["metric"] ":" $column["scenario"]
	if (!(key in text))
		key_at[++keys] = key
	if (!((key, window) in seen) && $column["ci_low"] != "")
		text[key] = text[key] number[window] " " $column["difference"] " " $column["ci_low"] " " \
			$column["ci_high"] " " $column["baseline_mean"] "\n"
	seen[key, window]
}
END {
	for (i = 1; i <= keys; i++)
		printf "# %s\n%s\n\n", key_at[i], text[key_at[i]]
}
