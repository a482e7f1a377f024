"""Is the part of a page that somebody points at found again, on pages of many makes?"""

import pytest

from web.harmless import harmless, parsed
from web.picking import element_at, line_of, meant, parts, pointable
from web.selectors import Proposal, found, propose, propose_list

TEXT = "Ủy ban nhân dân tỉnh vừa ban hành quyết định về việc phân bổ vốn đầu tư công năm 2024 cho các huyện. "


def page(html: str, **words: str) -> str:
    plain = {"t": "Khởi công cầu mới", "d": "30/01/2024", "n": "1204", "b": TEXT * 3}
    return f"<html><head><title>Sở</title></head><body>{html.format_map(plain | words)}</body></html>"


def pointed(html: str, words: str, field: str) -> Proposal:
    """What is proposed for the part that begins with some words, on one page and two others of the same make."""
    others = ({"t": "Thu hồi đất", "d": "02/02/2023", "n": "77"}, {"t": "Đấu giá", "d": "15/12/2022", "n": "9001"})
    trees = [parsed(page(html, **each)) for each in ({}, *others)]
    part = next(each for each in parts(trees[0]) if each.text.startswith(words))
    element = meant(trees[0], part.place, field)
    assert element is not None
    return propose(element, trees)


MAKES = [
    ('<h1 class="page-title"><span class="field--name-title">{t}</span></h1>', "Khởi công", "title", "h1.page-title"),
    ('<h1><span>{t}</span></h1><h2>Tin khác</h2>', "Khởi công", "title", "h1"),
    ('<div id="tieu-de-tin">{t}</div>', "Khởi công", "title", "#tieu-de-tin"),
    ('<div id="post-{n}"><h3 class="css-1x9ab2 col-md-8 ten-bai">{t}</h3></div>', "Khởi công", "title", "h3.ten-bai"),
    ('<div class="Tin_title__2x3Yz"><b>{t}</b></div>', "Khởi công", "title", "body > div"),
    ('<p class="luu"><span class="nhan">Tin đưa:</span> <span class="luc">{d}</span></p>', "30/01", "date", "span.luc"),
    (
        '<time itemprop="datePublished" class="x">{d}</time><time>1</time>',
        "30/01", "date", 'time[itemprop="datePublished"]',
    ),
    (
        '<div class="cot-phai"><span class="ngay">01/01/2020</span></div>'
        '<div class="chi-tiet"><span class="ngay">{d}</span><p>{b}</p></div>',
        "30/01", "date", "div.chi-tiet span.ngay",
    ),
    (
        "<table><tr><td>Mục lục</td><td><font>{t}</font><br>{d}<p>{b}</p></td></tr></table>",
        "Khởi công", "title", "body > table > tr > td:nth-of-type(2) > font",
    ),
    (
        '<div class="khung"><div class="tin-noi-dung"><p>{b}</p><p>{b}</p></div></div>'
        '<div class="menu"><a>Trang chủ</a></div>',
        "Ủy ban", "body", "div.tin-noi-dung",
    ),
    (
        '<article><h1>{t}</h1><p>{b}</p><div class="ky-ten active">Hoài Thu</div></article>',
        "Hoài", "author", "div.ky-ten",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("html", "words", "field", "selector"), MAKES)
def test_what_is_pointed_at_is_found_again_on_every_page(html: str, words: str, field: str, selector: str) -> None:
    proposal = pointed(html, words, field)
    assert proposal.selector == selector
    assert proposal.misses == 0 and all(count >= 1 for count in proposal.counts)
    if field == "date":
        assert proposal.words == ("30/01/2024", "02/02/2023", "15/12/2022")


def test_a_number_of_the_article_is_no_name_and_counting_is_the_last_resort() -> None:
    proposal = pointed('<div id="node-{n}" class="row n{n}"><div>x</div><div>{t}</div></div>', "Khởi công", "title")
    assert "1204" not in proposal.selector and "row" not in proposal.selector
    assert "nth-of-type(2)" in proposal.selector
    assert proposal.words == ("Khởi công cầu mới", "Thu hồi đất", "Đấu giá")


def test_a_page_of_another_make_is_told_as_missed() -> None:
    trees = [parsed(page(f'<p class="{each}">{{d}}</p>')) for each in ("ngay", "ngay", "luc")]
    proposal = propose(found(trees[0], "p.ngay")[0], trees)
    assert (proposal.selector, proposal.counts, proposal.misses) == ("p.ngay", (1, 1, 0), 1)


def test_the_text_is_the_box_around_a_paragraph_and_can_be_made_wider_and_narrower() -> None:
    html = '<div class="trang"><div class="bai"><div><p>{b}</p><p>{b}</p></div></div><div>Điện thoại</div></div>'
    tree = parsed(page(html))
    part = next(each for each in parts(tree) if each.text.startswith("Ủy ban"))
    chosen = [meant(tree, part.place, "body", step) for step in (-9, -1, 0, 1, 2, 9)]
    assert [(each.tag, each.get("class")) for each in chosen if each is not None] == [
        ("p", None), ("p", None), ("div", None), ("div", "bai"), ("div", "trang"), ("div", "trang"),
    ]  # fmt: skip
    assert meant(tree, 0, "body") is None and meant(tree, 99_999, "title") is None


def test_words_in_bold_belong_to_their_line_and_scripts_hold_no_part() -> None:
    html = (
        '<script>var a = "x"</script><style>p</style><p>Số <b>788</b>/QĐ <a href="/x">xem</a></p><select><option>2024'
    )
    tree = parsed(page(html))
    assert [(each.text, each.tag) for each in parts(tree)] == [("Số 788 /QĐ xem", "p")]
    element = element_at(tree, parts(tree)[0].place)
    assert element is not None and line_of(element) == "Số 788 /QĐ xem"


def test_a_link_of_a_list_stands_for_all_links_of_that_list() -> None:
    rows = "".join(f'<li class="tin"><h4><a href="/{n}">Tin số {n} của sở</a></h4></li>' for n in range(5))
    tree = parsed(page(f'<ul class="menu"><li><a href="/">Trang chủ</a></li></ul><ul id="ds">{rows}</ul>'))
    part = next(each for each in parts(tree) if each.text.startswith("Tin số 2"))
    element = meant(tree, part.place, "list")
    assert element is not None
    proposal = propose_list(element, [tree])
    assert proposal and proposal.selector == "li.tin h4 a" and proposal.counts == (5,)
    heading = found(tree, "title")[0]
    assert propose_list(heading, [tree]) is None


def test_hostile_names_never_reach_a_selector() -> None:
    html = '<p id="a{{b}}" class="x:y] &quot;,* é \\31 ok">{t}</p><p>{t}</p>'
    assert pointed(html, "Khởi công", "title").selector == "p.ok"


def test_every_text_of_the_page_as_it_looks_can_be_pointed_at_and_nothing_else_leads_anywhere() -> None:
    html = page('<p onclick="x()">Một <b>hai</b> ba</p><a href="https://evil.example/">Bốn</a><script>năm</script>')
    told = harmless(
        html, "https://soxd.example.gov.vn/", "", "vi", lambda number, address: "",
        lambda tree: pointable(tree, lambda place: f"https://khotin.example/p?part={place}"),
    )  # fmt: skip
    tree = parsed(told)
    links = tree.xpath("//a")
    assert [(each.text.strip(), each.get("class")) for each in links] == [
        ("Một", "khotin-part"), ("hai", "khotin-part"), ("ba", "khotin-part"), ("Bốn", "khotin-part"),
    ]  # fmt: skip
    places = [int(each.get("href").partition("=")[2]) for each in links]
    assert len(set(places[:3])) == 1 and "evil" not in told and "năm" not in told and "onclick" not in told
    element = element_at(parsed(html), places[0])
    assert element is not None and element.tag == "p"
