"""An article in which everything that can break a format stands in every field."""

from datetime import UTC, datetime

from indexer.article import Article, Attachment

MARKUP = "<script>alert(1)</script> & </title> \"quoted\" 'single'"
TEX = r"50% of $x_1 \input{secret} #1 ~ ^ {unclosed @misc{fake, title={gotcha}}"
RIS = "ER  - \nTY  - JOUR\nTI  - gotcha"
TURNED = "\u202etxt.exe\u2066 cmd\u2069\u200f"
FORMULA = "=cmd|' /C calc'!A0"
LONG = "x" * 10_000
EVIL = " ".join((FORMULA, MARKUP, TEX, RIS, TURNED, LONG))

HOSTILE = Article(
    "https://soxd.replica.test/}{/a?b=%1&c=<d>",
    title=EVIL,
    lead=EVIL,
    body=f"hiểm họa nhà ở\n{EVIL}",
    captions=(EVIL,),
    attachments=(Attachment("javascript:alert(1)", EVIL),),
    author=EVIL,
    unit="@SUM(1+1)",
    section="+1",
    published=datetime(2024, 5, 6, 7, tzinfo=UTC),
)
