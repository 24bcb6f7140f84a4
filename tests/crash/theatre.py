"""Runs commands in children that are ready at once: it has imported what they need.

Reads one JSON object a line, and writes one when the command has ended.
"""

import importlib
import json
import os
import resource
import sys
import time
from typing import NoReturn

MODULES = (
    *("galley.cli.build", "galley.cli.release", "galley.cli.suggest", "galley.cli.push"),
    *("galley.cli.pull", "galley.cli.publish", "galley.cli.retract", "galley.cli.adopt"),
    *("galley.build.stage", "galley.build.engine", "galley.build.extractor", "galley.build.finish"),
    *("galley.build.identify", "galley.build.write", "galley.build.dump.learning", "galley.lean"),
    *("galley.annotations.stage", "galley.annotations.merge", "galley.parquet"),
    *("galley.annotations.suggesters.asking", "galley.annotations.suggesters.choose"),
    *("galley.releases.stage", "galley.releases.gates", "galley.releases.rebuild"),
    *("galley.releases.folder", "galley.releases.standoff", "galley.releases.export"),
    *("galley.report.overview", "galley.report.work", "galley.report.retraction"),
)


def main() -> NoReturn:
    """Serve until nobody asks any more."""
    for name in MODULES:
        importlib.import_module(name)
    print("ready", flush=True)  # noqa: T201 - this is how it is told
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if child == 0:
            _play(request)
        print(json.dumps({"pid": child}), flush=True)  # noqa: T201 - as above
        _, status = os.waitpid(child, 0)
        print(json.dumps({"code": os.waitstatus_to_exitcode(status)}), flush=True)  # noqa: T201
    os._exit(0)


def _play(request: dict[str, str]) -> NoReturn:
    from galley.cli.main import call
    from tests.crash.effects import arm

    os.setpgid(0, 0)
    for number, name in ((0, os.devnull), (1, request["out"]), (2, request["err"])):
        os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), number)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environ"])
    _set_scene(request["environ"])
    if plan := request["environ"].get("CRASH_PLAN"):
        arm(plan)
    code = call(list(request["words"]))
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _set_scene(environ: dict[str, str]) -> None:
    """Change what the machine is like: another clock, little room, work that seems more."""
    if shift := float(environ.get("CRASH_CLOCK", "0")):
        now, now_ns = time.time, time.time_ns
        time.time = lambda: now() + shift
        time.time_ns = lambda: now_ns() + int(shift * 1e9)
    if limit := int(environ.get("CRASH_LIMIT", "0")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
    if "CRASH_POOL" in environ:
        import galley.build.engine

        if not hasattr(galley.build.engine, "LITTLE"):  # to set another name would test nothing
            raise AttributeError("galley.build.engine has no LITTLE: what sends work to a pool?")
        galley.build.engine.LITTLE = 1


if __name__ == "__main__":
    main()
