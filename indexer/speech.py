"""In which words do we speak to people?  Messages are written in English and translated by one catalogue."""

import gettext
import io
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LANGUAGES = ("vi", "en")
CATALOGUES = Path(__file__).parent / "translations"


@cache
def catalogue(language: str) -> gettext.NullTranslations:
    """The messages of one language; English is what the code says, so it needs none."""
    source = CATALOGUES / f"{language}.po"
    if not source.exists():
        return gettext.NullTranslations()
    compiled = io.BytesIO()
    with source.open("rb") as lines:
        write_mo(compiled, read_po(lines, locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def command_language() -> str:
    """The language of messages on the terminal: KHOTIN_LANG, else English."""
    chosen = os.environ.get("KHOTIN_LANG", "en")
    return chosen if chosen in LANGUAGES else "en"


def say(message: str, language: str | None = None, **values: object) -> str:
    """Put ``message`` in ``language`` (default: the terminal's) and fill its ``%(name)s`` places."""
    told = catalogue(language or command_language()).gettext(message)
    return told % values if values else told


def tell(part: Mapping[str, Any], language: str | None = None) -> str:
    """What was kept in parts, ``message`` and ``values``, as a sentence; a value may be such a part itself."""
    told = catalogue(language or command_language()).gettext(str(part.get("message", "")))
    values = {name: tell(each, language) if isinstance(each, Mapping) else each
              for name, each in part.get("values", {}).items()}  # fmt: skip
    return told % values if values else told
