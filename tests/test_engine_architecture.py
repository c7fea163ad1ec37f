"""The order inside the engine: rows, actions, stories, and the two kernels that run them."""

from __future__ import annotations

import ast
import inspect
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

from sim.engine.events import Story
from sim.engine.rows import FIELDS, ROWS
from sim.engine.stories.all import FOLLOWING, STAGES_OF_A_CASE, STORIES
from sim.inputs import casework_plan
from tests.test_architecture import names_used

# -- the order of the parts ------------------------------------------------------------------------

ORDER: tuple[tuple[str, ...], ...] = (
    ("records", "case_records"),
    ("stopping",),
    ("rows",),
    ("events",),
    ("formulas",),
    ("tables",),
    ("layout",),
    ("codes",),
    ("simpy.kernel",),
    ("actions",),
    ("stories",),
    ("trace",),
    ("outcome",),
    ("encode_cases",),
    ("encode",),
    ("simpy",),
    ("compiled",),
    ("engines",),
)
"""Modules and packages of sim/engine: each may import from those before it, and from its own."""
ENGINE = "sim.engine."
WAITS = ("wait", "until", "wait_or", "until_done")
"""What the kernels have to wait with."""


def place_of(module: str) -> int:
    """Place in the order of a module, its name given from sim.engine on."""
    for place, names in enumerate(ORDER):
        if any(module == name or (name == "simpy.kernel" and module.startswith(name + "."))
               for name in names):  # fmt: skip
            return place
    for place, names in enumerate(ORDER):
        if module.split(".")[0] in names:
            return place
    raise ValueError(f"sim.engine.{module} has no place in the order")


def order_problems(source: str, path: Path) -> list[str]:
    """What in a source of sim/engine, its path relative to the checkout, breaks the order."""
    mine = ".".join(path.with_suffix("").parts[2:]).removesuffix(".__init__")
    if mine == "__init__":
        return []
    problems = []
    for line, name in sorted(set(names_used(source, path))):
        other = name.removeprefix(ENGINE)
        if other == name:
            continue
        both = place_of(mine), place_of(other)
        of_other_engine = mine.startswith("compiled") and ORDER[both[1]] == ("simpy",)
        if both[1] > both[0] or of_other_engine:
            problems.append(f"{path.as_posix()}, line {line}: imports {name}")
    return problems


def sources_of(root: Path) -> dict[Path, str]:
    """The engine's sources, by path relative to the checkout."""
    found = sorted((root / "sim" / "engine").rglob("*.py"))
    return {path.relative_to(root): path.read_text(encoding="utf-8") for path in found}


@pytest.fixture(scope="module")
def sources(root: Path) -> dict[Path, str]:
    """The engine's sources."""
    found = sources_of(root)
    assert len(found) > 30
    return found


def test_each_part_imports_only_from_those_before_it(sources: dict[Path, str]) -> None:
    problems = [p for path, source in sources.items() for p in order_problems(source, path)]
    assert problems == []


def test_every_part_in_the_order_exists(sources: dict[Path, str]) -> None:
    here = {".".join(path.with_suffix("").parts[2:]) for path in sources}
    here |= {name.split(".")[0] for name in here}
    assert {name for names in ORDER for name in names} - here == set()


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("sim/engine/layout.py", "from sim.engine.actions.posts import is_open"),
        ("sim/engine/layout.py", "from sim.engine.simpy import kernel"),
        ("sim/engine/formulas.py", "from sim.engine.layout import World"),
        ("sim/engine/actions/posts.py", "from sim.engine.stories.people import worker_life"),
        ("sim/engine/actions/posts.py", "def f():\n    import sim.engine.stories.all"),
        ("sim/engine/actions/posts.py", "from sim.engine.compiled.kernel import wait"),
        ("sim/engine/actions/posts.py", "from sim.engine.simpy.engine import run"),
        ("sim/engine/actions/posts.py", "from ..stories import all"),
        ("sim/engine/stories/people.py", "from sim.engine.simpy.engine import run"),
        ("sim/engine/simpy/engine.py", "from sim.engine.compiled.engine import simulate"),
        ("sim/engine/compiled/engine.py", "from sim.engine.simpy.engine import simulate"),
        ("sim/engine/encode.py", "from sim.engine.simpy.engine import World"),
    ],
)
def test_a_wrong_import_is_found(path: str, source: str) -> None:
    assert order_problems(source, Path(path))


