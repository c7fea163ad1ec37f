#!/usr/bin/env bash
# xlsxwriter and openpyxl: texts with a carriage return, or with the letters x005F_, come back changed.
#
# Guess: a text that one library writes to a cell is the text that the other reads from it.
# What happens: a control character stands in the file as _x000D_, by the standard. xlsxwriter writes
#   it so; openpyxl does not undo it, and gives the seven letters. In exchange openpyxl takes x005F_ out
#   of every text, also where it belongs to it.
# Why here: reasons and notes go out to a workbook and come back. A text that would change is refused
#   when the workbook is written.
# Source: openpyxl/reader/strings.py of openpyxl 3.1.5, read_string_table: replace('x005F_', '');
#   ECMA-376 part 1, 22.9.2.19, ST_Xstring.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    xlsxwriter==3.3.1 openpyxl==3.1.5 et-xmlfile==2.0.0
cat > "$folder/texts.py" <<'END'
import io
import sys

import openpyxl
import xlsxwriter

texts = ["two\r\nlines", "ax005F_b", "two\nlines", "_x0041_"]
file = io.BytesIO()
book = xlsxwriter.Workbook(file)
sheet = book.add_worksheet()
for row, text in enumerate(texts):
    sheet.write_string(row, 0, text)
book.close()
read = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(file.getvalue())).active]
for text, back in zip(texts, read, strict=True):
    print(repr(text), "comes back as", repr(back))
sys.exit(read != ["two_x000D_\nlines", "ab", "two\nlines", "_x0041_"])
END
"$folder/venv/bin/python" "$folder/texts.py"
