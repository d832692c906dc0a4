"""What a check finds wrong with a document, and that its fix mends it."""

from collections.abc import Sequence
from typing import Any

from models.architecture import Architecture
from models.check import Report, check
from models.errors import Problem
from models.parse import parse
from tests.models.documents import Document
from tests.models.fixes import apply


def errors(sent: Document | Architecture, *data: Any) -> list[Problem]:
    """Return what keeps the document from being trained."""
    found = check(parse(sent), *data).problems
    return [problem for problem in found if problem.severity == "error"]


def only_error(sent: Document | Architecture, *data: Any) -> Problem:
    (problem,) = errors(sent, *data)
    return problem


def only(report: Report, severity: str = "error") -> Problem:
    """Return the one problem of its severity."""
    (problem,) = (entry for entry in report.problems if entry.severity == severity)
    return problem


def told_and_mended(sent: Document, said: Sequence[str]) -> Problem:
    """Return the one error of a document, after its message and its fix have been tried."""
    problem = only_error(sent)
    for words in said:
        assert words in problem.message
    report = check(apply(problem.fix, parse(sent)))
    assert report.ok, report.problems
    return problem
