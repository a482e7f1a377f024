"""What would the disk hold if the power went now?  System calls are recorded by strace and played again up to a cut.

A file keeps what was synced before the cut, and of what was not any part; a name is kept when its folder was synced.
"""

import random
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

CALLS = (
    "openat,open,creat,close,dup,dup2,dup3,fcntl,lseek,write,writev,pwrite64,pwritev,pwritev2,ftruncate,truncate,fsync,"
    "fdatasync,rename,renameat,renameat2,unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,clone,clone3,"
    "fallocate,copy_file_range,sendfile,sync_file_range"
)
LINE = re.compile(r"(\d+)\s+(.*)")
CALL = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+|\?)", re.DOTALL)
PLACE = re.compile(r"(AT_FDCWD|\d+)(?:<((?:\\x..)*)>)?")
STRING = re.compile(r'"((?:\\x..)*)"(\.\.\.)?')


@dataclass(frozen=True, slots=True)
class Op:
    """One change of one file (``number``) or folder; a sync is one as well."""

    kind: str  # write, cut, sync; in a folder: name, drop
    number: int
    at: int = 0
    data: bytes = b""
    name: str = ""
    target: int = 0


@dataclass(slots=True)
class Open:
    """An open file: where it is written next."""

    number: int
    at: int
    appends: bool


@dataclass(slots=True)
class Recording:
    """What happened under a folder, in order; file 0 is the folder itself."""

    root: str
    ops: list[Op] = field(default_factory=list)
    paths: dict[str, int] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    folders: set[int] = field(default_factory=lambda: {0})
    files: dict[tuple[str, int], Open] = field(default_factory=dict)
    group: dict[str, str] = field(default_factory=dict)  # thread -> its process

    def of(self, path: str) -> int | None:
        return self.paths.get(path)

    def is_ours(self, path: str) -> bool:
        return path.startswith(self.root + "/")

    def add(self, op: Op) -> None:
        self.ops.append(op)

    def make(self, path: str, folder: bool = False) -> int:
        number = len(self.sizes) + 1
        self.sizes[number] = 0
        if folder:
            self.folders.add(number)
        self.name(path, number)
        return number

    def name(self, path: str, number: int) -> None:
        parent, _, name = path.rpartition("/")
        self.paths[path] = number
        self.add(Op("name", self.paths[parent], name=name, target=number))

    def drop(self, path: str) -> None:
        parent, _, name = path.rpartition("/")
        self.paths.pop(path)
        self.add(Op("drop", self.paths[parent], name=name))

    def rename(self, old: str, new: str) -> None:
        number = self.paths[old]
        inside = [path for path in self.paths if path.startswith(old + "/")]
        parent = old.rpartition("/")[0]
        if parent == new.rpartition("/")[0]:  # both names change at once
            self.paths.pop(old)
            self.paths[new] = number
            folder = self.paths[parent]
            self.add(Op("move", folder, name=old.rpartition("/")[2], data=new.rpartition("/")[2].encode()))
        else:
            self.name(new, number)
            self.drop(old)
        for path in inside:
            self.paths[new + path.removeprefix(old)] = self.paths.pop(path)

    def write(self, number: int, at: int, data: bytes) -> None:
        self.sizes[number] = max(self.sizes[number], at + len(data))
        self.add(Op("write", number, at, data))

    def cut(self, number: int, size: int) -> None:
        self.sizes[number] = size
        self.add(Op("cut", number, size))


