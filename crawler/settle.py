"""What becomes of an answer?  The bytes to the WARC, then all that follows from them in one transaction."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

from sqlalchemy import Connection

from crawler.addresses import further_names, host_of
from crawler.branches import grows, within
from crawler.discover import Found
from crawler.extract import Extraction
from crawler.fetch import Answer
from crawler.masked import masked
from crawler.pagers import Onward
from crawler.prints import PRINTED
from crawler.reading import MISSING_ROUNDS, Reading, read, read_onward
from crawler.report import parts
from crawler.texts import same
from crawler.trip import Hopeless, Printing, Trip
from indexer.article import Article, Attachment, Kept, shown_date
from indexer.decode import decode
from indexer.errors import KhotinError
from indexer.store import addresses, articles, captures, destructions, rewriting, rounds, screening, warc
from indexer.store.addresses import REDIRECTS, Known, New
from indexer.store.destructions import DESTROYED
from indexer.store.warc import Captured

LISTS = ("start", "list")  # never at rest: they tell what is new
NOTHING_NEW = "brings nothing new"
MOST_HOPS = 8  # redirects that honest sites chain: to https, to www, to the new path, and some to spare
# So many answers in a row that are none mean that the site is down or shuts us out; waiting each one out takes days.
MOST_SILENT = 10
# What is told of an article that was kept.
TOLD = {"new": "New: %(title)s", "changed": "Changed: %(title)s"}


def take(trip: Trip, address: str, answer: Answer) -> None:
    """Keep an answer and settle its address.  Raises Hopeless when the round makes no sense any more."""
    with trip.store.read() as connection:
        known = addresses.get(connection, trip.source.id, address)
        assert known is not None
    captured = answer.captured
    early = captured and before_keeping(trip, known, captured)
    if captured is None:
        reading = Reading("failed", problem=answer.problem)
        with trip.store.write() as connection:
            settle(trip, connection, known, None, reading, 0)
    elif early and is_destroyed(trip, captured, early):
        reading = Reading("ignored")
        with trip.store.write() as connection:
            addresses.settle(connection, known, trip.round_id, DESTROYED, status=captured.status, link_text="")
    else:
        origin, place, kept = keep(trip, known, captured)
        reading = early or read(trip, known, captured)
        if reading.file:
            screening.kinds_in(reading.file.text)  # the slow part, before anything is written
        digest = origin.digest if origin else ""
        try:
            with trip.store.write() as connection:
                number = captures.add(connection, trip.source.id, trip.round_id, kept, place, digest)
                if reading.print_view and trip.allows(reading.print_view):  # settled with that one
                    trip.printing = Printing(known, captured, number, reading.print_view)
                else:
                    settle(trip, connection, known, captured, reading, number)
        except articles.DestroyedError:  # decided while the page was read; the destruction takes what was kept
            with trip.store.write() as connection:
                captures.add(connection, trip.source.id, trip.round_id, kept, place, digest)
                addresses.settle(connection, known, trip.round_id, DESTROYED, status=captured.status, link_text="")
    check_hope(trip, known, captured, reading)


def before_keeping(trip: Trip, known: Known, captured: Captured) -> Reading | None:
    """What an answer says, where that decides whether it is kept at all: once something was destroyed."""
    with trip.store.read() as connection:
        decides = destructions.is_any(connection) and known.kind not in LISTS
    return read(trip, known, captured) if decides else None


def is_destroyed(trip: Trip, captured: Captured, reading: Reading) -> bool:
    """Does an answer say under another address what was destroyed by a written decision?  Then it is not even kept."""
    marks = {captured.digest}
    if reading.extraction and reading.extraction.article:
        told = reading.extraction
        marks |= {*articles.marks(reading.extraction.article), told.address, *told.aliases}
    with trip.store.read() as connection:
        return destructions.barring(connection, marks) is not None


def take_print(trip: Trip, answer: Answer) -> None:
    """Keep the print view of the page just taken, and settle the page by what both say."""
    assert trip.printing
    printing, trip.printing = trip.printing, None
    captured, number, view = answer.captured, printing.number, None
    if captured:
        origin, place, kept = keep(trip, None, captured)
        with trip.store.write() as connection:
            captures.add(connection, trip.source.id, trip.round_id, kept, place, origin.digest if origin else "")
        trip.report.fetched += 1
        trip.report.bytes += len(captured.payload)
    with trip.store.read() as connection:
        held = captures.said(connection, trip.source.id, printing.address, number, trip.round_id)
    view = captures.read(trip.store, held) if held else None
    reading = read(trip, printing.known, printing.captured, view)
    with trip.store.write() as connection:
        settle(trip, connection, printing.known, printing.captured, reading, number)


def take_onward(trip: Trip, onward: Onward, answer: Answer) -> None:
    """Keep a further page of a list, note where it leads, and go on or settle the list."""
    captured, found, following = answer.captured, Found(), None
    if captured:
        origin, place, kept = keep(trip, None, captured)
        if captured.status == 200 and trip.profile:
            found, following = read_onward(trip, onward, captured)
    with trip.store.write() as connection:
        known = addresses.get(connection, trip.source.id, onward.of)
        assert known is not None
        if captured is None or captured.status != 200:
            problem = answer.problem or KhotinError(
                "The site answered %(status)s.", status=captured and captured.status
            )
            failed(trip, connection, known, captured, problem)
            return
        captures.add(connection, trip.source.id, trip.round_id, kept, place, origin.digest if origin else "")
        fresh = addresses.unknown(connection, trip.source.id, [link.address for link in found.articles])
        links(trip, connection, known, found)
        following = reachable(trip, following)
        trip.report.fetched += 1
        trip.report.bytes += len(captured.payload)
        walked_before = known.status == 200 and not trip.full
        if following and found.articles and (fresh or not walked_before):
            trip.onward = following
        else:
            values = {"status": 200, "problem": "", "tries": 0, "missing_since": None}
            addresses.settle(connection, known, trip.round_id, "kept", **values)


def reachable(trip: Trip, onward: Onward | None) -> Onward | None:
    """A further page of a list, if it is on the site and we may ask for it."""
    if onward and host_of(onward.address) not in trip.hosts:
        trip.skip(onward.address, "another host")
    elif onward and not trip.allows(onward.address):
        trip.skip(onward.address, "robots.txt")
    else:
        return onward
    return None


def keep(trip: Trip, known: Known | None, captured: Captured) -> tuple[warc.Origin | None, warc.Place, Captured]:
    """Write an answer to the WARC file: where it stands, and what of it is kept."""
    with trip.store.read() as connection:
        origin = captures.origin_of(connection, trip.source.id, captured, known.digest if known else "")
        some_barred = origin is None and captured.payload and destructions.is_any(connection)
    kept = without_destroyed(trip, captured) if some_barred else captured
    return origin, warc.append(captures.path_of(trip.store, trip.round_id), kept, origin), kept


def without_destroyed(trip: Trip, captured: Captured) -> Captured:
    """An answer without the words that it tells of articles that were destroyed by a written decision."""
    body = rewriting.body_of(captured)
    if body.startswith(rewriting.BINARY):
        return captured
    text = decode(body, captured.named.get("content-type", ""))
    with trip.store.read() as connection:
        left = masked(text, captured.address, lambda each: bool(destructions.barred_among(connection, [each])))
    return captured if left == text else rewriting.packed_again(captured, left, body)


def settle(
    trip: Trip, connection: Connection, known: Known, captured: Captured | None, reading: Reading, capture_id: int
) -> None:
    if captured is None or reading.kind == "failed":
        failed(trip, connection, known, captured, reading.problem or KhotinError("Nothing came back."))
    elif reading.kind == "page":
        page(trip, connection, known, captured, reading, capture_id)
    elif reading.kind == "file":
        file(trip, connection, known, captured, reading, capture_id)
    elif reading.kind == "image":
        addresses.settle(connection, known, trip.round_id, "stored", **fine(captured))
    elif reading.kind == "moved":
        moved(trip, connection, known, captured, reading.target)
    elif reading.kind == "missing":
        missing(trip, connection, known, captured)
    elif reading.kind == "ignored":
        ignored(trip, connection, known, captured, reading.problem)
    else:
        unchanged(trip, connection, known, captured)
    if captured:
        trip.report.fetched += captured.status != 304
        trip.report.bytes += len(captured.payload)
    rounds.tell(connection, trip.round_id, trip.report.as_dict())


def fine(captured: Captured) -> dict[str, object]:
    """What is noted of an address that answered well, so that the next round can ask whether it changed."""
    told = captured.named
    return {
        "status": captured.status, "problem": "", "tries": 0, "missing_since": None, "digest": captured.digest,
        "etag": told.get("etag", ""), "last_modified": told.get("last-modified", ""),
    }  # fmt: skip


def page(
    trip: Trip, connection: Connection, known: Known, captured: Captured, reading: Reading, capture_id: int
) -> None:
    assert reading.extraction and reading.found
    extraction = reading.extraction
    kind = "article" if extraction.kind == "document" else extraction.kind
    article_id, before = known.article_id, (trip.report.new, trip.report.changed)
    if extraction.article:
        names = (captured.address, extraction.address, *extraction.aliases)
        article_id = save(trip, connection, known, extraction.article, names, captured, capture_id)
        trip.report.hit(extraction.reasons)
        trip.report.printed += extraction.reasons.get("body") == PRINTED
    is_alias = article_id is not None and addresses.is_alias(connection, known, article_id)
    note_twin(trip, connection, known, article_id, is_alias=is_alias)
    led_on = 0
    if not (reading.repeats or is_alias):
        led_on = links(trip, connection, known, reading.found, extraction)
    note_step(trip, known, reading, is_alias=is_alias)
    if known.status is None and grows(known.address, known.found_on):
        trip.branches.note(known.address, new=trip.report.new > before[0] or (led_on > 0 and not extraction.article))
    values = fine(captured) | {"kind": "start" if known.kind == "start" else kind, "article_id": article_id}
    if kind not in LISTS and known.kind not in LISTS:
        values |= at_rest(known, captured, same=(trip.report.new, trip.report.changed) == before)
    trip.onward = reachable(trip, reading.onward)
    trip.feeds += reading.feeds
    if trip.onward:  # settled with its last page, so that a killed round begins the list anew
        values |= {"digest": "", "etag": "", "last_modified": "", "status": known.status}
        addresses.settle(connection, known, None, "waiting", **values)
    else:
        addresses.settle(connection, known, trip.round_id, "alias" if is_alias else "kept", **values)


NEVER = -1_000  # proofs: one page that differs under a further name outweighs all that do not


def note_twin(trip: Trip, connection: Connection, known: Known, article_id: int | None, *, is_alias: bool) -> None:
    """Count that a kind of further name led to an article that is kept under its plainer name, or that it did not."""
    held = articles.get(connection, article_id) if article_id is not None else None
    for kind, plainer in further_names(known.address):
        there = addresses.get(connection, trip.source.id, plainer)
        if is_alias and held and held.article.address == plainer:
            trip.twins[kind] += 1
        elif known.status is None and there and there.article_id not in (None, article_id):
            trip.twins[kind] += NEVER


def note_step(trip: Trip, known: Known, reading: Reading, *, is_alias: bool) -> None:
    """Has a page that was found within its own pattern led to anything that no page showed before?"""
    assert reading.found and reading.extraction
    led_to = [each.address for each in (*reading.found.articles, *reading.found.files, *reading.found.lists)]
    pattern = within(known.address, known.found_on)
    if pattern and known.status is None and not is_alias:
        fresh = (hash(each) not in trip.shown and not within(each, known.address) for each in led_to)
        new = reading.extraction.article is not None or (not reading.repeats and any(fresh))
        trip.branches.step(pattern, new=new)
    trip.shown.update(map(hash, led_to))


def save(
    trip: Trip,
    connection: Connection,
    known: Known,
    article: Article,
    names: tuple[str, ...],
    captured: Captured,
    capture_id: int,
) -> int:
    came_by = came_from(trip, connection, known)
    there = articles.find(connection, article.address, trip.source.id)
    if there and is_anothers(connection, known, article, there):
        article = replace(article, address=known.address)
        there = articles.find(connection, article.address, trip.source.id)
    if there is None:
        note_move(trip, connection, article, came_by[1:])
    saved = articles.save(connection, trip.source.id, article, captured.at, "crawl", capture_id)
    for name in dict.fromkeys((*names, *came_by)):
        if host_of(name) in trip.hosts:
            articles.note_alias(connection, trip.source.id, name, saved.id)
    trip.report.new += saved.outcome == "new"
    trip.report.changed += saved.outcome == "changed"
    trip.report.unchanged += saved.outcome == "same"
    if saved.outcome != "same":
        trip.line(TOLD[saved.outcome], title=article.title)
        # A file that was read before this article spoke of it is read again, for this article too.
        held = articles.get(connection, saved.id)
        unread = [each.address for each in held.article.attachments if not each.digest] if held else []
        addresses.forget(connection, trip.source.id, unread)
    return saved.id


def is_anothers(connection: Connection, known: Known, article: Article, there: Kept) -> bool:
    """Does a page name the address of another article as its own?  Some templates call every page by the name of its
    section."""
    if there.id == known.article_id or same(there.article.title, article.title):
        return False
    return addresses.still_shown(connection, there.id, known.id)


def note_move(trip: Trip, connection: Connection, article: Article, came_by: Sequence[str]) -> None:
    """An article that is held under an address that led here keeps its number, also a short one and one whose files
    moved with it; where the whole site leads on, so does one that was held under the same path elsewhere on it."""
    here, start = urlsplit(article.address), addresses.get(connection, trip.source.id, trip.start)
    hosts = sorted(trip.hosts) if start and start.status in REDIRECTS else ()  # else each host shows its own
    moved = (here._replace(scheme=scheme, netloc=host) for host in hosts for scheme in ("http", "https"))
    for name in (*came_by, *map(urlunsplit, moved)):
        held = articles.find(connection, name, trip.source.id)
        known = held and same(held.article.title, article.title) and shown_date(held.article) == shown_date(article)
        if held and known:
            articles.note_alias(connection, trip.source.id, article.address, held.id)
            return


def links(trip: Trip, connection: Connection, known: Known, found: Found, read: Extraction | None = None) -> int:
    """Remember where a page leads, but not into branches that bring nothing; how many addresses are new."""
    new = [New(link.address, "list", link.text) for link in found.lists]
    new += [New(link.address, "article", link.text, link.date) for link in found.articles]
    new += [New(link.address, "file", link.text) for link in found.files]
    new += [New(found.next_page, "list")] if found.next_page else []
    article = read.article if read else None
    images = read.images if read and trip.source.keep_images else ()
    new += [New(each, "image") for each in images if host_of(each) in trip.hosts]
    attached = article.attachments if article else ()
    new += [New(each.address, "file", each.name) for each in attached if host_of(each.address) in trip.hosts]
    for address, reason in found.ignored:
        trip.skip(address, reason)
    shut = {each.address for each in new if article and grows(each.address, known.address)}
    shut = {address for address in shut if trip.branches.closed(address)}
    for address in shut:
        trip.skip(address, NOTHING_NEW)
    new = [each for each in new if each.address not in shut]
    unknown = addresses.unknown(connection, trip.source.id, [each.address for each in new])
    addresses.add(connection, trip.source.id, new, known.address, known.depth + 1, trip.round_id)
    return len(unknown)


def file(
    trip: Trip, connection: Connection, known: Known, captured: Captured, reading: Reading, capture_id: int
) -> None:
    assert reading.file
    text, problem = reading.file.text, reading.file.problem
    media_type = captured.named.get("content-type", "").partition(";")[0].strip()
    arrived = Attachment(known.address, "", media_type, captured.digest, text, problem)
    names = came_from(trip, connection, known)  # an article may name it by an address that redirects
    told = (replace(arrived, address=each) for each in names)
    changed = sum(articles.file_arrived(connection, trip.source.id, each, captured.at, capture_id) for each in told)
    trip.report.changed += changed if known.digest else 0
    if problem:
        trip.report.note(known.address, KhotinError(problem))
    values = fine(captured) | {"kind": "file", "problem": problem} | at_rest(known, captured, same=False)
    addresses.settle(connection, known, trip.round_id, "kept", **values)


def unchanged(trip: Trip, connection: Connection, known: Known, captured: Captured) -> None:
    trip.report.unchanged += 1
    trip.report.not_sent += captured.status == 304
    if known.article_id is not None:
        articles.seen(connection, known.article_id, captured.at)
    told = captured.named
    values = {
        "status": 200, "problem": known.problem if known.kind == "file" else "", "tries": 0, "missing_since": None,
        "etag": told.get("etag", known.etag), "last_modified": told.get("last-modified", known.last_modified),
    }  # fmt: skip
    if known.kind not in LISTS:
        values |= at_rest(known, captured, same=True)
    addresses.settle(connection, known, trip.round_id, "kept", **values)


def at_rest(known: Known, captured: Captured, *, same: bool) -> dict[str, object]:
    """Since when a page has shown the same, and until when it is left in peace for that."""
    since = known.same_since if same and known.same_since else captured.at
    return {"same_since": since, "rest_until": addresses.rest(since, captured.at)}


def failed(trip: Trip, connection: Connection, known: Known, captured: Captured | None, problem: KhotinError) -> None:
    trip.report.fail(known.address, problem)
    tell_failure(trip, known.address, captured, problem)
    values = {"status": captured.status if captured else None, "problem": str(problem), "tries": known.tries + 1}
    addresses.settle(connection, known, trip.round_id, "failed", **values)


def tell_failure(trip: Trip, address: str, captured: Captured | None, problem: KhotinError) -> None:
    """A page that could not be had: why, how often it was tried, and what the machines said."""
    detail = trip.detail or (captured.status_line if captured else "")
    if trip.tries > 1:
        trip.line(
            "%(problem)s Tried %(tries)s times. %(address)s", detail,
            problem=parts(problem), tries=trip.tries, address=address,
        )  # fmt: skip
    else:
        trip.line("%(problem)s %(address)s", detail, problem=parts(problem), address=address)


def ignored(trip: Trip, connection: Connection, known: Known, captured: Captured, problem: KhotinError | None) -> None:
    if problem:
        trip.report.note(known.address, problem)
    addresses.settle(connection, known, trip.round_id, "ignored", status=captured.status, problem=str(problem or ""))


def missing(trip: Trip, connection: Connection, known: Known, captured: Captured) -> None:
    """Not there: a tombstone when it was an article's last address and enough rounds have said so."""
    times = known.tries + 1 if known.missing_since else 1
    proven = times >= MISSING_ROUNDS.get(captured.status, MISSING_ROUNDS[404])
    held = articles.get(connection, known.article_id) if known.article_id is not None else None
    if held and times == 1:
        addresses.revive(connection, held.id)
    if held and proven and not held.gone_at and not addresses.still_shown(connection, held.id, known.id):
        articles.gone(connection, held.id, captured.at)
        trip.report.gone += 1
        trip.line("No longer on the site: %(title)s", title=held.article.title)
    values = {"status": captured.status, "tries": times, "missing_since": known.missing_since or captured.at}
    state = "gone" if proven or held is None else "kept"
    addresses.settle(
        connection, known, trip.round_id, state, **values, problem="", etag="", last_modified="", digest=""
    )


