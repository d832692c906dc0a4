"""Layers against learning by heart."""

from tests.models.layers.cases.shapes import IMAGE, ROW, SEQUENCE, Shaped

SHAPED: Shaped = {
    "Dropout": [({}, [ROW]), ({"rate": 0.0}, [SEQUENCE]), ({"rate": 1.0}, [IMAGE])],
}
