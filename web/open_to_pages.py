"""May a page of another site ask the API from a reader's browser?  Yes: to read, without who the reader is (CORS).

All that the API answers to a reader without a sign-in is public, and any server could fetch it on a page's behalf. A
browser that asks for another site's page sends no cookie of ours along, and shows no answer that was made for one.
"""

from flask import Flask, Response, request

OPEN = ("/api/", "/openapi.json")
HEADERS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Retry-After, X-Total-Count, RateLimit-Limit, RateLimit-Remaining, "
    "RateLimit-Reset",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match",
    "Access-Control-Max-Age": "86400",
}


def prepare(app: Flask) -> None:
    @app.after_request
    def allow(response: Response) -> Response:
        if request.path.startswith(OPEN):
            response.headers.update(HEADERS | (PREFLIGHT if request.method == "OPTIONS" else {}))
        return response
