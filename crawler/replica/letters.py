"""How was Vietnamese written before Unicode?  In three ways, one to each article of the oldest system (pure)."""

import re
import unicodedata
from collections.abc import Mapping

from crawler.replica.content import ReplicaArticle
from crawler.replica.pages import Answer
from indexer.language.legacy import TCVN3, VNI

TONES = "\u0300\u0301\u0303\u0309\u0323"
SIGNS = "–“”…²³"  # the codes of both fonts leave these alone
PLAIN, FONTS = "windows-1258", "windows-1252"  # under the second label the codes of a font stay what they are
LABEL = re.compile("charset=([a-z0-9-]+)")
# An old font's name -> how it writes each letter.
FACES: Mapping[str, Mapping[str, str]] = {
    ".VnTime": {chr(letter): chr(code) for code, letter in TCVN3.items()},
    "VNI-Times": {letter: written for written, letter in VNI.items()},
}
WAYS = ("", *FACES)


def face_of(article: ReplicaArticle) -> str:
    """The old font in which an article was typed; empty for the code page of Windows."""
    return WAYS[article.node % len(WAYS)]


def charset(article: ReplicaArticle) -> str:
    return FONTS if face_of(article) else PLAIN


def in_font(article: ReplicaArticle, text: str) -> tuple[str, str]:
    """A text's font and codes; as it is where the font lacks one of its letters."""
    face = face_of(article)
    written = FACES.get(face, {})
    if not face or not all(each.isascii() or each in SIGNS or each in written for each in text):
        return "", text
    return face, "".join(written.get(each, each) for each in text)


def as_labelled(answer: Answer) -> Answer:
    """A page in the letters that its own head names; its server names none."""
    if not answer.media_type.startswith("text/html"):
        return answer
    text = answer.body.decode()
    label = LABEL.search(text)
    body = windows_1258(text) if label is None or label[1] == PLAIN else text.encode(label[1], "xmlcharrefreplace")
    return answer._replace(body=body, media_type="text/html")


def windows_1258(text: str) -> bytes:
    """As old Windows wrote it: the hat in the letter, the tone behind it."""
    apart = ""
    for letter in unicodedata.normalize("NFC", text):
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in TONES)
        apart += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tone)) + tone
    return apart.encode("windows-1258", "xmlcharrefreplace")
