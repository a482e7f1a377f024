"""Which titles are of one series?  What changes from month to month is left out of a title; the rest is its key (pure).

"Công bố giá vật liệu xây dựng tháng 9/2024" and "… tháng 10 năm 2024" have one key; a bare "Quyết định số 788/QĐ-UBND"
has none, for decisions that only differ in their numbers have nothing in common.
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from indexer.language import words

Key = tuple[str, ...]

FIGURE = re.compile(r"[\W\d_]*\d\w*|[ivx]{1,5}")
# Spelled numbers change only where they count: "tháng mười hai", "lần thứ ba"; "ba" alone may be anything.
COUNTED = frozenset("giêng chạp một hai ba bốn tư năm sáu bảy tám chín mười".split())
COUNTERS = frozenset("tháng quý tuần kỳ kì đợt lần thứ".split())
# They come with what changes: "tháng 9/2024" and "tháng 09 năm 2024" are written with and without them.
TIMES = COUNTERS | frozenset("năm ngày month quarter week year no".split())
MONTHS = frozenset(
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec".split()
)
# Words that say what a document is, and who issued it, but not what it is about.
EMPTY = frozenset(
    "quyết định số thông báo văn bản chỉ thị kế hoạch nghị tờ trình giấy mời về việc v của "
    "qđ tb nđ cp tt ttg ubnd hđnd sxd bxd kh nq tu ct cv decision notice plan of on the".split()
)
# A title that says less than this by itself is no name of a series.
LEAST_WORDS = 3


def series_key(title: str) -> Key:
    """The key of a title; empty when the title names no series."""
    return key_of([token.term for token in words.syllables(title)])


def key_of(terms: Sequence[str]) -> Key:
    """The key of a title whose syllables these are, in small letters."""
    kept: list[str] = []
    counting = False  # whether the term before counts, or is a number that was counted
    for term in terms:
        counted = counting and term in COUNTED
        if not (counted or changes(term)):
            kept.append(term)
        counting = counted or term in COUNTERS
    return tuple(kept) if sum(term not in EMPTY for term in kept) >= LEAST_WORDS else ()


@lru_cache(maxsize=65_536)  # the words of the titles of a whole archive
def changes(term: str) -> bool:
    """Whether a term is of the kind that changes from one issue of a series to the next."""
    return term in TIMES or term in MONTHS or FIGURE.fullmatch(term) is not None
