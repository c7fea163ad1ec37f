#!/usr/bin/env bash
# python-docx: the same document, saved twice, gives two files.
#
# Guess: a document whose dates are set (created, modified) holds no other time, so that saving it
#   twice gives the same bytes.
# What happens: each part goes into the zip file with the time of the clock. Two files saved more
#   than two seconds apart differ, though every part in them is the same.
# Why here: the same study gives the same bytes: a paper that was made again can be compared with the
#   one that members read. The parts are packed anew with one fixed time.
# Source: docx/opc/phys_pkg.py of python-docx 1.2.0, _ZipPkgWriter.write: ZipFile.writestr with a
#   name takes time.localtime(), docs.python.org/3/library/zipfile.html.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check \
    python-docx==1.2.0 lxml==6.1.3
cat > "$folder/save.py" <<'END'
import datetime as dt
import io
import sys
import time
import zipfile

import docx


def saved():
    document = docx.Document()
    known = document.core_properties
    known.created = known.modified = dt.datetime(2021, 9, 8)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


first = saved()
time.sleep(2.1)
second = saved()
print("same parts:", parts(first) == parts(second))
print("same bytes:", first == second)
sys.exit(first == second or parts(first) != parts(second))
END
"$folder/venv/bin/python" "$folder/save.py"
