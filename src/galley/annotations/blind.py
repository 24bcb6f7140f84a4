"""Which tasks go out without a suggestion, so that what suggestions do can be measured."""

from galley.hashing import sha256_text

_DIGITS = 12


def is_blind(record_id: str, share: float, *, seed: str = "") -> bool:
    """Tell whether the task of a record is drawn to go without a suggestion.

    The draw depends on nothing but the record and the seed: a larger share draws the same
    records and more.

    Args:
        record_id: The record.
        share: Of all tasks, 0 to 1.
        seed: Another one draws others.
    """
    drawn = int(sha256_text(f"blind:{seed}:{record_id}")[:_DIGITS], 16)
    return drawn < share * float(16**_DIGITS)
