"""Do readers get what is new by e-mail: all of it, once, and no longer than they want?"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest

from indexer import access, accounts, clock
from indexer.article import Article
from indexer.errors import KhotinError
from indexer.store import letters, mailboxes, searches
from indexer.store.mailboxes import Mailbox
from tests.conftest import Archive
from tests.mailing import SITE, Sink, mail_server, mailing
from tests.servers.ports import free_port
from web.app import create_app
from web.posting import post

SetClock = Callable[[datetime], None]
MONDAY = datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
TO = "lan@example.org"
OLD = Article(f"{SITE}/tin/1", title="Nhà ở xã hội tại Kỳ Lừa", body="Nhà ở xã hội.")


def news(number: int, title: str = "Khởi công nhà ở xã hội") -> Article:
    return Article(f"{SITE}/tin/{number}", title=title, body="Dự án nhà ở xã hội có 480 căn hộ.", section="Tin tức")


@pytest.fixture
def sink() -> Iterator[Sink]:
    with mail_server() as opened:
        yield opened


class Reader:
    """Somebody with a confirmed address and one saved search, and the worker that serves her."""

    def __init__(self, archive: Archive, sink: Sink, set_clock: SetClock) -> None:
        self.archive, self.sink, self.set_clock = archive, sink, set_clock
        self.settings = mailing(archive.store.home, sink.port)
        self.now = MONDAY
        set_clock(MONDAY)
        archive.put(OLD)
        with archive.store.write() as connection:
            self.id = accounts.add(connection, "lan", "a long password", "researcher")
            mailboxes.put(connection, self.id, TO, "vi")
            mailboxes.confirm(connection, self.box_in(connection).nonce)
            searches.add(connection, self.id, "Nhà ở xã hội", "q=nh%C3%A0+%E1%BB%9F+x%C3%A3+h%E1%BB%99i", "daily")

    def box_in(self, connection: object) -> Mailbox:
        found = mailboxes.get(connection, self.id)  # type: ignore[arg-type]
        assert found
        return found

    def box(self) -> Mailbox:
        with self.archive.store.read() as connection:
            return self.box_in(connection)

    def saved(self) -> list[searches.Saved]:
        with self.archive.store.read() as connection:
            return searches.every(connection, self.id)

    def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.set_clock(self.now)

    def work(self) -> list[str]:
        """One step of the worker; the texts of what it sent."""
        before = len(self.sink.mails)
        post(self.archive.store, self.archive.engine, self.settings)
        return self.sink.texts()[before:]


@pytest.fixture
def reader(archive: Archive, sink: Sink, set_clock: SetClock) -> Reader:
    return Reader(archive, sink, set_clock)


def test_a_digest_holds_only_what_came_since_and_nothing_twice(reader: Reader) -> None:
    reader.later(days=1)
    assert reader.work() == []
    first = reader.archive.put(news(2))[0]
    reader.archive.put(Article(f"{SITE}/tin/3", title="Giá cát xây dựng"))
    assert reader.work() == []  # not before the next morning
    reader.later(days=1)
    (text,) = reader.work()
    assert "* Khởi công nhà ở xã hội\n" in text and f"{SITE}/articles/{first}\n" in text
    assert OLD.title not in text and "cát" not in text
    reader.later(days=1)
    assert reader.work() == []
    reader.archive.put(news(4))
    reader.later(days=9)  # the worker was away: one letter, with everything
    assert len(reader.work()) == 1


def test_the_letter_is_plain_text_in_the_reader_s_language_with_signed_headers(reader: Reader) -> None:
    reader.archive.put(news(2))
    reader.later(days=1)
    (text,) = reader.work()
    mail = reader.sink.mails[0]
    assert mail.get_content_type() == "text/plain" and not mail.is_multipart()
    assert mail["Subject"] == "Tin, bài mới (1): Nhà ở xã hội" and "mỗi ngày một lần" in text
    assert mail["Auto-Submitted"] == "auto-generated" and mail["Message-ID"].endswith("@kho.example.org>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Unsubscribe"].strip("<>").startswith(f"{SITE}/unsubscribe/")
    with reader.archive.store.write() as connection:
        mailboxes.speak(connection, reader.id, "en")
    reader.archive.put(news(3))
    reader.later(days=1)
    assert "You asked to be told once a day." in reader.work()[0]


def test_one_click_ends_the_letters_without_session_or_token(reader: Reader) -> None:
    reader.archive.put(news(2))
    reader.later(days=1)
    reader.work()
    address = urlsplit(reader.sink.mails[0]["List-Unsubscribe"].strip("<>")).path
    site = create_app(reader.settings, reader.archive.store, reader.archive.engine).test_client()
    assert site.get(address).status_code == 200
    assert [each.alert for each in reader.saved()] == ["daily"]  # looking at the page ends nothing
    answered = site.post(address, data={"List-Unsubscribe": "One-Click"})
    assert answered.status_code == 200 and not answered.headers.getlist("Set-Cookie")
    assert [each.alert for each in reader.saved()] == ["none"]
    reader.archive.put(news(3))
    reader.later(days=30)
    assert reader.work() == []
    assert site.post(address[:-3] + "xyz").status_code == 400


def test_nothing_is_lost_while_the_mail_server_is_away(reader: Reader) -> None:
    first = reader.archive.put(news(2))[0]
    reader.later(days=1)
    here = reader.settings
    reader.settings = mailing(reader.archive.store.home, free_port())
    with pytest.raises(KhotinError, match="mail server cannot be used"):
        reader.work()
    reader.settings = here
    second = reader.archive.put(news(3))[0]
    assert reader.work() == []  # it waits a little before it tries again
    reader.later(days=1)
    texts = reader.work()
    assert [f"/articles/{number}\n" in text for number, text in zip((first, second), texts, strict=True)] == [True] * 2
    assert f"/articles/{first}\n" not in texts[1]
    assert reader.box().refusals == 0


def test_an_address_that_refuses_is_written_to_no_more_until_it_is_confirmed_again(reader: Reader) -> None:
    reader.sink.refusals[TO] = "550 5.1.1 No such mailbox"
    number = reader.archive.put(news(2))[0]
    for _ in range(4):
        reader.later(days=1)
        reader.work()
    box = reader.box()
    assert box.off_at and box.refusals == mailboxes.MOST_REFUSALS and box.problem == "550 5.1.1 No such mailbox"
    reader.sink.refusals.clear()
    reader.later(days=1)
    assert reader.work() == []
    with reader.archive.store.write() as connection:
        mailboxes.put(connection, reader.id, TO, "vi")
        mailboxes.confirm(connection, reader.box_in(connection).nonce)
    assert [f"/articles/{number}\n" in each for each in reader.work()] == [True]


def test_a_refusal_that_passes_is_not_held_against_an_address(reader: Reader) -> None:
    reader.sink.refusals[TO] = "451 4.7.1 Greylisted"
    reader.archive.put(news(2))
    for _ in range(5):
        reader.later(days=1)
        assert reader.work() == []
    assert not reader.box().off_at
    reader.sink.refusals.clear()
    reader.later(days=1)
    assert len(reader.work()) == 1


def test_an_article_that_is_restricted_while_its_letter_waits_is_not_in_it(reader: Reader) -> None:
    secret, open_one = reader.archive.put(news(2, "Nhà ở xã hội: bản nháp"), news(3))
    reader.sink.refusals[TO] = "451 later"
    reader.later(days=1)
    reader.work()
    with reader.archive.store.write() as connection:
        access.restrict(connection, secret, "lan", "lỗi")
    reader.sink.refusals.clear()
    reader.later(hours=2)
    (text,) = reader.work()
    assert "bản nháp" not in text and f"/articles/{open_one}\n" in text and "(1)" in text
    reader.archive.put(news(4))
    reader.later(days=1)
    with reader.archive.store.write() as connection:
        access.release(connection, secret, "lan", "đã sửa")
    reader.archive.put(news(5))
    reader.later(days=1)
    assert "bản nháp" not in "".join(reader.work())  # it was told already, as far as could be


def test_what_is_released_or_found_later_is_still_told(reader: Reader) -> None:
    number = reader.archive.put(news(2))[0]
    with reader.archive.store.write() as connection:
        access.restrict(connection, number, "lan", "xem lại")
    reader.later(days=1)
    assert reader.work() == []
    with reader.archive.store.write() as connection:
        access.release(connection, number, "lan", "được")
    reader.archive.put(Article(f"{SITE}/tin/9", title="Khác"))
    reader.later(days=1)
    assert [f"/articles/{number}\n" in each for each in reader.work()] == [True]


def test_hostile_titles_and_names_stay_text_in_one_line(reader: Reader) -> None:
    title = "Nhà ở xã hội\r\nBcc: ai@example.org\n\u202egnàv <b>" + "x" * 10_000
    with reader.archive.store.write() as connection:
        saved = searches.every(connection, reader.id)[0]
        searches.change(connection, saved, "Nhà\r\nBcc: x@example.org \u202e " + "ơ" * 500, "daily")
    reader.archive.put(news(2, title))
    reader.later(days=1)
    (text,) = reader.work()
    mail = reader.sink.mails[0]
    assert mail["Bcc"] is None and "\n" not in mail["Subject"] and len(mail["Subject"]) <= 150
    assert "\u202e" not in text and "* Nhà ở xã hội Bcc: ai@example.org gnàv <b>xxx" in text
    assert max(len(each) for each in text.splitlines()) < 400


def test_nothing_is_sent_before_the_address_is_confirmed_but_the_question(reader: Reader) -> None:
    with reader.archive.store.write() as connection:
        mailboxes.put(connection, reader.id, TO, "en")
        letters.write(connection, "confirm", reader.id)
    reader.archive.put(news(2))
    reader.later(days=2)
    (text,) = reader.work()
    path = urlsplit(next(each for each in text.split() if "/confirm/" in each)).path
    site = create_app(reader.settings, reader.archive.store, reader.archive.engine).test_client()
    assert b"lan@example.org" in site.get(path).data
    assert not reader.box().confirmed_at  # a program that looks at links confirms nothing
    assert site.post(path).status_code == 400
    token = site.get(path).get_data(as_text=True).split('name="csrf_token" value="')[1].split('"')[0]
    assert site.post(path, data={"csrf_token": token}).status_code == 200
    assert "Khởi công nhà ở xã hội" in reader.work()[0]
    with reader.archive.store.write() as connection:
        letters.write(connection, "confirm", reader.id)
    assert reader.work() == []  # there is nothing to confirm any more


def test_a_disabled_account_gets_nothing(reader: Reader) -> None:
    reader.archive.put(news(2))
    with reader.archive.store.write() as connection:
        accounts.disable(connection, "lan")
    reader.later(days=2)
    assert reader.work() == [] and clock.now() == reader.now


def test_weekly_letters_come_on_mondays(reader: Reader) -> None:
    with reader.archive.store.write() as connection:
        saved = searches.every(connection, reader.id)[0]
        searches.change(connection, saved, saved.name, "weekly")
    reader.archive.put(news(2))
    reader.later(days=6)
    assert reader.work() == []
    reader.later(days=1)
    assert "mỗi tuần một lần" in reader.work()[0]


def test_a_letter_that_breaks_its_worker_holds_up_no_other(reader: Reader) -> None:
    with reader.archive.store.write() as connection:
        letters.write(connection, "digest", reader.id, {"nothing": "that it should hold"})
        letters.write(connection, "invite", None, {"address": TO, "language": "en", "nonce": "x"})
    with pytest.raises(KeyError):
        reader.work()
    assert "You are invited" in reader.work()[0]
