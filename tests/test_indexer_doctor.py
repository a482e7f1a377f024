"""Does the doctor see what is wrong, say what to do, and leave alone what is well?"""

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from indexer import accounts, clock, doctor, jobs, leases, schedules, signed
from indexer.doctor import configured
from indexer.store import fixities, open_store
from tests.conftest import Archive
from tests.kept_pages import filled, records, scratch
from tests.mailing import mail_server

ROOT = Path(__file__).parent.parent
SetClock = Callable[[datetime], None]


def findings(home: Path, verdict: str, full: bool = False) -> dict[str, str]:
    """What the doctor says under each name, of one verdict."""
    found = doctor.examine(home, full)
    return {name: doctor.sentence(each, "en") for name, each in found if each.verdict == verdict}


@pytest.fixture
def well(archive: Archive) -> Path:
    """An archive with which nothing is the matter."""
    filled(archive)
    home = archive.store.home
    signed.secret_key(home)
    with archive.store.write() as connection:
        accounts.add(connection, "lan", "a long password")
        leases.take(connection, "worker here", "here", 30)
        fixities.note(connection, fixities.begin(connection).id, ended_at=clock.now())
    return home


def test_an_archive_that_is_well_is_called_so(well: Path) -> None:
    assert findings(well, "broken") == {}
    assert set(findings(well, "look")) <= {"Backups", "Disk space"}
    assert len({name for name, _ in doctor.examine(well)}) == len(doctor.CHECKS)


def test_every_check_has_a_name_of_its_own_and_tells_both_languages(well: Path) -> None:
    found = doctor.examine(well)
    for name, each in found:
        assert doctor.sentence(each, "vi") != doctor.sentence(each, "en"), name
        assert not each.advice or doctor.advice(each, "vi") != doctor.advice(each, "en"), name


def test_a_changed_byte_in_a_fetched_page_is_found_with_its_file_and_place(well: Path, archive: Archive) -> None:
    hurt = records(archive.store)[1]
    scratch(archive.store, hurt)
    for full in (False, True):
        told = findings(well, "broken", full)["Fetched pages"]
        assert hurt.warc_file in told and str(hurt.warc_offset) in told and hurt.address in told


def test_a_file_of_pages_that_is_cut_or_gone_is_found(well: Path, archive: Archive) -> None:
    file = archive.store.warc / records(archive.store)[0].warc_file
    os.truncate(file, file.stat().st_size - 1)
    assert "too short" in findings(well, "broken")["Files of fetched pages"]
    file.unlink()
    assert file.name in findings(well, "broken")["Files of fetched pages"]


def test_damaged_pages_of_the_database_are_found_and_the_other_checks_go_on(well: Path, archive: Archive) -> None:
    archive.store.close()
    with (well / "khotin.db").open("r+b") as file:
        for page in range(30, 60):
            file.seek(page * 4096)
            file.write(b"\xff" * 100)
    told = findings(well, "broken")
    assert "damaged" in told["Database"]
    assert "Clock" in told | findings(well, "fine")


@pytest.mark.parametrize("content", [b"", b"no database at all" * 1000])
def test_a_database_that_is_none_is_told_without_a_crash(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "khotin.db").write_bytes(content)
    found = doctor.examine(tmp_path)
    assert doctor.is_well(found) == (content == b"")  # an empty file becomes an empty archive


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    told = findings(tmp_path / "nothing", "broken")
    assert set(told) >= {"Data folder", "Opening the database"}
    assert not (tmp_path / "nothing").exists()


def test_a_row_that_points_to_nothing_is_found(well: Path, archive: Archive) -> None:
    with closing(sqlite3.connect(well / "khotin.db")) as connection:  # which knows no foreign keys unless asked to
        connection.execute("DELETE FROM sources")
        connection.commit()
    assert "sources" in findings(well, "broken")["References"]


def test_an_index_that_is_gone_damaged_or_behind_is_found(well: Path, archive: Archive) -> None:
    with archive.store.write() as connection:
        connection.execute(text("UPDATE lanes SET last = last + 5"))
    assert "5 changes behind" in findings(well, "look")["Index"]
    (well / "index" / "current.json").unlink()
    assert "Index" in findings(well, "broken")


def test_a_worker_that_is_silent_and_a_schedule_that_is_late_are_worth_a_look(
    archive: Archive, set_clock: SetClock
) -> None:
    home, noon = archive.store.home, datetime(2026, 1, 5, 5, 0, tzinfo=UTC)
    set_clock(noon)
    with archive.store.write() as connection:
        schedules.add(connection, archive.source.id, "0 2 * * *")
        leases.take(connection, "worker here", "here", 30)
    assert findings(home, "fine")["Worker"] and findings(home, "fine")["Schedules"]
    set_clock(noon + timedelta(days=2))
    told = findings(home, "look")
    assert "soxd" in told["Schedules"] and "Worker" in told


