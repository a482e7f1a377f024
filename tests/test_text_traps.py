"""Does every trap of Vietnamese text on the web end as good text, and is it found, however one asks?

Each goes the whole way: bytes of a page, article, words, index, question.
"""

import unicodedata
from datetime import UTC, datetime
from html import escape
from pathlib import Path

import pytest

from crawler.extract import extract
from crawler.page import Page
from crawler.profiles import named
from crawler.tree import words_of
from indexer.article import Article
from tests.conftest import Archive

DRUPAL = (Path(__file__).parent / "pages" / "drupal.html").read_text(encoding="utf-8")
TITLE = "Thông báo của Văn phòng Sở trong quý"
FILLER = "Các đơn vị trực thuộc nghiêm túc triển khai, kịp thời báo cáo những vướng mắc phát sinh để được hướng dẫn."
OTHER = "Phòng Tổ chức gửi danh sách cán bộ dự tập huấn trước ngày làm việc cuối cùng của tuần."


def article(body: str, title: str = TITLE, encoding: str = "utf-8", label: str = "text/html; charset=utf-8") -> Article:
    html = DRUPAL % {"title": title, "head": "", "crumb": "Tin tức", "node": "", "body": body}
    page = Page("https://soxd.example.vn/thong-bao", 200, {"content-type": label}, html.encode(encoding, "replace"))
    found = extract(page, named("drupal"), now=datetime(2024, 6, 1, tzinfo=UTC)).article
    assert found is not None
    return found


