"""Layers that bring branches together."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, Shaped

SHAPED: Shaped = {
    "Add": [({}, [ROW, ROW]), ({}, [IMAGE, IMAGE, IMAGE]), ({}, [SEQUENCE, (1, 4)])],
    "Concatenate": [
        ({}, [ROW, (2,)]),
        ({}, [IMAGE, (1, 8, 7), (2, 8, 7)]),
        ({"axis": 1}, [IMAGE, (3, 2, 7)]),
        ({"axis": 2}, [IMAGE, (3, 8, 1)]),
        ({"axis": 3}, [IMAGE, (1, 8, 7)]),
        ({"axis": 1}, [SEQUENCE, (2, 4)]),
        ({"axis": -1}, [SEQUENCE, (5, 2)]),
    ],
}