def test_a_clock_that_was_set_back_is_broken(archive: Archive, set_clock: SetClock) -> None:
    set_clock(datetime(2026, 3, 1, tzinfo=UTC))
    with archive.store.write() as connection:
        jobs.ask(connection, "learn", "test")
    set_clock(datetime(2026, 2, 1, tzinfo=UTC))
    assert "01/03/2026" in findings(archive.store.home, "broken")["Clock"]


def test_an_unknown_time_zone_of_a_schedule_is_broken(archive: Archive) -> None:
    with archive.store.write() as connection:
        number = schedules.add(connection, archive.source.id, "0 2 * * *")
        schedules.change(connection, number, time_zone="Asia/Lang_Son")
    assert "Asia/Lang_Son" in findings(archive.store.home, "broken")["Clock"]


@pytest.mark.parametrize(
    ("line", "name", "verdict", "told"),
    [
        ("colour = 1", "Settings", "broken", "colour"),
        ('site_address = "tin.example"', "Address of the site", "broken", "tin.example"),
        ('mail_from = "a@b.example"', "Address of the site", "look", "site_address"),
        ('host = "0.0.0.0"', "Safety of settings", "look", "without encryption"),
        ('site_address = "http://tin.example/"', "Safety of settings", "look", "none is trusted"),
        ('backup_folder = "/nowhere/at/all"', "Backups", "broken", "/nowhere/at/all"),
        ('smtp_host = "127.0.0.1"\nsmtp_port = 1', "Mail server", "look", "127.0.0.1:1"),
    ],
)
def test_settings_that_are_wrong_or_unsafe_are_told(well: Path, line: str, name: str, verdict: str, told: str) -> None:
    (well / "khotin.toml").write_text(line)
    assert told in findings(well, verdict)[name]


def test_a_password_that_everybody_may_read_is_broken(well: Path) -> None:
    file = well / "khotin.toml"
    file.write_text('smtp_password = "bí mật"')
    file.chmod(0o644)
    told = findings(well, "broken")
    assert str(file) in told["Safety of settings"] and "bí mật" not in str(told)
    file.chmod(0o600)
    assert "Safety of settings" not in findings(well, "broken")


def test_a_key_that_everybody_may_read_is_broken(well: Path) -> None:
    (well / "secret.key").chmod(0o644)
    assert "secret.key" in findings(well, "broken")["Data folder"]


def test_names_in_the_environment_that_are_no_setting_are_told() -> None:
    given = {"KHOTIN_PORT": "1", "KHOTIN_PROT": "1", "KHOTIN_LANG": "vi", "OTHER": "1"}
    assert configured.unknown(given) == ["KHOTIN_PROT"]


def test_a_mail_server_that_answers_is_fine(well: Path) -> None:
    with mail_server() as server:
        (well / "khotin.toml").write_text(f'smtp_host = "127.0.0.1"\nsmtp_port = {server.port}\nsmtp_tls = "none"')
        assert str(server.port) in findings(well, "fine")["Mail server"]


def test_leftovers_of_killed_processes_are_told_when_they_are_old(well: Path) -> None:
    for name in (".restoring", "index/aside-built-0001"):
        (well / name).mkdir()
    assert "Leftovers" in findings(well, "fine")
    os.utime(well / ".restoring", (0, 0))
    assert ".restoring" in findings(well, "look")["Leftovers"]


def test_the_command_ends_well_only_when_nothing_is_broken(well: Path, archive: Archive) -> None:
    def run(*words: str, spoken: str = "en") -> tuple[int, str]:
        command = [sys.executable, "-m", "khotin", "--home", str(well), "doctor", *words]
        environment = os.environ | {"KHOTIN_LANG": spoken}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout

    code, told = run(spoken="vi")
    assert code == 0 and "bình thường" in told and "fine" not in told
    scratch(archive.store, records(archive.store)[0])
    code, told = run("--json")
    assert code == 1 and json.loads(told)["well"] is False
    broken = [each for each in json.loads(told)["checks"] if each["verdict"] == "broken"]
    assert [each["check"] for each in broken] == ["Fetched pages"] and broken[0]["advice"]


def test_what_is_kept_for_the_page_can_be_told_again(well: Path) -> None:
    kept = json.loads(json.dumps(doctor.kept(doctor.examine(well))))
    assert kept["well"] is True and {"check", "verdict", "message", "advice", "values"} == set(kept["findings"][0])


def test_an_empty_archive_is_well(tmp_path: Path) -> None:
    with closing(open_store(tmp_path / "data", create=True)):
        pass
    assert findings(tmp_path / "data", "broken") == {}
