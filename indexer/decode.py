"""What do the fetched bytes say, and what are they?  Labels are believed only after the bytes were asked."""

import codecs
import re
from typing import Literal

Sniffed = Literal["html", "pdf", "docx", "xlsx", "doc", "image", "zip", "other"]

MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
LABEL = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)
HEAD = 4_096  # a page that names its letters does so within its first kilobytes
TORN = 0.02  # a UTF-8 page cut or spoilt in places has fewer broken letters than this share


def decode(body: bytes, content_type: str = "") -> str:
    """Text of a page: by its byte order mark, else as UTF-8, else as labelled, else as old Windows."""
    for mark, encoding in MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for encoding in ("utf-8", *labels(body, content_type)):
        text = strictly(body, encoding)
        if text is not None:
            return text
    if mostly_utf8(body):
        return body.decode("utf-8", "replace")
    text = strictly(body, "windows-1258")
    return body.decode("windows-1252", "replace") if text is None else text


def labels(body: bytes, content_type: str) -> list[str]:
    """The encodings that the page itself and its header name."""
    places = (body[:HEAD], content_type.encode("ascii", "ignore"))
    return [found[1].decode("ascii", "ignore") for found in map(LABEL.search, places) if found]


def strictly(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def mostly_utf8(body: bytes) -> bool:
    text = body.decode("utf-8", "replace")
    foreign = sum(letter > "\x7f" for letter in text)
    return text.count("\ufffd") <= max(1, foreign * TORN) and foreign > text.count("\ufffd")


# What a file starts with -> what it is.
MAGIC: tuple[tuple[bytes, Sniffed], ...] = (
    (b"\xd0\xcf\x11\xe0", "doc"),
    (b"\xff\xd8\xff", "image"),
    (b"\x89PNG", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
)
PACKED: tuple[tuple[bytes, Sniffed], ...] = ((b"word/", "docx"), (b"xl/", "xlsx"))
TAG = re.compile(rb"<(!doctype\s+html|html|head|body|title|meta|div|table|p|script|a)\b", re.I)
FEED = re.compile(rb"<(rss|feed|urlset|sitemapindex)\b", re.I)
PDF_WITHIN = 1_024  # readers accept that much rubbish before the mark


def sniff(body: bytes, content_type: str = "") -> Sniffed:
    """What the bytes are, whatever the server or the file's ending calls them."""
    if b"%PDF-" in body[:PDF_WITHIN]:
        return "pdf"
    if body.startswith(b"PK\x03\x04"):
        return next((kind for name, kind in PACKED if name in body), "zip")
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image"
    for start, kind in MAGIC:
        if body.startswith(start):
            return kind
    return "html" if is_page(body[:HEAD], content_type) else "other"


def is_page(head: bytes, content_type: str) -> bool:
    head = head.replace(b"\x00", b"") if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else head
    if b"\x00" in head or FEED.search(head) or not head.strip():
        return False
    return bool(TAG.search(head)) or "html" in content_type.lower()
