"""Which text of an article stands in which zone of the index, and by what is it filtered?  (pure)"""

from collections.abc import Mapping

from indexer.article import Kept, shown_date
from indexer.corrected import laid_over
from indexer.engine import Document
from indexer.engine.gathered import terms_of
from indexer.engine.places import ZONES
from indexer.language import words


def zone_texts(kept: Kept) -> Mapping[str, str]:
    """The text of each zone as it is searched and shown: what the source says, below it what was corrected by hand."""
    article, later = kept.article, {each.field: each.text for each in kept.corrections}
    files = (f"{each.name}\n{each.text}" for each in article.attachments)
    return {
        "title": below(article.title, later.get("title")),
        "lead": below(article.lead, later.get("lead")),
        "body": below(article.body, later.get("body")),
        "captions": "\n".join(article.captions),
        "attachments": "\n".join(files),
        "byline": below(below("\n".join((article.author, article.unit)), later.get("author")), later.get("unit")),
    }


def below(text: str, later: str | None) -> str:
    return f"{text}\n{later}" if later else text


def document(kept: Kept) -> Document:
    """What the index takes of an article."""
    texts = zone_texts(kept)
    return Document(kept.id, terms_of({zone: words.tokens(texts[zone]) for zone in ZONES}), facets(kept))


def facets(kept: Kept) -> Mapping[str, str | int | None]:
    article = laid_over(kept)
    day = shown_date(article)
    return {
        "day": day.toordinal() if day else None,
        "section": article.section,
        "source": kept.source,
        "unit": article.unit,
        "language": article.language,
        "kind": article.kind,
        "availability": "off-site" if kept.gone_at else "on-site",
        "change": "updated" if kept.versions > 1 else "unchanged",
    }
