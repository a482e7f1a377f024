"""Do trends and lists count what a search for the same question finds?"""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from indexer import access, counting, trends
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.glossary import load
from indexer.lists import Reading, Table, table, terms_of
from indexer.query import Query
from indexer.search import search
from indexer.searcher import searcher_of
from tests.conftest import Archive

SYLLABLES = "nhà nha ở xã hội quy hoạch đất đai cầu đường thành phố Hòa 2024 15 plan NOXH".split()
SECTIONS = ("Tin tức", "Quy hoạch", "")


def day(rng: random.Random) -> datetime | None:
    return datetime(rng.randint(2019, 2024), rng.randint(1, 12), 9, tzinfo=UTC) if rng.random() < 0.8 else None


@pytest.fixture
def filled(archive: Archive) -> Archive:
    """Some generated articles, one of them restricted and one merged away."""
    rng = random.Random(5)
    numbers = archive.put(
        *(
            Article(
                f"http://soxd.replica.test/{number}",
                title=" ".join(rng.choices(SYLLABLES, k=3)),
                body=" ".join(rng.choices(SYLLABLES, k=40)) + ".",
                section=rng.choice(SECTIONS),
                published=day(rng),
            )
            for number in range(80)
        )
    )
    with archive.store.write() as connection:
        access.restrict(connection, numbers[3], "admin", "a complaint")
    return archive


def questions(rng: random.Random) -> Iterator[Query]:
    for _ in range(40):
        line = " ".join(rng.choices(SYLLABLES, k=rng.choice((1, 1, 2, 3))))
        line = rng.choice((line, line, f'"{line}"', f"{line} -cầu", f"tiêu-đề:{line}", f"{line} OR đường", "…"))
        yield Query(
            q=line,
            first=rng.choice((None, None, date(2020, 3, 9))),
            last=rng.choice((None, None, date(2023, 5, 20))),
            undated=rng.choice((None, None, None, False, True)),
            exact=rng.random() < 0.2,
            facets=rng.choice(({}, {}, {"section": ("Tin tức",)}, {"section": ("-Tin tức",)}, {"year": ("2021",)})),
        )


def found(archive: Archive, query: Query) -> int:
    return search(query, archive.store, archive.engine.columns(), load()).total


def counted(archive: Archive, query: Query, *asked: str, by: counting.By = "month") -> trends.Trends:
    return trends.trends(query, asked, by, searcher_of(archive.store, archive.engine.columns(), load()))


def listed(archive: Archive, *terms: str, reading: Reading = "whole", seconds: float = 60) -> Table:
    return table(Query(), terms, reading, searcher_of(archive.store, archive.engine.columns(), load()), seconds)


def test_what_is_counted_is_what_a_search_finds(filled: Archive) -> None:
    rng = random.Random(9)
    met = 0
    for query in questions(rng):
        told = counted(filled, query, query.q, by=rng.choice(("month", "year")))
        (each,) = told.series
        results = search(query, filled.store, filled.engine.columns(), load())
        assert (each.total, each.left_out) == (results.total, results.undated), query
        for span, hits in zip(told.spans, each.hits, strict=True):
            if hits or (not query.undated and rng.random() < 0.05):
                assert found(filled, counting.narrowed(each.query, span)) == hits, (query, span)
        met += each.total
    assert met > 200


def test_rates_are_of_all_the_archive_holds_of_the_span(archive: Archive) -> None:
    archive.put(
        *(
            Article(f"http://soxd.replica.test/{n}", title="cầu" if n < 2 else "khác", published=datetime(2024, 1, 5))
            for n in range(8)
        ),
        Article("http://soxd.replica.test/later", title="cầu", published=datetime(2024, 3, 5)),
        Article("http://soxd.replica.test/undated", title="cầu"),
    )
    told = counted(archive, Query(), "cầu")
    assert told.spans == ("2024-01", "2024-02", "2024-03") and told.articles == (8, 0, 1)
    assert told.series[0].hits == (2, 0, 1)
    assert told.rates(told.series[0]) == [250.0, None, 1000.0]
    assert (told.undated, told.series[0].undated, told.series[0].total) == (1, 1, 4)
    yearly = counted(archive, Query(), "cầu", by="year")
    assert (yearly.spans, yearly.series[0].hits) == (("2024",), (3,))


