"""What does an admin do when a site rests, moves to another address, or goes into another site?"""

from urllib.parse import urlsplit

from flask import flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, clock, jobs
from indexer.store import sources
from indexer.store.sources import Source
from web.admin import admin, mine
from web.admin_sources import ONE, need_source, source_page
from web.person import me
from web.shelf import shelf
from web.source_settings import is_web_address
from web.visitor import translate

FOREIGN = "This address belongs to another department. Ask an admin of the whole archive to move it."


@admin.post(f"{ONE}/pause")
def source_pause(number: int) -> ResponseReturnValue:
    """Let a source rest, or go on."""
    rest = request.form.get("do") == "rest"
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        if rest is (found.paused_at is None):
            paused = clock.now() if rest else None
            sources.change(connection, number, paused_at=paused)
            what = "pause source" if rest else "go on with source"
            access.decide(connection, me(), what, f"source {found.name}")
        if rest:
            stop_jobs(connection, number)
    if rest:
        flash(translate("The source rests from now on: neither schedules nor people crawl it until it goes on."))
    else:
        flash(translate("The source goes on. What its schedules missed is made up for once."))
    return redirect(url_for("admin.source", number=number))


def stop_jobs(connection: Connection, number: int) -> None:
    for job in jobs.unfinished(connection):
        if job.source_id == number and job.kind == "round":
            jobs.cancel(connection, job.id)


@admin.post(f"{ONE}/move")
def source_move(number: int) -> ResponseReturnValue:
    """The site has moved: crawl it at its new address, and know its articles by both."""
    address = request.form.get("moved_to", "").strip()
    if not is_web_address(address):
        sentence = translate("Write the whole web address, as in https://soxd.example.gov.vn/")
        return source_page(number, None, {"moved_to": sentence}, moved_to=address), 400
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        other = sources.of_host(connection, address)
        if other and other.id not in {each.id for each in mine(connection)}:
            return source_page(number, None, {"moved_to": translate(FOREIGN)}, moved_to=address), 400
        if other is None or other.id == number:
            moved(connection, found, address)
    if other is not None and other.id != number:
        return redirect(url_for("admin.source_merging", number=number, into=other.id))
    flash(translate("From now on the site is crawled at %(address)s; its old name is still known.", address=address))
    return redirect(url_for("admin.source", number=number))


def moved(connection: Connection, source: Source, address: str) -> None:
    hosts = with_hosts(source, urlsplit(source.address).netloc, leaving=urlsplit(address).netloc)
    after = {"address": address, "hosts": hosts}
    sources.change(connection, source.id, **after)
    before = {"address": source.address, "hosts": source.hosts}
    access.decide(connection, me(), "move source", f"source {source.name}", address, before, after)


def with_hosts(source: Source, *names: str, leaving: str = "") -> str:
    """The further hosts of a source and some more, each once; without the one that is its own now."""
    every = dict.fromkeys((*source.hosts.split(), *(each.lower() for each in names)))
    return " ".join(each for each in every if each and each != leaving.lower())


@admin.get(f"{ONE}/merge")
def source_merging(number: int) -> ResponseReturnValue:
    """Ask before one source goes into another."""
    with shelf().store.read() as connection:
        found = need_source(connection, number)
        other = need_source(connection, request.args.get("into", 0, type=int))
    return render_template("admin/source_merge.html", source=found, other=other)


@admin.post(f"{ONE}/merge")
def source_merge(number: int) -> ResponseReturnValue:
    """The site has gone into that of another source: that one crawls both names from now on."""
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        other = need_source(connection, request.form.get("into", 0, type=int))
        if other.id == number:
            return source_page(number, None, {}), 400
        hosts = with_hosts(other, urlsplit(found.address).netloc, *found.hosts.split())
        sources.change(connection, other.id, hosts=hosts)
        stop_jobs(connection, number)
        sources.remove(connection, number)
        said = f"into source {other.name}"
        before, after = {"hosts": other.hosts}, {"hosts": hosts}
        access.decide(connection, me(), "merge source", f"source {found.name}", said, before, after)
    told = {"name": found.name, "other": other.name}
    flash(translate("“%(name)s” is crawled no more; its site now belongs to “%(other)s”. Its articles stay.", **told))
    return redirect(url_for("admin.source", number=other.id))
