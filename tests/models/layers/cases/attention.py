"""Attention, and the positions that it needs."""

from tests.models.layers.cases.shapes import IMAGE, SEQUENCE, Shaped

VALUES = (7, 4)
OTHERS = (7, 3)
THREE = [SEQUENCE, OTHERS, VALUES]

SHAPED: Shaped = {
    "Attention": [
        ({}, [SEQUENCE]),
        ({"use_scale": True}, [SEQUENCE, VALUES]),
        ({"use_causal_mask": True}, THREE),
        ({"score_mode": "concat"}, [SEQUENCE, VALUES]),
        ({"score_mode": "concat", "use_scale": True, "use_causal_mask": True}, THREE),
        ({"dropout": 0.3}, [SEQUENCE, VALUES]),
    ],
    "AdditiveAttention": [
        ({}, [SEQUENCE]),
        ({"use_scale": False}, [SEQUENCE, VALUES]),
        ({"use_causal_mask": True, "dropout": 0.3}, THREE),
    ],
    "MultiHeadAttention": [
        ({"num_heads": 2, "key_dim": 3}, [SEQUENCE]),
        ({"num_heads": 3, "key_dim": 2, "value_dim": 5}, [SEQUENCE, OTHERS]),
        ({"num_heads": 2, "key_dim": 3, "output_shape": 6, "use_bias": False}, THREE),
        ({"num_heads": 2, "key_dim": 3, "use_causal_mask": True}, [SEQUENCE]),
        ({"num_heads": 1, "key_dim": 3, "use_causal_mask": True, "sliding_window": 2}, [VALUES]),
        ({"num_heads": 2, "key_dim": 3, "sliding_window": 2}, [SEQUENCE, OTHERS]),
        ({"num_heads": 2, "key_dim": 3, "value_dim": 2, "use_gate": True}, [SEQUENCE, OTHERS]),
        ({"num_heads": 2, "key_dim": 3, "dropout": 0.3, "use_causal_mask": True}, [SEQUENCE]),
        ({"num_heads": 2, "key_dim": 3}, [IMAGE]),
        ({"num_heads": 2, "key_dim": 3, "value_dim": 1, "output_shape": 2}, [IMAGE, (2, 3, 4)]),
        ({"num_heads": 2, "key_dim": 3, "attention_axes": [1]}, [IMAGE, (2, 3, 7)]),
        ({"num_heads": 2, "key_dim": 3, "attention_axes": [-2], "use_gate": True}, [IMAGE]),
    ],
    "GroupQueryAttention": [
        ({"head_dim": 3, "num_query_heads": 4, "num_key_value_heads": 2}, [SEQUENCE]),
        (
            {
                "head_dim": 2,
                "num_query_heads": 3,
                "num_key_value_heads": 1,
                "use_gate": True,
                "use_causal_mask": True,
            },
            [SEQUENCE, VALUES],
        ),
        (
            {
                "head_dim": 2,
                "num_query_heads": 2,
                "num_key_value_heads": 2,
                "use_bias": False,
                "sliding_window": 3,
                "dropout": 0.2,
            },
            [SEQUENCE, VALUES, OTHERS],
        ),
    ],
    "PositionEmbedding": [
        ({"sequence_length": 5}, [SEQUENCE]),
        ({"sequence_length": 9}, [SEQUENCE]),
    ],
    "SinePositionEncoding": [({}, [SEQUENCE]), ({"max_wavelength": 30}, [OTHERS])],
}
