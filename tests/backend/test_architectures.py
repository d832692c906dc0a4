"""Architectures that are only looked at: check, code and proposals over HTTP."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.backend.test_networks import architecture

NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture(scope="module")
def client(shared_client: TestClient) -> TestClient:
    return shared_client


@pytest.fixture(scope="module")
def iris(client: TestClient) -> str:
    return client.post("/api/datasets", json={"sample": "iris"}).json()["id"]


def chain(*layers: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    """A network of layers one after another, with an Input before and an Output after them."""
    kinds = [("Input", {}), *layers, ("Output", {})]
    nodes = [
        {"id": f"n{index}", "type": kind, "params": params}
        for index, (kind, params) in enumerate(kinds)
    ]
    edges = [{"source": f"n{i}", "target": f"n{i + 1}"} for i in range(len(nodes) - 1)]
    return architecture(nodes=nodes, edges=edges, layout={})


def check(client: TestClient, network: dict[str, Any], **body: Any) -> dict[str, Any]:
    answer = client.post("/api/architectures/check", json={"architecture": network, **body})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_network_gets_its_shapes_and_counts(client: TestClient) -> None:
    report = check(client, architecture())
    assert report["nodes"]["dense"]["output_shape"] == [3]
    assert report["nodes"]["dense"]["parameters"] == 15
    assert report["parameters"] == 15


def test_a_network_without_a_shape_takes_that_of_the_dataset(client: TestClient, iris: str) -> None:
    network = chain(("Dense", {"units": 3, "activation": "softmax"}))
    report = check(client, network, dataset_id=iris)
    assert report["ok"], report["problems"]
    assert report["nodes"]["n0"]["output_shape"] == [4]
    assert report["parameters"] == 15


def test_too_few_outputs_for_the_classes_come_with_the_fix(client: TestClient, iris: str) -> None:
    network = chain(("Dense", {"units": 4, "activation": "softmax"}))
    report = check(client, network, dataset_id=iris)
    assert not report["ok"]
    problem = next(p for p in report["problems"] if p["severity"] == "error")
    assert problem["where"]["node"] == "n1"
    assert "4" in problem["message"]
    assert "3" in problem["message"]
    assert {"op": "set_params", "node": "n1", "params": {"units": 3}} in problem["fix"]["changes"]


def test_a_cycle_names_the_layers_on_it(client: TestClient) -> None:
    nodes = [{"id": id, "type": "Dense", "params": {"units": 2}} for id in ("one", "two")]
    edges = [{"source": "one", "target": "two"}, {"source": "two", "target": "one"}]
    report = check(client, architecture(nodes=nodes, edges=edges))
    assert not report["ok"]
    assert any("one" in p["message"] and "two" in p["message"] for p in report["problems"])


def test_more_weights_than_memory_are_told_without_being_made(client: TestClient) -> None:
    network = chain(("Dense", {"units": 1_000_000_000}))
    network["nodes"][0]["params"] = {"shape": [1000]}
    report = check(client, network)
    assert not report["ok"]
    assert any(p["where"]["node"] == "n1" and "memory" in p["message"] for p in report["problems"])


def test_a_recipe_that_does_not_suit_the_data_is_a_problem_of_the_recipe(
    client: TestClient, iris: str
) -> None:
    report = check(client, chain(), dataset_id=iris, recipe={"target": "specis"})
    assert not report["ok"]
    problem = next(p for p in report["problems"] if p["where"]["path"] == ["recipe", "target"])
    assert '"species"' in problem["message"]


@pytest.mark.parametrize("path", ["/api/architectures/check", "/api/architectures/code"])
def test_a_dataset_that_is_not_there_is_404(client: TestClient, path: str) -> None:
    body = {"architecture": chain(), "dataset_id": NO_ID}
    body |= {"target": "pytorch"} if path.endswith("code") else {}
    assert client.post(path, json=body).status_code == 404


@pytest.mark.parametrize("name", ["</script>", "x\rimport os", '"""\nimport os\n"""', "{{7*7}}"])
def test_the_printed_source_runs_and_the_name_is_inert_in_it(client: TestClient, name: str) -> None:
    network = architecture(name=name)
    network["nodes"].append({"id": "output", "type": "Output"})
    network["edges"].append({"source": "dense", "target": "output"})
    answer = client.post(
        "/api/architectures/code", json={"architecture": network, "target": "pytorch"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["filename"] == "pytorch.py"
    scope: dict[str, Any] = {"__name__": "printed"}
    exec(compile(answer.json()["source"], "pytorch.py", "exec"), scope)
    assert "os" not in scope
    shapes = {key: list(value.shape) for key, value in scope["build"]().state_dict().items()}
    assert shapes == {"dense.weight": [3, 4], "dense.bias": [3]}


def test_the_keras_source_builds_a_model_for_the_dataset(client: TestClient, iris: str) -> None:
    network = chain(("Dense", {"units": 3, "activation": "softmax"}))
    body = {"architecture": network, "target": "keras", "dataset_id": iris}
    answer = client.post("/api/architectures/code", json=body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["filename"] == "keras.py"
    source = answer.json()["source"]
    assert "keras.Input(shape=(4,))" in source
    assert 'layers.Dense(3, activation="softmax")' in source


@pytest.mark.parametrize("target", ["pytorch", "keras"])
def test_with_a_recipe_the_source_is_a_script_unless_the_network_alone_is_wanted(
    client: TestClient, iris: str, target: str
) -> None:
    network = chain(("Dense", {"units": 3, "activation": "softmax"}))
    body = {"architecture": network, "target": target, "dataset_id": iris, "recipe": {"epochs": 9}}
    script = client.post("/api/architectures/code", json=body).json()["source"]
    assert "def main(path):" in script
    assert 'TARGET = "species"' in script
    alone = client.post("/api/architectures/code", json=body | {"alone": True}).json()["source"]
    assert "def build(" in alone
    assert "def main(" not in alone


def test_what_a_script_cannot_say_is_refused_at_its_field(client: TestClient, iris: str) -> None:
    network = chain(("Dense", {"units": 3, "activation": "softmax"}))
    body = {"architecture": network, "target": "keras", "dataset_id": iris}
    told = {"early_stopping": {"monitor": "auc"}, "metrics": ["auc"]}
    answer = client.post("/api/architectures/code", json=body | {"recipe": told})
    assert answer.status_code == 422, answer.text
    assert answer.json()["error"]["code"] == "not_in_script"
    assert answer.json()["error"]["where"]["path"] == ["recipe", "early_stopping", "monitor"]


def test_what_cannot_be_built_is_not_printed(client: TestClient) -> None:
    nodes = [{"id": "dense", "type": "Dense", "params": {"units": 2}}]
    body = {"architecture": architecture(nodes=nodes, edges=[]), "target": "pytorch"}
    answer = client.post("/api/architectures/code", json=body)
    assert answer.status_code == 422
    assert answer.json()["error"]["problems"]


def test_a_proposal_fits_the_dataset_and_gives_its_reasons(client: TestClient, iris: str) -> None:
    answer = client.post("/api/proposals", json={"dataset_id": iris})
    assert answer.status_code == 200, answer.text
    proposed = answer.json()
    assert proposed["task"] == "classification"
    assert proposed["recipe"]["target"] == "species"
    assert {"path": ["recipe", "optimizer"]}.items() <= next(
        reason for reason in proposed["reasons"] if reason["path"] == ["recipe", "optimizer"]
    ).items()
    body = {"dataset_id": iris, "recipe": proposed["recipe"]}
    assert check(client, proposed["architecture"], **body)["ok"]


def test_a_proposal_keeps_what_was_chosen(client: TestClient, iris: str) -> None:
    body = {"dataset_id": iris, "recipe": {"epochs": 7, "batch_size": "all"}}
    recipe = client.post("/api/proposals", json=body).json()["recipe"]
    assert (recipe["epochs"], recipe["batch_size"]) == (7, "all")


def test_a_recipe_that_cannot_be_is_refused_at_its_field(client: TestClient, iris: str) -> None:
    for recipe, path in (
        ({"target": "specis"}, ["recipe", "target"]),
        ({"loss": {"type": "MeanSquare"}}, ["recipe", "loss", "type"]),
        ({"optimizer": {"type": "Adam", "learning_rate": -1}}, ["recipe", "optimizer"]),
        ({"epochs": "7"}, ["recipe", "epochs"]),
        ({"split": {"test": "0.2"}}, ["recipe", "split", "test"]),
    ):
        answer = client.post("/api/proposals", json={"dataset_id": iris, "recipe": recipe})
        assert answer.status_code == 422, recipe
        assert answer.json()["error"]["where"]["path"][: len(path)] == path


def test_the_catalogue_names_every_layer_with_its_form(client: TestClient) -> None:
    catalog = client.get("/api/catalog").json()
    layers = {layer["type"]: layer for layer in catalog["layers"]}
    assert {"Dense", "Conv2D", "LSTM", "Add"} <= set(layers)
    assert "units" in layers["Dense"]["params"]["properties"]
    assert {entry["type"] for entry in catalog["optimizers"]} >= {"SGD", "Adam"}


def test_every_entry_of_the_gallery_is_read(client: TestClient) -> None:
    listed = client.get("/api/gallery?limit=200").json()["items"]
    assert len(listed) >= 30
    for summary in listed:
        entry = client.get(f"/api/gallery/{summary['slug']}").json()
        architecture = entry.pop("architecture")
        assert entry == summary
        drawn = summary["outline"]
        assert [n["id"] for n in drawn["nodes"]] == [n["id"] for n in architecture["nodes"]]
        assert [e["target"] for e in drawn["edges"]] == [e["target"] for e in architecture["edges"]]
        assert drawn["layout"] == architecture["layout"]
    assert client.get("/api/gallery/nothing").status_code == 404


def test_a_network_of_the_gallery_is_checked_and_saved(client: TestClient) -> None:
    entry = client.get("/api/gallery/lenet-5").json()
    report = check(client, entry["architecture"])
    assert report["ok"], report["problems"]
    assert report["parameters"] == entry["parameters"]
    made = client.post("/api/networks", json={"architecture": entry["architecture"]})
    assert made.status_code == 201
