"""How does somebody learn to ask by program?  The API for machines as OpenAPI 3.1, for people as a page."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from web.contract import JSON, OPERATIONS, Operation, Parameter, Schema
from web.freshness import revalidated
from web.shapes import SHAPES, named
from web.shelf import shelf

manual = Blueprint("manual", __name__)

PROBLEM = "application/problem+json"
ABOUT = (
    "The news archive as data: what the site shows, for programs. Reading needs no key. Sentences for people are in "
    "Vietnamese or English; errors are told as RFC 9457 has it. Fields may be added, none is taken away in a version."
)
TOKENS = (
    "A person makes a token under “Sign-in and devices”, for any of search, export and restrict. With one "
    "a program may ask more often, and reads what a researcher reads."
)
PACE = {
    "RateLimit-Limit": "How many requests a minute are answered.",
    "RateLimit-Remaining": "How many of them are left.",
    "RateLimit-Reset": "After how many seconds all of them may be asked again.",
}


@manual.get("/openapi.json")
@revalidated
def openapi() -> ResponseReturnValue:
    told = described(shelf().settings.site_name_en, request.script_root or "/")
    return Response(json.dumps(told, ensure_ascii=False), mimetype="application/json")


def described(site: str, base: str) -> dict[str, Any]:
    """The whole API as OpenAPI has it."""
    return {
        "openapi": "3.1.0",
        "info": {"title": f"Khotin, news archive of the {site}", "version": "1", "description": ABOUT},
        "servers": [{"url": base}],
        "paths": {each.path: {each.method: operation(each)} for each in OPERATIONS},
        "components": {
            "schemas": SHAPES,
            "headers": {name: header(says) for name, says in PACE.items()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": TOKENS}},
        },
    }


def operation(each: Operation) -> dict[str, Any]:
    answers = {kind: {"schema": named(shape)} if shape else {} for kind, shape in each.answers.items()}
    good = {"description": each.says, "headers": pace(), "content": answers}
    bad = {str(status): problem(status) for status in sorted({*each.problems, 401, 403, 429})}
    token: list[dict[str, list[str]]] = [{"token": [each.scope]}]
    posted = {"requestBody": {"required": True, "content": {JSON: {"schema": named(each.body)}}}} if each.body else {}
    return posted | {
        "operationId": each.name,
        "summary": each.says,
        "security": token if each.needs_token else [{}, *token],
        "parameters": [parameter(one) for one in each.parameters],
        "responses": {"200": good, "304": {"description": "Nothing changed since `If-None-Match`."}, **bad},
    }


def parameter(each: Parameter) -> dict[str, Any]:
    told: dict[str, Any] = {"name": each.name, "in": each.place, "description": each.says, "schema": each.schema}
    needed = each.needed or each.place == "path"
    told |= {"required": True} if needed else {"allowEmptyValue": True}  # empty as forms send it: not given
    return told | ({"example": each.example} if each.example is not None else {})


def problem(status: int) -> dict[str, Any]:
    content = {PROBLEM: {"schema": named("Problem")}}
    waiting = {"Retry-After": header("After how many seconds to ask again.")} if status == 429 else {}
    if status in (401, 403):
        waiting = {"WWW-Authenticate": {"description": "What is wrong with the token.", "schema": {"type": "string"}}}
    return {"description": HTTPStatus(status).phrase, "headers": pace() | waiting, "content": content}


def pace() -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in PACE}


def header(says: str) -> dict[str, Any]:
    return {"description": says, "schema": {"type": "integer"}}


@dataclass(frozen=True, slots=True)
class Explained:
    """Parameters that mean the same, with what may be written for them."""

    names: tuple[str, ...]
    says: str
    values: str


@manual.get("/help/api")
@revalidated
def api() -> ResponseReturnValue:
    settings = shelf().settings
    seen: set[str] = set()
    chapters = []
    for each in OPERATIONS:
        new = [one for one in each.parameters if one.place == "query" and one.says + one.name not in seen]
        known = [one.name for one in each.parameters if one.says + one.name in seen]
        seen |= {one.says + one.name for one in new}
        chapters.append((each, explained(new), known))
    return render_template("api.html", chapters=chapters, pace=settings.api_requests_per_minute,
                           more=settings.token_requests_per_minute)  # fmt: skip


def explained(parameters: Sequence[Parameter]) -> list[Explained]:
    told = []
    for says, alike in groupby(parameters, lambda each: each.says):
        group = list(alike)
        chosen = {each.name: values(each.schema.get("items", each.schema)) for each in group}
        written = [f"{name}: {each}" if len(group) > 1 else each for name, each in chosen.items() if each]
        told.append(Explained(tuple(chosen), says, "; ".join(written)))
    return told


def values(schema: Schema) -> str:
    """What may be written, where it is a choice or a span."""
    if "minimum" in schema and "maximum" in schema and len(str(schema["maximum"])) < 5:
        return f"{schema['minimum']}–{schema['maximum']}"
    choices = [each for each in schema.get("enum", ()) if each[0] != "-"]
    return ", ".join(choices) if choices != ["0", "1"] else ""
