"""How is a crawl started and watched?  In a process of its own, which tells what it does line by line."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from queue import Empty, Queue
from typing import IO, Any

from crawler.report import parts
from indexer.errors import KhotinError
from indexer.settings import Settings

Listen = Callable[[dict[str, Any]], None]
LOOK_SECONDS = 0.5
PATIENCE_SECONDS = 15  # a crawl that is told to stop ends within the wait for one answer; then it is killed
LONGEST_LOOK = 180.0  # seconds for a look at a site: some pages, each with its pause, of a site that may be slow
LONGEST_COMPLAINT = 4000  # characters; a traceback's end says what it was
ROOT = Path(__file__).parent.parent


def run(
    home: Path,
    name: str,
    options: Mapping[str, Any],
    listen: Listen,
    *,
    job: int | None = None,
    must_end: Callable[[], bool] = lambda: False,
) -> dict[str, Any]:
    """One round (or, with the option `replay`, a re-reading) over a source; returns its report.

    ``options`` may hold max_pages, full, retry, goes_on and replay, with it article. ``listen`` is given each event as
    it comes.
    """
    words = [str(home.resolve()), name, "--parent", str(os.getpid())]
    words += ["--job", str(job)] if job is not None else []
    words += ["--max-pages", str(options["max_pages"])] if options.get("max_pages") else []
    words += ["--article", str(options["article"])] if options.get("article") else []
    words += [f"--{each.replace('_', '-')}" for each in ("full", "retry", "goes_on", "replay") if options.get(each)]
    found = listened(words, "report", listen, must_end)
    return found.get("report") or {
        "source": name, "state": "failed", "problem": found["problem"], "cause": found["cause"],
    }  # fmt: skip


def probe(address: str, settings: Settings, allow_private: bool = False) -> dict[str, Any]:
    """What we would take from a page.  Raises KhotinError."""
    words = [str(settings.home.resolve()), address, "--probe", *(["--allow-private"] if allow_private else [])]
    found = listened(words, "probe", lambda event: None, lambda: False)
    if "probe" not in found:
        raise KhotinError("%(problem)s", problem=found["problem"])
    told: dict[str, Any] = found["probe"]
    return told


def preview(
    home: Path, number: int, again: bool, listen: Listen, must_end: Callable[[], bool] = lambda: False
) -> dict[str, Any]:
    """A look at a site, or with ``again`` its pages read in another way; holds a `problem` when it failed."""
    began = time.monotonic()
    words = [str(home.resolve()), str(number), "--trial" if again else "--preview"]
    found = listened(words, "preview", listen, lambda: must_end() or time.monotonic() - began > LONGEST_LOOK)
    return {key: found[key] for key in ("problem", "cause") if found.get(key)}


def listened(words: list[str], wanted: str, listen: Listen, must_end: Callable[[], bool]) -> dict[str, Any]:
    """Run the child to its end; the last event of the wanted kind, or the problem that it ended with."""
    found: dict[str, Any] = {"problem": "", "cause": {}}
    with tempfile.TemporaryFile("w+", encoding="utf-8") as complaints:
        command = [sys.executable, "-m", "crawler", *words]
        child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=complaints, encoding="utf-8")
        assert child.stdout is not None
        try:
            for event in events(child, child.stdout, must_end):
                if event["kind"] in (wanted, "problem"):
                    found |= {key: value for key, value in event.items() if key != "kind"}
                else:
                    listen(event)
        finally:
            end(child)
            child.stdout.close()
        if wanted not in found and not found["problem"]:
            complaints.seek(0)
            said = complaints.read().strip()[-LONGEST_COMPLAINT:]
            last = (said.splitlines() or [f"exit code {child.returncode}"])[-1]
            problem = KhotinError("The crawl ended unexpectedly: %(reason)s", reason=last)
            found |= {"problem": str(problem), "cause": parts(problem)}
            listen({"kind": "line", "message": problem.message, "values": problem.values, "detail": said})
    return found


def events(child: subprocess.Popen[str], output: IO[str], must_end: Callable[[], bool]) -> Any:
    """The child's events; between them it is told to stop when it must end."""
    lines: Queue[str] = Queue()

    def pump() -> None:
        for line in output:
            lines.put(line)
        lines.put("")

    reader = threading.Thread(target=pump, name="crawl output", daemon=True)
    reader.start()
    waited = 0.0
    while True:
        try:
            line = lines.get(timeout=LOOK_SECONDS)
        except Empty:
            line = None
        if line == "":
            reader.join()
            return
        if line:
            yield json.loads(line)
        if must_end():
            if waited == 0.0:
                child.terminate()
            waited += LOOK_SECONDS if line is None else 0.001
            if waited > PATIENCE_SECONDS:
                child.kill()


def end(child: subprocess.Popen[str]) -> None:
    """Leave no child behind, whatever happened to us."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()
