"""Is every line that a hand, a clipboard or an attacker can produce answered, or refused in a clear sentence?"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from indexer.article import Article
from indexer.engine.whoosh_index import WhooshEngine
from indexer.query import LONGEST_QUESTION
from indexer.settings import Settings
from indexer.store import open_store
from tests.conftest import Archive
from web.app import create_app

ROOT = Path(__file__).parent.parent
BAD = {
    "nothing": "",
    "blanks": " \t\u00a0\u200b\n ",
    "ten thousand letters": "cát" * 3_334,
    "ten thousand words": "cát " * 2_500,
    "ten thousand brackets": "(" * 5_000 + ")" * 5_000,
    "only signs": "?!.,;:/\\%&#@$^+=|<>{}[]",
    "an open quotation mark": '"cát nghiền',
    "a lone quotation mark": '"',
    "wrong quotation marks": "“cát» \"nghiền”",
    "open brackets": "((cát",
    "closing brackets": "cát))",
    "operators only": "AND OR NOT -",
    "a leading wildcard": "*cát",
    "wildcards only": "* ? *?* **",
    "control characters": "c\x00á\x07t\x1b[31m \x7f \x9b",
    "lone combining marks": "\u0301\u0323 \u0309cat\u0301",
    "half a character": "c\ud800t",
    "emoji": "🏠 nhà 👩‍👩‍👧 🇻🇳",
    "right to left": "\u202ecát\u202c",
    "markup": "<script>alert(1)</script>",
    "an unknown field": "zzz:cát number: date:",
    "a distance out of this world": '"cát sông"~99999999999999999999',
    "a template": "{{ 7 * 7 }} %(name)s {0}",
}  # fmt: skip


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """One archive for all questions: they change nothing."""
    store = open_store(tmp_path_factory.mktemp("asked") / "data", create=True)
    archive = Archive(store, WhooshEngine(store.index))
    archive.put(
        Article("http://soxd.replica.test/1", title="Cát nghiền từ đá vôi", body="Cát sông ngày càng cạn."),
        Article("http://soxd.replica.test/2", title="Nhà ở xã hội", body="Khởi công nhà ở xã hội."),
    )
    yield archive
    store.close()


@pytest.fixture(scope="module")
def site(asked: Archive) -> FlaskClient:
    return create_app(Settings(home=asked.store.home), asked.store, asked.engine).test_client()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_the_page_answers_in_both_languages_and_escapes_what_it_shows(
    site: FlaskClient, line: str, language: str
) -> None:
    typed = line.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = site.get("/search", query_string={"q": typed, "lang": language})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "<script>alert" not in page
    assert f'lang="{language}"' in page
    assert "49" not in page if "7 * 7" in line else True


@pytest.mark.parametrize("line", BAD.values(), ids=BAD)
def test_programs_are_answered_with_what_was_understood_and_what_broke(site: FlaskClient, line: str) -> None:
    typed = line.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    answer = site.get("/api/v1/search", query_string={"q": typed})
    assert answer.status_code == 200
    told = answer.get_json()
    assert told["total"] <= 2
    assert sum(row["hits"] for row in told["timeline"]) == told["total"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ('"cát', {"vi": "chưa được đóng", "en": "not closed"}),
        ("(cát", {"vi": "chưa được đóng", "en": "not closed"}),
        ("cát AND", {"vi": "thiếu", "en": "missing"}),
        ("x " * LONGEST_QUESTION, {"vi": "quá dài", "en": "too long"}),
    ],
)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_what_broke_is_told_in_the_reader_s_language(
    site: FlaskClient, line: str, told: dict[str, str], language: str
) -> None:
    page = site.get("/search", query_string={"q": line, "lang": language}).get_data(as_text=True)
    assert told[language] in page


@pytest.mark.parametrize("line", ['"cát', "((cát", "🏠", "?!", "\x07cát", "*cát", "x" * 10_000])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_command_answers_or_says_what_to_do(asked: Archive, line: str, language: str) -> None:
    command = [sys.executable, "-m", "khotin", "--home", str(asked.store.home), "search", "--", line]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=os.environ | {"KHOTIN_LANG": language})
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout.strip()
