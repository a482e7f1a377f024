"""What do whole sites do wrong?  Bad habits that a replica may be given; each wraps how the site answers (pure)."""

import re
from collections.abc import Callable, Collection, Mapping

from crawler.replica.content import SECTIONS
from crawler.replica.pages import Answer, Asked

Show = Callable[[Asked], Answer]
LANGUAGES = re.compile(r"/(?:vie|eng)(?=/)")  # not /en/, where the site keeps its English pages
BODY_END = b"</body>"
LAST_PAGE = 2  # from where the pager of "endless_pages" goes in circles
UNLISTED = re.compile(rb'href="[^"]*-ky-7"')
DAY = re.compile(r"/cong-tac/(\d{4})/(\d{1,2})(?:/(\d{1,2}))?")
TEXT = re.compile(rb'(field--type-text-with-summary field__item">).*?(</div>)', re.S)
SUBMITTED = re.compile(rb'<footer class="node__meta">.*?<time datetime="[^"]*">([^<]*)</time>.*?</footer>', re.S)
CREATED = re.compile(rb'<div class="post-meta">.*?</div>')
LINK = re.compile(rb'(href=")(/[^"#?]*)(")')


def shown(habits: Collection[str], asked: Asked, show: Show) -> Answer:
    """The site's answer, through all of its habits."""
    for name in sorted(habits):
        show = wrapped(HABITS[name], show)
    return show(asked)


def wrapped(habit: Callable[[Asked, Show], Answer], show: Show) -> Show:
    return lambda asked: habit(asked, show)


def growing_path(asked: Asked, show: Show) -> Answer:
    """A language switch with relative links: each step lengthens the path, and the home page's list comes back."""
    steps = len(LANGUAGES.findall(asked.path))
    plain = asked._replace(path=LANGUAGES.sub("", asked.path) if steps % 2 == 0 else "/")
    last = asked.path.rpartition("/")[2]
    return behind(
        show(plain), f'<p class="lang"><a href="vie/{last}">Tiếng Việt</a> <a href="eng/{last}">English</a></p>'
    )


def endless_pages(asked: Asked, show: Show) -> Answer:
    """Page numbers beyond the last show the last page, which names a next one."""
    page = int(asked.query.get("page", "0") or 0)
    if page < LAST_PAGE:
        return show(asked)
    last = show(asked._replace(query=asked.query | {"page": str(LAST_PAGE)}))
    return behind(
        last, f'<ul class="pager"><li class="pager__item--next"><a href="?page={page + 1}">Tiếp</a></li></ul>'
    )


def calendar(asked: Asked, show: Show) -> Answer:
    """A calendar with a next day, for ever."""
    day = int(asked.query.get("d", "0")) if asked.path == "/lich" else 0
    link = f'<p class="day"><a href="/lich?d={day + 1}">Ngày tiếp theo của lịch công tác</a></p>'
    if asked.path == "/lich":
        return Answer(
            200, "text/html; charset=UTF-8", f"<html><body><h1>Lịch ngày {day}</h1>{link}</body></html>".encode()
        )
    return behind(show(asked), link)


def calendar_by_path(asked: Asked, show: Show) -> Answer:
    """A calendar of days and months in the path, with something else on every day, for ever."""
    found = DAY.fullmatch(asked.path)
    if not found:
        return behind(show(asked), '<p><a href="/cong-tac/2024/1/5">Tuần này</a></p>')
    year, month, day = int(found[1]), int(found[2]), int(found[3] or 0)
    days = "".join(f'<td><a href="/cong-tac/{year}/{month}/{each}">{each}</a></td>' for each in range(1, 29))
    month_after = f"/cong-tac/{year + month // 12}/{month % 12 + 1}"
    page = f'<h1>Ngày {day}</h1><table><tr>{days}</tr></table><a href="{month_after}">Tháng sau</a>'
    return Answer(200, "text/html; charset=UTF-8", f"<html><body>{page}</body></html>".encode())


def facets(asked: Asked, show: Show) -> Answer:
    """A list that can be narrowed in many ways, each with an address of its own and nothing that is not listed."""
    if asked.path != "/tra-cuu":
        return behind(show(asked), '<p><a href="/tra-cuu">Tra cứu</a></p>')
    ways = [
        "&".join(f"{key}={value}" for key, value in sorted((asked.query | {way: str(number)}).items()))
        for way in ("loai", "nam", "linh-vuc")
        for number in range(4)
    ]
    links = "".join(f'<li><a href="/tra-cuu?{each.replace("&", "&amp;")}">Lọc {each}</a></li>' for each in ways)
    return behind(show(asked._replace(path="/index.php/van-ban", query={})), f"<ul>{links}</ul>")


def marked_links(asked: Asked, show: Show) -> Answer:
    """Every link says where it was clicked, in a key of the site's own."""
    answer = show(asked._replace(query={key: value for key, value in asked.query.items() if key != "vi-tri"}))
    mark = rb"\1\2?vi-tri=%d\3" % (asked.moment.counter % 3)
    return answer._replace(body=LINK.sub(mark, answer.body)) if is_page(answer) else answer


def sitemap(asked: Asked, show: Show) -> Answer:
    """A sitemap, partly stale, that names a page which no list shows."""
    if asked.path == "/robots.txt":
        return Answer(200, "text/plain", b"User-agent: *\nSitemap: /sitemap.xml\n")
    if asked.path == "/sitemap.xml":
        names = ("/node/7", "/trang-da-bi-go-khoi-cong-thong-tin", "/tin-tuc?page=1", "/print/node/7")
        rows = "".join(f"<url><loc>http://soxd.replica.test{name}</loc></url>" for name in names)
        page = f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</urlset>'
        return Answer(200, "application/xml", page.encode())
    answer = show(asked)
    return answer._replace(body=UNLISTED.sub(b'href="#"', answer.body)) if is_page(answer) else answer


