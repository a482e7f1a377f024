"""What must be known of an archive before a question can be read, whichever engine holds it?"""

from collections.abc import Iterable, Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from indexer.question import Node
from indexer.units import Form, Unit

Asked = tuple[Form, tuple[str, ...]]  # a form, and the zones in which it is to stand; none = anywhere
Counts = npt.NDArray[np.float64]


class Archive(Protocol):
    """What a question asks of the archive while it is read, mended and explained."""

    def prepare(self, units: Iterable[Unit]) -> None:
        """It will be asked of these units next: who is far away learns all at once."""

    def any(self, node: Node) -> bool:
        """Whether an article holds ``node``."""

    def stands(self, form: Form, zones: tuple[str, ...] = ()) -> bool:
        """Whether a form stands anywhere, be it in what is hidden."""

    def is_shown(self, form: Form) -> bool:
        """Whether a form stands in an article that every reader may see."""

    def together(self, forms: Sequence[Asked]) -> tuple[Counts, int]:
        """In how many articles each two forms stand together, and among how many articles."""

    def nearest(self, term: str) -> str:
        """The commonest syllable one slip of the hand away that readers may see; empty when there is none."""
