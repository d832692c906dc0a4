"""Layers that bring branches together."""

from models.layers.base import Shape
from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, VOLUME, Shaped

WIDE: Shape = (5, 6)
_PLAIN: list[list[Shape]] = [[ROW, ROW, ROW], [(1, 8, 1), IMAGE]]

SHAPED: Shaped = {
    "Add": [
        ({}, [ROW, ROW]),
        ({}, [IMAGE, IMAGE, IMAGE]),
        ({}, [SEQUENCE, (1, 4)]),
        ({}, [VOLUME, (2, 1, 5, 1), VOLUME]),
        ({}, [(3,), IMAGE, (7, 1)]),
        ({}, [(2, 5, 6), VOLUME]),
    ],
    "Subtract": [({}, [ROW, ROW]), ({}, [(1, 8, 1), IMAGE]), ({}, [WIDE, ROW])],
    **{kind: [({}, shapes) for shapes in _PLAIN] for kind in ("Multiply", "Average", "Minimum")},
    "Maximum": [({}, [ROW, ROW]), ({}, [IMAGE, IMAGE, IMAGE]), ({}, [ROW, WIDE])],
    "Concatenate": [
        ({}, [ROW, (2,)]),
        ({}, [IMAGE, (1, 8, 7), (2, 8, 7)]),
        ({"axis": 1}, [IMAGE, (3, 2, 7)]),
        ({"axis": 2}, [IMAGE, (3, 8, 1)]),
        ({"axis": 3}, [IMAGE, (1, 8, 7)]),
        ({"axis": 1}, [SEQUENCE, (2, 4)]),
        ({"axis": -1}, [SEQUENCE, (5, 2)]),
    ],
    "Dot": [
        ({}, [ROW, ROW]),
        ({"normalize": True}, [ROW, ROW]),
        ({"axes": -1}, [SEQUENCE, (3, 4)]),
        ({"axes": [2, 1], "normalize": True}, [SEQUENCE, (4, 2)]),
        ({"axes": 1}, [SEQUENCE, (5, 2)]),
        ({"axes": -1}, [ROW, WIDE]),
        ({"axes": [2, 1]}, [WIDE, ROW]),
        ({"axes": 3}, [(3, 2, 4), (3, 4, 2)]),
        ({"axes": [-3, 1], "normalize": True}, [IMAGE, (8, 2)]),
        ({"axes": [1, 2]}, [SEQUENCE, (2, 3, 5)]),
        ({"axes": [1, 1]}, [(2, 4, 3), VOLUME]),
        ({"axes": [1, 2]}, [ROW, (2, 3, 6)]),
    ],
}
