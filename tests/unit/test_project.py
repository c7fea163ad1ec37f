"""The project's own files: names, portability, pins, packaging, and nothing private in them."""

import ast
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pytest

# File names that Windows can hold ---------------------------------------------------------

LONGEST_PATH = 200
FORBIDDEN = re.compile(r'[<>:"\\|?*\x00-\x1f]')
RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"
}


def name_problems(paths: Iterable[str]) -> list[str]:
    """What would stop Windows from holding these files, as sentences."""
    problems = []
    spellings: dict[str, set[str]] = defaultdict(set)
    for path in paths:
        if len(path) >= LONGEST_PATH:
            problems.append(f"{path}: longer than {LONGEST_PATH - 1} characters")
        parts = PurePosixPath(path).parts
        for depth, part in enumerate(parts, start=1):
            spelled = "/".join(parts[:depth])
            spellings[spelled.casefold()].add(spelled)
            if FORBIDDEN.search(part):
                problems.append(f"{path}: a character Windows forbids")
            if part.endswith((".", " ")):
                problems.append(f"{path}: a name ending in a dot or a space")
            if part.split(".")[0].rstrip(" ").casefold() in RESERVED:
                problems.append(f"{path}: a name Windows reserves")
    problems += [
        f"{' and '.join(sorted(same))}: differ only in case"
        for same in spellings.values()
        if len(same) > 1
    ]
    return problems


def test_every_file_name_is_valid_on_windows(project_files: list[str]) -> None:
    assert name_problems(project_files) == []


@pytest.mark.parametrize(
    "paths",
    [
        ["sim/aux.py"],
        ["sim/CON"],
        ["nul.tar.gz"],
        ["com1/a.py"],
        ["docs/what?.md"],
        ["docs/a:b.md"],
        ["docs/a\\b.md"],
        ["docs/a\nb.md"],
        ["docs/ends."],
        ["ends /a.md"],
        ["docs/Plan.md", "docs/plan.md"],
        ["Docs/a.md", "docs/b.md"],
        ["a/" * 98 + "long.md"],
    ],
)
def test_a_bad_file_name_is_found(paths: list[str]) -> None:
    assert name_problems(paths)


def test_ordinary_file_names_pass() -> None:
    assert name_problems(["sim/cli.py", "sim/console.py", "com10.md", ".ci/run", "a b.md"]) == []


# Nothing in sim/ that works on one system only --------------------------------------------

POSIX_MODULES = {
    "crypt",
    "curses",
    "fcntl",
    "grp",
    "posix",
    "pty",
    "pwd",
    "readline",
    "resource",
    "syslog",
    "termios",
    "tty",
}
POSIX_OS = """
    chown fork forkpty getegid geteuid getgid getloadavg getpgid getpriority getuid kill killpg
    mkfifo nice register_at_fork sched_getaffinity sched_setaffinity setgid setpriority setsid
    setuid sysconf uname wait wait3 wait4 WNOHANG
"""
POSIX_SIGNAL = """
    SIGALRM SIGCHLD SIGCONT SIGHUP SIGKILL SIGPIPE SIGQUIT SIGSTOP SIGUSR1 SIGUSR2 alarm
    getitimer pause pthread_kill pthread_sigmask setitimer sigwait
"""
POSIX_NAMES = {f"os.{name}" for name in POSIX_OS.split()}
POSIX_NAMES |= {f"signal.{name}" for name in POSIX_SIGNAL.split()}
START_METHOD_SETTERS = {"get_context", "set_start_method"}
POSIX_PATH = re.compile(r"/(bin|dev|etc|opt|proc|tmp|usr|var)(/|$)")
# "%-d" and the like, which Windows refuses; "%-10s" is another thing and is allowed.
POSIX_DATE_FORMAT = re.compile(r"%-[dHIjmMSUWyY]")


