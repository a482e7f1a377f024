"""How do figures become CSV that a spreadsheet shows and never works out?  (pure)"""

import csv
import io
from collections.abc import Iterable

# What a spreadsheet takes for a formula; the wide signs too, where the system writes Chinese or Japanese.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BOM = "\ufeff"  # without it Excel reads UTF-8 as an old code


def line(cells: Iterable[object]) -> str:
    """One row; text that looks like a formula stands behind an apostrophe, an unknown number is empty."""
    written = io.StringIO()
    csv.writer(written).writerow([harmless(each) if isinstance(each, str) else each for each in cells])
    return written.getvalue()


def begun(bom: str | None) -> str:
    """What a file begins with: the mark that Excel wants, where ``bom=1`` asks for it."""
    return BOM if bom == "1" else ""


def harmless(text: str) -> str:
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
