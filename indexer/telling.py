"""Which troubles are admins to be told of by letter?  Each cause once when it begins, and once when it is over."""

from sqlalchemy import Connection

from indexer import alarms
from indexer.store import Store, letters, mailboxes
from indexer.store.belonging import rings_for
from indexer.store.departments import reach_of


def is_due(connection: Connection) -> bool:
    """Whether there is something to tell, and somebody to tell it to; what cannot be told yet waits."""
    return any(alarms.untold(connection)) and bool(mailboxes.for_notices(connection))


def write(store: Store) -> None:
    """Put the letters down and note their troubles as told, in one: so nothing is told twice, and nothing is lost."""
    with store.write() as connection:
        begun, ended = alarms.untold(connection)
        people = mailboxes.for_notices(connection)
        if not people or not (begun or ended):
            return
        for account_id in people:
            reach = reach_of(connection, account_id)
            ours = {name: [each.id for each in part if rings_for(connection, each.cause, reach)]
                    for name, part in (("begun", begun), ("ended", ended))}  # fmt: skip
            if any(ours.values()):
                letters.write(connection, "notice", account_id, ours)
        alarms.note_told(connection, begun, ended)
