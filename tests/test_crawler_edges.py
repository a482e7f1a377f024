"""Are articles at the edge of what editors write taken whole?  Twenty-five pages over HTTP, crawled once."""

from pathlib import Path

from crawler.replica.edges import EDGES, HOST, Edge
from crawler.replica.server import serve
from indexer import clock
from indexer.article import Article
from tests.conftest import add_site, kept_articles, one_round

WITHOUT_TEXT = {"rong"}  # a title alone is no article


def test_every_article_at_the_edge_is_taken_as_it_was_meant(tmp_path: Path) -> None:
    with serve(host=HOST) as replica:
        add_site(tmp_path / "data", replica)
        report = one_round(tmp_path / "data", replica)
    assert (report["state"], report["failed"], report["profile"]) == ("done", 0, "generic")
    taken = {each.article.address.rpartition("/")[2]: each.article for each in kept_articles(tmp_path / "data")}
    meant = {f"{each.name}-{each.number}.html": each for each in EDGES if each.name not in WITHOUT_TEXT}
    assert sorted(taken) == sorted(meant)
    wrong = {page: differing(taken[page], edge) for page, edge in meant.items()}
    assert {page: told for page, told in wrong.items() if told} == {}


def differing(got: Article, edge: Edge) -> dict[str, tuple[object, object]]:
    """The fields that differ from what was meant, as (taken, meant)."""
    day = f"{got.published.astimezone(clock.VIETNAM):%d/%m/%Y}" if got.published else ""
    author, _, unit = edge.author.partition(" - ")
    fields: dict[str, tuple[object, object]] = {
        "title": (got.title, edge.title),
        "text": (tuple(filter(None, (got.lead, *got.body.split("\n")))), edge.meant),
        "author": (got.author, author),
        "unit": (got.unit, unit),
        "captions": (got.captions, edge.captions),
        "files": (tuple(each.name for each in got.attachments), edge.files),
        "date": (day, edge.day),
        "language": (got.language, "vi"),
    }
    return {name: pair for name, pair in fields.items() if pair[0] != pair[1]}