def full_names(tree: ast.AST) -> dict[str, str]:
    """The full name behind each name the file's imports bind."""
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                bound = alias.asname or alias.name.split(".")[0]
                names[bound] = alias.name if alias.asname else bound
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                names[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return names


def posix_imports(node: ast.Import | ast.ImportFrom) -> set[str]:
    """The modules and names of POSIX systems only that an import statement asks for."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names} & POSIX_MODULES
    if node.level or not node.module:
        return set()
    asked = {f"{node.module}.{alias.name}" for alias in node.names}
    return ({node.module} & POSIX_MODULES) | (asked & POSIX_NAMES)


def dotted(node: ast.AST, names: dict[str, str]) -> str:
    """The full name an expression such as `os.kill` stands for, or an empty string."""
    if isinstance(node, ast.Name):
        return names.get(node.id, "")
    if isinstance(node, ast.Attribute):
        owner = dotted(node.value, names)
        return f"{owner}.{node.attr}" if owner else ""
    return ""


def starts_processes_unportably(node: ast.Call) -> bool:
    """Whether a call chooses, or leaves open, a way of starting processes Windows lacks."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if isinstance(node.func, ast.Name):
        called = node.func.id
    if called not in START_METHOD_SETTERS:
        return False
    given = [*node.args, *(keyword.value for keyword in node.keywords if keyword.arg == "method")]
    return not given or not (isinstance(given[0], ast.Constant) and given[0].value == "spawn")


def uses_of(node: ast.AST, names: dict[str, str]) -> Iterator[str]:
    """What one node of a source asks for that Windows lacks."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        yield from (f"imports {name}" for name in posix_imports(node))
    elif isinstance(node, ast.Attribute | ast.Name):
        if (name := dotted(node, names)) in POSIX_NAMES:
            yield f"uses {name}"
    elif isinstance(node, ast.Call) and starts_processes_unportably(node):
        yield "starts processes otherwise than by 'spawn'"
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if POSIX_PATH.match(node.value):
            yield f"holds the path {node.value!r}"
        if POSIX_DATE_FORMAT.search(node.value):
            yield f"holds the date format {node.value!r}"


def posix_only_uses(source: str) -> list[str]:
    """What in a Python source would not work on Windows, each with its line."""
    tree = ast.parse(source)
    names = full_names(tree)
    found = {
        (getattr(node, "lineno", 0), use) for node in ast.walk(tree) for use in uses_of(node, names)
    }
    return [f"line {line} {use}" for line, use in sorted(found)]


def test_sim_holds_nothing_posix_only(root: Path) -> None:
    sources = sorted((root / "sim").rglob("*.py"))
    assert sources, "no source found under sim/"
    problems = [
        f"{path.relative_to(root).as_posix()} {use}"
        for path in sources
        for use in posix_only_uses(path.read_text(encoding="utf-8"))
    ]
    assert problems == []


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.fork()",
        "import os as system\nsystem.kill(1, 9)",
        "from os import fork",
        "from os import fork as split\nsplit()",
        "import fcntl",
        "def f():\n    from resource import getrusage",
        "import pwd, json",
        "import signal\nsignal.signal(signal.SIGALRM, print)",
        "from signal import SIGALRM\nprint(SIGALRM)",
        "import multiprocessing as mp\nmp.get_context('fork')",
        "import multiprocessing as mp\nmp.get_context(method='forkserver')",
        "import multiprocessing as mp\nmp.get_context()",
        "from multiprocessing import set_start_method\nset_start_method('fork')",
        "path = '/tmp'",
        "path = '/tmp/results'",
        "path = f'/tmp/{1}'",
        "day = date.strftime('%-d %B %Y')",
        "day = f'{date:%-d %B %Y}'",
    ],
)
def test_a_posix_only_use_is_found(source: str) -> None:
    assert posix_only_uses(source)


@pytest.mark.parametrize(
    "source",
    [
        "import os\nos.cpu_count()\nos.path.join('a', 'b')",
        "import multiprocessing as mp\nmp.get_context('spawn')",
        "from sim.inputs import resource\nresource.fork()",
        "from . import resource",
        "text = 'see /tmp for more, %-10s'",
        "import tempfile\ntempfile.gettempdir()",
    ],
)
def test_a_portable_use_passes(source: str) -> None:
    assert posix_only_uses(source) == []


# Pins -------------------------------------------------------------------------------------

PIN = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)==[A-Za-z0-9.!+]+( ; [^#]+)?")


def normal(name: str) -> str:
    """A distribution's name in its normal form."""
    return re.sub(r"[-_.]+", "-", name).lower()


def required(requirement: str) -> str:
    """The name of the distribution a requirement asks for."""
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9._-]*", requirement)
    assert found, f"no name in {requirement!r}"
    return normal(found.group())


