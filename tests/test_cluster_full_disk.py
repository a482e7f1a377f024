"""What if the disk of one node is full?  The others go on; when there is room again, all copies are whole."""

import subprocess
import time
from collections.abc import Iterator

import pytest

from indexer.engine.opensearch.engine import OpenSearchEngine
from indexer.errors import NotNowError
from indexer.store import Store
from tests.servers.opensearch import NOBODY, Cluster, Node, settings_for
from tests.test_cluster_kills import loaded, settled, text, total, until_done
from tests.test_indexer_engine import rebuild, state

pytestmark = pytest.mark.cluster

ROOM = 96 * 1024 * 1024  # what a new node and a small index take, several times


@pytest.fixture(scope="module")
def small(opensearch: Cluster) -> Iterator[Node]:
    """A node whose data lie on a disk of their own: a tmpfs, else its files are not let grow."""
    cluster = opensearch
    cluster.heal()
    node = next(each for each in cluster.nodes if each is not cluster.manager())
    cluster.kill(node)
    owner = f"uid={NOBODY['user']},gid={NOBODY['group']}," if NOBODY else ""
    disk = ["mount", "-t", "tmpfs", "-o", f"{owner}size={ROOM}", "tmpfs", str(node.data)]
    mounted = subprocess.run(disk, capture_output=True).returncode == 0
    print("full disk by", "tmpfs" if mounted else "limit on files")
    cluster.heal()
    yield node
    if mounted:
        if node.process:
            cluster.kill(node)
        subprocess.run(["umount", "-l", str(node.data)], check=True)
    cluster.heal()


def fill(node: Node) -> None:
    """Not a byte more fits."""
    if node.data.is_mount():
        with (node.data / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(1 << 16))
            except OSError:
                return
    limit(node, "1")


def make_room(node: Node) -> None:
    if node.data.is_mount():
        (node.data / "filler").unlink()
    else:
        limit(node, "unlimited")


def limit(node: Node, size: str) -> None:
    assert node.process
    subprocess.run(["prlimit", f"--fsize={size}", "--pid", str(node.process.pid)], check=True)


def test_the_disk_of_a_node_is_full(cluster: Cluster, small: Node, store: Store) -> None:
    engine = OpenSearchEngine(settings_for(cluster, store.home, opensearch_shards=3), store)
    rebuild(engine, [], state(0))
    cluster.wait()
    with loaded(engine) as load:
        load.goes_on()
        fill(small)
        before = load.written
        for _ in range(10):
            load.goes_on()
        assert load.written >= before + 10  # the others go on
        time.sleep(5)
        make_room(small)
        if small.process and small.process.poll() is not None:  # it may give itself up
            small.process = None
        load.goes_on()
    assert load.wrong == []
    settled(cluster, load)


def test_a_rebuild_meets_a_full_disk(cluster: Cluster, small: Node, store: Store) -> None:
    engine = OpenSearchEngine(settings_for(cluster, store.home, opensearch_shards=3), store)
    rebuild(engine, map(text, range(1, 51)), state(50))
    cluster.wait()
    fill(small)
    try:
        rebuild(engine, map(text, range(1, 301)), state(300))
    except NotNowError:
        assert (total(engine), engine.state()) == (50, state(50))  # the published one is as it was
    make_room(small)
    if small.process and small.process.poll() is not None:
        small.process = None
    cluster.heal()
    until_done(lambda: rebuild(engine, map(text, range(1, 301)), state(300)))
    assert (total(engine), engine.numbers(), engine.check()) == (300, set(range(1, 301)), [])
    cluster.wait()
