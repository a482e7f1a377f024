"""How does a backup become an archive again?  Beside its place, proved whole, and only then put there."""

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import BinaryIO, NamedTuple

from sqlalchemy.exc import DatabaseError

from indexer import backup, build, destroy
from indexer.backup import Manifest, Member
from indexer.destroy import LIST as DESTROYED
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError
from indexer.lasting import sync
from indexer.settings import FILE_NAME as SETTINGS_FILE
from indexer.settings import store_address
from indexer.signed import KEY_FILE
from indexer.store import Store, copying, database, has_archive, health, open_store, warc
from indexer.store.sources import CERTIFICATES
from indexer.store.warc import proved

DRAFT = ".restoring"
# What a backup may hold: nothing else is ever written, whatever the names in the file say.
NAMES = re.compile(
    rf"{database.FILE_NAME}|{SETTINGS_FILE}|{KEY_FILE}|{DESTROYED}|warc/[\w.-]+\.warc\.gz|{CERTIFICATES}/\w+\.pem",
    re.ASCII,
)
# What is put into the data folder, the database last: without it there is no archive yet.
PARTS = (SETTINGS_FILE, KEY_FILE, CERTIFICATES, DESTROYED, "warc", "index", database.FILE_NAME)
BESIDE = tuple(f"{database.FILE_NAME}-{end}" for end in ("wal", "shm", "journal"))

Tell = Callable[[int], None]


class Restored(NamedTuple):
    """What `restore` did and proved."""

    manifest: Manifest
    records: int
    articles: int
    destroyed: int


def restore(file: Path, home: Path, over: bool = False, tell: Tell = lambda done: None) -> Restored:
    """Bring an archive back from a backup, prove it whole, index it, and destroy again what was destroyed since.

    Raises KhotinError, and leaves the folder as it was, when anything does not fit. With ``over`` what the folder held
    before is deleted when the new archive is whole.
    """
    if not file.is_file():
        raise KhotinError("There is no file %(file)s.", file=file)
    refuse_full(home, over)
    draft = home / DRAFT
    try:
        shutil.rmtree(draft, ignore_errors=True)
        for each in ("warc", CERTIFICATES):
            (draft / each).mkdir(parents=True)
        manifest = unpacked(file, draft)
        done = proved_and_indexed(manifest, home, draft, tell)
        put_in_place(draft, home, store_address(home))
    except OSError as problem:
        sentence = "%(file)s could not be restored: %(problem)s. The folder %(home)s holds what it held before."
        raise KhotinError(sentence, file=file, problem=problem.strerror or problem, home=home) from problem
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return done


def refuse_full(home: Path, over: bool) -> None:
    pages = database.pages_of(home) or home / "warc"
    if not has_archive(home) and not warc.files(pages):
        return
    if not over:
        sentence = (
            "There is an archive in %(home)s already. Name an empty folder with --home, or replace it with --over."
        )
        raise KhotinError(sentence, home=home)
    if is_in_use(home):
        raise KhotinError("Khotin is running on %(home)s. Stop it first.", home=home)


def is_in_use(home: Path) -> bool:
    """Whether a worker is running on it. An archive that cannot even be opened is what backups are for."""
    try:
        with closing(open_store(home)) as store, store.read() as connection:
            return health.alive(connection)
    except (KhotinError, DatabaseError):
        return False


def unpacked(file: Path, draft: Path) -> Manifest:
    """Every file of the backup, as its manifest says."""

    def take(member: Member) -> BinaryIO:
        if not NAMES.fullmatch(member.name):
            raise KhotinError("%(file)s is no backup of Khotin: it holds %(name)s.", file=file, name=member.name)
        path = draft / member.name
        path.touch(0o600 if member.name == KEY_FILE else 0o640)
        return path.open("wb")

    return backup.check(file, take)


