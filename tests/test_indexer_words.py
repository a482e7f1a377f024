"""Do the department's own words lie over the glossary as its entries do, and are questions counted without anybody in
them?"""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from indexer import asked, retest
from indexer.article import Article
from indexer.asked import Heard
from indexer.effects import effects
from indexer.glossary import load
from indexer.glossary.laid_over import OwnWords, cells, lay_over
from indexer.glossary.typed import KINDS, Line, line_of, own_words, read_table, written, wrong
from indexer.query import Query
from indexer.search import Results, search
from indexer.store import Store, missed, questions, words
from indexer.wordbook import glossary_of
from tests.conftest import Archive

SITE = "http://soxd.replica.test"
DAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
SetClock = Callable[[datetime], None]
HOUSING = Article(f"{SITE}/1", title="Khởi công nhà ở xã hội", body="Dự án nhà ở xã hội có 480 căn hộ.")
APART = Article(f"{SITE}/2", title="Bến bãi", body="Hạng mục cầu tạm, rồi bến thủy của cầu. Cầu và bến tạm.")
BESIDE = Article(f"{SITE}/3", title="Bến tạm", body="Mở bến thủy cầu tạm mới.")


def answered(archive: Archive, q: str) -> Results:
    return search(Query(q=q), archive.store, archive.engine.columns(), glossary_of(archive.store))


def say(archive: Archive, *lines: Line) -> None:
    with archive.store.write() as connection:
        words.add(connection, lines, "lan")


def test_a_term_of_their_own_is_found_by_all_its_names_under_the_rules_of_questions(archive: Archive) -> None:
    archive.put(HOUSING)
    assert answered(archive, "chỗ ở vừa túi tiền").total == 0
    say(archive, line_of({"vi": "nhà ở xã hội\nchỗ ở vừa túi tiền", "en": "pocket homes", "short": "COVTT"}))
    for question in ("chỗ ở vừa túi tiền", "cho o vua tui tien", "COVTT", "pocket homes", "dự án chỗ ở vừa túi tiền"):
        found = answered(archive, question)
        assert found.total == 1, question
        assert "nhà ở xã hội" in {chip.meaning for chip in found.interpretation.chips}, question
    assert answered(archive, '"chỗ ở vừa túi tiền"').total == 0  # in quotes nothing is widened
    with archive.store.write() as connection:
        words.remove(connection, words.every(connection)[0].id)
    assert answered(archive, "chỗ ở vừa túi tiền").total == 0


def test_a_shipped_term_that_is_switched_off_widens_nothing(archive: Archive) -> None:
    archive.put(HOUSING)
    assert answered(archive, "NOXH").total == 1
    entry = next(each for each in load().entries if "NOXH" in each.short)
    say(archive, Line("off", cells(entry)))
    assert answered(archive, "NOXH").total == 0
    assert load().by_short["noxh"], "the shipped glossary itself stays as it is"


def test_a_compound_counts_as_one_unit_at_once_and_one_that_stands_nowhere_is_read_as_its_words(
    archive: Archive,
) -> None:
    archive.put(APART, BESIDE)
    generation = archive.engine.columns().generation
    assert answered(archive, "bến thủy cầu tạm").total == 2
    say(archive, Line("compound", ("bến thủy cầu tạm", "", "")), Line("compound", ("cầu tạm bến thủy", "", "")))
    found = answered(archive, "mở bến thủy cầu tạm")
    assert [unit.text for unit in found.interpretation.question.units][-1] == "bến thủy cầu tạm"
    assert answered(archive, "bến thủy cầu tạm").total == answered(archive, "ben thuy cau tam").total == 1
    assert answered(archive, "cầu tạm bến thủy").total == 2
    assert archive.engine.columns().generation == generation


def test_the_effect_of_words_is_counted_before_they_are_kept(archive: Archive) -> None:
    archive.put(HOUSING)
    then = lay_over(own_words([line_of({"vi": "nhà ở xã hội|nhà ấm"})]))
    tried = effects(["nhà ấm", "nhà ấm", ""], archive.store, archive.engine.columns(), load(), then)
    assert [(each.question, each.before.total, each.after.total, each.more) for each in tried] == [("nhà ấm", 0, 1, 1)]
    assert answered(archive, "nhà ấm").total == 0
    assert lay_over(OwnWords()) is load()


def test_a_number_rises_with_every_change_of_the_words_and_with_nothing_else(store: Store) -> None:
    line = line_of({"vi": "a b|c d"})
    seen = []
    both = [line, line_of({"vi": "g h|i k"})]
    for change in (
        lambda c: words.add(c, [line], "lan"),
        lambda c: words.add(c, [line], "lan"),  # is there already
        lambda c: words.change(c, 1, line_of({"vi": "a b|e f"})),
        lambda c: words.remove(c, 1),
        lambda c: words.remove(c, 1),  # is gone already
    ):
        with store.write() as connection:
            change(connection)
            seen.append(words.number(connection))
    assert seen == [1, 1, 2, 3, 3]
    with store.write() as connection:
        assert [words.add(connection, both, "lan"), words.add(connection, both, "lan")] == [2, 0]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"vi": "một tên"}, "vi"),
        ({"short": "AB|CD"}, "vi"),
        ({"vi": "x " * 9 + "|y"}, "vi"),
        ({"vi": "a", "en": "=HYPERLINK()"}, "en"),
        ({"vi": "a", "short": "123"}, "short"),
        ({"vi": "|".join(f"tên {n}" for n in range(21))}, "vi"),
    ],
)
def test_what_is_no_good_entry_is_told_with_its_field(fields: dict[str, str], field: str) -> None:
    assert field in dict(wrong(line_of(fields)))