def moved(trip: Trip, connection: Connection, known: Known, captured: Captured, target: str) -> None:
    """A redirect: its target is asked for in its own turn, and this address becomes another name of it."""
    chain = came_from(trip, connection, known)
    if not target or target in chain or len(chain) > MOST_HOPS:
        return failed(trip, connection, known, captured, KhotinError("It redirects in a circle."))
    if host_of(target) not in trip.hosts:
        problem = KhotinError("It leads to another site: %(target)s", target=target)
        return ignored(trip, connection, known, captured, problem)
    if target == trip.start and known.kind != "start":  # how sites say politely that a page is no more
        return missing(trip, connection, known, captured)
    trip.moved = target
    addresses.add(connection, trip.source.id, [New(target, known.kind)], known.address, known.depth, trip.round_id)
    there = articles.find(connection, target, trip.source.id)
    if there:
        articles.note_alias(connection, trip.source.id, known.address, there.id)
    else:
        addresses.moved_to(connection, trip.source.id, target, known.address)
    status = captured.status if captured.status in REDIRECTS else REDIRECTS[1]  # a page may send its reader on too
    values = fine(captured) | {"status": status, "article_id": there.id if there else known.article_id}
    values |= {"etag": "", "last_modified": "", "digest": ""}
    return addresses.settle(connection, known, trip.round_id, "kept", **values)


