"""Found by each Python that a command starts: what it does is counted too."""

import importlib.util
import os
from pathlib import Path

if plan := os.environ.get("CRASH_PLAN"):
    place = Path(__file__).parent.parent / "effects.py"
    spec = importlib.util.spec_from_file_location("crash_effects", place)
    if spec and spec.loader:
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        module.arm(plan)
