#!/usr/bin/env bash
# python-docx: the first row of a table is not the first row of the table.
#
# Guess: table.rows[0] is an object of the table, so that `row is table.rows[0]`, or at least
#   `row == table.rows[0]`, finds the header row while one goes over table.rows, and
#   `row in table.rows` is true of each.
# What happens: every access makes a new object around the same XML element, and rows, cells and
#   paragraphs have no equality of their own: all three are False for every row, without an error.
#   The elements behind them (row._tr) are the same.
# Why here: the header row of each table is set in bold. Code that found it by comparing rows ran
#   without a fault, and no header was bold.
# Source: docx/table.py of python-docx 1.2.0, _Rows.__getitem__ and _Row, which is a Parented without
#   __eq__; github.com/python-openxml/python-docx.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-docx==1.2.0 lxml==6.1.3
cat > "$folder/rows.py" <<'END'
import sys

import docx

table = docx.Document().add_table(rows=3, cols=2)
same = [row is table.rows[0] for row in table.rows]
equal = [row == table.rows[0] for row in table.rows]
within = [row in table.rows for row in table.rows]
cells = table.cell(0, 0) == table.cell(0, 0)
elements = [row._tr is table.rows[0]._tr for row in table.rows]
print("row is table.rows[0]:", same)
print("row == table.rows[0]:", equal)
print("row in table.rows:", within)
print("table.cell(0, 0) == table.cell(0, 0):", cells)
print("row._tr is table.rows[0]._tr:", elements)
sys.exit(any(same + equal + within) or cells or elements != [True, False, False])
END
"$folder/venv/bin/python" "$folder/rows.py"
