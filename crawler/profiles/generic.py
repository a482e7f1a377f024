"""How is a site of an unknown system marked up?  Names that many sites share, tried before any guess."""

from collections.abc import Mapping

GENERIC: Mapping[str, object] = {
    "name": "generic",
    "title": (
        "h1[itemprop=headline]",
        "h1[class*=title], h1[class*=tieu-de], h1[id*=title]",
        "article h1",
        "main h1",
        "[class*=detail] h1, [class*=detail] h2[class*=title]",
    ),
    "date": (
        "time[itemprop=datePublished]",
        "[class*=publish-date], [class*=date-publish], [class*=post-date], [class*=news-date]",
        "[class*=ngay-dang]",
        "article time[datetime]",
    ),
    "updated": ("[itemprop=dateModified]",),
    "lead": ("[class*=sapo], [id*=sapo], [class*=tom-tat], [class*=tomtat], [class*=news-summary]",),
    "body": ("[itemprop=articleBody]",),
    "author": ("[itemprop=author] [itemprop=name]", "[class*=tac-gia], [class*=author-name]"),
    "caption": ("figcaption", ".wp-caption-text"),
    "tags": ("a[rel=tag]", "[class*=news-tags] a, [class*=article-tags] a"),
    "section": ("[class*=breadcrumb] a", "[id*=breadcrumb] a"),
    "list_link": (
        "h2[class*=title] a, h3[class*=title] a, [class*=news-title] a, a[class*=news-title]",
        "[class*=list] h2 a, [class*=list] h3 a, [class*=list] h4 a, [class*=news] h3 a",
    ),
    "list_date": ("time", "[class*=date], [class*=ngay]"),
    "next_page": ("a[rel=next]", "li.next a, a.next, li.active + li a"),
    "article_url": (r"-\d{3,}(\.html?|\.aspx)?$", r"[?&](nid|newsid|idnews|articleid|tc|p)=\d+"),
    "list_url": (r"[?&](page|p|start|pageindex)=\d+$", r"/(page|trang)[-/]\d+/?$"),
    "ignore_url": (r"/(login|dang-nhap|register|dang-ky|rss|feed|sitemap|so-do-cong|wp-admin|administrator)(/|\.|$)",),
}
