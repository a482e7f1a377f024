"""How is a NukeViet site (4.x) marked up?"""

from collections.abc import Mapping

NUKEVIET: Mapping[str, object] = {
    "name": "nukeviet",
    "match_generator": (r"^NukeViet\b",),
    "match_markup": ("#news-bodyhtml", 'a[href*="nv=news"]', 'script[src*="/assets/js/language/vi.js"]'),
    "whole": ('[itemtype$="schema.org/NewsArticle"]',),
    "title": ("h1[itemprop=headline]", ".news_column h1.title", ".detail_title h1"),
    # The hidden datePublished is filled with the edit time; the visible line is the publishing time.
    "date": (".news_column span.h5",),
    "updated": ("[itemprop=dateModified]",),
    "lead": (".hometext[itemprop=description]", "#hometext", ".hometext"),
    "body": ("#news-bodyhtml", "#bodytext", ".bodytext"),
    "remove": (".hidden", "#imgpreview", ".other-news", "form#form3B", ".alert", ".breadcrumbs", ".current-time"),
    "author": (".news_column p.h5.text-right", "#author"),
    "caption": ("figure.article figcaption", "figure figcaption"),
    "attachment": (".news-download-file .list-group-item a[download]", ".news-download-file a[href]"),
    "tags": (".keywords a[rel=dofollow]", ".keywords a"),
    "section": (".breadcrumbs a", ".temp-breadcrumbs a"),
    "list_item": (".news_column .panel-body",),
    "list_link": (".news_column .panel-body h2 a", ".news_column .panel-body h3 a", ".list-group > a"),
    "list_date": (".text-muted li",),
    "next_page": ("ul.pagination li.active + li a",),
    "article_url": (r"/[^/]+-\d+\.html$", r"[?&]op=[^&]*-\d+(?:\.html)?$"),
    "print_url": (r"^(.*/news)/([^/]+/[^/]+-\d+\.html)$ -> \1/print/\2",),
    "list_url": (r"/page-\d+/?$",),
    "ignore_url": (
        r"/(sendmail|savefile|users|contact|voting|statistics|feeds|seek|rss)(/|$)",
        r"[?&]nv=(users|contact|seek)",
    ),
    "query_keep": ("nv", "op", "language"),
}  # fmt: skip
