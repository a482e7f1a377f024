"""What does an archive teach about its words, and when?"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from indexer import build
from indexer.article import Article
from indexer.learn import EVERY, is_due, learn, learn_when_due
from indexer.searcher import lesson_of
from indexer.store import lessons
from indexer.store.lessons import Lesson, Taught
from tests.conftest import Archive

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def put(archive: Archive, *bodies: str) -> None:
    archive.put(*(Article(f"http://soxd.replica.test/{n}", body=body) for n, body in enumerate(bodies)))


def taught(archive: Archive) -> Lesson:
    learn(archive.store, archive.engine, archive.engine.columns())
    return lesson_of(archive.store, archive.engine.columns())


def test_syllables_that_are_joined_often_and_mostly_are_a_word_of_the_archive(archive: Archive) -> None:
    put(archive, *(f"Đại biểu tham dự hội thảo lần {n}." for n in range(6)))
    known = taught(archive).compounds
    assert "hội thảo" in known
    assert "thảo lần" not in known


def test_a_word_of_few_articles_is_not_learnt(archive: Archive) -> None:
    put(archive, *(f"Đại biểu tham dự hội thảo lần {n}." for n in range(4)))
    assert "hội thảo" not in taught(archive).compounds


def test_a_learnt_word_stands_side_by_side_in_what_is_found(archive: Archive) -> None:
    put(archive, *(f"Tiểu cảnh thứ {n} trong vườn." for n in range(6)), "Cảnh đẹp, tiểu khu sạch.")
    learn(archive.store, archive.engine, archive.engine.columns())
    asked = archive.ask("tieu canh")
    assert [unit.kind for unit in asked.interpretation.question.units] == ["compound"]
    assert asked.total == 6


def test_accents_are_learnt_by_how_often_syllables_and_pairs_are_written_so(archive: Archive) -> None:
    put(archive, *["Quy hoạch chung."] * 3, "Quý khách.", "Quý khách.", "quỹ đất")
    known = taught(archive).accents or {}
    assert known["quy", "hoach"] == ((("quy", "hoạch"), 3),)
    assert [spelled for spelled, _ in known[("quy",)]] == [("quy",), ("quý",)], "once is as likely a slip"


def test_a_pair_never_reaches_over_the_border_of_an_article(archive: Archive) -> None:
    put(archive, "Cát", "Nghiền", "Cát", "Nghiền")
    assert ("cat", "nghien") not in (taught(archive).accents or {})


def test_a_lesson_is_kept_whole(archive: Archive) -> None:
    given = Lesson(frozenset({"hội thảo"}), {("quy", "hoach"): ((("quy", "hoạch"), 3), (("quỹ", "hoạch"), 1))})
    with archive.store.write() as connection:
        number = lessons.save(connection, given, 7)
    with archive.store.read() as connection:
        kept = lessons.read(connection, number)
        assert (kept.compounds, kept.accents) == (given.compounds, given.accents)
        assert lessons.newest(connection) == number
        assert lessons.read(connection, number + 1).compounds == frozenset()


def test_a_lesson_is_due_first_then_weekly_and_when_the_archive_grew_by_a_tenth(
    set_clock: Callable[[datetime], None],
) -> None:
    set_clock(NOON)
    assert is_due(None, 1) and not is_due(None, 0)
    assert not is_due(Taught(1, NOON, 100), 109)
    assert is_due(Taught(1, NOON, 100), 111)
    assert is_due(Taught(1, NOON - EVERY - timedelta(minutes=1), 100), 101)
    assert not is_due(Taught(1, NOON - 2 * EVERY, 100), 100), "nothing new, nothing to learn"


def test_learning_when_due_learns_once(archive: Archive) -> None:
    assert not learn_when_due(archive.store, archive.engine), "there is no index yet"
    put(archive, "Cát nghiền.")
    assert learn_when_due(archive.store, archive.engine)
    assert not learn_when_due(archive.store, archive.engine)


def test_a_rebuild_and_an_update_keep_the_newest_lesson_and_the_answers(archive: Archive) -> None:
    put(archive, *(f"Tiểu cảnh thứ {n} trong vườn." for n in range(6)), "Cảnh đẹp, tiểu khu sạch.")
    learn(archive.store, archive.engine, archive.engine.columns())
    before = [(hit.kept.id, hit.score) for hit in archive.ask("tieu canh").hits]
    build.rebuild(archive.store, archive.engine)
    assert [(hit.kept.id, hit.score) for hit in archive.ask("tieu canh").hits] == before
    archive.put(Article("http://soxd.replica.test/new", body="Tin khác."))
    assert archive.ask("tieu canh").total == 6
