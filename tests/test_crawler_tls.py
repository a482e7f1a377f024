"""Is a site's certificate always checked, and is each exception for one source only and told?"""

import json
from pathlib import Path

import pytest

from crawler.replica import drupal
from crawler.replica.certificates import Certificates, make
from crawler.replica.content import many
from crawler.replica.server import Tls, serve
from tests.conftest import add_site, edit_site, one_round
from tests.test_journey import khotin


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("tls"), drupal.HOST)


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("self_signed", "signed by nobody"),
        ("missing_intermediate", "incomplete chain"),
        ("expired", "expired"),
        ("wrong_host", "another host"),
    ],
)
def test_a_certificate_that_proves_nothing_ends_the_round_with_a_sentence(
    kind: str, told: str, certificates: Certificates, tmp_path: Path
) -> None:
    trusted = certificates.chain if kind in ("expired", "wrong_host") else None
    with serve(shown=many(2), tls=Tls(certificates.shown[kind])) as replica:
        add_site(tmp_path / "data", replica, ca_file=str(trusted or ""))
        report = one_round(tmp_path / "data", replica)
        assert (report["state"], replica.log) == ("failed", [])
        assert told in report["problem"]


def test_a_file_of_certificates_mends_an_incomplete_chain(certificates: Certificates, tmp_path: Path) -> None:
    with serve(shown=many(2), tls=Tls(certificates.shown["missing_intermediate"])) as replica:
        khotin(tmp_path / "data", replica, "source", "add", replica.url, "--name", "tls", "--delay", "0")
        khotin(tmp_path / "data", replica, "source", "edit", "tls", "--ca-file", str(certificates.chain))
        report = json.loads(khotin(tmp_path / "data", replica, "crawl", "tls", "--json"))
        shown = khotin(tmp_path / "data", replica, "source", "show", "tls")
    assert (report["state"], report["new"]) == ("done", 2)
    assert str(certificates.chain) in shown


def test_an_old_server_is_read_only_where_that_is_allowed(certificates: Certificates, tmp_path: Path) -> None:
    with serve(shown=many(2), tls=Tls(certificates.shown["good"], old=True)) as replica:
        add_site(tmp_path / "data", replica, ca_file=str(certificates.chain))
        assert "--legacy-tls" in one_round(tmp_path / "data", replica)["problem"]
        edit_site(tmp_path / "data", legacy_tls=True)
        report = one_round(tmp_path / "data", replica)
    assert (report["state"], report["new"]) == ("done", 2)


def test_a_file_without_certificates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x.pem").write_text("no certificate")
    with serve(shown=many(2)) as replica:
        khotin(tmp_path / "data", replica, "source", "add", replica.url, "--name", "tls", "--delay", "0")
        said = khotin(
            tmp_path / "data", replica, "source", "edit", "tls", "--ca-file", str(tmp_path / "x.pem"), fails=True
        )
    assert "PEM" in said
