"""How is an article one object on a line, and how is it plain text to read?  (pure)"""

import json
from typing import Any

from indexer.clock import local_day
from indexer.personal import masked
from web.answers import article_answer
from web.citing.letters import plain
from web.citing.lines import dated, english, vietnamese
from web.taking.item import Item

TEXTS = ("lead", "body", "captions")
RULE = "\n" + "-" * 72 + "\n\n"
WITHHELD = {
    "vi": "(Bài chép từ báo: chỉ xuất trích đoạn. Toàn văn tại %s)",
    "en": "(Copied from a newspaper: only a passage is exported. Whole text at %s)",
}

CORRECTED = {"vi": "Đính chính ngày {:%d/%m/%Y}", "en": "Corrected on {:%d/%m/%Y}"}


def line(item: Item) -> str:
    """What the API tells of an article, and how to cite it."""
    written = json.dumps(told(item), ensure_ascii=False)
    for sign, escaped in LINE_ENDS.items():
        written = written.replace(sign, escaped)
    return written + "\n"


# Inside a JSON string these are allowed, but programs that read line by line may take them for ends of lines.
LINE_ENDS = {"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def told(item: Item) -> dict[str, Any]:
    answer = article_answer(item.kept)
    if not item.whole:
        answer |= {"lead": "", "body": "", "captions": [], "passages": list(item.passages)}
        answer["attachments"] = [each | {"text": ""} for each in answer["attachments"]]
    return answer | {
        "text_is": "full" if item.whole else "passage",
        "copied_from": item.reprint or None,
        "address": item.citation.address,
        "sha256": item.citation.digest,
        "accessed": item.citation.accessed.isoformat(),
    }


def failing_line(sentence: str) -> str:
    """A last object that tells, where the list ends too early."""
    return json.dumps({"error": sentence}, ensure_ascii=False) + "\n"


def reading(item: Item) -> str:
    """Title, where and when it stood, text, citation."""
    cited, article = item.citation, item.article
    about = [*cited.creators, cited.publisher, dated(cited, cited.spoken)]
    text = [article.lead, article.body] if item.whole else [*item.passages, WITHHELD[cited.spoken] % cited.address]
    cite = (vietnamese if cited.spoken == "vi" else english)(cited)
    parts = [cited.title, " · ".join(about), *corrected(item), *(plain(each) for each in text if each.strip()), cite]
    return "\n\n".join(parts) + "\n"


def corrected(item: Item) -> list[str]:
    """What was corrected by hand, a paragraph each above the text."""
    return [
        f"[{CORRECTED[item.citation.spoken].format(local_day(each.made_at))}] {each.field}: {plain(masked(each.text))}"
        for each in item.kept.corrections
    ]


def failing_text(sentence: str) -> str:
    return f"*** {sentence}\n"
