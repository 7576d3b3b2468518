"""Checks fuzz targets as OSS-Fuzz checks them before it takes a build (its bad_build_check), and where they will run.

Usage: check_targets.py FOLDER SANITIZER [TARGET...], in the environment of ci/oss-fuzz/environment. FOLDER is what build.sh left in
$OUT; TARGETs must be among what it holds. The folder is moved away for the check, into a root folder that holds nothing but the C
library, /proc and an empty /tmp, and that cannot be written to: what a target needs and does not bring along is not there. That
takes the right to mount; without it the targets run where they were moved to, and the check says so.
Exit code 1: a target is bad, or missing.
"""

import configparser
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

RUNS = 4
LEAST_EDGES = 100
# Calls into the runtimes, as bad_build_check counts them: at least so many for the sanitizer of the build, at most for the other.
LEAST_CALLS = {"address": 1000, "undefined": 168}
MOST_CALLS = {"address": 0, "undefined": 200}
RUNTIMES = {"address": "__asan", "undefined": "__ubsan"}
C_LIBRARY = re.compile(r"(libc|libm|libdl|libpthread|librt|libresolv)\.so\.\d+|ld-linux.*")
NAME = re.compile(r"[A-Za-z0-9_-]+")
ENTER = """mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && mount -t proc proc "$0/proc" && mount -t tmpfs tmpfs "$0/tmp" &&
exec chroot "$0" "$@" """


def run(command, timeout=300, **arguments):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", timeout=timeout, check=False, **arguments)


def find_targets(folder):
    """Executable files with the entry point of a target in them."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.is_file() and os.access(path, os.X_OK):
            content = path.read_bytes()
            if content.startswith(b"\x7fELF") and b"LLVMFuzzerTestOneInput" in content:
                found.append(path.name)
    return found


def libraries(path):
    """(name, path or None) of everything the loader would load."""
    found = []
    for line in run(["ldd", str(path)]).stdout.splitlines():
        match = re.match(r"\s*(\S+) => (not found|\S+)", line)
        if match:
            found.append((match.group(1), None if match.group(2) == "not found" else pathlib.Path(match.group(2))))
        elif line.strip().startswith("/"):
            loader = pathlib.Path(line.split()[0])
            found.append((loader.name, loader))
    return found


class Root:
    """A root folder with the moved targets in it."""

    def __init__(self, scratch, folder):
        self.path = pathlib.Path(scratch)
        self.folder = self.path / "not-out" / "targets"
        for name in ("proc", "tmp", "not-out", "seeds"):
            (self.path / name).mkdir()
        shutil.move(folder, self.folder)
        self.clean = run(["unshare", "--mount", "true"]).returncode == 0
        for target in find_targets(self.folder):
            for name, library in libraries(self.folder / target):
                if library and C_LIBRARY.fullmatch(name):
                    copy = self.path / str(library).lstrip("/")
                    copy.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(library, copy)
            archive = self.folder / f"{target}_seed_corpus.zip"
            (self.path / "seeds" / target).mkdir()
            if archive.is_file():
                with zipfile.ZipFile(archive) as seeds:
                    seeds.extractall(self.path / "seeds" / target)

    def inside(self, path):
        """The path as a target sees it."""
        return "/" + str(path.relative_to(self.path)) if self.clean else str(path)

    def run(self, target, *arguments, clean=True):
        folder = self.folder
        options = configparser.ConfigParser()
        options.read(folder / f"{target}.options")
        environment = {key: value for key, value in os.environ.items() if key not in ("OUT", "SRC", "WORK")}
        for section in ("asan", "ubsan"):
            if options.has_section(section):
                extra = ":".join(f"{key}={value}" for key, value in options[section].items())
                variable = f"{section.upper()}_OPTIONS"
                environment[variable] = f"{environment.get(variable, '')}:{extra}"
        own = dict(options["libfuzzer"]) if options.has_section("libfuzzer") else {}
        clean = clean and self.clean
        if "dict" not in own and (folder / f"{target}.dict").is_file():
            own["dict"] = f"{target}.dict"
        if "dict" in own:
            own["dict"] = self.inside(folder / own["dict"]) if clean else str(folder / own["dict"])
        program = self.inside(folder / target) if clean else str(folder / target)
        command = [program, *environment.get("FUZZER_ARGS", "").split(), *arguments]
        command += [f"-{key}={value}" for key, value in own.items()] + ["-artifact_prefix=/tmp/"]
        if clean:
            command = ["unshare", "--mount", "--propagation", "private", "sh", "-c", ENTER, str(self.path), *command]
        return run(command, env=environment, cwd=folder)


def check_files(root, target, report):
    if not NAME.fullmatch(target):
        report("its name may hold letters, digits, _ and - only")
    header = (root.folder / target).read_bytes()[:20]
    if header[4] != 2 or header[18:20] != b"\x3e\x00":
        report("is not built for x86_64")
    for name, library in libraries(root.folder / target):
        if library is None:
            report(f"needs {name}, which is nowhere")
        elif not C_LIBRARY.fullmatch(name) and root.folder.resolve() not in library.resolve().parents:
            report(f"takes {name} from {library}, not from beside itself")


def check_sanitizer(root, target, sanitizer, report):
    code = run(["objdump", "-dC", str(root.folder / target)]).stdout
    counts = {}
    for one, prefix in RUNTIMES.items():
        counts[one] = len(re.findall(rf"callq?\s+[0-9a-f]+\s+<{prefix}", code))
        if one == sanitizer and counts[one] < LEAST_CALLS[one]:
            report(f"calls the runtime of the {one} sanitizer {counts[one]} times, less than {LEAST_CALLS[one]}")
        if one != sanitizer and counts[one] > MOST_CALLS[one]:
            report(f"calls the runtime of the {one} sanitizer {counts[one]} times, in a build for {sanitizer}")
    return counts.get(sanitizer, 0)


def check_engine(root, target, report):
    done = root.run(target, "-seed=1337", f"-runs={RUNS}")
    edges = re.search(r"INFO: Loaded \d+ modules\s+\((\d+) (?:inline 8-bit counters|guards)\)", done.stdout)
    count = int(edges.group(1)) if edges else 0
    if done.returncode != 0 or f"Done {RUNS} runs" not in done.stdout:
        report(f"does not start and run {RUNS} inputs (exit code {done.returncode}):\n{done.stdout[-3000:]}")
    elif count < LEAST_EDGES:
        report(f"has {count} edges, less than {LEAST_EDGES}")
    return count


def check_seeds(root, target, report):
    seeds = root.path / "seeds" / target
    if not any(seeds.iterdir()):
        report("has no seed corpus")
        return 0, 0
    done = root.run(target, "-runs=0", root.inside(seeds))
    covered = re.search(r"INITED cov: (\d+)", done.stdout)
    if done.returncode != 0 or not covered:
        report(f"fails on its seed corpus (exit code {done.returncode}):\n{done.stdout[-3000:]}")
    if (root.folder / f"{target}.dict").is_file() and "Dictionary:" not in done.stdout:
        report("does not take its dictionary")
    return len(list(seeds.iterdir())), int(covered.group(1)) if covered else 0


def check_fork(root, target, report):
    """ClusterFuzz's fork mode. It needs a shell, so it runs outside of the clean root."""
    with tempfile.TemporaryDirectory() as corpus:
        done = root.run(target, "-fork=1", "-max_total_time=3", corpus, str(root.path / "seeds" / target), clean=False)
    if done.returncode != 0 or not re.search(r"oom/timeout/crash: 0/0/0", done.stdout):
        report(f"does not run in fork mode (exit code {done.returncode}):\n{done.stdout[-3000:]}")


