"""How does Scrapy connect for us?  To the place that the settings fix, else only where we may go."""

# The missing types are Twisted's.
# mypy: disable-error-code="no-untyped-call,no-any-return"

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from OpenSSL import SSL
from scrapy import Request
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.http import Response
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.internet._sslverify import ClientTLSOptions, IOpenSSLTrustRoot, _verifyCB
from twisted.internet.endpoints import HostnameEndpoint, TCP4ClientEndpoint, wrapClientTLS
from twisted.internet.interfaces import IHostnameResolver, IResolutionReceiver
from twisted.internet.ssl import CertificateOptions, TLSVersion
from twisted.web.client import URI, Agent
from twisted.web.iweb import IAgentEndpointFactory, IPolicyForHTTPS
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.reach import is_public


@dataclass(slots=True)
class Manners:
    """How to behave towards a site.  ``delay`` may rise when its robots.txt says so."""

    delay: float
    timeout: float
    max_bytes: int
    agent: str
    fixed: Mapping[str, tuple[str, int]]  # host name -> where it is instead
    allow_private: bool
    ca_file: str = ""
    legacy_tls: bool = False
    refused: set[str] = field(default_factory=set)  # hosts that led into a private network
    doubts: dict[str, int] = field(default_factory=dict)  # host -> what OpenSSL found wrong with its certificate


class Parser(_LenientHTTPClientParser):
    """Keeps the lines of an answer's head as they came."""

    def statusReceived(self, status: bytes) -> None:
        super().statusReceived(status)
        self.response.lines = [readable(status)]

    def headerReceived(self, name: bytes, value: bytes) -> None:
        self.response.lines.append(readable(name + b": " + value))
        super().headerReceived(name, value)


def readable(line: bytes) -> str:
    return line.decode("utf-8", "surrogateescape")


class Conversation(_LenientHTTP11ClientProtocol):
    def request(self, request: Any) -> Any:
        answer = super().request(request)
        self._parser.__class__ = Parser  # Twisted names its parser in the code; Scrapy changes it the same way
        return answer


class Conversations(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> Conversation:
        return Conversation(self._quiescentCallback)


class Handler(HTTP11DownloadHandler):
    """Scrapy's own handler, but each connection goes through `Doors`."""

    def __init__(self, crawler: Any) -> None:
        super().__init__(crawler)
        self._pool._factory = Conversations

    async def download_request(self, request: Request) -> Response:
        agent = CheckedAgent(
            contextFactory=self._contextFactory,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=0,
            fail_on_dataloss=True,
            crawler=self._crawler,
        )
        with wrap_twisted_exceptions():
            return await maybe_deferred_to_future(agent.download_request(request))


class CheckedAgent(_ScrapyAgent):
    def _get_agent(self, request: Request, timeout: float) -> Agent:
        from twisted.internet import reactor

        spider: Any = self._crawler.spider
        doors = Doors(reactor, Certificates(spider.polite), timeout, spider.polite)
        return Agent.usingEndpointFactory(reactor, doors, self._pool)

    def _cb_bodyready(self, answer: Any, request: Request) -> Any:
        request.meta["lines"] = answer.lines
        return super()._cb_bodyready(answer, request)


@implementer(IPolicyForHTTPS)
class Certificates:
    """Whom to believe: always verified, for each source by its own settings."""

    def __init__(self, polite: Manners) -> None:
        self.polite = polite

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:
        more: dict[str, Any] = {}
        if self.polite.legacy_tls:
            more["insecurelyLowerMinimumTo"] = TLSVersion.TLSv1_0
        roots: Any = Roots(self.polite.ca_file)
        options = CertificateOptions(trustRoot=roots, **more)
        host = hostname.decode("ascii")
        if self.polite.legacy_tls:
            options.getContext().set_cipher_list(b"DEFAULT:@SECLEVEL=0")
        return Verified(options._makeTLSConnection, host, self.polite)


class Verified(ClientTLSOptions):
    """Twisted's own check of a certificate, with a note of what was wrong: its error says only that something was."""

    def __init__(self, make: Any, host: str, polite: Manners) -> None:
        super().__init__(make, host)
        self.host, self.polite = host, polite

    def clientConnectionForTLS(self, tlsProtocol: Any) -> SSL.Connection:  # noqa: N803  Twisted names it
        connection = super().clientConnectionForTLS(tlsProtocol)
        check = _verifyCB(tlsProtocol, self._hostnameIsDnsName, self._hostnameASCII)

        def noted(made: SSL.Connection, certificate: Any, problem: int, depth: int, fine: int) -> bool:
            if not fine:
                self.polite.doubts[self.host] = problem
            return check(made, certificate, problem, depth, bool(fine))

        connection.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT, noted)
        return connection


@implementer(IOpenSSLTrustRoot)
class Roots:
    """The machine's own authorities, and those of a file."""

    def __init__(self, ca_file: str) -> None:
        self.ca_file = ca_file

    def _addCACertsToContext(self, context: Any) -> None:
        context.set_default_verify_paths()
        if self.ca_file:
            context.load_verify_locations(self.ca_file)


@implementer(IAgentEndpointFactory)
class Doors:
    """Where a host name leads: to the fixed place that the settings name, else to what the checked resolver finds."""

    def __init__(self, reactor: Any, policy: Any, timeout: float, polite: Manners) -> None:
        self.reactor, self.policy, self.timeout, self.polite = reactor, policy, timeout, polite

    def endpointForURI(self, uri: URI) -> Any:
        place = self.polite.fixed.get(uri.host.decode("ascii").lower())
        if place:
            door: Any = TCP4ClientEndpoint(self.reactor, *place, timeout=self.timeout)
        else:
            door = HostnameEndpoint(self.reactor, uri.host, uri.port, timeout=self.timeout)
        return wrapClientTLS(self.policy.creatorForNetloc(uri.host, uri.port), door) if uri.scheme == b"https" else door


@implementer(IHostnameResolver)
class CheckedResolver:
    """Finds a host's addresses and leaves the private ones out; what it gives is what is connected to."""

    def __init__(self, plain: Any, polite: Manners) -> None:
        self.plain, self.polite = plain, polite

    def resolveHostName(self, receiver: Any, name: str, *more: Any, **named: Any) -> Any:
        return self.plain.resolveHostName(Checked(receiver, name, self.polite), name, *more, **named)


@implementer(IResolutionReceiver)
class Checked:
    def __init__(self, receiver: Any, name: str, polite: Manners) -> None:
        self.receiver, self.name, self.polite = receiver, name, polite

    def resolutionBegan(self, resolution: Any) -> None:
        self.receiver.resolutionBegan(resolution)

    def addressResolved(self, address: Any) -> None:
        if self.polite.allow_private or is_public(address.host):
            self.receiver.addressResolved(address)
        else:
            self.polite.refused.add(self.name)

    def resolutionComplete(self) -> None:
        self.receiver.resolutionComplete()


def guard_names(polite: Manners) -> None:
    """From now on this process finds no private addresses (unless they are allowed)."""
    from twisted.internet import reactor

    reactor.installNameResolver(CheckedResolver(reactor.nameResolver, polite))
