"""How is the whole index copied to this machine?  For what needs every article's words at once, such as learning."""

import shutil
import tempfile
from itertools import chain
from pathlib import Path
from threading import Lock

import numpy as np

from indexer.engine.built import MOST_PLACES, until_full
from indexer.engine.columns import Columns, IndexMissingError
from indexer.engine.gathered import Gathered
from indexer.engine.opensearch.written import Written
from indexer.engine.segments import Segment, load_segment


class Copy:
    """The copy of the state that was asked for last; its files go with it."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.made: tuple[str, Columns] | None = None

    def columns(self, written: Written) -> Columns:
        with self.lock:
            told = written.told()
            if told is None:
                raise IndexMissingError("There is no index yet. Make it with `khotin index rebuild`.")
            state, *mark = told
            generation = f"{written.name}-{mark[0]}-{mark[1]}"
            if self.made is None or self.made[0] != generation:
                segments = copied(written)
                gone = [np.empty(0, dtype=np.int64)] * len(segments)
                self.made = generation, Columns(generation, segments, gone, state.lesson, state.lanes)
            return self.made[1]


def copied(written: Written) -> list[Segment]:
    """All documents as segments, whose files are mapped into memory and then unlinked."""
    home = Path(tempfile.mkdtemp(prefix="khotin-copy-"))
    try:
        segments, coming = list[Segment](), written.held()
        for first in coming:
            gathered = Gathered()
            for each in until_full(chain([first], coming), MOST_PLACES):
                gathered.add(each.id, each.terms, each.facets)
            folder = home / str(len(segments))
            gathered.save(folder)
            segments.append(load_segment(folder))
            shutil.rmtree(folder)  # at once: were we killed, nothing of it would stay
        return segments
    finally:
        shutil.rmtree(home, ignore_errors=True)
