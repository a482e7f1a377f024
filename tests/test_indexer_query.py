"""What does an address ask?"""

from datetime import date
from urllib.parse import parse_qs

import pytest

from indexer.query import Query, address, from_parameters


def ask(written: str) -> Query:
    query, mistakes = from_parameters(parse_qs(written, keep_blank_values=True))
    assert not mistakes
    return query


WHOLE = (
    "q=nh%C3%A0+%E1%BB%9F&sort=newest&page=3&per_page=20&from=2023-01-01&to=2024-06-30&undated=0&exact=1&explain=1&collapse=0&like=12"
    "&year=2024&section=Tin+t%E1%BB%A9c&section=-Th%C3%B4ng+b%C3%A1o&attachment=pdf&state=moved&without=translation%3Asocial+housing"
)


def test_an_address_is_read_and_written_back_unchanged() -> None:
    query = ask(WHOLE)
    assert (query.q, query.page, query.per_page, query.sort) == ("nhà ở", 3, 20, "newest")
    assert query.facets["section"] == ("Tin tức", "-Thông báo")
    assert address(query) == WHOLE


def test_a_year_and_a_month_span_from_their_first_to_their_last_day() -> None:
    query = ask("from=2024&to=2024-02")
    assert (query.first, query.last) == (date(2024, 1, 1), date(2024, 2, 29))


def test_every_mistake_is_reported_at_once_and_left_at_its_default() -> None:
    wrong = "page=0&per_page=1000&sort=best&from=30/01/2024&exact=yes&state=lost"
    query, mistakes = from_parameters(parse_qs(wrong))
    assert {each.name for each in mistakes} == {"page", "per_page", "sort", "from", "exact", "state"}
    assert query == Query()


def test_days_in_the_wrong_order_are_a_mistake() -> None:
    _, mistakes = from_parameters({"from": ["2025"], "to": ["2024"]})
    assert [each.name for each in mistakes] == ["from"]


@pytest.mark.parametrize("page", ["٣", "1e3", "-1", "1" * 40, " 1"])
def test_odd_numbers_are_mistakes_and_raise_nothing(page: str) -> None:
    assert from_parameters({"page": [page]})[1]


def test_a_facet_value_is_switched_on_and_off_and_leads_back_to_the_first_page() -> None:
    query = ask("q=c%C3%A1t&page=4").toggled("year", "2024")
    assert (query.page, query.facets) == (1, {"year": ("2024",)})
    assert query.toggled("year", "2024").facets == {}
