"""Is a translation chosen by the words that it stands with here?"""

import pytest

from indexer.article import Article
from indexer.choose import by_company
from indexer.match import Matches
from indexer.units import Form, Slot, Unit, vietnamese_slots
from indexer.view import view_of
from tests.conftest import Archive

BANK = Unit(
    "bank",
    0,
    4,
    "compound",
    (
        Form((Slot("bank", "stem"),)),
        Form(vietnamese_slots("ngân hàng"), "translation", "bank", text="ngân hàng"),
        Form(vietnamese_slots("bờ sông"), "translation", "bank", text="bờ sông", trust=0.7),
    ),
)


def unit(english: str, vietnamese: str) -> Unit:
    form = Form(vietnamese_slots(vietnamese), "translation", english, text=vietnamese)
    return Unit(english, 5, 5 + len(english), "compound", (Form((Slot(english, "stem"),)), form))


def trusts(archive: Archive, *units: Unit) -> dict[str, float]:
    """How much each translation of `bank` is trusted beside the other units, in this archive."""
    weighed = by_company(units, Matches(view_of(archive.engine.columns())))
    return {form.text: form.trust for form in weighed[0].forms if form.why == "translation"}


@pytest.fixture
def two_banks(archive: Archive) -> Archive:
    bodies = [
        *(f"Kè bờ sông bị sạt lở, đợt {n}." for n in range(6)),
        *(f"Ngân hàng hạ lãi suất, đợt {n}." for n in range(6)),
        *(f"Mưa lớn ở vùng cao, đợt {n}." for n in range(6)),
    ]
    archive.put(*(Article(f"http://soxd.replica.test/{n}", body=body) for n, body in enumerate(bodies)))
    return archive


def test_the_rendering_that_stands_beside_the_other_words_is_trusted_most(two_banks: Archive) -> None:
    beside_landslides = trusts(two_banks, BANK, unit("landslide", "sạt lở"))
    beside_interest = trusts(two_banks, BANK, unit("interest", "lãi suất"))
    assert beside_landslides["bờ sông"] > beside_landslides["ngân hàng"]
    assert beside_interest["ngân hàng"] > beside_interest["bờ sông"]


def test_without_company_the_usual_order_stays(two_banks: Archive) -> None:
    assert trusts(two_banks, BANK) == {"ngân hàng": 1.0, "bờ sông": 0.7}


def test_what_was_typed_is_never_weighed(two_banks: Archive) -> None:
    typed = Unit("bờ sông", 0, 7, "compound", (Form(vietnamese_slots("bờ sông")),))
    assert by_company([typed, BANK], Matches(view_of(two_banks.engine.columns())))[0] == typed
