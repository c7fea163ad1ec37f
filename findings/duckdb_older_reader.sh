#!/usr/bin/env bash
# DuckDB: what 2.0 writes, 1.4 cannot open, though 2.0 keeps files of 1.4 as they are.
#
# Guess: since 1.0 the format is stable, and a table of numbers needs nothing new, so that a reader
#   one release behind opens the file. It was so from 1.0 to 1.4: files were written in the oldest
#   format that would do.
# What happens: 2.0 gives a new file its newest format, whatever is in it, and 1.4 refuses it. A file
#   that 1.4 made stays one of 1.4, though 2.0 has written to it. ATTACH with STORAGE_VERSION writes
#   for older readers, and both read it.
# Why here: a study is one DuckDB file that planners open in Power BI, R or Excel, with drivers that
#   are older than the library that wrote it.
# Source: "Storage Versions and Format", duckdb.org/docs/2.0/internals/storage.html.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
for duckdb in 1.4.4 2.0.1; do
    "${PYTHON:-python3}" -m venv "$folder/$duckdb"
    "$folder/$duckdb/bin/python" -m pip install --quiet --disable-pip-version-check "duckdb==$duckdb"
done
cat > "$folder/write.py" <<'END'
import sys

import duckdb

path, options = sys.argv[1:]
connection = duckdb.connect()
connection.execute(f"ATTACH '{path}' AS study {options}")
connection.execute("CREATE TABLE IF NOT EXISTS study.runs (run INTEGER, fte DOUBLE)")
connection.execute("INSERT INTO study.runs SELECT range, 0.5 * range FROM range(1000)")
found = connection.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'study'")
print(f"duckdb {duckdb.__version__} writes", found.fetchone()[0]["storage_version"])
END
cat > "$folder/read.py" <<'END'
import sys

import duckdb

path, expected = sys.argv[1:]
try:
    with duckdb.connect(path, read_only=True) as connection:
        outcome = f"{connection.execute('SELECT count(*) FROM runs').fetchone()[0]} rows"
except duckdb.IOException as error:
    outcome = str(error).splitlines()[0]
print(f"duckdb {duckdb.__version__} reads:", outcome)
sys.exit(expected not in outcome)
END
write() { "$folder/$1/bin/python" "$folder/write.py" "$folder/$2" "${3-}"; }
read_expecting() { "$folder/$1/bin/python" "$folder/read.py" "$folder/$2" "$3"; }

write 2.0.1 new.duckdb
read_expecting 1.4.4 new.duckdb "with version number 999, but we can only read versions between 64 and 67"
write 1.4.4 old.duckdb
write 2.0.1 old.duckdb
read_expecting 1.4.4 old.duckdb "2000 rows"
write 2.0.1 for_older.duckdb "(STORAGE_VERSION 'v1.4.0')"
read_expecting 1.4.4 for_older.duckdb "1000 rows"
