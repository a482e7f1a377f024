"""What does an engineer need who is to mend how a site is read?  One ZIP: pages, report, settings, versions (pure)."""

import io
import json
import platform
import zipfile
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from indexer.store.previews import Looked

# Of a site's answer only what says how to read it: no cookies of a session.
HEADERS = ("content-type", "content-language", "last-modified", "server", "x-generator", "x-powered-by")
PACKAGES = ("khotin", "scrapy", "lxml", "beautifulsoup4", "cssselect", "soupsieve", "trafilatura", "cryptography")
SETTINGS = (
    "address", "profile", "delay_seconds", "max_pages", "hosts", "allow_private", "legacy_tls", "keep_images",
)  # fmt: skip
README = """Gói gửi hỗ trợ của Khotin / Khotin support package

Trong gói có gì:
- pages/: trang chủ (0) và các bài đã tải để xem thử, đúng từng byte như trang nguồn đã gửi; *.headers.json là một số
  dòng đầu của câu trả lời (không có cookie)
- report.json: những gì Khotin sẽ lấy từ các trang ấy
- settings.json: thiết lập của riêng nguồn này
- profile.toml: các dòng riêng về cách đọc trang (có thể trống)
- versions.json: phiên bản phần mềm
Không có gì khác: không mật khẩu, không tài khoản, không địa chỉ người dùng, không thiết lập của máy chủ.
Kỹ sư gửi lại một tệp profile.toml; nhận vào ở trang xem thử, mục “Nâng cao”.

What it holds:
- pages/: the start page (0) and the articles fetched for the look, byte by byte as the site sent them; *.headers.json
  are some lines of the answer's head (no cookies)
- report.json: what Khotin would take from these pages
- settings.json: the settings of this source alone
- profile.toml: the source's own lines on how it is read (may be empty)
- versions.json: versions of the software
Nothing else: no passwords, accounts, addresses of users, or settings of the server.
The engineer sends back a profile.toml; it is taken in on the page of the look, under “Advanced”.
"""


def package(
    settings: Mapping[str, Any], report: Mapping[str, Any], pages: Sequence[Looked], problem: Mapping[str, Any]
) -> bytes:
    """The ZIP of a look."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as files:
        files.writestr("README.txt", README)
        files.writestr("report.json", written({"report": report, "problem": problem}))
        files.writestr("settings.json", written({name: settings.get(name) for name in SETTINGS}))
        files.writestr("profile.toml", str(settings.get("overrides") or ""))
        files.writestr("versions.json", written(versions()))
        for each in pages:
            told = {name: value for name, value in each.headers.items() if name in HEADERS}
            facts = {"address": each.address, "fetched_at": each.fetched_at.isoformat(), "headers": told}
            files.writestr(f"pages/{each.place}.html", each.body)
            files.writestr(f"pages/{each.place}.headers.json", written(facts))
    return packed.getvalue()


def written(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, indent=2, default=str) + "\n"


def versions() -> dict[str, str]:
    return {"python": platform.python_version(), "system": platform.system()} | {
        name: installed(name) for name in PACKAGES
    }


def installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
