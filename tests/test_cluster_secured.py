"""Is a cluster behind TLS and a password asked by them, and is what is wrong with them told?"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.replica.certificates import Certificates, make
from crawler.replica.server import Tls
from indexer.engine.opensearch.connect import Cluster
from indexer.errors import NotNowError
from indexer.settings import Settings

pytestmark = pytest.mark.cluster
HOST, NAME, PASSWORD = "localhost", "khotin", "mật khẩu: dài"


class Guarded(BaseHTTPRequestHandler):
    """Answers who says the name and the password."""

    def do_GET(self) -> None:
        told = base64.b64decode(self.headers.get("Authorization", "").removeprefix("Basic ")).decode()
        body = json.dumps({"tagline": "well"}).encode()
        self.send_response(200 if told == f"{NAME}:{PASSWORD}" else 401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: the test says what is wrong."""


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return make(tmp_path_factory.mktemp("tls"), HOST)


@contextmanager
def guarded(certificate: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Guarded)
    server.socket = Tls(certificate).context().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"https://{HOST}:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def asked(address: str, home: Path, **more: Any) -> Any:
    chosen: dict[str, Any] = {"opensearch_user": NAME, "opensearch_password": PASSWORD, **more}
    return Cluster(Settings(home=home, engine="opensearch", opensearch_hosts=(address,), **chosen)).ask("GET", "/")


def test_name_password_and_certificate_of_the_settings_open_it(certificates: Certificates, tmp_path: Path) -> None:
    with guarded(certificates.shown["good"]) as address:
        assert asked(address, tmp_path, opensearch_ca=str(certificates.chain)) == {"tagline": "well"}


def test_a_wrong_password_is_told_without_saying_it(certificates: Certificates, tmp_path: Path) -> None:
    with (
        guarded(certificates.shown["good"]) as address,
        pytest.raises(NotNowError, match="opensearch_password") as told,
    ):
        asked(address, tmp_path, opensearch_ca=str(certificates.chain), opensearch_password="verysecret")
    assert "verysecret" not in str(told.value)


@pytest.mark.parametrize("kind", ["self_signed", "expired", "wrong_host"])
def test_a_certificate_that_proves_nothing_is_refused_unless_the_settings_say_otherwise(
    kind: str, certificates: Certificates, tmp_path: Path
) -> None:
    with guarded(certificates.shown[kind]) as address:
        with pytest.raises(NotNowError, match="opensearch_ca"):
            asked(address, tmp_path, opensearch_ca=str(certificates.chain))
        assert asked(address, tmp_path, opensearch_verify=False) == {"tagline": "well"}
