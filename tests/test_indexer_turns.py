"""Does one write at a time, over threads and processes?"""

import subprocess
import sys
import threading
from pathlib import Path

from indexer.store import Store
from indexer.turns import turn

ROOT = Path(__file__).parent.parent
HOLDS = """
import sys, time
from pathlib import Path
from indexer.store import open_store
from indexer.turns import turn
with turn(open_store(Path(sys.argv[1])), "index"):
    print("holds", flush=True)
    time.sleep(600)
"""


def test_threads_of_one_process_take_turns(store: Store) -> None:
    order: list[str] = []

    def second() -> None:
        with turn(store, "index"):
            order.append("second")

    waiting = threading.Thread(target=second)
    with turn(store, "index"), turn(store, "another"):
        waiting.start()
        waiting.join(0.3)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_another_process_is_waited_for_until_it_dies(store: Store) -> None:
    command = [sys.executable, "-c", HOLDS, str(store.home)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "holds\n"
        entered = threading.Event()

        def enter() -> None:
            with turn(store, "index"):
                entered.set()

        waiting = threading.Thread(target=enter)
        waiting.start()
        assert not entered.wait(1)
        other.kill()
        assert entered.wait(30)  # at once: whoever held it is known to be dead
        waiting.join()
