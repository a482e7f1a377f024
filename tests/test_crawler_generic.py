"""How good is the way without a profile?  Every page of every system of the demo site, read as if it were unknown."""

import json
import statistics
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from crawler.extract import Extraction, extract
from crawler.page import Page
from crawler.profiles import Profile, named
from crawler.replica import drupal
from crawler.replica.content import SECTIONS, ReplicaArticle, Site, articles
from crawler.replica.pages import PER_PAGE, Answer, Asked, Moment
from crawler.replica.portal import PORTALS, Portal, answer
from indexer.clock import VIETNAM
from tests.test_crawler_portals import likeness

FLOORS = json.loads((Path(__file__).parent / "floors.json").read_text(encoding="utf-8"))["extraction"]
NOW = datetime(2026, 1, 1, tzinfo=UTC)
FURNITURE = ("Tin mới", "Lượt truy cập", "Trang chủ", "Bản quyền", "Skip to", "Nhảy đến", "Chia sẻ", "Tin liên quan")


@cache
def site() -> Site:
    return Site({each.node: each for each in articles()})


def asked(portal: Portal | None, path: str, holds: Site | None = None) -> Page:
    parts = urlsplit(path)
    wanted = Asked(parts.path, dict(parse_qsl(parts.query)), {}, Moment(NOW, 1))
    holds = holds or site()
    shown: Answer = drupal.answer(holds, wanted) if portal is None else answer(portal, holds, wanted)
    host = drupal.HOST if portal is None else portal.host
    return Page(f"http://{host}{path}", 200, {"content-type": shown.media_type}, shown.body)


def read(portal: Portal | None, told: ReplicaArticle, profile: Profile) -> Extraction:
    path = drupal.address(site(), told) if portal is None else portal.address(site(), told)
    return extract(asked(portal, path), profile, now=NOW)


def likenesses(portal: Portal | None, profile: Profile) -> list[float]:
    """The token F1 of each article's lead and body; 0 for one that was not found."""
    found = [(told, read(portal, told, profile).article) for told in articles()]
    return [
        likeness(f"{told.lead}\n{told.body}", f"{got.lead}\n{got.body}") if got and got.title == told.title else 0.0
        for told, got in found
    ]


@pytest.mark.parametrize("portal", [None, *PORTALS], ids=lambda portal: portal.name if portal else "drupal")
def test_texts_are_found_without_a_profile(portal: Portal | None) -> None:
    like = likenesses(portal, named("generic"))
    assert statistics.mean(like) >= FLOORS["without_profile"]
    assert min(like) >= 0.9


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_a_profile_takes_whole_texts_and_no_furniture(portal: Portal) -> None:
    profile = named(portal.profile or portal.name)
    assert min(likenesses(portal, profile)) >= FLOORS["profile"]
    for told in articles():
        got = read(portal, told, profile).article
        assert got is not None
        if told.shows_date and profile.name != "generic":
            assert got.published and got.published.astimezone(VIETNAM).date() == told.published.date(), told.node
        taken = "\n".join((got.title, got.lead, got.body, *got.captions, got.author, got.unit))
        wanted = "\n".join((told.title, told.lead, told.body, told.author, *(each.caption for each in told.images)))
        assert [words for words in FURNITURE if words in taken and words not in wanted] == []


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_lists_are_told_from_articles_without_a_profile(portal: Portal) -> None:
    pages = [(key, page) for key in SECTIONS for page in (1, 2) if page == 1 or goes_on(portal, key)]
    kinds = {where: extract(asked(portal, portal.listing(*where)), named("generic"), now=NOW).kind for where in pages}
    assert {where: kind for where, kind in kinds.items() if kind != "list"} == {}
    assert [told.node for told in articles() if read(portal, told, named("generic")).kind == "list"] == []


@pytest.mark.parametrize("portal", PORTALS, ids=lambda portal: portal.name)
def test_a_section_that_holds_nothing_is_no_article(portal: Portal) -> None:
    news = Site({told.node: told for told in articles() if told.section == "tin-tuc"})
    pages = [asked(portal, portal.listing(key), news) for key in SECTIONS if key != "tin-tuc"]
    for profile in (named(portal.profile or portal.name), named("generic")):
        taken = {page.address: extract(page, profile, now=NOW).article for page in pages}
        assert {address: article.body for address, article in taken.items() if article} == {}


