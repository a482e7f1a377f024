"""Does an alarm ring once for a cause, and end with it?"""

from indexer import alarms
from indexer.store import Store


def test_a_cause_rings_once_until_it_is_over(store: Store) -> None:
    with store.write() as connection:
        assert alarms.ring(connection, "quiet source 1", "No new article for %(days)s days.", days=9)
        assert not alarms.ring(connection, "quiet source 1", "No new article for %(days)s days.", days=10)
        assert alarms.ring(connection, "disk", "The disk is nearly full.")
    with store.write() as connection:
        told = [(each.cause, each.values) for each in alarms.ringing(connection)]
        assert told == [("quiet source 1", {"days": 10}), ("disk", {})]
        assert alarms.calm(connection, "quiet source 1")
        assert not alarms.calm(connection, "quiet source 1")
        assert [each.cause for each in alarms.ringing(connection)] == ["disk"]
        assert alarms.ring(connection, "quiet source 1", "No new article for %(days)s days.", days=8)
