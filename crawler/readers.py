"""How is each kind of file read?  By a child for each file: limited, and gone after it.

`python -m crawler.readers` is told files on its input, `KIND SIZE` and then the bytes, and answers each with a line of
JSON. It has imported what reads them, so that a child costs no more than a fork.
"""

import json
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from importlib import import_module
from io import BytesIO
from typing import Any, NoReturn
from zipfile import BadZipFile, ZipFile

from crawler.files import DAMAGED, FROM_PICTURES, LOCKED, NO_READER, NOT_READ_YET, PICTURES_ONLY, TOO_HARD, FileText
from indexer.language.clean import clean

MEMORY = 1 << 30  # one GiB: a plan of hundreds of pages needs a fifth of it
CPU_SECONDS = 60
PATIENCE_SECONDS = 120  # wall clock: on a busy machine a minute of work takes longer
UNPACKED = 200 << 20  # bytes: an office file that grows beyond is a bomb
MOST_ROWS = 20_000  # of a sheet; price lists of a whole province have a few thousand

SCAN_PAGES = 20  # read by machine: each takes seconds, and the first pages say what a document is
SCAN_SCALE = 200 / 72  # 200 dots per inch, from which letters of ten points are read well
SCAN_SECONDS = 60
OCR, VIETNAMESE = "tesseract", "vie"


def read_pdf(body: bytes) -> FileText:
    """The text of a PDF, page after page; of a scan what a machine makes of its pictures, if there is one."""
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(body) as document:
            pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
            text = clean(joined("\n".join(pages)))
            if text.strip():
                return FileText(text)
            seen = scanned(document)
    except PdfiumError as problem:
        return FileText(problem=LOCKED if "password" in str(problem).lower() else DAMAGED)
    return FileText(seen, FROM_PICTURES) if seen else FileText(problem=PICTURES_ONLY)


def scanned(document: Any) -> str:
    """The text on pictures of pages, as the machine reads it; empty without tesseract or its Vietnamese data."""
    if not shutil.which(OCR) or VIETNAMESE not in told_by([OCR, "--list-langs"], b"").split():
        return ""
    command = [OCR, "stdin", "stdout", "-l", f"{VIETNAMESE}+eng", "--psm", "3"]
    pages = range(min(len(document), SCAN_PAGES))
    return clean(joined("\n".join(told_by(command, picture(document[number])) for number in pages))).strip()


def told_by(command: list[str], given: bytes) -> str:
    try:
        done = subprocess.run(command, input=given, capture_output=True, timeout=SCAN_SECONDS)
    except subprocess.TimeoutExpired:
        return ""
    return done.stdout.decode("utf-8", "replace")


def picture(page: Any) -> bytes:
    """A page in shades of grey, in the plainest form of a picture (PGM)."""
    bitmap = page.render(scale=SCAN_SCALE, grayscale=True)
    pixels = bitmap.to_numpy()
    height, width = pixels.shape[:2]
    return f"P5 {width} {height} 255\n".encode() + bytes(pixels.reshape(height, width).tobytes())


def read_docx(body: bytes) -> FileText:
    """Paragraphs and tables of a Word file in their order, tables as rows."""
    from docx import Document
    from docx.table import Table

    parts: list[str] = []
    for part in Document(BytesIO(fitting(body))).iter_inner_content():
        if isinstance(part, Table):
            parts += (" | ".join(" ".join(cell.text.split()) for cell in row.cells) for row in part.rows)
        else:
            parts.append(part.text)
    return FileText(clean("\n".join(filter(str.strip, parts))))


# What reads old Word files from its input; the second one was seen to fail on bare files.
WORD_READERS = (("catdoc", "-d", "utf-8", "-w"), ("antiword", "-m", "UTF-8.txt", "-w", "0", "-"))
CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # whole, as catdoc takes anything else for plain text
WORD_STREAM = "WordDocument".encode("utf-16-le")  # old workbooks and others come in the same kind of container


