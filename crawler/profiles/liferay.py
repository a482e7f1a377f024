"""How is a Liferay site (6.x, 7.x) marked up?"""

from collections.abc import Mapping

LIFERAY: Mapping[str, object] = {
    "name": "liferay",
    "match_header": (r"^liferay-portal:",),
    "match_markup": (".journal-content-article", "#portlet_asset_publisher", '[href*="p_p_id="]'),
    "whole": (".asset-full-content",),
    # Never simply the first h1: it is often a menu's hidden heading.
    "title": ("h1.header-title", "#contentDetailTitleId", "h1.title-detail", ".asset-full-content .asset-title"),
    "date": (".asset-full-content .metadata-publish-date", ".publish-date", "#contentDetailTitleId ~ .date"),
    "lead": ("#sapoDetailId", ".sapo"),
    "body": ("#contentDetail", ".asset-content .journal-content-article", ".journal-content-article"),
    "remove": (
        ".assetmore", ".asset-user-actions", ".quick-access-nav", "#skip-to-content", "#banner", ".portlet-column-last",
        ".date-today", ".current-date", "#current_datetime",
    ),
    "caption": ("figcaption",),
    "attachment": ('a[href*="/documents/"]',),
    "tags": (".taglib-asset-tags-summary a",),
    "section": (".breadcrumb a",),
    "list_item": (".portlet-asset-publisher .asset-abstract",),
    "list_link": (
        '.portlet-asset-publisher a[href*="/-/"]', '.portlet-asset-publisher a[href*="/asset_publisher/"]',
    ),
    "list_date": (".metadata-publish-date", ".date"),
    "next_page": (
        "ul.lfr-pagination-buttons li:not(.disabled) a[href*=_cur]", "ul.pagination li.active + li a[href*=_cur]",
    ),
    "article_url": (r"/-/[^/]+", r"/asset_publisher/[^/]+/content/"),
    "list_url": (r"_cur=\d+",),
    "ignore_url": (r"[?&](viewMode|p_p_state)=", r"/c/(portal|document_library)/"),
    "query_keep": ("*_cur", "p_p_id", "p_p_lifecycle"),
    "json_list": ("loadPageURL",),
}  # fmt: skip
