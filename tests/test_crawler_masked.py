"""Is nothing kept of what pages tell of destroyed articles, and all else?"""

import pytest

from crawler.masked import masked

GONE, STAYS = "http://a.test/tin/7", "http://a.test/tin/8"


@pytest.mark.parametrize(
    ("page", "left"),
    [
        (
            '<li><h3><a href="/tin/7" title="Tên cũ">Tên cũ</a></h3><p>Trích.</p><i>5/1</i></li><li>Tin khác</li>',
            '<li><h3><a href="/tin/7" title="[...]">[...]</a></h3><p>[...]</p><i>[...]</i></li><li>Tin khác</li>',
        ),
        (
            f'<p>Theo <a href="{GONE}?utm_source=x">Tên cũ</a>, nay sửa.</p>',
            f'<p>Theo <a href="{GONE}?utm_source=x">[...]</a>, nay sửa.</p>',
        ),
        (
            f"<item><title>Tên cũ</title><link>{GONE}</link><description><![CDATA[Trích]]></description></item>",
            f"<item><title>[...]</title><link>{GONE}</link><description><![CDATA[[...]]]></description></item>",
        ),
        ('<a href="/tin/7"><img src="/a.jpg" alt="Tên cũ"></a><a href="/tin/8">Khác</a>', None),
        (f'<a href="{STAYS}">Tên khác</a> và chữ', f'<a href="{STAYS}">Tên khác</a> và chữ'),
        ("<a href=/tin/7>Tên cũ", "<a href=/tin/7>[...]"),
    ],
)
def test_links_and_their_teasers_lose_their_words(page: str, left: str | None) -> None:
    told = masked(page, "http://a.test/", lambda address: address == GONE)
    assert "Tên cũ" not in told
    assert "Trích" not in told
    assert left is None or told == left
