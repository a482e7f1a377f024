"""What is logged of a request?  Which kind of page, how it was answered, how long it took; more only where set."""

import logging
import re
import time

from flask import Flask, Response, g, request

from indexer.settings import Settings

log = logging.getLogger("khotin.request")
ARGUMENT = re.compile(r"<[^<>]*?(\w+)>")
# Links that work once stand in addresses; no log may hold them.
SECRET = re.compile(r"(?<=[?&]token=)[^&]*")


def prepare(app: Flask, settings: Settings) -> None:
    if settings.log_requests == "off":
        return

    @app.after_request
    def note(response: Response) -> Response:
        if request.endpoint == "static":  # ten to a page, and nobody ever asks after them
            return response
        milliseconds = round((time.perf_counter() - g.began) * 1000) if "began" in g else 0
        told = {"method": request.method, "route": route(), "status": response.status_code, "ms": milliseconds}
        if settings.log_requests == "whole":
            told |= {"address": asked(), "from": request.remote_addr or ""}
        line = (request.method, told.get("address", told["route"]), told["status"], milliseconds)
        log.info("%s %s %s %s ms", *line, extra={"fields": told})
        return response


def route() -> str:
    """As it stands in the route table: without the words and numbers put into it, and without their limits."""
    return ARGUMENT.sub(r"<\1>", str(request.url_rule)) if request.url_rule else "-"


def asked() -> str:
    """The whole address, but for what is secret in it."""
    path = request.full_path.rstrip("?")
    for name, value in (request.view_args or {}).items():
        if name in ("token", "nonce"):
            path = path.replace(str(value), "…")
    return SECRET.sub("…", path)
