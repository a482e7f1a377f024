"""How is a citation written out?  One line in Vietnamese, one in English, and the note of the other styles (pure)."""

from web.citing.record import Citation
from web.visitor import day


def vietnamese(cited: Citation) -> str:
    parts = [
        *([", ".join(cited.creators)] if cited.creators else []),
        f"“{cited.title}”",
        cited.publisher,
        dated(cited, "vi"),
        *([cited.source_address] if cited.source_address else []),
    ]
    return (
        f"{', '.join(parts)}. Bản chụp ngày {day(cited.captured, 'vi')} tại Kho tin: {cited.address} "
        f"(truy cập ngày {day(cited.accessed, 'vi')})."
    )


def english(cited: Citation) -> str:
    by = f"{', '.join(cited.creators)}. " if cited.creators else ""
    source = f" {cited.source_address}." if cited.source_address else ""
    when = dated(cited, "en")
    return (
        f"{by}“{cited.title}”. {cited.publisher}, {when}{'' if when.endswith('.') else '.'}{source} "
        f"Captured {day(cited.captured, 'en')} by Khotin: {cited.address} (accessed {day(cited.accessed, 'en')})."
    )


def dated(cited: Citation, spoken: str) -> str:
    """The day of publishing; where the page gives none, that it gives none, and the day it speaks of."""
    if cited.published:
        return f"ngày {day(cited.published, 'vi')}" if spoken == "vi" else day(cited.published, "en")
    if cited.event:
        told = day(cited.event, spoken)
        return f"không ghi ngày (sự kiện ngày {told})" if spoken == "vi" else f"n.d. (event on {told})"
    return "không ghi ngày" if spoken == "vi" else "n.d."


def note(cited: Citation) -> str:
    """What styles have no field for: that there is no date, the source, the capture, the digest of the text."""
    words = {
        "vi": ("Nguồn: ", "Bản chụp ngày", "tại", "SHA-256 của văn bản: "),
        "en": ("Source: ", "Captured", "by", "SHA-256 of the text: "),
    }
    source, captured, by, digest = words[cited.spoken]
    undated = "" if cited.published else dated(cited, cited.spoken).rstrip(".")
    parts = [
        undated[:1].upper() + undated[1:] if cited.spoken == "vi" else undated,
        source + cited.source_address if cited.source_address else "",
        f"{captured} {day(cited.captured, cited.spoken)} {by} {cited.archive}",
        digest + cited.digest,
    ]
    return ". ".join(part for part in parts if part) + "."
