"""How does a kept page become harmless?  Its words and pictures stay; scripts, forms and other sites go (pure)."""

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml import etree

from indexer.markup import Element, drop

Picture = Callable[[int, str], str]  # the number of a picture on the page, its address -> ours; empty: we hold none

# What goes with all that is in it. Styles of the page stay, as they say how it looked.
DROPPED = frozenset(
    """script template iframe frame frameset noframes object embed applet param audio video source track canvas svg math
    input button select option textarea datalist output progress meter link meta base basefont bgsound portal dialog
    area map""".split()
)
KEPT = frozenset(
    """a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup dd del dfn div dl
    dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd li main mark nav ol p pre q s
    samp section small span strike strong style sub sup table tbody td tfoot th thead time tr tt u ul var
    wbr""".split()
)
ATTRIBUTES = frozenset(
    """align alt bgcolor border cellpadding cellspacing class color colspan dir face height hspace id lang noshade
    nowrap rowspan scope size span start style title type valign value vspace width""".split()
)
# Under this name the address of our copy stands on a picture until all others are taken away.
OURS = "data-held"
# Sites that load pictures late keep their addresses apart.
SOURCES = ("data-src", "data-original", "src")
FETCHED = re.compile(r"@import[^;]*;?|url\s*\([^)]*\)|image-set\s*\([^)]*\)|expression\s*\(", re.I)
# XML, and so lxml, knows no such characters.
IMPOSSIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# An article has a few, a gallery some dozens; all of them are looked up at once.
MOST_PICTURES = 500
EMPTY = "<html><body></body></html>"
# Whatever the page's own styles say, it stays below our line and in its box.
BOX = (
    "display: block !important; position: relative !important; contain: layout paint !important; "
    "margin: 0 !important; padding: 1rem !important; overflow: auto !important"
)
FRAME = "all: initial !important; display: block !important; font-family: sans-serif !important"


def parsed(text: str) -> Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    tree = etree.fromstring((IMPOSSIBLE.sub("", text).strip() or EMPTY).encode(), parser=parser)
    return etree.fromstring(EMPTY.encode(), parser=parser) if tree is None else tree


def base_of(tree: Element, address: str) -> str:
    """What the page's links are relative to."""
    told = next((each.get("href") for each in tree.iter("base") if each.get("href")), "")
    return joined(address, told or "") or address


def pictures(tree: Element) -> list[Element]:
    return list(islice(tree.iter("img"), MOST_PICTURES))


def picture_address(picture: Element, base: str) -> str:
    told = next(filter(None, ((picture.get(name) or "").strip() for name in SOURCES)), "")
    return joined(base, told) if told else ""


def as_it_is(tree: Element) -> None:
    """Nothing is changed."""


def harmless(
    text: str,
    address: str,
    head: str,
    language: str,
    picture: Picture,
    change: Callable[[Element], None] = as_it_is,
) -> str:
    """The page as a document of our own: our ``head`` (HTML), then its words and styles in a box that holds them in.

    What ``change`` puts into the page is cleaned as all of it is.
    """
    tree = parsed(text)
    base = base_of(tree, address)
    change(tree)
    for each in tree.iter("img"):
        if each.get(OURS):
            del each.attrib[OURS]
    for number, each in enumerate(pictures(tree)):
        found = picture_address(each, base)
        ours = picture(number, found) if found else ""
        each.set(OURS, ours)
    named = next(tree.iter("title"), None)
    title = etree.Element("title")
    title.text = ("" if named is None else " ".join("".join(map(str, named.itertext())).split())) or address
    spoken = tree.get("lang") or ""
    for each in list(tree.iter()):
        clean(each, base)
    box = etree.Element("div", {"style": BOX, **({"lang": spoken} if spoken else {})})
    box.extend(list(tree))
    return (
        f'<!doctype html>\n<html lang="{language}" style="{FRAME}"><head style="display: none !important">'
        f'<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="robots" content="noindex">{written(title)}</head>'
        f'<body style="{FRAME}">{head}{written(box)}</body></html>\n'
    )


def written(element: Element) -> str:
    return etree.tostring(element, encoding="unicode", method="html")


def clean(element: Element, base: str) -> None:
    """Leave of an element what can do no harm. Unknown ones become boxes, so that their words stay apart."""
    tag = element.tag
    if not isinstance(tag, str) or tag in DROPPED or tag == "title":
        drop(element)
        return
    kept = dict(attributes(element, base))
    element.attrib.clear()
    for name, value in kept.items():
        element.set(name, value)
    if tag == "style":
        element.text = FETCHED.sub("", element.text or "").replace("<", "")
    elif tag == "img" and not kept.get("src"):
        element.attrib.clear()
        element.tag = "span"
        element.text = kept.get("alt", "")
    elif tag not in KEPT:
        element.tag = "div"


def attributes(element: Element, base: str) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        name = str(key)
        if name == "style":
            yield name, FETCHED.sub("", str(value))
        elif name in ATTRIBUTES:
            yield name, str(value)
        elif name == OURS and element.tag == "img":
            yield "src", str(value)
        elif name == "name" and element.tag == "a" and not element.get("id"):
            yield "id", str(value)
    yield from link(element, base).items()


def link(element: Element, base: str) -> Mapping[str, str]:
    """Where a link leads: within the page, or to the source; no other."""
    target = (element.get("href") or "").strip() if element.tag == "a" else ""
    if target.startswith("#"):
        return {"href": target}
    full = joined(base, target) if target else ""
    return {"href": full, "rel": "noopener noreferrer nofollow"} if full else {}


def joined(base: str, address: str) -> str:
    """The whole address; empty when it is none of the web's."""
    try:
        full = urljoin(base, address)
        parts = urlsplit(full)
    except ValueError:
        return ""
    return full if parts.scheme in ("http", "https") and parts.netloc else ""
