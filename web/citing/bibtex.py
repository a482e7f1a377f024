"""How is a citation written for LaTeX?  An entry of biblatex that BibTeX reads as well (pure)."""

from collections.abc import Iterator
from urllib.parse import quote

from web.citing.lines import note
from web.citing.record import Citation

# A brace in a text, escaped or not, is counted by BibTeX when it looks for the end of a field: it is named instead.
ESCAPED = str.maketrans(
    {
        "\\": r"{\textbackslash}", "{": r"{\textbraceleft}", "}": r"{\textbraceright}", "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}", "&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_",
        "@": "{@}",  # for readers that look for entries without counting braces
    }
)  # fmt: skip
NO_DATE = {"vi": "không ghi ngày", "en": "n.d."}
LANGUAGES = {"vi": "vietnamese", "en": "english"}


def entry(cited: Citation) -> str:
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields(cited))
    return f"@online{{{cited.key},\n{lines}}}\n"


def fields(cited: Citation) -> Iterator[tuple[str, str]]:
    if cited.creators:
        # in braces of their own: BibTeX would take the last word of an office, or of a Vietnamese name, for a surname
        yield "author", " and ".join(f"{{{escaped(name)}}}" for name in cited.creators)
    yield "title", f"{{{escaped(cited.title)}}}"  # twice in braces, so that capitals stay
    yield "organization", f"{{{escaped(cited.publisher)}}}"
    if cited.published:
        yield "date", cited.published.isoformat()
    yield "year", str(cited.published.year) if cited.published else NO_DATE[cited.spoken]
    if cited.event:
        yield "eventdate", cited.event.isoformat()
    yield "url", address(cited.address)
    yield "urldate", cited.accessed.isoformat()
    yield "langid", LANGUAGES[cited.language]
    yield "note", escaped(note(cited))


def escaped(text: str) -> str:
    return text.translate(ESCAPED)


def address(url: str) -> str:
    """As it is, for BibTeX prints addresses letter by letter; only what would end the field is written otherwise."""
    return quote(url, safe="%/:=&?~#+!$,;'@()*[]")


def failing(sentence: str) -> str:
    """An entry that tells, where the list ends too early."""
    return f"@online{{khotin-incomplete,\n  title = {{{{{escaped(sentence)}}}}},\n}}\n"
