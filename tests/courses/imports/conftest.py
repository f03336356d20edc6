"""Pictures of imported courses and questions go where no other test looks."""

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def _own_media(settings: Any, tmp_path: Path) -> None:
    """Tests run side by side, and some compare the whole library before and after.

    Beside `tmp_path` itself, which tests fill with their files.
    """
    settings.MEDIA_ROOT = tmp_path.parent / f"{tmp_path.name}-media"
