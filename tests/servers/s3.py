"""A store that speaks S3, as a process of its own: moto's server, from PyPI.  What it holds goes with its process."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers.ports import free_port

SECONDS_TO_START = 120
BUCKET = "khotin"
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@dataclass
class S3:
    """A server and its bucket."""

    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        with Path(tempfile.gettempdir(), os.devnull).open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        end = time.monotonic() + SECONDS_TO_START
        while not self.answers():
            assert self.process.poll() is None and time.monotonic() < end, "moto's server did not start"
            time.sleep(0.1)
        self.ask("PUT", f"/{BUCKET}")

    def answers(self) -> bool:
        try:
            return bool(self.ask("GET", "/moto-api/").strip() or True)
        except OSError:
            return False

    def ask(self, method: str, path: str) -> bytes:
        asked = urllib.request.Request(self.endpoint + path, method=method)
        with urllib.request.urlopen(asked, timeout=10) as answer:
            return bytes(answer.read())

    def stop(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None

    def system(self) -> Any:
        """What looks at the bucket beside Khotin."""
        import s3fs

        return s3fs.S3FileSystem(endpoint_url=self.endpoint, use_listings_cache=False, skip_instance_cache=True)


@contextmanager
def running() -> Iterator[S3]:
    server = S3(free_port())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in KEYS.items():
            patch.setenv(name, value)
        try:
            server.start()
            yield server
        finally:
            server.stop()
