"""Are selectors answered from a page's names as they are by XPath?  All of the profiles', and every form of them."""

from dataclasses import fields
from pathlib import Path

import pytest
from lxml.cssselect import CSSSelector

from crawler.page import Page
from crawler.profiles import PATTERNS, PLAIN, PROFILES, RULES
from crawler.selectors import compiled

PAGE = """<html><body class="path node"><div id="main" class="Box box-title"><h1 class="title  big" id="t1">A</h1>
<p class="lead">B <a href="/x.pdf">C</a></p><h2>D</h2><p>E</p><ul class="pager"><li class="active"><a>1</a></li>
<li><a rel="next" href="/2">2</a></li></ul><div class="box"><p class=""><a HREF="/y" title="">F</a></p></div></div>
<a rel="next nofollow">3</a></body></html>"""
FORMS = (
    "p", "P a", "div p", "div > p", "h1 + p", "h1 ~ p", "li.active + li a", "ul li > a[href]", ".title.big", "#t1",
    "[class*=title]", "[class^=Box]", "[class$=title]", "[class=lead]", "[class~=big]", "[class*='']", "[title]",
    "a[rel=next]", "a[rel~=next]", "[href*='.pdf']", "h2, h1, p", "p, div p, .none", "body", "html body div a",
    "p:first-child", "div:has(h1)", "p:not(.lead)", "ul > *", "[class*=box] a", "[id*=ain] [class*=ox] a", "h1#t1",
    "[href!='/2']", ".none p", ".box .box a",
)  # fmt: skip


@pytest.mark.parametrize("selector", FORMS)
def test_every_form_of_selector_finds_what_xpath_finds(selector: str) -> None:
    page = Page("http://soxd.replica.test/", body=PAGE.encode())
    assert page.select(selector) == list(CSSSelector(selector, translator="html")(page.tree))  # type: ignore[arg-type]


def test_the_profiles_selectors_find_what_xpath_finds() -> None:
    layouts = sorted((Path(__file__).parent / "pages" / "layouts").glob("*.html"))
    pages = [Page("http://soxd.replica.test/", body=each.read_bytes()) for each in layouts]
    assert pages
    keys = [each.name for each in fields(PROFILES[0]) if each.name not in PATTERNS | PLAIN | RULES]
    for selector in {each for profile in PROFILES for key in keys for each in getattr(profile, key)}:
        whole = compiled(selector).xpath
        assert [page.select(selector) for page in pages] == [list(whole(page.tree)) for page in pages], selector  # type: ignore[arg-type]
