"""How is a citation written for reference managers?  Tagged lines, as RIS has them (pure)."""

from collections.abc import Iterator
from datetime import date

from web.citing.letters import one_line
from web.citing.lines import note
from web.citing.record import Citation


def entry(cited: Citation) -> str:
    return written(fields(cited))


def written(pairs: Iterator[tuple[str, str]]) -> str:
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in pairs if value) + "ER  - \r\n"


def fields(cited: Citation) -> Iterator[tuple[str, str]]:
    yield "TY", "ELEC"
    yield "ID", cited.key
    yield "TI", cited.title
    for name in cited.creators:
        yield "AU", undivided(name)
    yield "T2", cited.publisher
    yield "PB", cited.unit
    if cited.published:
        yield "PY", str(cited.published.year)
        yield "DA", slashed(cited.published)
    yield "Y2", slashed(cited.accessed)
    yield "UR", cited.address
    yield "LA", cited.language
    yield "DB", cited.archive
    yield "AN", str(cited.number)
    yield "AB", cited.abstract
    yield "N1", note(cited)


def undivided(name: str) -> str:
    """RIS takes what stands before a comma for a surname, and has no sign that says it is none."""
    return name.replace(", ", " – ").replace(",", " – ")


def slashed(day: date) -> str:
    return f"{day:%Y/%m/%d}/"


def failing(sentence: str) -> str:
    """A record that tells, where the list ends too early."""
    return written(iter([("TY", "GEN"), ("TI", sentence)]))
