"""What is measured: each part by itself."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.contest import Contender, compete, tell
from benchmarks.corpus import Plan, generate, render
from benchmarks.measure import MeasureError, measure
from benchmarks.places import ALONE, DATA, GALLEY, RAY, RIVALS, ROOT, lay_out, rival

_MANY = Plan(100 * 10**6, files=10_000, seed="many")
_CHECKED = (100_000, 500_000)  # records that are validated: starting takes a fifth of a second
_SLOWLY = 1_000  # the same by what is slow
_PYTHON = GALLEY.with_name("python")
_OFF = {"GALLEY_BUILD_NEAR_DUPLICATE": "0"}
_TOLERANT = {"GALLEY_BUILD_MAX_QUARANTINE": "1"}


@dataclass(frozen=True)
class Course:
    """How to measure.

    Attributes:
        size: Bytes of the corpus.
        growth: Sizes for the part `growth`.
        rounds: Rounds of each contest.
        limit: Seconds for one run.
        names: The folder of corpora with marked names, for the parts `names` and `suspects`.
        wires: The folder of wires with topics, for the part `tags`.
    """

    size: int
    growth: tuple[int, ...]
    rounds: int = 3
    limit: float = 600.0
    names: Path | None = None
    wires: Path | None = None


def measure_build(course: Course) -> dict[str, Any]:
    """Let Galley, a plain script, datatrove and the limit build the same files."""
    plan = Plan(course.size)
    raw, facts = _corpus(plan)
    rivals = [
        Contender("plain script", lambda out: rival("naive", raw, out), prepare=_folder),
        Contender("datatrove", lambda out: rival("trove", raw, out), result="data"),
        Contender("limit", lambda out: rival("limit", raw, out)),
    ]
    ours = _galleys(raw)
    folder = DATA / "build"
    scores = compete([*ours, *rivals], folder, rounds=course.rounds, limit=course.limit)
    found = {contender.name: _found(folder / contender.folder) for contender in ours}
    return {"plan": asdict(plan), "facts": facts, "scores": scores, "found": found}


def measure_near(course: Course) -> dict[str, Any]:
    """Let libraries find near-duplicates in the texts that Galley built."""
    records = _built(course) / "build" / "out" / "records"
    contenders = [
        Contender(name, lambda _, name=name: rival("near", name, records))
        for name in ("gaoya", "rensa", "datasketch")
    ]
    scores = compete(contenders, DATA / "near", rounds=course.rounds, limit=course.limit)
    return {"scores": scores}


def measure_validation(course: Course) -> dict[str, Any]:
    """Validate the same records with Galley, jsonschema and jsonschema-rs."""
    records = _built(course) / "build" / "out" / "records"
    schema = ROOT / "schema" / "article.schema.json"
    files = [_annotated(records, number) for number in _CHECKED]
    contenders = [
        Contender(
            f"galley validate, {kind}, {number:,} records",
            lambda _, path=path: _validate(path, schema),
        )
        for number, paths in zip(_CHECKED, files, strict=True)
        for kind, path in paths.items()
    ]
    lines = files[0]["JSON Lines"]
    contenders += [
        Contender("jsonschema-rs", lambda _: rival("verdicts", "jsonschema-rs", schema, lines)),
        Contender(
            "jsonschema",
            lambda _: rival("verdicts", "jsonschema", schema, lines, str(_SLOWLY)),
        ),
    ]
    scores = compete(contenders, DATA / "validation", rounds=course.rounds, limit=course.limit)
    return {"slowly": _SLOWLY, "scores": scores}


def _annotated(records: Path, number: int) -> dict[str, Path]:
    """Return files of so many records with annotations, by what kind they are."""
    folder = DATA / "checked" / str(number)
    measure([_PYTHON, "-m", "benchmarks.annotated", records, folder, str(number)])
    return {"JSON Lines": folder / "records.jsonl", "Parquet": folder / "records.parquet"}


def measure_growth(course: Course) -> dict[str, Any]:
    """Build corpora of growing size; time and memory in one run each."""
    rows: list[dict[str, Any]] = []
    for size in course.growth:
        raw, facts = _corpus(Plan(size))
        for contender in (_galleys(raw)[0], _galleys(raw)[-1]):
            (score,) = compete([contender], DATA / "growth", rounds=1, limit=course.limit * 4)
            rows.append({"bytes": facts["bytes"], **score})
    return {"rows": rows}


def measure_rebuild(course: Course) -> dict[str, Any]:
    """Build again, with nothing new and with one file more: 10,000 short files, and the corpus."""
    return {"rows": [_rebuilt(plan, course) for plan in (_MANY, Plan(course.size))]}


def _rebuilt(plan: Plan, course: Course) -> dict[str, Any]:
    """Build files, then again with nothing new, then with one file more each time."""
    source, facts = _corpus(plan)
    raw = DATA / "many"
    shutil.rmtree(raw, ignore_errors=True)
    shutil.copytree(source, raw)
    workspace = DATA / "rebuild"
    shutil.rmtree(workspace, ignore_errors=True)
    lay_out(workspace, raw)
    command = _build(workspace)
    first = measure(command, environ=_TOLERANT, limit=course.limit * 2)
    tell(f"{facts['files']} files from nothing {first.wall:7.2f} s")
    nothing, more = [], []
    for number in range(course.rounds):
        nothing.append(measure(command, environ=_TOLERANT, limit=course.limit).wall)
        name, data = render(Plan(10**6, files=100, seed="more"), number)
        target = raw / "listing" / "more" / Path(name).name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(data)
        more.append(measure(command, environ=_TOLERANT, limit=course.limit).wall)
        tell(f"{'nothing new, one file more':28} {nothing[-1]:7.2f} s  {more[-1]:7.2f} s")
    return {"facts": facts, "first": first.wall, "nothing": nothing, "more": more}


def measure_ray(course: Course) -> dict[str, Any]:
    """Let a cluster that is there already build what one machine builds, in the same Python."""
    if not RAY.exists():
        raise MeasureError("Ray is not installed: run `make ray`")
    raw, facts = _corpus(Plan(course.size))
    result = "build/out/records"

    def build(out: Path) -> list[str | Path]:
        return [RAY / "galley", "build", raw, "--out", out / "build" / "out", "--json"]

    with _cluster() as address:
        contenders = [
            Contender("galley", build, environ=_TOLERANT, result=result),
            Contender(
                "galley, Ray",
                lambda out: [*build(out), "--engine", "ray"],
                environ=_TOLERANT | ALONE | {"RAY_ADDRESS": address},
                result=result,
            ),
        ]
        folder = DATA / "ray"
        scores = compete(contenders, folder, rounds=course.rounds, limit=course.limit)
    manifests = [folder / contender.folder / "build/out/manifest.json" for contender in contenders]
    same = len({path.read_bytes() for path in manifests}) == 1
    return {"facts": facts, "scores": scores, "same": same}


@contextmanager
def _cluster() -> Iterator[str]:
    """Yield the address of a cluster on this machine; it ends when its stdin is closed."""
    command = [RAY / "python", "-m", "benchmarks.cluster"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | ALONE, text=True, stdin=pipe, stdout=pipe
    ) as process:
        yield str(process.stdout and process.stdout.readline().strip())


def measure_steps(course: Course) -> dict[str, Any]:
    """Take the time of each step of a build by itself, on one core."""
    return dict(json.loads(measure([_PYTHON, "-m", "benchmarks.steps"], limit=course.limit).said))


def measure_suggest(course: Course) -> dict[str, Any]:
    """Teach suggesters and ask them: what it costs."""
    command = [_PYTHON, "-m", "benchmarks.taught", "1000", "10000"]
    cost = measure(command, limit=course.limit * 6)
    return {"cost": {**json.loads(cost.said), "cpu": cost.cpu}}


def measure_tags(course: Course) -> dict[str, Any]:
    """Teach suggesters with more and more records: how well they find tags, beside others."""
    wires = [course.wires] if course.wires else []
    if not wires:
        tell("no real tags: --wires DIR, or WIRES=DIR, says where wires with topics are")
    said = measure([_PYTHON, "-m", "benchmarks.topics", *wires], limit=course.limit * 6).said
    return {"rows": [json.loads(line) for line in said.splitlines()]}


def measure_names(course: Course) -> dict[str, Any]:
    """Teach suggesters with more and more sentences of corpora of names: the learning curve."""
    return {"rows": _on_names(course, "curve", limit=course.limit * 12)}


def measure_suspects(course: Course) -> dict[str, Any]:
    """Plant mistakes in corpora of names, and count those among the first suspects."""
    return {"rows": _on_names(course, "mistakes", limit=course.limit * 6)}


def _on_names(course: Course, module: str, limit: float) -> list[dict[str, Any]]:
    """Return the lines that a module prints of corpora of names."""
    if course.names is None:
        raise MeasureError("--names DIR, or NAMES=DIR, says where corpora of names are")
    command = [_PYTHON, "-m", f"benchmarks.{module}", course.names]
    said = measure(command, limit=limit).said
    if not said:
        raise MeasureError(f"no corpus of marked names is in {course.names}")
    return [json.loads(line) for line in said.splitlines()]


PARTS = {
    "build": measure_build,
    "near": measure_near,
    "validation": measure_validation,
    "rebuild": measure_rebuild,
    "growth": measure_growth,
    "ray": measure_ray,
    "steps": measure_steps,
    "suggest": measure_suggest,
    "tags": measure_tags,
    "names": measure_names,
    "suspects": measure_suspects,
}


def _corpus(plan: Plan) -> tuple[Path, dict[str, int]]:
    """Return where the raw files of `plan` are, in the page cache, and what is in them."""
    folder = DATA / f"corpus-{plan.size}-{plan.files}-{plan.seed}"
    facts = generate(plan, folder)
    for path in (folder / "raw").rglob("*.txt"):
        path.read_bytes()
    return folder / "raw", facts


def _galleys(raw: Path) -> list[Contender]:
    """Return Galley without near-duplicates, with them, and with a registry of ids besides."""
    result = "build/out/records"

    def build(out: Path) -> list[str | Path]:
        return [GALLEY, "build", raw, "--out", out / "build" / "out", "--json"]

    return [
        Contender("galley", build, environ=_TOLERANT | _OFF, result=result),
        Contender("galley, near-duplicates", build, environ=_TOLERANT, result=result),
        Contender(
            "galley, workspace",
            _build,
            prepare=lambda workspace: lay_out(workspace, raw),
            environ=_TOLERANT,
            result=result,
        ),
    ]


def _build(workspace: Path) -> list[str | Path]:
    return [GALLEY, "build", "--workspace", workspace, "--json"]


def _validate(path: Path, schema: Path) -> list[str | Path]:
    return [GALLEY, "validate", path, "--schema", schema, "--json"]


def _folder(folder: Path) -> None:
    folder.mkdir()


def _built(course: Course) -> Path:
    """Return a workspace in which the corpus is built, near-duplicates and all."""
    raw, _ = _corpus(Plan(course.size))
    workspace = DATA / "built" / str(course.size)
    if not (workspace / "build" / "out" / "manifest.json").exists():
        shutil.rmtree(workspace, ignore_errors=True)
        workspace.parent.mkdir(parents=True, exist_ok=True)
        lay_out(workspace, raw)
        measure(_build(workspace), environ=_TOLERANT, limit=course.limit)
    return workspace


def _found(workspace: Path) -> dict[str, int]:
    """Return what a build of Galley wrote: to be held against what the corpus holds."""
    out = workspace / "build" / "out"
    if not (out / "manifest.json").exists():
        return {}
    script = (
        "import sys, pyarrow.dataset as ds; t = ds.dataset(sys.argv[1]).to_table(['cluster']);"
        "print(t.num_rows, len(t['cluster'].unique()))"
    )
    said = measure([RIVALS, "-c", script, out / "records"]).said
    records, clusters = map(int, said.split())
    account = (out / "account.parquet").stat().st_size if (out / "account.parquet").exists() else 0
    return {"records": records, "clusters": clusters, "account": account}