def test_a_part_without_a_place_is_found() -> None:
    with pytest.raises(ValueError, match="no place in the order"):
        order_problems("from sim.engine.rows import row_of", Path("sim/engine/new.py"))


def imports_at_run_time(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    """Imports of a module but for those that only the type checker sees."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom):
            yield node


def test_no_modules_of_the_engine_import_each_other_in_a_circle(sources: dict[Path, str]) -> None:
    modules = {".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in sources}
    graph: dict[str, set[str]] = defaultdict(set)
    for path, source in sources.items():
        mine = ".".join(path.with_suffix("").parts).removesuffix(".__init__")
        for node in imports_at_run_time(ast.parse(source)):
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                graph[mine] |= {whole if whole in modules else str(node.module)} & modules
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(f"a circle: {error.args[1]}")


# -- who waits -------------------------------------------------------------------------------------


def package_of(path: Path) -> str:
    """Folder of a module inside the engine; empty for those that lie in it."""
    return path.parts[2] if len(path.parts) > 3 else ""


def names_taken(tree: ast.AST) -> set[str]:
    """Names that a source imports, calls, or reaches as an attribute; its variables are not."""
    nodes = list(ast.walk(tree))
    found = {alias.name for n in nodes if isinstance(n, ast.ImportFrom) for alias in n.names}
    found |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    called = [node.func for node in nodes if isinstance(node, ast.Call)]
    return found | {function.id for function in called if isinstance(function, ast.Name)}


def wait_problems(source: str, path: Path) -> list[str]:
    """Waits of a module that is neither a story nor a kernel; yields too where actions stand."""
    if package_of(path) == "stories" or path.as_posix().endswith("/kernel.py"):
        return []
    tree, where = ast.parse(source), path.as_posix()
    found = [f"{where}: {name}" for name in sorted(names_taken(tree) & {*WAITS})]
    if package_of(path) == "actions" or path.name == "formulas.py":
        yields = [n for n in ast.walk(tree) if isinstance(n, ast.Yield | ast.YieldFrom)]
        found += [f"{where}, line {node.lineno}: yields" for node in yields]
    return found


def test_nobody_waits_but_the_stories(sources: dict[Path, str]) -> None:
    problems = [p for path, source in sources.items() for p in wait_problems(source, path)]
    assert problems == []


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("sim/engine/actions/a.py", "from sim.engine.simpy.kernel import begin, wait"),
        ("sim/engine/actions/a.py", "from sim.engine.simpy import kernel\nkernel.until(w, s)"),
        ("sim/engine/actions/a.py", "def act(w):\n    yield 1.0"),
        ("sim/engine/actions/a.py", "def act(w):\n    yield from part(w)"),
        ("sim/engine/simpy/engine.py", "from sim.engine.simpy.kernel import wait_or"),
        ("sim/engine/compiled/driver.py", "from sim.engine.compiled.kernel import until_done"),
    ],
)
def test_a_wait_outside_the_stories_is_found(path: str, source: str) -> None:
    assert wait_problems(source, Path(path))


def functions_of(source: str) -> Iterator[ast.FunctionDef]:
    """The functions of a module."""
    yield from (node for node in ast.parse(source).body if isinstance(node, ast.FunctionDef))


def test_a_story_yields_nothing_but_waits_and_its_own_parts(sources: dict[Path, str]) -> None:
    """A wait by its kernel's name; `yield from` a function of the same module that waits too."""
    for path, source in sources.items():
        if package_of(path) != "stories":
            continue
        waiting = {f.name for f in functions_of(source) if ast.unparse(f.returns or f) == "Waits"}
        for function in functions_of(source):
            yields = [n for n in ast.walk(function) if isinstance(n, ast.Yield | ast.YieldFrom)]
            assert bool(yields) == (function.name in waiting), (path, function.name)
            for node in yields:
                assert isinstance(node.value, ast.Call), (path, node.lineno)
                allowed = WAITS if isinstance(node, ast.Yield) else waiting
                assert ast.unparse(node.value.func) in allowed, (path, node.lineno)


def test_no_story_waits_in_a_walk_over_rows(sources: dict[Path, str]) -> None:
    """The compiled engine refuses it too; here it is found without the compiler."""
    for path, source in sources.items():
        if package_of(path) == "stories":
            walks = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.For)]
            for walk in walks:
                inside = [n for n in ast.walk(walk) if isinstance(n, ast.Yield | ast.YieldFrom)]
                assert not inside, (path, walk.lineno)


