"""The public names."""

import subprocess
import sys

import galley


def test_all_is_sorted_and_there() -> None:
    """Each name of `__all__` is what it says, with a docstring if it is a function."""
    assert sorted(galley.__all__) == galley.__all__
    assert all(hasattr(galley, name) for name in galley.__all__)
    assert galley.load.__doc__


def test_importing_is_light() -> None:
    """What is heavy is imported when it is used; the name stays a function after it was."""
    code = (
        "import sys, galley; assert not {'datasets', 'pyarrow'} & set(sys.modules)\n"
        "import galley.loading; assert callable(galley.load)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