def test_a_mistake_in_one_question_leaves_the_others_alone(archive: Archive) -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    words = " ".join(f"x{a}{b}{c}" for a in letters for b in letters for c in letters[:4])
    archive.put(Article("http://soxd.replica.test/1", title="cầu", body=words, published=datetime(2024, 1, 5)))
    first, broken, last = counted(archive, Query(), "cầu", "x*", 'cầu "').series
    assert (first.total, last.total) == (1, 1)
    assert broken.mistake and "x*" in str(broken.mistake) and broken.hits == (0,)
    assert last.interpretation and last.interpretation.problems


def test_very_long_archives_are_told_by_year(archive: Archive) -> None:
    years = (1950, 2024)
    archive.put(*(Article(f"http://soxd.replica.test/{y}", title="cầu", published=datetime(y, 5, 5)) for y in years))
    told = counted(archive, Query(), "cầu")
    assert told.by == "year" and len(told.spans) == 75
    assert counted(archive, Query(first=date(2024, 1, 1)), "cầu").by == "month"


def test_an_archive_without_dates_has_nothing_to_draw(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="cầu"))
    told = counted(archive, Query(), "cầu")
    assert (told.spans, told.series[0].total) == ((), 1)


@pytest.mark.parametrize("reading", ["whole", "words"])
def test_a_list_counts_each_line_as_a_search_does(filled: Archive, reading: Reading) -> None:
    terms = ("nhà ở xã hội", "nha o xa hoi", "quy hoạch đường", "cầu đất", "NOXH", "Hòa thành")
    told = listed(filled, *terms, reading=reading)
    assert [row.text for row in told.rows] == list(terms)
    for row in told.rows:
        assert row.total == found(filled, row.query) == sum(row.years.values()) + row.undated
        for year, hits in row.years.items():
            assert found(filled, counting.narrowed(row.query, str(year))) == hits
    either = " OR ".join(f"({row.query.q})" for row in told.rows)
    assert told.together.total == found(filled, Query(q=either))


def test_a_line_is_read_as_the_term_it_is_else_as_a_phrase(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Dự án NOXH của ông Trần Văn Bình"),
        Article("http://soxd.replica.test/2", title="Ông Bình, ông Trần và ông Văn bàn về nhà ở xã hội"),
    )
    whole = listed(archive, "nhà ở xã hội", "Trần Văn Bình", 'ông "Trần" (Văn)').rows
    assert [(row.query.q, row.total) for row in whole[:2]] == [("nhà ở xã hội", 2), ('"Trần Văn Bình"', 1)]
    assert whole[2].total == 1
    words = listed(archive, "nhà ở xã hội", "Trần Văn Bình", reading="words").rows
    assert [(row.query.q, row.total) for row in words] == [("nhà ở xã hội", 2), ("Trần Văn Bình", 2)]


def test_a_line_that_finds_nothing_is_told_with_a_near_spelling(archive: Archive) -> None:
    archive.put(*(Article(f"http://soxd.replica.test/{n}", title="Quy hoạch đô thị") for n in range(3)))
    right, wrong, far = listed(archive, "quy hoạch", "quy hoạcn", "xyzzy").rows
    assert right.mended is None and far.mended is None
    assert wrong.total == 0 and wrong.mended and "hoạch" in wrong.mended.q
    assert found(archive, wrong.mended) == 3


def test_a_list_that_takes_too_long_is_told_to_be_uncounted(archive: Archive) -> None:
    archive.put(Article("http://soxd.replica.test/1", title="cầu"))
    (row,) = listed(archive, "cầu", seconds=-1).rows
    assert row.mistake and "took too long" in str(row.mistake)


def test_a_pasted_list_is_read_line_by_line() -> None:
    assert terms_of(" cầu \r\n\n\u202eđường\tlàng\ncầu") == ["cầu", "đường làng"]


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "at least one"),
        (" \n\u200b", "at least one"),
        ("\n".join(map(str, range(501))), "501 lines"),
        ("dài " * 60, "longer than 200"),
    ],
)
def test_a_list_that_cannot_be_counted_is_answered_with_a_sentence(pasted: str, sentence: str) -> None:
    with pytest.raises(KhotinError, match=sentence):
        terms_of(pasted)


def test_a_restricted_article_is_counted_nowhere(archive: Archive) -> None:
    _, hidden = archive.put(
        *(Article(f"http://soxd.replica.test/{n}", title="cầu", published=datetime(2024, 1, 5)) for n in range(2))
    )
    with archive.store.write() as connection:
        access.restrict(connection, hidden, "admin", "a complaint")
    told = counted(archive, Query(), "cầu")
    assert (told.series[0].hits, told.articles) == ((1,), (1,))
    assert listed(archive, "cầu").together.total == 1
