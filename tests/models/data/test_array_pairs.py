"""Arrays by the names that people give them: which are images, and which are their labels."""

import gzip
import io

import numpy as np
import pytest

from models.data.description import GivenSplit
from tests.models.data.uploads import archive, idx, notes, npz

X, Y = np.random.default_rng(0).integers(0, 256, (12, 8, 8), dtype=np.uint8), np.arange(12) % 3
FEW, OF_FEW = X[:6], Y[:6]
"""Images and labels for testing, of which there are fewer."""
FOUR = {
    "train-images-idx3-ubyte": X,
    "train-labels-idx1-ubyte": Y,
    "t10k-images-idx3-ubyte": FEW,
    "t10k-labels-idx1-ubyte": OF_FEW,
}
"""The files of MNIST."""


@pytest.mark.parametrize(
    "names",
    [
        "x_train y_train x_test y_test",
        "X_train Y_train X_test Y_test",
        "xtrain ytrain xtest ytest",
        "trainX trainY testX testY",
        "Xtr ytr Xte yte",
        "x_tr y_tr x_te y_te",
        "train_images train_labels test_images test_labels",
        "images_train labels_train images_test labels_test",
        "training_data training_targets testing_data testing_targets",
        "train/images train/labels test/images test/labels",
        "arr_0 arr_1 arr_2 arr_3",
    ],
)
def test_two_parts_are_told_apart_by_their_names(upload, names):
    arrays = dict(zip(names.split(), (X, Y, FEW, OF_FEW), strict=True))
    description = upload(npz(**arrays), "data.npz")
    assert description.split == GivenSplit(train=12, validation=0, test=6)
    assert [entry.count for entry in description.classes] == [6, 6, 6]


@pytest.mark.parametrize(
    "arrays",
    [
        {"X": X, "y": Y},
        {"images": X, "data": X.reshape(12, -1), "target": Y},
        {"arr_0": X.reshape(12, -1), "arr_1": Y},
        {"samples": X, "classes": Y},
        {"x": X, "y": Y, "ids": np.arange(12)},
        {"features": X, "classes": np.array(["a", "b", "c"]), "category": Y},
    ],
    ids=lambda arrays: " ".join(arrays),
)
def test_images_and_labels_are_found_by_name_and_shape(upload, arrays):
    description = upload(npz(**arrays), "data.npz")
    assert (description.rows, description.split) == (12, None)
    assert (description.image.height, description.image.width) == (8, 8)
    names = ["a", "b", "c"] if "category" in arrays else ["0", "1", "2"]
    assert [entry.name for entry in description.classes] == names


def test_arrays_without_names_are_paired_in_their_order_only_where_they_fit(upload):
    file = io.BytesIO()
    np.savez(file, X, OF_FEW, FEW, Y)
    assert upload.refused(file.getvalue(), "data.npz").code == "no_labels"
    file = io.BytesIO()
    np.savez(file, X, FEW, Y, OF_FEW)
    assert upload(file.getvalue(), "data.npz").split == GivenSplit(train=12, validation=0, test=6)


def test_images_to_be_predicted_are_left_out_and_told(upload):
    description = upload(npz(x_train=X, y_train=Y, x_test=FEW), "data.npz")
    assert (description.rows, description.split) == (12, None)
    assert "x_test.npy" in notes(description)["images_without_labels"]


@pytest.mark.parametrize(
    "again",
    [
        {
            f"MNIST/raw/{name}.gz": gzip.compress(idx(array), mtime=0)
            for name, array in FOUR.items()
        },
        {f"{name}/{name}": idx(array) for name, array in FOUR.items()},
        {name.replace("-idx", ".idx"): idx(array) for name, array in FOUR.items()},
    ],
    ids=["packed", "in folders", "with dots"],
)
def test_files_of_mnist_that_are_passed_on_twice_are_read_once(upload, again):
    files = {f"raw/{name}": idx(array) for name, array in FOUR.items()}
    description = upload(archive({**files, **again}), "mnist.zip")
    assert description.split == GivenSplit(train=12, validation=0, test=6)


def test_an_npz_inside_a_zip_is_asked_for_by_itself(upload):
    problem = upload.refused(archive({"mnist.npz": npz(x=X, y=Y)}), "archive.zip")
    assert problem.code == "no_classes"
    assert 'Upload "mnist.npz" by itself' in problem.message
