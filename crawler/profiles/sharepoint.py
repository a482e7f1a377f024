"""How are SharePoint sites marked up?  The family of provinces ("tandan"), that of a ministry, and the others."""

from collections.abc import Mapping

REMOVED = (
    "#TurnOnAccessibility", "#TurnOffAccessibility", ".ms-SkiptoNavigation", ".ms-SkiptoMainContent", "noscript",
    "#s4-ribbonrow", "[id$=_label]", ".likebook", ".feedbackSend", ".linkadmin", ".social-share",
)  # fmt: skip
IGNORED = (r"/_layouts/", r"/(Pages|Trang)/(default|login)\.aspx", r"/_catalogs/")

SHAREPOINT_TD: Mapping[str, object] = {
    "name": "sharepoint-td",
    "refines": ("sharepoint",),
    "match_markup": (".tandan-p-article-news-title", ".tandan-title-view", ".channel-news-title", ".td-tags"),
    "whole": (".tandan-div-article",),
    "title": (".tandan-p-article-news-title", ".tandan-title-view"),
    "date": (".tandan-div-article .tandan-span-date-publish", ".tandan-span-date-publish", ".tandan-date-view"),
    "lead": (".tandan-p-article-news-summary",),
    "body": (
        ".tandan-p-article-news-content", ".tandan-p-article-main", ".tandan-content-view", ".ms-rtestate-field",
    ),
    "remove": (".tandan-div-article-other", ".td-right-zone", ".td-footer", ".td-header", ".tandan-print", *REMOVED),
    "caption": ("figcaption",),
    "attachment": (".attachments a[href]", '[href*="/Attachments/"]'),
    "tags": (".td-tags a",),
    "section": (".breadcrumb a", "[id*=SiteMapPath] a"),
    "list_item": (".channel-news-item",),
    "list_link": (".channel-news-title a",),
    "list_date": (".tandan-span-date-publish", ".date"),
    "next_page": (".pagination .current + a", ".pagination .active + a"),
    "article_url": (r"/(Pages|Trang)/\d{4}-\d{1,2}-\d{1,2}/[^/]+\.aspx$",),
    "list_url": (r"[?&]PageIndex=\d+",),
    "ignore_url": (*IGNORED, r"/print\.aspx"),
    "query_keep": ("PageIndex", "p"),
}  # fmt: skip

SHAREPOINT_MOC: Mapping[str, object] = {
    "name": "sharepoint-moc",
    "refines": ("sharepoint",),
    "match_markup": ("#divArticleDescription2", "#divArticleDescription3", "#MSO_ContentTable .list-news a.title-news"),
    "title": ("#divArticleDescription3 h1", "#news-title", "#txtTitle"),
    "date": ("[id$=_pnHide] span", "#txtDateString", "#publish-date em"),
    "lead": ("#divArticleDescription1", "#news-des", "#idTomTat"),
    "body": ("#divArticleDescription2", "#news-detail", "#divArticleContent", "#divNewsDetails", "#contenttin"),
    "remove": (".other-news", ".box-right", ".footer-moc", ".top-moc", *REMOVED),
    "author": ("[id$=_pnNguontin] p",),
    "caption": ("figcaption",),
    "attachment": (".attachments a[href]", '[href*="/Attachments/"]'),
    "section": (".breadcrumb a",),
    "list_item": ("ul.list-news > li",),
    "list_link": ("a.title-news", ".list-news a"),
    "list_date": (".date",),
    "next_page": (".page-number .current + a", ".page-number .active + a"),
    "article_url": (r"/tin-tuc/\d+/\d+/[^/]+\.aspx$", r"[?&](IDNews|nid|ItemID)=\d+"),
    "list_url": (r"/chuyen-muc/\d+/", r"[?&](page|ChuyenmucID)=\d+"),
    "ignore_url": IGNORED,
    "query_keep": ("page", "IDNews", "ChuyenmucID", "nid", "ItemID", "EventID"),
}

SHAREPOINT: Mapping[str, object] = {
    "name": "sharepoint",
    "match_generator": (r"Microsoft SharePoint",),
    "match_header": (r"^(microsoftsharepointteamservices|sprequestguid):",),
    "match_markup": ("#s4-bodyContainer", ".ms-rtestate-field"),
    "title": ("#news-title", "#txtTitle", ".news-title h1", "#DeltaPlaceHolderPageTitleInTitleArea"),
    "date": ("#txtDateString", "#publish-date", ".news-date", "[id$=_lblDate]"),
    "lead": ("#news-des", "#idTomTat", ".news-summary"),
    "body": ("#news-detail", "#divArticleContent", "#divNewsDetails", "#contenttin", ".ms-rtestate-field"),
    "remove": (".other-news", *REMOVED),
    "author": ("[id$=_pnNguontin] p",),
    "attachment": ('[href*="/Attachments/"]',),
    "section": (".breadcrumb a", "[id*=SiteMapPath] a"),
    "list_date": (".date",),
    "article_url": (r"[?&](nid|IdNews|ItemID|ID)=\d+",),
    "list_url": (r"[?&](Page|PageIndex|ChuyenMucID)=\d+",),
    "ignore_url": IGNORED,
    "query_keep": ("nid", "IdNews", "ItemID", "ID", "ChuyenMucID", "PageIndex", "page", "EventID"),
}
