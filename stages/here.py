"""Imported first by every stage: it runs the code of the tree that it stands in, whichever is installed."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
