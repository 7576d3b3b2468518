"""Checks that includes point one way, and that each foreign header stays where it belongs.

The order is that of README.md: base -> ast -> {interp, opt, scev, x64} -> jit -> smt -> oracles -> fuzz -> reports -> cli.
Inside the braces only scev and opt may meet.
"""

import pathlib
import re
import subprocess
import sys

LEVELS = {
    "core/base": 0, "core/ast": 1,
    "core/interp": 2, "core/opt": 2, "core/scev": 2, "core/x64": 2,
    "core/jit": 3, "smt": 4, "oracles": 5, "fuzz": 6, "reports": 7, "cli": 8,
}
MAY_MEET = {frozenset(("core/opt", "core/scev"))}
# Foreign header -> the folder or folders whose files may include it, and how many files may.
FOREIGN = {
    "z3++.h": ("smt", None),
    "unicorn/": ("oracles/emulated", 1),
    "Zydis/": (("oracles/encoding", "smt/x86"), 2),
    "llvm/": ("oracles/encoding", 1),
    "CLI/": ("cli", None),
    "sqlite3.h": ("reports/store", 1),
}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.MULTILINE)


def unit_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if parts[0] == "core" else parts[0]


def check_direction(path, target, problems):
    here, there = unit_of(path), unit_of(target)
    if here == there or here not in LEVELS:
        return
    if there not in LEVELS:
        problems.append(f"{path}: includes {target}, which is in no folder of the house")
    elif "/test/" in path or "/bench/" in path:
        # A test may use more than the code it tests, but never what is built on top of it.
        if LEVELS[there] > LEVELS[here]:
            problems.append(f"{path}: a test includes upwards, {target}")
    elif LEVELS[there] > LEVELS[here]:
        problems.append(f"{path}: includes upwards, {target}")
    elif LEVELS[there] == LEVELS[here] and frozenset((here, there)) not in MAY_MEET:
        problems.append(f"{path}: {here} and {there} must not meet ({target})")


def main():
    files = subprocess.run(["git", "ls-files", "*.h", "*.cc", "*.S"], check=True, capture_output=True, text=True).stdout.split()
    problems = []
    foreign_users = {prefix: [] for prefix in FOREIGN}
    for path in files:
        for kind, target in INCLUDE.findall(pathlib.Path(path).read_text(encoding="utf-8")):
            if kind == '"':
                check_direction(path, target, problems)
            for prefix, (folder, _) in FOREIGN.items():
                if target.startswith(prefix):
                    if path not in foreign_users[prefix]:
                        foreign_users[prefix].append(path)
                    folders = (folder,) if isinstance(folder, str) else folder
                    if not path.startswith(tuple(one + "/" for one in folders)):
                        problems.append(f"{path}: {target} belongs to {' and '.join(folders)} only")
            if path.startswith("core/") and "/test/" not in path and "/bench/" not in path and kind == "<" and "/" in target:
                if not target.startswith(("sys/", "linux/")):
                    problems.append(f"{path}: core depends on the standard library only, not on {target}")
    for prefix, users in foreign_users.items():
        most = FOREIGN[prefix][1]
        if most is not None and len(users) > most:
            problems.append(f"{prefix} is included by {len(users)} files, at most {most} may: {', '.join(users)}")
    print("\n".join(problems) if problems else f"includes of {len(files)} files point one way")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
