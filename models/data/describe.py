"""A table described: its columns, the problem that its target makes, and what is worth telling."""

import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import polars as pl

from models.data.columns import describe, numbers
from models.data.date_formats import Dates, ambiguity
from models.data.description import Column, Description, Note, Problem
from models.data.kinds import MAX_INPUT_CATEGORIES
from models.data.series import describe_series
from models.data.slips import slips
from models.data.suspicions import CODES, associate, suspicions
from models.data.target import (
    INPUT_KINDS,
    MAX_CLASSES,
    NUMERIC,
    USUAL_INPUTS,
    natural_task,
)
from models.data.time_order import TIME_NAME
from models.data.treatment import ColumnKind
from models.wording import counted

_TARGET_NAME = re.compile(
    r"(target|label|labels|class|classes|species|y|outcome|result|response|survived|diagnosis|price"
    r"|quality|churn|default|category)(_?(name|id))?",
    re.IGNORECASE,
)
SMALL = 10
_THREADS = min(8, os.cpu_count() or 1)


def describe_table(
    frame: pl.DataFrame, kinds: dict[str, ColumnKind], size: int, notes: list[Note]
) -> Description:
    """Describe a table that was read; `size` is the bytes of its file.

    Raises:
        DocumentError: a kind that was asked for does not suit a column's values.
    """
    with ThreadPoolExecutor(_THREADS) as pool:
        columns = list(pool.map(lambda of: describe(of, chosen=kinds.get(of.name)), frame))
    if sum(column.kind in INPUT_KINDS for column in columns) < 2:
        # With nothing else to go by, numbered rows are an input and no mere numbering.
        columns = [
            describe(frame[column.name], chosen=kinds.get(column.name), alone=True)
            if column.kind == "identifier"
            else column
            for column in columns
        ]
    for column in columns:
        if column.kind == "category" and len(column.categories or ()) > MAX_INPUT_CATEGORIES:
            column.role = "ignore"
    _use_texts(columns)
    description = Description(
        kind="table",
        rows=frame.height,
        bytes=size,
        columns=columns,
        report=[*notes, *_notes(columns, frame.height), *slips(frame, columns)],
    )
    propose_problem(frame, description)
    return description


def _use_texts(columns: list[Column]) -> None:
    """Make texts the inputs where nothing else is there to predict from."""
    found = _target(columns)
    target = found[0] if found is not None else None
    if not any(column.role == "input" and column.name != target for column in columns):
        for column in columns:
            if column.kind == "text":
                column.role = "input"


def propose_problem(frame: pl.DataFrame, description: Description) -> None:
    """Choose a target where a column suggests itself, and set the problem that it makes."""
    found = _target(description.columns)
    if found is None:
        set_targets(frame, description, [])
    else:
        set_targets(frame, description, [found[0]], found[1])


def set_targets(
    frame: pl.DataFrame,
    description: Description,
    names: Sequence[str],
    why: str = "The target chosen",
) -> None:
    """Make these columns the targets; set the problem of the first, correlations and notes."""
    told = ("missing_targets", "no_target", *CODES)
    description.report = [note for note in description.report if note.code not in told]
    for column in description.columns:
        if column.role == "target" and column.name not in names:
            column.role = "input" if column.kind in INPUT_KINDS else "ignore"
        column.correlation = column.information = None
    first = next((column for column in description.columns if column.name in names[:1]), None)
    description.series = describe_series(frame, description.columns, first)
    if not names:
        description.problem = None
        description.report += suspicions(frame, description.columns, None)
        description.report.append(
            Note(
                severity="warning",
                code="no_target",
                message="No column suggests itself as the target, the one to predict. Choose one.",
            )
        )
        return
    columns = {column.name: column for column in description.columns}
    for name in names:
        columns[name].role = "target"
        if missing := columns[name].missing:
            description.report.append(
                Note(
                    severity="warning",
                    code="missing_targets",
                    message=f"{counted(missing, 'row')} without a value in the target "
                    f'"{name}" will be left out of training and evaluation.',
                    count=missing,
                )
            )
    first = columns[names[0]]
    task, reason = natural_task(first)
    description.problem = Problem(
        task=task,
        target=first.name,
        classes=first.categories if task == "classification" else None,
        reason=f"{why}; {reason}",
    )
    _correlate(frame, description.columns, first)
    associate(frame, description.columns, first)
    description.report += suspicions(frame, description.columns, description.problem)


