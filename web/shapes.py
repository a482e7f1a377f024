"""What do answers of the API look like?  Their shapes as JSON Schema, by name (pure)."""

from typing import get_args

from indexer.article import DateSource, Kind, Language
from indexer.query import STATES
from indexer.units import Accents, Why
from web.contract import ASKED, PAGED, Schema, one_of

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer", "minimum": 0}
FIGURE: Schema = {"type": "number"}
YES_NO: Schema = {"type": "boolean"}
MOMENT: Schema = {"type": "string", "format": "date-time", "description": "In UTC."}
DAY: Schema = {"type": "string", "format": "date"}
STATE_LIST: Schema = {"type": "array", "items": one_of(*STATES)}


def record(may_be_missing: tuple[str, ...] = (), **fields: Schema) -> Schema:
    needed = [name for name in fields if name not in may_be_missing]
    return {"type": "object", "properties": fields, "required": needed}


def many(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def or_null(of: Schema) -> Schema:
    return {**of, "type": [of["type"], "null"]}


def named(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def told(of: Schema, says: str) -> Schema:
    return {**of, "description": says}


COUNTS = many(named("Count"))
QUERY = record(
    may_be_missing=tuple(each.name for each in (*ASKED, *PAGED) if each.name not in ("q", "page", "per_page", "sort")),
    **{each.name: each.schema for each in (*ASKED, *PAGED) if each.name != "cursor"},
)

SHAPES: dict[str, Schema] = {
    "Answer": record(
        may_be_missing=("explanations", "cursor", "changed_meanwhile"),
        query=told(QUERY, "The parameters that ask for this again."),
        interpretation=named("Interpretation"),
        total=told(WHOLE, "How many articles hold all that was asked."),
        near_total=told(WHOLE, "How many near matches follow them; they count nowhere else."),
        undated_left_out=told(WHOLE, "Hits without a date that `from` or `to` left out."),
        did_you_mean=or_null(TEXT),
        took_ms=FIGURE,
        generation=told(TEXT, "Which state of the index answered."),
        hits=many(named("Hit")),
        explanations=told(many({"type": "object", "additionalProperties": FIGURE}), "With `explain=1`, hit by hit."),
        facets={"type": "object", "additionalProperties": COUNTS},
        timeline=many(named("Month")),
        cursor=told(or_null(TEXT), "With `cursor`: what to ask with for the next page; null on the last."),
        changed_meanwhile=told(
            YES_NO, "On the last page of a harvest: whether the archive changed since the first, or was just changing."
        ),
    ),
    "Hit": record(
        id=WHOLE,
        external_id=told(or_null(TEXT), "The id that it was imported with."),
        url=told(TEXT, "Where the source published it."),
        title=TEXT,
        published=told(or_null(MOMENT), "When its page says that it was published."),
        date=told(or_null(DAY), "The day it is sorted and counted by, in Vietnam's time."),
        section=TEXT,
        unit=TEXT,
        source=TEXT,
        language=one_of(*get_args(Language)),
        kind=one_of(*get_args(Kind)),
        state=STATE_LIST,
        score=FIGURE,
        passages=many(named("Passage")),
        counted=told(YES_NO, "False for a near match."),
    ),
    "Passage": record(
        zone=TEXT,
        text=TEXT,
        marks=told(
            many({"type": "array", "items": WHOLE, "minItems": 2, "maxItems": 2}),
            "What was found: pairs of character offsets into `text`, first and one past the last.",
        ),
    ),
    "Interpretation": record(
        accents=one_of(*get_args(Accents)),
        units=many(named("Unit")),
        chips=told(many(named("Chip")), "What the question was widened by; `without` takes it out by its id."),
        removed=many(TEXT),
        problems=many(record(message=TEXT, at=WHOLE)),
    ),
    "Unit": record(text=TEXT, kind=TEXT, required=YES_NO, start=WHOLE, end=WHOLE),
    "Chip": record(id=TEXT, typed=TEXT, meaning=TEXT, why=one_of(*get_args(Why))),
    "Count": record(value=TEXT, count=WHOLE),
    "Month": record(
        month=told(or_null(TEXT), "As 2024-09; null for articles without a date."), hits=WHOLE, articles=WHOLE
    ),
    "Article": record(
        id=WHOLE,
        external_id=or_null(TEXT),
        url=TEXT,
        title=TEXT,
        lead=TEXT,
        body=told(TEXT, "Paragraphs are separated by a line feed."),
        captions=many(TEXT),
        attachments=many(record(url=TEXT, name=TEXT, media_type=TEXT, text=TEXT, problem=TEXT)),
        author=TEXT,
        unit=TEXT,
        section=TEXT,
        tags=many(TEXT),
        source=TEXT,
        language=one_of(*get_args(Language)),
        kind=one_of(*get_args(Kind)),
        date=or_null(DAY),
        published=or_null(MOMENT),
        date_source=one_of(*get_args(DateSource)),
        event_date=or_null(DAY),
        updated=or_null(MOMENT),
        first_seen=MOMENT,
        last_seen=MOMENT,
        gone_at=or_null(MOMENT),
        state=STATE_LIST,
        versions=WHOLE,
    ),
    "Suggestions": record(query=TEXT, suggestions=many(record(text=TEXT, kind=TEXT))),
    "BrowserSuggestions": {
        "type": "array",
        "items": {"type": ["string", "array"], "items": TEXT},
        "minItems": 2,
        "maxItems": 2,
        "description": "What was typed, then a list of completions.",
    },
    "Problem": record(
        may_be_missing=("errors",),
        type=TEXT,
        title=TEXT,
        status={"type": "integer", "minimum": 400, "maximum": 599},
        detail=told(TEXT, "A sentence that says what to do."),
        errors=many(record(parameter=TEXT, value=TEXT, detail=TEXT)),
    ),
}
