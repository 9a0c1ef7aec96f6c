"""Where the repository and its command line are."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def root() -> pathlib.Path:
    return ROOT


@pytest.fixture(scope="session")
def command() -> str:
    """The `rulebook` binary: the one that `RULEBOOK` names, else the last that was built."""
    named = os.environ.get("RULEBOOK")
    built = [ROOT / "target" / profile / "rulebook" for profile in ("release", "debug")]
    built = sorted((path for path in built if path.exists()), key=lambda path: path.stat().st_mtime)
    if not named and not built:
        pytest.skip("no `rulebook` binary is built, and RULEBOOK names none")
    return named or str(built[-1])
