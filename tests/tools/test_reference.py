"""The reference: every entry is told in full, every example works, and the files are up to date."""

import posixpath
import re
from html import escape
from pathlib import Path
from typing import Any

import pytest
import torch

from models.catalog_of import catalog
from models.check import check
from models.declaration import Declaration
from models.layers import LAYERS
from models.layers.base import Layer
from models.layers.initializers import INITIALIZERS
from models.network import build
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.base import declare
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES
from models.parse import parse
from models.recipe import Objective, Recipe
from models.training.doctor.diagnoses import DIAGNOSES
from tools.reference import book, example, findings, images, weights, worked
from tools.reference.declared import example as named
from tools.reference.declared import in_a_layer
from tools.reference.layers import described
from tools.reference.page import Kind, Page
from tools.reference.parts import PARTS

KINDS = list(book.sections())
PAGES = [(kind, told) for kind, pages in KINDS for told in pages]
OBJECTIVES: dict[str, dict[str, type[Any]]] = {
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
    "metrics": METRICS,
    "augmentation": AUGMENTATIONS,
}

LISTED = {"metrics", "augmentation"}

FINDINGS = [told for kind, told in PAGES if kind == findings.KIND]
DECLARED = [(kind, told) for kind, told in PAGES if kind != findings.KIND]

over_pages = pytest.mark.parametrize(
    ("kind", "told"), DECLARED, ids=[f"{kind.folder}/{told.name}" for kind, told in DECLARED]
)
over_layers = pytest.mark.parametrize("layer", LAYERS.values(), ids=list(LAYERS))


def test_every_entry_of_the_catalogue_has_a_page() -> None:
    known = catalog()
    pages = {
        kind.folder: [told.name for told in entries]
        for kind, entries in KINDS
        if kind != findings.KIND
    }

    kinds = [name for name in type(known).model_fields if name not in ("groups", "treatments")]
    assert pages == {kind: [entry.type for entry in getattr(known, kind)] for kind in kinds}


@over_pages
def test_a_page_tells_all_there_is_to_tell(kind: Kind, told: Page) -> None:
    sections = {heading: text for heading, text in told.sections if text.strip()}

    assert told.summary.endswith("."), "the first line of the docstring is the summary"
    assert len(told.summary) > 5
    computes = "What it computes" if kind.folder == "layers" else "Formula"
    wanted = {computes, "Example"}
    if kind.folder != "activations":
        wanted.add("Parameters")
    assert sections.keys() >= wanted, f"{told.name} lacks {wanted - sections.keys()}"
    if kind.folder != "metrics":
        assert sections.keys() >= {"In PyTorch", "In Keras"}
    assert told.pictures


@over_pages
def test_a_page_describes_every_parameter(kind: Kind, told: Page) -> None:
    entry = next(e for e in getattr(catalog(), kind.folder) if e.type == told.name)
    fields = getattr(entry, "params", {}).get("properties", {})
    text = dict(told.sections).get("Parameters", "")

    for name, schema in fields.items():
        assert len(schema.get("description", "")) > 5, f"{told.name}.{name} has no description"
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        _, _, default, values, meaning, _ = row.replace(r"\|", "").split("|")
        assert default.strip(), f"{told.name}.{name} has no default"
        assert values.strip(), f"the page of {told.name} cannot say what {name} may be"
        assert meaning.strip()


def test_every_finding_has_a_page_that_says_how_it_is_seen_and_what_to_do() -> None:
    assert {told.name for told in FINDINGS} == {kept.code for kept in DIAGNOSES}
    for told in FINDINGS:
        sections = {heading: text for heading, text in told.sections if text.strip()}
        assert told.summary.endswith(".")
        assert sections.keys() >= {"How it is seen", "What to do"}
        assert len(sections["How it is seen"]) > 200


@over_layers
def test_a_layer_says_how_it_computes_and_what_becomes_of_shapes(layer: type[Layer]) -> None:
    computes, shapes = described(layer)

    assert computes, f"{layer.__name__}: a paragraph after the first line says what it computes"
    assert "→" in shapes or layer.role == "block", f'{layer.__name__} has no line "Shapes: … → …."'


@over_layers
def test_the_example_of_a_layer_can_be_built(layer: type[Layer]) -> None:
    architecture = parse(example.document(layer))
    report = check(architecture)

    assert report.ok, report.problems
    inputs = [torch.zeros(2, *shape) for shape in example.input_shapes(layer)]
    answer = build(architecture).eval()(*inputs)
    assert list(answer.shape) == [2, *(report.nodes[example.NODE].output_shape or ())]


