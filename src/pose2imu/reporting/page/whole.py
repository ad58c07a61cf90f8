"""The page as a whole: verdict, scarce labels, best methods, what explains, benchmarks, and what all of it is."""

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import get_args

import yaml

from pose2imu.datasets.benchmark import Split
from pose2imu.reporting import tables
from pose2imu.reporting.page.benchmark import Section, section
from pose2imu.reporting.page.best import best
from pose2imu.reporting.page.heat import DARK_FROM
from pose2imu.reporting.page.scarce import Scarce, scarce
from pose2imu.reporting.page.verdict import Claim, claims
from pose2imu.reporting.page.why import ERRORS, Why, why
from pose2imu.reporting.palette import look
from pose2imu.reporting.templates import render
from pose2imu.reporting.verdict.claims import load_claims


def page(benchmarks: Sequence[str], root: Path = Path()) -> str:
    """Write the page over several benchmarks, with verdict and scarce labels, where there are such."""
    return _render([section(name, root) for name in benchmarks], claims(root), scarce(root), why(root))


def page_of(benchmark: str, root: Path = Path()) -> str:
    """Write the page of one benchmark alone."""
    return _render([section(benchmark, root)], [], None, None)


def descriptions() -> dict[str, str]:
    """Read what each row is."""
    text = files("pose2imu.reporting.page").joinpath("methods.yaml").read_text(encoding="utf-8")
    return {row: str(about) for row, about in yaml.safe_load(text).items()}


def _render(sections: Sequence[Section], verdict: list[Claim], labels: Scarce | None, reasons: Why | None) -> str:
    benchmarks, ranked = best(sections)
    paper = {part.protocol.dataset: part.paper for part in sections if part.paper}
    return render(
        "page/page.html.jinja",
        sections=sections,
        claims=verdict,
        rule=load_claims().rule,
        scarce=labels,
        why=reasons,
        errors_of=list(ERRORS.values()),
        best_of=benchmarks,
        best=ranked,
        methods=_methods(sections, labels),
        paper=paper,
        splits=get_args(Split),
        dark_from=DARK_FROM,
    )


def _methods(sections: Sequence[Section], labels: Scarce | None) -> list[tuple[str, str, str, str]]:
    """List all systems compared, those with scarce labels last: key, name, colour, and what it is."""
    names: dict[str, str] = {}
    for part in sections:
        ours = part.frame[part.frame["source"] == tables.OURS]
        names |= {str(row["method"]): str(row["row"]) for _, row in ours.iterrows() if row["method"] not in names}
    names |= {row: name for row, name in (labels.names if labels else {}).items() if row not in names}
    about = descriptions()
    return [(row, name, look(row).colour, about.get(row, "See params.yaml.")) for row, name in names.items()]
