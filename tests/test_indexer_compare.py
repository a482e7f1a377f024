"""What differs between two versions?"""

from dataclasses import replace

import pytest

from indexer.article import Attachment
from indexer.clock import now
from indexer.compare import Piece, Row, changed_zones, compare, rows
from indexer.store.articles import Version

OLD = Version(
    1, now(), None, "Đơn giá", "Sở công bố đơn giá.", "Xi măng giá 1.450 đồng.\nHết.", ("Một kho xi măng",),
    (Attachment("http://a.test/1.pdf", "Phụ lục", digest="1", text="Dòng một.\nDòng hai."),),
)  # fmt: skip


def kinds(found: tuple[Row, ...]) -> list[str]:
    return [row.kind for row in found]


def side(found: tuple[Row, ...], *wanted: str) -> str:
    return "\n".join("".join(piece.text for piece in row.pieces if piece.kind in wanted) for row in found)


def test_a_changed_sentence_shows_the_words_that_came_and_went() -> None:
    found = rows("Xi măng giá 1.450 đồng. Cát giữ giá.", "Xi măng giá 1.520 đồng. Cát giữ giá.")
    assert kinds(found) == ["changed", "same"]
    assert [piece for piece in found[0].pieces if piece.text.strip() and piece.kind != "same"] == [
        Piece("removed", "1.450"),
        Piece("added", "1.520"),
    ]


def test_sentences_that_came_and_went_are_told_as_a_whole() -> None:
    assert kinds(rows("Sở họp bàn. Hết.", "Hết. Phòng nộp báo cáo.")) == ["removed", "same", "added"]
    assert kinds(rows("", "Một câu.")) == ["added"]
    assert kinds(rows("Một câu.", "Một câu.")) == ["same"]


def test_both_versions_can_be_read_out_of_a_comparison() -> None:
    old = "Sở họp. Phòng A báo cáo quý I. Phòng B vắng. Kết luận: giao việc."
    new = "Sở họp khẩn. Phòng A báo cáo quý II. Kết luận: giao thêm việc. Hết."
    found = rows(old, new)
    assert "".join(side(found, "same", "removed").split()) == "".join(old.split())
    assert "".join(side(found, "same", "added").split()) == "".join(new.split())


@pytest.mark.parametrize(
    ("changes", "zones"),
    [
        ({}, ()),
        ({"title": "Đơn giá mới"}, ("title",)),
        ({"lead": "", "body": "Khác."}, ("lead", "body")),
        ({"captions": ()}, ("captions",)),
        ({"attachments": (replace(OLD.attachments[0], digest="2"),)}, ("attachments",)),
        ({"attachments": (replace(OLD.attachments[0], text="Đọc lại bằng máy khác."),)}, ()),
    ],
)
def test_what_changed_is_told_by_zone(changes: dict[str, object], zones: tuple[str, ...]) -> None:
    assert changed_zones(OLD, OLD._replace(**changes)) == zones  # type: ignore[arg-type]


def test_files_are_compared_by_their_addresses() -> None:
    new = OLD._replace(
        attachments=(
            replace(OLD.attachments[0], digest="2", text="Dòng một.\nDòng ba."),
            Attachment("http://a.test/2.pdf", "Biểu mẫu"),
        )
    )
    parts = {part.name: part for part in compare(OLD, new) if part.zone == "attachments"}
    assert kinds(parts["Phụ lục"].rows) == ["same", "same", "changed"]
    assert kinds(parts["Biểu mẫu"].rows) == ["added"]
    assert [part.zone for part in compare(OLD, new) if part.differs] == ["attachments", "attachments"]


def test_texts_that_would_take_too_long_are_told_as_taken_out_and_put_in() -> None:
    old, new = ("\n".join(f"{mark} {number}" for number in range(2_000)) for mark in "ab")
    found = rows(old, new)
    assert set(kinds(found)) == {"removed", "added"} and len(found) == 4_000
