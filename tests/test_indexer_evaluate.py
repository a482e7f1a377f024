"""Are answers measured as the literature measures them, and honestly?"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from indexer import evaluate
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.evaluate import Judged, measured
from indexer.glossary import load
from indexer.ranking import Weights
from tests.conftest import Archive


def files(folder: Path, questions: str, judgements: str) -> tuple[Path, Path]:
    queries, qrels = folder / "queries.jsonl", folder / "qrels.tsv"
    queries.write_text(questions, encoding="utf-8")
    qrels.write_text(judgements, encoding="utf-8")
    return queries, qrels


def test_three_figures_follow_their_definitions() -> None:
    judged = Judged("q", "cát", {"a": 2, "b": 1, "c": 1, "d": 0})
    found = measured(judged, ["d", "b", "x", "a"])
    assert found.mrr == 1 / 2
    assert found.recall == 2 / 3
    # gains 0, 1, 0, 2 at ranks 1 to 4 against the best possible 2, 1, 1
    assert found.ndcg == pytest.approx((1 / 1.584963 + 2 / 2.321928) / (2 + 1 / 1.584963 + 1 / 2))


def test_what_stands_behind_the_tenth_place_counts_for_recall_only() -> None:
    found = measured(Judged("q", "cát", {"a": 1}), [*"bcdefghijk", "a"])
    assert (found.mrr, found.ndcg, found.recall) == (0, 0, 1)


def test_questions_nobody_judged_are_left_out(tmp_path: Path) -> None:
    lines = '{"id": "1", "text": "cát"}\n\n{"id": 2, "text": "sỏi"}\n{"id": "3", "text": "đá"}\n'
    judged = evaluate.read_judged(*files(tmp_path, lines, "1\ta\t1\n2\tb\t2\n3\tc\t0\n"))
    assert [(each.id, each.relevant) for each in judged] == [("1", {"a": 1}), ("2", {"b": 2})]


@pytest.mark.parametrize(
    ("questions", "judgements", "told"),
    [
        ("cát\n", "1\ta\t1\n", "Line 1"),
        ('{"id": "1"}\n', "1\ta\t1\n", "Line 1"),
        ('{"id": "1", "text": "cát"}\n', "1\ta\t1\n1 a 1\n", "Line 2"),
        ('{"id": "1", "text": "cát"}\n', "1\ta\tmany\n", "Line 1"),
        ('{"id": "1", "text": "cát"}\n', "2\ta\t1\n", "judged"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, questions: str, judgements: str, told: str) -> None:
    with pytest.raises(KhotinError) as problem:
        evaluate.read_judged(*files(tmp_path, questions, judgements))
    assert told in str(problem.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(KhotinError, match=r"none\.tsv cannot be read: No such file"):
        evaluate.read_judged(tmp_path / "none.jsonl", tmp_path / "none.tsv")


def test_the_interval_of_equal_figures_is_nothing_and_that_of_a_clear_gain_is_above_nothing() -> None:
    ours, theirs = [1.0, 0.5, 1.0, 1.0] * 20, [0.5, 0.5, 0.2, 1.0] * 20
    assert evaluate.interval(ours, ours) == (0, 0)
    low, high = evaluate.interval(ours, theirs)
    assert 0 < low < sum(ours) / 80 - sum(theirs) / 80 < high


@pytest.fixture
def judged_archive(archive: Archive) -> Archive:
    archive.put(
        Article("http://soxd.replica.test/1", title="Khởi công nhà ở xã hội", external_id="a"),
        Article("http://soxd.replica.test/2", title="Giá cát xây dựng"),
        Article("http://soxd.replica.test/3", title="Nhà văn hóa xã", body="Xã hội hóa nhà văn hóa."),
    )
    return archive


def test_an_article_is_known_by_its_import_id_or_else_by_its_address(judged_archive: Archive) -> None:
    ranker = evaluate.ranker(judged_archive.store, judged_archive.engine.columns(), load())
    assert ranker("nha o xa hoi")[0] == "a"
    assert ranker("gia cat")[0] == "http://soxd.replica.test/2"


def test_plain_is_bm25_over_the_syllables_as_written(judged_archive: Archive) -> None:
    columns = judged_archive.engine.columns()
    plain = evaluate.plain_ranker(judged_archive.store, columns)
    assert plain("nhà ở xã hội")[0] == "a"
    assert plain("cat") == []
    assert len(plain("xã hội")) == 2


def test_a_part_that_is_switched_off_changes_the_order_it_made(archive: Archive) -> None:
    archive.put(
        Article("http://soxd.replica.test/1", title="Quy hoạch", body="Giá cát."),
        Article("http://soxd.replica.test/2", title="Tin ngắn", body="Quy hoạch, quy hoạch, giá cát."),
    )
    columns = archive.engine.columns()
    whole = evaluate.ranker(archive.store, columns, load())("quy hoạch")
    untitled = evaluate.ranker(archive.store, columns, load(), Weights().without(["title"]))("quy hoạch")
    assert whole == list(reversed(untitled))


def test_the_command_prints_the_figures_beside_plain_bm25(judged_archive: Archive, tmp_path: Path) -> None:
    question = json.dumps({"id": "1", "text": "nha o xa hoi"})
    queries, qrels = files(tmp_path, question, "1\ta\t1\n")
    command = [sys.executable, "-m", "khotin", "--home", str(judged_archive.store.home), "evaluate"]
    given = ["--queries", str(queries), "--qrels", str(qrels)]
    told = subprocess.run(
        [*command, *given], capture_output=True, text=True, check=True, env=os.environ | {"KHOTIN_LANG": "en"}
    )
    assert "mrr@10" in told.stdout and "95 %" in told.stdout
    figures = json.loads(subprocess.run([*command, *given, "--json"], capture_output=True, text=True).stdout)
    assert figures == {"questions": 1, "ndcg@10": 1.0, "mrr@10": 1.0, "recall@100": 1.0}
    wrong = subprocess.run([*command, *given, "--without", "trigrams"], capture_output=True, text=True)
    assert wrong.returncode != 0 and "trigrams" in wrong.stderr and "neighbours" in wrong.stderr
