"""The pages of what the training doctor finds."""

from models.training.doctor.base import Diagnosis
from models.training.doctor.diagnoses import DIAGNOSES
from tools.reference.declared import paragraphs
from tools.reference.page import Kind, Page, escaped

KIND = Kind("findings", "Findings", "What the training doctor tells of a run that goes wrong.")
MOMENTS = {
    "start": "before the first step",
    "look": "whenever the layers are looked at",
    "epoch": "after epochs",
    "end": "at the end",
}
SEVERITIES = {"error": "Errors", "warning": "Warnings", "suggestion": "Suggestions"}
TITLES = {diagnosis.code: diagnosis.title for diagnosis in DIAGNOSES}


def pages() -> list[Page]:
    """Make the page of every finding, the graver ones first."""
    order = list(SEVERITIES)
    return [page(kept) for kept in sorted(DIAGNOSES, key=lambda one: order.index(one.severity))]


def page(kept: type[Diagnosis]) -> Page:
    """Return the page of a finding."""
    summary, *more = paragraphs(kept)
    moments = " and ".join(MOMENTS[moment] for moment in kept.moments)
    others = ", ".join(f"[{TITLES[code]}]({code}.md)" for code in kept.follows)
    return Page(
        name=kept.code,
        title=kept.title,
        summary=summary,
        group=SEVERITIES[kept.severity],
        sections=[
            ("How it is seen", f"{escaped(chr(10).join(more))}\n\nIt is looked for {moments}."),
            ("What to do", escaped(kept.remedy)),
            (
                "What may be behind it",
                f"It is not told where the run was told of one of these, from which it may follow: "
                f"{others}."
                if others
                else "",
            ),
        ],
    )
