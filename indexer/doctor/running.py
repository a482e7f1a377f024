"""Does what should be running run?  The index, the worker, schedules, the clock, the monthly and nightly work."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from indexer import backup, build, clock, fixity
from indexer.doctor.finding import Case, Finding, broken, fine, look
from indexer.store import health

# A schedule is fired twice a second; a worker that starts anew does so within a minute.
PATIENCE = timedelta(minutes=10)
# Clocks of the processes of one machine agree; a second or two may lie between reading and comparing.
AHEAD = timedelta(minutes=2)
LATE_FIXITY, LATE_BACKUP = timedelta(days=45), timedelta(days=2)


def index(case: Case) -> Iterator[Finding]:
    """Does the index hold what the archive holds?"""
    if case.engine.state() is None and not build.behind(case.opened, case.engine):
        yield fine("There is nothing to index yet.")
        return
    problems = build.check(case.opened, case.engine)
    if problems:  # what is being written may only look so: asked again while nobody writes
        with case.engine.writing():
            problems = build.check(case.opened, case.engine)
    if problems:
        advice = "Run: khotin index check --repair"
        yield broken("The index does not fit the archive: %(problem)s", advice, problem=problems[0])
        return
    behind = build.behind(case.opened, case.engine)
    if behind:
        advice = "A running worker takes them up by itself; without one run: khotin index update"
        yield look("The index is whole, but %(count)s changes behind the archive.", advice, count=behind)
    else:
        yield fine("The index holds what the archive holds.")


def worker(case: Case) -> Iterator[Finding]:
    with case.opened.read() as connection:
        alive = health.alive(connection)
    if alive:
        yield fine("A worker is running.")
    else:
        advice = "Start it: khotin serve, or khotin work beside khotin web."
        yield look("No worker is running: nothing is crawled, indexed or sent.", advice)


def schedules(case: Case) -> Iterator[Finding]:
    with case.opened.read() as connection:
        late = health.overdue(connection, PATIENCE)
    if late:
        source, due = late[0]
        sentence = "%(count)s schedules are overdue, among them one of %(source)s, due at %(due)s."
        advice = "They are run once when a worker runs again: khotin serve or khotin work."
        yield look(sentence, advice, count=len(late), source=source, due=local(due))
    else:
        yield fine("No schedule is overdue.")


def time(case: Case) -> Iterator[Finding]:
    """Is the clock where it was, and are the time zones known?"""
    now, newest = clock.now(), None
    unknown = {"Asia/Ho_Chi_Minh"}
    if case.store:
        with case.opened.read() as connection:
            newest = health.newest_written(connection)
            unknown |= set(health.zones(connection))
    unknown = {name for name in unknown if not is_known(name)}
    if newest and newest > now + AHEAD:
        sentence = "The clock says %(now)s, but the archive was written at %(newest)s: one of them is wrong."
        advice = "Set the machine's clock right (timedatectl), then let it be kept by a time server."
        yield broken(sentence, advice, now=local(now), newest=local(newest))
    if unknown:
        sentence = "The time zone %(name)s is unknown here."
        yield broken(sentence, "Install the package tzdata.", name=sorted(unknown)[0])
    if not unknown and not (newest and newest > now + AHEAD):
        yield fine("The clock says %(now)s, which fits what was written before.", now=local(now))


def is_known(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ZoneInfoNotFoundError, ValueError):
        return False


def local(moment: datetime) -> str:
    return moment.astimezone(clock.VIETNAM).strftime("%d/%m/%Y %H:%M")


def monthly(case: Case) -> Iterator[Finding]:
    """Was every record looked at of late, and was it whole?"""
    with case.opened.read() as connection:
        last = fixity.last_ended(connection)
        is_empty = not health.count_captures(connection)
    advice = "A running worker does it by itself, at night; the page Upkeep starts it now."
    if last and last.damaged:
        sentence = "The check of %(day)s found %(count)s damaged records."
        values = {"day": local(last.ended_at or last.began_at), "count": len(last.damaged)}
        yield broken(sentence, "Bring the damaged files back from a backup; the page Upkeep names them.", **values)
    elif last and clock.now() - last.began_at < LATE_FIXITY:
        yield fine("All records were checked on %(day)s and were whole.", day=local(last.ended_at or last.began_at))
    elif is_empty:
        yield fine("There are no fetched pages to check yet.")
    else:
        yield look("Not all records were checked within the last month.", advice)


def backups(case: Case) -> Iterator[Finding]:
    """Is there a fresh backup?"""
    assert case.settings is not None
    if not case.settings.backup_folder:
        advice = "Name a folder on another disk: backup_folder in khotin.toml; or run: khotin backup FILE"
        yield look("No backups are made by themselves.", advice)
        return
    folder = Path(case.settings.backup_folder)
    made = backup.made_in(folder)
    if not made or clock.now().timestamp() - made[-1].stat().st_mtime > LATE_BACKUP.total_seconds():
        advice = "Look whether the folder can be written and has room; then run: khotin backup FILE"
        yield broken("There is no backup of the last two days in %(folder)s.", advice, folder=folder)
    elif folder.exists() and folder.stat().st_dev == case.home.stat().st_dev:
        sentence = "The newest backup is %(file)s, but it lies on the same disk as the archive."
        yield look(sentence, "Copy the backups to another disk or machine.", file=made[-1].name)
    else:
        yield fine("The newest backup is %(file)s.", file=made[-1].name)
