"""The manifest: which files a stage wrote, from what, with their hashes."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from galley.errors import WorkspaceError
from galley.files import write_json
from galley.hashing import sha256_file, sha256_json
from galley.schema.issue import Issue

FILE_NAME = "manifest.json"
_FORMAT = 1


@dataclass(frozen=True)
class Manifest:
    """What a folder holds and what it was made from.

    Attributes:
        kind: `build` or `release`.
        inputs: Everything that decides the bytes of the files, as JSON.
        files: For each file, its path in the folder (with `/`) to `{"sha256", "bytes"}`.
        facts: What readers need without opening the files, as JSON.
    """

    kind: str
    inputs: dict[str, Any]
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> "Manifest | None":
        """Read the manifest in `folder`, or return None where there is none.

        Raises:
            WorkspaceError: There is one that cannot be read.
        """
        path = folder / FILE_NAME
        if not path.exists():
            return None
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
            names = ("kind", "inputs", "files", "facts")
            manifest = cls(**{name: document[name] for name in names})
            _check_kinds(manifest)
        except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
            raise WorkspaceError(
                f"{path} cannot be read: {error!r}",
                code="manifest_unreadable",
                hint="run the command that wrote it again, with --force",
            ) from error
        return manifest

    def write(self, folder: Path) -> None:
        """Write the manifest into `folder`, last of all its files."""
        write_json(
            folder / FILE_NAME,
            {
                "format": _FORMAT,
                "kind": self.kind,
                "inputs": self.inputs,
                "files": self.files,
                "facts": self.facts,
            },
        )

    def issues(self, folder: Path) -> list[Issue]:
        """Return where the files in `folder` differ from the manifest, by path."""
        found = {path: folder / path for path in list_files(folder) if path != FILE_NAME}
        issues = [Issue(path, "file_extra", "no such file", "a file") for path in found]
        issues = [issue for issue in issues if issue.path not in self.files]
        for path, entry in self.files.items():
            if path not in found:
                issues.append(Issue(path, "file_missing", entry["sha256"], "no such file"))
            elif (digest := sha256_file(found[path])) != entry["sha256"]:
                issues.append(Issue(path, "file_hash", entry["sha256"], digest))
        return sorted(issues)

    def is_whole(self, folder: Path) -> bool:
        """Return whether each of its files is in `folder` as it was written; others may be."""
        return all(issue.code == "file_extra" for issue in self.issues(folder))


def _check_kinds(manifest: Manifest) -> None:
    tables = (manifest.inputs, manifest.files, manifest.facts)
    entries = manifest.files.values() if isinstance(manifest.files, dict) else ()
    if not all(isinstance(table, dict) for table in (*tables, *entries)):
        raise TypeError("an object is expected")
    if not all(isinstance(entry["sha256"], str) for entry in entries):
        raise TypeError("a hash is expected")


def hash_records(folder: Path) -> str:
    """Return one hash for the records that a build wrote into `folder`; of none without a build."""
    manifest = Manifest.load(folder)
    files = {} if manifest is None else manifest.files
    return sha256_json({name: files[name] for name in files if name.startswith("records/")})


def list_files(folder: Path) -> list[str]:
    """Return the paths of all files below `folder`, with `/`, sorted."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def hash_files(folder: Path) -> dict[str, dict[str, Any]]:
    """Return the `files` of a manifest for all that `folder` holds, the manifest aside."""
    paths = [path for path in list_files(folder) if path != FILE_NAME]
    return {path: entry_of(folder / path) for path in paths}


def entry_of(path: Path) -> dict[str, Any]:
    """Return what a manifest says of a file: its hash and size."""
    return {"sha256": sha256_file(path), "bytes": path.stat().st_size}
