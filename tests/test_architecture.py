"""The order of the packages, what is taken from SimPy, and the map in docs/architecture.md."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim

# The order of the packages ----------------------------------------------------------------

# A package may import from those before it in this list, and from `sim.dates`.
ORDER = [
    "config",
    "published",
    "scenario",
    "inputs",
    "engine",
    "outcomes",
    "experiment",
    "presentation",
    "papers",
    "api",
    "cli",
]
ANYWHERE = "dates"
OPTIONAL_LAST = "__main__"


def parts_of_module(path: Path) -> list[str]:
    """The parts of the name of the module in a file given relative to the checkout."""
    parts = list(path.with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" else parts


def imported_from(node: ast.ImportFrom, module: list[str], is_package: bool) -> list[str]:
    """The full names a `from ... import ...` statement in the module asks for."""
    base = node.module.split(".") if node.module else []
    if node.level:
        package = module if is_package else module[:-1]
        base = package[: len(package) - node.level + 1] + base
    return [".".join([*base, alias.name]) for alias in node.names]


def imported_by_call(node: ast.Call) -> list[str]:
    """The name given to `importlib.import_module` or `__import__`, when it is written out."""
    called = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    if isinstance(node.func, ast.Name):
        called = node.func.id
    if called not in {"import_module", "__import__"} or not node.args:
        return []
    name = node.args[0]
    return [name.value] if isinstance(name, ast.Constant) and isinstance(name.value, str) else []


def names_used(source: str, path: Path) -> Iterator[tuple[int, str]]:
    """Every full name a source imports, anywhere in it, or reaches through `import sim`."""
    module, is_package = parts_of_module(path), path.name == "__init__.py"
    nodes = list(ast.walk(ast.parse(source)))
    imports = [node for node in nodes if isinstance(node, ast.Import)]
    for imported in imports:
        yield from ((imported.lineno, alias.name) for alias in imported.names)
    aliases = [alias for imported in imports for alias in imported.names]
    roots = {alias.asname or "sim" for alias in aliases if alias.name == "sim"}
    roots |= {"sim" for alias in aliases if alias.name.startswith("sim.") and not alias.asname}
    for node in nodes:
        if isinstance(node, ast.ImportFrom):
            yield from ((node.lineno, name) for name in imported_from(node, module, is_package))
        elif isinstance(node, ast.Call):
            yield from ((node.lineno, name) for name in imported_by_call(node))
        elif isinstance(node, ast.Attribute) and getattr(node.value, "id", None) in roots:
            yield node.lineno, f"sim.{node.attr}"


def without_type_checking(source: str) -> str:
    """A source without what only type checkers read."""
    tree = ast.parse(source)
    tree.body = [
        node
        for node in tree.body
        if not (isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    ]
    return ast.unparse(tree)


def import_problems(source: str, path: Path) -> list[str]:
    """What in a source of sim/, its path relative to the checkout, breaks the order.

    sim/__init__.py imports nothing; type checkers alone read there where its public names are.
    """
    if path.as_posix() == "sim/__init__.py":
        source = without_type_checking(source)
    layers = [*ORDER, OPTIONAL_LAST]
    module = parts_of_module(path)
    here = module[1] if len(module) > 1 else ""
    where = path.as_posix()
    if here and here not in {*layers, ANYWHERE}:
        return [f"{where}: sim.{here} has no place in the order"]
    allowed = {here, ANYWHERE} | set(layers[: layers.index(here)] if here in layers else [])
    if here in {"", ANYWHERE}:
        allowed = {here} - {""}
    problems = []
    for line, name in sorted(set(names_used(source, path))):
        top, _, rest = name.partition(".")
        if top != "sim" or not rest:
            continue
        target = rest.split(".")[0]
        # A name of sim/__init__.py itself, such as __version__, is no package; its public names
        # stand for all packages.
        own = target not in {*layers, ANYWHERE, "*", *sim.__all__}
        if not own and target not in allowed:
            problems.append(f"{where}, line {line}: imports sim.{target}")
    return problems


def test_each_package_imports_only_from_those_before_it(root: Path) -> None:
    sources = sorted((root / "sim").rglob("*.py"))
    assert sources, "no source found under sim/"
    problems = [
        problem
        for path in sources
        for problem in import_problems(path.read_text(encoding="utf-8"), path.relative_to(root))
    ]
    assert problems == []


def test_every_name_in_the_order_exists(root: Path) -> None:
    here = {path.stem for path in (root / "sim").glob("*.py")}
    here |= {path.parent.name for path in (root / "sim").glob("*/__init__.py")}
    assert {*ORDER, ANYWHERE} - here == set()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("sim/config/a.py", "from sim.engine import run"),
        ("sim/config/a.py", "import sim.engine.run as run"),
        ("sim/config/a.py", "def f():\n    import sim.cli"),
        ("sim/config/a.py", "if TYPE_CHECKING:\n    from sim.scenario import Scenario"),
        ("sim/config/a.py", "from sim import engine"),
        ("sim/config/a.py", "from sim import *"),
        ("sim/config/a.py", "from ..engine import run"),
        ("sim/config/a.py", "from .. import engine"),
        ("sim/config/__init__.py", "from ..engine import run"),
        ("sim/config/deep/a.py", "from ...engine import run"),
        ("sim/config/a.py", "import importlib\nimportlib.import_module('sim.engine')"),
        ("sim/config/a.py", "__import__('sim.engine')"),
        ("sim/config/a.py", "import sim\nsim.engine.run()"),
        ("sim/config/a.py", "import sim as top\ntop.engine.run()"),
        ("sim/config/a.py", "import sim.dates\nsim.engine.run()"),
        ("sim/scenario.py", "from sim.inputs import read"),
        ("sim/presentation/a.py", "from sim.cli import app"),
        ("sim/dates.py", "from sim.config import Config"),
        ("sim/dates.py", "from .config import Config"),
        ("sim/__init__.py", "from sim.config import Config"),
        ("sim/__init__.py", "from .dates import day"),
        ("sim/config/a.py", "import sim\nsim.compare()"),
        ("sim/engine/a.py", "from sim import load_council"),
        ("sim/useful.py", "import json"),
        ("sim/useful/a.py", "import json"),
    ],
)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    assert import_problems(source, Path(path))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("sim/config/a.py", "import json\nfrom sim.config.b import c\nfrom . import b"),
        ("sim/config/__init__.py", "from .a import b\nfrom sim.config import a"),
        ("sim/config/a.py", "from sim.dates import day\nfrom sim import __version__, dates"),
        ("sim/config/a.py", "import sim\nprint(sim.__file__)"),
        ("sim/engine/a.py", "from sim.inputs import read\nfrom ..scenario import Scenario"),
        ("sim/cli.py", "from sim import presentation\nimport sim.config.a"),
        ("sim/__main__.py", "from sim.cli import main"),
        ("sim/dates.py", "import datetime\nfrom engine import something"),
        ("sim/__init__.py", "__version__ = '0.1.0'"),
        ("sim/__init__.py", "if TYPE_CHECKING:\n    from sim.api.frames import money as money"),
    ],
)
def test_a_right_import_passes(path: str, source: str) -> None:
    assert import_problems(source, Path(path)) == []


# What is taken from SimPy -----------------------------------------------------------------

# A withdrawn request to a Container or Store wakes nobody behind it, a pre-emption that is not
# admitted can keep its slot, and an interrupt leaves the wait it broke in the queue: the findings
# about SimPy show it. Posts, queues and people are the engine's own objects, and no wait is broken.
FROM_SIMPY = {
    "simpy.core.Environment",
    "simpy.events.Event",
    "simpy.events.Process",
    "simpy.events.Timeout",
}
NO_CALLS = {"all_of", "any_of", "interrupt", "request", "preempt"}


def taken_from_simpy(node: ast.AST) -> list[str]:
    """Full names in SimPy that one node of a source asks for."""
    if isinstance(node, ast.Import):
        names = [(alias.name, alias.asname) for alias in node.names]
        return [f"{name} as {other}" if other else name for name, other in names if "simpy" in name]
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "simpy":
        return [f"{node.module}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("simpy."):
        return [ast.unparse(node)]
    return []


def is_constant(node: ast.AST) -> bool:
    """Whether a part of a sum is a number, or the name of one."""
    return isinstance(node, ast.Constant) or (isinstance(node, ast.Name) and node.id.isupper())


def kept_conditions(tree: ast.AST) -> list[int]:
    """Lines where `a | b` or `a & b` is neither a type, nor bits, nor given back at once.

    A condition that is kept and waited for again may never come: the wait that ended first takes
    the others off their events. What the kernel gives back, stories yield where they ask for it
    (tests/test_engine_architecture.py).
    """
    nodes = list(ast.walk(tree))
    types = [getattr(node, name, None) for node in nodes for name in ("annotation", "returns")]
    types += [node.slice for node in nodes if isinstance(node, ast.Subscript)]
    apart = {id(part) for hint in types if hint is not None for part in ast.walk(hint)}
    apart |= {id(node.value) for node in nodes if isinstance(node, ast.Return)}
    return [
        node.lineno
        for node in nodes
        if isinstance(node, ast.BinOp)
        and isinstance(node.op, ast.BitAnd | ast.BitOr)
        and not is_constant(node.left)
        and not is_constant(node.right)
        and id(node) not in apart
    ]


def simpy_problems(source: str) -> list[str]:
    """What in a source of the SimPy engine is beyond events, timeouts and processes."""
    tree = ast.parse(source)
    taken = {name for node in ast.walk(tree) for name in taken_from_simpy(node)}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & NO_CALLS
    kept = [f"keeps a condition in line {line}" for line in kept_conditions(tree)]
    return [f"uses {name}" for name in sorted((taken - FROM_SIMPY) | called)] + kept


def test_the_engine_uses_no_resource_and_keeps_no_condition(root: Path) -> None:
    users = [
        path
        for path in sorted((root / "sim").rglob("*.py"))
        if any(taken_from_simpy(n) for n in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    ]
    assert [path.relative_to(root).as_posix() for path in users] == ["sim/engine/simpy/kernel.py"]
    problems = {
        path.name: found
        for path in users
        if (found := simpy_problems(path.read_text(encoding="utf-8")))
    }
    assert problems == {}


@pytest.mark.parametrize(
    "source",
    [
        "import simpy\npool = simpy.Container(env)",
        "import simpy\npool = simpy.resources.store.Store(env)",
        "import simpy as engine\npool = engine.Store(env)",
        "import simpy.resources.resource",
        "from simpy import PreemptiveResource",
        "from simpy.events import AnyOf",
        "def life(env):\n    yield env.any_of([a, b])",
        "def life(env):\n    process.interrupt()\n    yield a",
        "def life(env):\n    both = a & b\n    yield both",
        "def life(env):\n    yield a | b",
        "def either(env):\n    return (a & b) | Timeout(env, 1.0)",
        "waiting = env.timeout(1.0) | gone",
    ],
)
def test_a_resource_or_a_kept_condition_is_found(source: str) -> None:
    assert simpy_problems(source)


@pytest.mark.parametrize(
    "source",
    [
        "from simpy.core import Environment\nclock: Environment | None = None",
        "from simpy.events import Event, Process, Timeout\nWaits = Generator[float | None]",
        "def wait_or(w, days, signal) -> Event | None:\n    return Timeout(w.env, days) | signal",
        "low = place & 255",
    ],
)
def test_events_timeouts_and_processes_pass(source: str) -> None:
    assert simpy_problems(source) == []


# The map ----------------------------------------------------------------------------------

HEADING = "## The map"
NEED_NOT_BE_IN_MAP = {"LICENSE", "Makefile", "README.md", "constraints.txt", "pyproject.toml"}


def map_lines(page: str) -> list[str]:
    """The lines of the first fenced block under the map's heading."""
    lines = iter(page.splitlines())
    for line in lines:
        if line.rstrip() == HEADING:
            break
    else:
        raise ValueError(f"no heading {HEADING!r}")
    for line in lines:
        if line.startswith("```"):
            break
        if line.startswith("## "):
            raise ValueError(f"no fenced block under {HEADING!r}")
    else:
        raise ValueError(f"no fenced block under {HEADING!r}")
    block: list[str] = []
    for line in lines:
        if line.startswith("```"):
            return block
        block.append(line)
    raise ValueError("the fenced block of the map has no end")