def check_coverage(root, target, report):
    """What OSS-Fuzz's coverage build is made for: a profile, and the lines it covers."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = pathlib.Path(scratch) / "profile"
        os.environ["LLVM_PROFILE_FILE"] = f"{profile}.raw"
        corpus = pathlib.Path(scratch) / "corpus"
        corpus.mkdir()
        done = root.run(target, "-merge=1", str(corpus), str(root.path / "seeds" / target), clean=False)
        merged = run(["llvm-profdata-19", "merge", "-sparse", f"{profile}.raw", "-o", str(profile)])
        if merged.returncode != 0:
            report(f"leaves no profile (exit code {done.returncode}):\n{done.stdout[-2000:]}{merged.stdout}")
            return "-"
        table = run(["llvm-cov-19", "report", f"-instr-profile={profile}", str(root.folder / target)]).stdout
        total = re.search(r"^TOTAL.*", table, re.MULTILINE)
        return total.group(0).split()[9] if total else "-"


def check(root, target, sanitizer):
    problems = []
    check_files(root, target, problems.append)
    if sanitizer == "coverage":
        print(f"{target}: {check_coverage(root, target, problems.append)} of lines covered by the seeds")
    elif not problems:
        calls = check_sanitizer(root, target, sanitizer, problems.append)
        edges = check_engine(root, target, problems.append)
        seeds, covered = check_seeds(root, target, problems.append) if not problems else (0, 0)
        if not problems:
            check_fork(root, target, problems.append)
        print(f"{target}: {edges} edges, {covered} of them covered by {seeds} seeds; {calls} calls of the sanitizer; "
              f"{'ran ' + str(RUNS) + ' inputs' if not problems else 'BAD'}")
    for problem in problems:
        print(f"BAD BUILD: {target} {problem}")
    return not problems


def main():
    if len(sys.argv) < 3 or not pathlib.Path(sys.argv[1]).is_dir():
        print("usage: check_targets.py FOLDER SANITIZER [TARGET...]", file=sys.stderr)
        return 2
    folder, sanitizer, wanted = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2], sys.argv[3:]
    with tempfile.TemporaryDirectory(prefix="not-out-") as scratch:
        root = Root(scratch, folder)
        try:
            if not root.clean:
                print("nothing can be mounted here: the targets run outside of a clean root")
            targets = find_targets(root.folder)
            missing = sorted(set(wanted) - set(targets))
            for target in missing:
                print(f"BAD BUILD: there is no target {target}")
            if not targets:
                print("BAD BUILD: there are no targets")
            good = [check(root, target, sanitizer) for target in targets]
        finally:
            shutil.move(root.folder, folder)
    return 0 if good and all(good) and not missing else 1


if __name__ == "__main__":
    sys.exit(main())
