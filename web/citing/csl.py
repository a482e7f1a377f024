"""How is a citation written for citation processors?  One item of CSL-JSON (pure)."""

import json
from datetime import date
from typing import Any

from web.citing.lines import note
from web.citing.record import Citation


def item(cited: Citation) -> dict[str, Any]:
    """A missing ``issued`` is no gap: each style has its own words for no date."""
    return {
        "id": cited.key,
        "type": "webpage",
        "title": cited.title,
        # literal: the order of a Vietnamese name, or of an office's, is nothing that a style may turn round
        **({"author": [{"literal": name} for name in cited.creators]} if cited.creators else {}),
        "container-title": cited.publisher,
        **({"publisher": cited.unit} if cited.unit else {}),
        **({"issued": parts(cited.published)} if cited.published else {}),
        **({"event-date": parts(cited.event)} if cited.event else {}),
        "accessed": parts(cited.accessed),
        "URL": cited.address,
        "archive": cited.archive,
        "archive_location": str(cited.number),
        "language": cited.language,
        **({"abstract": cited.abstract} if cited.abstract else {}),
        "note": note(cited),
    }


def parts(day: date) -> dict[str, list[list[int]]]:
    return {"date-parts": [[day.year, day.month, day.day]]}


def entry(cited: Citation) -> str:
    return json.dumps(item(cited), ensure_ascii=False)


def failing(sentence: str) -> str:
    """An item that tells, where the list ends too early."""
    return json.dumps({"id": "khotin-incomplete", "type": "document", "title": sentence}, ensure_ascii=False)
