"""The split that images bring along is the one that is used."""

import numpy as np
import pytest

from models.data.files import PARTS
from models.data.given_split import deal_given
from models.data.prepare import prepare
from models.errors import DocumentError
from models.proposal import propose
from models.recipe import Recipe, Split
from tests.models.data.uploads import archive, picture

CODES = np.arange(40) % 2


def test_every_row_goes_where_the_data_say():
    given = np.arange(40) % 3
    parts = deal_given(given, Split(seed=4))
    for code, part in enumerate(parts):
        assert sorted(part.tolist()) == np.flatnonzero(given == code).tolist()


@pytest.mark.parametrize(("missing", "sizes"), [(1, (24, 6, 10)), (2, (24, 10, 6))])
def test_a_part_that_is_not_given_comes_out_of_the_training_part(missing, sizes):
    given = np.array([0] * 30 + [3 - missing] * 10)
    parts = deal_given(given, Split(validation=0.2, test=0.2), CODES, ("a", "b"))
    assert tuple(map(len, parts)) == sizes
    assert parts[3 - missing].tolist() == list(range(30, 40))
    assert sorted(np.concatenate(parts).tolist()) == list(range(40))
    assert np.bincount(CODES[parts[missing]]).tolist() == [3, 3], "stratified"


def test_images_that_all_test_are_refused():
    with pytest.raises(DocumentError) as caught:
        deal_given(np.full(9, 2), Split())
    assert caught.value.problems[0].code == "nothing_to_train_on"


def test_a_run_trains_on_the_folder_of_training_only(upload):
    files = {
        f"{part}/{name}/{n}.png": picture(colour=shade + n)
        for part, count, shade in (("train", 10, 0), ("test", 5, 200))
        for name in ("a", "b")
        for n in range(count)
    }
    description = upload(archive(files))
    recipe = propose(description, recipe=Recipe(split=Split(validation=0.2, test=0.1))).recipe
    found = prepare(upload.folder, description, recipe)
    given = np.load(upload.folder / PARTS)
    assert found.test is not None
    assert found.validation is not None
    assert (given[found.test.rows] == 2).all()
    assert len(found.test.rows) == 10
    assert (given[found.train.rows] == 0).all()
    assert (given[found.validation.rows] == 0).all()
    assert (len(found.train.rows), len(found.validation.rows)) == (16, 4)
    assert float(found.train.x.max()) < 0.1 < 0.7 < float(found.test.x.min())
    why = next(r.reason for r in propose(description).reasons if r.path[:2] == ["recipe", "split"])
    assert "bring their split along" in why
