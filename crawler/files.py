"""What does an attached file say?  Read by a child process with limits, because a file can be anything."""

import json
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from indexer.language.clean import clean


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's clean text, or the sentence that says why there is none."""

    text: str = ""
    problem: str = ""


MEMORY = 1 << 30  # one GiB: a plan of hundreds of pages needs a fifth of it
CPU_SECONDS = 60
PATIENCE_SECONDS = 120  # wall clock: on a busy machine a minute of work takes longer

NOT_READ_YET = "Files of this kind are not read yet."
DAMAGED = "This PDF is damaged and could not be read."
LOCKED = "This PDF is locked with a password."
PICTURES_ONLY = "This PDF holds pictures of pages without text."
TOO_HARD = "This PDF needs more time or memory than is allowed."


def read_file(body: bytes, kind: str) -> FileText:
    """The text of a file; what is wrong with it is told, never raised."""
    if kind != "pdf":
        return FileText(problem=NOT_READ_YET)
    command = [sys.executable, "-m", "crawler.files"]
    root = Path(__file__).parent.parent
    try:
        child = subprocess.run(command, input=body, capture_output=True, cwd=root, timeout=PATIENCE_SECONDS)
        return FileText(**json.loads(child.stdout))
    except subprocess.TimeoutExpired:
        return FileText(problem=TOO_HARD)
    except ValueError:  # the child was stopped by a limit before it could answer
        return FileText(problem=TOO_HARD if child.returncode in OVER_LIMIT else DAMAGED)


SIGXCPU, SIGKILL = 24, 9
OVER_LIMIT = (-SIGXCPU, -SIGKILL)


def read_pdf(body: bytes) -> FileText:
    """The text of a PDF, page after page."""
    # Imported here: only the child needs it.
    from pypdfium2 import PdfDocument, PdfiumError

    try:
        with PdfDocument(body) as document:
            pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    except PdfiumError as problem:
        return FileText(problem=LOCKED if "password" in str(problem).lower() else DAMAGED)
    except MemoryError:
        return FileText(problem=TOO_HARD)
    text = clean(joined("\n".join(pages)))
    return FileText(text) if text.strip() else FileText(problem=PICTURES_ONLY)


def joined(text: str) -> str:
    """Lines of a page as paragraphs: a line that goes on with a small letter belongs to the one before."""
    paragraphs: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if paragraphs and line[0].islower():
            paragraphs[-1] += " " + line
        else:
            paragraphs.append(line)
    return "\n".join(paragraphs)


def limited() -> None:
    """Take from this process what a hostile file could take from the machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    limited()
    result = read_pdf(sys.stdin.buffer.read())
    json.dump({"text": result.text, "problem": result.problem}, sys.stdout)


if __name__ == "__main__":
    main()
