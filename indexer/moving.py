"""How does an archive move to another database, or to another folder?  Whole, proved, and never over another one."""

import hashlib
import shutil
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer.backup import PIECE, small_files
from indexer.errors import KhotinError
from indexer.lasting import sync
from indexer.store import Store, copying, database, health, warc
from indexer.store.copying import Copied

Tell = Callable[[int], None]


class Side(NamedTuple):
    """Where an archive is, or is to be: its folder, and the address of a server that keeps its rows, if one does."""

    home: Path
    address: str


class Moved(NamedTuple):
    """What was copied: every table, and the files of fetched pages, when they went to another folder."""

    tables: list[Copied]
    files: int


def side(told: str, home: Path) -> Side:
    """What a person wrote: a folder, whose file is meant, or an address, beside which the pages are in ``home``."""
    return Side(home, told) if "://" in told else Side(Path(told), "")


def move(source: Side, target: Side, tell: Tell = lambda rows: None) -> Moved:
    """Copy an archive to where none is.  Raises KhotinError; then nothing is kept there, and it can be begun anew."""
    if place(source) == place(target):
        raise KhotinError("Both are the same archive. Name another folder or address to copy it to.")
    with closing(database.prepared(source.home, source.address)) as opened:
        held = replace(opened, pages=database.pages_of(source.home))
        refuse_running(held)
        with closing(database.prepared(target.home, target.address, create=True)) as empty:
            with empty.read() as connection:
                copying.refuse_full(connection)
            files = copy_files(held, target.home)  # before the rows that name them, as when they are fetched
            with held.write() as rows, empty.write() as written:  # who would write meanwhile is put off
                return Moved(copying.copy(rows, written, tell), files)


def place(side: Side) -> str:
    return side.address.replace("{folder}", str(side.home.resolve())) or str(side.home.resolve())


def refuse_running(store: Store) -> None:
    """Half of what a worker does would stay behind."""
    with store.read() as connection:
        if health.alive(connection):
            raise KhotinError("Khotin is running on %(home)s. Stop it first.", home=store.home)


def copy_files(store: Store, home: Path) -> int:
    """The files of fetched pages, and the small ones beside them, where the other side has a folder of its own; how
    many pages' files. Settings stay: they may name the old place."""
    if store.home.resolve() == home.resolve():
        return 0
    target = database.pages_of(home) or home / "warc"
    pages = [] if target == store.warc else warc.files(store.warc)
    for each in pages:
        copy_page_file(each, target / each.name)
    for name, path in small_files(store.home, with_key=True):
        copy_file(path, home / name)
    warc.lasting(target)
    sync(home)
    return len(pages)


def copy_page_file(source: warc.File, target: warc.File) -> None:
    """The same for a file of fetched pages, which may lie in a store of objects on either side."""
    if isinstance(source, Path) and isinstance(target, Path):
        copy_file(source, target)
        return
    if target.exists():
        if digest(target) != digest(source):
            raise KhotinError("%(file)s is there already and is another file. Nothing was copied over it.", file=target)
        return
    with source.open("rb") as file, warc.written(target) as copy:
        shutil.copyfileobj(file, copy)
    if digest(target) != digest(source):
        raise KhotinError("%(file)s could not be copied whole. Look at both disks.", file=source)


def copy_file(source: Path, target: Path) -> None:
    """One file, in its place only when it is whole.  Raises KhotinError when another is there."""
    if target.exists():
        if digest(target) != digest(source):
            raise KhotinError("%(file)s is there already and is another file. Nothing was copied over it.", file=target)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(target.name + ".part")
    shutil.copy2(source, draft)
    sync(draft)
    if digest(draft) != digest(source):
        raise KhotinError("%(file)s could not be copied whole. Look at both disks.", file=source)
    draft.replace(target)


def digest(path: warc.File) -> str:
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found.update(piece)
    return found.hexdigest()