def proved_and_indexed(manifest: Manifest, home: Path, draft: Path, tell: Tell) -> Restored:
    """The archive beside its place: whole, without what was destroyed, and searchable."""
    unite(home / DESTROYED, draft / DESTROYED)
    check_database(draft)
    with closing(database.open_file(draft)) as store:
        records = check_records(store, tell)
        engine = WhooshEngine(store.index)
        build.rebuild(store, engine)
        destroy.again(store, engine)
        destroyed = len(destroy.listed(draft / DESTROYED))
        build.update(store, engine)
        problems = build.check(store, engine)
        if problems:
            raise KhotinError("The index of the restored archive does not fit: %(problem)s", problem=problems[0])
        with store.read() as connection:
            articles = sum(health.states_of_articles(connection).values())
    return Restored(manifest, records, articles, destroyed)


def check_database(draft: Path) -> None:
    """Raises KhotinError when the database in the backup is damaged."""
    engine = database.connect_alone(draft / database.FILE_NAME)
    try:
        with engine.connect() as connection:
            found = health.complaints(connection, full=True) + [f"{a} → {b}" for a, b in health.orphans(connection)]
    except DatabaseError as problem:
        found = [str(problem.orig)]
    finally:
        engine.dispose()
    if found:
        raise KhotinError("The database in this backup is damaged: %(problem)s.", problem=found[0])


def check_records(store: Store, tell: Tell) -> int:
    """Read every record that the database knows; returns how many."""
    last = count = 0
    while True:
        with store.read() as connection:
            found = health.captures_after(connection, last)
        if not found:
            return count
        for each in found:
            if problem := proved(store.warc / each.warc_file, each):
                values = {"file": each.warc_file, "offset": each.warc_offset, "problem": KhotinError(problem)}
                raise KhotinError("The backup holds a damaged record: %(file)s at %(offset)s: %(problem)s.", **values)
        last, count = found[-1].id, count + len(found)
        tell(count)


def unite(present: Path, restored: Path) -> None:
    """What was destroyed stays destroyed: the lines of both lists, each once, in the backup's order first."""
    lines = [line for path in (restored, present) if path.exists() for line in path.read_text("utf-8").splitlines()]
    if lines:
        restored.write_text("\n".join(dict.fromkeys(filter(None, lines))) + "\n", encoding="utf-8")


def put_in_place(draft: Path, home: Path, address: str) -> None:
    """Rename every part into the folder, and put the rows where they are kept; the settings that are there stay."""
    take_away(home, address)  # first, so that no half of two archives is ever taken for one
    pages = database.pages_of(home)
    if pages:
        put_pages(draft / "warc", pages)
    elsewhere = {database.FILE_NAME: address, "warc": pages}
    for name in (each for each in PARTS if not elsewhere.get(each)):
        source, target = draft / name, home / name
        if not source.exists() or (name == SETTINGS_FILE and target.exists()):
            continue
        if target.is_dir():
            shutil.rmtree(target)
        source.replace(target)
    if address:
        put_on_server(draft, home, address)
        return
    for name in BESIDE:
        if (draft / name).exists():
            (draft / name).replace(home / name)
    sync(home)


def put_pages(source: Path, target: warc.Folder) -> None:
    """The files of fetched pages where the settings want them; those that were there go."""
    for old in warc.files(target):
        old.unlink(missing_ok=True)
    for each in sorted(source.glob("*.warc.gz")):
        with each.open("rb") as file, warc.written(target / each.name) as copy:
            shutil.copyfileobj(file, copy)


def take_away(home: Path, address: str) -> None:
    """The rows of the archive that was there."""
    if address:
        with closing(database.prepared(home, address, create=True)) as served, served.write() as connection:
            copying.clear(connection)
        return
    for name in (database.FILE_NAME, *BESIDE):
        (home / name).unlink(missing_ok=True)


def put_on_server(draft: Path, home: Path, address: str) -> None:
    with (
        closing(database.open_file(draft)) as restored,
        closing(database.prepared(home, address)) as served,
        restored.read() as rows,
        served.write() as written,
    ):
        copying.copy(rows, written)
