"""How do people of the department care for the words of their archive?  The glossary: found, added to, changed,
switched off; what an entry does to a question is shown before it is kept."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

from flask import Blueprint, Flask, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, retest
from indexer.asked import folded
from indexer.effects import Effect, effects
from indexer.engine.columns import IndexMissingError
from indexer.errors import KhotinError
from indexer.glossary import load, names
from indexer.glossary.laid_over import Cells, cells, lay_over, shipped
from indexer.glossary.typed import FIELDS, Line, line_of, own_words, wrong
from indexer.query import LONGEST_QUESTION, Query
from indexer.store import words as shelf_of_words
from indexer.store.words import Word
from indexer.wordbook import glossary_of
from web.api import LARGEST
from web.pages import ask
from web.person import me
from web.shelf import shelf
from web.visitor import language, translate

words = Blueprint("words", __name__, url_prefix="/admin/words")

ON_A_PAGE = 50
WHICH = ("", "own", "shipped", "off", "compound")
# Each is counted twice before the page is shown.
MOST_TRIED = 6
LONGEST_SOUGHT = 200


def register(app: Flask) -> None:
    """Give the administration its words."""
    from web import words_bench, words_missed, words_report, words_statistics, words_tables  # noqa: F401 - they add their pages

    app.register_blueprint(words)
    app.jinja_env.globals.update(ask_for=ask_for)


def ask_for(question: str) -> str:
    """The address of what a question finds."""
    return ask(Query(q=question))


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the list shows it: one of the department's own by its number, a shipped one by its key."""

    line: Line
    word: Word | None = None
    key: str = ""
    general: bool = False


def key_of(entry: Cells) -> str:
    """The name of a shipped entry in addresses."""
    return hashlib.blake2s("\t".join(entry).encode(), digest_size=6).hexdigest()


@cache
def shipped_rows() -> list[tuple[str, Row]]:
    """The entries that come with the program, each with its text as it is sought."""
    lines = [(cells(entry), entry.general) for entry in load().entries]
    return [(sought_in(told), Row(Line("term", told), key=key_of(told), general=general)) for told, general in lines]


@cache
def shipped_by_key() -> dict[str, Cells]:
    return {key_of(told): told for told in shipped()}


def sought_in(told: Cells) -> str:
    return "|".join(folded(name) for cell in told for name in names(cell))


@contextmanager
def changing() -> Iterator[Connection]:
    """Change the words: every process reads them anew, and missed questions are asked again."""
    with shelf().store.write() as connection:
        yield connection
        retest.ask(connection, me())
    shelf().words_changed()


@words.get("", strict_slashes=False)
def glossary() -> ResponseReturnValue:
    sought = request.args.get("q", "").strip()[:LONGEST_SOUGHT]
    which = request.args.get("which", "")
    which = which if which in WHICH else ""
    with shelf().store.read() as connection:
        own = shelf_of_words.every(connection)
    found = list(rows(own, folded(sought), which))
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "admin/words.html",
        rows=found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE],
        total=len(found),
        own=len(own),
        page=page,
        pages=pages,
        sought=sought,
        which=which,
    )


def rows(own: Sequence[Word], sought: str, which: str) -> Iterator[Row]:
    """The entries that hold what is sought: first the department's own, then those of the program."""
    kinds = {"own": ("term",), "off": ("off",), "compound": ("compound",), "shipped": ()}.get(which)
    for word in own:
        if (kinds is None or word.line.kind in kinds) and sought in sought_in(word.line.cells):
            yield Row(word.line, word)
    if which in ("", "shipped"):
        off = {word.line.cells for word in own if word.line.kind == "off"}
        yield from (row for text, row in shipped_rows() if sought in text and row.line.cells not in off)


@words.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A term of the department's own; in the place of a shipped one (``over``) when it began as that."""
    over = shipped_by_key().get(request.values.get("over", ""))
    typed = read_form()
    if over and request.method == "GET":
        typed |= dict(zip(FIELDS, over, strict=True))
    taken = [Line("off", over)] if over else []
    return entry_page(typed, None, taken)


@words.route(f"/<int(max={LARGEST}):number>", methods=["GET", "POST"])
def edit(number: int) -> ResponseReturnValue:
    word = need(number, "term")
    typed = read_form()
    if request.method == "GET":
        typed |= dict(zip(FIELDS, word.line.cells, strict=True))
    return entry_page(typed, word, [])


def read_form() -> dict[str, str]:
    """What was typed, or what a link fills in before."""
    given = request.form if request.method == "POST" else request.args
    typed = {name: given.get(name, "") for name in (*FIELDS, "over")}
    return typed | {name: given.get(name, "").strip()[:LONGEST_QUESTION] for name in ("question", "missed")}


