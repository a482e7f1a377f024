"""Is the API what its description says, and the description all of the API?"""

import re
from copy import deepcopy
from datetime import UTC, date, datetime
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from indexer.article import Article, Attachment
from indexer.query import from_parameters
from indexer.settings import Settings
from indexer.speech import catalogue
from tests.conftest import Archive
from web.app import create_app
from web.contract import OPERATIONS

SITE = "http://soxd.replica.test"
# Few: each test run makes the same ones.
EXAMPLES = 12
RULES = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]


@pytest.fixture
def app(archive: Archive) -> Flask:
    archive.put(
        Article(
            f"{SITE}/1",
            title="Khởi công dự án nhà ở xã hội",
            body="Dự án nhà ở xã hội theo Quyết định 788/QĐ-UBND tại xã Mẫu Sơn.",
            attachments=(Attachment(f"{SITE}/a.pdf", "Kế hoạch.pdf", "application/pdf", "d", "Nội dung"),),
            published=datetime(2024, 10, 18, 1, 0, tzinfo=UTC),
            external_id="a1",
        ),
        Article(f"{SITE}/2", title="Social housing conference", language="en", event_date=date(2023, 12, 29)),
        *(Article(f"{SITE}/n{number}", title=f"Thông báo số {number} về nhà ở") for number in range(12)),
    )
    return create_app(Settings(home=archive.store.home, api_requests_per_minute=0), archive.store, archive.engine)


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    told: dict[str, Any] = app.test_client().get("/openapi.json").get_json()
    return told


def test_every_route_of_the_api_is_described(app: Flask) -> None:
    """A new route needs one more entry in `web.contract.OPERATIONS`."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/")]
    routes = {
        (re.sub(r"<(?:[^<>:]+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in rules
        for method in rule.methods or ()
        if method not in ("HEAD", "OPTIONS")
    }
    assert routes == {(each.path, each.method) for each in OPERATIONS}


def test_every_parameter_that_a_search_reads_is_described() -> None:
    read: set[str] = set()

    class Watched(dict[str, list[str]]):
        def get(self, name: str, default: Any = None) -> Any:
            read.add(name)
            return default

    from_parameters(Watched())
    search = next(each for each in OPERATIONS if each.name == "search")
    assert read | {"cursor"} == {each.name for each in search.parameters}


def test_every_sentence_of_the_description_is_there_in_vietnamese() -> None:
    said = {each.says for each in OPERATIONS} | {one.says for each in OPERATIONS for one in each.parameters}
    assert not [each for each in said if not catalogue("vi")._catalog.get(each)]  # type: ignore[attr-defined]


def test_every_example_of_the_description_is_answered(app: Flask) -> None:
    for each in OPERATIONS:
        if each.example:
            assert app.test_client().get(each.example).status_code == 200, each.example


def wrong(schema: dict[str, Any]) -> list[str]:
    """Values that a schema forbids, as they are written in an address."""
    schema = schema.get("items", schema)
    if schema["type"] == "integer":
        bounds = [schema["minimum"] - 1, *([schema["maximum"] + 1] if "maximum" in schema else [])]
        return ["two", "1.5", *map(str, bounds)]
    return ["no such thing"] if "enum" in schema or "pattern" in schema else []


def right(schema: dict[str, Any]) -> str:
    """A value that a schema allows."""
    return str(schema.get("enum", [1])[0])


def test_every_value_that_the_description_forbids_is_a_mistake_with_its_name(app: Flask) -> None:
    client = app.test_client()
    for each in OPERATIONS:
        needed = {one.name: right(one.schema) for one in each.parameters if one.needed}
        path = re.sub(r"\{\w+\}", "1", each.path)
        for parameter in each.parameters if each.method == "get" else ():
            for value in wrong(parameter.schema) if parameter.place == "query" and parameter.name != "lang" else ():
                answered = client.get(path, query_string=needed | {parameter.name: value})
                assert (answered.status_code, answered.mimetype) == (400, "application/problem+json"), parameter.name
                errors = answered.get_json(force=True)["errors"]
                assert [(one["parameter"], one["value"]) for one in errors] == [(parameter.name, value)]


def tightened(schema: Any) -> Any:
    """The same description, in which an answer may hold nothing that is not described."""
    if isinstance(schema, list):
        return [tightened(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    told = {name: tightened(each) for name, each in schema.items()}
    if told.get("type") == "object" and "properties" in told:
        told["additionalProperties"] = False
    return told


def test_whatever_is_asked_is_answered_as_described(app: Flask, described: dict[str, Any]) -> None:
    """Right and wrong parameters, made from the description: no failure of ours, always the shape that was told."""
    strict = deepcopy(described) | {"components": tightened(described["components"])}
    schema = schemathesis.openapi.from_dict(strict)
    schema.app = app
    for found in schema.get_all_operations():
        operation = found.ok()
        assert operation is not None
        for mode in schemathesis.GenerationMode:
            run(operation, mode)


def run(operation: Any, mode: schemathesis.GenerationMode) -> None:
    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: schemathesis.Case) -> None:
        case.call_and_validate(checks=RULES)

    ask()
