"""Is the text of a PDF read, and is a bad one told apart without harm?"""

import pytest

from crawler.files import DAMAGED, LOCKED, NOT_READ_YET, PICTURES_ONLY, joined, read_file


def pdf(*lines: str, extra: str = "") -> bytes:
    """A PDF of one page with these lines, written by hand."""
    drawn = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 720 Td {drawn} ET" if lines else ""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        " /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{each}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R {extra} >>\n"
    return body + f"{tail}startxref\n{len(body)}\n%%EOF\n".encode()


def test_the_words_of_a_pdf_are_read() -> None:
    told = read_file(pdf("Price list of September 2024", "Crushed sand  250.000"), "pdf")
    assert told.text.splitlines() == ["Price list of September 2024", "Crushed sand 250.000"]
    assert told.problem == ""


def test_a_sentence_broken_over_lines_is_joined() -> None:
    assert joined("Giá cát nghiền\r\ntừ đá vôi\r\nMục 2") == "Giá cát nghiền từ đá vôi\nMục 2"


@pytest.mark.parametrize(
    ("body", "kind", "problem"),
    [
        (b"%PDF-1.7 broken", "pdf", DAMAGED),
        (b"", "pdf", DAMAGED),
        (pdf("cut short")[:200], "pdf", DAMAGED),
        (pdf(), "pdf", PICTURES_ONLY),
        (b"PK\x03\x04word/", "docx", NOT_READ_YET),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(body: bytes, kind: str, problem: str) -> None:
    told = read_file(body, kind)
    assert (told.text, told.problem) == ("", problem)


def test_a_locked_pdf_says_so() -> None:
    key = "41" * 32
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]"
    assert read_file(pdf("secret", extra=lock), "pdf").problem == LOCKED
