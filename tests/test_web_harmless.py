"""Does a kept page become harmless, whatever it holds?"""

import re

import pytest
from bs4 import BeautifulSoup

from web.harmless import MOST_PICTURES, harmless

ADDRESS = "http://soxd.replica.test/tin/1.html"
HEAD = '<header id="ours">Bản chụp</header>'


def made(page: str, held: str = "") -> BeautifulSoup:
    """The page as it would be shown, with the one picture that is held."""
    return BeautifulSoup(shown(page, held), "lxml")


def shown(page: str, held: str = "") -> str:
    return harmless(page, ADDRESS, HEAD, "vi", lambda number, found: f"/picture/{number}" if found == held else "")


HOSTILE = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">x</a>', '<iframe src="http://evil.test"></iframe>',
    '<object data="http://evil.test/a.swf"></object>', '<meta http-equiv="refresh" content="0;url=http://evil.test">',
    '<link rel="stylesheet" href="http://evil.test/a.css">', '<base href="http://evil.test/">',
    '<form action="http://evil.test"><input name="a"><button>Gửi</button></form>',
    '<div style="background:url(http://evil.test/p.png)">x</div>', "<style>@import 'http://evil.test/a.css';</style>",
    '<math><mtext><img src="http://evil.test/1.png"></mtext></math>',
    '<body onload="alert(1)" background="//evil.test/b">',
    "<noscript><img src=http://evil.test/2.png></noscript>",
    '<video src="http://evil.test/v" poster="http://evil.test/p"></video>',
    '<a href="/x" ping="http://evil.test" target="_blank">x</a>', "<template><script>alert(1)</script></template>",
    '<table background="http://evil.test/t.png"><td>x</table>', '<img srcset="http://evil.test/s.png 2x" src="y.png">',
    "<title></title><script>alert(1)</script>", "<style></style><script>alert(1)</script>",
    '<p id="ours" class="x">Giả danh</p>', "<!--[if IE]><script>alert(1)</script><![endif]-->",
)  # fmt: skip


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_that_acts_or_calls_elsewhere_is_left(markup: str) -> None:
    told = shown(f"<html><head></head><body><p>Trước</p>{markup}<p>Sau</p></body></html>")
    tree = BeautifulSoup(told, "lxml")
    assert "alert" not in told and "evil.test/" not in re.sub(r"<a [^>]*>", "", told)
    assert not tree.select("script, form, input, button, iframe, object, link, base, meta[http-equiv], svg, video, img")
    assert not [name for tag in tree.find_all(True) for name in tag.attrs if name.startswith("on")]
    assert "Trước" in tree.get_text() and "Sau" in tree.get_text()
    assert tree.body and tree.body.find(True, recursive=False).get("id") == "ours"  # type: ignore[union-attr]


def test_links_lead_to_the_source_and_nowhere_by_script() -> None:
    tree = made(
        '<base href="/vi/"><a href="tin/2">a</a><a href="#x">b</a><a href="data:text/html,x">c</a><a name="x">d</a>'
    )
    assert [each.get("href") for each in tree.select("a")] == ["http://soxd.replica.test/vi/tin/2", "#x", None, None]
    assert tree.select("a")[0]["rel"] == ["noopener", "noreferrer", "nofollow"]
    assert tree.select_one("a#x")


def test_only_pictures_that_are_held_are_shown_the_others_leave_their_words() -> None:
    page = '<img src="/a.png" alt="Một"><img data-src="/b.png" src="blank.gif" alt="Hai" onclick="x()">'
    tree = made(page, "http://soxd.replica.test/b.png")
    assert [(each["src"], each["alt"]) for each in tree.select("img")] == [("/picture/1", "Hai")]
    assert "Một" in tree.get_text()


def test_words_of_forms_and_unknown_boxes_stay_readable() -> None:
    told = made(
        '<html lang="vi"><title>Tin &lt;b&gt;</title><form id="f"><o:p>Đoạn một</o:p><p>Đoạn hai</p></form></html>'
    )
    assert "Đoạn một" in told.get_text() and "Đoạn hai" in told.get_text()
    assert told.title and told.title.get_text() == "Tin <b>"


def test_a_page_of_pictures_without_end_shows_the_first_ones() -> None:
    picture = '<img src="/b.png" alt="Ảnh" data-held="http://evil.test/">'
    tree = made(picture * (MOST_PICTURES + 9), "http://soxd.replica.test/b.png")
    assert len(tree.select("img")) == MOST_PICTURES
    assert all(str(each["src"]).startswith("/picture/") for each in tree.select("img"))


@pytest.mark.parametrize(
    "page", ["", "<", "\x00", "<div>" * 5_000, "x" * 100_000, "<p " + "a" * 50_000, "<table>" * 500]
)
def test_broken_pages_are_shown_as_far_as_they_go(page: str) -> None:
    assert made(page).select_one("#ours")
