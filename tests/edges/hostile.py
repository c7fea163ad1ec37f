"""Files that nobody should hand in: broken TOML, odd names, sizes, nestings and numbers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

from sim.config.shipped import configs_folder

COUNCIL = (configs_folder() / "councils" / "devon_2021.toml").read_text(encoding="utf-8")
PACKAGE = (configs_folder() / "scenarios" / "devon_package_48_fte.toml").read_text("utf-8")
SWEEP = (configs_folder() / "sweeps" / "devon_hiring_response.toml").read_text(encoding="utf-8")
FILES = 200


def _changed(text: str, old: str, new: str) -> str:
    assert old in text, old
    return text.replace(old, new, 1)


def broken_toml() -> Iterator[tuple[str, bytes]]:
    """No TOML, or not this program's."""
    yield "nothing", b""
    yield "spaces", b" \n\t\n"
    yield "mark alone", b"\xef\xbb\xbf"
    yield "binary", bytes(range(256)) * 40
    yield "NULs", b"\0" * 5000
    yield "UTF-16", COUNCIL.encode("utf-16")
    yield "Latin-1", _changed(COUNCIL, '"Devon"', '"D\xe9von"').encode("latin-1")
    yield "carriage returns", COUNCIL.replace("\n", "\r").encode()
    yield "half a mark", b"\xef\xbb" + COUNCIL.encode()
    yield "archive", b"PK\x03\x04" + bytes(400)
    yield "JSON", b'{"name": "Devon", "teams": []}'
    yield "YAML", b"name: Devon\nteams:\n  - key: a\n"
    yield "key twice", b'name = "a"\nname = "b"\n'
    yield "table twice", (COUNCIL + "\n[totals]\ninpost_fte = 1.0\n").encode()
    yield "table and value", b"name = 3\n[name]\na = 1\n"
    yield "list and table", b"[[teams]]\n[teams]\n"
    yield "no value", b"name =\n"
    yield "no key", b"= 3\n"
    yield "no end of text", b'name = "Devon\n'
    yield "no end of long text", b'name = """Devon\n' + b"a\n" * 2000
    yield "no end of list", b"a = [1, 2\n"
    yield "wrong escape", b'name = "\\q"\n'
    yield "surrogate", b'name = "\\ud800"\n'
    yield "control character", b'name = "\x07"\n'
    yield "leading nought", b"a = 012\n"
    yield "two points", b"a = 1.2.3\n"
    yield "no date", b"a = 2021-13-45\n"
    yield "word", b"a = yes\n"
    yield "backspace in a key", b'"a\\b" = 1\nteams = []\n'


def costly() -> Iterator[tuple[str, bytes]]:
    """What would take a parser minutes or gigabytes."""
    for parts in (30, 500, 5_000, 20_000, 60_000):
        yield f"key of {parts}", b"a" + b".a" * parts + b" = 1\n"
        yield f"table of {parts}", b"[a" + b".a" * parts + b"]\n"
        yield f"quoted key of {parts}", b'"a"' + b' . "a"' * parts + b" = 1\n"
        yield f"inline key of {parts}", b"a = {b" + b".b" * parts + b" = 1}\n"
    yield "strange key parts", ('"\u2028"' + '."\u2028"' * 20_000 + " = 1\n").encode()
    yield "many keys of 100", b"".join(b"k%d" % k + b".a" * 100 + b" = 1\n" for k in range(900))
    for depth in (200, 5_000, 90_000):
        yield f"list {depth} deep", b"a = " + b"[" * depth + b"]" * depth
        yield f"table {depth} deep", b"a = " + b"{a=" * depth + b"1" + b"}" * depth
        yield f"list of lines {depth} deep", b"a = " + b"[\n" * depth + b"]\n" * depth
    yield "line of 190 thousand", b'name = "' + b"x" * 190_000 + b'"\n'
    yield "long key", b"x" * 190_000 + b" = 1\n"
    yield "many quotes", b"".join(b'"' * 3_000 + b"\n" for _ in range(60))
    yield "long lines without a point", b"".join(b"x" * 3_900 + b"\n" for _ in range(50))
    yield "long lines of points", b"".join(b"." * 3_900 + b"\n" for _ in range(50))
    yield "two hundred kilobytes and one", b"#" * 200_001
    yield "two megabytes", b"# x\n" * 500_000
    yield "many tables", b"".join(b"[t%d]\n" % n for n in range(20_000))
    yield "many lines of a list", b"[[measures]]\n" * 14_000
    yield "many teams", ("[totals]\n" + "[[teams]]\n" * 15_000).encode()
    yield "many keys", b"".join(b"k%d = 1\n" % n for n in range(18_000))
    yield (
        "many keys of a measure",
        (
            'name = "a"\n[[measures]]\nkind = "cost_line"\n'
            + "".join(f"k{n} = 1\n" for n in range(15_000))
        ).encode(),
    )
    yield "many items", b"name = [" + b"1,\n" * 60_000 + b"]\n"
    yield "comments", b"#\n" * 99_000
    for digits in (400, 3_900):
        yield f"integer of {digits}", b"horizon_years = " + b"9" * digits + b"\nteams = []\n"
        yield f"binary of {digits}", b"horizon_years = 0b" + b"1" * digits + b"\nteams = []\n"
    yield "integer of many lines", b"a = [" + b"9" * 3_000 + b",\n" * 60 + b"]\n"
    yield "float of 3000", b"a = 1." + b"9" * 3_000 + b"\nteams = []\n"


