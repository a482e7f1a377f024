"""Is the quick way right?  Columns against Whoosh's own postings, scores against a slow plain sum, both switches of a
search against each other: on an index that was written to, deleted from, merged, tidied and rebuilt."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from indexer import build, clock
from indexer.article import Article
from indexer.embedded import EmbeddedSearcher
from indexer.engine.gathered import FREQUENT
from indexer.engine.places import ZONES, position_of
from indexer.engine.postings import STATE_ID, leaves, places_of
from indexer.engine.segments import is_syllable
from indexer.engine.whoosh_index import WhooshEngine
from indexer.evidence import parts_of
from indexer.glossary import load
from indexer.language import fold
from indexer.match import Matches
from indexer.query import Query
from indexer.ranking import Part, Weights, idf, shares, total
from indexer.search import search
from indexer.searcher import lesson_of
from indexer.store import Store, articles, open_store, sources
from indexer.units import Form, How, Slot
from indexer.view import View, view_of

# Few syllables, so that many stand side by side; some are the same but for accents, the tone's place, i and y.
SYLLABLES = "nhà nha ở xã xa hội hoi hoà hòa hoa quý quí đất dat an toàn cát nghiền 2024 sand".split()
HOWS: tuple[How, ...] = ("written", "key", "bare")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is written and asked; the large one is for `make soak`."""

    articles: int
    commits: int
    forms: int
    questions: int


SMALL, LARGE = Size(200, 14, 30, 30), Size(3_000, 2_000, 3_000, 3_000)


@pytest.mark.parametrize("size", [SMALL, pytest.param(LARGE, marks=pytest.mark.soak)], ids=["small", "large"])
def test_the_quick_way_answers_as_the_slow_one(size: Size, tmp_path: Path) -> None:
    store = open_store(tmp_path / "data", create=True)
    engine = WhooshEngine(store.index)
    rng = random.Random(7)
    with store.write() as connection:
        source = sources.add(connection, "soxd").id
    write(store, source, rng, range(size.articles))
    build.update(store, engine)
    assert any(len(each.pair_codes) for each in engine.columns().segments), f"nothing stands {FREQUENT} times"
    compare(store, engine, rng, size)
    merges = 0
    for _ in range(size.commits):
        before = set(engine.current()["segments"])
        write(store, source, rng, rng.sample(range(size.articles + 500), 4))
        take_out(store, engine, rng)
        build.update(store, engine)
        merges += len(before - set(engine.current()["segments"])) > 1
    assert merges
    compare(store, engine, rng, size)
    build.tidy(store, engine)
    assert len(engine.columns().segments) == 1
    tidied = answers(store, engine, rng, size)
    compare(store, engine, rng, size)
    build.rebuild(store, engine)
    assert answers(store, engine, rng, size) == tidied
    store.close()


def write(store: Store, source: int, rng: random.Random, numbers: Sequence[int]) -> None:
    """Articles, new or changed."""
    with store.write() as connection:
        for number in numbers:
            title, lead, *paragraphs = (sentence(rng, rng.choice((3, 12, 40))) for _ in range(rng.randint(3, 6)))
            written = Article("", title=title, lead=lead, body="\n".join(paragraphs), external_id=str(number))
            articles.save(connection, source, written, clock.now(), lane=rng.choice(("crawl", "bulk")))


def take_out(store: Store, engine: WhooshEngine, rng: random.Random) -> None:
    """One article is merged into another, so that the index loses it."""
    columns = engine.columns()
    gone, kept = rng.sample(columns.ids[columns.live].tolist(), 2)
    with store.write() as connection:
        articles.mark(connection, gone, "crawl", merged_into=kept)


def sentence(rng: random.Random, length: int) -> str:
    # some syllables are common, others rare
    return " ".join(SYLLABLES[min(int(rng.expovariate(0.2)), len(SYLLABLES) - 1)] for _ in range(length))


Text = Mapping[str, Mapping[int, str]]  # zone -> position -> syllable


def texts_in_whoosh(engine: WhooshEngine) -> dict[int, Text]:
    """Every live article as Whoosh's own postings have it."""
    found: dict[int, dict[str, dict[int, str]]] = {}
    for reader in leaves(engine.published().index()):
        numbers = {at: held["number"] for at, held in reader.iter_docs() if held["number"] != STATE_ID}
        for number in numbers.values():
            found[int(number)] = {zone: {} for zone in ZONES}
        for zone, term in reader.all_terms():
            if zone in ZONES and is_syllable(term.decode()):
                places = places_of(reader, zone, term)
                for document, position in zip((places >> 32).tolist(), position_of(places).tolist(), strict=True):
                    found[int(numbers[document])][zone][position] = term.decode()
    return found


def accepts(slot: Slot, term: str) -> bool:
    if slot.how == "wildcard":
        bare = fold.bare(term) if not fold.is_marked(slot.text) else term
        return re.fullmatch(slot.text.replace("*", ".*"), bare) is not None
    folds = {"written": str, "key": fold.key, "bare": fold.bare_key}
    return bool(folds[slot.how](term) == folds[slot.how](slot.text))


