"""Runs every command that README.md shows: the lines of its ```sh blocks, with the built `assay` on the path.

Usage: check_readme.py FOLDER_OF_ASSAY. Lines that call ci/ scripts are left out: ci/test itself and the step before this one run
them. A command may end in `# exit N` to announce another exit code than 0.
"""

import os
import pathlib
import re
import subprocess
import sys

BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXIT = re.compile(r"#\s*exit (\d+)\s*$")


def main():
    environment = dict(os.environ, PATH=f"{pathlib.Path(sys.argv[1]).resolve()}:{os.environ['PATH']}")
    commands = [line.strip() for block in BLOCK.findall(pathlib.Path("README.md").read_text(encoding="utf-8"))
                for line in block.splitlines() if line.strip() and not line.strip().startswith(("#", "ci/"))]
    if not commands:
        print("README.md shows no command")
        return 1
    failed = 0
    for command in commands:
        announced = EXIT.search(command)
        expected = int(announced.group(1)) if announced else 0
        done = subprocess.run(["bash", "-c", command], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != expected:
            failed += 1
            print(f"FAILED ({done.returncode}, not {expected}): {command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        else:
            print(f"ok: {command}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