def test_the_example_of_a_layer_is_the_one_on_its_page() -> None:
    for kind, told in PAGES:
        if kind.folder == "layers":
            text = dict(told.sections)["Example"]
            assert example.shown(example.document(LAYERS[told.name])) in text


@pytest.mark.parametrize("what", OBJECTIVES)
def test_the_examples_of_objectives_are_accepted_by_recipes(what: str) -> None:
    for name, kind in OBJECTIVES[what].items():
        written = named(kind)
        recipe = Recipe.model_validate({what: [written] if what in LISTED else written})
        assert recipe.model_dump(exclude_none=True)[what]
        assert type(declare(OBJECTIVES[what], Objective.model_validate(written), what, [])) is kind
        assert written["type"] == name


@pytest.mark.parametrize("kind", ["initializers", "regularizers", "constraints"])
def test_the_examples_of_parts_are_accepted_by_the_layer_they_name(kind: str) -> None:
    for entry in getattr(catalog(), kind):
        part: type[Declaration] = PARTS[entry.type]
        node = in_a_layer(kind, entry.type, named(part))
        layer = LAYERS[node["type"]].model_validate(node["params"])
        assert type(getattr(layer, next(iter(node["params"])))) is part


@pytest.mark.parametrize("name", INITIALIZERS)
def test_a_picture_of_random_weights_counts_all_of_them(name: str) -> None:
    part = weights.seeded(INITIALIZERS[name].model_validate(INITIALIZERS[name].example))
    if weights.sampled(part):
        counted = sum(count for _, count in weights.steps(weights.made(part)))
        assert counted == 2 * weights.INPUTS * weights.UNITS, "each step has two ends"
    else:
        assert weights.begun(part)[1].count("<text") == weights.FEW**2


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", "0.75"),
        ("false_negatives", "2"),
        ("auc", "0.8857"),  # 31 of 35 pairs are in order
        ("top_k_categorical_accuracy", "0.75"),
        ("precision_at_recall", "0.875"),
        ("mae", "0.5"),
        ("max_error", "1.2"),
    ],
)
def test_a_worked_example_has_the_value_that_is_counted_by_hand(name: str, expected: str) -> None:
    says, drawn = worked.example(METRICS[name]())
    assert f"{says.split(';')[0]}".endswith(f" = {expected}")
    assert escape(says) in drawn


def test_a_picture_of_an_image_has_all_of_its_pixels() -> None:
    image = images.chosen()[0, 0]
    runs = images.greys(image)
    drawn = torch.tensor([[grey for grey, count in row for _ in range(count)] for row in runs])
    torch.testing.assert_close(drawn, image, atol=0.5 / images.GREYS, rtol=0)


@pytest.mark.parametrize("name", AUGMENTATIONS)
def test_a_picture_of_an_augmentation_shows_a_change(name: str) -> None:
    rows = 2 if AUGMENTATIONS[name].way == "mix" else 1
    pictures = images.shown(AUGMENTATIONS[name])[1].split("<g ")[1:]
    pixels = [picture.split("\n", 1)[1] for picture in pictures]
    assert len(pixels) == rows * (1 + images.TIMES)
    assert len(set(pixels)) > rows


def test_names_of_files_differ_in_more_than_capitals() -> None:
    made = list(book.files())
    assert len({path.lower() for path in made}) == len(made)


def test_pages_link_to_pages_that_are_there() -> None:
    made = book.files()
    for path, text in made.items():
        if path.endswith(".md"):
            for target in re.findall(r"(?<!\\)\]\(([^)]+)\)", text):
                place = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                assert place in made, f"{path} links to {target}"


def test_the_reference_is_small_and_the_same_every_time() -> None:
    made = book.files()
    assert made == book.files()
    assert sum(len(text.encode()) for text in made.values()) < 2_000_000


def test_the_files_are_up_to_date() -> None:
    assert not book.stale(), "Renew them with: make generate"


def test_a_missing_a_changed_and_a_needless_file_are_noticed(tmp_path: Path) -> None:
    made = {"README.md": "one", "layers/Dense.md": "two", "layers/Gone.md": "three"}
    for path, text in {"README.md": "one", "layers/Dense.md": "old", "layers/New.md": ""}.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)

    assert book.stale(tmp_path, made) == ["layers/Dense.md", "layers/Gone.md", "layers/New.md"]
