"""How does the worker do the jobs that crawl, look at a site, or read kept pages again?"""

import time
from typing import Any

from indexer.leases import HELD_SECONDS
from indexer.store import articles, previews, sources
from indexer.worker import Desk, Outcome

# How long a host that died may still seem to hold a lease, and how often it is looked.
OUTLASTS_SECONDS, LOOK_SECONDS = HELD_SECONDS + 15, 5


def do_preview(desk: Desk) -> Outcome:
    """Look at a site for somebody who waits; or read what was fetched for that in another way."""
    from crawler.process import preview

    number = int(desk.job.arguments["preview"])
    with desk.store.write() as connection:
        previews.change(connection, number, job_id=desk.job.id)
    again = bool(desk.job.arguments.get("trial"))
    told = preview(desk.store.home, number, again, desk.progress, desk.must_end)
    state = "cancelled" if desk.must_end() else "failed" if told else "done"
    return Outcome(state, told, told.get("problem", ""))


def do_reread(desk: Desk) -> Outcome:
    """Read kept pages again, as the source's profile has them now: of one article, or all of a source."""
    from crawler.process import run

    number = desk.job.arguments.get("article")
    if number is None:
        return do_round(desk, replay=True)
    with desk.store.read() as connection:
        kept = articles.get(connection, number)
    if kept is None:
        return Outcome("failed", {}, "The article is not there any more.")
    options = {"replay": True, "article": number}
    report = run(desk.store.home, kept.source, options, lambda event: None, job=desk.job.id, must_end=desk.must_end)
    return Outcome(report["state"], report, report.get("problem", ""))


def do_round(desk: Desk, replay: bool = False) -> Outcome:
    """Crawl one source for the worker, passing on what the crawl tells."""
    from crawler.alarm import heed
    from crawler.process import run

    with desk.store.read() as connection:
        assert desk.job.source_id is not None
        name = sources.get(connection, desk.job.source_id).name

    def listen(event: dict[str, Any]) -> None:
        if event["kind"] == "line":
            desk.say(event["message"], event["values"], event["detail"])
        elif event["kind"] == "progress":
            desk.progress(event)

    asked = desk.job.arguments
    options = {key: asked.get(key) for key in ("max_pages", "full", "retry")} | {"replay": replay}
    options["goes_on"] = bool(asked.get("goes_on") or asked.get("resumes"))
    over = time.monotonic() + OUTLASTS_SECONDS
    while True:
        report = run(desk.store.home, name, options, listen, job=desk.job.id, must_end=desk.must_end)
        # the lease of a host that died lasts longer than its job: what goes on with that waits for its end
        if report["state"] != "joined" or not asked.get("resumes") or time.monotonic() > over or desk.must_end():
            break
        time.sleep(LOOK_SECONDS)
    heed(desk.store, desk.job.source_id, report)
    return Outcome(report["state"], report, report.get("problem", ""))
