"""What does a look at a site find, before it is a source, and how would it be read by other lines?"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from crawler import process
from crawler.mend import with_selector, written
from crawler.profiles import PROFILES, named, overrides
from crawler.replica.content import many
from crawler.replica.server import Fault, Replica, serve
from indexer.errors import KhotinError
from indexer.store import open_store, previews
from indexer.store.previews import Looked, Preview

SHOWN = many(8)


def look(
    home: Path, replica: Replica, trial: Mapping[str, Any] | None = None, number: int = 0, **settings: Any
) -> tuple[dict[str, Any], Preview, list[Looked]]:
    """One look as the worker makes it: what the process said, what is kept of it, and its pages."""
    store = open_store(home, create=True)
    with store.write() as connection:
        number = number or previews.add(connection, "lan", {"address": replica.url, "delay_seconds": 0.0, **settings})
        if trial is not None:
            previews.change(connection, number, trial=dict(trial))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHOTIN_RESOLVE", replica.resolve)
        said = process.preview(home, number, trial is not None, lambda event: None)
    with store.read() as connection:
        kept, pages = previews.get(connection, number), previews.pages(connection, number)
    store.close()
    assert kept
    return said, kept, pages


def test_three_articles_are_told_field_by_field_and_a_missing_date_is_mended_by_a_selector(tmp_path: Path) -> None:
    with serve(shown=SHOWN, bad_habits=["date_below"]) as replica:
        said, kept, pages = look(tmp_path, replica)
        told = kept.report
        assert said == {} and told["profile"] == "drupal" and told["certificate"] == "none"
        assert [each.place for each in pages] == [0, 1, 2, 3] and pages[0].address == replica.url
        assert len(told["pages"]) == 3
        for each in told["pages"]:
            assert each["title"] and each["words"] > 20 and each["body"] and each["kind"] == "article"
            assert (each["published"], each["missing"]) == ("", ["date"])
        wish = {"field": "date", "selector": "p.dong-luu .luc"}
        asked = len(replica.log)
        said, kept, _ = look(tmp_path, replica, wish, kept.id)
        assert len(replica.log) == asked, "what was kept is read again without network"
    assert said == {}
    for each in kept.trial["report"]["pages"]:
        assert each["published"] and each["date_source"] == "pointed" and each["missing"] == []
        assert each["found_by"]["date"] == "p.dong-luu .luc"
    assert kept.report["pages"][0]["published"] == "", "what was found before stays until the mend is kept"
    assert overrides(kept.trial["lines"])["date"][0] == "p.dong-luu .luc"


@pytest.mark.parametrize(
    ("settings", "faults", "message"),
    [
        ({"allow_private": False, "address": "http://127.0.0.1:9/"}, {}, "private network"),
        ({"address": "http://khong-co.invalid/"}, {}, "no host named"),
        ({}, {"/": Fault("status", 403)}, "answered"),
        ({}, {"/": Fault("broken_pdf")}, "no web page"),
        ({"overrides": "title = ["}, {}, "not TOML"),
    ],
)
def test_a_look_that_fails_says_why_in_a_sentence(
    tmp_path: Path, settings: dict[str, Any], faults: dict[str, Fault], message: str
) -> None:
    with serve(shown=SHOWN[:1], faults={**faults, "/robots.txt": Fault("status", 404)}) as replica:
        said, kept, pages = look(tmp_path, replica, **settings)
    assert message in said["problem"] and message in said["cause"]["message"]
    assert (kept.report, pages) == ({}, [])


def test_a_selector_goes_before_those_of_the_profile_and_other_lines_stay() -> None:
    drupal = next(each for each in PROFILES if each.name == "drupal")
    lines = with_selector(drupal, 'author = ["p.ky"]', "title", 'h2[class="tiêu đề"]')
    assert overrides(lines) == {"author": ("p.ky",), "title": ('h2[class="tiêu đề"]', *drupal.title)}
    again = with_selector(drupal, lines, "title", "h1.page-title")
    assert overrides(again)["title"] == ("h1.page-title", 'h2[class="tiêu đề"]', *drupal.title[1:])
    assert named("drupal", lines).own == ('h2[class="tiêu đề"]', "p.ky")
    assert with_selector(drupal, written({"date": ["p.d"]}), "list", "li.tin a").startswith("date = ")
    with pytest.raises(KhotinError, match="not TOML"):
        overrides("x = " + "[" * 9000)
    for field, selector in (("price", "p"), ("title", "p[")):
        with pytest.raises(KhotinError):
            overrides(with_selector(drupal, "", field, selector))