def need(number: int, *kinds: str) -> Word:
    with shelf().store.read() as connection:
        found = shelf_of_words.get(connection, number)
    if found is None or (kinds and found.line.kind not in kinds):
        abort(404)
    return found


def entry_page(typed: dict[str, str], word: Word | None, taken: list[Line]) -> ResponseReturnValue:
    """The form of an entry: shown, tried, or kept; ``taken`` goes with it when it is kept."""
    line = line_of(typed)
    mistakes = {}
    if request.method == "POST":
        mistakes = {field: translate(message) for field, message in reversed(list(wrong(line)))}
        if not mistakes and request.form.get("do") == "save":
            return keep(line, word, taken, typed["missed"])
    tried: list[Effect] = []
    if request.method == "POST" and not mistakes:
        tried, problem = try_words([typed["question"], *asked_with(line)], [line, *taken], word)
        mistakes |= {"question": problem} if problem else {}
    page = render_template("admin/word.html", typed=typed, mistakes=mistakes, tried=tried, word=word, line=line)
    return page, 400 if mistakes else 200


def asked_with(line: Line) -> list[str]:
    """The entry's names as questions."""
    vi, en, short = map(names, line.cells)
    return [*vi, *short, *en]


def try_words(questions: Iterable[str], more: Sequence[Line], without: Word | None = None) -> tuple[list[Effect], str]:
    """What further lines would do to some questions; or why that cannot be told."""
    here = shelf()
    with here.store.read() as connection:
        kept = [word.line for word in shelf_of_words.every(connection) if without is None or word.id != without.id]
    then = lay_over(own_words([*more, *kept]))
    asked = list(dict.fromkeys(filter(None, questions)))[:MOST_TRIED]
    try:
        return effects(asked, here.store, here.columns(), glossary_of(here.store), then), ""
    except IndexMissingError:
        return [], ""
    except KhotinError as problem:
        return [], problem.sentence(language())


def keep(line: Line, word: Word | None, taken: list[Line], missed: str) -> ResponseReturnValue:
    with changing() as connection:
        if word:
            shelf_of_words.change(connection, word.id, line)
            told = (as_told(word.line), as_told(line))
            access.decide(connection, me(), "change word", subject(line), "", *told)
        else:
            shelf_of_words.add(connection, [line, *taken], me())
            access.decide(connection, me(), "add word", subject(line), after=as_told(line))
    flash(translate("“%(name)s” is kept; questions are read with it at once.", name=title(line)))
    if missed:
        tell_mended(missed)
        return redirect(url_for("words.missed"), 303)
    return redirect(url_for("words.glossary", q=title(line)), 303)


def tell_mended(form: str) -> None:
    """Ask the question again for which this was done, and tell what it finds."""
    here = shelf()
    try:
        total = retest.retest_one(here.store, form, here.columns(), glossary_of(here.store))
    except IndexMissingError:
        return
    if total:
        flash(translate("The missed question now finds %(count)s articles.", count=total))
    else:
        flash(translate("The missed question still finds nothing. Look in the workbench how it is read."))


def title(line: Line) -> str:
    return next((name for cell in line.cells for name in names(cell)), "")


def subject(line: Line) -> str:
    return f"word {title(line)}"


def as_told(line: Line) -> dict[str, str]:
    return dict(zip(FIELDS, line.cells, strict=True)) | {"kind": line.kind}


@words.post(f"/<int(max={LARGEST}):number>/delete")
def delete(number: int) -> ResponseReturnValue:
    """Take back what was said: a term goes, a shipped one counts again, a compound comes apart."""
    word = need(number)
    actions = {"term": "delete word", "off": "switch on word", "compound": "undo compound"}
    with changing() as connection:
        shelf_of_words.remove(connection, word.id)
        access.decide(connection, me(), actions[word.line.kind], subject(word.line), before=as_told(word.line))
    flash(translate("“%(name)s” was taken back; questions are read without it at once.", name=title(word.line)))
    if word.line.kind == "compound":
        return redirect(url_for("words.workbench", q=title(word.line)), 303)
    return redirect(url_for("words.glossary", q=title(word.line)), 303)


@words.route("/shipped/<key>", methods=["GET", "POST"])
def shipped_entry(key: str) -> ResponseReturnValue:
    """An entry that comes with the program: what its questions would find without it, and the switch."""
    told = shipped_by_key().get(key)
    if told is None:
        abort(404)
    line = Line("off", told)
    if request.method == "POST":
        with changing() as connection:
            if shelf_of_words.add(connection, [line], me()):
                access.decide(connection, me(), "switch off word", subject(line), before=as_told(line))
        flash(translate("“%(name)s” is switched off; questions are read without it at once.", name=title(line)))
        return redirect(url_for("words.glossary", which="off"), 303)
    tried, _ = try_words(asked_with(line), [line])
    return render_template("admin/word_shipped.html", line=line, key=key, tried=tried)
