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
        may_be_missing=("explanations", "cursor", "changed_meanwhile", "groups"),
        query=told(QUERY, "The parameters that ask for this again."),
        interpretation=named("Interpretation"),
        total=told(WHOLE, "How many articles hold all that was asked."),
        near_total=told(WHOLE, "How many near matches follow them; they count nowhere else."),
        undated_left_out=told(WHOLE, "Hits without a date that `from` or `to` left out."),
        did_you_mean=or_null(TEXT),
        groups=told(WHOLE, "With `collapse=1`: how many entries the hits make."),
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
    "Reason": record(reason={**TEXT, "minLength": 1}),
    "Restricted": record(id=WHOLE, public=YES_NO),
    "Hit": record(
        may_be_missing=("group",),
        id=WHOLE,
        external_id=told(or_null(TEXT), "The id that it was imported with."),
        url=told(TEXT, "Where the source published it."),
        title=TEXT,
        published=told(or_null(MOMENT), "When its page says that it was published."),
        date=told(or_null(DAY), "The day it is sorted and counted by, in Vietnam's time."),
        section=TEXT,
        unit=TEXT,
        source=TEXT,
        department=told(or_null(TEXT), "Whose source it is, where the archive holds those of several departments."),
        language=one_of(*get_args(Language)),
        kind=one_of(*get_args(Kind)),
        state=STATE_LIST,
        score=FIGURE,
        passages=many(named("Passage")),
        counted=told(YES_NO, "False for a near match."),
        group=told(
            record(("departments",), kind=one_of("series", "copies"), more=WHOLE, departments=WHOLE),
            "With `collapse=1`: what else stands under this hit.",
        ),
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
        attachments=many(named("Attachment")),
        author=TEXT,
        unit=TEXT,
        section=TEXT,
        tags=many(TEXT),
        source=TEXT,
        department=told(or_null(TEXT), "Whose source it is, where the archive holds those of several departments."),
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
        corrections=told(
            many(record(field=TEXT, text=TEXT, reason=TEXT, made_at=MOMENT)),
            "What was corrected by hand, apart from what the source says; a date as 2024-01-30.",
        ),
        masked=told(YES_NO, "Whether numbers of private people are hidden in the texts, as 0123••••••89."),
    ),
    "Versions": record(id=WHOLE, url=TEXT, versions=many(named("Version"))),
    "Version": record(
        number=WHOLE,
        captured_at=MOMENT,
        changed=told(many(TEXT), "What differs from the version before: title, lead, body, captions, attachments."),
        title=TEXT,
        lead=TEXT,
        body=TEXT,
        captions=many(TEXT),
        attachments=many(named("Attachment")),
        archived=told(or_null(TEXT), "Where the page is shown as it was archived."),
    ),
    "Attachment": record(url=TEXT, name=TEXT, media_type=TEXT, text=TEXT, problem=TEXT),
    "Trends": record(
        by=one_of("month", "year"),
        spans=told(many(TEXT), "As 2024-09 or 2024; the other lists of figures go by these."),
        articles=told(many(WHOLE), "All articles of the archive in each span."),
        undated_articles=WHOLE,
        series=many(named("Series")),
    ),
    "Series": record(
        q=TEXT,
        total=WHOLE,
        undated=WHOLE,
        undated_left_out=WHOLE,
        hits=many(WHOLE),
        per_1000=told(many(or_null(FIGURE)), "Null where the archive holds no article."),
        interpretation={"oneOf": [named("Interpretation"), {"type": "null"}]},
        problem=told(or_null(TEXT), "Why this question was not counted."),
    ),
    "Concordance": record(
        query=told({"type": "object"}, "The parameters that ask for this again."),
        interpretation=named("Interpretation"),
        total=told(WHOLE, "How many places."),
        articles=told(WHOLE, "In how many articles."),
        lines=many(named("Line")),
    ),
    "Line": record(
        left=TEXT,
        found=TEXT,
        right=TEXT,
        zone=TEXT,
        article=WHOLE,
        title=TEXT,
        date=or_null(DAY),
        section=TEXT,
        source=TEXT,
        department=told(or_null(TEXT), "Whose source it is, where the archive holds those of several departments."),
        language=one_of(*get_args(Language)),
        address=TEXT,
    ),
    "List": record(
        may_be_missing=("read",),
        terms=told({**many(TEXT), "minItems": 1, "maxItems": 500}, "Names or terms."),
        read=told(one_of("whole", "words", default="whole"), "Each as one name or term, or as a question."),
    ),
    "ListAnswer": record(years=many(WHOLE), rows=many(named("ListRow")), together=named("ListRow")),
    "ListRow": record(
        term=or_null(TEXT),
        q=told(or_null(TEXT), "The question that it was counted as."),
        total=or_null(WHOLE),
        years={"type": "object", "additionalProperties": WHOLE},
        undated=WHOLE,
        did_you_mean=or_null(TEXT),
        problem=or_null(TEXT),
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
