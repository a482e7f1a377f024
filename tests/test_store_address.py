"""Is the address of the store read rightly, and everything as before where there is none?"""

from pathlib import Path

import pytest

from indexer.backup import without_secrets
from indexer.errors import KhotinError
from indexer.settings import store_address
from indexer.store.postgres import name_of, parted
from tests.servers.only_sqlite import ONLY_SQLITE


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_an_address_is_read_by_whatever_name_its_scheme_has(scheme: str, tmp_path: Path) -> None:
    url, schema = parted(f"{scheme}://khotin:a%40b@db/khotin?sslmode=require&schema=soxd", tmp_path)
    assert (url.drivername, url.password, url.database, schema) == ("postgresql+psycopg", "a@b", "khotin", "soxd")
    assert dict(url.query) == {"sslmode": "require"}


def test_each_folder_can_have_a_schema_of_its_own(tmp_path: Path) -> None:
    address = "postgresql://khotin@db/khotin?schema={folder}"
    schemas = {parted(address, tmp_path / name)[1] for name in ("a", "b", "a/../a")}
    assert schemas == {name_of(tmp_path / "a"), name_of(tmp_path / "b")}


@pytest.mark.parametrize(
    "address",
    ["khotin", "mysql://khotin@db/khotin", "postgresql://db", "postgresql://db/a?schema=a;drop", "postgresql://db:x/a"],
)
def test_what_is_no_address_is_told(address: str, tmp_path: Path) -> None:
    with pytest.raises(KhotinError, match="is no address of a database"):
        parted(address, tmp_path)


def test_the_environment_comes_before_the_file_and_no_backup_holds_the_address(tmp_path: Path) -> None:
    file = tmp_path / "khotin.toml"
    assert store_address(tmp_path, {}) == ""
    file.write_text('port = 9000\nstore = "postgresql://khotin:secret@db/khotin"\n')
    assert store_address(tmp_path, {}) == "postgresql://khotin:secret@db/khotin"
    assert store_address(tmp_path, {"KHOTIN_STORE": "postgresql://other"}) == "postgresql://other"
    assert store_address(tmp_path, {"KHOTIN_STORE": ""}) == ""
    assert without_secrets(file) == (b"port = 9000\n", ["store"])


@pytest.mark.parametrize("name", ONLY_SQLITE)
def test_what_is_left_out_on_a_server_is_still_there(name: str) -> None:
    file, _, test = name.partition("::")
    assert f"\ndef {test}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