def read_doc(body: bytes) -> FileText:
    """The text of an old Word file, by whichever tool this machine has."""
    if WORD_STREAM not in body:
        return FileText(problem=NOT_READ_YET)
    if not body.startswith(CONTAINER):
        return FileText(problem=DAMAGED)
    here = [[*command] for command in WORD_READERS if shutil.which(command[0])]
    texts = (clean(told_by(command, body)).strip() for command in here)
    text = next(filter(None, texts), "")
    return FileText(text) if text else FileText(problem=DAMAGED if here else NO_READER)


def read_xlsx(body: bytes) -> FileText:
    """The sheets of a workbook as rows, each under its name; what cells show, not how they are worked out."""
    from openpyxl import load_workbook  # type: ignore[import-untyped]

    book = load_workbook(BytesIO(fitting(body)), read_only=True, data_only=True)
    return FileText(clean("\n".join(line for sheet in book.worksheets for line in lines_of(sheet))))


def lines_of(sheet: Any) -> Iterator[str]:
    yield str(sheet.title)
    for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
        cells = ["" if value is None else " ".join(str(value).split()) for value in row]
        if any(cells):
            yield " | ".join(cells).rstrip(" |")


def fitting(body: bytes) -> bytes:
    """An office file that does not blow up when it is unpacked. Raises MemoryError for one that does."""
    with ZipFile(BytesIO(body)) as packed:
        if sum(each.file_size for each in packed.infolist()) > UNPACKED:
            raise MemoryError
    return body


def joined(text: str) -> str:
    """Lines of a page as paragraphs: a line that goes on with a small letter belongs to the one before."""
    paragraphs: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if paragraphs and line[0].islower():
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
    return "\n".join(paragraphs)


READERS: Mapping[str, Callable[[bytes], FileText]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "doc": read_doc,
}


def read(kind: str, body: bytes) -> FileText:
    try:
        return READERS[kind](body)
    except MemoryError:
        return FileText(problem=TOO_HARD)
    except (BadZipFile, KeyError, OSError, ValueError, TypeError):  # what the libraries raise on a broken file
        return FileText(problem=DAMAGED)


# What reads them, imported before the fork.
LIBRARIES: Mapping[str, str] = {"pdf": "pypdfium2", "docx": "docx", "xlsx": "openpyxl"}
OVER_LIMIT = {signal.SIGXCPU, signal.SIGALRM, signal.SIGKILL}


def apart(kind: str, body: bytes) -> bytes:
    """What a child says of a file, whatever becomes of it."""
    if kind in LIBRARIES:
        import_module(LIBRARIES[kind])
    ours, its = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        be_child(its, kind, body)
    os.close(its)
    with os.fdopen(ours, "rb") as answer:
        told = answer.read()
    _, status = os.waitpid(child, 0)
    if status == 0:
        return told
    is_over = os.WIFSIGNALED(status) and os.WTERMSIG(status) in OVER_LIMIT
    return line_of(FileText(problem=TOO_HARD if is_over else DAMAGED))


def be_child(its: int, kind: str, body: bytes) -> NoReturn:
    """Answer and be gone, without anything that our parent would still do; its input and output are out of reach."""
    ended = 1
    try:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        limited()
        with os.fdopen(its, "wb") as answer:
            answer.write(line_of(read(kind, body)))
        ended = 0
    finally:
        os._exit(ended)


def limited() -> None:
    """Take from this process what a hostile file could take from the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE_SECONDS)


def line_of(told: FileText) -> bytes:
    return json.dumps(asdict(told)).encode() + b"\n"


def main() -> None:
    while head := sys.stdin.buffer.readline():
        kind, size = head.split()
        try:
            sys.stdout.buffer.write(apart(kind.decode(), sys.stdin.buffer.read(int(size))))
            sys.stdout.buffer.flush()
        except BrokenPipeError:  # whoever asked was killed
            os._exit(0)


if __name__ == "__main__":
    main()
