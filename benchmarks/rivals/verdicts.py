"""Validation alone: JSON Lines against a JSON Schema.

    python -m benchmarks.rivals.verdicts LIBRARY SCHEMA JSONL [NUMBER]

Prints how many records were checked and the seconds from the first byte of the file to the last
verdict: libraries are imported before.
"""

import json
import sys
import time
from itertools import islice
from pathlib import Path


def main(library: str, schema: str, path: str, number: str = "") -> None:
    """Check the first `number` records of a file, or all."""
    document = json.loads(Path(schema).read_text(encoding="utf-8"))
    if library == "jsonschema":
        from jsonschema import Draft202012Validator  # noqa: PLC0415 - one library in a run

        is_valid = Draft202012Validator(document).is_valid
    else:
        import jsonschema_rs  # noqa: PLC0415 - as above

        is_valid = jsonschema_rs.validator_for(document).is_valid
    begun = time.perf_counter()
    with Path(path).open(encoding="utf-8") as lines:
        chosen = islice(lines, int(number)) if number else lines
        verdicts = [is_valid(json.loads(line)) for line in chosen]
    seconds = time.perf_counter() - begun
    print(json.dumps({"records": len(verdicts), "valid": sum(verdicts), "seconds": seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
