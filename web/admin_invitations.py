"""How does an admin invite a reader?  By a link to pass on, or an e-mail with it."""

from flask import render_template, request
from flask.typing import ResponseReturnValue

from indexer import signed
from indexer.errors import KhotinError
from web.admin import admin, me
from web.inviting import address_of, invite
from web.post import can_send
from web.shelf import shelf
from web.visitor import language


@admin.get("/invitations")
def invitations() -> ResponseReturnValue:
    return invitations_page()


def invitations_page(typed: str = "", problem: str = "", link: str = "") -> str:
    mails = can_send(shelf().settings)
    return render_template("admin/invitations.html", typed=typed, problem=problem, link=link, mails=mails)


@admin.post("/invitations")
def invitation_new() -> ResponseReturnValue:
    """The link is shown once: only its secret is kept, and only to know whether it was used."""
    here, typed = shelf(), request.form.get("email", "").strip()
    spoken = request.form.get("language", language())
    try:
        nonce = invite(here.store, here.settings, me(), typed, spoken)
    except KhotinError as problem:
        return invitations_page(typed, problem.sentence(language())), 400
    token = signed.sign(here.store.home, "invite", nonce)
    return invitations_page(link=address_of(here.settings, token, request.url_root))
