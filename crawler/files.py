"""What does an attached file say?  `crawler.readers` is asked, a process beside ours: a file can be anything."""

import atexit
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's clean text; or the sentence that says why there is none, or how the text was come by."""

    text: str = ""
    problem: str = ""


READ = {"pdf", "docx", "xlsx", "doc"}

EMPTY = "This file is empty."
NOT_READ_YET = "Files of this kind are not read yet."
DAMAGED = "This file is damaged and could not be read."
LOCKED = "This PDF is locked with a password."
PICTURES_ONLY = "This PDF holds pictures of pages without text."
FROM_PICTURES = "Read by machine from pictures of pages; words may be wrong."
NO_READER = "Old Word files are read only where catdoc or antiword is installed."
TOO_HARD = "This file needs more time or memory than is allowed."


class Reader:
    """The process that reads files, started when the first one comes and again when it is lost."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def answer(self, body: bytes, kind: str) -> bytes:
        """One line; empty when two processes were lost over it, which a file cannot do: its own child reads it."""
        with self.lock:
            return self.ask(body, kind) or self.ask(body, kind)

    def ask(self, body: bytes, kind: str) -> bytes:
        if self.process is None or self.process.poll() is not None:
            self.end()
            self.process = started()
        assert self.process.stdin and self.process.stdout
        try:
            self.process.stdin.write(b"%s %d\n" % (kind.encode(), len(body)))
            self.process.stdin.write(body)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except BrokenPipeError:
            line = b""
        except BaseException:
            self.process.kill()  # else the next file would be given this one's answer
            raise
        return line if line.endswith(b"\n") else b""

    def end(self) -> None:
        """What it reads from ends, and so does it; as it does by itself when we are killed."""
        if self.process:
            with suppress(BrokenPipeError):
                self.process.communicate()
            self.process = None


def started() -> subprocess.Popen[bytes]:
    """In a group of its own: who stops the crawl from a terminal lets it finish the file."""
    command = [sys.executable, "-m", "crawler.readers"]
    one = os.environ | {"OPENBLAS_NUM_THREADS": "1"}  # each thread of NumPy's would take 40 MB of what a child may have
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env=one,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        process_group=0,
    )


reader = Reader()
atexit.register(reader.end)


def read_file(body: bytes, kind: str) -> FileText:
    """The text of a file; what is wrong with it is told, never raised."""
    if not body:
        return FileText(problem=EMPTY)
    if kind not in READ:
        return FileText(problem=NOT_READ_YET)
    line = reader.answer(body, kind)
    return FileText(**json.loads(line)) if line else FileText(problem=TOO_HARD)
