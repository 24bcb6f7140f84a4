"""What is called readable by the schemas alone is readable; what raises the version, raises it."""

import copy
from typing import Any

from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from galley.errors import SchemaError
from galley.releases.diff import State, compare
from galley.releases.version import Level
from galley.schema.check import Checker
from galley.schema.contract import Contract
from galley.schema.evolution import Rows, compare_labels, compare_schemas, fill
from galley.schema.features import derive_features
from tests.factory import make_corrected, make_record

DOCUMENT = Contract.default().document
LABELS = ["PER", "ORG", "GPE"]
ROWS = [
    make_record(1),
    make_corrected(2),
    make_corrected(
        3, deck="x", url="y", authors=["A", "A"], text="TIMES 😀 Marlow Sound Ada Quill"
    ),
    make_record(4, published=None, source_tags=[], title="Z" * 50),
]
SCALARS = ["string", "integer", "number", "boolean"]
TYPES = st.sampled_from([*SCALARS, *(["null", name] for name in SCALARS)])
NODES = st.fixed_dictionaries({"type": TYPES})
# An edit of one node: a keyword and what to set it to, None to take it away.
EDITS = st.one_of(
    st.tuples(st.just("type"), TYPES),
    st.tuples(st.sampled_from(["minLength", "minItems", "minimum"]), st.integers(0, 3)),
    st.tuples(st.sampled_from(["maxLength", "maxItems", "maximum"]), st.integers(0, 99)),
    st.tuples(st.just("pattern"), st.sampled_from(["^[0-9a-f]{32}$", "^A", ""])),
    st.tuples(st.just("enum"), st.just(["source", "corrected"])),
    st.tuples(st.just("additionalProperties"), st.booleans()),
    st.tuples(st.just("uniqueItems"), st.booleans()),
    st.tuples(st.just("x-arrow"), st.just("large_string")),
    st.tuples(st.just("x-vocabulary"), st.sampled_from(["entities", "tags"])),
    st.tuples(st.just("const"), st.just("x")),
    st.tuples(
        st.sampled_from(["pattern", "minLength", "enum", "x-arrow", "x-vocabulary", "description"]),
        st.none(),
    ),
    st.tuples(st.just("new"), NODES),
    st.tuples(st.just("drop"), st.integers(0, 30)),
    st.tuples(st.just("demand"), st.sampled_from(["new", "deck", "text"])),
    st.tuples(st.just("permit"), st.integers(0, 30)),
)


def nodes(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return `node` and all schemas below it."""
    below = [*node.get("properties", {}).values(), *([node["items"]] if "items" in node else [])]
    return [node, *(found for part in below for found in nodes(part))]


def apply(node: dict[str, Any], key: str, value: Any) -> None:
    """Apply an edit to `node`, where it makes sense."""
    fields, needed = node.get("properties"), node.get("required")
    if key in {"new", "drop", "demand", "permit"}:
        if fields is None or needed is None:
            return
        if key == "new":
            fields["new"] = value
        elif key == "drop":
            name = list(fields)[value % len(fields)]
            del fields[name]
            needed[:] = [item for item in needed if item != name]
        elif key == "demand" and value in fields and value not in needed:
            needed.append(value)
        elif key == "permit" and needed:
            needed.pop(value % len(needed))
    elif key == "type" and {"properties", "items", "x-arrow", "x-vocabulary"} & node.keys():
        return
    elif key.startswith("x-") and "string" not in node.get("type", ()):
        return  # such a keyword decides about the column, whatever the type says
    elif value is None:
        node.pop(key, None)
    else:
        node[key] = value


@st.composite
def schemas(draw: Any) -> dict[str, Any]:
    """Draw the default schema after up to four edits."""
    document = copy.deepcopy(DOCUMENT)
    for key, value in draw(st.lists(EDITS, max_size=4)):
        places = nodes(document)
        apply(places[draw(st.integers(0, len(places) - 1))], key, value)
    return document


MANY = settings(max_examples=400, suppress_health_check=list(HealthCheck))


@MANY
@given(schemas(), schemas())
def test_a_verdict_by_the_schemas_holds_for_rows(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Rows valid before are valid after, if every change says so."""
    changes = list(compare_schemas(old, new))
    assume({change.rows for change in changes} <= {Rows.VALID})
    before, after = Checker(Contract(old)), Checker(Contract(new))
    for row in ROWS:
        if before.accepts(row):
            assert after.accepts(fill(new, row)), changes


@MANY
@given(schemas(), schemas(), st.permutations(LABELS), st.integers(0, 3))
def test_levels_are_what_a_release_would_compute(
    old: dict[str, Any], new: dict[str, Any], labels: list[str], kept: int
) -> None:
    """The features of two releases by these schemas differ as far as the changes say."""
    try:
        were, are = (
            derive_features(Contract(document), names).to_dict()
            for document, names in ((old, LABELS), (new, labels[:kept]))
        )
    except SchemaError:
        reject()
    assume("ClassLabel" in str(were) and "ClassLabel" in str(are))
    expected = compare(State({}, were), State({}, are)).level
    changes = [*compare_schemas(old, new), *compare_labels(LABELS, labels[:kept])]
    got = max((Level[change.level] for change in changes), default=Level.NONE)
    assert max(got, Level.PATCH) == max(expected, Level.PATCH), changes