def came_from(trip: Trip, connection: Connection, known: Known) -> list[str]:
    """An address and those that redirected to it, nearest first."""
    chain = [known.address]
    while len(chain) <= MOST_HOPS:
        before = addresses.get(connection, trip.source.id, known.found_on)
        if before is None or before.status not in REDIRECTS or before.address in chain:
            break
        chain.append(before.address)
        known = before
    return chain


def check_hope(trip: Trip, known: Known, captured: Captured | None, reading: Reading) -> None:
    if known.kind == "start" and reading.kind not in ("page", "moved"):
        problem = reading.problem or KhotinError("The start page %(address)s is not there.", address=known.address)
        raise Hopeless(problem.message, **problem.values)
    if known.kind == "start" and reading.kind == "moved" and trip.moved != reading.target:
        if not reading.target or host_of(reading.target) in trip.hosts:
            raise Hopeless("The start page %(address)s redirects in a circle.", address=known.address)
        raise Hopeless("The start page leads to %(target)s. Add that address as a source.", target=reading.target)
    silent = captured is None or captured.status in (401, 403, 429) or captured.status >= 500
    host = host_of(known.address)
    trip.silent[host] = trip.silent.get(host, 0) + 1 if silent else 0
    if trip.silent[host] < MOST_SILENT:
        return
    if host in trip.elsewhere:
        trip.mute.add(host)
    else:
        raise Hopeless(
            "The site gave %(times)s bad answers in a row; the round ends here. What was fetched is kept.",
            times=trip.silent[host],
        )
