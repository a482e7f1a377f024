"""How does an admin look at a site before it becomes a source?  An address, a short job, three articles, a name."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from flask import Response, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from werkzeug.utils import redirect

from indexer import access, jobs
from indexer.jobs import Job
from indexer.store import previews, sources
from indexer.store.previews import Looked, Preview
from indexer.store.sources import Source
from web import certificates, keeper, support
from web.admin import admin
from web.admin_sources import ONE, need_source
from web.api import LARGEST
from web.person import me
from web.shelf import shelf
from web.source_settings import KEPT, NAME, PROFILES, read_settings, typed_of
from web.visitor import translate

# Fields of the form of a look; boxes that are not ticked are not sent.
ASKED = ("address", "allow_private", "legacy_tls", "delay_seconds")
LOOK = f"/previews/<int(max={LARGEST}):preview>"
# What the command line is told to type, said for whoever sees buttons.
BY_BUTTONS = {
    "%(host)s leads into a private network. If it is one of your own, allow it: add the source with --allow-private.": (
        "%(host)s leads into a private network. If that is your own network, tick “The site is inside our own network” "
        "below and look again."
    ),
    "The certificate of %(host)s cannot be traced to an authority: the site sends an incomplete chain. Save the "
    "missing certificates to a file and name it with: khotin source edit NAME --ca-file FILE": (
        "The certificate of %(host)s cannot be traced to an authority: the site sends an incomplete chain. Ask its "
        "owner for the missing certificates, or an engineer, and paste them below under “If the secure connection "
        "fails”."
    ),
    "The certificate of %(host)s is signed by nobody whom this machine trusts. If it is right, save it to a file and "
    "name it with: khotin source edit NAME --ca-file FILE": (
        "The certificate of %(host)s is signed by nobody whom this machine trusts. If its owner says that it is right, "
        "paste it below under “If the secure connection fails”."
    ),
    "%(host)s speaks only old TLS (%(reason)s). If it must be, allow it for this source: khotin source edit NAME "
    "--legacy-tls": (
        "%(host)s speaks only old TLS. If it must be, tick “Accept old and weak encryption” below under “If the secure "
        "connection fails” and look again."
    ),
    "It leads to another site: %(target)s": (
        "This address leads on to another site: %(target)s. Write that address below and look again."
    ),
    "The site's robots.txt asks us not to fetch %(address)s.": (
        "The site's robots.txt asks programs not to fetch %(address)s, and Khotin keeps to that. Ask the site's owner "
        "to let Khotin in."
    ),
    "The site answered %(status)s.": (
        "The site answered with the error %(status)s. See whether the address opens in your browser; mend it below, or "
        "look again later."
    ),
    "It is no web page but “%(type)s”.": (
        "This address leads to no web page but to a file (“%(type)s”). Write the address of the start page."
    ),
}


class Shown(NamedTuple):
    """A look with its job and pages."""

    preview: Preview
    job: Job | None
    pages: list[Looked]
    source: Source | None

    @property
    def is_open(self) -> bool:
        return self.job is not None and self.job.state in (*jobs.OPEN, "interrupted")

    @property
    def cause(self) -> Mapping[str, Any]:
        """Why the last job failed, in parts."""
        failed = self.job if self.job and self.job.state == "failed" else None
        return (failed.report.get("cause") or {"message": failed.problem}) if failed else {}


def said(cause: Mapping[str, Any]) -> str:
    """A failure as a sentence for whoever sees buttons."""
    message = str(cause.get("message", ""))
    return translate(BY_BUTTONS.get(message, message), **cause.get("values", {}))


def need_look(connection: Connection, number: int) -> Shown:
    found = previews.get(connection, number)
    if found is None:
        abort(404)
    job = jobs.get(connection, found.job_id) if found.job_id else None
    known = (each for each in sources.every(connection) if each.id == found.source_id)
    return Shown(found, job, previews.pages(connection, number), next(known, None))


def ask_to_look(connection: Connection, number: int, trial: bool = False) -> None:
    """A short job for a look. It names no source, so that two looks at one are two jobs."""
    arguments = {"preview": number, **({"trial": True} if trial else {})}
    previews.change(connection, number, job_id=jobs.ask(connection, "preview", me(), "short", arguments=arguments))


@admin.route("/sources/new", methods=["GET", "POST"])
def source_new() -> ResponseReturnValue:
    typed = request.form.to_dict()
    if request.method == "GET":
        typed = {"keep_images": "1", "address": request.args.get("address", "")}
        return render_template("admin/source_new.html", typed=typed, mistakes={}, profiles=PROFILES)
    values, mistakes = read_look(typed, {"keep_images": True})
    if mistakes:
        return render_template("admin/source_new.html", typed=typed, mistakes=mistakes, profiles=PROFILES), 400
    with shelf().store.write() as connection:
        number = previews.add(connection, me(), values)
        ask_to_look(connection, number)
    return redirect(url_for("admin.preview", preview=number))


def read_look(typed: Mapping[str, str], before: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What is typed for a look, and pasted certificates kept as a file; what was not asked stays as it was."""
    values, mistakes = read_settings(typed)
    values |= {name: before[name] for name in KEPT if name in before and name not in typed and name not in ASKED}
    values["ca_file"], wrong = certificates.take(shelf().settings.home, typed, str(before.get("ca_file", "")))
    return values, mistakes | wrong


