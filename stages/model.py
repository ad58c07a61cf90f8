"""Stage model: one of the models in git, its card, and what models made as it is did on people unknown to them."""

from pathlib import Path

import here  # noqa: F401

from pose2imu.atomic import write_json, write_parquet, write_text
from pose2imu.command import parser_of, run
from pose2imu.layout import REPORTS
from pose2imu.loading.clips import load_clips
from pose2imu.own.cards import card
from pose2imu.own.method import cutting
from pose2imu.own.model import SUFFIX, save_model
from pose2imu.own.shipped import DATASET, HALVES, NAMES, make
from pose2imu.training import keep_freed_memory, make_deterministic


def main() -> None:
    """Read all people's clips, write models/NAME.safetensors, models/NAME.md, reports/models/NAME.{parquet,json}."""
    parser = parser_of(__doc__)
    parser.add_argument("name", choices=NAMES)
    name = parser.parse_args().name
    make_deterministic(0, 1)
    keep_freed_memory()
    made = make(name, load_clips(DATASET, cutting().rate, "sensor", [who for half in HALVES for who in half]))
    save_model(Path("models") / f"{name}{SUFFIX}", made.header, made.state)
    write_text(Path("models") / f"{name}.md", card(name, made.header, made.metrics))
    write_parquet(REPORTS / "models" / f"{name}.parquet", made.predictions)
    write_json(REPORTS / "models" / f"{name}.json", made.metrics)


if __name__ == "__main__":
    run(main)
