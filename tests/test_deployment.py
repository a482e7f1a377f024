"""Are the files for servers right, as far as this machine can tell?  Units by systemd, names of settings by ours."""

import os
import re
import shutil
import subprocess
import sys
import tarfile
from dataclasses import fields
from pathlib import Path

import pytest

from indexer.doctor.configured import OTHERS
from indexer.settings import Settings

ROOT = Path(__file__).parent.parent
UNITS = sorted((ROOT / "deploy").glob("*.service"))
# systemd's own measure, from 0 (shut) to 10 (open), times ten.
MOST_OPEN = 20
WITH_SETTINGS = ("Dockerfile", "compose.yaml", *(f"deploy/{each.name}" for each in UNITS))


@pytest.fixture
def analyze(tmp_path: Path) -> str:
    program = shutil.which("systemd-analyze")
    assert program, "systemd-analyze is missing: sudo apt-get install systemd"
    for unit in UNITS:  # the command itself is not installed where tests run
        (tmp_path / unit.name).write_text(unit.read_text().replace("/opt/khotin/bin/khotin", "/bin/true"))
    return program


def test_systemd_finds_nothing_wrong_with_the_units(analyze: str, tmp_path: Path) -> None:
    assert len(UNITS) == 3
    done = subprocess.run([analyze, "verify", *map(str, tmp_path.glob("*.service"))], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_systemd_would_tell_what_is_wrong(analyze: str, tmp_path: Path) -> None:
    unit = next(tmp_path.glob("*.service"))
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "ProtectSystem=very"))
    done = subprocess.run([analyze, "verify", str(unit)], capture_output=True, text=True)
    assert "Failed to parse" in done.stderr


def test_the_units_shut_off_what_they_do_not_need(analyze: str, tmp_path: Path) -> None:
    command = [analyze, "security", "--offline=yes", f"--threshold={MOST_OPEN}"]
    done = subprocess.run([*command, *map(str, tmp_path.glob("*.service"))], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", WITH_SETTINGS)
def test_what_the_files_set_can_be_set(name: str) -> None:
    known = {f"KHOTIN_{each.name.upper()}" for each in fields(Settings)} | OTHERS
    found = set(re.findall(r"\bKHOTIN_[A-Z_]+", (ROOT / name).read_text(encoding="utf-8")))
    assert found and found <= known


def test_the_commands_that_the_files_run_are_there() -> None:
    texts = [(ROOT / name).read_text(encoding="utf-8") for name in WITH_SETTINGS]
    commands = {each for text in texts for each in re.findall(r"bin/khotin (\w+)|\"khotin\", \"(\w+)\"", text)}
    assert {first or second for first, second in commands} == {"serve", "web", "work"}


def test_the_image_is_built_from_what_is_there_and_runs_as_nobody_special() -> None:
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    copied = text.replace("${REQUIREMENTS}", "requirements.txt requirements-hosts.txt")
    wanted = re.findall(r"^COPY (?!--from)(.*) \S+$", copied, re.MULTILINE)
    assert all((ROOT / name).exists() for line in wanted for name in line.split())
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8")
    assert all(f"!{name}" in ignored for line in wanted for name in line.split())
    assert "ARG REQUIREMENTS=requirements.txt\n" in text
    assert text.index("USER khotin") < text.index('CMD ["khotin"') and "HEALTHCHECK" in text


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_proxies_hand_on_what_is_believed_and_take_away_what_visitors_say(name: str) -> None:
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    assert "/metrics" in text and text.count("X-Forwarded-Prefix") >= 2
    assert 'X-Forwarded-Prefix ""' in text or "-X-Forwarded-Prefix" in text


@pytest.mark.soak
def test_the_offline_bundle_installs_and_works_without_network(tmp_path: Path) -> None:
    """In a network namespace of its own, in which there is nothing."""
    environment = os.environ | {"PYTHON": sys.executable}
    made = subprocess.run(["deploy/bundle.sh"], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    with tarfile.open(ROOT / made.stdout.split()[-1]) as packed:
        packed.extractall(tmp_path, filter="data")
    (folder,) = tmp_path.glob("khotin-*-offline")
    target, news = tmp_path / "installed", tmp_path / "news.jsonl"
    news.write_text('{"title": "Giá cát xây dựng", "body": "Cát ven sông."}\n', encoding="utf-8")
    khotin = [str(target / "bin" / "khotin"), "--home", str(tmp_path / "data")]
    for command in (
        [str(folder / "install.sh"), str(target)],
        [*khotin, "import", str(news)],
        [*khotin, "doctor"],
        [*khotin, "search", "cat xay dung"],
    ):
        done = subprocess.run(
            ["unshare", "--net", *command], cwd=tmp_path, env=environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert "Giá cát xây dựng" in done.stdout
