"""Who needs how long for a question?  Every question once to each in turn, on one thread."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from indexer.glossary import Glossary
from indexer.view import View
from tests.bench import asked
from tests.bench.asked import Asked
from tests.bench.needs import Need, need_of
from tests.bench.ours import Ours
from tests.bench.peers import Peer
from tests.bench.table import Clock, tell, timed

T = TypeVar("T")
Times = dict[int, float]  # number of the question -> seconds


@dataclass(slots=True)
class Measured:
    """What everyone needed for each question, and how many articles he found."""

    questions: Sequence[Asked]
    seconds: dict[str, Times] = field(default_factory=dict)
    totals: dict[str, dict[int, int]] = field(default_factory=dict)

    def note(self, name: str, number: int, total: int, seconds: float) -> None:
        self.seconds.setdefault(name, {})[number] = seconds
        self.totals.setdefault(name, {})[number] = total

    def of(self, name: str, kind: str = "", among: Iterable[int] | None = None) -> list[float]:
        numbers = self.seconds[name] if among is None else among
        return [self.seconds[name][n] for n in numbers if kind in ("", self.questions[n].kind)]

    def both(self, own: str, peer: str, kind: str = "") -> tuple[list[float], list[float]]:
        """Our times and the peer's, over the questions that both were asked."""
        common = [number for number in self.seconds[peer] if number in self.seconds[own]]
        return self.of(own, kind, common), self.of(peer, kind, common)

    def agreement(self, own: str, peer: str) -> float:
        """How often a peer found as many articles as we did."""
        theirs = self.totals[peer]
        return sum(self.totals[own][number] == total for number, total in theirs.items()) / len(theirs)


@dataclass(slots=True)
class Contest:
    """Who is asked; and with what the questions are read for the peers."""

    own: Sequence[Ours]
    peers: Sequence[Peer]
    view: View
    glossary: Glossary
    clock: Clock

    def ask(self, questions: Sequence[Asked], samples: Mapping[str, int]) -> Measured:
        """Every question to everyone in turn, so that what else the machine does meets all alike."""
        measured = Measured(questions)
        chosen = {name: sample(len(questions), size) for name, size in samples.items()}
        for number, each in enumerate(questions):
            for own in rotated(self.own, number):
                measured.note(own.name, number, *timed(partial(own.ask, each.query), self.clock))
            need = need_of(each.query, self.view, self.glossary) if self.peers else None
            for peer in rotated(self.peers, number):
                if need and number in chosen.get(peer.name, (number,)):
                    self.ask_peer(peer, need, number, measured)
            if number and number % 200 == 0:
                tell(f"{number} questions")
        return measured

    def ask_peer(self, peer: Peer, need: Need, number: int, measured: Measured) -> None:
        prepared: Any = peer.prepared(need)
        if prepared is not None:
            measured.note(peer.name, number, *timed(partial(peer.ask, prepared), self.clock))


def rotated(ways: Sequence[T], by: int) -> list[T]:
    """Each begins in turn: whoever is asked second finds caches of the processor and of libraries filled."""
    first = by % max(1, len(ways))
    return [*ways[first:], *ways[:first]]


def sample(size: int, many: int) -> frozenset[int]:
    return frozenset(random.Random(asked.SEED).sample(range(size), min(many, size)))
