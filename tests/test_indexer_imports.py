"""How do articles come in from a file?"""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from indexer import imports
from indexer.errors import KhotinError
from indexer.store import Store, articles

GOOD = {
    "id": "1",
    "url": "http://news.example/1",
    "title": "Khởi công nhà ở xã hội",
    "lead": "Sáng nay.",
    "body": "Dự án gồm 480 căn.",
    "published": "2024-01-30T15:20:00+07:00",
    "section": "Tin tức",
    "author": "Hoàng Gia Khiêm",
    "unit": "Văn phòng",
    "source": "bao",
    "language": "vi",
}


def write(path: Path, *lines: object) -> Path:
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def kept(store: Store, number: int) -> articles.Kept:
    with store.read() as connection:
        found = articles.get(connection, number)
    assert found
    return found


def test_every_field_of_a_line_is_kept(store: Store, tmp_path: Path) -> None:
    report = imports.import_file(store, write(tmp_path / "a.jsonl", GOOD))
    assert (report.new, report.bad_lines) == (1, 0)
    article = kept(store, 1).article
    for name in ("title", "lead", "body", "section", "author", "unit", "language"):
        assert getattr(article, name) == GOOD[name]
    assert article.published == datetime(2024, 1, 30, 8, 20, tzinfo=UTC)
    assert (article.address, article.external_id, article.date_source) == (GOOD["url"], "1", "import")
    assert kept(store, 1).source == "bao"


def test_other_names_of_fields_are_accepted_and_the_source_is_the_files_name(store: Store, tmp_path: Path) -> None:
    line = {
        "text": "The department opened a new office in the city.",
        "summary": "Short",
        "date": "2024-03",
        "lang": "en",
    }
    imports.import_file(store, write(tmp_path / "news.jsonl", line))
    article = kept(store, 1).article
    assert (article.body, article.lead, article.language) == (line["text"], "Short", "en")
    assert article.published == datetime(2024, 2, 29, 17, tzinfo=UTC)
    assert kept(store, 1).source == "news"


def test_a_missing_language_is_judged_from_the_text(store: Store, tmp_path: Path) -> None:
    lines = [{"title": "The committee approved the plan"}, {"title": "Uy ban da phe duyet quy hoach"}]
    imports.import_file(store, write(tmp_path / "a.jsonl", *lines))
    assert [kept(store, number).article.language for number in (1, 2)] == ["en", "vi"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "no JSON object"),
        ('["a"]', "no JSON object"),
        ("[" * 100_000, "no JSON object"),
        ({"url": "http://x/"}, "Neither"),
        ({"title": {"a": 1}}, "must be a text"),
        ({"title": "A", "published": "hôm qua"}, "no date"),
        ({"title": "A", "published": "0001-01-01T00:00:00"}, "no date"),
        ({"title": "A", "published": "9999-12-31T23:59:59Z"}, "no date"),
        ('{"title": "A", "url": "http://x.example/\\ud800"}', "no text may hold"),
        ('{"title": "A", "id": "1\\u0000"}', "no text may hold"),
        ({"title": "A", "language": "fr"}, "write vi or en"),
    ],
)
def test_a_bad_line_is_told_by_its_number_and_the_rest_goes_in(
    store: Store, tmp_path: Path, line: object, told: str
) -> None:
    report = imports.import_file(store, write(tmp_path / "a.jsonl", GOOD, "", line, {"title": "Hai"}))
    assert report.new == 2
    assert [(number, told in problem) for number, problem in report.bad] == [(3, True)]


def test_a_line_that_is_no_utf_8_is_bad_and_a_byte_order_mark_is_not(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps({"title": "Một"}).encode() + b'\n{"title": "\xff"}\n')
    report = imports.import_file(store, path)
    assert (report.new, report.bad_lines) == (1, 1)


def test_importing_again_changes_nothing_and_a_changed_line_only_its_article(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", GOOD, GOOD | {"id": "2"})
    imports.import_file(store, path)
    assert imports.import_file(store, path).same == 2
    report = imports.import_file(store, write(path, GOOD | {"title": "Mới"}))
    assert (report.new, report.changed) == (0, 1)


def test_a_packed_file_is_read_and_a_torn_one_is_told(store: Store, tmp_path: Path) -> None:
    packed = gzip.compress(json.dumps(GOOD).encode() + b"\n")
    (tmp_path / "a.jsonl.gz").write_bytes(packed)
    assert imports.import_file(store, tmp_path / "a.jsonl.gz").new == 1
    (tmp_path / "torn.jsonl.gz").write_bytes(packed[:40])
    with pytest.raises(KhotinError, match=r"torn\.jsonl\.gz cannot be read"):
        imports.import_file(store, tmp_path / "torn.jsonl.gz")


def test_a_small_file_that_unpacks_to_a_line_without_end_is_refused(store: Store, tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.jsonl.gz", "wb", compresslevel=1) as packed:
        packed.write(json.dumps(GOOD).encode() + b"\n")
        for _ in range(imports.LONGEST_LINE // 1_000_000 + 1):
            packed.write(b" " * 1_000_000)
    with pytest.raises(KhotinError, match=r"Line 2 of .* is longer than 50 MB"):
        imports.import_file(store, tmp_path / "bomb.jsonl.gz")


def test_text_is_cleaned_at_the_door(store: Store, tmp_path: Path) -> None:
    imports.import_file(
        store, write(tmp_path / "a.jsonl", {"title": "khẩn\u00a0trương\u200b", "body": "Ð\u00f4 th\u1ecb"})
    )
    assert (kept(store, 1).article.title, kept(store, 1).article.body) == ("khẩn trương", "Đô thị")


def test_a_title_that_is_broken_over_two_lines_becomes_one(store: Store, tmp_path: Path) -> None:
    broken = {"title": "Công bố Quyết định\n 1799/QĐ-UBND", "body": "Dòng một\nDòng hai", "author": "Hà\r\nAn"}
    imports.import_file(store, write(tmp_path / "a.jsonl", broken))
    told = kept(store, 1).article
    assert (told.title, told.body, told.author) == ("Công bố Quyết định 1799/QĐ-UBND", "Dòng một\nDòng hai", "Hà An")
