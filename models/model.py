"""What a finished run leaves: preprocessing and network in one module that takes raw rows."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from models.aims import aims
from models.architecture import Architecture
from models.data.files import replacing
from models.data.preparation import MAX_PROBLEMS, Preparation, PreparedOutput
from models.data.prepared_interface import interface_of
from models.data.preprocess import Preprocess
from models.ends import ends
from models.errors import DocumentError, Problem, Where
from models.network import Network, build
from models.objectives.criterion import means_scores
from models.recipe import Recipe

WEIGHTS = "weights.safetensors"
PREPARATION = "preparation.json"
ARCHITECTURE = "architecture.json"
RECIPE = "recipe.json"
BATCH = 1_024
LABELLED = 0.5
"""The probability above which a label is predicted."""

Place = tuple[str, Where]
"""What an example is called in a message, and where it stands."""


class Model(nn.Module):
    """Raw rows in, answers out. Its weights are `preprocess.*` and `network.*`.

    Args:
        scores: for each output, whether its answers for classes are scores on either side of 0, as
            a loss that asks for a margin makes them, and not probabilities.
    """

    def __init__(
        self, preparation: Preparation, network: Network, scores: Sequence[bool] = ()
    ) -> None:
        super().__init__()
        self.scores = tuple(scores) or (False,) * len(preparation.outputs)
        self.preparation = preparation
        self.preprocess = Preprocess(preparation)
        self.network = network

    def forward(self, raw: Tensor) -> Tensor | tuple[Tensor, ...]:
        """Return the network's answers for raw rows as `Preparation.encode` makes them.

        Shapes: (N, columns) or (N, channels, height, width) → (N, outputs): probabilities, or the
        value in the target's own unit. A tuple of them where the network has several Outputs.
        """
        answers = tuple(
            _told(answer.reshape(answer.shape[0], -1), output, scores)
            for answer, output, scores in zip(
                self.network.outputs(*self.preprocess(raw)),
                self.preparation.outputs,
                self.scores,
                strict=True,
            )
        )
        return answers[0] if len(answers) == 1 else answers

    def answers(self, raw: Tensor) -> tuple[Tensor, ...]:
        """Return each output's answers for any number of raw rows, in inference mode."""
        self.eval()
        with torch.inference_mode():
            batches = [self(raw[at : at + BATCH]) for at in range(0, len(raw), BATCH)]
        rows = [batch if isinstance(batch, tuple) else (batch,) for batch in batches]
        return tuple(torch.cat(parts) for parts in zip(*rows, strict=True))

    def finite_answers(self, raw: Tensor, place: Callable[[int], Place]) -> tuple[Tensor, ...]:
        """Return what `answers` does.

        Args:
            raw: rows as `Preparation.encode` makes them.
            place: tells where the example of a row stands.

        Raises:
            DocumentError: an answer is not finite; names the examples.
        """
        answers = self.answers(raw)
        finite = torch.stack([answer.isfinite().all(1) for answer in answers]).all(0)
        if lost := (~finite).nonzero().flatten().tolist():
            raise DocumentError([_no_answer(*place(row)) for row in lost[:MAX_PROBLEMS]])
        return answers

    def predict(
        self, rows: Sequence[Mapping[str, Any] | Sequence[Mapping[str, Any]]]
    ) -> list[list[dict[str, Any]]]:
        """Return for each output a prediction for each raw row, by column name, or each sequence.

        Each is `{"value": number, "probabilities": None}`, or for classes the most probable one and
        the probability of each; for labels all that are more probable than not.

        Raises:
            DocumentError: a row is not as the dataset's columns ask, or its numbers are too large
                to be computed with; names the row, and the column if it is one.
        """
        answers = self.finite_answers(self.preparation.encode(rows), _sent)
        return [
            predictions(answer, output)
            for answer, output in zip(answers, self.preparation.outputs, strict=True)
        ]

    def save(self, folder: Path, architecture: Architecture, recipe: Recipe) -> None:
        """Write the model into a folder, the weights last: where they are, the model is whole.

        Each file is written aside, synced and renamed, so that a reader finds the old state or the
        new one.
        """
        folder.mkdir(parents=True, exist_ok=True)
        documents = {
            PREPARATION: self.preparation,
            ARCHITECTURE: architecture,
            RECIPE: recipe,
        }
        for name, document in documents.items():
            text = json.dumps(document.model_dump(mode="json"), indent=1, ensure_ascii=False)
            with replacing(folder / name) as path:
                path.write_text(text + "\n", encoding="utf-8")
        weights = {name: tensor.cpu().contiguous() for name, tensor in self.state_dict().items()}
        with replacing(folder / WEIGHTS) as path:
            save_file(weights, path)

    @classmethod
    def load(cls, folder: Path) -> "Model":
        """Read a saved model.

        Raises:
            FileNotFoundError: there is none.
        """
        preparation = Preparation.model_validate_json((folder / PREPARATION).read_bytes())
        architecture = Architecture.model_validate_json((folder / ARCHITECTURE).read_bytes())
        recipe = Recipe.model_validate_json((folder / RECIPE).read_bytes())
        network = build(architecture, interface_of(preparation), seed=0)
        scores = _scores(architecture, preparation, recipe, network)
        blank = cls(preparation, network, scores)
        blank.load_state_dict(load_file(folder / WEIGHTS))
        return blank.eval()


