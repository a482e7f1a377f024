"""How does tantivy answer?  Through its Python binding, on one thread: top 10, count, aggregations, and snippets."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tantivy import (
    Document,
    Filter,
    Index,
    Occur,
    Query,
    SchemaBuilder,
    SnippetGenerator,
    TextAnalyzerBuilder,
    Tokenizer,
)

from indexer.ranking import ZONE_WEIGHTS
from tests.bench.needs import Clause, Need
from tests.bench.peers import FACETS, KINDS, TOP, ZONES, Held, field

HEAP = 1_000_000_000  # bytes; so much that a small archive is one segment, which is quickest to search
MOST_VALUES = 1000
AGGREGATIONS = {
    **{name: {"terms": {"field": name, "size": MOST_VALUES}} for name in (*FACETS, "year")},
    "month": {"histogram": {"field": "month", "interval": 1, "min_doc_count": 1}},
}


def schema() -> Any:
    builder = SchemaBuilder()
    for zone in ZONES:
        for kind in KINDS:
            cut, option = ("blanks", "freq") if kind == "beside" else ("letters", "position")
            builder.add_text_field(field(zone, kind), kind == "written", tokenizer_name=cut, index_option=option)
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("year", "month"):
        builder.add_unsigned_field(name, indexed=True, fast=True)
    return builder.build()


def opened(folder: Path) -> Any:
    index = Index(schema(), str(folder))
    letters = TextAnalyzerBuilder(Tokenizer.simple()).filter(Filter.lowercase()).build()
    index.register_tokenizer("letters", letters)
    index.register_tokenizer("blanks", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    return index


class Writer:
    def __init__(self, folder: Path) -> None:
        self.writer = opened(folder).writer(HEAP, 1)

    def add(self, held: Held) -> None:
        document = Document()
        for name, text in {**held.fields, **held.facets}.items():
            document.add_text(name, text)
        document.add_unsigned("year", held.year)
        document.add_unsigned("month", held.month)
        self.writer.add_document(document)

    def close(self) -> None:
        self.writer.commit()
        self.writer.wait_merging_threads()


class Prepared(NamedTuple):
    need: Need
    query: Any
    offset: int


class Tantivy:
    """Top 10 with count, then the aggregations: the binding asks for the two one after the other."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self.index = opened(folder)
        self.index.reload()
        self.searcher = self.index.searcher()
        self.schema = self.index.schema

    def prepared(self, need: Need) -> Prepared:
        return Prepared(need, self.query(need), (need.query.page - 1) * TOP)

    def ask(self, prepared: Prepared) -> int:
        found = self.searcher.search(prepared.query, TOP, True, offset=prepared.offset)
        self.searcher.aggregate(prepared.query, AGGREGATIONS)
        return int(found.count)

    def query(self, need: Need) -> Any:
        must = [(Occur.Must, self.either(group)) for group in need.must]
        should = [(Occur.Should, each) for clause in need.should for each in self.zones(clause)]
        return Query.boolean_query([*must, *self.filters(need), *should])

    def either(self, group: tuple[Clause, ...]) -> Any:
        return Query.boolean_query([(Occur.Should, each) for clause in group for each in self.zones(clause)])

    def zones(self, clause: Clause) -> Iterator[Any]:
        for zone in ZONES:
            name = field(zone, clause.kind)
            if len(clause.terms) > 1:
                query = Query.phrase_query(self.schema, name, list(clause.terms))
            else:
                query = Query.term_query(self.schema, name, clause.terms[0], "freq")
            yield Query.boost_query(query, clause.weight * ZONE_WEIGHTS[zone])

    def filters(self, need: Need) -> Iterator[Any]:
        wanted: list[tuple[str, str | int]] = [("section", value) for value in need.query.facets.get("section", ())]
        wanted += [("year", need.query.first.year)] if need.query.first else []
        for name, value in wanted:
            query = Query.term_query(self.schema, name, value, "basic")
            yield Occur.Must, Query.const_score_query(query, 0)


class Asking(Tantivy):
    """The same, the making of the query counted: ours makes what it searches for from the line."""

    name = "tantivy, query made anew"

    def ask(self, prepared: Prepared) -> int:
        return super().ask(prepared._replace(query=self.query(prepared.need)))


class Showing(Tantivy):
    """The same, with the ten articles and snippets of each zone."""

    name = "tantivy with snippets"

    def ask(self, prepared: Prepared) -> int:
        query = prepared.query
        found = self.searcher.search(query, TOP, True, offset=prepared.offset)
        self.searcher.aggregate(query, AGGREGATIONS)
        documents = [self.searcher.doc(address) for _, address in found.hits]
        for zone in ZONES:
            generator = SnippetGenerator.create(self.searcher, query, self.schema, field(zone, "written"))
            for document in documents:
                generator.snippet_from_doc(document).to_html()
        return int(found.count)
