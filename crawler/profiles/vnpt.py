"""How is a site of the VNPT Portal (ASP.NET) marked up?"""

from collections.abc import Mapping

VNPT: Mapping[str, object] = {
    "name": "vnpt",
    "match_markup": ('[href*="/DesktopModule/UI"], [src*="/DesktopModule/UI"]', ".ArticleHeader ~ .ArticleContent"),
    "whole": (".ArticleDetail",),
    "title": (".ArticleHeader", ".PostTitle"),
    "date": (".ArticleDetail .PostDate", ".ArticleDate", ".ArticleHeader ~ .PostDate"),
    "lead": (".ArticleSummary",),
    "body": (".ArticleContent", ".PostContent", ".ArticleBody"),
    "remove": (".relate-news", ".MenuTop", ".MenuRight"),
    "caption": ("figcaption",),
    "attachment": (".ArticleContent a[href]", ".attachments a[href]"),
    "section": (".breadcrumb a", ".Breadcrumb a"),
    "list_item": (".UIListNews_Default .item", ".ArticleInMenu li", ".list-news .item"),
    "list_link": (".ArticleInMenu a", ".ArticleList .Title a", ".UIListNews_Default .item a", ".list-news .item a"),
    "list_date": (".PostDate", ".ArticleDate"),
    "article_url": (r"-\d{2,}(\.html)?$",),
    "ignore_url": (r"[?&]pageid=", r"Default\.aspx$", r"/(so-do-cong|dang-nhap|login)(/|$)", r"/DesktopModule/"),
    "query_keep": ("page",),
    "fragment": ("/DesktopModule/UIArticleInMenu/ArticleInMenuPagination.aspx/LoadArticle",),
}
