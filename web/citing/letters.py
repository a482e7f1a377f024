"""Which letters may a text hold that leaves the house?  Those that are read; none that steer a program (pure)."""

import re

# Controls, half characters, and what turns the direction of writing: a title must not rearrange the list it stands in.
STEERING = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """The text with its lines, without what steers."""
    return STEERING.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The text on a single line: in most formats a new line begins a new field."""
    return BLANKS.sub(" ", STEERING.sub("", BLANKS.sub(" ", text))).strip()