def pins(constraints: str) -> tuple[set[str], list[str]]:
    """The names a constraints file pins, and its lines that are no exact pin."""
    pinned, wrong = set(), []
    for line in constraints.splitlines():
        if not line.strip():
            continue
        if line.startswith("#"):
            if "://" in line:
                wrong.append(line)
        elif found := PIN.fullmatch(line):
            pinned.add(normal(found.group(1)))
        else:
            wrong.append(line)
    return pinned, wrong


def test_constraints_are_exact_pins_of_all_that_is_required(root: Path) -> None:
    pinned, wrong = pins((root / "constraints.txt").read_text(encoding="utf-8"))
    assert wrong == [], "constraints.txt holds only lines such as name==1.2.3"
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    asked = [
        *settings["build-system"]["requires"],
        *settings["project"]["dependencies"],
        *settings["project"]["optional-dependencies"]["dev"],
    ]
    asked += settings["project"]["optional-dependencies"]["cluster"]
    asked += settings["project"]["optional-dependencies"]["docs"]
    asked += settings["project"]["optional-dependencies"]["papers"]
    # The extra for developers takes in the other by the project's own name.
    others = {required(requirement) for requirement in asked} - {settings["project"]["name"]}
    assert others - pinned == set()


@pytest.mark.parametrize(
    "line",
    [
        "numpy>=2.0",
        "numpy",
        "--index" + "-url somewhere",
        "-i somewhere",
        "numpy @ https://example.org/numpy.whl",
        "https://example.org/numpy.whl",
        "# from https://example.org",
        "numpy==2.* ",
        "-e .",
    ],
)
def test_a_line_that_is_no_pin_is_found(line: str) -> None:
    assert pins(f"scipy==1.17.1\n{line}\n") == ({"scipy"}, [line])


def test_names_of_distributions_are_compared_in_their_normal_form() -> None:
    assert pins('Py_Yaml==6.0.3\ncolorama==0.4.6 ; sys_platform == "win32"\n') == (
        {"py-yaml", "colorama"},
        [],
    )
    assert required("Py.YAML[fast]>=6 ; python_version < '4'") == "py-yaml"


# Packaging --------------------------------------------------------------------------------


def test_every_package_is_packaged(root: Path) -> None:
    settings = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    listed = settings["tool"]["setuptools"]["packages"]
    folders = {path.parent.relative_to(root) for path in (root / "sim").rglob("*.py")}
    packages = {".".join(folder.parts) for folder in folders}
    assert sorted(listed) == sorted([*packages, "sim.configs_data", "sim.docs_data"])
    unmarked = {folder for folder in folders if not (root / folder / "__init__.py").is_file()}
    assert unmarked == set(), "a package without __init__.py"


# Nothing private --------------------------------------------------------------------------

# Written in pieces so that this file passes its own test.
MACHINE_PATH = re.compile(
    r"(?<![\w.*-])/(?:wo" + r"rk|ho" + r"me|ro" + r"ot|Us" + r"ers)/|[A-Za-z]:\\Us" + r"ers\\"
)
INDEX_ADDRESS = re.compile(
    r"\bpy" + r"pi\.(?:org|python)|python" + r"hosted\.org|://\S*/sim" + r"ple\b"
    r"|://\S*(?:artif" + r"actory|dev" + r"pi|ne" + r"xus)"
    r"|--(?:extra-)?ind" + r"ex-url|--find-" + r"links",
    re.IGNORECASE,
)


def private_matter(text: str) -> list[str]:
    """The paths of a machine and addresses of a package index a text holds, with their lines."""
    return [
        f"line {number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), start=1)
        for pattern in (MACHINE_PATH, INDEX_ADDRESS)
        if (found := pattern.search(line))
    ]


def test_no_file_holds_a_path_of_a_machine_or_the_address_of_an_index(
    root: Path, project_files: list[str]
) -> None:
    # Bytes that are no text are read as Latin-1 would read them: nothing is left unread.
    problems = [
        f"{name} {problem}"
        for name in project_files
        for problem in private_matter((root / name).read_bytes().decode("latin-1"))
    ]
    assert problems == []