# -- stories ---------------------------------------------------------------------------------------


def test_every_story_has_a_number_and_every_number_a_story() -> None:
    assert list(STORIES) == list(Story)
    assert list(Story) == list(range(len(Story))), "the driver branches by number"
    assert len(set(STORIES.values())) == len(Story)
    for number, story in STORIES.items():
        assert inspect.isgeneratorfunction(story), number
        world, row = list(story.__annotations__.items())[:2]
        assert world == ("w", "World"), number
        assert row[1] in ROWS, number
        assert list(story.__annotations__)[2:] == ["return"], number


def test_the_stages_of_a_case_come_first_and_in_their_order() -> None:
    assert tuple(STORIES[number] for number in tuple(Story)[: len(STAGES_OF_A_CASE)]) == (
        STAGES_OF_A_CASE
    )
    for number, story in enumerate(STAGES_OF_A_CASE):
        assert getattr(casework_plan, story.__name__.upper()) == number
        assert story.__annotations__["case"] == "Case"


def test_stories_that_follow_one_another_are_of_one_row_and_say_what_follows() -> None:
    """They go on in one process: a story that says nothing would be followed by an old answer."""
    stories: Iterable[Any] = STORIES.values()
    following: Mapping[Any, Any] = FOLLOWING
    for story in stories:
        says = ".following = " in inspect.getsource(story)
        assert says == (story in following), story
        if says:
            rows = [list(f.__annotations__.values())[1] for f in (story, following[story])]
            assert rows[0] == rows[1], story


# -- told once -------------------------------------------------------------------------------------


def docstrings_of(source: str) -> list[str]:
    """What the functions of a module say of themselves, in one line."""
    told = (ast.get_docstring(function) for function in functions_of(source))
    return [" ".join(text.split()) for text in told if text]


def test_no_function_says_what_one_of_another_module_says(sources: dict[Path, str]) -> None:
    """Copies begin like that; a verb of a kernel says in each engine how it is done there."""
    where: dict[str, set[str]] = defaultdict(set)
    for path, source in sources.items():
        for text in docstrings_of(source):
            where[text].add(path.as_posix())
    assert len(where) > 400
    assert {text: paths for text, paths in where.items() if len(paths) > 1} == {}


STEP = re.compile(r"(?:^|_)steps?(?:_|$)", re.IGNORECASE)
STEPS_OF_HIRING = {"steps"}
"""Not where a process stands: how long the steps of hiring are, times what is usual."""


def test_nothing_keeps_where_a_story_stands_but_the_story(sources: dict[Path, str]) -> None:
    """No field of a row and no whole number with a name says at which step a process is."""
    fields = {(row, field.name) for row, found in FIELDS.items() for field in found}
    assert len(fields) > 300
    assert [f for f in fields if STEP.search(f[1]) and f[1] not in STEPS_OF_HIRING] == []
    for path, source in sources.items():
        constants = [node for node in ast.parse(source).body if isinstance(node, ast.Assign)]
        for node in constants:
            parts = list(ast.walk(node.value))
            numbers = any(isinstance(getattr(n, "value", None), int) for n in parts)
            numbers |= any(getattr(n, "id", "") == "range" for n in parts)
            names = " ".join(ast.unparse(target) for target in node.targets)
            assert not (numbers and STEP.search(names)), (path, names)


# -- the page that shows it ------------------------------------------------------------------------


def quotes_of(page: str) -> list[str]:
    """The code that a page shows."""
    return re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)


def test_the_stories_that_the_docs_show_are_those_that_run(
    root: Path, sources: dict[Path, str]
) -> None:
    page = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    quotes = quotes_of(page.partition("\n## The six common changes\n")[0])
    told = [text for path, text in sources.items() if path.parent.name == "stories"]
    assert len(quotes) == 3, "a worker's, a vacancy's, a child's"
    for quote in quotes:
        assert any(quote in text for text in told), quote
