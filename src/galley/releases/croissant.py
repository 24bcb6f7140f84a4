"""Croissant 1.1 with its vocabulary for responsible AI: the release for catalogues and loaders.

Everything in it is said elsewhere in the release already: the files by the manifest, the fields
by the schema, the rest by the datasheet, whose answers become the `rai:` properties.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from galley.releases.card import Card
from galley.releases.datasheet import Answer
from galley.releases.facts import UNKNOWN
from galley.schema.contract import Contract

FILE_NAME = "croissant.json"
_PARQUET = "application/x-parquet"
_WEB = re.compile(r"https?://[^\s<>\"'`\\]+")
# Which answers of the datasheet say what the property asks for.
_RAI = {
    "rai:dataCollection": ("3.1", "3.2"),
    "rai:dataCollectionTimeframe": ("3.5",),
    "rai:dataPreprocessingProtocol": ("4.1",),
    "rai:dataAnnotationProtocol": ("2.5", "3.1"),
    "rai:dataLimitations": ("2.9", "5.4", "5.5"),
    "rai:dataBiases": ("2.3", "2.13"),
    "rai:personalSensitiveInformation": ("2.14", "2.15"),
    "rai:dataUseCases": ("5.3",),
    "rai:dataSocialImpact": ("3.11",),
    "rai:dataReleaseMaintenancePlan": ("7.4", "7.6"),
}
_TYPES = {
    "string": "sc:Text",
    "integer": "sc:Integer",
    "number": "sc:Float",
    "boolean": "sc:Boolean",
}
_OWN = (
    *("arrayShape", "citeAs", "column", "containedIn", "equivalentProperty", "extract", "field"),
    *("fileObject", "fileProperty", "fileSet", "format", "includes", "isArray", "isLiveDataset"),
    *("jsonPath", "key", "md5", "parentField", "path", "recordSet", "references", "regex"),
    *("repeated", "replace", "samplingRate", "separator", "source", "subField", "transform"),
)
# The context of the specification: readers compare it with theirs.
_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    **{name: f"cr:{name}" for name in _OWN},
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
}


@dataclass(frozen=True)
class Subject:
    """What a Croissant file describes.

    Attributes:
        card: What the dataset card says.
        answers: The datasheet, filled in.
        files: The data files as in the manifest: `{"sha256", "bytes"}` by path.
    """

    card: Card
    answers: list[Answer]
    files: Mapping[str, Mapping[str, Any]]

    def describe(self) -> dict[str, Any]:
        """Return the Croissant document."""
        card, release = self.card, self.card.config.release
        found = sorted(card.facts.languages)
        languages = [name for name in found if name not in {"und", UNKNOWN}]
        return {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": [
                "http://mlcommons.org/croissant/1.1",
                "http://mlcommons.org/croissant/RAI/1.0",
            ],
            "name": card.config.name,
            "alternateName": card.title,
            "description": release.description or card.title,
            "version": card.version,
            **({"license": license_link(release.license)} if release.license else {}),
            **({"datePublished": card.date} if card.date else {}),
            **({"inLanguage": languages} if languages else {}),
            "citeAs": f"{card.title}, version {card.version}",
            "isLiveDataset": False,
            **dict(self._rai()),
            **describe_content(card.contract, card.labels.names, self.files),
        }

    def _rai(self) -> Iterator[tuple[str, Any]]:
        texts = {answer.number: answer.text for answer in self.answers}
        for name, numbers in _RAI.items():
            found = [texts[number] for number in numbers if texts.get(number)]
            if found:
                yield name, "\n\n".join(found)
        yield "rai:annotationsPerItem", str(self.card.facts.annotators)


def describe_content(
    contract: Contract, labels: Sequence[str], files: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return what the document says of the data: the files, and the records in each.

    Args:
        contract: The schema of a record.
        labels: The entity labels, in the order of their numbers.
        files: The data files as in the manifest: `{"sha256", "bytes"}` by path.
    """
    paths = sorted(files)
    return {
        "distribution": [_file(path, files[path]) for path in paths],
        "recordSet": [_labels(labels), *(_records(contract, path) for path in paths)],
    }


def _labels(labels: Sequence[str]) -> dict[str, Any]:
    names = ("number", "name")
    types = ("sc:Integer", "sc:Text")
    return {
        "@type": "cr:RecordSet",
        "@id": "labels",
        "name": "labels",
        "dataType": "sc:Enumeration",
        "description": "The entity labels, by the number that stands for them in the rows.",
        "key": {"@id": "labels/number"},
        "field": [
            {"@type": "cr:Field", "@id": f"labels/{name}", "name": name, "dataType": kind}
            for name, kind in zip(names, types, strict=True)
        ],
        "data": [
            {"labels/number": number, "labels/name": name} for number, name in enumerate(labels)
        ],
    }


def _records(contract: Contract, path: str) -> dict[str, Any]:
    _, group, file = path.split("/")
    name = f"{group}-{file.partition('-')[0]}"
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "key": {"@id": f"{name}/id"},
        "field": [
            _field(f"{name}/{key}", node, path, [key]) for key, node in contract.properties.items()
        ],
    }


def license_link(name: str) -> str:
    """Return the address of a licence: of an SPDX identifier, its page there."""
    if _WEB.fullmatch(name):
        return name
    return f"https://spdx.org/licenses/{quote(name, safe='.+-')}.html"


def _file(path: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": path,
        "name": path,
        "contentUrl": path,
        "contentSize": f"{entry['bytes']} B",
        "encodingFormat": _PARQUET,
        "sha256": entry["sha256"],
    }


def _field(name: str, node: dict[str, Any], path: str, keys: list[str]) -> dict[str, Any]:
    """Return the field `name` for the part `keys` of a row."""
    inner = node.get("items", node)
    source: dict[str, Any] = {"fileObject": {"@id": path}, "extract": {"column": keys[0]}}
    if keys[1:]:
        source["transform"] = {"jsonPath": ".".join(keys[1:])}
    return {
        "@type": "cr:Field",
        "@id": name,
        "name": name,
        **({"description": node["description"]} if "description" in node else {}),
        **({"isArray": True, "arrayShape": "-1"} if "items" in node else {}),
        **_kind(name, inner, path, keys),
        "source": source,
    }


def _kind(name: str, node: dict[str, Any], path: str, keys: list[str]) -> dict[str, Any]:
    if "properties" in node:
        parts = node["properties"].items()
        return {
            "subField": [_field(f"{name}/{key}", sub, path, [*keys, key]) for key, sub in parts]
        }
    if node.get("x-vocabulary") == "entities":
        return {"dataType": "sc:Integer", "references": {"field": {"@id": "labels/number"}}}
    kinds = node.get("type", "string")
    known = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if kind != "null"]
    return {"dataType": _TYPES[known[0]]}
