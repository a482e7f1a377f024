"""Which articles are of one group: issues of a series, or the same text under several addresses?

Both are worked out from the words that the columns hold, segment by segment, the first time that somebody asks; a new
generation pays for its new segments alone. No text is read from the store, and the index holds nothing for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary
from zlib import crc32

import numpy as np
import numpy.typing as npt

from indexer.engine.columns import Columns
from indexer.engine.places import ZONES, Documents, Ints, Mask, joined
from indexer.engine.segments import NO_TERM, Segment
from indexer.series import key_of
from indexer.view import View

Hashes = npt.NDArray[np.uint64]
Labels = npt.NDArray[np.int64]

ALONE = -1
# Two texts are nearly the same when of so many samples all but one agree: nine of ten runs of words stand in both.
SAMPLES, AGREEING = 6, 5
# Every eighth term, picked by its letters, begins a sample of so many terms; a text with fewer samples than this (some
# sixty words) may be like another by chance.
ONE_IN, SPAN, LEAST_SAMPLES = 8, 4, 8
ODD_NUMBER = 0x9E3779B97F4A7C15
ODD = np.uint64(ODD_NUMBER)
NEVER = np.uint64(0xFFFFFFFFFFFFFFFF)


@dataclass(frozen=True, slots=True)
class Traits:
    """What is compared of a segment's documents: key of the title (0: none), the title itself, samples of the text."""

    series: Hashes
    titles: Hashes
    samples: Hashes  # documents x SAMPLES; NEVER throughout when there is too little text


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """Each document's group, ALONE for most; and of each group whether it is a series (else copies of one text)."""

    of: Labels
    is_series: Mask


@dataclass(frozen=True, slots=True)
class Gathered:
    """Some hits gathered in their groups: those that stand for one, and how many stand behind each document."""

    shown: Mask
    behind: Ints

    @property
    def size(self) -> int:
        return int(self.shown.sum())


@lru_cache(maxsize=4)  # an old and a new generation may be asked side by side
def groups(columns: Columns) -> Groups:
    """The groups of one generation. Its deleted documents are of none: what an article said before is no copy of it."""
    found = [traits(segment) for segment in columns.segments]
    series = joined([each.series for each in found], np.uint64)
    titles = joined([each.titles for each in found], np.uint64)
    samples = joined([each.samples.reshape(-1) for each in found], np.uint64).reshape(-1, SAMPLES)
    series[~columns.live], samples[~columns.live] = 0, NEVER
    _, source = columns.facet("source")
    by_title = series_labels(series, source)
    left, right = near_pairs(samples)
    return grouped(by_title, merged(by_title, left, right), titles, left)


def series_labels(series: Hashes, source: Ints) -> Labels:
    """A number for each series: same key, same source. Who has no key stands alone."""
    odd = series * ODD + (source.astype(np.uint64) << np.uint64(1))  # keys are odd, see `digest`
    even = np.arange(len(series), dtype=np.uint64) << np.uint64(1)
    _, labels = np.unique(np.where(series > 0, odd, even), return_inverse=True)
    return labels.astype(np.int64)


def near_pairs(samples: Hashes) -> tuple[Documents, Documents]:
    """Pairs of documents whose texts are nearly the same; enough of them to join all that belong together."""
    told = np.flatnonzero(samples[:, 0] != NEVER)
    left: list[Documents] = []
    right: list[Documents] = []
    for column in range(SAMPLES - AGREEING + 1):  # two that agree in all but one agree in one of these
        order = told[np.argsort(samples[told, column], kind="stable")]
        one, next_one = order[:-1], order[1:]
        agree = (samples[one] == samples[next_one]).sum(axis=1) >= AGREEING
        left.append(one[agree])
        right.append(next_one[agree])
    return joined(left, np.int64), joined(right, np.int64)


def merged(labels: Labels, left: Documents, right: Documents) -> Labels:
    """The labels, those of each pair made one."""
    into: dict[int, int] = {}

    def root(label: int) -> int:
        while label in into:
            label = into[label]
        return label

    for one, other in zip(labels[left].tolist(), labels[right].tolist(), strict=True):
        first, second = sorted((root(one), root(other)))
        if first != second:
            into[second] = first
    table = np.arange(int(labels.max(initial=0)) + 1)
    for label in into:
        table[label] = root(label)
    found: Labels = table[labels]
    return found