def feed(asked: Asked, show: Show) -> Answer:
    """A feed with the links and days of one ministry, that names a page which no list shows."""
    if asked.path == "/robots.txt":
        return Answer(200, "text/plain", b"User-agent: *\n")
    if asked.path == "/tin.rss":
        item = "<item><title>Tin ngoài danh sách</title><link>http:soxd.replica.test/node/%s</link>%s</item>"
        day = "<pubDate>8/15/2013 4:04:00 PM</pubDate>"
        told = f"<rss><channel>{item % (7, day)}{item % (8, day.replace('15', '9'))}<item><link>http:</channel>"
        return Answer(200, "text/xml", told.encode(), "feed")
    answer = show(asked)
    head = b'<link rel="alternate" type="application/rss+xml" href="/tin.rss"></head>'
    page = UNLISTED.sub(b'href="#"', answer.body).replace(b"</head>", head)
    return answer._replace(body=page) if is_page(answer) else answer


def lists_by_script(asked: Asked, show: Show) -> Answer:
    """Lists are drawn by scripts since the site was rebuilt: no link and no sitemap leads to an article, only a feed
    that no page names."""
    if asked.path == "/sitemap.xml":
        return Answer(404, "text/html", b"<h1>Not Found</h1>")
    if asked.path == "/tin-moi.rss":
        links = (found[2].decode() for found in LINK.finditer(show(asked._replace(path="/")).body) if is_article(found))
        items = "".join(f"<item><title>Tin</title><link>{each}</link></item>" for each in dict.fromkeys(links))
        return Answer(200, "text/xml", f"<rss><channel>{items}</channel></rss>".encode(), "tin-moi" + items)
    answer = show(asked)
    bare = LINK.sub(lambda found: found[1] + b"#" + found[3] if is_article(found) else found[0], answer.body)
    return answer._replace(body=bare, stamp="", changed=None) if is_page(answer) else answer


def is_article(link: re.Match[bytes]) -> bool:
    """Whether a link of the main site leads to an article."""
    start, _, name = link[2].decode().rpartition("/")
    return start in ("/index.php", "/en") and name not in SECTIONS


def soft_404(asked: Asked, show: Show) -> Answer:
    """What is not there is answered as if it were."""
    answer = show(asked)
    if answer.status != 404:
        return answer
    page = (
        f"<html><head><title>Sở Xây dựng</title></head><body><p>Nội dung đang cập nhật.</p>{asked.moment.now:%H:%M:%S}"
    )
    return Answer(200, "text/html; charset=UTF-8", page.encode())


def sessions_in_links(asked: Asked, show: Show) -> Answer:
    """Every link carries the number of a session, a new one on each page."""
    path, _, _ = asked.path.partition(";")
    answer = show(asked._replace(path=path))
    mark = rb"\1\2;jsessionid=%08X\3" % (asked.moment.counter * 7919)
    return answer._replace(body=LINK.sub(mark, answer.body)) if is_page(answer) else answer


def login_links(asked: Asked, show: Show) -> Answer:
    """Every page offers to sign in and to come back to it."""
    if asked.path == "/tai-khoan":
        return Answer(200, "text/html; charset=UTF-8", b"<html><title>Login</title><form><input name=u></form></html>")
    return behind(show(asked), f'<a href="/tai-khoan?returnUrl={asked.path}">Đăng nhập hệ thống quản trị</a>')


def shell(asked: Asked, show: Show) -> Answer:
    """Nothing but scripts, whatever is asked for."""
    if asked.path == "/robots.txt":
        return show(asked)
    page = b'<html><head><title>Portal</title></head><body><div id="root"></div><script src="/app.js"></script>'
    return Answer(
        200, "text/html; charset=UTF-8", page + b"<script>" + b"window.a=1;" * 400 + b"</script></body></html>"
    )


def text_in_print_only(asked: Asked, show: Show) -> Answer:
    """One article's page comes without its text, which its print view has."""
    answer, bare = show(asked), asked.path.endswith(("-ky-7", "/node/7"))
    return answer._replace(body=TEXT.sub(rb"\1\2", answer.body)) if bare else answer


def date_below(asked: Asked, show: Show) -> Answer:
    """The date stands far below the text, in a box of the site's own make, and on no list."""
    answer = show(asked)
    if not is_page(answer):
        return answer
    page, told = CREATED.sub(b"", answer.body), SUBMITTED.search(answer.body)
    if told:
        line = '<p class="dong-luu"><span class="nhan">Tin đưa:</span> <span class="luc">'.encode() + told[1]
        line += b"</span></p>"
        page = SUBMITTED.sub(b"", page).replace(b'<ul class="links inline">', line + b'<ul class="links inline">')
    return answer._replace(body=page)


def behind(answer: Answer, html: str) -> Answer:
    """The same page with something more at its end."""
    if not is_page(answer):
        return answer
    return answer._replace(body=answer.body.replace(BODY_END, html.encode() + BODY_END))


def is_page(answer: Answer) -> bool:
    return answer.status == 200 and answer.media_type.startswith("text/html")


HABITS: Mapping[str, Callable[[Asked, Show], Answer]] = {
    each.__name__: each
    for each in (
        growing_path, endless_pages, calendar, sitemap, soft_404, sessions_in_links, login_links, shell,
        text_in_print_only, feed, calendar_by_path, facets, marked_links, date_below,
        lists_by_script,
    )
}  # fmt: skip