NUMBERS = ("nan", "inf", "-inf", "1e308", "-1e308", "5e-324", "-0.001", "1e13", '"3"', "true",
           "2021-09-08", "08:00:00", "[]", "{}", "9" * 30)  # fmt: skip


def numbers() -> Iterator[tuple[str, bytes]]:
    """Numbers that no council has, and what is no number."""
    for value in NUMBERS:
        yield f"in post {value}", _changed(COUNCIL, "= 319.5", f"= {value}").encode()
        yield f"leaving {value}", _changed(COUNCIL, "low = 0.1221", f"low = {value}").encode()
        yield f"line of {value}", _changed(PACKAGE, "fte = 6.0", f"fte = {value}").encode()
        yield f"money of {value}", _changed(PACKAGE, "= 190000,", f"= {value},").encode()
    for old, new in (
        ("inpost_fte = 319.5", "inpost_fte = 50000.0"),
        ("inpost_fte = 319.5", "inpost_fte = 3.0"),
        ("high = 53.88", "high = 1000000.0"),
        ("children_on_plans = 590.0", "children_on_plans = 1000000.0"),
        ("high = 5446.0", "high = 1000000.0"),
        ("horizon_years = 5", "horizon_years = 1000"),
        ("start_date = 2021-09-08", "start_date = 0001-01-01"),
        ("start_date = 2021-09-08", "start_date = 9999-12-31"),
        ("people = 100\n", "people = 99999999\n"),
        ("work_share = 0.04", "work_share = 0.0"),
        ("caseload_fte = 17.8", "caseload_fte = 0.0"),
        ("central = 4501.0", "central = 0.0"),
    ):
        yield new, _changed(COUNCIL, old, new).encode()
    yield "fifty thousand posts", _changed(PACKAGE, "fte = 6.0", "fte = 50000.0").encode()
    yield "posts beyond all", _changed(PACKAGE, "fte = 6.0", "fte = 4999.0").encode()
    yield "years of months", _changed(PACKAGE, "qualifying_months = 12",
                                      "qualifying_months = 100000").encode()  # fmt: skip
    values = ", ".join(str(n / 1e6) for n in range(2_000))
    start = SWEEP.index("values = [")
    wide = SWEEP[:start] + "values = [\n" + values.replace(", ", ",\n") + "]\n"
    yield "wide sweep", wide.encode()
    yield "pairs of a sweep", b"pairs = 100000000\n" + SWEEP.encode()


def torn(seed: int) -> tuple[str, bytes]:
    """A shipped file with a few bytes of it lost, doubled or replaced."""
    luck = random.Random(seed)
    text = bytearray(luck.choice((COUNCIL, PACKAGE, SWEEP)).encode())
    for _ in range(luck.randrange(1, 6)):
        place, length = luck.randrange(len(text)), luck.randrange(1, 60)
        part = bytes(text[place : place + length])
        with_ = luck.choice(
            (b"", part * 40, bytes(luck.randrange(256) for _ in range(length)), b'"', b"[")
        )
        text[place : place + length] = with_
    return f"torn {seed}", bytes(text) + luck.choice((b"\n[", b"\n=", b'\n"', b"\n]]", b"\nx"))


def hostile_files() -> list[tuple[str, bytes]]:
    """Two hundred of them and more, each with a name in words."""
    found = [*broken_toml(), *costly(), *numbers()]
    return found + [torn(seed) for seed in range(max(0, FILES - len(found)) + 30)]


def chain(folder: Path, length: int) -> Path:
    """Scenarios of which each extends the next; the first of them."""
    for n in range(length):
        text = f'extends = "c{n + 1}.toml"\nname = "C{n}"\n'
        (folder / f"c{n}.toml").write_text(text, encoding="utf-8")
    (folder / f"c{length}.toml").write_text(PACKAGE, encoding="utf-8")
    return folder / "c0.toml"
