"""Which places does a text name?  Only with a kind word, or by a name that is a place's alone."""

import pytest

from indexer.article import Article
from indexer.language.places import find_places, former_titles, gazetteer
from tests.conftest import Archive


@pytest.mark.parametrize(
    ("line", "titles"),
    [
        ("Đường vào xã Mẫu Sơn được mở rộng.", ["xã Mẫu Sơn"]),
        ("UBND huyện Cao Lộc và huyện Văn Lãng", ["huyện Cao Lộc", "huyện Văn Lãng"]),
        ("các huyện Cao Lộc, Văn Lãng và Tràng Định", ["huyện Cao Lộc", "huyện Văn Lãng", "huyện Tràng Định"]),
        ("TP. Lạng Sơn", ["thành phố Lạng Sơn"]),
        ("XÃ MẪU SƠN", ["xã Mẫu Sơn"]),
        ("Phường Lương Văn Tri", ["phường Lương Văn Tri"]),
        ("đường Lương Văn Tri, đồng chí Lương Văn Tri", []),
        ("Cao Loc District, Mau Son commune", ["huyện Cao Lộc", "xã Mẫu Sơn"]),
        ("cao lộc biếc", []),
    ],
)
def test_a_place_counts_only_by_its_kind_word_or_an_unambiguous_name(line: str, titles: list[str]) -> None:
    assert [mention.title for mention in find_places(line)] == titles


def test_the_characters_of_a_mention_hold_its_kind_and_name() -> None:
    line = "Tại xã Mẫu Sơn, huyện Lộc Bình"
    assert [line[mention.start : mention.end] for mention in find_places(line)] == ["xã Mẫu Sơn", "huyện Lộc Bình"]


def test_every_place_says_where_it_is_known_from_and_its_days_are_in_order() -> None:
    for place in gazetteer().values():
        assert place.source
        assert not (place.begins and place.ends) or place.begins <= place.ends, place.id


def test_a_former_name_is_offered_as_a_chip_and_can_be_taken_out(archive: Archive) -> None:
    new = next(
        each.title for each in gazetteer().values() if each.kind in ("xã", "phường") and former_titles(each.title)
    )
    old = former_titles(new)[0]
    archive.put(
        Article("http://soxd.replica.test/1", title=f"Tin ở {old}"),
        Article("http://soxd.replica.test/2", title=f"Tin ở {new}"),
    )
    assert set(archive.titles(new)) == {f"Tin ở {old}", f"Tin ở {new}"}
    chip = next(each for each in archive.ask(new).interpretation.chips if each.why == "former")
    assert old in chip.meaning
    assert archive.titles(new, without=(chip.id,)) == [f"Tin ở {new}"]


def test_places_are_a_facet_that_narrows(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Cấp nước ở huyện Cao Lộc"),
        Article("http://soxd.replica.test/2", title="Cấp nước ở huyện Cao Lộc và xã Mẫu Sơn"),
        Article("http://soxd.replica.test/3", title="Cấp nước"),
    )
    counted = dict(archive.ask("cấp nước").facets["place"])
    assert counted == {"huyện Cao Lộc": 2, "xã Mẫu Sơn": 1}
    narrowed = archive.ask("cấp nước", facets={"place": ("xã Mẫu Sơn",)})
    assert [hit.kept.article.title for hit in narrowed.hits] == ["Cấp nước ở huyện Cao Lộc và xã Mẫu Sơn"]


def test_a_place_is_found_without_accents_in_an_english_question(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="Nhà ở xã hội tại Lạng Sơn"))
    assert archive.titles("social housing in Lang Son") == ["Nhà ở xã hội tại Lạng Sơn"]
