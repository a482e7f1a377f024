"""How is the site served?  By gunicorn: two processes of four threads, each with the archive opened by itself."""

import ctypes
import errno
import gc
import logging
import os
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from threading import Thread, Timer
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.glogging import Logger  # type: ignore[import-untyped]

from indexer.afar.far import Far
from indexer.alike import groups
from indexer.engine.open import engine_of
from indexer.errors import KhotinError, NotNowError
from indexer.glossary import load
from indexer.language.segment import spans
from indexer.question import understand
from indexer.settings import Settings
from indexer.store import open_store
from web import metrics
from web.app import create_app

# Two processes keep answering while one is restarted; threads wait for slow readers, not for the processor.
PROCESSES, THREADS = 2, 4
# Series and copies are told apart when the first answers are out.
SECONDS_UNTIL_GROUPED = 2.0
# An answer takes milliseconds; a process that is silent this long is stuck.
SECONDS_UNTIL_STUCK = 60
# Told to stop, a process takes no more requests and has so long for those it has; a longer download is cut.
SECONDS_TO_FINISH = 20
# A look for free memory takes milliseconds.
SECONDS_BETWEEN_TRIMS = 60
# Where Linux keeps files that need no disk; what our processes count takes less than one of these megabytes.
IN_MEMORY, COUNTS, ENOUGH_TO_COUNT = Path("/dev/shm"), "khotin-counts-", 16 << 20

log = logging.getLogger("khotin.web")


class Site(BaseApplication):  # type: ignore[misc]
    """What gunicorn runs in each of its processes."""

    def __init__(self, settings: Settings, proved: set[Any]) -> None:
        self.settings, self.proved = settings, proved
        super().__init__()

    def load_config(self) -> None:
        chosen: dict[str, Any] = {
            "bind": bound(self.settings),
            "workers": PROCESSES,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": SECONDS_UNTIL_STUCK,
            "loglevel": "warning",
            "proc_name": "khotin",
            "control_socket_disable": True,  # nobody steers it from outside
            "logger_class": Quiet,
            "graceful_timeout": SECONDS_TO_FINISH,
        }
        for name, value in chosen.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        store = open_store(self.settings.home)
        engine = engine_of(store, self.settings)
        engine.proved = self.proved
        app = create_app(self.settings, store, engine)
        Thread(target=give_back_now_and_then, daemon=True).start()
        with suppress(NotNowError):  # the pages will say so
            columns = app.extensions["khotin"].columns()
            if isinstance(columns, Far):  # there groups are not told apart
                return app
            later = Timer(SECONDS_UNTIL_GROUPED, groups, (columns,))  # so that no reader waits for it
            later.daemon = True
            later.start()
        return app


class Quiet(Logger):  # type: ignore[misc]
    """gunicorn tells what goes wrong where all of us tell it."""

    def setup(self, cfg: Any) -> None:
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


def bound(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"{host}:{settings.port}"


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises KhotinError when the archive or the port cannot be used."""
    store = open_store(settings.home)
    store.close()  # tells what is wrong before any process is started
    check_port(settings)
    engine = engine_of(store, settings)
    proving = Thread(target=engine.prove)  # waits for the disk while the word lists keep the processor busy
    proving.start()
    read_word_lists()
    proving.join()  # no thread may be left when the processes part
    folder, me = folder_of_counts(IN_MEMORY if os.access(IN_MEMORY, os.W_OK) else Path(gettempdir())), os.getpid()
    if folder:
        os.environ[metrics.TOGETHER] = folder
    try:
        Site(settings, engine.proved).run()
    finally:
        if folder and os.getpid() == me:  # gunicorn's processes leave by here too, while others go on counting
            shutil.rmtree(folder, ignore_errors=True)


def folder_of_counts(base: Path) -> str:
    """A new folder in which our processes count together; empty where there is no room, and each counts for itself:
    who counts in a file on a full disk dies of it. What killed sites left is removed."""
    processes = Path("/proc")
    for left in base.glob(f"{COUNTS}*") if (processes / "self").exists() else ():  # else nobody knows who lives
        if not (processes / left.name.removeprefix(COUNTS).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    if shutil.disk_usage(base).free < ENOUGH_TO_COUNT:
        log.warning("There is no room in %s: /metrics tells the counts of one process only.", base)
        return ""
    return mkdtemp(prefix=f"{COUNTS}{os.getpid()}-", dir=base)


def give_back_now_and_then() -> None:
    while True:
        time.sleep(SECONDS_BETWEEN_TRIMS)
        give_back_what_is_free()


def give_back_what_is_free() -> None:
    """After large answers glibc keeps some ten MB between pieces that are in use; by itself it gives back only what is
    free behind the last of them."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # other C libraries have none
    if trim:
        trim(0)


def read_word_lists() -> None:
    """Once, before the processes part and share this memory. The hundred thousand objects stay: walking through them
    in search of garbage would hold up answers, and make each process copy what it walks through."""
    gc.disable()
    understand("nhà ở xã hội, social housing", load())
    spans("nhà ở xã hội")
    gc.freeze()
    gc.enable()


def check_port(settings: Settings) -> None:
    """Raises KhotinError when nobody could listen at this address."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((settings.host, settings.port))
        except OSError as problem:
            raise told_plainly(problem, settings) from None


def told_plainly(problem: OSError, settings: Settings) -> KhotinError:
    values = {"host": settings.host, "port": settings.port}
    if problem.errno == errno.EADDRINUSE:
        return KhotinError(
            "Port %(port)s of %(host)s is in use by another program. Choose another with --port.", **values
        )
    if problem.errno == errno.EACCES:
        return KhotinError("Port %(port)s needs administrator rights. Choose one above 1023 with --port.", **values)
    return KhotinError(
        "%(host)s is no address of this machine (%(problem)s). Choose another with --host.",
        problem=problem.strerror or str(problem),
        **values,
    )
