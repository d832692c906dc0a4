"""The catalogue made from the declarations: layer types, activations and objectives."""

import inspect
import math
from functools import cache

from models.catalog import ActivationType, Arity, Catalog, Group, LayerType, ObjectiveType
from models.data.treatment import OPTIONS
from models.layers import GROUPS, LAYERS
from models.layers.activations import ACTIVATIONS, Activation
from models.layers.base import Layer
from models.layers.constraints import CONSTRAINTS
from models.layers.initializers import INITIALIZERS
from models.layers.one_of import Part
from models.layers.regularizers import REGULARIZERS
from models.objectives.augmentations import AUGMENTATIONS
from models.objectives.losses import LOSSES
from models.objectives.metrics import METRICS
from models.objectives.optimizers import OPTIMIZERS
from models.objectives.schedules import SCHEDULES

CURVE_ENDS = (-4.0, 4.0)
CURVE_POINTS = 65


@cache
def catalog() -> Catalog:
    """Return everything that a network and a recipe can be made of."""
    return Catalog(
        groups=[Group(name=name, color=color) for name, color in GROUPS.items()],
        layers=[_layer(name, layer) for name, layer in LAYERS.items()],
        activations=[_activation(activation) for activation in ACTIVATIONS.values()],
        losses=[loss.entry() for loss in LOSSES.values()],
        optimizers=[optimizer.entry() for optimizer in OPTIMIZERS.values()],
        schedules=[schedule.entry() for schedule in SCHEDULES.values()],
        metrics=[metric.entry() for metric in METRICS.values()],
        augmentations=[augmentation.entry() for augmentation in AUGMENTATIONS.values()],
        initializers=[_part(initializer) for initializer in INITIALIZERS.values()],
        regularizers=[_part(regularizer) for regularizer in REGULARIZERS.values()],
        constraints=[_part(constraint) for constraint in CONSTRAINTS.values()],
        treatments=OPTIONS,
    )


def _layer(name: str, layer: type[Layer]) -> LayerType:
    description = inspect.cleandoc(layer.__doc__ or "")
    fewest, most = layer.arity
    schema = layer.model_json_schema()
    for key in ("title", "description"):
        schema.pop(key, None)
    known = schema.get("properties", {})
    schema["properties"] = {field: known[field] for field in layer.parameters()}
    return LayerType(
        type=name,
        group=layer.group,
        title=name,
        summary=" ".join(description.split("\n\n")[0].split()),
        description=description,
        glyph=layer.glyph,
        role=layer.role,
        inputs=Arity(minimum=fewest, maximum=most),
        ports=list(layer.ports),
        has_output=layer.has_output,
        params=schema,
        headline=list(layer.headline),
    )


def _part(part: type[Part]) -> ObjectiveType:
    return ObjectiveType(
        type=part.name,
        title=part.title,
        summary=part.summary(),
        formula=part.formula,
        params=part.parameters(),
    )


def _activation(activation: Activation) -> ActivationType:
    low, high = CURVE_ENDS
    places = (low + (high - low) * point / (CURVE_POINTS - 1) for point in range(CURVE_POINTS))
    value, slope = activation.value, activation.slope
    curve = [(x, _rounded(value(x)), _rounded(slope(x))) for x in places] if value and slope else []
    return ActivationType(
        type=activation.name,
        title=activation.title,
        summary=activation.summary,
        formula=activation.formula,
        curve=curve,
    )


def _rounded(value: float) -> float:
    """Return the value with as many digits as a plot can show."""
    return round(value, 5) if math.isfinite(value) else 0.0
