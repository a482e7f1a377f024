"""In which formats can articles be taken away?  A row each: how it is named, how it begins, what it says of one."""

from collections.abc import Callable
from dataclasses import dataclass

from web.citing import bibtex, csl, ris
from web.citing.lines import english, vietnamese
from web.taking import table, texts
from web.taking.item import Item


@dataclass(frozen=True, slots=True)
class Format:
    """A format: ``entry`` writes one article, ``failing`` what stands at the end of a list that is not whole."""

    name: str
    media_type: str
    file: str  # how the file is called; its ending is the format's
    entry: Callable[[Item], str]
    failing: Callable[[str], str]
    head: str = ""
    between: str = ""
    tail: str = ""
    needs_passages: bool = False

    @property
    def ending(self) -> str:
        return self.file.rpartition(".")[2]


def citing(style: Callable[..., str]) -> Callable[[Item], str]:
    return lambda item: style(item.citation)


CSV = Format("csv", "text/csv", "articles.csv", table.row, table.failing, head=table.head(), needs_passages=True)
EXCEL = Format(
    "csv", "text/csv", "articles.csv", table.excel_row, table.failing, head=table.head(bom=True), needs_passages=True
)
JSONL = Format("jsonl", "application/x-ndjson", "articles.jsonl", texts.line, texts.failing_line, needs_passages=True)
TXT = Format(
    "txt", "text/plain", "articles.txt", texts.reading, texts.failing_text, between=texts.RULE, needs_passages=True
)
BIBTEX = Format("bibtex", "application/x-bibtex", "citations.bib", citing(bibtex.entry), bibtex.failing, between="\n")
RIS = Format(
    "ris", "application/x-research-info-systems", "citations.ris", citing(ris.entry), ris.failing, between="\r\n"
)
CSL = Format(
    "csl", "application/vnd.citationstyles.csl+json", "citations.json", citing(csl.entry), csl.failing,
    head="[\n", between=",\n", tail="\n]\n",
)  # fmt: skip
VIETNAMESE = Format(
    "vi", "text/plain", "citations-vi.txt", citing(vietnamese), texts.failing_text, between="\n", tail="\n"
)
ENGLISH = Format("en", "text/plain", "citations-en.txt", citing(english), texts.failing_text, between="\n", tail="\n")

FORMATS = {each.name: each for each in (CSV, JSONL, TXT, BIBTEX, RIS, CSL, VIETNAMESE, ENGLISH)}
# What cites one article; the others take it away.
STYLES = {each.name: each for each in (BIBTEX, RIS, CSL, VIETNAMESE, ENGLISH)}
ZIP = "zip"
NAMES = (*FORMATS, ZIP)
EVERYTHING = tuple(FORMATS.values())
