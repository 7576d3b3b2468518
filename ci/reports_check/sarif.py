"""Judges what the SARIF validator said: sarif.py RESULTS, where RESULTS is the log that `validate --output` wrote.

Its exit code alone is 0 with errors found. Everything but a note is a failure, except what is listed here with a reason.
"""

import json
import sys

ALLOWED = {
    "Warning_ProvideToolnformationUri": "the project has no public address; the validator spells it so",
}


def main(path):
    run = json.load(open(path, encoding="utf-8-sig"))["runs"][0]
    rules = run["tool"]["driver"].get("rules", [])
    problems = []
    for result in run.get("results", []):
        text = json.dumps(result["message"])
        if result.get("level", "warning") == "note" or result["message"].get("id") in ALLOWED:
            continue
        where = json.dumps(result.get("locations", [{}])[0].get("physicalLocation", {}).get("region", {}))
        problems.append(f"{result['ruleId']} {result.get('level', 'warning')} {where} {text}")
    for notification in run.get("invocations", [{}])[0].get("toolExecutionNotifications", []):
        if notification.get("level") == "error":
            problems.append("the validator failed: " + json.dumps(notification["message"]))
    print("\n".join(problems) if problems else f"no error and no warning; {len(rules)} rules had something to say")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
