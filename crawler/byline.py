"""Who wrote it, and in which unit?  The last line of a department's news says so: "Name - Văn phòng Sở"."""

import re
from collections.abc import Sequence

from crawler.blocks import Block
from crawler.tree import attribute

NAME = r"[^\W\d_][\w.’']*(?:\s+[^\W\d_][\w.’']*){1,4}"
LABEL = re.compile(
    r"^\W*(?:tác giả|người viết|người đăng|thực hiện|tin,? ảnh|tin,? bài|bài,? ảnh|tin và ảnh|bài và ảnh"
    r"|tin|bài|author|written by|reported by|text and photos?|story|by)\s*(?::|(?<=\bby)\s)\s*",
    re.I,
)
UNIT = (
    r"(?:Văn phòng|Phòng|Thanh tra|Trung tâm|Chi cục|Cục|Ban|Tổ|Viện|Hội|Đoàn|Công đoàn|Đảng uỷ|Đảng ủy"
    r"|Sở)\b.*|.*\b(?:Office|Division|Department|Inspectorate|Centre|Center|Unit|Board|Section|Branch)\b.*"
)
SIGNED = re.compile(rf"^\W*(?P<names>{NAME}(?:\s*(?:,|và|and|&)\s*{NAME})*)\s*[-–—,]\s*(?P<unit>{UNIT})$")
# "(thực hiện)", "(t/h)" behind a name; without the first sign, as the line may stand in brackets itself.
ROLE = re.compile(r"\s*\((?:thực hiện|t/?h|tổng hợp|ghi|biên tập|sưu tầm|st)\W*$", re.I)
NAMES = re.compile(rf"^{NAME}(?:\s*(?:,|và|and|&|-|–)\s*{NAME})*$")
LONGEST = 24  # words: two names and the longest unit's name; a sentence is longer or ends in a full stop
SENTENCE_ENDS = (".", "…", "!", "?", ":", ";")
LAST = 3  # a signature may be followed by a line or two about attached files


def byline(text: str) -> tuple[str, str] | None:
    """Author and unit that a line names; None when it is no such line."""
    stripped = text.strip(" ()[]*")
    line = ROLE.sub("", LABEL.sub("", stripped))
    labelled = line != stripped
    if len(line.split()) > LONGEST or (line.endswith(SENTENCE_ENDS) and not labelled):
        return None
    line = line.rstrip(". ")
    found = SIGNED.match(line)
    if found and capitalised(found["names"]):
        return found["names"].strip(), found["unit"].strip()
    return (line, "") if labelled and NAMES.match(line) and capitalised(line) else None


def capitalised(names: str) -> bool:
    """Every part of a name starts with a capital letter."""
    words = re.findall(r"[^\W\d_][\w.’']*", re.sub(r"\b(?:và|and)\b", " ", names))
    return all(word[0].isupper() for word in words)


def signed(blocks: Sequence[Block]) -> tuple[int, tuple[str, str]] | None:
    """Which of the last blocks is the signature, and what it says."""
    lines = [place for place, block in enumerate(blocks) if block.kind in ("text", "heading") and block.text]
    for place in reversed(lines[1:][-LAST:]):
        found = byline(blocks[place].text) or right_aligned_name(blocks[place])
        if found:
            return place, found
    return None


def right_aligned_name(block: Block) -> tuple[str, str] | None:
    around = (block.tag, block.tag.getparent())
    look = " ".join(attribute(tag, name) for tag in around for name in ("class", "style", "align"))
    line = block.text.strip(" ()*")
    named = re.search(r"right|author|tac-gia", look) and len(line.split()) <= 8
    return (line, "") if named and NAMES.match(line) and capitalised(line) else None
