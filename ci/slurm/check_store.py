"""Checks what ci/slurm/campaign.sbatch left in a store, and that its tasks did exchange something.

Usage: check_store.py STORE TASKS FIRST_SEED, behind ci/slurm/collect. Exit code 1: something is missing, or wrong.
"""

import hashlib
import json
import pathlib
import sys


def lines(path, word):
    return {line.split()[1] for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(word + " ")}


def main():
    store, tasks, first_seed = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    problems = []
    published, fetched = {}, {}
    for task in range(tasks):
        status = json.loads((store / "campaigns" / str(task) / "status.json").read_text(encoding="utf-8"))
        if status["programs_generated"] == 0:
            problems.append(f"task {task} recorded no program")
        if status["seed"] != first_seed + task:
            problems.append(f"task {task} has the seed {status['seed']}, not {first_seed + task}")
        log = store / "tasks" / f"{task}.exchange"
        published[task], fetched[task] = lines(log, "published"), lines(log, "fetched")
        print(f"task {task}: seed {status['seed']}, {status['programs_generated']} programs, {len(published[task])} inputs published, "
              f"{len(fetched[task])} fetched")
        # One that begins when the others have ended may find nothing that they had not.
        if not published[task] and not fetched[task]:
            problems.append(f"task {task} exchanged nothing")
    # An input that one task found, not a seed of the start, and that another took.
    crossed = sum(len(published[one] & fetched[other]) for one in range(tasks) for other in range(tasks) if one != other)
    print(f"{crossed} inputs that one task found were taken by another")
    if crossed == 0:
        problems.append("no task took what another one found")
    files = [path for path in (store / "corpus").iterdir() if not path.name.startswith(".")]
    for path in files:
        if hashlib.sha1(path.read_bytes()).hexdigest() != path.name:
            problems.append(f"{path} is not what its name says")
    print(f"{len(files)} inputs in the store")
    print("\n".join(f"problem: {problem}" for problem in problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