def test_a_table_is_read_as_it_was_written_and_its_bad_lines_are_told_by_number() -> None:
    lines = [
        line_of({"vi": "a b|c", "en": "x"}),
        Line("off", ("biên bản", "minutes", "")),
        Line("compound", ("d e", "", "")),
    ]
    assert read_table(written(lines)) == (lines, [])
    assert {line.kind for line in lines} == set(KINDS)
    good, bad = read_table("vi\ten\tshort\na\tb\n\nonly\nmột\t\t\n=1\t2\nc\td\tE\tnonsense\nĐúng\tright\n")
    assert [line.cells[:2] for line in good] == [("a", "b"), ("Đúng", "right")]
    assert [number for number, _ in bad] == [4, 5, 6, 7]


def test_spellings_of_one_question_are_one() -> None:
    assert len({asked.folded(each) for each in ("Hoà  Bình", "hòa bình?", "hoa binh", " HÒA BÌNH ")}) == 1
    assert asked.folded("nhà a") != asked.folded("nhà b")


def heard(text: str, place: str, missed: bool = True, at: datetime = DAY, took: float = 12) -> Heard:
    return Heard(text, at, missed, took, place)


def test_questions_add_up_by_day_and_visitors_are_told_apart_only_on_it(store: Store, set_clock: SetClock) -> None:
    set_clock(DAY)
    first_time = [heard("Nhà ấm", "A"), heard("nha am", "B")]
    for several in (first_time, [heard("nhà  ấm", "A"), heard("x", "A", False, took=40)]):
        with store.write() as connection:
            questions.note(connection, several)
    with store.read() as connection:
        found = questions.most_asked(connection, date(2026, 1, 1), date(2026, 1, 31), 2, 10)
        assert [(each.text, each.asked, each.missed, each.sessions) for each in found] == [("nhà ấm", 3, 3, 2)]
        assert questions.count_rare(connection, date(2026, 1, 1), date(2026, 1, 31), 2) == 1
        assert questions.days(connection, date(2026, 1, 1), date(2026, 1, 31)) == [(date(2026, 1, 5), 4, 3)]
        assert asked.median(questions.times(connection, date(2026, 1, 1), date(2026, 1, 31))) == 12
        salt = questions.salt_of_today
    with store.write() as connection:
        first = salt(connection)
    set_clock(DAY + timedelta(days=1))
    with store.write() as connection:
        questions.note(connection, [heard("nhà ấm", "A", at=DAY + timedelta(days=1))])
        assert salt(connection) != first
    with store.read() as connection:
        again = questions.most_asked(connection, date(2026, 1, 1), date(2026, 1, 31), 2, 10)[0]
        assert (again.asked, again.sessions) == (4, 3)
        visitors = connection.exec_driver_sql("SELECT count(*) FROM question_sessions").scalar()
        tables = "question_sessions question_salt questions question_days question_times missed_marks".split()
        rows = [row for name in tables for row in connection.exec_driver_sql(f"SELECT * FROM {name}")]
        kept = " ".join(str(value) for row in rows for value in row)
    assert repr(first)[2:-1] not in kept
    assert visitors == 1  # today's; yesterday's are forgotten
    assert " A " not in f" {kept} "
    assert "2026-01-05" in kept


def test_two_questions_of_one_visitor_cannot_be_put_together() -> None:
    assert asked.session(b"s", "A", "một") != asked.session(b"s", "A", "hai")
    assert asked.session(b"s", "A", "một") != asked.session(b"t", "A", "một")
    assert asked.session(b"s", "A", "một") == asked.session(b"s", "A", "một")


def test_missed_questions_are_asked_again_and_old_ones_forgotten(archive: Archive, set_clock: SetClock) -> None:
    set_clock(DAY)
    archive.put(HOUSING)
    with archive.store.write() as connection:
        questions.note(connection, [heard("nhà ấm", "A"), heard("thứ không ai có", "B"), heard("y*", "C")])
        missed.ignore(connection, asked.folded("thứ không ai có"), True)
        assert retest.is_due(connection)
    say(archive, line_of({"vi": "nhà ở xã hội|nhà ấm"}))
    told = retest.retest(archive.store, archive.engine.columns(), glossary_of(archive.store))
    assert told == {"tested": 2, "mended": 1}
    with archive.store.read() as connection:
        assert missed.count(connection) == {"open": 1, "mended": 1, "ignored": 1}
        mended = missed.inbox(connection, "mended", 10)[0]
        assert (mended.question.text, mended.found, mended.mended_at) == ("nhà ấm", 1, DAY)
    assert retest.forget_old(archive.store, 30) == 0
    set_clock(DAY + timedelta(days=31))
    assert retest.forget_old(archive.store, 30) == 1
    with archive.store.read() as connection:
        assert missed.count(connection) == {}
        assert connection.exec_driver_sql("SELECT count(*) FROM missed_marks").scalar() == 0


def test_filters_pages_and_switches_make_no_missed_question() -> None:
    assert not asked.is_question(Query(facets={"year": ("2024",)}))
    assert not asked.is_question(Query(q="nhà", page=2))
    assert asked.is_missed(Query(q="nhà"), 0)
    assert not asked.is_missed(Query(q="nhà"), 1)
    assert not asked.is_missed(Query(q="nhà", facets={"year": ("2024",)}), 0)
    assert not asked.is_missed(Query(q="nhà", exact=True), 0)