def _target(columns: list[Column]) -> tuple[str, str] | None:
    usable = [column for column in columns if _can_be_target(column)]
    # What says when a row was is rather what something else is told from.
    usable = [c for c in usable if not TIME_NAME.fullmatch(c.name.strip())] or usable
    if not usable:
        return None
    folded = {column.name.casefold() for column in columns}
    named = [
        column
        for column in usable
        if _TARGET_NAME.fullmatch(column.name)
        # Beside an x, a y in the middle is a coordinate.
        and not (column.name.casefold() == "y" and "x" in folded)
    ]
    last = usable[-1]
    if named and last not in named:
        return named[-1].name, f'"{named[-1].name}" is what a target is often called'
    if last is columns[-1]:
        return last.name, f'"{last.name}" is the last column, where the target mostly stands'
    skipped = columns[-1]
    return (
        last.name,
        f'"{last.name}" is the last column that can be predicted ("{skipped.name}" is of kind '
        f"{skipped.kind})",
    )


def _can_be_target(column: Column) -> bool:
    if column.kind in ("category", "boolean"):
        return 2 <= len(column.categories or ()) <= MAX_CLASSES
    return column.kind in NUMERIC


def _correlate(frame: pl.DataFrame, columns: list[Column], target: Column) -> None:
    if target.kind not in NUMERIC:
        return
    y = numbers(frame[target.name])
    for column in columns:
        if column.kind in NUMERIC and column is not target:
            x = numbers(frame[column.name])
            pair = pl.DataFrame({"x": x, "y": y}).drop_nulls()
            r = pair.select(pl.corr("x", "y")).item() if pair.height > 2 else None
            column.correlation = r if r is not None and -1.001 <= r <= 1.001 else None


def _notes(columns: list[Column], rows: int) -> list[Note]:
    notes: list[Note] = []

    def tell(code: str, severity: str, found: list[Column], what: str) -> None:
        if found:
            names = [column.name for column in found]
            shown = ", ".join(f'"{name}"' for name in names[:5]) + (" …" if len(names) > 5 else "")
            notes.append(
                Note(
                    severity="warning" if severity == "warning" else "info",
                    code=code,
                    message=f"{shown}: {what}",
                    count=len(names),
                    examples=names[:10],
                )
            )

    def of(kind: str) -> list[Column]:
        return [column for column in columns if column.kind == kind]

    tell("empty_column", "warning", of("empty"), "no row has a value; left out.")
    tell(
        "constant_column",
        "warning",
        of("constant"),
        "the same value in every row tells nothing apart; left out.",
    )
    tell(
        "identifier_column",
        "info",
        of("identifier"),
        "looks like an identifier, which a network would learn by heart; left out of the inputs.",
    )
    tell(
        "text_column",
        "info",
        [column for column in of("text") if column.role == "ignore"],
        "free text; left out of the inputs unless you choose otherwise.",
    )
    tell(
        "text_input",
        "info",
        [column for column in of("text") if column.role == "input"],
        "free text, and nothing else is there to predict from; it enters as the ids of its words, "
        "for an Embedding.",
    )
    tell(
        "date_column",
        "info",
        of("date"),
        "dates; as inputs they become parts, such as the month and the day of the week, as cycles.",
    )
    for column in of("date"):
        question = ambiguity(Dates(column.date_formats[0], tuple(column.date_formats[1:])))
        if question is not None:
            tell("ambiguous_date", "warning", [column], f"{question}. Say how they are written.")
    many = [c for c in of("category") if len(c.categories or ()) > MAX_INPUT_CATEGORIES]
    tell(
        "many_categories",
        "info",
        many,
        f"more than {MAX_INPUT_CATEGORIES} categories; left out of the inputs unless you choose "
        "otherwise.",
    )
    missing = [column for column in columns if column.missing and column.kind in USUAL_INPUTS]
    if missing:
        total = sum(column.missing for column in missing)
        tell(
            "missing_values",
            "info",
            missing,
            f"{counted(total, 'missing value')}; in inputs the mean or the most frequent value of "
            "the training rows is filled in, unless you choose otherwise for a column.",
        )
        notes[-1].count = total
    if rows < SMALL:
        notes.append(
            Note(
                severity="warning",
                code="few_rows",
                message=f"Too few to learn and to judge from: {counted(rows, 'row')}. A split "
                "may need more.",
                count=rows,
            )
        )
    return notes
