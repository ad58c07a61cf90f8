"""Figures as part of the page."""

import base64
from pathlib import Path

MEDIA_TYPES = {".svg": "image/svg+xml", ".png": "image/png"}


def data_uri(image: Path) -> str:
    """Give an image's contents as an address that loads nothing."""
    return f"data:{MEDIA_TYPES[image.suffix]};base64,{base64.b64encode(image.read_bytes()).decode()}"
