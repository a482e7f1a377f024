"""Does a question survive being written down again?"""

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from indexer.glossary import load
from indexer.question import All, Any, Node, Question, Without, understand
from indexer.units import Slot, Unit
from indexer.written import line_of

PIECES = (
    "cát", "cat", "đá vôi", "nhà ở xã hội", "nha o xa hoi", "Lạng Sơn", "social housing", "the", "NOXH", "là gì?", "và",
    "AND", "OR", "NOT", "-", "(", ")", ":", ".", ",", " - ", "Số:", "title:", "tiêu-đề:", "body:", "tác-giả:", "mục:",
    "section:", "nguồn:", "unit:", "number:", "place:", "date:", "ngày:2024", "2023-01..2024-06", "xây*", "c?t",
    "nghien~", '"cát đá"', "“đá cát”~5", "«vữa»", "788/QĐ-UBND", "15/2021", "nghị định 15/2021", "tháng 9/2024", "A",
    "quý III", "năm 2023", "m²", "1.250.000", "xã Mẫu Sơn", "Mẫu Sơn", "Tin tức", "xa-hoi", "V/v:", "😀", "1", "an",
    "to do", "-sỏi", "-(a b)",
)  # fmt: skip
ODD = (*PIECES, '"', "“", "”", "«", "»", "„", "~", "~3", "*", "?", "/", "%", "\\", "\u0301", "\u200b", "\n")
FIELD_NAMES = {piece for piece in PIECES if piece[:-1].isidentifier() and piece.endswith(":")} | {"tiêu-đề:"}


def shape(node: Node) -> object:
    """A tree without the places where its words stood."""
    if isinstance(node, All | Any):
        return type(node), tuple(shape(part) for part in node.parts)
    if isinstance(node, Without):
        return Without, shape(node.part)
    if isinstance(node, Unit):
        forms = tuple(form._replace(slots=tuple(map(unplaced, form.slots))) for form in node.forms)
        return replace(node, start=0, end=0, forms=tuple(forms))
    return node


def unplaced(slot: Slot) -> Slot:
    return slot._replace(pattern=replace(slot.pattern, start=0, end=0)) if slot.pattern else slot


def read(line: str) -> Question:
    return understand(line, load())


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("nhà ở xã hội", "nhà ở xã hội"),
        ("  cát   nghiền ", "cát nghiền"),
        ("cát OR đá", "(cát OR đá)"),
        ("cát AND đá", "cát AND đá"),
        ("cát NOT đá", "cát -đá"),
        ("cát -(đá OR sỏi)", "cát -(đá OR sỏi)"),
        ('tiêu-đề:"cát nghiền"', 'title:"cát nghiền"'),
        ("title:(nhà ở xã hội)", "title:(nhà ở xã hội)"),
        ("tác-giả:Hạnh", "author:Hạnh"),
        ("mục:Tin", 'section:"Tin"'),
        ("ngày:2024-02", "date:2024-02-01..2024-02-29"),
        ("số-hiệu:788", 'number:"788"'),
        ('địa-danh:"Mẫu Sơn"', 'place:"Mẫu Sơn"'),
        ("“đá cát”~5", '"đá cát"~5'),
        ("xây* nghien~", "xây* nghien~"),
        ("Số: 788/QĐ-UBND về cát?", "Số: 788/QĐ-UBND về cát?"),
        ('"cát', '"cát"'),
        ("", ""),
    ],
)
def test_a_line_is_written_in_its_simplest_form(line: str, written: str) -> None:
    assert line_of(read(line)) == written


def lines(seed: int, known: tuple[str, ...], gaps: tuple[str, ...]) -> Iterator[str]:
    """Lines put together from pieces at random; the name of a field touches what follows it."""
    pick = random.Random(seed)
    for _ in range(3_000):
        pieces = [pick.choice(known) for _ in range(pick.randint(1, 8))]
        yield "".join(piece + ("" if piece in FIELD_NAMES else pick.choice(gaps)) for piece in pieces)


def test_what_is_written_is_understood_as_what_it_came_from() -> None:
    for line in lines(6, PIECES, (" ",)):
        question = read(line)
        written = line_of(question)
        again = read(written)
        assert again.problems == (), (line, written)
        assert line_of(again) == written, line
        if not question.problems:
            assert shape(again.tree) == shape(question.tree), (line, written)


def test_any_line_can_be_written_however_odd() -> None:
    for line in lines(7, ODD, (" ", "")):
        understood = read(line_of(read(line)))
        assert len(understood.problems) <= len(read(line).problems) + 1, line
