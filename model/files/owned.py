"""Names that say which process made a file, so that the next can remove what one that was killed left behind."""

from __future__ import annotations

import contextlib
import os
import platform
import re
import shutil
from pathlib import Path


def owner_prefix() -> str:
    """Return how the names of what this process makes begin: the machine and the process."""
    return f"{_machine()}-{os.getpid()}-"


def sweep(folder: Path, *, prefix: str = "", suffix: str = "") -> None:
    """Remove from a folder what processes of this machine left that are alive no more, by names so begun and ended."""
    owned = re.compile(rf"{re.escape(prefix + _machine())}-([0-9]{{1,9}})-[^-]+{re.escape(suffix)}")
    with contextlib.suppress(OSError):  # whether the folder can be used is for its user to find out
        left = [
            path for path in folder.iterdir() if (match := owned.fullmatch(path.name)) and not _alive(int(match[1]))
        ]
        for path in left:
            with contextlib.suppress(OSError):  # another may be sweeping, or own it: no reason to refuse a draft
                (shutil.rmtree if path.is_dir() else Path.unlink)(path)


def _machine() -> str:
    # Process numbers mean nothing to another machine, or container, that shares the disk.
    return re.sub(r"[^A-Za-z0-9.]", "_", platform.node())


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
