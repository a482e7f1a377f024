"""Does the concordance hold every occurrence, once, in the right order?  Against a slow reading of the articles."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from indexer import access, build
from indexer.article import Article, Attachment, Kept, shown_date
from indexer.concordance import SORTS, Line, Sort, lines, occurrences, ordered
from indexer.counting import Counted
from indexer.glossary import load
from indexer.language import collation, fold, words
from indexer.query import Query
from indexer.searcher import searcher_of
from indexer.store import articles
from indexer.zones import zone_texts
from tests.conftest import Archive

SYLLABLES = "nhà nha ở xã hội quy hoạch đất đai cầu cấu đường dường thành phố hòa hoà 2024 15 plan".split()
DAY = datetime(2024, 3, 1, 3, 0, tzinfo=UTC)


def article(number: int, body: str, **more: object) -> Article:
    return Article(f"http://soxd.replica.test/{number}", title=f"Bài {number}", body=body, **more)  # type: ignore[arg-type]


def ask(archive: Archive, q: str, sort: Sort = "left", **more: object) -> list[Line]:
    counted = counted_for(archive, q, **more)
    found = occurrences(counted)
    return lines(found, ordered(found, counted.matches.columns, sort).tolist(), counted, archive.store)


def counted_for(archive: Archive, q: str, **more: object) -> Counted:
    query = Query(q=q, **more)  # type: ignore[arg-type]
    return searcher_of(archive.store, archive.engine.columns(), load()).count(query)


def in_context(found: list[Line]) -> list[str]:
    return [f"{line.left}[{line.found}]{line.right}" for line in found]


def test_every_occurrence_stands_between_its_words(archive: Archive) -> None:
    archive.put(
        article(1, "Dự án nhà ở xã hội thứ nhất.\nNhà ở xã hội cho công nhân, nhà ở xã hội cho thuê."),
        article(2, "Quy hoạch đất đai."),
    )
    assert in_context(ask(archive, '"nhà ở xã hội"')) == [
        "Dự án [nhà ở xã hội] thứ nhất.",
        "Nhà ở xã hội cho công nhân, [nhà ở xã hội] cho thuê.",
        "[Nhà ở xã hội] cho công nhân, nhà ở xã hội cho thuê.",  # nothing before it: last
    ]
    assert [line.right for line in ask(archive, '"nhà ở xã hội"', "right")] == [
        " cho công nhân, nhà ở xã hội cho thuê.",
        " cho thuê.",
        " thứ nhất.",
    ]


def test_forms_are_those_of_the_search(archive: Archive) -> None:
    archive.put(article(1, "Ông Nguyễn Sỹ Tân và dự án NOXH, tức nhà ở xã hội."), article(2, "Cầu, cấu, cậu."))
    assert [line.found for line in ask(archive, "Nguyễn Sĩ Tân")] == ["Nguyễn Sỹ Tân"]
    assert sorted(line.found for line in ask(archive, "nhà ở xã hội")) == ["NOXH", "nhà ở xã hội"]
    chip = next(each.chip for unit in counted_for(archive, "nhà ở xã hội").units for each in unit.forms if each.chip)
    without = [line.found for line in ask(archive, "nhà ở xã hội", without=(chip,))]
    assert without in (["nhà ở xã hội"], ["NOXH", "nhà ở xã hội"]) and "nhà ở xã hội" in without
    assert sorted(line.found for line in ask(archive, "cau")) == ["Cầu", "cấu", "cậu"]
    assert [line.found for line in ask(archive, "cấu")] == ["cấu"]


def test_what_overlaps_is_one_occurrence_and_units_side_by_side_are(archive: Archive) -> None:
    archive.put(article(1, "Công bố giá vật liệu xây dựng tại Lạng Sơn; giá đất thì chưa."))
    found = [line.found for line in ask(archive, '"giá vật" "vật liệu xây" "dựng" giá')]
    assert sorted(found) == ["giá", "giá vật liệu xây dựng"]


def test_numbers_and_dates_are_shown_whole(archive: Archive) -> None:
    archive.put(article(1, "Theo Quyết định số 788/QĐ-UBND ký tháng 9 năm 2024 của tỉnh."))
    assert in_context(ask(archive, "788/QĐ-UBND")) == ["Theo Quyết định số [788/QĐ-UBND] ký tháng 9 năm 2024 của tỉnh."]
    (line,) = ask(archive, "tháng 09/2024")
    assert (line.found, line.right) == ("tháng 9 năm 2024", " của tỉnh.")
    assert ask(archive, "99/QĐ-UBND") == []
    archive.put(article(2, "Giá tháng 9/2024"))  # shorter than it was asked for, at the paragraph's end
    assert [line.found for line in ask(archive, "tháng 9 năm 2024")] == ["tháng 9/2024", "tháng 9 năm 2024"]
    assert [line.found for line in ask(archive, "giá tháng 9 năm 2024")] == ["Giá tháng 9/2024"]


def test_context_is_cut_between_words_and_never_beyond_the_paragraph(archive: Archive) -> None:
    archive.put(article(1, f"Đoạn trước.\n{'dài ' * 30}cầu{' xa' * 30}\nĐoạn sau."), article(2, f"{'x' * 9000} cầu"))
    first, second = sorted(ask(archive, "cầu"), key=lambda line: line.kept.id)
    assert set(first.left.split()) == {"dài"} and set(first.right.split()) == {"xa"}
    assert 50 < len(first.left) <= 60 and 50 < len(first.right) <= 60
    assert len(second.left) == 60


def test_filters_and_restrictions_hold(archive: Archive) -> None:
    numbers = archive.put(
        article(1, "cầu treo", published=DAY), article(2, "cầu dây", section="Tin"), article(3, "cầu")
    )
    assert [line.kept.id for line in ask(archive, "cầu", facets={"section": ("Tin",)})] == [numbers[1]]
    counted = counted_for(archive, "cầu")
    found = occurrences(counted)
    with archive.store.write() as connection:
        access.restrict(connection, numbers[0], "admin", "a complaint")
    order = ordered(found, counted.matches.columns, "left").tolist()
    late = lines(found, order, counted, archive.store)  # counted before it was restricted, read after
    assert sorted(line.kept.id for line in late) == numbers[1:]
    assert sorted(line.kept.id for line in ask(archive, "cầu")) == numbers[1:]


def test_a_text_that_changed_since_it_was_indexed_breaks_nothing(archive: Archive) -> None:
    archive.put(article(1, "một hai ba bốn năm cầu"))
    with archive.store.write() as connection:
        articles.save(connection, archive.source.id, article(1, "ngắn"), DAY)
    assert ask(archive, "cầu") == []


# Against a slow reading


def sentence(rng: random.Random) -> str:
    return " ".join(rng.choice(SYLLABLES) for _ in range(rng.randint(1, 25)))


def filled(archive: Archive, rng: random.Random) -> None:
    for _ in range(3):  # several segments, some of whose documents are replaced
        archive.put(
            *(
                Article(
                    f"http://soxd.replica.test/{rng.randrange(40)}",
                    title=sentence(rng),
                    lead=sentence(rng),
                    body="\n".join(sentence(rng) for _ in range(3)),
                    captions=(sentence(rng),),
                    attachments=(Attachment("http://soxd.replica.test/f", sentence(rng), text=sentence(rng)),),
                    published=DAY + timedelta(days=rng.randrange(30)) if rng.random() < 0.8 else None,
                )
                for _ in range(12)
            )
        )


Slow = tuple[int, str, str]


def slowly(archive: Archive, asked: list[str]) -> Iterator[Slow]:
    """Each occurrence of some syllables side by side: article, zone, words."""
    same = fold.key if any(fold.is_marked(each) for each in asked) else fold.bare_key
    wanted = [same(each) for each in asked]
    with archive.store.read() as connection:
        kept = articles.after(connection, 0, 10_000)
    for each in kept:
        for zone, text in zone_texts(each).items():
            for line in text.split("\n"):
                terms = [token.term for token in words.syllables(line)]
                found = [at for at in range(len(terms)) if [same(t) for t in terms[at : at + len(wanted)]] == wanted]
                for first, after in stretches(found, len(wanted)):
                    yield each.id, zone, " ".join(terms[first:after])


def stretches(starts: list[int], length: int) -> list[tuple[int, int]]:
    """Where so long stretches begin and end, overlapping ones as one."""
    out: list[tuple[int, int]] = []
    for start in starts:
        overlaps = out and start < out[-1][1]
        out.append((out.pop()[0] if overlaps else start, start + length))
    return out


def told(line: Line) -> tuple[int, str, str]:
    return line.kept.id, line.zone, " ".join(token.term for token in words.syllables(line.found))


def neighbours(line: Line) -> tuple[list[str], list[str]]:
    before = [collation.key(token.term) for token in words.syllables(line.left)][::-1]
    behind = [collation.key(token.term) for token in words.syllables(line.right)]
    return before, behind


def sort_key(line: Line, sort: Sort) -> object:
    before, behind = neighbours(line)
    near, far = (before, behind) if sort == "left" else (behind, before)
    last = "\U0010ffff"  # where the paragraph ends
    return [[*near, *[last] * 3][:3], [*far, last][:1]]


def newest_first(kept: Kept) -> tuple[bool, int, int]:
    day = shown_date(kept.article)
    return day is None, -day.toordinal() if day else 0, kept.id


@pytest.mark.parametrize("seed", [1, 2])
def test_a_slow_reading_finds_the_same(archive: Archive, seed: int) -> None:
    rng = random.Random(seed)
    filled(archive, rng)
    build.update(archive.store, archive.engine)
    met = 0
    for _ in range(25):
        asked = [rng.choice(SYLLABLES) for _ in range(rng.choice((1, 1, 2)))]
        slow, sort = list(slowly(archive, asked)), rng.choice(SORTS)
        quick = ask(archive, f'"{" ".join(asked)}"', sort)
        assert sorted(map(told, quick)) == sorted(slow), asked
        keys = [newest_first(line.kept) if sort == "date" else sort_key(line, sort) for line in quick]
        assert keys == sorted(keys), (asked, sort)  # type: ignore[type-var]
        met += len(slow)
    assert met > 500