def map_names(page: str) -> list[str]:
    """The paths the map names; a folder's ends in a slash. Two spaces are one level."""
    names: list[str] = []
    folders: list[str] = []
    for line in map_lines(page):
        if not line.strip():
            continue
        indent = len(line) - len(line.lstrip(" "))
        level, name = indent // 2, line.split()[0]
        if indent % 2 or level > len(folders):
            raise ValueError(f"the map's indentation is wrong at {line!r}")
        folders = folders[:level]
        names.append("".join(folders) + name)
        if name.endswith("/"):
            folders.append(name)
    if not names:
        raise ValueError("the map is empty")
    return names


def map_problems(page: str, files: list[str]) -> list[str]:
    """Where the map and the tree disagree."""
    names = map_names(page)
    folders = {f"{parent.as_posix()}/" for file in files for parent in Path(file).parents}
    tree = {*files, *folders}
    problems = [f"{name} is in the map twice" for name in set(names) if names.count(name) > 1]
    problems += [f"{name} is in the map but not in the tree" for name in names if name not in tree]
    needed = set()
    for file in files:
        top, *below = file.split("/")
        if not top.startswith(".") and top not in NEED_NOT_BE_IN_MAP:
            needed.add(f"{top}/" if below else top)
        if top == "sim" and len(below) > 1:
            needed.add(f"sim/{below[0]}/")
        elif top == "sim" and below[0].endswith(".py") and below[0] != "__init__.py":
            needed.add(file)
    problems += [f"{name} is not in the map" for name in needed - set(names)]
    return sorted(problems)


