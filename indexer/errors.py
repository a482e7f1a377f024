"""What can go wrong that a person can mend: one base class whose message says what to do."""

from indexer.speech import tell


class KhotinError(Exception):
    """A sentence for the person in front of the screen, in English with ``%(name)s`` places.

    The sentence is a key of the message catalogue, so it can be told in Vietnamese as well.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message, values)
        self.message = message
        self.values = values

    def sentence(self, language: str | None = None) -> str:
        return tell({"message": self.message, "values": self.values}, language)

    def __str__(self) -> str:
        return self.sentence()


class NotNowError(KhotinError):
    """Nothing is wrong with what was asked; it can be answered when the machine is in order again."""