def grouped(by_title: Labels, labels: Labels, titles: Hashes, copied: Documents) -> Groups:
    _, at, sizes = np.unique(labels, return_inverse=True, return_counts=True)
    is_of_series = np.bincount(by_title, minlength=1)[by_title] > 1 if len(by_title) else np.zeros(0, dtype=np.bool_)
    in_series, same_text = np.zeros(len(sizes), dtype=np.bool_), np.zeros(len(sizes), dtype=np.bool_)
    in_series[at[is_of_series]] = True
    same_text[at[copied]] = True
    several_titles = np.zeros(len(sizes), dtype=np.bool_)
    first = np.zeros(len(sizes), dtype=np.uint64)
    first[at] = titles
    several_titles[at[titles != first[at]]] = True
    return Groups(np.where(sizes[at] > 1, at, ALONE), in_series & (several_titles | ~same_text))


known: "WeakKeyDictionary[Segment, Traits]" = WeakKeyDictionary()
lock = Lock()


def traits(segment: Segment) -> Traits:
    with lock:
        if segment not in known:
            known[segment] = worked_out(segment)
        return known[segment]


def worked_out(segment: Segment) -> Traits:
    spelled = [""] * len(segment.terms)
    hashes = np.zeros(len(spelled) + 1, dtype=np.uint64)  # the last is NO_TERM's
    for number in segment.unaccented.tolist():  # all syllables; no other terms stand in the forward array
        spelled[number] = term = segment.terms[number]
        hashes[number] = crc32(term.encode())
    starts = np.asarray(segment.forward_starts)
    series, titles = [], []
    for begin, end in zip(starts[0 : -1 : len(ZONES)].tolist(), starts[1 :: len(ZONES)].tolist(), strict=True):
        title = [spelled[number] for number in segment.forward[begin:end].tolist() if number != NO_TERM]
        series.append(digest(key_of(title)))
        titles.append(digest(title))
    return Traits(np.array(series, np.uint64), np.array(titles, np.uint64), samples_of(segment, hashes, starts))


def digest(terms: Sequence[str]) -> int:
    """An odd number for some terms in their order; 0 for none."""
    text = " ".join(terms).encode()
    return crc32(text) << 32 | crc32(text[::-1]) | 1 if text else 0


def samples_of(segment: Segment, hashes: Hashes, starts: npt.NDArray[np.int64]) -> Hashes:
    """Of each document's lead and body the least of its samples, in several orders by chance."""
    found = np.full((len(segment.ids), SAMPLES), NEVER, dtype=np.uint64)
    picked = hashes % np.uint64(ONE_IN) == 0
    picked[-1] = False
    at = np.flatnonzero(picked.take(segment.forward, mode="wrap"))  # NO_TERM, -1, is the last
    begin, end = starts[1 : -1 : len(ZONES)], starts[3 :: len(ZONES)]
    first, after = np.searchsorted(at, begin), np.searchsorted(at, end)
    long = np.flatnonzero(after - first >= LEAST_SAMPLES)
    if not len(long):
        return found
    values = np.zeros(len(at), dtype=np.uint64)
    for step in range(SPAN):
        values = values * ODD + hashes.take(segment.forward.take(at + step, mode="wrap"), mode="wrap")
    bounds = np.stack((first[long], after[long]), axis=1).reshape(-1)
    padded = np.append(values, NEVER)  # a document may end where the array does
    for number in range(SAMPLES):
        mixed = padded * np.uint64(ODD_NUMBER + 2 * number)
        mixed ^= mixed >> np.uint64(29)
        mixed *= ODD
        found[long, number] = np.minimum.reduceat(mixed, bounds)[::2]
    return found


def gather(found: Mask, columns: Columns, best_first: Callable[[Documents], Documents]) -> Gathered:
    """Gather hits in their groups; the best hit of a group stands for it."""
    of = groups(columns).of
    in_groups = found & (of != ALONE)
    ordered = best_first(np.flatnonzero(in_groups))
    _, first, sizes = np.unique(of[ordered], return_index=True, return_counts=True)
    shown, behind = found & ~in_groups, np.zeros(len(found), dtype=np.int32)
    shown[ordered[first]] = True
    behind[ordered[first]] = sizes - 1
    return Gathered(shown, behind)


def copies(view: View, number: int) -> list[int]:
    """The numbers of all visible articles with the text of this one, its own among them; none unless it has copies."""
    columns = view.columns
    label = groups(columns).of[columns.live & (columns.ids == number)]
    if not len(label) or label[0] == ALONE or groups(columns).is_series[label[0]]:
        return []
    found: list[int] = columns.ids[beside(view, number) & view.shown].tolist()
    return found


def beside(view: View, number: int) -> Mask:
    """The documents of a visible article's group, its own among them."""
    columns = view.columns
    mask = (columns.ids == number) & view.shown
    label = groups(columns).of[mask]
    return np.array(groups(columns).of == label[0]) if len(label) and label[0] != ALONE else mask
