"""How does text from the web become one plain line, for feeds and letters?  Nothing in it steers a reader (pure)."""

import re

# What XML 1.0 cannot hold, and what turns the direction of writing or is not seen at all.
UNWANTED = re.compile(
    "[^\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]"
)


def line(text: str, most: int = 300) -> str:
    """One line without controls, cut after so many characters."""
    cleaned = " ".join(UNWANTED.sub(" ", text).split())
    return cleaned if len(cleaned) <= most else cleaned[: most - 1].rstrip() + "…"