def times(form: Form, text: Text) -> Counter[str]:
    """How often a form stands in each zone."""
    return Counter(
        zone
        for zone, syllables in text.items()
        for position in syllables
        if all(
            position + at in syllables and accepts(slot, syllables[position + at]) for at, slot in enumerate(form.slots)
        )
    )


def forms(rng: random.Random, count: int) -> Iterator[tuple[Form, tuple[str, ...]]]:
    for _ in range(count):
        zones = rng.choice(((), (), (), ("title",), ("lead", "body")))
        if rng.random() < 0.1:
            yield Form((Slot(rng.choice(("h*", "nh*", "x*", "ho*a", "hội*")), "wildcard"),)), zones
            continue
        how = rng.choice(HOWS)
        slots = (Slot(rng.choice(SYLLABLES), how if rng.random() < 0.8 else rng.choice(HOWS)) for _ in range(4))
        yield Form(tuple(slots)[: rng.choice((1, 1, 2, 2, 2, 3, 4))]), zones


def compare(store: Store, engine: WhooshEngine, rng: random.Random, size: Size) -> None:
    columns = engine.columns()
    view = view_of(columns)
    texts = texts_in_whoosh(engine)
    assert sorted(texts) == sorted(columns.ids[columns.live].tolist())
    lengths = mean_lengths(texts)
    for form, zones in forms(rng, size.forms):
        same_counts(form, zones, view, texts, lengths)
    for question in questions(rng, size.questions):
        same_scores(question, store, view)


def mean_lengths(texts: Mapping[int, Text]) -> dict[str, float]:
    return {zone: float(np.mean([len(text[zone]) for text in texts.values() if text[zone]] or [1])) for zone in ZONES}


def same_counts(
    form: Form, zones: tuple[str, ...], view: View, texts: Mapping[int, Text], lengths: Mapping[str, float]
) -> None:
    """Quick and slow hold the same articles; and what stands in them weighs what the formula says."""
    weights = Weights()
    expected = {}
    for number, text in texts.items():
        found = {zone: often for zone, often in times(form, text).items() if not zones or zone in zones}
        if found:
            tempered = {zone: 1 - weights.b + weights.b * len(text[zone]) / lengths[zone] for zone in found}
            expected[number] = sum(often * weights.zones[zone] / tempered[zone] for zone, often in found.items())
    for plain in (False, True):
        held = Matches(view, plain).held(form, zones)
        live = view.shown[held.documents]
        told = dict(zip(view.columns.ids[held.documents[live]].tolist(), held.frequency[live].tolist(), strict=True))
        assert told == pytest.approx(expected), (form, zones, plain)


def questions(rng: random.Random, count: int) -> Iterator[str]:
    for _ in range(count):
        line = " ".join(rng.choice(SYLLABLES) for _ in range(rng.choice((1, 2, 3, 4, 8))))
        yield rng.choice(
            (line, line, line, fold.bare(line), f'"{line}"', line.upper(), f"{line} -cát", f"title:{line}")
        )


def same_scores(question: str, store: Store, view: View) -> None:
    query, lesson = Query(q=question), lesson_of(store, view.columns)
    quick = EmbeddedSearcher(store, view, load(), lesson).find(query)
    slow = EmbeddedSearcher(store, view, load(), lesson, plain=True).find(query)
    assert (quick.counted == slow.counted).all(), question
    assert quick.scores == pytest.approx(slow.scores), question
    assert quick.order.tolist() == slow.order.tolist(), question
    parts = parts_of(slow.question, slow.matches, slow.units)
    assert total(shares(parts, view.shown), view.columns.size) == pytest.approx(plain_scores(parts, view)), question


def plain_scores(parts: Sequence[Part], view: View) -> list[float]:
    """BM25F as the formula has it, document by document."""
    weights, scores = Weights(), [0.0] * view.columns.size
    for part in parts:
        speaks: dict[int, float] = {}
        for each in part.evidence:
            for document, often in zip(each.held.documents.tolist(), each.held.frequency.tolist(), strict=True):
                speaks[document] = speaks.get(document, 0.0) + each.trust * weights.evidence[each.kind] * often
        rarity = idf(sum(bool(view.shown[document]) for document in speaks), view.size) ** weights.idf_power
        for document, often in speaks.items():
            scores[document] += weights.parts[part.kind] * rarity * (weights.k1 + 1) * often / (often + weights.k1)
    return scores


def answers(store: Store, engine: WhooshEngine, rng: random.Random, size: Size) -> list[list[tuple[int, float]]]:
    """What a few questions find, with scores; the same questions each time."""
    columns, same = engine.columns(), random.Random(11)
    asked = [search(Query(q=each), store, columns, load()) for each in questions(same, size.questions)]
    return [[(hit.kept.id, hit.score) for hit in each.hits] for each in asked]
