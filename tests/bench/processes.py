"""What do the processes of a command take?  Memory of the whole tree, read from /proc, and the command's seconds."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

PROC = Path("/proc")
# Between two looks; reading smaps_rollup walks a process's pages, so more often would cost what is measured.
PAUSE = 0.5
# As an installed command runs: what Python compiled is kept for the next start. The pace that programs keep would end
# the load.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"} | {
    "KHOTIN_API_REQUESTS_PER_MINUTE": "0"
}

Process: TypeAlias = "subprocess.Popen[bytes]"


def tree(pid: int) -> list[int]:
    """A process and all that it started, directly or not."""
    parents = {int(each.name): parent_of(each) for each in PROC.iterdir() if each.name.isdigit()}
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def parent_of(process: Path) -> int:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except (OSError, IndexError):  # it has just ended
        return 0


def kilobytes(pid: int, *names: str) -> int:
    """The sum of some lines of smaps_rollup; 0 for a process that has just ended."""
    try:
        lines = (PROC / str(pid) / "smaps_rollup").read_text().split("\n")
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.split(":")[0] in names)


def pss(pid: int) -> int:
    """Memory of a process tree; what several of its processes share counts once. In kB."""
    return sum(kilobytes(each, "Pss") for each in tree(pid))


def private(pid: int) -> int:
    """Memory that one process has for itself. In kB."""
    return kilobytes(pid, "Private_Dirty")


@dataclass(frozen=True, slots=True)
class Run:
    """How a command went."""

    seconds: float
    peak: int  # Pss of its processes together, in kB
    code: int


def start(home: Path, *words: str) -> Process:
    """Start a `khotin` command."""
    return subprocess.Popen(
        [sys.executable, "-m", "khotin", "--home", str(home), *words], env=ENVIRONMENT, stdout=subprocess.DEVNULL
    )


def run(home: Path, *words: str) -> Run:
    """Run a `khotin` command to its end, and watch its memory meanwhile."""
    began = time.perf_counter()
    process = start(home, *words)
    peaks = [0]
    watcher = threading.Thread(target=lambda: peaks.extend(watched(process)), daemon=True)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - began
    watcher.join()
    return Run(seconds, max(peaks), code)


def watched(process: Process) -> Iterator[int]:
    while process.poll() is None:
        yield pss(process.pid)
        time.sleep(PAUSE)


def size_of(folder: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(each.stat().st_size for each in folder.rglob("*") if each.is_file())


def end(process: Process) -> None:
    """End a command and what it started; a pool's processes may outlive the one that made them."""
    started = tree(process.pid)[1:]
    process.terminate()
    process.wait()
    for pid in started:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)
