"""Does the house keep its own rules?"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from configparser import ConfigParser
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"crawler": {"crawler", "indexer"}, "indexer": {"indexer"}, "web": {"web", "indexer"}}
FILES = sorted(file for room in ROOMS for file in (ROOT / room).rglob("*.py"))
MOST_LINES_OF_A_FUNCTION = 60


def imports(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_rooms_import_only_what_they_may(file: Path) -> None:
    room = file.relative_to(ROOT).parts[0]
    met = {name.split(".")[0] for name in imports(file)} & {*ROOMS, "khotin", "tests"}
    assert met <= ROOMS[room]


def test_whatever_is_imported_is_installed_with_the_package() -> None:
    told = ConfigParser()
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    named = (told["options"]["install_requires"] + told["options.extras_require"]["cluster"]).split()
    installed, given = brought_by(named), packages_distributions()
    imported = {each.split(".")[0] for file in [*FILES, ROOT / "khotin.py"] for each in imports(file)}
    here = imported & given.keys() - {*ROOMS, "khotin"}  # what an archive on several hosts needs is mostly not
    assert not {name for name in here if not {normal(each) for each in given[name]} & installed}


def brought_by(named: Iterable[str]) -> set[str]:
    """Some packages, and all that they need themselves."""
    found: set[str] = set()
    waiting = [normal(each) for each in named]
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            with suppress(PackageNotFoundError):  # for another system, or another Python
                waiting += [normal(line) for line in requires(each) or () if "extra ==" not in line]
    return found


def normal(requirement: str) -> str:
    """The name in a requirement, as names are compared."""
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0].replace("_", "-").replace(".", "-").lower()


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_files_say_what_they_answer_and_functions_stay_short(file: Path) -> None:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "the first line says which question the file answers"
    long = [
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno >= MOST_LINES_OF_A_FUNCTION
    ]
    assert not long


def test_no_file_is_a_drawer_for_everything() -> None:
    assert not {file.stem for file in FILES} & {"utils", "helpers", "common", "misc"}


def test_slow_libraries_stay_asleep_until_they_are_needed() -> None:
    code = "import sys, indexer.search, web.app; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    ).stdout.split()
    assert not {"sklearn", "scipy", "pyvi", "scrapy", "twisted", "trafilatura"} & set(loaded)


def test_the_database_has_the_shape_that_the_migrations_make(tmp_path: Path) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    from indexer.store import open_store, tables

    store = open_store(tmp_path, create=True)
    with store.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    store.close()
