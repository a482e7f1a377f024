"""Is everything that people read there in both languages?"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po

from indexer.speech import CATALOGUES

ROOT = Path(__file__).parent.parent
CODE = [ROOT / "khotin.py", *(file for room in ("crawler", "indexer", "web") for file in (ROOT / room).rglob("*.py"))]
TEMPLATES = sorted((ROOT / "web" / "templates").rglob("*.html"))
# What is called with a message first, and the names under which a long one is put down before.
SPEAKERS = {
    *("ring", "say", "tell", "translate", "gettext", "Problem", "broken", "mistake"),
    *("fine", "look", "Check", "info", "exception", "line"),
}
NAMES = {"message", "sentence", "advice"}
PLACE = re.compile(r"%\((\w+)\)")


def named(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def errors_of_ours() -> set[str]:
    """KhotinError and every class that descends from it."""
    parents = {
        node.name: {named(base) for base in node.bases}
        for file in CODE
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    ours = {"KhotinError"}
    while more := {name for name, bases in parents.items() if bases & ours} - ours:
        ours |= more
    return ours


def messages() -> set[str]:
    return {each for file in CODE for each in in_code(file)} | {
        each for file in TEMPLATES for each in in_template(file)
    }


OURS = errors_of_ours()


def in_code(file: Path) -> Iterator[str]:
    """What is said by a call of a speaker or an error of ours, or put down as a message before."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and speaks(node.func):
            yield from (each.value for each in node.args[:3] if is_text(each))  # type: ignore[attr-defined]
        elif isinstance(node, ast.Assign) and is_text(node.value) and named(node.targets[0]) in NAMES:
            yield node.value.value  # type: ignore[attr-defined]


def speaks(function: ast.expr) -> bool:
    return named(function) in SPEAKERS or named(function) in OURS


def is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


def in_template(file: Path) -> Iterator[str]:
    with file.open("rb") as lines:
        options = {"extensions": "jinja2.ext.i18n", "newstyle_gettext": "true"}
        for _, message, _, _ in extract("jinja2", lines, options=options):
            yield message if isinstance(message, str) else message[0]


def catalogue() -> dict[str, tuple[str, ...]]:
    """Each message of the Vietnamese catalogue with its translations; fuzzy ones have none."""
    with (CATALOGUES / "vi.po").open("rb") as lines:
        known = read_po(lines, locale="vi")
    told = {}
    for message in known:
        if message.id:
            ids = message.id if isinstance(message.id, list | tuple) else (message.id,)
            words = message.string if isinstance(message.string, list | tuple) else (message.string,)
            told[ids[0]] = () if message.fuzzy else tuple(words)
    return told


def test_every_message_is_told_in_vietnamese() -> None:
    known = catalogue()
    missing = sorted(message for message in messages() if not all(known.get(message, ("",))))
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize(("message", "words"), catalogue().items(), ids=lambda part: str(part)[:40])
def test_a_translation_keeps_the_places_for_values(message: str, words: tuple[str, ...]) -> None:
    for each in words:
        assert set(PLACE.findall(each)) <= set(PLACE.findall(message)) | {"num", "count"}
        assert each.count("%") == each.count("%(") + 2 * each.count("%%") or "%(" not in each
