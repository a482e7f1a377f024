"""What can be set?  One line each: name, default, sentence.  Defaults < khotin.toml < environment."""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from indexer.errors import KhotinError

FILE_NAME = "khotin.toml"
# What no backup, report or log may hold.
SECRETS = ("smtp_password", "metrics_token", "store", "opensearch_password", "limits")
DEFAULT_HOME = Path("data")


def setting(default: Any, sentence: str, choices: tuple[str, ...] = ()) -> Any:
    """One thing that can be set, with the sentence that explains it in the docs."""
    return field(default=default, metadata={"sentence": sentence, "choices": choices})


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be set; ``home`` is the data folder itself."""

    home: Path = setting(DEFAULT_HOME, "The data folder.")
    host: str = setting("127.0.0.1", "The address on which the search site listens.")
    port: int = setting(8080, "The port on which the search site listens.")
    site_name_vi: str = setting("Sở Xây dựng tỉnh Lạng Sơn", "Whose news this is, in Vietnamese.")
    site_name_en: str = setting("Department of Construction of Lang Son Province", "Whose news this is, in English.")
    operator: str = setting("", "Who runs this site; shown in the footer and on the about page.")
    contact: str = setting("", "An e-mail address or page; shown to readers and sent in the crawler's User-Agent.")
    resolve: tuple[str, ...] = setting((), "Fixed host addresses, each written name=address:port.")
    delay_seconds: float = setting(1.0, "The pause between two requests to one host.")
    timeout_seconds: float = setting(30.0, "How long the crawler waits for one answer.")
    max_page_bytes: int = setting(10_000_000, "Larger pages and files are not taken.")
    max_pages: int = setting(20_000, "The most pages that one round asks for.")
    workers: int = setting(2, "How many sources the worker crawls at the same time.")
    states_for_researchers: bool = setting(
        False, "Let only people who signed in narrow by whether a page is still on its site and whether it was updated."
    )
    export_full_text_of_others: bool = setting(False, "Let readers take away the whole text of articles of newspapers.")
    api_requests_per_minute: int = setting(
        600, "How many requests a minute the API answers to one network, in each process; 0 = any number."
    )
    trusted_proxies: int = setting(
        0, "How many proxies stand before the site; the last ones in X-Forwarded-For are believed."
    )
    https_only: bool = setting(False, "Send session cookies over HTTPS alone; switch on behind a TLS proxy.")
    site_address: str = setting("", "The address of this site for its readers; e-mails and invitations link to it.")
    sign_up: str = setting("off", "Who may make an account: open, invitation or off.", ("open", "invitation", "off"))
    mail_from: str = setting("", "The sender of e-mails; without it and site_address none are sent.")
    smtp_host: str = setting("", "The mail server that takes our e-mails.")
    smtp_port: int = setting(587, "The port of the mail server.")
    smtp_user: str = setting("", "The user name at the mail server, where it asks for one.")
    smtp_password: str = setting("", "The password at the mail server; better in the environment than in the file.")
    smtp_tls: str = setting(
        "starttls", "How the way to the mail server is kept secret: starttls, tls or none.", ("starttls", "tls", "none")
    )
    second_factor: str = setting(
        "off",
        "Who must prove a second factor when signing in: off (whoever likes), admins or all.",
        ("off", "admins", "all"),
    )
    session_hours: int = setting(12, "A session ends after so many hours.")
    session_idle_minutes: int = setting(120, "A session ends after so many minutes without a page asked for.")
    keep_networks: bool = setting(
        True, "Keep from which network, shortened, people sign in; they and the admins see it."
    )
    security_log_days: int = setting(180, "So long the security log is kept.")
    token_requests_per_minute: int = setting(
        3000, "How many requests a minute the API answers to one token, in each process."
    )
    backup_folder: str = setting(
        "", "Where a backup is put every night; best on another disk. Without it none is made."
    )
    backups_kept: int = setting(7, "How many of these backups are kept.")
    days_of_jobs: int = setting(180, "How many days ended jobs are remembered.")
    days_of_job_lines: int = setting(60, "How many days the lines that a job told are kept.")
    days_of_failed_sign_ins: int = setting(30, "How many days it is remembered that a sign-in failed.")
    days_of_letters: int = setting(14, "After how many days a letter that could not be sent is thrown away.")
    metrics_token: str = setting(
        "", "Who sends it (Authorization: Bearer …) may read /metrics; without it only this machine may."
    )
    log_format: str = setting("text", "How the processes tell what happens: text or json.", ("text", "json"))
    log_requests: str = setting(
        "short",
        "What is logged of each request: off, short (which kind of page, no words, no sender) or whole.",
        ("off", "short", "whole"),
    )
    question_days: int = setting(
        365, "How many days it is kept what was asked, without who asked; 0 = nothing is counted."
    )
    question_sessions: int = setting(
        3, "Questions that fewer visitors asked stay out of statistics and reports: they may hold personal data."
    )
    hours_personal_data: int = setting(
        72, "Within how many hours a request about personal data is to be decided; ask your lawyer what binds you."
    )
    hours_mistake: int = setting(240, "Within how many hours a report of wrong information is to be decided.")
    hours_copyright: int = setting(240, "Within how many hours a request about copyright is to be decided.")
    hours_other: int = setting(360, "Within how many hours any other request is to be decided.")
    store: str = setting(
        "",
        "The PostgreSQL database that keeps the archive, as postgresql://user:password@host/name; without it a file in "
        "the data folder does.",
    )
    engine: str = setting(
        "whoosh",
        "What keeps the index: whoosh, on this machine, or opensearch, a cluster (pip install khotin[cluster]).",
        ("whoosh", "opensearch"),
    )
    opensearch_hosts: tuple[str, ...] = setting(
        ("http://127.0.0.1:9200",), "The nodes of the OpenSearch cluster; any of them that answers is asked."
    )
    opensearch_user: str = setting("", "The user name at the cluster, where it asks for one.")
    opensearch_password: str = setting("", "The password at the cluster; better in the environment than in the file.")
    opensearch_ca: str = setting("", "A file with the certificate that signs those of the cluster (https hosts).")
    opensearch_verify: bool = setting(True, "Refuse a cluster whose certificate is not signed by one that is trusted.")
    opensearch_timeout_seconds: float = setting(10.0, "How long an answer of the cluster is waited for.")
    opensearch_prefix: str = setting(
        "khotin", "How the names of this archive's indexes begin; another for each archive in one cluster."
    )
    opensearch_shards: int = setting(3, "Into how many pieces a new index is cut; felt with the next rebuild.")
    opensearch_replicas: int = setting(
        1, "How many further copies of each piece are kept: so many nodes may be lost; felt with the next rebuild."
    )
    limits: str = setting(
        "",
        "The Redis in which the processes of all hosts count programs' requests together, as redis://host:6379/0; "
        "without it each process counts for itself.",
    )
    warc: str = setting(
        "",
        "Where fetched pages are kept: a folder that all hosts share, or s3://bucket/prefix; without it, in the data "
        "folder. Keys of S3 are taken from the environment (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY).",
    )
    s3_endpoint: str = setting("", "The address of a store that speaks S3, where it is not Amazon's.")


def load(home: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings of one data folder.  Raises KhotinError that names the line to mend."""
    chosen: dict[str, Any] = {"home": home}
    chosen |= from_file(home / FILE_NAME)
    chosen |= from_environment(environment)
    return Settings(**chosen)


