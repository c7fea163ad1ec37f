#!/usr/bin/env bash
# xlsxwriter and openpyxl: a number that is written to a workbook comes back as another number.
#
# Guess: both libraries, and the file between them, hold a number as 64 bits: what is written is read.
# What happens: the file holds numbers as text, and xlsxwriter writes 16 digits of them. Some numbers
#   need 17: 0.1 + 0.2 comes back as 0.3, and a sum of pounds and pence changes in its last digit.
# Why here: a council that went through a workbook is the same council, hash for hash. A number that 16
#   digits do not hold is written as a text of all its digits, and read as a number.
# Source: xlsxwriter/xmlwriter.py of xlsxwriter 3.3.1, line 144: format ".16G".
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    xlsxwriter==3.3.1 openpyxl==3.1.5 et-xmlfile==2.0.0
cat > "$folder/read_back.py" <<'END'
import io
import sys

import openpyxl
import xlsxwriter

numbers = [0.1 + 0.2, 123456789.12345679, 1 / 3, 0.5]
file = io.BytesIO()
book = xlsxwriter.Workbook(file)
sheet = book.add_worksheet()
for row, number in enumerate(numbers):
    sheet.write_number(row, 0, number)
book.close()
read = [row[0].value for row in openpyxl.load_workbook(io.BytesIO(file.getvalue())).active]
for number, back in zip(numbers, read, strict=True):
    print(repr(number), "comes back as", repr(back), "same" if number == back else "another")
sys.exit([a == b for a, b in zip(numbers, read, strict=True)] != [False, False, True, True])
END
"$folder/venv/bin/python" "$folder/read_back.py"
