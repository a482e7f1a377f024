"""How does a whole table of words come in, and go out?  Bad lines are told by number, the others shown before they are
kept."""

from collections.abc import Sequence

from flask import Response, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access
from indexer.glossary.typed import Line, read_table, written
from indexer.store import words as shelf_of_words
from web.person import me
from web.shelf import shelf
from web.tools import download
from web.visitor import translate
from web.words import changing, words

LARGEST_TABLE = 500_000  # bytes; the shipped terms together have as many
LINES_SHOWN, BAD_SHOWN = 200, 100
Lines = Sequence[Line]
Bad = Sequence[tuple[int, str]]


@words.get("/words.tsv")
def export() -> ResponseReturnValue:
    """All of the department's own words, as they can be read in again."""
    with shelf().store.read() as connection:
        lines = [word.line for word in shelf_of_words.every(connection)]
    return download(Response(written(reversed(lines)), mimetype="text/tab-separated-values"), "khotin-words.tsv")


@words.route("/import", methods=["GET", "POST"])
def take_in() -> ResponseReturnValue:
    if request.method == "GET":
        return import_page()
    text, problem = read_upload()
    if problem:
        return import_page(problem=translate(problem)), 400
    good, bad = read_table(text)
    if request.form.get("do") == "save" and good:
        with changing() as connection:
            made = shelf_of_words.add(connection, reversed(good), me())
            access.decide(connection, me(), "import words", "words", after={"lines": len(good), "new": made})
        flash(translate("%(new)s entries were added, %(same)s were there already.", new=made, same=len(good) - made))
        return redirect(url_for("words.glossary", which="own"), 303)
    problem = "" if good else translate("No line of this table can be taken.")
    return import_page(written(good), good, bad, problem), 200 if good else 400


def read_upload() -> tuple[str, str]:
    """The table that was sent, as a file or from the page that showed it; or what is wrong with it."""
    file = request.files.get("table")
    sent = file.read(LARGEST_TABLE + 1) if file and file.filename else request.form.get("rows", "").encode()
    if not sent.strip():
        message = "Choose a table (.tsv) first."
        return "", message
    if len(sent) > LARGEST_TABLE:
        message = "The table is too large. Divide it into files of 500 kB at most."
        return "", message
    try:
        return sent.decode("utf-8-sig").replace("\r\n", "\n"), ""
    except UnicodeDecodeError:
        message = "The table is not written in UTF-8. Save it again as “Text (UTF-8)” and choose it once more."
        return "", message


def import_page(rows: str = "", good: Lines = (), bad: Bad = (), problem: str = "") -> str:
    return render_template(
        "admin/words_import.html",
        rows=rows,
        good=good[:LINES_SHOWN],
        count=len(good),
        bad=[(number, translate(message)) for number, message in bad[:BAD_SHOWN]],
        wrong=len(bad),
        problem=problem,
    )
