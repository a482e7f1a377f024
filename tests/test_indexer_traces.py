"""Are the words of a destroyed article taken out of all that holds them, and no others?"""

import unicodedata

import pytest

from indexer.traces import GAP, holds, told_without, traces, without

TITLE = "Khởi công dự án nhà ở xã hội tại phường Lương Văn Tri"
WANTED = traces([TITLE], ["dự án nhà ở xã hội khác"])
PERCENT = "Kh%E1%BB%9Fi%20c%C3%B4ng%20d%E1%BB%B1%20%C3%A1n%20nh%C3%A0%20%E1%BB%9F"
JSON = r"Kh\u1edfi c\u00f4ng d\u1ef1 \u00e1n nh\u00e0 \u1edf"


def test_only_runs_that_stand_nowhere_else_are_traces() -> None:
    assert ("khởi", "công", "dự", "án", "nhà") in WANTED
    assert ("dự", "án", "nhà", "ở", "xã") not in WANTED
    assert traces([TITLE], ["KHỞI CÔNG, dự án nhà ở xã hội (tại phường Lương Văn Tri)."]) == frozenset()


@pytest.mark.parametrize(
    ("page", "left"),
    [
        (f"<p>Trước {TITLE} sau</p>", f"<p>Trước {GAP} sau</p>"),
        (f'<a title="{TITLE}" href="/1">Xem</a>', f'<a title="{GAP}" href="/1">Xem</a>'),
        ("Khởi <b>công</b> dự án nhà mới", f"{GAP} <b>{GAP}</b> {GAP} mới"),
        ("Kh&#7903;i c&ocirc;ng d&#x1EF1; &aacute;n nh&agrave; m", f"{GAP} m"),
        (unicodedata.normalize("NFD", f"xem {TITLE}."), f"xem {GAP}."),
        (f"KHỞI\u00adCÔNG {TITLE.upper()} xem", f"KHỞI\u00adCÔNG {GAP} xem"),
        (f"share?t={PERCENT}&u=1", f"share?t={GAP}&u=1"),
        (f"share?t={PERCENT.replace('%20', '+')}&u=1", f"share?t={GAP}&u=1"),
        (f'{{"headline":"{JSON}"}}', f'{{"headline":"{GAP}"}}'),
        (f"{TITLE}, {TITLE}", GAP),
    ],
)
def test_runs_are_found_however_they_are_written_and_leave_a_gap(page: str, left: str) -> None:
    assert holds(page, WANTED)
    assert without(page, WANTED) == left
    assert not holds(left, WANTED)


@pytest.mark.parametrize("page", ["", "<p>Dự án nhà ở xã hội khác</p>", "Khởi công dự án", "%C3%28 &xx; \\ud800 <"])
def test_other_words_stay(page: str) -> None:
    assert not holds(page, WANTED)
    assert without(page, WANTED) == page


def test_values_keep_their_shape() -> None:
    told = {"line": f"new: {TITLE}", "count": 3, "more": [TITLE, None, True]}
    assert told_without(told, WANTED) == {"line": f"new: {GAP}", "count": 3, "more": [GAP, None, True]}
