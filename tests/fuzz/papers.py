"""Papers of a workspace, to be changed: settings, sources, a migration, registries."""

from typing import Any

PYPROJECT = """[tool.galley]
name = "x"
[tool.galley.build]
max_quarantine = 0.5
workers = 2
[tool.galley.annotations.merge]
tags = { trade = "majority" }
[tool.galley.suggest]
lists = { ORG = ["a.txt"] }
[tool.galley.release]
splits = { train = 0.8, test = 0.2 }
licenses = ["CC0-1.0"]
"""
SOURCES = """[[source]]
name = "a"
files = ["raw/*.txt"]
publisher = "A"
license = "CC0-1.0"
languages = ["en"]
encoding = "cp1252"
format = "csv"
fields = { text = "body" }
"""
MIGRATION = b"""from: "0"
to: "1"
tags:
  - {rename: labour, to: work}
  - {split: culture, to: [arts, museums]}
  - {deprecate: sport}
"""
_LINE = {"id": "a" * 32, "kind": "text", "key": "b" * 64, "sketch": "0" * 192}
_NAMED = {"id": "a" * 32, "kind": "title", "key": "c" * 64}
REGISTRIES: dict[str, Any] = {
    "identity.jsonl": [
        _LINE,
        _NAMED,
        _NAMED | {"kind": "url"},
        {"id": "a" * 32, "kind": "alias", "key": "d" * 32},
    ],
    "s.json": {
        "files": 1,
        "articles": 2,
        "least": 1,
        "lines": {"a" * 16: [2, "inside"]},
        "format": 1,
        "source": "s",
        "sketch": [],
    },
    "manifest.json": {
        "format": 1,
        "kind": "build",
        "inputs": {},
        "facts": {},
        "files": {"a": {"sha256": "b" * 64, "bytes": 1}},
    },
}
