"""Do the terms of a question alone tell of a few articles what all of their terms would?  Without a cluster."""

from datetime import UTC, datetime

import numpy as np

from indexer import zones
from indexer.afar.few import OTHER, Wanted, columns_of
from indexer.article import Kept
from indexer.engine.columns import Columns
from indexer.errors import KhotinError
from indexer.evidence import sought
from indexer.glossary import load
from indexer.heard import read_question
from indexer.match import Matches
from indexer.passages import found_on
from indexer.query import Query
from indexer.view import View
from tests.cluster_questions import Asker
from tests.test_cluster_reading import replica_articles

SEEN = datetime(2026, 1, 5, tzinfo=UTC)
QUESTIONS = 300


def matches(columns: Columns) -> Matches:
    return Matches(View(columns, columns.live))


def test_what_a_question_finds_and_where_is_the_same_with_its_own_terms_alone() -> None:
    kept = [Kept(number, each, "soxd", SEEN, SEEN) for number, each in enumerate(replica_articles(), 1)]
    documents = [zones.document(each) for each in kept]
    whole, pages = columns_of(documents), range(len(documents))
    asker = Asker(kept, {})
    for line in ("xơ~", "x*", *(asker.line() for _ in range(QUESTIONS))):
        full = matches(whole)
        try:
            question = read_question(Query(q=line), full, load())
        except KhotinError:  # a pattern that stands for too many words
            continue
        parts = sought(question, question.units)
        forms = {(form, unit.zones) for unit in question.units for form in (*unit.forms, *unit.related)}
        forms |= {(each.form, each.zones) for part in parts for each in part.evidence}
        few = matches(columns_of(documents, "", Wanted((slot for form, _ in forms for slot in form.slots), full.terms)))
        assert np.array_equal(few.columns.lengths, whole.lengths)
        for form, within in forms:
            for one, other in zip(few.held(form, within), full.held(form, within), strict=True):
                assert np.array_equal(one, other), (question.text, form)
        assert found_on(pages, question.units, few) == found_on(pages, question.units, full), question.text


def test_what_nobody_asks_for_is_left_out_and_its_place_is_kept() -> None:
    document = zones.document(Kept(1, replica_articles()[0], "soxd", SEEN, SEEN))
    columns = columns_of([document], "", Wanted([], lambda _: ()))
    assert columns.segments[0].terms.beginning("") == [OTHER]
    assert columns.lengths.sum() == columns_of([document]).lengths.sum() > 100