@admin.post(f"{ONE}/preview")
def source_look(number: int) -> ResponseReturnValue:
    """Look at a source again, with what is set for it."""
    with shelf().store.write() as connection:
        found = need_source(connection, number)
        made = previews.add(connection, me(), {name: getattr(found, name) for name in KEPT}, number)
        ask_to_look(connection, made)
    return redirect(url_for("admin.preview", preview=made))


@admin.get(LOOK)
def preview(preview: int) -> ResponseReturnValue:
    return look_page(preview, None, {})


def look_page(number: int, typed: Mapping[str, str] | None, mistakes: Mapping[str, str]) -> str:
    with shelf().store.read() as connection:
        shown = need_look(connection, number)
    settings = shown.preview.settings
    return render_template(
        "admin/preview.html",
        shown=shown,
        look=shown.preview,
        typed=typed or typed_of(settings) | {"name": plain_name(str(settings.get("address", "")))},
        mistakes=mistakes,
        problem=said(shown.cause) if shown.cause else "",
        held=certificates.kept(shelf().settings.home, str(settings.get("ca_file", ""))),
    )


def plain_name(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")


@admin.post(f"{LOOK}/again")
def look_again(preview: int) -> ResponseReturnValue:
    typed = request.form.to_dict()
    with shelf().store.read() as connection:
        before = need_look(connection, preview).preview.settings
    values, mistakes = read_look(typed, before)
    if mistakes:
        return look_page(preview, typed_of(before) | typed, mistakes), 400
    with shelf().store.write() as connection:
        previews.change(connection, preview, settings={**before, **values}, report={}, trial={})
        ask_to_look(connection, preview)
    return redirect(url_for("admin.preview", preview=preview))


@admin.post(f"{LOOK}/add")
def look_added(preview: int) -> ResponseReturnValue:
    """Make the site a source, as it was looked at."""
    name = request.form.get("name", "").strip()
    with shelf().store.write() as connection:
        shown = need_look(connection, preview)
        settings = shown.preview.settings
        whose = chosen(connection, request.form.get("department", ""))
        mistakes = name_mistakes(connection, name)
        if not shown.preview.report or shown.source:
            abort(400)
        if not mistakes:
            kept = {key: settings[key] for key in KEPT if key in settings}
            made = sources.add(connection, name, department_id=whose, **kept)
            previews.change(connection, preview, source_id=made.id)
            access.decide(
                connection, me(), "add source", f"source {name}", str(settings["address"]), after=dict(settings)
            )
    if mistakes:
        return look_page(preview, typed_of(settings) | {"name": name}, mistakes), 400
    flash(translate("Source “%(name)s” was added. Crawl it now, or give it a schedule.", name=name))
    return redirect(url_for("admin.source", number=made.id))


def chosen(connection: Connection, short: str) -> int | None:
    """The number of the department that is chosen for a source: none only by who looks after the whole archive."""
    mine = {each.short: each.id for each in keeper.own(connection)}
    if short in mine:
        return mine[short]
    if short or keeper.reach() is not None:
        abort(400)
    return None


def name_mistakes(connection: Connection, name: str) -> dict[str, str]:
    if not NAME.fullmatch(name):
        return {"name": translate("Use letters, digits, spaces, dots and hyphens; begin with a letter or a digit.")}
    known, watched = sources.find(connection, name, removed=True), keeper.reach()
    taken = known and (known.removed_at is None or (watched is not None and known.id not in watched))
    if taken:  # a removed source comes back under its name, but only to who looked after it
        return {"name": translate("There is already a source named “%(name)s”. Choose another name.", name=name)}
    return {}


@admin.get(f"{LOOK}/support")
def look_support(preview: int) -> ResponseReturnValue:
    """All that an engineer needs to mend how the site is read, and nothing else."""
    with shelf().store.read() as connection:
        shown = need_look(connection, preview)
    packed = support.package(shown.preview.settings, shown.preview.report, shown.pages, shown.cause)
    name = f"khotin-{plain_name(str(shown.preview.settings.get('address', '')))}.zip"
    answered = Response(packed, mimetype="application/zip")
    safe = "".join(each if each.isascii() and (each.isalnum() or each in "-.") else "-" for each in name)
    answered.headers["Content-Disposition"] = f"attachment; filename={safe}"
    return answered
