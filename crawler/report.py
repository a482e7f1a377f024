"""What did a round bring?  Counted as it goes, kept with the round, told as lines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from indexer.errors import KhotinError
from indexer.speech import say, tell

MOST_FAILURES = 20  # told one by one; the rest are a number here and rows in the store
SAMPLES = 3  # addresses kept for each cause of failures
MOST_CAUSES = 50


@dataclass(slots=True)
class Report:
    """One round in numbers; `failures` holds the first ones, each with its address and a sentence."""

    source: str
    round: int = 0
    state: str = "running"
    fetched: int = 0
    unchanged: int = 0
    not_sent: int = 0  # of these, answered 304: the page did not travel
    resting: int = 0  # known pages that were not asked for, as it was too early
    new: int = 0
    changed: int = 0
    gone: int = 0
    failed: int = 0
    printed: int = 0  # articles whose text stood only in their print view
    bytes: int = 0
    seconds: float = 0.0
    profile: str = ""
    reasons: list[str] = field(default_factory=list)
    hits: dict[str, int] = field(default_factory=dict)
    failures: list[dict[str, Any]] = field(default_factory=list)
    causes: list[dict[str, Any]] = field(default_factory=list)  # why pages failed, how many, and some of them
    retry: bool = False  # only pages that had failed were asked for
    skipped: dict[str, int] = field(default_factory=dict)  # addresses not asked for, by reason as it is told
    doubts: list[dict[str, Any]] = field(default_factory=list)  # what an admin should look at
    problem: str = ""
    cause: dict[str, Any] = field(default_factory=dict)  # the problem in parts, to be told in any language

    def fail(self, address: str, problem: KhotinError) -> None:
        """Count a failure; its sentence is kept in parts, so that it can be told in any language."""
        self.failed += 1
        self.note(address, problem)
        self.count(address, parts(problem))

    def count(self, address: str, problem: Mapping[str, Any]) -> None:
        """Count a failure under its cause: the same words, whatever the address in them."""
        values = {name: value for name, value in problem["values"].items() if "/" not in str(value)}
        for each in self.causes:
            if (each["message"], each["of"]) == (problem["message"], values):
                each["count"] += 1
                each["samples"] = [*each["samples"], address][:SAMPLES]
                return
        if len(self.causes) < MOST_CAUSES:
            self.causes.append({**problem, "of": values, "count": 1, "samples": [address]})

    def note(self, address: str, problem: KhotinError) -> None:
        if len(self.failures) < MOST_FAILURES:
            self.failures.append({"address": address} | parts(problem))

    def end_failed(self, problem: KhotinError) -> None:
        """The whole round failed."""
        self.state, self.problem, self.cause = "failed", str(problem), parts(problem)

    def hit(self, reasons: Mapping[str, str]) -> None:
        """Count what found the parts of an article."""
        for part, reason in reasons.items():
            if reason:
                name = f"{part}: {reason}"
                self.hits[name] = self.hits.get(name, 0) + 1

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def parts(problem: KhotinError) -> dict[str, Any]:
    values = {name: value if isinstance(value, Mapping) else str(value) for name, value in problem.values.items()}
    return {"message": problem.message, "values": values}


def resumed(source: str, round_id: int, kept: Mapping[str, Any]) -> Report:
    """The report of a round that goes on, or of a new one."""
    names = {each.name for each in fields(Report)} - {"source", "round", "state", "problem", "cause", "retry"}
    return Report(source, round_id, **{name: kept[name] for name in names & set(kept)})


def text(report: Mapping[str, Any]) -> list[str]:
    """A report in lines for the terminal."""
    counted = {each.name: report.get(each.name, each.default) for each in fields(Report)}
    counted["kib"] = (report.get("bytes", 0) + 1023) // 1024
    lines = [say(HEADS.get(report.get("state", ""), HEADS["failed"]), source=report.get("source", ""))]
    if report.get("problem"):
        lines.append(report["problem"])
    if report.get("state") == "joined":
        return lines
    lines.append(
        say(
            "%(fetched)s fetched, %(unchanged)s unchanged, %(new)s new, %(changed)s changed, %(gone)s gone, "
            "%(failed)s failed; %(kib)s KiB in %(seconds).0f seconds.",
            **counted,
        )
    )
    if counted["not_sent"] or counted["resting"]:
        lines.append(
            say("Saved: %(not_sent)s unchanged pages were not sent, %(resting)s were not asked for yet.", **counted)
        )
    if counted["printed"]:
        lines.append(say("%(printed)s articles had their text only in the print view.", **counted))
    if report.get("profile"):
        reasons = "; ".join(report.get("reasons", ()))
        lines.append(say("Profile: %(profile)s (%(reasons)s)", profile=report["profile"], reasons=reasons))
    if report.get("skipped"):
        told = ", ".join(f"{say(reason)} {count}" for reason, count in by_count(report["skipped"]))
        lines.append(say("Not asked for: %(reasons)s.", reasons=told))
    lines += [tell(each) for each in report.get("doubts", ())]
    lines += [f"  {each['address']}: {tell(each)}" for each in report.get("failures", ())]
    return lines


def by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


# Why addresses are left out, as it is told.
REASONS = {
    "another host": "links to other sites",
    "print view": "print views",
    "picture or media": "pictures and media",
    "left out by the profile": "left out by the profile",
    "calendar": "calendars",
    "search page": "search pages",
    "sorted list": "sorted lists",
    "mail or vote form": "mail and vote forms",
    "address too long": "addresses that are too long",
    "repeated segments": "paths that repeat themselves",
    "page number too high": "page numbers that are too high",
    "too deep": "too deep",
    "brings nothing new": "branches that bring nothing new",
    "further name": "further names of pages that are kept",
    "silent host": "pages of a host that does not answer",
    "robots.txt": "forbidden by robots.txt",
    "destroyed": "destroyed by decision",
}

HEADS = {
    "done": "%(source)s: the round is done.",
    "joined": "%(source)s: another round over this site is running already.",
    "cancelled": "%(source)s: the round was stopped; the next one goes on where it ended.",
    "failed": "%(source)s: the round failed.",
}
