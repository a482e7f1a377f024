"""How is an article a row of a table?  CSV as RFC 4180 has it, which no spreadsheet takes for formulas (pure)."""

import csv
import io
from collections.abc import Iterable

from indexer.clock import local_day
from indexer.corrected import day_of
from indexer.personal import masked
from web import sheets
from web.answers import day, moment, state
from web.citing.letters import plain
from web.citing.lines import english, vietnamese
from web.taking.item import Item

COLUMNS = (
    "number", "external_id", "title", "published", "date", "event_date", "captured", "author", "unit", "section",
    "source", "language", "kind", "state", "versions", "source_address", "address", "sha256",
    "copied_from", "attachments", "text_is", "text", "citation", "corrections", "department",
)  # fmt: skip
# Excel takes at most 32,767 letters into a cell and puts the others, without a word, into cells of the next row.
EXCEL_CELL = 32_767
CUT = " … [cut: Excel holds no more; the whole text is in the other formats]"


def row(item: Item) -> str:
    return written(cells(item))


def excel_row(item: Item) -> str:
    return written(fitting(each) for each in cells(item))


def cells(item: Item) -> list[object]:
    kept, article, cited = item.kept, item.article, item.citation
    return [
        kept.id, article.external_id, article.title, moment(article.published), day(day_of(kept)),
        day(article.event_date), cited.captured.isoformat(), article.author, article.unit, article.section,
        kept.source, article.language, article.kind, " ".join(state(kept)), kept.versions,
        article.address, cited.address, cited.digest, item.reprint,
        "\n".join(f"{each.name} <{each.address}>" for each in article.attachments),
        "full" if item.whole else "passage",
        "\n".join(part for part in (article.lead, article.body) if part) if item.whole else "\n".join(item.passages),
        (vietnamese if cited.spoken == "vi" else english)(cited),
        corrections(item), kept.department.short,
    ]  # fmt: skip


def corrections(item: Item) -> str:
    """What was corrected by hand, a line each: in a cell of its own, the text stays that of the source."""
    return "\n".join(
        f"{each.field} ({day(local_day(each.made_at))}): {masked(each.text)}" for each in item.kept.corrections
    )


def written(values: Iterable[object]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([harmless(value) if isinstance(value, str) else value for value in values])
    return line.getvalue()


def harmless(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would work it out."""
    return sheets.harmless(plain(text))


def fitting(value: object) -> object:
    if isinstance(value, str) and len(value) >= EXCEL_CELL:
        return value[: EXCEL_CELL - len(CUT) - 1] + CUT
    return value


def head(bom: bool = False) -> str:
    return (sheets.BOM if bom else "") + written(COLUMNS)


def failing(sentence: str) -> str:
    """A last row that tells, where the table ends too early."""
    return written([f"# {sentence}"])