def test_the_map_agrees_with_the_tree(root: Path, project_files: list[str]) -> None:
    page = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert map_problems(page, project_files) == []


TREE = ["LICENSE", ".gitignore", "README.md", "configs/a.toml", "sim/__init__.py", "sim/cli.py"]
TREE += ["sim/config/__init__.py", "sim/config/model.py"]
GOOD_MAP = """configs/    the settings
sim/
  cli.py    the command
  config/   reading the settings
    model.py
"""


def page_with(block: str) -> str:
    """A page whose map is the block."""
    before = "# Title\n\n```\nnot/this\n```\n\n## The map\n\nWords.\n\n"
    return f"{before}```text\n{block}```\n\n## More\n"


def test_a_right_map_passes() -> None:
    assert map_problems(page_with(GOOD_MAP), TREE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  cli.py    the command\n", ""),
        ("configs/    the settings\n", ""),
        ("  config/   reading the settings\n    model.py\n", ""),
        ("    model.py", "    models.py"),
        ("configs/ ", "configs "),
        ("    model.py", "  model.py"),
        ("sim/\n", "sim/\nsim/\n"),
    ],
)
def test_a_wrong_map_is_found(old: str, new: str) -> None:
    assert old in GOOD_MAP
    assert map_problems(page_with(GOOD_MAP.replace(old, new)), TREE)


@pytest.mark.parametrize(
    "readme",
    [
        "# Title\n",
        "## The map\n\nWords only.\n",
        "## The map\n\n## Next\n\n```\nsim/\n```\n",
        "## The map\n\n```\nsim/\n",
        "## The map\n\n```\n```\n",
        page_with("sim/\n   cli.py\n"),
        page_with("sim/\n    cli.py\n"),
    ],
)
def test_a_map_that_cannot_be_read_is_an_error(readme: str) -> None:
    with pytest.raises(ValueError, match="map"):
        map_names(readme)
