"""How is a Drupal site (8, 9, 10) marked up?"""

from collections.abc import Mapping

DRUPAL: Mapping[str, object] = {
    "name": "drupal",
    "match_generator": (r"^Drupal \d+",),
    "match_header": (r"^x-generator: Drupal", r"^x-drupal-"),
    "match_markup": (
        'script[data-drupal-selector="drupal-settings-json"]',
        '[src*="/sites/default/files/"], [href*="/sites/default/files/"]',
    ),
    "whole": ("article.node--view-mode-full", "article.node.full", ".path-node article[role=article][about]"),
    "title": (
        "h1.page-title",
        "h1.page-header",
        "[id^=block-][id$=page-title] h1",
        "article.node--view-mode-full .field--name-title",
    ),
    "date": (
        'article [property="schema:dateCreated"][content]',
        "article .node__submitted time",
        "article .field--name-created",
        "article time[datetime]",
        "article .node__submitted",
        "article .node__meta",
        "article .post-created",
    ),
    "updated": ('article [property="schema:dateModified"][content]', "article .field--name-changed"),
    "lead": (
        "article [class*=field--name-field-][class*=summary]",
        "article [class*=field--name-field-][class*=sapo]",
        "article [class*=field--name-field-][class*=lead]",
        "article [class*=field--name-field-][class*=tom-tat]",
        "article [class*=field--name-field-][class*=mo-ta]",
    ),
    "body": (".node__content .field--name-body", "article .field--name-body", ".field--name-body"),
    "remove": (".block-views", ".links", ".contextual", ".block-block-content", ".node--view-mode-teaser"),
    "author": (
        "article [class*=field--name-field-][class*=tac-gia]",
        "article [class*=field--name-field-][class*=author]",
    ),
    "caption": ("figure > figcaption",),
    "attachment": (
        "span.file a[href]",
        "[class*=field--name-field-][class*=file] a[href]",
        "[class*=field--name-field-][class*=tep] a[href]",
        "[class*=field--name-field-][class*=attach] a[href]",
        "[class*=field--name-field-][class*=dinh-kem] a[href]",
    ),
    "tags": ("article .field--name-field-tags a",),
    "section": ("nav.breadcrumb a", ".breadcrumb a"),
    "list_item": (".view-content .views-row", "li.view-list-item", ".post-block", ".node--view-mode-teaser"),
    "list_link": (
        ".views-row a[rel=bookmark]",
        ".views-field-title a",
        ".post-block .post-title a",
        "h2.node__title a",
    ),
    "list_date": (
        "time[datetime]",
        ".post-created",
        ".views-field-created",
        ".field--name-created",
        ".node__submitted",
    ),
    "next_page": ("nav.pager li.pager__item--next a", "ul.pager li.pager-next a", "a[rel=next]"),
    "article_url": (r"/node/\d+$",),
    "print_url": (r"^(.*/node/\d+)$ -> \1/printable/print",),
    "list_url": (r"/taxonomy/term/\d+", r"[?&]page="),
    "ignore_url": (
        r"^(/index\.php)?(/[a-z]{2})?/(user|admin|search|contact|filter|comment|core|modules|themes|batch)(/|$|\?)",
        r"/node/(add|\d+/(edit|delete|revisions|translations))",
        r"/(rss|feed)(\.xml)?$",
        r"/sites/default/files/styles/",
    ),
    # A Drupal page is known by its path; only the pager and the raw form `?q=node/1` live in the query.
    "query_keep": ("page", "q"),
}
