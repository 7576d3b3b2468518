"""Checks what every file promises: it opens with a comment, the test it names exists, and it is not over-long."""

import pathlib
import re
import subprocess
import sys

MOST_LINES = 600
TEST_NAME = re.compile(r"[\w/]+\.(?:cc|sh|py)\b")


def check(path, problems):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    lines = text.count("\n")
    if lines > MOST_LINES:
        problems.append(f"{path}: {lines} lines, more than {MOST_LINES}")
    if not text.startswith(("//", "#", "/*")):
        problems.append(f"{path}: does not open with what it is")
    if "/test/" in path or "/bench/" in path:
        return
    head = text[: text.find("#include") if "#include" in text else len(text)]
    match = re.search(r"[Tt]ested (?:by|through)", head)
    if not match:
        problems.append(f"{path}: does not name the test that holds it")
        return
    named = TEST_NAME.findall(head[match.end():])
    folder = pathlib.Path(path).parent
    for name in named:
        candidates = [pathlib.Path(name)] + [parent / "test" / name for parent in [folder, *folder.parents]]
        if not any(candidate.is_file() for candidate in candidates):
            problems.append(f"{path}: names the test {name}, which does not exist")
    if not named:
        problems.append(f"{path}: does not name the test that holds it")


def main():
    files = subprocess.run(["git", "ls-files", "*.h", "*.cc"], check=True, capture_output=True, text=True).stdout.split()
    problems = []
    for path in files:
        check(path, problems)
    print("\n".join(problems) if problems else f"{len(files)} files keep their promises")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
