"""Are admins told by e-mail of what goes wrong and when it is over: each cause once, and only who wants it?"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest

from indexer import accounts, alarms, clock, telling
from indexer.store import letters, mailboxes
from tests.conftest import Archive
from tests.mailing import SITE, Sink, mail_server, mailing
from web.posting import post

SetClock = Callable[[datetime], None]
MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=clock.VIETNAM)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as opened:
        yield opened


def add_person(archive: Archive, name: str, role: str = "admin", language: str = "vi", confirmed: bool = True) -> int:
    with archive.store.write() as connection:
        number = accounts.add(connection, name, "a long password", role)
        mailboxes.put(connection, number, f"{name}@example.org", language)
        box = mailboxes.get(connection, number)
        if confirmed and box:
            mailboxes.confirm(connection, box.nonce)
    return number


def ring(archive: Archive, cause: str, days: int = 9) -> None:
    message = "No new article for %(days)s days; usually %(number)s a week. The site's lists may have changed."
    doubt = {"message": message, "values": {"days": str(days), "number": "4"}}
    with archive.store.write() as connection:
        alarms.ring(connection, cause, "%(source)s: %(doubt)s", source="soxd", doubt=doubt)


def calm(archive: Archive, cause: str) -> None:
    with archive.store.write() as connection:
        alarms.calm(connection, cause)


def work(archive: Archive, sink: Sink) -> list[tuple[str, str, str]]:
    """One step of the worker; to whom it wrote, under which subject and what."""
    before = len(sink.mails)
    post(archive.store, archive.engine, mailing(archive.store.home, sink.port))
    sent = zip(sink.mails[before:], sink.texts()[before:], strict=True)
    return [(str(mail["To"]), str(mail["Subject"]), text) for mail, text in sent]


def test_a_trouble_is_told_once_and_once_that_it_is_over(archive: Archive, sink: Sink, set_clock: SetClock) -> None:
    set_clock(MONDAY)
    add_person(archive, "lan")
    ring(archive, "quiet source 1")
    ((to, subject, text),) = work(archive, sink)
    assert to == "lan@example.org" and subject.startswith("Cần xem: soxd: Không có bài mới trong 9 ngày")
    assert "* soxd: Không có bài mới trong 9 ngày; thường có 4 bài mỗi tuần." in text
    assert "từ 05/01/2026 08:00" in text and f"{SITE}/admin\n" in text and f"{SITE}/desk/account\n" in text
    ring(archive, "quiet source 1", days=10)
    set_clock(MONDAY + timedelta(days=1))
    assert work(archive, sink) == []
    calm(archive, "quiet source 1")
    ((_, subject, text),) = work(archive, sink)
    assert subject.startswith("Đã hết sự cố: soxd") and "từ 05/01/2026 08:00, đến 06/01/2026 08:00" in text
    assert work(archive, sink) == []
    ring(archive, "quiet source 1", days=8)
    assert len(work(archive, sink)) == 1, "a new trouble of the same kind is a new one"


def test_only_admins_with_a_confirmed_address_who_want_it_are_told(archive: Archive, sink: Sink) -> None:
    add_person(archive, "hoa", language="en")
    add_person(archive, "editor", "editor")
    add_person(archive, "new", confirmed=False)
    off = add_person(archive, "off")
    add_person(archive, "gone")
    with archive.store.write() as connection:
        mailboxes.want_notices(connection, off, False)
        accounts.disable(connection, "gone")
    ring(archive, "quiet source 1")
    ((to, subject, text),) = work(archive, sink)
    assert to == "hoa@example.org" and subject.startswith("To be looked at: soxd: No new article for 9 days")
    assert "You are told as an admin." in text


def test_several_troubles_come_in_one_letter(archive: Archive, sink: Sink) -> None:
    add_person(archive, "lan")
    ring(archive, "quiet source 1"), ring(archive, "quiet source 2")
    ((_, _, text),) = work(archive, sink)
    assert text.count("* soxd:") == 2


def test_what_passes_before_anybody_was_told_is_told_to_nobody(archive: Archive, sink: Sink) -> None:
    ring(archive, "disk")
    with archive.store.read() as connection:
        assert not telling.is_due(connection), "there is nobody to tell"
    assert work(archive, sink) == []
    add_person(archive, "lan")
    calm(archive, "disk")
    assert work(archive, sink) == []
    ring(archive, "disk")
    with archive.store.read() as connection:
        assert telling.is_due(connection)
    assert len(work(archive, sink)) == 1


def test_a_trouble_that_ends_while_its_letter_waits_is_told_as_over(
    archive: Archive, sink: Sink, set_clock: SetClock
) -> None:
    set_clock(MONDAY)
    add_person(archive, "lan")
    sink.refusals["lan@example.org"] = "451 later"
    ring(archive, "disk")
    assert work(archive, sink) == []
    calm(archive, "disk")
    sink.refusals.clear()
    set_clock(MONDAY + timedelta(hours=2))
    told = work(archive, sink)
    assert [subject[:12] for _, subject, _ in told] == ["Đã hết sự cố"]
    with archive.store.read() as connection:
        assert letters.due(connection) == []


def test_hostile_names_stay_text_in_one_line(archive: Archive, sink: Sink) -> None:
    add_person(archive, "lan")
    with archive.store.write() as connection:
        alarms.ring(connection, "x", "%(source)s is away.", source="a\r\nBcc: b@example.org\u202e" + "x" * 9_000)
    ((_, subject, text),) = work(archive, sink)
    assert "\n" not in subject and sink.mails[0]["Bcc"] is None and len(subject) <= 150
    assert "\u202e" not in text and max(map(len, text.splitlines())) < 500
