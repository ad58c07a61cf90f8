"""What a check found, as a table and as a verdict in one line."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from rich.table import Table

    from pose2imu.inspection.fit import Fit


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    ODD = "odd"  # can be lived with, but one should know
    WRONG = "wrong"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    severity: Severity
    what: str  # in a word or two: "gaps"
    evidence: str  # in numbers: "3 gaps, 4.2 s in all"


@dataclass(frozen=True)
class Report:
    """All that was found in one recording."""

    name: str
    findings: tuple[Finding, ...]
    fit: "Fit | None" = None  # of poses and sensor, where there are both

    @property
    def wrong(self) -> bool:
        """Whether anything is."""
        return any(finding.severity is Severity.WRONG for finding in self.findings)

    @property
    def verdict(self) -> str:
        """Say in one line what is wrong, and what is odd."""
        parts = []
        for severity in (Severity.WRONG, Severity.ODD):
            of = [f"{finding.what} ({finding.evidence})" for finding in self.findings if finding.severity is severity]
            if of:
                parts.append(f"{severity}: {'; '.join(of)}")
        return f"{self.name}: {' | '.join(parts) or 'nothing is wrong'}"

    @property
    def summary(self) -> str:
        """Name what is wrong and what is odd, without its evidence."""
        found = {
            severity: dict.fromkeys(finding.what for finding in self.findings if finding.severity is severity)
            for severity in (Severity.WRONG, Severity.ODD)
        }
        parts = [f"{severity}: {', '.join(names)}" for severity, names in found.items() if names]
        return "; ".join(parts) or "nothing is wrong"

    def of(self, what: str) -> Finding | None:
        """Give the worst finding of this name."""
        found = [finding for finding in self.findings if finding.what == what]
        return max(found, key=lambda finding: list(Severity).index(finding.severity), default=None)

    def frame(self) -> pd.DataFrame:
        """Give all findings as a table: severity, what, evidence."""
        rows = [(str(finding.severity), finding.what, finding.evidence) for finding in self.findings]
        return pd.DataFrame(rows, columns=["severity", "what", "evidence"])

    def table(self) -> "Table":
        """Give all findings as a table for a terminal."""
        from rich.markup import escape  # noqa: PLC0415 only a terminal needs it
        from rich.table import Table  # noqa: PLC0415

        colour = {Severity.OK: "green", Severity.ODD: "yellow", Severity.WRONG: "bold red"}
        table = Table(title=escape(self.name), title_justify="left", title_style="bold")
        table.add_column("")
        table.add_column("what")
        table.add_column("evidence", overflow="fold")
        for finding in self.findings:
            table.add_row(
                f"[{colour[finding.severity]}]{finding.severity}[/]", escape(finding.what), escape(finding.evidence)
            )
        return table
