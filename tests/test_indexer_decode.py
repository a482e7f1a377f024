"""Are bytes read as what they are, not as what they are called?"""

import pytest

from indexer.decode import Sniffed, decode, sniff

TEXT = "Sở Xây dựng tỉnh Lạng Sơn"
CP1258 = "Sơ\u0309 Xây dư\u0323ng".encode("cp1258")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode(), "text/html; charset=iso-8859-1"),
        (b'<meta charset="windows-1258">' + TEXT.encode(), "text/html"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html; charset=windows-1252"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), ""),
        (TEXT.encode("utf-16"), "text/html"),
    ],
)
def test_vietnamese_bytes_are_read_right_whatever_the_label(body: bytes, content_type: str) -> None:
    assert decode(body, content_type).endswith(TEXT)


@pytest.mark.parametrize("content_type", ["", "text/html; charset=windows-1258", "text/html; charset=no-such"])
def test_old_vietnamese_windows_is_recognised(content_type: str) -> None:
    assert decode(CP1258, content_type) == "Sơ\u0309 Xây dư\u0323ng"


def test_a_label_counts_when_the_bytes_are_not_utf8() -> None:
    assert decode("Café à la carte".encode("latin-1"), "text/html; charset=iso-8859-1") == "Café à la carte"


def test_a_page_cut_inside_a_letter_stays_readable() -> None:
    assert decode((TEXT * 20).encode() + "ở".encode()[:2]).startswith(TEXT)


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"%PDF-1.7 ...", "application/octet-stream", "pdf"),
        (b"\n\n%PDF-1.4", "text/html", "pdf"),
        (b"PK\x03\x04....word/document.xml", "", "docx"),
        (b"PK\x03\x04....xl/workbook.xml", "", "xlsx"),
        (b"PK\x03\x04....readme.txt", "", "zip"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "application/msword", "doc"),
        (b"\x89PNG\r\n", "", "image"),
        (b"\xff\xd8\xff\xe0", "image/jpeg", "image"),
        (b"  <!DOCTYPE html><html>", "", "html"),
        (b"<HTML><BODY>", "application/pdf", "html"),
        (b"xin ch\xc3\xa0o", "text/html", "html"),
        (b"<?xml version='1.0'?><rss><title>x</title></rss>", "text/html", "other"),
        (b"", "text/html", "other"),
        (b"\x00\x01\x02", "text/html", "other"),
    ],
)
def test_what_a_file_is_shows_in_its_first_bytes(body: bytes, content_type: str, kind: Sniffed) -> None:
    assert sniff(body, content_type) == kind
