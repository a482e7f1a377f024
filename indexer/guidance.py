"""May the rules that an article tells have changed since?  (pure)"""

import re
from datetime import date

from indexer.article import Article, shown_date

# Decrees on construction, housing and land were amended or replaced every one to three years.
YEARS = 2
# What titles of guidance say; news that only mention a rule are none.
TITLES = re.compile(
    r"\b(?:hướng dẫn|thủ tục|trình tự|quy trình|hồ sơ (?:gồm|đề nghị|cần)|điều kiện|quy định|mức (?:phạt|thu|hỗ trợ)|"
    r"giải đáp|hỏi đáp|cần biết|lệ phí|đối tượng|tiêu chuẩn|cấp (?:giấy )?phép|cấp chứng chỉ|"
    r"guid(?:e|ance|elines?)|procedures?|how to|requirements?|regulations?|eligib\w+|fees?|conditions? for)\b",
    re.IGNORECASE,
)


def may_have_changed(article: Article, today: date) -> bool:
    """Guidance of some age; one without a date is not judged."""
    told = shown_date(article)
    return told is not None and (today - told).days > YEARS * 365 and TITLES.search(article.title) is not None
