"""Is the text of a file read, and is a bad one told apart without harm?"""

import os
import signal
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from docx import Document
from openpyxl import Workbook
from pypdfium2 import PdfDocument

from crawler.files import (
    DAMAGED,
    EMPTY,
    FROM_PICTURES,
    LOCKED,
    NO_READER,
    NOT_READ_YET,
    PICTURES_ONLY,
    ROOT,
    TOO_HARD,
    read_file,
    reader,
)
from crawler.readers import joined, picture
from indexer.decode import sniff
from tests.patience import children_of, wait_for


@pytest.fixture
def without_tools(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine with Python alone, for whoever reads files from now on."""
    monkeypatch.setenv("PATH", "/nonexistent")
    reader.end()
    yield
    reader.end()


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
        (b"", "pdf", EMPTY),
        (pdf("cut short")[:200], "pdf", DAMAGED),
        (pdf(), "pdf", PICTURES_ONLY),
        (b"PK\x03\x04word/", "docx", DAMAGED),
        (b"PK\x03\x04xl/", "xlsx", DAMAGED),
        (b"\xd0\xcf\x11\xe0 an old workbook", "doc", NOT_READ_YET),
        (b"\xd0\xcf\x11\xe0" + "WordDocument".encode("utf-16-le"), "doc", DAMAGED),
        (b"PK\x03\x04", "zip", NOT_READ_YET),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence(body: bytes, kind: str, problem: str) -> None:
    told = read_file(body, kind)
    assert (told.text, told.problem) == ("", problem)


def test_a_locked_pdf_says_so() -> None:
    key = "41" * 32
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{key}> /U <{key}> /P -4 >> /ID [<00> <00>]"
    assert read_file(pdf("secret", extra=lock), "pdf").problem == LOCKED


def word() -> bytes:
    document = Document()
    document.add_heading("BÁO CÁO", 1)
    document.add_paragraph("Kết quả cấp giấy phép xây dựng quý III năm 2024.")
    table = document.add_table(rows=2, cols=2)
    for place, words in enumerate(("Loại công trình", "Số giấy phép", "Nhà ở riêng lẻ", "188")):
        table.cell(place // 2, place % 2).text = words
    document.add_paragraph("Nơi nhận: Văn phòng Sở.")
    made = BytesIO()
    document.save(made)
    return made.getvalue()


def sheet() -> bytes:
    book = Workbook()
    first = book.active
    first.title = "Giá tháng 9"
    first.append(["TT", "Vật liệu", "Đơn vị", "Giá"])
    first.append([1, "Cát nghiền từ đá vôi", "m³", 250000])
    first.append([None, None, None, None])
    book.create_sheet("Ghi chú")["A1"] = "Giá chưa có thuế."
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_word_file_is_read_in_its_order_with_its_tables() -> None:
    assert sniff(word()) == "docx"
    assert read_file(word(), "docx").text.splitlines() == [
        "BÁO CÁO",
        "Kết quả cấp giấy phép xây dựng quý III năm 2024.",
        "Loại công trình | Số giấy phép",
        "Nhà ở riêng lẻ | 188",
        "Nơi nhận: Văn phòng Sở.",
    ]


def test_a_workbook_is_read_sheet_by_sheet() -> None:
    assert sniff(sheet()) == "xlsx"
    assert read_file(sheet(), "xlsx").text.splitlines() == [
        "Giá tháng 9",
        "TT | Vật liệu | Đơn vị | Giá",
        "1 | Cát nghiền từ đá vôi | m³ | 250000",
        "Ghi chú",
        "Giá chưa có thuế.",
    ]


def test_an_office_file_that_blows_up_when_unpacked_is_left_alone() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", b"x" * (201 << 20))
    assert read_file(made.getvalue(), "docx").problem == TOO_HARD


FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # what a sector of an old container is, where it is none


def old_word(*paragraphs: str) -> bytes:
    """A Word file of the kind before 2007, written by hand: a container with the text and the table of its pieces."""
    text = "".join(f"{each}\r" for each in paragraphs).encode("utf-16-le")
    letters, start = len(text) // 2, 1024
    pieces = struct.pack("<IIHIH", 0, letters, 0, start, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    head = bytearray(start)
    struct.pack_into("<HHHHHHH", head, 0, 0xA5EC, 0xC1, 0, 0x409, 0, 0x1200, 0xBF)
    struct.pack_into("<IIH", head, 0x18, start, start + len(text), 14)
    struct.pack_into("<H", head, 0x3E, 22)
    struct.pack_into("<I", head, 0x4C, letters)
    struct.pack_into("<H", head, 0x98, 0x5D)
    struct.pack_into("<II", head, 0x1A2, 0, len(table))
    return container({"WordDocument": bytes(head) + text, "1Table": table})


def container(streams: dict[str, bytes]) -> bytes:
    """An OLE file of sectors of 512 bytes: its table, its directory, its streams."""
    table, body, entries = [FAT, END], b"", [entry("Root Entry", 5, END, 0, FREE)]
    for number, (name, data) in enumerate(streams.items(), 2):
        sectors = max(len(data), 4096) // 512 + 1
        entries.append(entry(name, 2, len(table), sectors * 512, number if number <= len(streams) else FREE))
        table += [*range(len(table) + 1, len(table) + sectors), END]
        body += data.ljust(sectors * 512, b"\0")
    mark = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    head = struct.pack("<8s16xHHHHH6xIIIIIIIII", mark, 62, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    return (
        head + struct.pack("<128I", *table, *[FREE] * (128 - len(table))) + b"".join(entries).ljust(512, b"\0") + body
    )


def entry(name: str, kind: int, start: int, size: int, beside: int) -> bytes:
    told = f"{name}\0".encode("utf-16-le")
    child = 1 if kind == 5 else FREE
    return struct.pack("<64sHBBIII36xIII", told, len(told), kind, 1, FREE, beside, child, start, size, 0)


OLD_REPORT = ["Báo cáo kết quả cấp giấy phép xây dựng quý III năm 2004.", "Nơi nhận: Văn phòng Sở."]


def test_an_old_word_file_is_read_where_a_tool_is_installed() -> None:
    body = old_word(*OLD_REPORT)
    assert sniff(body) == "doc"
    assert read_file(body, "doc").text.splitlines() == OLD_REPORT
    assert read_file(body[:1500], "doc").problem == DAMAGED


@pytest.mark.usefixtures("without_tools")
def test_an_old_word_file_says_what_to_install_where_there_is_no_tool() -> None:
    assert read_file(old_word(*OLD_REPORT), "doc").problem == NO_READER


def scan(*lines: str) -> bytes:
    """A PDF that holds only the picture of a page with these lines."""
    with PdfDocument(pdf(*lines)) as document:
        head, _, pixels = picture(document[0]).partition(b"255\n")
    width, height = head.split()[1:3]
    packed = zlib.compress(pixels)
    drawn = b"612 0 0 792 0 0 cm /Im Do"
    image = (
        b"<< /Type /XObject /Subtype /Image /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode"
        b" /Width %s /Height %s /Length %d >>\nstream\n" % (width, height, len(packed))
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /XObject << /Im 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawn), drawn),
        image + packed + b"\nendstream",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        table,
        len(body),
    )


def test_a_scan_is_read_by_machine_and_says_so() -> None:
    told = read_file(scan("Price list of September 2024", "Crushed sand 250 000"), "pdf")
    assert "September 2024" in told.text
    assert told.problem == FROM_PICTURES


@pytest.mark.usefixtures("without_tools")
def test_a_scan_is_listed_as_unread_where_no_machine_can_read_it() -> None:
    assert read_file(scan("Price list"), "pdf").problem == PICTURES_ONLY


def test_a_child_that_is_killed_over_a_file_costs_that_file_alone() -> None:
    easy, hard = pdf("Price list"), scan("Price list of September 2024")
    assert read_file(easy, "pdf").text == "Price list"
    process = reader.process
    assert process
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(read_file, hard, "pdf")
        wait_for(lambda: children_of(process.pid), "a child to read the scan", every=0.01)
        os.kill(children_of(process.pid)[0], signal.SIGKILL)
        assert told.result().problem == TOO_HARD
    assert read_file(easy, "pdf").text == "Price list"
    assert reader.process is process


def test_a_reading_process_that_was_killed_is_followed_by_another() -> None:
    assert read_file(pdf("Price list"), "pdf").text == "Price list"
    process = reader.process
    assert process
    process.kill()
    process.wait()
    assert read_file(pdf("Price list"), "pdf").text == "Price list"


def test_a_file_whose_reading_process_was_killed_is_read_by_another() -> None:
    hard = scan("Price list of September 2024")
    read_file(pdf("Price list"), "pdf")
    process = reader.process
    assert process
    with ThreadPoolExecutor(1) as pool:
        told = pool.submit(read_file, hard, "pdf")
        wait_for(lambda: children_of(process.pid), "a child to read the scan", every=0.01)
        process.kill()
        assert "September 2024" in told.result().text
    assert reader.process is not process


def test_the_reading_process_ends_with_the_one_that_asks() -> None:
    code = (
        "import sys, time; from crawler.files import reader, read_file; read_file(b'%PDF', 'pdf'); "
        "print(reader.process.pid, flush=True); time.sleep(600)"
    )
    asking = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE)
    assert asking.stdout
    reading = Path(f"/proc/{int(asking.stdout.readline())}")
    assert reading.exists()
    asking.kill()
    asking.communicate()
    wait_for(lambda: not reading.exists(), "the reading process to end")
