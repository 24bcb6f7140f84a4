"""How the embedded Label Studio is configured: through its environment alone.

Nothing of it stands on a command line, which every user of the machine can read.
"""

import os
from pathlib import Path

# The name that Label Studio gives its SQLite file.
DATABASE = "label_studio.sqlite3"

# It reads settings by bare names too (HOST, PORT, CI, DEBUG, USERNAME): only these pass.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ")


def environ(data: Path) -> dict[str, str]:
    """Return the environment of a server that keeps its data in the folder `data`."""
    passed = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return passed | {
        "DO_NOT_TRACK": "1",
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "LABEL_STUDIO_BASE_DATA_DIR": str(data),
        # Nothing leaves this machine.
        "LABEL_STUDIO_COLLECT_ANALYTICS": "false",
        "LABEL_STUDIO_SENTRY_DSN": "",
        "LABEL_STUDIO_FRONTEND_SENTRY_DSN": "",
        "LABEL_STUDIO_LATEST_VERSION_CHECK": "false",
        # Nothing reaches it but this machine's browser, on its own pages.
        "LABEL_STUDIO_ALLOWED_HOSTS": "127.0.0.1,localhost",
        "LABEL_STUDIO_CORS_ALLOW_ALL_ORIGINS": "false",
        "LABEL_STUDIO_DISABLE_SIGNUP_WITHOUT_LINK": "true",
        "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
        "LABEL_STUDIO_LOG_LEVEL": "ERROR",
    }


def login(*, username: str, password: str, token: str) -> dict[str, str]:
    """Return the variables that make the first start create its one user."""
    return {
        "LABEL_STUDIO_USERNAME": username,
        "LABEL_STUDIO_PASSWORD": password,
        "LABEL_STUDIO_USER_TOKEN": token,
    }
