"""What does an attached file say?  Asked of a child process with limits, because a file can be anything."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class FileText:
    """A file's clean text; or the sentence that says why there is none, or how the text was come by."""

    text: str = ""
    problem: str = ""


PATIENCE_SECONDS = 120  # wall clock: on a busy machine a minute of work takes longer
READ = {"pdf", "docx", "xlsx", "doc"}

EMPTY = "This file is empty."
NOT_READ_YET = "Files of this kind are not read yet."
DAMAGED = "This file is damaged and could not be read."
LOCKED = "This PDF is locked with a password."
PICTURES_ONLY = "This PDF holds pictures of pages without text."
FROM_PICTURES = "Read by machine from pictures of pages; words may be wrong."
NO_READER = "Old Word files are read only where catdoc or antiword is installed."
TOO_HARD = "This file needs more time or memory than is allowed."


def read_file(body: bytes, kind: str) -> FileText:
    """The text of a file; what is wrong with it is told, never raised."""
    if not body:
        return FileText(problem=EMPTY)
    if kind not in READ:
        return FileText(problem=NOT_READ_YET)
    command = [sys.executable, "-m", "crawler.readers", kind]
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
