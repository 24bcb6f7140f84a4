"""Derive the labeling config: the annotators' screen, from the two vocabularies.

Everything that the screen shows about tags and labels (names, order, colours, hints) comes
from `tags.yaml` and `entities.yaml`; what a result calls them are their slugs and names.
"""

from dataclasses import replace
from xml.etree import ElementTree as ET

from galley.schema.vocabulary import Label, Labels, Tag, Taxonomy

# The names that results carry in `from_name` and `to_name`.
TEXT, ENTITIES, TAGS = "text", "entities", "tags"

_HOTKEYS = "1234567890"
# Label Studio sets text in 14 px; the labels stay in sight while an annotator reads.
_STYLE = """
.galley { max-width: 50em; margin: 0 auto; padding-bottom: 40vh; }
.galley h2 { margin: 0 !important; line-height: 1.25; }
.galley-source .lsf-richtext__container { color: #6b7280; font-size: 13px; padding: 4px 0; }
.galley-source .lsf-object, .galley-text .lsf-object { margin: 0; }
.galley-tags { display: flex; align-items: center; gap: 12px; padding-top: 8px; }
.galley-tags h4 { margin: 0 !important; }
.galley-tags > :last-child { flex: 1; margin: 0; }
.galley-labels { position: sticky; top: 0; z-index: 2; padding: 8px 0; }
.galley-labels { background: var(--color-neutral-background, #fff); }
.galley-text .lsf-richtext__container { white-space: pre-wrap; padding: 4px 0; }
.galley-text .lsf-richtext__container { font-size: 17px; line-height: 1.7; }
"""


def labeling_config(
    taxonomy: Taxonomy, labels: Labels, *, deprecated: frozenset[str] = frozenset()
) -> str:
    """Return the labeling config as XML: title, source, text with labels, tags.

    Args:
        taxonomy: The tags, offered as a searchable tree of their slugs.
        labels: The entity labels; the first ten have the hotkeys 1 to 9 and 0.
        deprecated: Names that are shown for work that has them, and are not to be used.
    """
    taxonomy, labels = _marked(taxonomy, labels, deprecated)
    view = ET.Element("View")
    ET.SubElement(view, "Style").text = _STYLE
    page = _box(view, "galley")
    ET.SubElement(page, "Header", value="$title", size="3")
    ET.SubElement(
        _box(page, "galley-source"), "HyperText", name="link", value="$link", inline="true"
    )
    _add_tags(_box(page, "galley-tags"), taxonomy)
    _add_labels(_box(page, "galley-labels"), labels)
    # Snapping to words makes names impossible to mark: `Unesco` in `l’Unesco`, all of Chinese.
    text = {"name": TEXT, "value": "$text", "granularity": "symbol", "saveTextResult": "yes"}
    ET.SubElement(_box(page, "galley-text"), "Text", text)
    ET.indent(view)
    return ET.tostring(view, encoding="unicode") + "\n"


def _marked(
    taxonomy: Taxonomy, labels: Labels, deprecated: frozenset[str]
) -> tuple[Taxonomy, Labels]:
    """Return the vocabularies with a word of warning beside what is deprecated."""

    def hint(item: Tag | Label) -> str:
        return f"Not to be used any more. {item.description}".strip()

    tags = tuple(
        replace(tag, label=f"{tag.label} (no more)", description=hint(tag))
        if tag.name in deprecated
        else tag
        for tag in taxonomy.tags
    )
    kept = tuple(
        replace(label, description=hint(label)) if label.name in deprecated else label
        for label in labels.labels
    )
    return Taxonomy(taxonomy.version, tags), Labels(labels.version, kept)


def _box(parent: ET.Element, name: str) -> ET.Element:
    return ET.SubElement(parent, "View", className=name)


def _add_link(box: ET.Element) -> None:
    # Markup that we write ourselves; a record's text never goes into a HyperText.
    ET.SubElement(box, "HyperText", name="link", value="$link", inline="true")


def _add_labels(box: ET.Element, labels: Labels) -> None:
    choices = ET.SubElement(box, "Labels", name=ENTITIES, toName=TEXT, showInline="true")
    for position, label in enumerate(labels.labels):
        _add_label(choices, label, _HOTKEYS[position : position + 1])


def _add_label(parent: ET.Element, label: Label, hotkey: str) -> None:
    element = ET.SubElement(parent, "Label", value=label.name, background=label.color)
    if label.description:
        element.set("hint", label.description)
    if hotkey:
        element.set("hotkey", hotkey)


def _add_tags(box: ET.Element, taxonomy: Taxonomy) -> None:
    ET.SubElement(box, "Header", value="Tags", size="5", underline="false")
    tree = ET.SubElement(
        box,
        "Taxonomy",
        name=TAGS,
        toName=TEXT,
        placeholder="Search and choose tags",
        showFullPath="false",
        minWidth="320px",
        dropdownWidth="320px",
    )
    elements: dict[str | None, ET.Element] = {None: tree}
    for tag in taxonomy.tags:
        elements[tag.name] = _add_tag(elements[tag.parent], tag)


def _add_tag(parent: ET.Element, tag: Tag) -> ET.Element:
    element = ET.SubElement(parent, "Choice", value=tag.label, alias=tag.name)
    if tag.description:
        element.set("hint", tag.description)
    return element
