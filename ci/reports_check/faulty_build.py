"""Links an `assay` that has some faults of the self-test's catalogue in it, all at once, for checks that need findings.

Usage: faulty_build.py BUILD OUT FAULT...: BUILD is a folder that CMake and Ninja have built `assay` in. As in
fuzz/selftest/variant.h, only the units that hold a fault are compiled again, from changed copies, and their objects are linked
in front of the libraries; nothing of the tree is touched. From the project's root.
"""

import json
import os
import pathlib
import re
import subprocess
import sys

CATALOGUE = pathlib.Path("fuzz/selftest/faults")


def text_of(value):
    return "\n".join(value) if isinstance(value, list) else value


def catalogue():
    return {
        fault["name"]: fault
        for path in sorted(CATALOGUE.glob("*.json"))
        for fault in json.loads(path.read_text(encoding="utf-8"))["faults"]
    }


def write_copies(faults, copies):
    """The changed files, each under its own path; gives the units to compile again."""
    units = []
    for fault in faults:
        copy = copies / fault["file"]
        source = copy if copy.exists() else pathlib.Path(fault["file"])
        text = source.read_text(encoding="utf-8")
        before = text_of(fault["from"])
        if text.count(before) != 1:
            raise SystemExit(f"faulty_build: {fault['name']} does not apply to {fault['file']}")
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(text.replace(before, text_of(fault["to"])), encoding="utf-8")
        units += [unit for unit in fault.get("units", [fault["file"]]) if unit not in units]
    return units


def compile_unit(unit, command, copies, build, work):
    changed = copies / unit
    source = changed if changed.exists() else pathlib.Path(unit).resolve()
    item = work / (unit.replace("/", "_") + ".o")
    # The copies are searched first, so that a faulty header is found before the true one.
    command = re.sub(r" -I", f" -I{copies} -I", command, count=1)
    command = command[: command.rindex(" -o ")]
    point = pathlib.Path("fuzz/selftest/fault_point.h").resolve()
    command += f" -w -g0 -DASSAY_SELFTEST_PLAIN -include {point} -o {item} -c {source}"
    subprocess.run(command, shell=True, cwd=build, check=True)
    return item


def main(build, out, names):
    build, out = pathlib.Path(build).resolve(), pathlib.Path(out).resolve()
    known = catalogue()
    missing = [name for name in names if name not in known]
    if missing:
        raise SystemExit(f"faulty_build: no fault is called {', '.join(missing)}")
    work = out.parent / (out.name + "-variant")
    copies = work / "source"
    subprocess.run(["rm", "-rf", str(work)], check=True)
    work.mkdir(parents=True)
    units = write_copies([known[name] for name in names], copies)
    commands = {}
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        file = os.path.normpath(os.path.join(entry["directory"], entry["file"]))
        commands.setdefault(os.path.relpath(file), entry["command"])
    objects = [compile_unit(unit, commands[unit], copies, build, work) for unit in units]
    listing = subprocess.run(
        ["ninja", "-C", str(build), "-t", "commands", "assay"], check=True, capture_output=True, text=True
    )
    link = listing.stdout.strip().splitlines()[-1]
    link = re.sub(r" -o \S+", lambda _: f" {' '.join(map(str, objects))} -Wl,--strip-debug -o {out}", link, count=1)
    subprocess.run(link, shell=True, cwd=build, check=True)


if __name__ == "__main__":
    if len(sys.argv) < 4:
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
