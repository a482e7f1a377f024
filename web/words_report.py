"""How is the report of a month made?  For any month, as a document of Word or a workbook, by a button or a command."""

from datetime import date
from pathlib import Path

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from indexer import clock, monthly
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store
from web.monthly import report
from web.shelf import shelf
from web.tools import download
from web.visitor import language
from web.words import words

MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MONTHS_OFFERED = 12


def made(store: Store, settings: Settings, first: date, form: str, spoken: str) -> bytes:
    """The file of a month's report."""
    month = monthly.figures(store, settings, first)
    told = report(month, settings, spoken)
    if form == "xlsx":
        from web import monthly_xlsx  # here, as the next: they take long to load, and are seldom wanted

        return monthly_xlsx.written(told)
    from web import monthly_docx

    return monthly_docx.written(told, month.made.year, month.made.month)


def form_of(output: Path) -> str:
    """docx or xlsx, as a file's name says. Raises KhotinError."""
    form = output.suffix.lower().removeprefix(".")
    if form not in MEDIA_TYPES:
        raise KhotinError("Name a file that ends in .docx or .xlsx: -o report.docx")
    return form


@words.get("/report")
def monthly_form() -> ResponseReturnValue:
    months = [clock.local_day(clock.now()).replace(day=1)]
    for _ in range(MONTHS_OFFERED - 1):
        months.append(monthly.month_before(months[-1]))
    return render_template("admin/words_report.html", months=[f"{each:%Y-%m}" for each in months])


@words.get("/report/file")
def monthly_file() -> ResponseReturnValue:
    here, form = shelf(), request.args.get("format", "docx")
    first = monthly.month_named(request.args.get("month", ""))
    form = form if form in MEDIA_TYPES else "docx"
    content = made(here.store, here.settings, first, form, language())
    name = "bao-cao" if language() == "vi" else "report"
    return download(Response(content, mimetype=MEDIA_TYPES[form]), f"{name}-{first:%Y-%m}.{form}")