def record(root: Path, command: Sequence[str], environment: Mapping[str, str], cwd: Path) -> Recording:
    """Run a command to its end and note all that it and its children did under a folder that is empty now."""
    log = root.parent / f"{root.name}.strace"
    strace = ["strace", "-f", "-y", "-xx", "-s", "100000000", "-o", str(log), "-e", f"trace={CALLS}", *command]
    done = subprocess.run(strace, cwd=cwd, env=dict(environment), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    made = Recording(str(root), paths={str(root): 0}, sizes={})
    made.group = threads(log)
    for thread, call, given, result in calls(log):
        play(made, thread, call, given, result)
    log.unlink()
    return made


def threads(log: Path) -> dict[str, str]:
    """The process of each thread; told beforehand, for a thread may be heard of before the call that began it ends."""
    found: dict[str, str] = {}
    for thread, call, given, result in calls(log):
        if call in ("clone", "clone3") and "CLONE_THREAD" in given:
            found[str(result)] = found.get(thread, thread)
    return found


def calls(log: Path) -> Iterator[tuple[str, str, str, int]]:
    """Every call that succeeded: its thread, name, arguments and result, in the order in which they ended."""
    begun: dict[str, str] = {}
    with log.open(encoding="ascii") as lines:
        for line in lines:
            found = LINE.match(line)
            assert found
            thread, told = found[1], found[2]
            if told.endswith("<unfinished ...>"):
                begun[thread] = told.removesuffix("<unfinished ...>")
                continue
            if told.startswith("<... "):
                told = begun.pop(thread) + told.partition(" resumed>")[2]
            call = CALL.match(told)
            if call and call[3] not in ("?", "-1"):
                yield thread, call[1], call[2], int(call[3])


def text(hexed: str) -> str:
    return bytes.fromhex(hexed.replace("\\x", "")).decode("utf-8", "surrogateescape")


def strings(given: str) -> list[bytes]:
    found = STRING.findall(given)
    assert not any(cut for _, cut in found), "strace has cut a string short"
    return [bytes.fromhex(hexed.replace("\\x", "")) for hexed, _ in found]


def path_in(given: str, which: int = 0) -> str:
    """The path that a call names, the first or a later one, whole."""
    name = strings(given)[which].decode("utf-8", "surrogateescape")
    places = [text(hexed) for kind, hexed in PLACE.findall(given) if hexed and (kind == "AT_FDCWD" or kind.isdigit())]
    before = places[min(which, len(places) - 1)] if places else ""
    return name if name.startswith("/") else f"{before}/{name}"


def play(made: Recording, thread: str, call: str, given: str, result: int) -> None:
    process = made.group.get(thread, thread)
    if call in ("openat", "open", "creat"):
        opened(made, process, given, result)
    elif call in ("mkdir", "mkdirat"):
        if made.is_ours(path_in(given)):
            made.make(path_in(given), folder=True)
    elif call in ("unlink", "unlinkat", "rmdir"):
        if made.is_ours(path_in(given)):
            made.drop(path_in(given))
    elif call in ("rename", "renameat", "renameat2"):
        old, new = path_in(given, 0), path_in(given, 1)
        if made.is_ours(old) or made.is_ours(new):
            made.rename(old, new)
    elif call in ("link", "linkat"):
        old, new = path_in(given, 0), path_in(given, 1)
        if made.is_ours(new):
            made.name(new, made.paths[old])
    elif call == "truncate":
        if made.is_ours(path_in(given)):
            made.cut(made.paths[path_in(given)], int(given.rpartition(",")[2]))
    elif call in ("symlink", "symlinkat", "fallocate", "copy_file_range", "sendfile", "sync_file_range"):
        assert made.root not in repr([each.decode("utf-8", "replace") for each in strings(given)]), call
    else:
        on_file(made, process, call, given, result)


def opened(made: Recording, process: str, given: str, result: int) -> None:
    path = path_in(given)
    made.files.pop((process, result), None)
    if not made.is_ours(path) and path != made.root:
        return
    number = made.of(path)
    if number is None:
        if "O_TMPFILE" in given or "O_CREAT" not in given:
            return
        number = made.make(path)
    elif "O_TRUNC" in given and made.sizes.get(number):
        made.cut(number, 0)
    made.files[process, result] = Open(number, 0, "O_APPEND" in given)


def on_file(made: Recording, process: str, call: str, given: str, result: int) -> None:
    found = re.match(r"(\d+)", given)
    held = made.files.get((process, int(found[1]))) if found else None
    if found is None or held is None:
        return
    if call == "close":
        del made.files[process, int(found[1])]
    elif call in ("dup", "dup2", "dup3") or (call == "fcntl" and "F_DUPFD" in given):
        made.files[process, result] = held
    elif call == "lseek":
        held.at = result
    elif call in ("fsync", "fdatasync"):
        made.add(Op("sync", held.number))
    elif call == "ftruncate":
        made.cut(held.number, int(given.rpartition(",")[2]))
    elif call in ("write", "writev"):
        data = b"".join(strings(given))[:result]
        at = made.sizes[held.number] if held.appends else held.at
        made.write(held.number, at, data)
        held.at = at + len(data)
    elif call in ("pwrite64", "pwritev", "pwritev2"):
        at = int(given.rpartition('"' if call == "pwrite64" else "]")[2].split(",")[2])
        made.write(held.number, at, b"".join(strings(given))[:result])


def survivors(ops: Sequence[Op], is_folder: bool, pick: random.Random) -> list[Op]:
    """What is left of the changes of one file or folder: all before its last sync, and of the others any."""
    last = max((at for at, op in enumerate(ops) if op.kind == "sync"), default=-1)
    kept, loose = list(ops[: last + 1]), list(ops[last + 1 :])
    how = pick.randrange(4)
    if how == 0 or not loose:
        return kept
    if how == 1:
        return kept + loose
    if how == 2 or is_folder:  # changes of folders are kept in their order
        return kept + loose[: pick.randint(0, len(loose))]
    return kept + [torn(op, pick) for op in loose if pick.random() < 0.5]


def torn(op: Op, pick: random.Random) -> Op:
    if op.kind != "write" or pick.random() < 0.7:
        return op
    return Op("write", op.number, op.at, op.data[: pick.randint(0, len(op.data))])


def after_cut(made: Recording, upto: int, into: Path, pick: random.Random | None) -> None:
    """Lay out what is there when the power goes after so many changes; with no chance in it: all that was written."""
    by_number: dict[int, list[Op]] = {}
    for op in made.ops[:upto]:
        by_number.setdefault(op.number, []).append(op)
    if pick:
        by_number = {each: survivors(ops, each in made.folders, pick) for each, ops in by_number.items()}
    shutil.rmtree(into, ignore_errors=True)
    into.mkdir()
    lay_out(made, by_number, 0, into)


def lay_out(made: Recording, by_number: Mapping[int, Sequence[Op]], folder: int, into: Path) -> None:
    names: dict[str, int] = {}
    for op in by_number.get(folder, ()):
        if op.kind == "name":
            names[op.name] = op.target
        elif op.kind == "drop":
            names.pop(op.name, None)
        elif op.kind == "move" and op.name in names:
            names[op.data.decode()] = names.pop(op.name)
    for name, number in names.items():
        if number in made.folders:
            (into / name).mkdir()
            lay_out(made, by_number, number, into / name)
        else:
            (into / name).write_bytes(content(by_number.get(number, ())))


def content(ops: Sequence[Op]) -> bytes:
    held = bytearray()
    for op in ops:
        if op.kind == "cut":
            held = held[: op.at] + bytes(max(0, op.at - len(held)))
        elif op.kind == "write":
            held += bytes(max(0, op.at - len(held)))
            held[op.at : op.at + len(op.data)] = op.data
    return bytes(held)
