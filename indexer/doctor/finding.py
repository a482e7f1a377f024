"""What did a check find?  Something that is fine, that is worth a look, or that is broken; and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from indexer.engine import Engine
from indexer.engine.open import engine_of
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.store import Store

Verdict = Literal["fine", "look", "broken"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence and an advice, both English with places for ``values``, to be told in any language."""

    verdict: Verdict
    message: str
    advice: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Case:
    """What the doctor looks at; what could not be opened is None and has its problem beside it."""

    home: Path
    settings: Settings | None
    settings_problem: KhotinError | None
    store: Store | None
    store_problem: KhotinError | None
    full: bool

    @property
    def opened(self) -> Store:
        assert self.store is not None  # checks that need it are not made without it
        return self.store

    @property
    def engine(self) -> Engine:
        return engine_of(self.opened, self.settings)


def fine(message: str, **values: Any) -> Finding:
    return Finding("fine", message, "", values)


def look(message: str, advice: str, **values: Any) -> Finding:
    return Finding("look", message, advice, values)


def broken(message: str, advice: str, **values: Any) -> Finding:
    return Finding("broken", message, advice, values)


def unable(problem: KhotinError, advice: str = "") -> Finding:
    """What one of our own errors says."""
    return Finding("broken", problem.message, advice, dict(problem.values))
