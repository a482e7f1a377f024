"""How does plain Whoosh answer?  As its own guide has it: BM25F, top 10, total, facets from columns, highlights."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from indexer.ranking import ZONE_WEIGHTS
from tests.bench.needs import Clause, Need
from tests.bench.peers import FACETS, TOP, ZONES, Held, field

with warnings.catch_warnings():  # Whoosh 2.7.4 holds escapes that newer Pythons warn of
    warnings.simplefilter("ignore")
    from whoosh import index, query
    from whoosh.analysis import LowercaseFilter, RegexTokenizer
    from whoosh.fields import ID, NUMERIC, STORED, TEXT, Schema
    from whoosh.scoring import BM25F
    from whoosh.sorting import Count, Facets, FieldFacet

MEGABYTES = 256
# Syllables folded with accents are sought among those that are written: few differ, and Whoosh need not write them a
# third time.
KINDS = {"written": "written", "key": "written", "bare": "bare", "beside": "beside"}
SYLLABLES = RegexTokenizer(r"[^\W_]+") | LowercaseFilter()


def schema() -> Any:
    fields: dict[str, Any] = {"number": ID(stored=True)}
    for zone in ZONES:
        fields[field(zone, "written")] = TEXT(SYLLABLES, phrase=True)
        fields[field(zone, "bare")] = TEXT(SYLLABLES, phrase=True)
        fields[field(zone, "beside")] = TEXT(RegexTokenizer(r"\S+"), phrase=False)
        fields[zone] = STORED()
    fields |= {name: ID(sortable=True) for name in FACETS}
    fields |= {name: NUMERIC(int, sortable=True) for name in ("year", "month")}
    return Schema(**fields)


class Writer:
    def __init__(self, folder: Path) -> None:
        self.writer = index.create_in(str(folder), schema()).writer(limitmb=MEGABYTES)

    def add(self, held: Held) -> None:
        texts = {name: text for name, text in held.fields.items() if not name.endswith("_key")}
        shown = {zone: held.fields[field(zone, "written")] for zone in ZONES}
        self.writer.add_document(
            number=str(held.number), year=held.year, month=held.month, **texts, **shown, **held.facets
        )

    def close(self) -> None:
        self.writer.commit(optimize=True)


class Whoosh:
    name = "plain Whoosh"

    def __init__(self, folder: Path) -> None:
        self.searcher = index.open_dir(str(folder)).searcher(weighting=BM25F())

    def prepared(self, need: Need) -> tuple[Any, int]:
        must = [query.Or([each for clause in group for each in zones(clause)]) for group in need.must]
        must += filters(need)
        should = [each for clause in need.should for each in zones(clause)]
        whole = query.And(must)
        return query.AndMaybe(whole, query.Or(should)) if should else whole, need.query.page

    def ask(self, prepared: tuple[Any, int]) -> int:
        asked, page = prepared
        facets = Facets()
        for name in (*FACETS, "year", "month"):
            facets.add_facet(name, FieldFacet(name, maptype=Count))
        found = self.searcher.search(asked, limit=page * TOP, groupedby=facets)
        for name in facets.names():
            found.groups(name)
        for hit in found[(page - 1) * TOP : page * TOP]:
            for zone in ZONES:
                hit.highlights(field(zone, "written"), text=hit[zone], top=2)
        return len(found)


def zones(clause: Clause) -> Iterator[Any]:
    for zone in ZONES:
        name, boost = field(zone, KINDS[clause.kind]), clause.weight * ZONE_WEIGHTS[zone]
        if len(clause.terms) > 1:
            yield query.Phrase(name, list(clause.terms), boost=boost)
        else:
            yield query.Term(name, clause.terms[0], boost=boost)


def filters(need: Need) -> Iterator[Any]:
    for value in need.query.facets.get("section", ()):
        yield query.ConstantScoreQuery(query.Term("section", value), 0.0)
    if need.query.first:
        yield query.ConstantScoreQuery(query.NumericRange("year", need.query.first.year, need.query.first.year), 0.0)
