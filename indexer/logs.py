"""How do the processes tell what happens?  One line an event on stderr: a sentence for people, or JSON for programs."""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

from indexer.speech import say

# Ours tell what they do; libraries only what goes wrong.
OURS = "khotin"
LEVELS = {"WARNING": "warning", "ERROR": "error", "CRITICAL": "error", "INFO": "info", "DEBUG": "debug"}


class Sentences(logging.Formatter):
    """2026-01-05 08:00:00Z info khotin.worker: what happened, in the language of KHOTIN_LANG. A failure has details."""

    def format(self, record: logging.LogRecord) -> str:
        told = f"{moment(record)} {LEVELS.get(record.levelname, 'info')} {record.name}: {message(record)}"
        return f"{told}\n{details(record)}" if record.exc_info else told


class Lines(logging.Formatter):
    """A JSON object, always one line; what belongs to the event stands beside its message."""

    def format(self, record: logging.LogRecord) -> str:
        told: dict[str, Any] = {
            "time": moment(record),
            "level": LEVELS.get(record.levelname, "info"),
            "logger": record.name,
            "message": message(record),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            told["details"] = details(record)
        return json.dumps(told, ensure_ascii=False)


def moment(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m-%d %H:%M:%SZ")


def message(record: logging.LogRecord) -> str:
    """In our language where the message is one of ours; on one line whatever it holds, so that nobody forges others."""
    spoken = say(str(record.msg))
    text = spoken % record.args if record.args else spoken
    return " ".join(text.split())


def details(record: logging.LogRecord) -> str:
    assert record.exc_info
    return "".join(traceback.format_exception(*record.exc_info)).rstrip()


def prepare(form: str) -> None:
    """From now on this process tells in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines() if form == "json" else Sentences())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger(OURS).setLevel(logging.INFO)