def goes_on(portal: Portal, key: str) -> bool:
    return bool(portal.later) and len(site().newest(key)) > PER_PAGE


TITLE = "Sở Xây dựng kiểm tra công tác nghiệm thu tại khu tái định cư Nà Lùng"
LEAD = "Đoàn kiểm tra của Sở Xây dựng đã làm việc với chủ đầu tư và các nhà thầu tại khu tái định cư Nà Lùng."
SHORT = (
    "Đoàn kiểm tra hiện trường, hồ sơ hoàn công và kết quả thí nghiệm vật liệu của 14 hạng mục công trình.",
    "Theo báo cáo của chủ đầu tư, đến nay đã có 62/75 hộ dân nhận đất, 40 hộ đã khởi công xây dựng nhà ở.",
    "Trưởng đoàn yêu cầu nhà thầu khắc phục ngay tình trạng nứt mặt đường, bổ sung biển báo trước mùa mưa.",
    "Kết quả kiểm tra sẽ được tổng hợp, báo cáo Ủy ban nhân dân tỉnh trong tháng 5 và công khai tại xã.",
)
TEXT = (LEAD, *SHORT)
ROWS = "".join(f"<p>{each}</p>" for each in TEXT)
LINKS = "".join(
    f'<li><a href="/tin-{day}-bai-viet-khac">Tập huấn nghiệp vụ quản lý trật tự đợt {day}</a> ({day}/4/2025)</li>'
    for day in range(1, 7)
)
COMMENTS = "<p>Đề nghị công khai kết quả để người dân theo dõi và giám sát trong thời gian tới, xin cảm ơn.</p>" * 2
# What a page shows around and in its text -> what that is about.
AROUND = {
    "short paragraphs beside a dated list": f"<h1>{TITLE}</h1><div>14/05/2025</div><div>{ROWS}</div><ul>{LINKS}</ul>",
    "a dated list in the text": f"<h1>{TITLE}</h1><div>14/05/2025</div><div>{ROWS}<ul>{LINKS}</ul></div>",
    "a date line in the text's own box": f"<h1>{TITLE}</h1><p>Đăng lúc 10:15 ngày 14/05/2025</p>{ROWS}",
    "tabs over the text": f"<h1>{TITLE}</h1><ul class='nav nav-tabs'><li>Nội dung</li><li>Tài liệu</li></ul>"
    f"<div><div>14.05.2025 | 15:00</div>{ROWS}</div>",
    "counted comments": f"<h1>{TITLE}</h1><p>14-05-2025</p>{ROWS}<div><h3>Ý kiến bạn đọc (2)</h3>{COMMENTS}</div>",
    "a file's link with its verb": f"<h1>{TITLE}</h1><p>14/05/2025</p>{ROWS}<p><a href='/a.pdf'>Tải về bản vẽ</a></p>",
    "a name with its role": f"<h1>{TITLE}</h1><p>14/05/2025</p>{ROWS}<p align='right'>Bế Ngọc Lan (thực hiện)</p>",
}  # fmt: skip


@pytest.mark.parametrize("trait", AROUND)
def test_pages_of_departments_give_their_text_and_their_day(trait: str) -> None:
    html = f"<html><head><title>{TITLE} | Sở Xây dựng</title></head><body><div id=khung>{AROUND[trait]}</div></body>"
    found = extract(Page("http://soxd.replica.test/tin/na-lung", 200, {}, html.encode()), named("generic"), now=NOW)
    assert found.kind == "article" and found.article is not None
    assert (found.article.lead, *found.article.body.split("\n")) == TEXT
    assert f"{found.article.published:%d/%m/%Y}" in ("13/05/2025", "14/05/2025")  # in UTC midnight is the day before
    assert found.article.author == ("Bế Ngọc Lan" if trait == "a name with its role" else "")


@pytest.mark.parametrize("line", ["Hội nghị ngày 14/5/2025", "Sáng 14/5/2025, Sở họp", "Ảnh chụp ngày 14/5/2025"])
def test_a_day_that_the_text_tells_is_not_its_publishing_day(line: str) -> None:
    html = f"<html><head><title>{TITLE}</title></head><body><div><h1>{TITLE}</h1><p>{line}</p>{ROWS}</div></body>"
    found = extract(Page("http://soxd.replica.test/tin/na-lung", 200, {}, html.encode()), named("generic"), now=NOW)
    assert found.article is not None and found.article.published is None
