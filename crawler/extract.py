"""What article is on this page?  Stage after stage, each saying what it went by."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crawler.attached import attachments_of
from crawler.blocks import Block, blocks_of, tidied
from crawler.byline import byline, signed
from crawler.content import Confidence, Content, content_of
from crawler.dates import event_day
from crawler.furniture import first, furniture
from crawler.identity import identity
from crawler.kinds import PageKind, page_kind
from crawler.page import Page
from crawler.profiles import Profile
from crawler.published import published
from crawler.texts import letters, parted, same
from crawler.titles import title_of
from crawler.tree import Element, attribute, words_of
from indexer.article import Article, Language
from indexer.canonical import canonical
from indexer.clock import now as present
from indexer.language.detect import language_of

EXTRACTOR = 4  # raise it when a page would be read differently; stored pages are then read again


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a page turned out to be; ``reasons`` says for each field which selector or stage found it."""

    kind: PageKind
    article: Article | None
    address: str
    aliases: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)
    confidence: Confidence = "low"
    images: tuple[str, ...] = ()  # addresses of the pictures inside the text


def extract(
    page: Page,
    profile: Profile,
    *,
    listed: datetime | None = None,
    now: datetime | None = None,
    boilerplate: Collection[str] = (),
) -> Extraction:
    """Read a page by its profile.

    ``listed`` is the date that a list showed beside its link, ``boilerplate`` the lines that most of
    the site's pages show.
    """
    skipped = furniture(page, profile)
    kind, kind_from = page_kind(page, profile, skipped)
    address, aliases = identity(page, profile)
    if kind in ("list", "other"):
        return Extraction(kind, None, address, aliases, {"kind": kind_from})

    title, heading, title_from = title_of(page, profile, skipped)
    content = content_of(page, profile, skipped, heading)
    when = published(page, profile, skipped, heading, content.part, listed, now or present())
    texts, captions = parted(content, profile, title)
    texts = [block for block in texts if block.text not in boilerplate] or texts
    author, unit, author_from, texts = author_of(page, profile, skipped, texts)
    lead, lead_from, body = lead_of(page, profile, skipped, texts)
    attachments = attachments_of(page, profile, skipped, content.part, heading)
    if not title or not (lead or body or captions or attachments):
        return Extraction("other", None, address, aliases, {"kind": "no article found"})

    article = Article(
        address=address,
        title=title,
        lead=lead,
        body="\n".join(body),
        captions=captions,
        attachments=attachments,
        author=author,
        unit=unit,
        section=section_of(page, profile, title),
        tags=tags_of(page, profile),
        language=language_in([title, lead, *body, *captions]),
        kind="document" if kind == "document" else "article",
        published=when.at,
        date_source=when.source,
        updated=when.updated,
        event_date=event_day(lead or "".join(body[:1]), when.at),
        profile=profile.name,
        extractor=EXTRACTOR,
    )
    reasons = {"kind": kind_from, "title": title_from, "body": content.reason, "lead": lead_from}
    reasons |= {"date": when.reason, "author": author_from}
    return Extraction(kind, article, address, aliases, reasons, content.confidence, images_of(page, content))


def images_of(page: Page, content: Content) -> tuple[str, ...]:
    """The pictures inside the text, each once; many sites load them late and keep the address in an attribute apart."""
    pictures = (block.tag for block in content.blocks if block.kind == "picture")
    told = (next(filter(None, (attribute(tag, name) for name in SOURCES)), "") for tag in pictures)
    return tuple(dict.fromkeys(filter(None, (canonical(each, page.base) for each in told))))


SOURCES = ("data-src", "data-original", "src")


def author_of(
    page: Page, profile: Profile, skipped: Collection[Element], texts: list[Block]
) -> tuple[str, str, str, list[Block]]:
    """Author, unit, what found them, and the text without the signature."""
    named = first(page, profile.author, skipped)
    line = tidied(words_of(named[0], " ")) if named else ""
    if named and line:
        author, unit = byline(line) or (line.rpartition(":")[2].strip(), "")
        return author, unit, named[1], [block for block in texts if not same(block.text, line)]
    signature = signed(texts)
    if signature is None:
        return "", "", "", texts
    place, (author, unit) = signature
    return author, unit, "last line", texts[:place] + texts[place + 1 :]


LEAD_LENGTH = range(20, 1_001)  # characters: shorter is a label, longer is the text itself
SITE_LEAD = re.compile(r"^(cổng thông tin|trang thông tin|website|sở xây dựng|ubnd|portal)\b.{0,80}$", re.I)


def lead_of(
    page: Page, profile: Profile, skipped: Collection[Element], texts: Sequence[Block]
) -> tuple[str, str, list[str]]:
    """The lead, what found it, and the body without it.  A text of one paragraph is body."""
    body = [block.text for block in texts]
    named = first(page, profile.lead, skipped)
    told = " ".join(block.text for block in blocks_of(named[0], skipped)) if named else ""
    if named and told and not opens_with(body, told):
        return told, named[1], [text for text in body if not same(text, told)]
    if len(body) > 1 and texts[0].kind in ("text", "heading") and len(body[0]) in LEAD_LENGTH:
        twice = named is not None and same(body[0], body[1])  # in a box of its own, and again in the text
        return body[0], "first paragraph", body[2 if twice else 1 :]
    described = tidied(page.meta("description", "og:description"))
    return (described, "meta description", body) if is_lead(described, body) else ("", "", body)


def opens_with(body: Sequence[str], lead: str) -> bool:
    """Does the text open with this lead, whole or cut short?"""
    return bool(body) and letters(body[0]).startswith(letters(lead))


def is_lead(description: str, body: Sequence[str]) -> bool:
    """A description counts when it is the article's own and not a piece of its text."""
    own = len(description) in LEAD_LENGTH and not SITE_LEAD.match(description)
    return own and bool(body) and letters(description)[:80] not in letters(" ".join(body))


HOME_NAMES = re.compile(r"^(trang chủ|trang nhất|home|home ?page|»|>|/)?$", re.I)


def section_of(page: Page, profile: Profile, title: str) -> str:
    """The last step of the breadcrumb before the article itself."""
    for selector in profile.section:
        crumbs = [tidied(words_of(link, " ")) for link in page.select(selector)]
        steps = [crumb for crumb in crumbs if not HOME_NAMES.match(crumb) and not same(crumb, title)]
        if steps:
            return steps[-1]
    return tidied(page.meta("article:section"))


def tags_of(page: Page, profile: Profile) -> tuple[str, ...]:
    for selector in profile.tags:
        tags = [tidied(words_of(link, " ")) for link in page.select(selector)]
        if any(tags):
            return tuple(dict.fromkeys(filter(None, tags)))
    return ()


def language_in(paragraphs: Sequence[str]) -> Language:
    """The language of most of the text, asked paragraph by paragraph."""
    letters, seen = sum(map(len, paragraphs)), {"en": 0, "vi": 0}
    for each in sorted(paragraphs, key=len, reverse=True):
        seen[language_of(each)] += len(each)
        if seen["vi"] * 2 >= letters or seen["en"] * 2 > letters:  # the rest cannot turn it
            break
    return "en" if seen["en"] * 2 > letters else "vi"
