"""The Python environment that the Label Studio server runs in.

The server and Galley ask for different versions of the same packages, and it weighs about
1 GB: so it has an environment of its own, in the user's cache, shared by all workspaces.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from galley.annotations.studio import settings
from galley.annotations.studio.notify import Notify
from galley.annotations.studio.turn import turn
from galley.errors import StudioError
from galley.files import write_text
from galley.hashing import sha256_text

# States which pins the environment holds; before that, that Galley is making it.
_MARK = "galley.txt"
_UNFINISHED = "unfinished"
# Seconds between two signs of life of a long step.
_HEARTBEAT = 10
# Like pip, uv is to trust the certificates that the machine trusts.
_UV = {"UV_SYSTEM_CERTS": "true"}


@dataclass(frozen=True, slots=True)
class Environment:
    """A folder with the Label Studio server in it.

    Attributes:
        folder: The virtual environment.
    """

    folder: Path

    @classmethod
    def default(cls, environ: Mapping[str, str] = os.environ) -> "Environment":
        """Return the environment at GALLEY_STUDIO_ENV, else the one in the user's cache."""
        if named := environ.get("GALLEY_STUDIO_ENV"):
            return cls(Path(named).absolute())
        from platformdirs import user_cache_path  # noqa: PLC0415 - not needed for --help

        python = f"py{sys.version_info.major}.{sys.version_info.minor}"
        name = f"label-studio-{_version()}-{python}-{_pins_sha256()[:12]}"
        return cls(user_cache_path("galley") / name)

    @property
    def installed(self) -> bool:
        """Whether the environment is complete and holds what the pins ask for."""
        return self._mark() == _pins_sha256()

    @property
    def program(self) -> Path:
        """The `label-studio` command."""
        return self.folder / "bin" / "label-studio"

    @property
    def database(self) -> Path:
        """A migrated database without users: starting from it saves half a minute."""
        return self.folder / "galley" / settings.DATABASE

    def require(self) -> None:
        """Raise unless the environment is installed.

        Raises:
            StudioError: It is not.
        """
        if not self.installed:
            raise StudioError(
                f"Label Studio {_version()} is not installed in {self.folder}",
                code="studio_not_installed",
                hint="run `galley studio install`: about 1 GB, once for all workspaces",
            )

    def install(self, notify: Notify) -> bool:
        """Install Label Studio from the pins, unless it is there.

        Two that install at once wait for each other; what an interrupted one left is redone.

        Returns:
            Whether anything had to be done.

        Raises:
            StudioError: The folder belongs to somebody else, or the installation failed.
        """
        if self.installed:
            return False
        with turn(self.folder, notify):
            if self.installed:
                return False
            self._install(notify)
        return True

    def _install(self, notify: Notify) -> None:
        self._claim()
        notify(f"installing Label Studio {_version()} into {self.folder} (about 1 GB)")
        with resources.as_file(_pins()) as pins:
            _install_pins(self.folder, pins, notify)
        notify("preparing its empty database")
        self._prepare_database(notify)
        write_text(self.folder / _MARK, _pins_sha256() + "\n")

    def _claim(self) -> None:
        """Empty the folder if it is ours to empty, and mark it as unfinished."""
        if self.folder.exists() and any(self.folder.iterdir()):
            if self._mark() is None:
                raise StudioError(
                    f"{self.folder} is not empty and was not made by Galley",
                    code="studio_folder",
                    hint="let GALLEY_STUDIO_ENV name a folder that is empty or does not exist",
                )
            shutil.rmtree(self.folder)
        write_text(self.folder / _MARK, _UNFINISHED + "\n")

    def _mark(self) -> str | None:
        path = self.folder / _MARK
        return path.read_text(encoding="utf-8").strip() if path.exists() else None

    def _prepare_database(self, notify: Notify) -> None:
        """Let the server migrate an empty database, and keep that file alone.

        The rest of what it writes, a secret key among it, must not be shared.
        """
        data = self.folder / "galley" / "migrated"
        data.mkdir(parents=True)
        # `version` migrates, prints and ends.
        _run([str(self.program), "version"], notify, environ=settings.environ(data))
        (data / settings.DATABASE).replace(self.database)
        shutil.rmtree(data)


def _pins() -> resources.abc.Traversable:
    return resources.files("galley.annotations.studio").joinpath("requirements.txt")


def _pins_sha256() -> str:
    return sha256_text(_pins().read_text(encoding="utf-8"))


def _version() -> str:
    lines = _pins().read_text(encoding="utf-8").splitlines()
    pin = next(line for line in lines if line.startswith("label-studio=="))
    return pin.split("==")[1].split()[0]


def _install_pins(folder: Path, pins: Path, notify: Notify) -> None:
    """Fill `folder` with what `pins` names: by uv if there is one, else, or if it fails, by pip."""
    _run([sys.executable, "-m", "venv", "--without-pip", str(folder)], notify)
    python = str(folder / "bin" / "python")
    options = ["install", "--quiet", "--require-hashes", "-r", str(pins)]
    uv = _uv()
    if uv is not None:
        try:
            # Compiled, as pip does: a server that compiles as it starts takes twice as long.
            uv_options = [*options, "--compile-bytecode", "--python", python]
            _run([uv, "pip", *uv_options], notify, environ=_UV | os.environ)
        except StudioError as error:
            # The machine's index may be known to pip alone.
            notify(f"uv failed, trying pip: {error.message}")
        else:
            return
    _run([sys.executable, "-m", "pip", "--python", python, *options], notify)


def _uv() -> str | None:
    beside = Path(sys.executable).with_name("uv")
    return str(beside) if beside.exists() else shutil.which("uv")


def _run(command: list[str], notify: Notify, *, environ: dict[str, str] | None = None) -> None:
    """Run `command`, and say now and then that it still runs.

    Raises:
        StudioError: It failed; the message ends with the last that it said.
    """
    pipe = subprocess.PIPE
    begun = time.monotonic()
    with subprocess.Popen(
        command, env=environ, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True
    ) as process:
        while True:
            try:
                out, err = process.communicate(timeout=_HEARTBEAT)
                break
            except subprocess.TimeoutExpired:
                notify(f"still at it after {time.monotonic() - begun:.0f} s")
    if process.returncode:
        raise StudioError(
            f"`{' '.join(command[:4])} …` failed: {(err or out).strip()[-600:]}",
            code="studio_install",
            hint="mend the cause, then run `galley studio install` again",
        )
