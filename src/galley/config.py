"""What can be set, and the defaults: `galley.settings` reads them."""

from dataclasses import dataclass, field

ENGINES = ("local", "ray")
SUGGESTERS = ("source_tags", "gazetteer", "learned", "spacy")
POLICIES = ("latest", "majority", "unanimous")
SPLIT_BY = ("hash", "publisher", "date")


@dataclass(frozen=True, slots=True)
class BuildConfig:
    """`[tool.galley.build]`.

    Attributes:
        max_quarantine: The share of files, 0 to 1, that may be quarantined before a build
            ends with exit code 1.
        near_duplicate: Jaccard similarity of word shingles, 0 to 1, from which two texts
            share a cluster; 0 for no clusters.
        workers: Processes; 0 for one per core.
        shards: Buckets that source files are divided into: a change redoes one of them. There
            are twice as many, and so on up to a thousand, where one would have more than 64 MB.
        max_bytes: What a file may have, unpacked; a larger one is quarantined.
        engine: What runs the build: `local` for processes of this machine, or `ray`.
        address: Of the Ray cluster; empty for RAY_ADDRESS, else for one on this machine.
    """

    max_quarantine: float = 0.0
    near_duplicate: float = 0.7
    workers: int = 0
    shards: int = 16
    max_bytes: int = 1 << 30
    engine: str = "local"
    address: str = ""


@dataclass(frozen=True, slots=True)
class StudioConfig:
    """`[tool.galley.studio]`.

    Attributes:
        port: The port of the embedded server; a busy one is an error. 0 takes the first free
            one from 8980 on, and keeps it.
        url: Another server; LABEL_STUDIO_URL stands over it. Empty for the embedded one.
        batch: Tasks in one import request, 1 to 5,000.
    """

    port: int = 0
    url: str = ""
    batch: int = 500


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """`[tool.galley.network]`: what is put up with from Label Studio and from the Hub.

    Attributes:
        connect: Seconds for a connection to be made.
        silence: Seconds without a byte after which an answer is given up.
        total: Seconds that a request may take in all, and one more for each 20 kB that it moves.
        retries: How often a request is sent again that did not take effect, or may do so twice.
            Pauses of 0.5 s, 1 s, 2 s … lie between.
        patience: Seconds that a server's `Retry-After` is heeded for; one that asks for more
            ends in an error that says so.
    """

    connect: float = 10.0
    silence: float = 120.0
    total: float = 300.0
    retries: int = 4
    patience: float = 300.0


@dataclass(frozen=True, slots=True)
class MergeConfig:
    """`[tool.galley.annotations.merge]`: who is right where people differ.

    A policy is `latest` (the last annotation), `majority` (more than half), `unanimous`, or
    `annotator:` with a pseudonym or an e-mail address. What a policy leaves open waits for
    `galley push --queue adjudicate`.

    Attributes:
        default: The policy of what has none of its own.
        tags: By tag.
        entities: By entity label.
    """

    default: str = "latest"
    tags: dict[str, str] = field(default_factory=dict)
    entities: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnnotationsConfig:
    """`[tool.galley.annotations]`.

    Attributes:
        guideline: Version of `annotations/guidelines.md`, written into each event.
        overlap: How many people annotate each task, 1 or more.
        blind: The share of tasks, 0 to 1, that go out without a suggestion, to measure what
            suggestions do.
        seed: Salts the draw of those tasks, and of what `galley push --by` sends where nothing
            else decides.
        merge: Who is right where people differ.
    """

    guideline: str = "1"
    overlap: int = 1
    blind: float = 0.0
    seed: str = ""
    merge: MergeConfig = field(default_factory=MergeConfig)


@dataclass(frozen=True, slots=True)
class SuggestConfig:
    """`[tool.galley.suggest]`.

    Attributes:
        suggesters: Who proposes tags and entities, of `source_tags`, `gazetteer`, `learned` and
            `spacy`: what an earlier one proposes stands, a later one adds to it.
        lists: From an entity label to files of the workspace with names for the gazetteer, one
            on each line.
        spacy: The folder of a spaCy pipeline, from the workspace on; empty for none.
        spacy_labels: What labels of that pipeline are called in `entities.yaml`, where they
            have another name there.
        workers: Processes; 0 for one per core.
    """

    suggesters: list[str] = field(default_factory=lambda: ["source_tags", "gazetteer"])
    lists: dict[str, list[str]] = field(default_factory=dict)
    spacy: str = ""
    spacy_labels: dict[str, str] = field(default_factory=dict)
    workers: int = 0


@dataclass(frozen=True, slots=True)
class ReleaseConfig:
    """`[tool.galley.release]`.

    Attributes:
        title: What the dataset card is headed with; empty for the workspace's name.
        description: One paragraph for the card.
        license: SPDX identifier of the dataset as a whole.
        licenses: The licences that a record may have to be published; without any, `license`.
        splits: Share of each split among new clusters; they add up to 1.
        seed: Salts the hash that draws the split of a new cluster.
        split_by: What decides on a new cluster: `hash` (its own draw), `publisher` (all records
            of one draw together) or `date` (its first publication, see `split_dates`). With the
            last two, records that nobody corrected are withheld where they belong to no train.
        split_dates: The day, as `2024-06-30`, from which on a record belongs to each split.
    """

    title: str = ""
    description: str = ""
    license: str = ""
    licenses: list[str] = field(default_factory=list)
    splits: dict[str, float] = field(
        default_factory=lambda: {"train": 0.8, "validation": 0.1, "test": 0.1}
    )
    seed: str = ""
    split_by: str = "hash"
    split_dates: dict[str, str] = field(default_factory=dict)

    @property
    def publishable(self) -> list[str]:
        """The licences that a record may have to be published."""
        return self.licenses or ([self.license] if self.license else [])


@dataclass(frozen=True, slots=True)
class Config:
    """`[tool.galley]`.

    Attributes:
        name: The dataset's name: of the Label Studio project and of the release.
    """

    name: str = "dataset"
    build: BuildConfig = field(default_factory=BuildConfig)
    studio: StudioConfig = field(default_factory=StudioConfig)
    annotations: AnnotationsConfig = field(default_factory=AnnotationsConfig)
    suggest: SuggestConfig = field(default_factory=SuggestConfig)
    release: ReleaseConfig = field(default_factory=ReleaseConfig)
    network: NetworkConfig = field(default_factory=NetworkConfig)

    @property
    def title(self) -> str:
        """What people call the dataset."""
        return self.release.title or self.name
