#!/bin/bash
# configs/ludd.schema.json is what the program prints, it accepts what `ludd check` accepts, and every
# experiment that ships checks without a problem or a warning.
set -u
cd "$(dirname "$0")/.." || exit 1
ludd=${LUDD:-./ludd}
schema=configs/ludd.schema.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

"$ludd" schema | cmp - $schema || {
	echo "$schema is stale: $ludd schema > $schema"
	failed=1
}

for file in configs/*.json; do
	[ "$file" = $schema ] && continue
	if ! "$ludd" check "$file" >"$work/out" 2>"$work/err" || [ -s "$work/err" ]; then
		echo "$file: $(cat "$work/err")"
		failed=1
	fi
done

cat >"$work/wrong.json" <<'END'
{"name": "a", "parameters": {"labour.applications": 2.5}}
END
${PYTHON:-python3} -c 'import jsonschema' 2>/dev/null || {
	echo "python's jsonschema is missing: the schema was not tried on files"
	exit $failed
}
${PYTHON:-python3} - $schema "$work/wrong.json" configs/*.json <<'END' || failed=1
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = 0
for name in sys.argv[2:]:
    if name == sys.argv[1]:
        continue
    errors = list(validator.iter_errors(json.load(open(name))))
    if bool(errors) != name.endswith("wrong.json"):
        print(name, [e.message[:200] for e in errors] or "is accepted")
        bad += 1
sys.exit(bad > 0)
END
exit $failed
