"""Does one page have one address, and are traps seen?"""

import pytest

from crawler.addresses import file_of, looks_like_trap, print_of
from indexer.canonical import canonical

SITE = "https://soxd.example.vn"


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("HTTPS://SoXD.Example.VN:443/Tin-Tuc#top", f"{SITE}/Tin-Tuc"),
        (SITE, f"{SITE}/"),
        (f"{SITE}/a?utm_source=x&b=2&a=1&fbclid=z", f"{SITE}/a?a=1&b=2"),
        (f"{SITE}/a;jsessionid=0A1B?x=1", f"{SITE}/a?x=1"),
        (f"{SITE}/(S(abc123))/a", f"{SITE}/a"),
        (f"{SITE}/(A(x1)F(y2))/a", f"{SITE}/a"),
        (f"{SITE}/a;phpsessid=0A1B", f"{SITE}/a"),
        (f"{SITE}/a?s=0123456789abcdef0123456789abcdef&t=1&sessionid=7", f"{SITE}/a?t=1"),
        (f"{SITE}/a?p_p_id=101&p_p_lifecycle=0&redirect=%2Fx", f"{SITE}/a"),
        (f"{SITE}/v%c3%a2%cc%a3t", f"{SITE}/v%C3%A2%CC%A3t"),
        (f"{SITE}/vật liệu", f"{SITE}/v%E1%BA%ADt%20li%E1%BB%87u"),
        (f"{SITE}/%7Etin/%2Fa", f"{SITE}/~tin/%2Fa"),
        (f"{SITE}/tin-tuc?page=0", f"{SITE}/tin-tuc"),
        (f"{SITE}/tin-tuc?page=2", f"{SITE}/tin-tuc?page=2"),
        (f"{SITE}:8080/a", f"{SITE}:8080/a"),
        ("mailto:a@b.vn", ""),
        ("javascript:void(0)", ""),
        ("http://[broken", ""),
        ("", ""),
    ],
)
def test_an_address_has_one_spelling(address: str, expected: str) -> None:
    assert canonical(address) == expected
    assert canonical(expected) == expected


def test_links_are_read_relative_to_their_page() -> None:
    assert canonical("../b?x=1", f"{SITE}/vi/tin/a") == f"{SITE}/vi/b?x=1"
    assert canonical("?page=3", f"{SITE}/tin-tuc?page=2") == f"{SITE}/tin-tuc?page=3"
    assert canonical("//other.vn/a", f"{SITE}/") == "https://other.vn/a"


def test_a_profile_names_the_query_keys_that_count() -> None:
    assert canonical(f"{SITE}/?tc=22380&gd=1&x=9", query_keep=("gd", "tc")) == f"{SITE}/?gd=1&tc=22380"


@pytest.mark.parametrize(
    ("path", "article"),
    [
        ("/node/12/printable/print", "/node/12"),
        ("/index.php/vi/node/12/printable/print", "/index.php/vi/node/12"),
        ("/print/pdf/node/12", "/node/12"),
        ("/print/node/12", "/node/12"),
        ("/node/12", None),
        ("/tong-ket", None),
    ],
)
def test_a_print_view_leads_to_its_article(path: str, article: str | None) -> None:
    assert print_of(SITE + path) == (SITE + article if article else None)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/lich-cong-tac?d=2024-01-30", "calendar"),
        ("/tin?date=2024-01-30", "calendar"),
        ("/search/node?keys=x", "search page"),
        ("/tim-kiem", "search page"),
        ("/tin-tuc?sort=asc", "sorted list"),
        ("/news/sendmail/12", "mail or vote form"),
        ("/a/b/a/b/a", "repeated segments"),
        ("/en/vi/en/vi/tin", "repeated segments"),
        ("/tin-tuc?page=99999", "page number too high"),
        ("/tin-tuc?start=99999", "page number too high"),
        ("/" + "x" * 1001, "address too long"),
    ],
)
def test_traps_are_named(path: str, reason: str) -> None:
    assert looks_like_trap(SITE + path) == reason


@pytest.mark.parametrize(
    "path", ["/", "/tin?page=12", "/tin?start=15000", "/term/7", "/index.php/vi/tong-ket", "/2024/01/a"]
)
def test_ordinary_addresses_are_no_traps(path: str) -> None:
    assert looks_like_trap(SITE + path, depth=3) is None


def test_endless_depth_is_a_trap() -> None:
    assert looks_like_trap(f"{SITE}/a", depth=10_000) == "too deep"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/sites/default/files/bang-gia.PDF", "/sites/default/files/bang-gia.PDF"),
        ("/viewer?file=/tai-lieu/a.docx", "/tai-lieu/a.docx"),
        ("/tong-ket", None),
        ("/anh.jpg", None),
    ],
)
def test_a_file_is_found_behind_its_link_or_viewer(path: str, shown: str | None) -> None:
    assert file_of(SITE + path) == (SITE + shown if shown else None)
