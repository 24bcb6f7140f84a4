"""Processes that start quickly: forked from one that has imported what takes long.

Only libraries that read no settings when they are imported are there beforehand. `datasets`,
`huggingface_hub`, `hf_xet` and Galley are imported anew by each process, in its environment.
What a process starts with `sys.executable` comes from the same place, see `launch.py`.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

_LIBRARIES = (
    *("asyncio", "click", "dill", "filelock", "fsspec", "fsspec.asyn", "httpx2", "jinja2"),
    *("jsonschema", "jsonschema_rs", "multiprocess.managers", "multiprocess.pool", "pandas"),
    *("pyarrow.compute", "pyarrow.csv", "pyarrow.dataset", "pyarrow.json", "pyarrow.parquet"),
    *("rich.console", "scipy.io", "tqdm.auto", "xxhash", "yaml"),
)
_LAUNCHER = """#!{python} -IS
import sys
sys.path.append({folder!r})
import launch
launch.main({door!r})
"""


@contextmanager
def run_warm() -> Iterator[Path]:
    """Yield the path of a program that runs Python, quickly, until the block ends."""
    with tempfile.TemporaryDirectory(prefix="warm-") as folder:  # the name of a socket is short
        door, launcher = Path(folder, "door"), Path(folder, "python")
        here = str(Path(__file__).parent)
        launcher.write_text(_LAUNCHER.format(python=sys.executable, folder=here, door=str(door)))
        launcher.chmod(0o755)
        command = [sys.executable, __file__, str(door), str(launcher)]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
            try:
                assert process.stdout is not None
                assert process.stdout.readline() == b"ready\n"
                yield launcher
            finally:
                process.terminate()


def main(door: str, launcher: str) -> NoReturn:
    """Import, then fork a process for each that knocks."""
    for name in _LIBRARIES:
        importlib.import_module(name)
    assert not {"huggingface_hub", "datasets", "galley"} & sys.modules.keys()
    gc.freeze()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for them
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(door)
        listener.listen()
        print("ready", flush=True)  # noqa: T201 - this is how it is told
        while True:
            caller, _ = listener.accept()
            with caller:
                _, files, _, _ = socket.recv_fds(caller, 1, 3)
                if os.fork() == 0:
                    listener.close()
                    _begin(caller, files, launcher)
                for file in files:
                    os.close(file)


def _begin(caller: socket.socket, files: list[int], launcher: str) -> NoReturn:
    """Become the process that the caller asked for, and tell how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request = json.loads(caller.makefile().readline())
    os.setpgid(0, request["group"])
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.executable, sys.path[0], sys.argv = launcher, "", request["words"]
    code: Any = 0
    try:
        _run()
    except SystemExit as end:
        code = end.code
    except BaseException as error:  # noqa: BLE001 - as the interpreter does
        sys.excepthook(type(error), error, error.__traceback__)
        code = 1
    if isinstance(code, str):
        print(code, file=sys.stderr)  # noqa: T201 - as the interpreter does
    number = code if isinstance(code, int) else int(code is not None)
    # As the interpreter does, but for taking the libraries apart, which takes long.
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    caller.sendall(b"%d" % number)
    os._exit(number)


def _run() -> None:
    """Run `-m MODULE …`, `-c CODE …` or a program of this environment."""
    kind, *words = sys.argv
    if kind == "-m":
        sys.argv = words
        runpy.run_module(words[0], run_name="__main__", alter_sys=True)
    elif kind == "-c":
        sys.argv = ["-c", *words[1:]]
        exec(compile(words[0], "<string>", "exec"), {"__name__": "__main__"})  # noqa: S102 - as -c
    else:
        runpy.run_path(kind, run_name="__main__")


if __name__ == "__main__":
    main(*sys.argv[1:])
