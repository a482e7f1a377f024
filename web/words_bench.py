"""How is a phrase read, and how could it be?  The workbench: its units, syllables, words, articles;
and a compound made or taken back."""

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access
from indexer.engine.columns import IndexMissingError
from indexer.errors import KhotinError
from indexer.glossary.typed import Kind, line_of, wrong
from indexer.language import segment
from indexer.language import words as language_words
from indexer.language.clean import clean
from indexer.query import Query
from indexer.search import Results, search
from indexer.store import words as shelf_of_words
from web.person import me
from web.shelf import shelf
from web.visitor import language, translate
from web.words import LONGEST_SOUGHT, as_told, changing, subject, title, try_words, words

TITLES = 5
COMPOUNDS: tuple[Kind, ...] = ("compound",)


@words.get("/workbench")
def workbench() -> ResponseReturnValue:
    return bench_page(phrase("q"), phrase("compound"))


def phrase(name: str) -> str:
    return " ".join(clean(request.values.get(name, "")[:LONGEST_SOUGHT]).split())


def bench_page(typed: str, compound: str, problem: str = "") -> ResponseReturnValue:
    """How a phrase is read; and, with ``compound``, how it would be if that were one unit."""
    line = line_of({"vi": compound}, "compound")
    mistake = next((translate(message) for _, message in wrong(line)), "") if compound else ""
    tried, refused = try_words([typed or compound, compound], [line]) if compound and not mistake else ([], "")
    found, trouble = answer(typed) if typed else (None, "")
    with shelf().store.read() as connection:
        made = shelf_of_words.every(connection, COMPOUNDS)
    page = render_template(
        "admin/words_bench.html",
        typed=typed,
        compound=compound,
        syllables=[token.term for token in language_words.syllables(typed)],
        cut=[word.replace("_", " ") for word in segment.segment(typed)],
        results=found,
        tried=tried,
        made=made,
        mistake=problem or mistake or refused,
        trouble=trouble,
        is_made=any(each.line == line for each in made),
    )
    return page, 400 if problem or mistake or refused or trouble else 200


def answer(typed: str) -> tuple[Results | None, str]:
    """What every reader is answered, with a few titles."""
    here = shelf()
    try:
        return search(Query(q=typed, per_page=TITLES), here.store, here.columns(), here.glossary), ""
    except IndexMissingError:
        return None, ""
    except KhotinError as refused:
        return None, refused.sentence(language())


@words.post("/workbench")
def make_compound() -> ResponseReturnValue:
    line = line_of({"vi": phrase("compound")}, "compound")
    mistake = next((message for _, message in wrong(line)), "")
    if mistake:
        return bench_page(phrase("q"), phrase("compound"), translate(mistake))
    with changing() as connection:
        if shelf_of_words.add(connection, [line], me()):
            access.decide(connection, me(), "make compound", subject(line), after=as_told(line))
    flash(translate("“%(name)s” is one unit now, in every question at once.", name=title(line)))
    return redirect(url_for("words.workbench", q=phrase("q") or title(line)), 303)
