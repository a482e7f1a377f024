"""How is somebody invited to make an account?  By a link that works once, from an admin."""

from indexer import access
from indexer.errors import KhotinError
from indexer.settings import Settings
from indexer.speech import LANGUAGES
from indexer.store import Store, invitations, letters, mailboxes
from web.post import can_send


def invite(store: Store, settings: Settings, who: str, address: str = "", language: str = "vi") -> str:
    """A new invitation, also by letter where an address is given; the secret for its link. Raises KhotinError."""
    if settings.sign_up == "off":
        raise KhotinError("Nobody can make an account here yet. Set sign_up to invitation or open first.")
    if address and not can_send(settings):
        raise KhotinError("No e-mail can be sent: set smtp_host, mail_from and site_address first.")
    if language not in LANGUAGES:
        language = LANGUAGES[0]
    to = mailboxes.checked(address) if address else ""
    with store.write() as connection:
        nonce = invitations.add(connection, who)
        access.decide(connection, who, "invite", "account")
        if to:
            letters.write(connection, "invite", None, {"address": to, "language": language, "nonce": nonce})
    return nonce
