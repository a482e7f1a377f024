"""Are the fetched pages still as they were written?  Their files, and the digests of some or all records."""

from collections.abc import Iterable, Iterator

from indexer.doctor.finding import Case, Finding, broken, fine, look
from indexer.store import health
from indexer.store.captures import Capture
from indexer.store.warc import Folder, proved, size

NEWEST, OTHERS = 50, 150
BRING_BACK = "Bring this file back from a backup: khotin restore FILE into an empty folder, and copy it from there."


def files(case: Case) -> Iterator[Finding]:
    """Is every WARC file there, and as long as the database says?"""
    with case.opened.read() as connection:
        known = health.files(connection)
    there = {each.name: size(each) for each in case.opened.warc.glob("*.warc.gz")}
    short = [each for each in known if there.get(each.name, -1) < each.end]
    for each in short[:5]:
        sentence = "%(file)s is missing or too short: %(there)s bytes instead of %(end)s."
        yield broken(sentence, BRING_BACK, file=each.name, there=there.get(each.name, 0), end=each.end)
    torn = [each for each in known if not each.is_open and there.get(each.name, 0) > each.end]
    if torn:
        sentence = "%(file)s holds more than the database knows of, though its round has ended."
        yield look(sentence, "Nothing is lost. Crawl its source once more and look again.", file=torn[0].name)
    if not short and not torn:
        yield fine("All %(count)s files of fetched pages are there.", count=len(known))


def digests(case: Case) -> Iterator[Finding]:
    """Do records say what they said when they were written?"""
    if case.full:
        chosen = every(case)
    else:
        with case.opened.read() as connection:
            chosen = iter(health.sample(connection, NEWEST, OTHERS))
    count, bad = looked_through(case.opened.warc, chosen)
    for each, problem in bad[:5]:
        sentence = "%(file)s is damaged at byte %(offset)s (%(address)s): %(problem)s."
        values = {"file": each.warc_file, "offset": each.warc_offset, "address": each.address, "problem": problem}
        yield broken(sentence, BRING_BACK, **values)
    if len(bad) > 5:
        yield broken("%(count)s records are damaged in all.", BRING_BACK, count=len(bad))
    if not bad and case.full:
        yield fine("All %(count)s records of fetched pages are as they were written.", count=count)
    elif not bad:
        yield fine("The newest records of fetched pages and some others, %(count)s in all, are whole.", count=count)


def looked_through(folder: Folder, chosen: Iterable[Capture]) -> tuple[int, list[tuple[Capture, str]]]:
    """How many records there were, and what is wrong with which of them."""
    count, bad = 0, []
    for each in chosen:
        count += 1
        if problem := proved(folder / each.warc_file, each):
            bad.append((each, problem))
    return count, bad


def every(case: Case) -> Iterator[Capture]:
    last = 0
    while True:
        with case.opened.read() as connection:
            found = health.captures_after(connection, last)
        if not found:
            return
        yield from found
        last = found[-1].id
