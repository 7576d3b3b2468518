"""Checks what the workflows promise: actions pinned by commit, the least permissions, and work done by scripts of ci/.

A tag can be moved to other code after it was reviewed, a commit cannot. Those called cflite_* run ClusterFuzzLite's actions instead
of a script; what these build is ci/oss-fuzz/build.sh. Comments count for nothing. Usage: check_workflows.py, from the project's root.
"""

import pathlib
import re
import sys

USES = re.compile(r"^\s*-?\s*uses:\s*(\S+)", re.MULTILINE)
PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
SCRIPTS = re.compile(r"\bci/[\w./-]*\w")
COMMENT = re.compile(r"(?:^|(?<=\s))#.*$", re.MULTILINE)


def check(path, problems):
    text = COMMENT.sub("", path.read_text(encoding="utf-8"))
    for action in USES.findall(text):
        if not PINNED.fullmatch(action):
            problems.append(f"{path}: {action} is not pinned by a commit")
    if not re.search(r"^permissions:\n  contents: read\n(?! )", text, re.MULTILINE):
        problems.append(f"{path}: the permissions are not `contents: read` alone")
    if re.search(r"\b(pull_request_target|secrets\.)", text):
        problems.append(f"{path}: runs other people's code with more than it needs")
    if path.name.startswith("cflite_"):
        if not any(action.startswith("google/clusterfuzzlite/") for action in USES.findall(text)):
            problems.append(f"{path}: runs no action of ClusterFuzzLite")
        return
    scripts = set(SCRIPTS.findall(text))
    if not scripts:
        problems.append(f"{path}: calls no script of ci/")
    for script in sorted(scripts):
        if not pathlib.Path(script).is_file():
            problems.append(f"{path}: calls {script}, which does not exist")


def main():
    problems = []
    paths = sorted(pathlib.Path(".github/workflows").glob("*.y*ml"))
    for path in paths:
        check(path, problems)
    if not paths:
        problems.append("there are no workflows")
    print("\n".join(problems) if problems else f"{len(paths)} workflows keep their promises")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
