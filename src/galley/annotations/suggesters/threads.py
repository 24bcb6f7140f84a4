"""One thread for numbers: sums come out the same whatever else the cores do, and no core waits."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep the numerical libraries, all that are used here, to one thread."""
    # What is loaded later would not be held to it.
    import scipy.linalg  # noqa: PLC0415 - slow to import
    import sklearn.cluster  # noqa: PLC0415
    import sklearn.linear_model  # noqa: PLC0415
    import sklearn.svm  # noqa: PLC0415
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    del scipy, sklearn
    with threadpool_limits(1):
        yield
