"""What does the HTTP API answer?  Results and articles as plain values, ready for JSON (pure)."""

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from indexer.article import Article, Attachment, Correction, Kept
from indexer.corrected import day_of, laid_over
from indexer.interpretation import Interpretation
from indexer.passages import Passage
from indexer.personal import masked, veiled
from indexer.query import Mistake, Query, to_parameters
from indexer.search import Hit, Results
from indexer.units import Unit


def answer(results: Results, took_ms: float) -> dict[str, Any]:
    """What `/api/v1/search` and `khotin search --json` print."""
    return {
        "query": query(results.query),
        "interpretation": interpretation(results.interpretation),
        "total": results.total,
        "near_total": results.near_total,
        **({"groups": results.entries} if results.query.collapse else {}),
        "undated_left_out": results.undated,
        "did_you_mean": results.did_you_mean or None,
        "took_ms": took_ms,
        "generation": results.generation,
        "hits": [hit(each) for each in results.hits],
        **({"explanations": list(results.explanations)} if results.query.explain else {}),
        "facets": {
            name: [{"value": value, "count": count} for value, count in pairs] for name, pairs in results.facets.items()
        },
        "timeline": [
            {"month": month or None, "hits": hits, "articles": everything}
            for month, hits, everything in results.timeline
        ],
    }


def query(asked: Query) -> dict[str, Any]:
    """The parameters that ask for this again; a repeatable one is a list."""
    told: dict[str, Any] = {"q": asked.q, "page": asked.page, "per_page": asked.per_page, "sort": asked.sort}
    for name, value in to_parameters(asked):
        if name in asked.facets or name == "without":
            told.setdefault(name, []).append(value)
        elif name not in told:
            told[name] = asked.like if name == "like" else value
    return told


def interpretation(understood: Interpretation) -> dict[str, Any]:
    return {
        "accents": understood.accents,
        "units": [unit(each) for each in understood.question.units if each.kind != "part"],
        "chips": [asdict(each) for each in understood.chips],
        "removed": list(understood.removed),
        "problems": [{"message": each.message % dict(each.values), "at": each.at} for each in understood.problems],
    }


def unit(each: Unit) -> dict[str, Any]:
    return {"text": each.text, "kind": each.kind, "required": each.required, "start": each.start, "end": each.end}


def hit(each: Hit) -> dict[str, Any]:
    kept = each.kept
    article = laid_over(kept)
    return {
        "id": kept.id,
        "external_id": article.external_id,
        "url": article.address,
        "title": each.passages.title.text,
        "published": moment(kept.article.published),
        "date": day(day_of(kept)),
        "section": article.section,
        "unit": article.unit,
        "source": kept.source,
        "department": kept.department.short or None,
        "language": article.language,
        "kind": article.kind,
        "state": state(kept),
        "score": each.score,
        "passages": [passage(each.passages.title), *map(passage, each.passages.texts)],
        "counted": each.counted,
        **({"group": group(each)} if each.behind else {}),
    }


def group(each: Hit) -> dict[str, Any]:
    """What else stands under a hit."""
    told = {"kind": "series" if each.series else "copies", "more": each.behind}
    return told | ({"departments": each.departments} if each.departments else {})


def passage(each: Passage) -> dict[str, Any]:
    """A piece of text; ``marks`` are pairs of character offsets into it."""
    return {"zone": each.zone, "text": each.text, "marks": [list(mark) for mark in each.marks]}


def state(kept: Kept) -> list[str]:
    return ["off-site" if kept.gone_at else "on-site", "updated" if kept.versions > 1 else "unchanged"]


def article_answer(kept: Kept) -> dict[str, Any]:
    """What `/api/v1/articles/<id>` and `khotin article show` print: what the source says, and apart what was corrected;
    the numbers of private people hidden in both."""
    article = veiled(kept.article)
    return {
        "id": kept.id,
        "external_id": kept.article.external_id,
        "url": kept.article.address,
        **texts(article),
        "corrections": [correction(each) for each in kept.corrections],
        "masked": article != kept.article,
        "source": kept.source,
        "department": kept.department.short or None,
        "language": kept.article.language,
        "kind": kept.article.kind,
        "date": day(day_of(kept)),
        "published": moment(kept.article.published),
        "date_source": kept.article.date_source,
        "event_date": day(kept.article.event_date),
        "updated": moment(kept.article.updated),
        "first_seen": moment(kept.first_seen),
        "last_seen": moment(kept.last_seen),
        "gone_at": moment(kept.gone_at),
        "state": state(kept),
        "versions": kept.versions,
    }


def correction(each: Correction) -> dict[str, Any]:
    """What an admin says of a field, beside what the source says."""
    return {"field": each.field, "text": masked(each.text), "reason": each.reason, "made_at": moment(each.made_at)}


def texts(article: Article) -> dict[str, Any]:
    return {
        "title": article.title,
        "lead": article.lead,
        "body": article.body,
        "captions": list(article.captions),
        "attachments": [attachment(each) for each in article.attachments],
        "author": article.author,
        "unit": article.unit,
        "section": article.section,
        "tags": list(article.tags),
    }


def attachment(each: Attachment) -> dict[str, Any]:
    return {
        "url": each.address,
        "name": each.name,
        "media_type": each.media_type,
        "text": each.text,
        "problem": each.problem,
    }


def problem(status: int, title: str, detail: str, mistakes: list[Mistake] | None = None) -> dict[str, Any]:
    """An error as RFC 9457 tells it; every mistaken parameter is named."""
    told: dict[str, Any] = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    if mistakes:
        told["errors"] = [
            {"parameter": m.name, "value": m.value, "detail": m.message % dict(m.values)} for m in mistakes
        ]
    return told


def moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def day(at: date | None) -> str | None:
    return at.isoformat() if at else None
