"""Does the cluster answer as the embedded engine does?  The same archive in both, asked the same, and written to."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.replica.content import articles as bundled
from indexer import access, build, clock, evaluate
from indexer.afar import finding
from indexer.afar.far import Far, FarView
from indexer.article import Article, Attachment, Kept
from indexer.engine import Engine
from indexer.engine.opensearch.engine import OpenSearchEngine
from indexer.engine.whoosh_index import WhooshEngine
from indexer.errors import KhotinError, NotNowError
from indexer.glossary import load
from indexer.harvest import START, harvest
from indexer.learn import learn
from indexer.query import Query
from indexer.search import Results, search
from indexer.searcher import searcher_of, visible
from indexer.store import Store, articles, departments, open_store, sources
from indexer.taking import batches, gather
from tests.cluster_questions import Asker
from tests.long import length
from tests.servers.opensearch import Cluster, settings_for
from web.app import create_app

pytestmark = pytest.mark.cluster

MADE = 700
# Whose pages must be the same to the last article; in longer answers the cluster chooses which are weighed.
WEIGHED_WHOLE = finding.WEIGHED
# How far the figures of the two engines may lie from each other.
FLOORS_APART = 0.01


@dataclass(frozen=True)
class Both:
    """One archive, and two engines that hold it."""

    store: Store
    here: Engine
    afar: Engine

    def update(self) -> None:
        build.update(self.store, self.here)
        build.update(self.store, self.afar)

    def ask(self, query: Query) -> tuple[Results | str, Results | str]:
        return self.asked(query, self.here), self.asked(query, self.afar)

    def asked(self, query: Query, engine: Engine) -> Results | str:
        """The answer, or the sentence with which it is refused; that the cluster is away is no answer."""
        try:
            return search(query, self.store, engine.reading(), load())
        except NotNowError:
            raise
        except KhotinError as refused:
            return refused.sentence("en")

    def numbers(self, query: Query) -> tuple[list[int], list[int]]:
        """Which articles are counted by each."""
        here, afar = (searcher_of(self.store, each.reading(), load()) for each in (self.here, self.afar))
        return here.numbers(query), afar.numbers(query)


def made(pick: random.Random, texts: list[Article], number: int) -> Article:
    """An article of our own, put together from those of the replica."""
    one, other = pick.sample(texts, 2)
    paragraphs = [*one.body.split("\n"), *other.body.split("\n")]
    files = (Attachment(f"https://a.example/{number}.pdf", "Phụ lục.pdf", text=pick.choice(paragraphs)),)
    return replace(
        one,
        address="",
        external_id=str(number),
        lead=other.lead,
        body="\n".join(pick.sample(paragraphs, min(4, len(paragraphs)))),
        author=pick.choice(("", "Hà An", "Minh Châu")),
        unit=pick.choice(("", "Phòng Quy hoạch", "Thanh tra Sở")),
        published=pick.choice((None, datetime(2019, 1, 1, tzinfo=UTC) + timedelta(days=pick.randrange(2700)))),
        attachments=files if pick.random() < 0.2 else (),
    )


def replica_articles() -> list[Article]:
    return [
        Article(
            f"https://a.example/{number}",
            title=each.title,
            lead=each.lead,
            body="\n".join(each.paragraphs),
            section=each.section,
            language="en" if each.language == "en" else "vi",
            published=each.published,
        )
        for number, each in enumerate(bundled())
    ]


@pytest.fixture(scope="module")
def both(opensearch: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    store = open_store(tmp_path_factory.mktemp("both") / "data", create=True)
    afar = OpenSearchEngine(settings_for(opensearch, store.home, opensearch_prefix="khotin-reading"), store)
    held = Both(store, WhooshEngine(store.index), afar)
    pick, texts = random.Random(3), replica_articles()
    with store.write() as connection:
        its = [sources.add(connection, name, f"http://{name}.replica.test/") for name in ("soxd", "soyte", "thanhtra")]
        for source in its[:2]:  # the third belongs to none
            department = departments.add(connection, f"so-{source.name}", f"Sở {source.name}")
            sources.change(connection, source.id, department_id=department.id)
        for number, each in enumerate([*texts, *(made(pick, texts, number) for number in range(MADE))]):
            articles.save(connection, its[number % 3].id, each, clock.now())
        for number in range(10, 1_000, 97):
            access.restrict(connection, number, "test", "not public")
    held.update()
    learn(store, held.here, held.here.columns())
    held.update()
    yield held
    store.close()


def kept(store: Store) -> list[Kept]:
    with store.read() as connection:
        return articles.after(connection, 0, 300)


def test_questions_of_every_kind_are_answered_alike(both: Both, capsys: pytest.CaptureFixture[str]) -> None:
    facets = search(Query(), both.store, both.here.reading(), load()).facets
    asker = Asker(kept(both.store), facets)
    count = length("CLUSTER_QUESTIONS", 300)
    told = Counter[str]()
    wrong = []
    for number, query in enumerate(asker.queries(count), start=1):
        for each in compared(both, query):
            told[each] += 1
            if each not in AGREEING:
                wrong.append(f"{each}: {query}")
        if number % 100 == 0:
            with capsys.disabled():
                print(f"\n{number} questions: {dict(told)}", *wrong, sep="\n")
    assert not wrong
    assert told["the same page"] > 0.9 * count


def compared(both: Both, query: Query) -> Iterator[str]:
    """In what the two answers differ, or agree."""
    here, afar = both.ask(query)
    if isinstance(here, str) or isinstance(afar, str):
        yield "refused alike" if here == afar else f"refused by one: {here} / {afar}"
        return
    for name, one, other in zip(COUNTED, counts(here), counts(afar), strict=True):
        if one != other:
            yield f"{name}: {one} / {other}"
    ours, theirs = both.numbers(query)
    if ours != theirs:
        yield f"hits: {sorted({*ours} ^ {*theirs})}"
    ordered = [hit.kept.id for hit in here.hits] == [hit.kept.id for hit in afar.hits]
    if ordered:
        yield "the same page"
    if here.total <= WEIGHED_WHOLE and all(hit.counted for hit in here.hits) and shown(here) != shown(afar):
        pairs = zip(shown(here), shown(afar), strict=True)
        yield f"shown: {next((one, other) for one, other in pairs if one != other)}"


COUNTED = ("total", "near", "facets", "timeline", "undated", "did you mean", "chips")
AGREEING = ("the same page", "refused alike")


def counts(results: Results) -> tuple[object, ...]:
    return (
        results.total,
        results.near_total,
        results.facets,
        results.timeline,
        results.undated,
        results.did_you_mean,
        results.interpretation,
    )


def shown(results: Results) -> list[tuple[object, ...]]:
    """What a page shows of each article; scores are added up in another order."""
    return [(hit.kept.id, pytest.approx(hit.score, abs=0.001), hit.passages) for hit in results.hits]


def test_judged_questions_are_answered_as_well(both: Both) -> None:
    """The titles of articles, without their accents or cut short, are to find them."""
    pick = random.Random(5)
    asker = Asker(kept(both.store), {}, seed=5)
    judged = []
    for each in pick.sample(kept(both.store), 60):
        words = each.article.title.split()
        text = " ".join(words[: pick.randint(3, 8)])
        judged.append(evaluate.Judged(str(each.id), pick.choice((text, asker.half(text))), {name_of(each): 1}))
    measured = []
    for engine in (both.here, both.afar):
        ranker = evaluate.ranker(both.store, engine.reading(), load())
        measured.append(evaluate.summary(evaluate.measure(judged, ranker)))
    here, afar = measured
    assert {name: afar[name] for name in here} == pytest.approx(here, abs=FLOORS_APART)


def name_of(each: Kept) -> str:
    return each.article.external_id or each.article.address


def test_pages_far_behind_hold_every_article_once(both: Both) -> None:
    query = Query(q="xây dựng", per_page=100)
    total = both.asked(query, both.afar)
    assert isinstance(total, Results)
    numbers = []
    for page in range(1, total.pages + 1):
        found = both.asked(query.changed(page=page), both.afar)
        assert isinstance(found, Results)
        numbers += [hit.kept.id for hit in found.hits if hit.counted]
    assert len(numbers) == len(set(numbers)) == total.total > finding.WEIGHED
    behind = both.asked(query.changed(page=total.pages + 5), both.afar)
    assert isinstance(behind, Results) and not behind.hits


@pytest.mark.parametrize("as_asked", [False, True], ids=["by number", "as asked"])
def test_what_is_taken_away_is_one_point_in_time(both: Both, as_asked: bool) -> None:
    query = Query(q="quy hoạch", sort="newest")
    ours = gather(query, both.store, both.here.reading(), load(), as_asked)
    taken = gather(query, both.store, both.afar.reading(), load(), as_asked)
    numbers = []
    for at, batch in enumerate(batches(taken, both.store)):
        if at < 3:
            write_some(both, f"Quy hoạch mới {as_asked} {at}")
        numbers += [each.id for each in batch.articles]
    assert numbers == ours.numbers


def test_a_cursor_gives_every_article_once_while_others_are_written(both: Both) -> None:
    query, cursor, numbers = Query(q="đất", per_page=50), START, list[int]()
    before, _ = both.numbers(query)
    while cursor:
        page = harvest(query, cursor, both.store, both.afar.reading(), load())
        numbers += [hit.kept.id for hit in page.results.hits]
        write_some(both, f"Đất mới {len(numbers)}")
        cursor = page.cursor or ""
    assert len(numbers) == len(set(numbers))
    assert set(before) <= set(numbers)
    assert page.changed


def write_some(both: Both, title: str) -> None:
    with both.store.write() as connection:
        source = sources.need(connection, "soxd").id
        articles.save(connection, source, Article("", title=title, external_id=title), clock.now())
    both.update()


def test_what_is_restricted_is_found_no_more_before_the_index_knows(both: Both) -> None:
    query = Query(q='"quy hoạch"', sort="newest")
    found = both.asked(query, both.afar)
    assert isinstance(found, Results)
    gone = found.hits[0].kept.id
    with both.store.write() as connection:
        access.restrict(connection, gone, "test", "not public")
    after = both.asked(query, both.afar)
    assert isinstance(after, Results)
    assert after.total == found.total - 1
    assert gone not in [hit.kept.id for hit in after.hits]
    assert sum(hits for _, hits, _ in after.timeline) == after.total
    both.update()


def test_more_may_be_hidden_than_a_server_takes_in_one_list(both: Both) -> None:
    far = both.afar.reading()
    assert isinstance(far, Far)
    some, more = frozenset(range(100_000, 300_000)), frozenset(range(200_000))
    assert (FarView(far, some, both.store).size, FarView(far, more, both.store).size) == (far.size, 0)


def test_what_needs_every_word_at_hand_says_that_it_cannot_be_answered(both: Both) -> None:
    far = both.afar.reading()
    for wanted in (
        lambda: far.ids,
        lambda: far.live,
        lambda: far.places("nhà"),
        lambda: visible(both.store, far).shown,
    ):
        with pytest.raises(NotNowError):
            wanted()


PAGES = (
    "/", "/search?q=xây+dựng", "/search?q=nha+o+xa+hoi&sort=newest&page=2", "/search?like=5", "/articles/5?q=xây",
    "/browse", "/browse/section", "/browse/new", "/browse/year", "/facets/place?q=xây", "/trends?q=xây",
    "/concordance?q=xây", "/export?q=hoạch&format=csv", "/documents/15/2021/NĐ-CP", "/feed.atom?q=xây", "/healthz",
    "/api/v1/search?q=quy+hoạch&cursor=*", "/api/v1/search?q=quy+hoạch&explain=1", "/api/v1/suggest?q=xay",
)  # fmt: skip
# What a cluster is not asked.
REFUSED = ("/search?like=5", "/concordance?q=xây")


def test_every_page_stands_on_a_cluster_or_says_that_it_cannot(both: Both) -> None:
    assert isinstance(both.afar, OpenSearchEngine)
    client = create_app(both.afar.settings, both.store, both.afar).test_client()
    found = {page: client.get(page).status_code for page in PAGES}
    assert found == {page: 503 if page in REFUSED else 200 for page in PAGES}


def test_a_cluster_that_lost_the_index_gives_no_half_answer(both: Both) -> None:
    far, state = both.afar.reading(), both.afar.state()
    assert isinstance(far, Far) and state
    lost = Far(far.cluster, "khotin-reading-none", state, "none")
    with pytest.raises(NotNowError):
        search(Query(q="nhà"), both.store, lost, load())
