"""Exchanges files with a store that many processes on many machines share: ci/slurm/exchange.py [--publish] LOCAL STORE.

The store is a folder in which every file is named by the SHA-1 of its content, as libFuzzer names its corpus (an ending stays). So two
writers of one name write the same bytes, nothing is ever changed, and a file appears under its name whole (written beside it and
renamed). Both folders end with what either had; with --publish only the store takes. A file of the store whose content is not what its name says is left alone and
reported. Prints a line for each file, `published NAME` or `fetched NAME`. Exit code 1: the store has damaged files.
"""

import hashlib
import os
import pathlib
import sys


def name_of(content, suffix):
    return hashlib.sha1(content).hexdigest() + suffix


def names(folder):
    """Files in sight; those that begin with a dot are not finished yet."""
    return {entry.name for entry in os.scandir(folder) if not entry.name.startswith(".") and entry.is_file()}


def write(folder, name, content):
    temporary = folder / f".{name}.{os.uname().nodename}.{os.getpid()}"
    temporary.write_bytes(content)
    os.rename(temporary, folder / name)


def publish(local, store):
    for name in sorted(names(local) - names(store)):
        path = local / name
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            continue  # a fuzzer replaces inputs by smaller ones
        digest = name_of(content, path.suffix)
        if not (store / digest).exists():
            write(store, digest, content)
            print(f"published {digest}")


def fetch(local, store):
    damaged = 0
    for name in sorted(names(store) - names(local)):
        content = (store / name).read_bytes()
        if name_of(content, pathlib.Path(name).suffix) != name:
            print(f"{store / name}: damaged, its content is not what its name says", file=sys.stderr)
            damaged += 1
            continue
        write(local, name, content)
        print(f"fetched {name}")
    return damaged


def main():
    arguments = sys.argv[1:]
    one_way = arguments[:1] == ["--publish"]
    if len(arguments) != 2 + one_way:
        print("usage: exchange.py [--publish] LOCAL STORE", file=sys.stderr)
        return 2
    local, store = (pathlib.Path(argument) for argument in arguments[one_way:])
    for folder in (local, store):
        folder.mkdir(parents=True, exist_ok=True)
    publish(local, store)
    return 1 if not one_way and fetch(local, store) else 0


if __name__ == "__main__":
    sys.exit(main())