def store_address(home: Path, environment: Mapping[str, str] = os.environ) -> str:
    """Where the archive of one data folder is kept, whatever else is set; empty for the folder itself."""
    told = environment.get("KHOTIN_STORE")
    return str(from_lines(home / FILE_NAME).get("store", "") if told is None else told)


def pages_address(home: Path, environment: Mapping[str, str] = os.environ) -> tuple[str, str]:
    """Where the fetched pages of one data folder are kept, and by which S3; empty for the folder itself."""
    told = from_lines(home / FILE_NAME) | from_environment(environment)
    return str(told.get("warc", "")), str(told.get("s3_endpoint", ""))


def from_file(path: Path) -> dict[str, Any]:
    return {name: convert(name, value, str(path)) for name, value in from_lines(path).items()}


def from_lines(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise KhotinError("%(file)s cannot be read: %(problem)s. Mend that line.", file=path, problem=problem) from None


def from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    known = {f"KHOTIN_{each.name.upper()}": each.name for each in fields(Settings) if each.name != "home"}
    return {known[key]: convert(known[key], environment[key], key) for key in known if key in environment}


def convert(name: str, value: Any, place: str) -> Any:
    """Turn what a file or the environment says into the setting's own type."""
    known = {each.name: each for each in fields(Settings) if each.name != "home"}
    if name not in known:
        raise KhotinError(
            "%(place)s sets “%(name)s”, which is no setting. Known are: %(known)s.",
            place=place,
            name=name,
            known=", ".join(sorted(known)),
        )
    default = known[name].default
    try:
        return chosen_among(known[name].metadata["choices"], as_type(default, value))
    except (TypeError, ValueError, KeyError):
        raise KhotinError(
            "%(place)s: “%(value)s” is no value for %(name)s. An example: %(default)s.",
            place=place,
            value=value,
            name=name,
            default=default,
        ) from None


def chosen_among(choices: tuple[str, ...], value: Any) -> Any:
    """The value, where only some are right. Raises ValueError."""
    if choices and value not in choices:
        raise ValueError(value)
    return value


def as_type(default: Any, value: Any) -> Any:
    if isinstance(default, bool):
        return (
            {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False, "": False}[
                str(value).lower()
            ]
            if not isinstance(value, bool)
            else value
        )
    if isinstance(default, tuple):
        return tuple(str(value).split()) if isinstance(value, str) else tuple(str(each) for each in value)
    return type(default)(value)