def _sent(row: int) -> Place:
    return f"Row {row + 1}", Where(path=["rows", row], row=row + 1)


def _no_answer(what: str, where: Where) -> Problem:
    return Problem(
        code="no_finite_answer",
        message=f"{what}: expected numbers that the network can compute with, got some for "
        "which its answer is not finite. Send numbers nearer to those that it was trained on.",
        where=where,
    )


def labels_of(shares: Sequence[float], output: PreparedOutput) -> list[str]:
    """Return the labels that are predicted: those that are more probable than not."""
    pairs = zip(output.classes or (), shares, strict=True)
    return [name for name, share in pairs if share > LABELLED]


def shares_of(answers: Tensor) -> Tensor:
    """Return the probability of each class, (N, classes), also of two that one number tells."""
    return torch.cat([1 - answers, answers], dim=1) if answers.shape[1] == 1 else answers


def _scores(
    architecture: Architecture, preparation: Preparation, recipe: Recipe, network: Network
) -> list[bool]:
    """Return for each Output whether its loss makes scores of its answers."""
    asked = interface_of(preparation)
    goals = tuple(
        replace(goal, end=end)
        for goal, end in zip(asked.goals, ends(architecture).outputs, strict=True)
    )
    return [
        means_scores(aim.loss, activation)
        for aim, activation in zip(
            aims(replace(asked, goals=goals), recipe), network.output_activations, strict=True
        )
    ]


def _told(answer: Tensor, output: PreparedOutput, scores: bool) -> Tensor:
    """Return an answer as it is told: in the target's own unit, or as probabilities."""
    if output.classes is None:
        return answer * output.std + output.mean
    if scores:
        return answer.sigmoid() if answer.shape[1] == 1 else answer.softmax(1)
    return answer


def predictions(answers: Tensor, output: PreparedOutput) -> list[dict[str, Any]]:
    """Return an output's answers, (N, outputs), as `Model.predict` tells them."""
    classes = output.classes
    if output.task == "multilabel":
        return [
            {
                "value": labels_of(shares, output),
                "probabilities": dict(zip(classes or (), shares, strict=True)),
            }
            for shares in answers.tolist()
        ]
    if classes is None:
        return [{"value": value, "probabilities": None} for value in answers[:, 0].tolist()]
    return [
        {
            "value": classes[max(range(len(classes)), key=shares.__getitem__)],
            "probabilities": dict(zip(classes, shares, strict=True)),
        }
        for shares in shares_of(answers).tolist()
    ]