def nfd(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def windows_1258(text: str) -> bytes:
    """As old Windows wrote it: the hat in the letter, the tone behind it."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    apart = ""
    for letter in unicodedata.normalize("NFC", text):
        marks = nfd(letter)
        tone = "".join(mark for mark in marks if mark in tones)
        apart += unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones)) + tone
    return apart.encode("windows-1258")


def in_windows_1252(text: str) -> str:
    """UTF-8 that was read as Windows-1252 and kept so."""
    return "".join(
        bytes([byte]).decode("windows-1252") if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else chr(byte)
        for byte in text.encode()
    )


SENTENCE = "Tỉnh uỷ kiểm tra tiến độ nhà ở xã hội"
# What stands in the page -> what the article must say.
TRAPS = {
    "half-decomposed letters": (unicodedata.normalize("NFD", SENTENCE), SENTENCE),
    "marks cut off by blanks": ("Nga \u0300 y ho \u0323 p cu \u0303 ng la \u0300 nga \u0300y", "Ngày họp cũng là ngày"),
    "TCVN3": ("TØnh uû kiÓm tra tiÕn ®é nhµ ë x· héi", SENTENCE),
    "capitals of a TCVN3 font": ('<font face=".VnTimeH">tØnh uû</font> kiểm tra', "TỈNH UỶ kiểm tra"),
    "one word in a TCVN3 font": ('<span style="font-family: .VnTime, serif">nhµ</span> số 5', "nhà số 5"),
    "VNI": ("Tænh uûy kieåm tra tieán ñoä nhaø ôû xaõ hoäi", "Tỉnh ủy kiểm tra tiến độ nhà ở xã hội"),
    "one word in a VNI font": ('<p style="font-family:\'VNI-Times\'">nhaø soá 5</p>', "nhà số 5"),
    "Unicode text under an old font's name": ('<font face=".VnTime">nhà ở xã hội</font>', "nhà ở xã hội"),
    "letters read in the wrong code": (in_windows_1252(SENTENCE), SENTENCE),
    "the other tone placement": ("Tỉnh ủy hòa giải, khoẻ, thuý, quý, hoàn", "Tỉnh ủy hòa giải, khoẻ, thuý, quý, hoàn"),
    "Icelandic letters": ("Ðiều hành ðô thị", "Điều hành đô thị"),
    "blanks of all widths": ("nhà\u00a0ở\u202fxã\u3000hội", "nhà ở xã hội"),
    "invisible characters": ("quy\u00ad hoạch, quy\u200b hoạch, \ufeffnhà\u2060 ở", "quy hoạch, quy hoạch, nhà ở"),
    "entities": ("Nh&agrave; &#7903;&nbsp;x&atilde; hội &#x2f; thu&ecirc;", "Nhà ở xã hội / thuê"),
    "entities escaped twice": ("Nh&amp;agrave; &amp;#7903;&amp;nbsp;x&amp;atilde; hội", "Nhà ở xã hội"),
    "an ampersand that is meant": ("Công ty A&amp;amp;B &amp; bạn", "Công ty A&amp;B & bạn"),
    "words glued by markup": ("<p>phát triển<br>nhà ở</p><p>ng<span>ư</span>ời</p>", "phát triển nhà ở\nngười"),
    "source lines that wrap": ("development\nof social\r\n   housing", "development of social housing"),
    "rubbish of Word": (
        "<!--[if gte mso 9]><xml><w:Zoom>0</w:Zoom></xml><![endif]-->"
        '<p class="MsoNormal" style="mso-bidi-font-size:9pt">'
        "<o:p>&nbsp;</o:p>nhà ở<o:p></o:p> xã hội</p><style>@page {mso-header-margin:.5in}</style>",
        "nhà ở xã hội",
    ),
    "lines that no article says": (
        f"<p>{SENTENCE}.</p><p>Lượt xem: 1.234</p><p>In bài viết</p><p>Gửi email</p><p>Chia sẻ</p><p>Quay lại</p>"
        "<p>Tổng số điểm của bài viết là: 5 trong 1 đánh giá</p>",
        f"{SENTENCE}.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("trap", TRAPS)
def test_a_page_with_a_trap_gives_good_text(trap: str) -> None:
    written, meant = TRAPS[trap]
    found = article(f"<p>{FILLER}</p><p>{FILLER}</p>{written}<p>{OTHER}</p>")
    assert f"{FILLER}\n{meant}\n{OTHER}" in found.body
    assert "\n".join(found.body.split("\n")[1:-1]) == meant


@pytest.mark.parametrize(
    ("body", "label"),
    [
        (SENTENCE.encode(), "text/html; charset=iso-8859-1"),
        (SENTENCE.encode(), "text/html"),
        (windows_1258(SENTENCE), "text/html; charset=windows-1258"),
        (windows_1258(SENTENCE), "text/html"),
    ],
)
def test_a_page_is_read_right_whatever_its_label(body: bytes, label: str) -> None:
    page = b"<html><head><title>x</title></head><body><h1>T</h1><p>" + body + b"</p></body></html>"
    read = Page("https://soxd.example.vn/thong-bao", 200, {"content-type": label}, page)
    paragraph = next(read.tree.iter("p"))
    assert unicodedata.normalize("NFC", words_of(paragraph)) == SENTENCE
    assert unicodedata.normalize("NFC", read.soup.select("p")[0].get_text()) == SENTENCE


# What stands in the article -> questions that must find it.
ASKED = [
    ("Tỉnh uỷ kiểm tra", ["tỉnh uỷ", "tỉnh ủy", nfd("tỉnh uỷ"), nfd("tỉnh ủy"), "TỈNH UỶ", "tinh uy", "Tá»‰nh uá»·"]),
    ("Tỉnh ủy kiểm tra", ["tỉnh uỷ", "ti ̉nh u ̉y", "T&#7881;nh ủy", "t\u200bỉnh\u00ad ủy", "TØnh uû kiÓm tra"]),
    ("Sản xuất gạch hoà bình ở xã Thúy Hoè", ["hòa bình", "thuý hoè", "thuý hòe"]),
    ("Công ti điện lực mất 5 tỉ đồng, kĩ sư lí giải", ["công ty", "tỷ đồng", "kỹ sư lý giải", "ky su ly giai"]),
    ("Đại biểu Nguyễn Sỹ Tân phát biểu", ["Nguyễn Sĩ Tân", "nguyen si tan", "nguyen sy tan"]),
    ("Đường Đèo Giang khánh thành", ["Ðèo Giang", "deo giang", "ĐÈO GIANG", "đèo\u00a0giang"]),
    ("quy hoạch phân khu", ["quy\u00ad hoạch", "quy\u200bhoạch"[:3] + "\u200b hoạch", "QUY HOẠCH", "quy ho&#7841;ch"]),
    ("UBND tỉnh giao GPMB", ["uỷ ban nhân dân", "giải phóng mặt bằng", "site clearance", "People's Committee"]),
    ("Giải phóng mặt bằng do ủy ban nhân dân làm", ["GPMB", "UBND", "ubnd gpmb"]),
    ("HĐND và MTTQ giám sát", ["hội đồng nhân dân", "mặt trận tổ quốc"]),
    ("hội đồng nhân dân, mặt trận tổ quốc giám sát", ["HĐND", "MTTQ", "hdnd"]),
    ("Giá VLXD tháng này", ["vật liệu xây dựng", "building materials"]),
    ("vật liệu xây dựng, bất động sản", ["VLXD", "BĐS", "bds"]),
    ("quản lý nhà nước về thủ tục hành chính", ["QLNN", "TTHC", "tthc"]),
    ("Công tác CCHC, QLNN, TTHC", ["cải cách hành chính", "quản lý nhà nước", "thủ tục hành chính"]),
    ("Chương trình NTM và NOXH", ["nông thôn mới", "nhà ở xã hội", "new countryside", "social housing"]),
    ("xây dựng nông thôn mới, nhà ở xã hội", ["NTM", "NOXH", "noxh"]),
    ("CBCC của TP. Lạng Sơn, TT. Cao Lộc", ["cán bộ, công chức", "thành phố Lạng Sơn", "thị trấn Cao Lộc"]),
    ("cán bộ, công chức thành phố", ["CBCC", "TP"]),
    ("Đ/c Giám đốc Sở dự họp", ["đồng chí giám đốc", "đ/c giám đốc"]),
    ("đồng chí Giám đốc Sở dự họp", ["đ/c giám đốc"]),
]  # fmt: skip


@pytest.mark.parametrize(("written", "questions"), ASKED, ids=[written for written, _ in ASKED])
def test_a_trap_in_text_or_question_is_no_obstacle(archive: Archive, written: str, questions: list[str]) -> None:
    archive.put(
        Article(
            address="http://soxd.replica.test/1", title="Thông báo thứ nhất", body=f"{OTHER}\n{written}.\n{FILLER}"
        ),
        Article(address="http://soxd.replica.test/2", title="Thông báo thứ hai", body=f"{OTHER}\n{FILLER}"),
    )
    missed = [question for question in questions if archive.titles(question) != ["Thông báo thứ nhất"]]
    assert not missed


@pytest.mark.parametrize("sentence", ["Đ/c Lò Thị Mẫu dự họp tại TP. Lạng Sơn và TT. Cao Lộc.", "TP. Lạng Sơn."])
def test_an_abbreviation_with_a_dot_ends_no_sentence(archive: Archive, sentence: str) -> None:
    archive.put(Article(address="http://soxd.replica.test/1", title="Thông báo", body=f"{FILLER} {sentence} {OTHER}"))
    (hit,) = archive.ask("lạng sơn").hits
    assert any(sentence.rstrip(".") in passage.text for passage in hit.passages.texts)


def test_capitals_in_a_title_are_found_and_shown_as_written(archive: Archive) -> None:
    title = "SỞ XÂY DỰNG TỔ CHỨC HỘI NGHỊ CÔNG BỐ QUY HOẠCH"
    archive.put(Article(address="http://soxd.replica.test/1", title=title, body=FILLER))
    for question in ("sở xây dựng công bố quy hoạch", "so xay dung", escape(title)):
        assert archive.titles(question) == [title]