@pytest.mark.parametrize(
    "text",
    [
        "see /wo" + "rk/main",
        "path = '/ho" + "me/someone/caseholder'",
        "file:///ro" + "ot/.cache",
        "C:\\Us" + "ers\\someone",
        "one line\nhttps://py" + "pi.org/project/simpy",
        "pip install --ind" + "ex-url somewhere",
        "pip install --extra-ind" + "ex-url somewhere",
        "https://example.org/sim" + "ple/",
    ],
)
def test_private_matter_is_found(text: str) -> None:
    assert private_matter(text)


@pytest.mark.parametrize(
    "text",
    [
        "social/work/cases",
        "https://www.gov.uk/home/page",
        "sim/work/plan.md",
        "a simple/plain rule",
        "https://www.example.org/guidance/simplest",
    ],
)
def test_ordinary_text_passes(text: str) -> None:
    assert private_matter(text) == []


# Findings ---------------------------------------------------------------------------------


def test_every_finding_is_listed_cleans_up_and_installs_pinned_packages(root: Path) -> None:
    scripts = {path.name: path.read_text(encoding="utf-8") for path in root.glob("findings/*.sh")}
    listed = (root / "findings" / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\]\((\w+\.sh)\)", listed)) == set(scripts)
    for name, text in scripts.items():
        assert text.startswith("#!/usr/bin/env bash\n"), name
        assert "set -euo pipefail\n" in text, name
        assert "trap 'rm -rf \"$folder\"' EXIT\n" in text, name
        assert re.search(r"pip install [^\n]*(\\\n)?[^\n]*\w==", text), name
        for word in ("Guess:", "What happens:", "Why here:", "Source:"):
            assert f"\n# {word} " in text, f"{name}: {word}"


# Pages ------------------------------------------------------------------------------------

LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def anchors(page: str) -> set[str]:
    """What a link within a page may end in, by the page's headings."""
    return {
        re.sub(r"[^\w -]", "", found).lower().replace(" ", "-") for found in HEADING.findall(page)
    }


def leads_nowhere(link: str, page: str, folder: Path) -> bool:
    """Whether a link of a Markdown page in a folder leads to no file, or to no heading."""
    target, _, anchor = link.partition("#")
    if "://" in link:
        return False
    if target and not (folder / target).exists():
        return True
    there = (folder / target).read_text(encoding="utf-8") if target and anchor else page
    return bool(anchor) and anchor not in anchors(there)


def broken_links(page: str, folder: Path) -> list[str]:
    """Links of a Markdown page in a folder that lead nowhere."""
    return [link for link in LINK.findall(page) if leads_nowhere(link, page, folder)]


def test_every_link_leads_somewhere(root: Path, project_files: list[str]) -> None:
    pages = [root / name for name in project_files if name.endswith(".md")]
    broken = {
        page.relative_to(root).as_posix(): found
        for page in pages
        if (found := broken_links(page.read_text(encoding="utf-8"), page.parent))
    }
    assert broken == {}


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    (tmp_path / "there.md").write_text("# A heading, or two\n", encoding="utf-8")
    good = (
        "# Top\n[a](there.md) [b](there.md#a-heading-or-two) [c](#top) [d](https://example.org/x)"
    )
    assert broken_links(good, tmp_path) == []
    bad = ["away.md", "there.md#elsewhere", "#down"]
    assert broken_links(" ".join(f"[x]({link})" for link in bad), tmp_path) == bad


def test_every_page_stands_in_the_menu(root: Path) -> None:
    menu = (root / "docs" / "site" / "mkdocs.yml").read_text(encoding="utf-8")
    pages = {path.relative_to(root / "docs").as_posix() for path in root.glob("docs/*.md")}
    pages |= {path.relative_to(root / "docs").as_posix() for path in root.glob("docs/api/*.md")}
    assert set(re.findall(r"^ +- (\S+\.md)$", menu, re.MULTILINE)) == pages


def test_every_package_has_a_page_of_its_reference(root: Path) -> None:
    packages = {path.parent.name for path in (root / "sim").glob("*/__init__.py")}
    pages = {path.stem: path.read_text(encoding="utf-8") for path in root.glob("docs/api/*.md")}
    assert set(pages) == packages
    assert [name for name, page in pages.items() if f"\n::: sim.{name}\n" not in page] == []


# Markers ----------------------------------------------------------------------------------


def test_an_unmarked_test_is_fast(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("fast") is not None


@pytest.mark.slow
def test_a_slow_test_is_not_fast(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("fast") is None
