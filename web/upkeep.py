"""How is the machinery doing?  The doctor's findings, the monthly check, backups, and what is forgotten when."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect

from indexer import access, backup, fixity, jobs
from indexer.upkeep import LANE
from web.person import me
from web.shelf import shelf
from web.visitor import translate

upkeep = Blueprint("upkeep", __name__, url_prefix="/admin/upkeep")

# What an admin may ask for, and how the log of decisions calls it.
ASKED = {"doctor": "examine", "fixity": "check all records", "backup": "make a backup"}
BACKUPS_SHOWN = 10


class Copy(NamedTuple):
    """A backup that lies in the folder."""

    name: str
    megabytes: float
    made_at: datetime


@upkeep.get("", strict_slashes=False)
def page() -> ResponseReturnValue:
    here = shelf()
    with here.store.read() as connection:
        examined = jobs.last_done(connection, "doctor")
        last, now = fixity.last_ended(connection), fixity.under_way(connection)
        open_kinds = {job.kind: job.id for job in jobs.unfinished(connection)}
    copies = copies_in(here.settings.backup_folder)
    return render_template(
        "admin/upkeep.html", examined=examined, findings=findings(examined), last=last, now=now, copies=copies,
        open_kinds=open_kinds,
    )  # fmt: skip


def findings(examined: jobs.Job | None) -> list[dict[str, Any]]:
    """What the doctor found last, in the reader's language; what is broken comes first."""
    kept = examined.report.get("findings", []) if examined else []
    order = ("broken", "look", "fine")
    return [told(each) for each in sorted(kept, key=lambda each: order.index(each["verdict"]))]


def told(each: dict[str, Any]) -> dict[str, Any]:
    values = dict(each["values"])
    if values.get("problem"):
        values["problem"] = translate(values["problem"])
    advice = translate(each["advice"], **values) if each["advice"] else ""
    sentence = translate(each["message"], **values)
    return {"check": translate(each["check"]), "verdict": each["verdict"], "sentence": sentence, "advice": advice}


def copies_in(folder: str) -> list[Copy]:
    """The newest backups first; none when the folder cannot be read."""
    if not folder:
        return []
    found = []
    for each in reversed(backup.made_in(Path(folder))):
        try:
            stat = each.stat()
        except OSError:
            continue
        found.append(Copy(each.name, stat.st_size / 1e6, datetime.fromtimestamp(stat.st_mtime, UTC)))
    return found[:BACKUPS_SHOWN]


@upkeep.post("/ask")
def ask() -> ResponseReturnValue:
    """Ask the worker for one of these; one at a time is enough."""
    kind = request.form.get("kind", "")
    if kind not in ASKED or (kind == "backup" and not shelf().settings.backup_folder):
        abort(400)
    with shelf().store.write() as connection:
        if jobs.ask_once(connection, kind, me(), LANE):
            access.decide(connection, me(), ASKED[kind], "upkeep")
    flash(translate("It was asked for; a worker does it within a moment. Load this page again to see what it found."))
    return redirect(url_for("upkeep.page"))
