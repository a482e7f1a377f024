"""Which terms stand in an article, and what are they called in the other language?"""

from indexer.article import Article
from indexer.glossary import load
from indexer.glossary.typed import read_table
from indexer.recognised import MOST, recognised
from indexer.store import words
from indexer.wordbook import glossary_of
from tests.conftest import Archive


def told(body: str, language: str = "vi") -> dict[str, str]:
    return {each.written: each.gloss for each in recognised(Article("", body=body, language=language), load())}  # type: ignore[arg-type]


def test_terms_are_told_as_they_are_written_with_their_usual_name() -> None:
    found = told("Nhà ở xã hội do Sở Xây dựng thẩm định.")
    assert found["Nhà ở xã hội"] == "social housing"
    assert found["Sở Xây dựng"] == "Department of Construction"


def test_an_abbreviation_is_spelled_out_and_only_where_it_is_written_as_one() -> None:
    found = recognised(Article("", body="Công tác GPMB còn chậm."), load())
    assert [(each.written, each.full.lower()) for each in found] == [("GPMB", "giải phóng mặt bằng")]
    assert "gpmb" not in told("công tác gpmb")


def test_english_articles_get_vietnamese_names() -> None:
    assert told("The province builds social housing for workers.", "en")["social housing"].lower() == "nhà ở xã hội"


def test_a_term_without_a_name_in_the_other_language_is_not_told(archive: Archive) -> None:
    lines, bad = read_table("Lễ hội Bản Khiếng|Hội Bản Khiếng\t\tLHBK\n\tKhieng cup\tKC\n")
    assert (len(lines), bad) == (2, [])
    with archive.store.write() as connection:
        words.add(connection, lines, "lan")
    own = glossary_of(archive.store)
    for body, language in (("Hội Bản Khiếng mở, LHBK đông người.", "vi"), ("The Khieng cup begins.", "en")):
        assert recognised(Article("", body=body, language=language), own) == []  # type: ignore[arg-type]


def test_long_texts_get_a_short_list() -> None:
    names = [entry.vi[0] for entry in load().entries if not entry.general][:400]
    assert len(recognised(Article("", body=". ".join(names)), load())) == MOST
    assert told("x" * 10_000) == {}
