"""Augmentations: training images shown a little differently each time. Keras's names and ranges.

Only batches that are learnt from are changed, never those that validate or test. Images are
numbers from 0 to 1, (N, channels, height, width).
"""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from models.call import Call, Named
from models.objectives.base import Declaration, table

Way = Literal["affine", "pixels", "mix"]
FillMode = Literal["reflect", "nearest", "constant"]
Share = Annotated[float, Field(ge=0, le=1)]
KERAS, TORCHVISION = "keras.layers.", "torchvision.transforms.v2."


class Augmentation(Declaration):
    """Base of the augmentations. Its fields are the settings of its function."""

    function: ClassVar[str]
    """Name of the function in `models.training.distortions` that computes it."""
    way: ClassVar[Way] = "pixels"
    """What it does: moves pixels along straight lines, changes them, or mixes examples."""

    def settings(self) -> dict[str, Any]:
        """Return the keyword arguments of its function."""
        return self.model_dump()

    def torch(self) -> Call | None:
        """Return torchvision's transform that does the same to one image; None if it has none."""
        return None

    def keras(self) -> Call | None:
        """Return Keras's layer of the same meaning, for images from 0 to 1; None without one."""
        return Call(f"{KERAS}{type(self).__name__}", (), self.changed())


class RandomFlip(Augmentation):
    """Mirrors half of the images, left to right, upside down or both.

    Left to right suits most photographs. It does not suit letters and digits, which mean something
    else when they are mirrored.
    """

    title = "Flip"
    function = "flip"
    formula = "x'[i, j] = x[i, width − 1 − j] with probability ½"
    mode: Literal["horizontal", "vertical", "horizontal_and_vertical"] = Field(
        "horizontal", description="Left to right, upside down, or each by itself"
    )

    def torch(self) -> Call | None:
        name = {"horizontal": "RandomHorizontalFlip", "vertical": "RandomVerticalFlip"}
        return Call(TORCHVISION + name[self.mode], (0.5,)) if self.mode in name else None

    def keras(self) -> Call:
        return Call(f"{KERAS}RandomFlip", (self.mode,))


class _Affine(Augmentation):
    """Base of those that move pixels along straight lines.

    Several in a row are carried out as one, so that pixels are blended once.
    """

    way = "affine"
    fill_mode: FillMode = Field(
        "reflect",
        description="What comes in from outside: the image mirrored, its border, or one value",
    )
    fill_value: Share = Field(0.0, description="That value, from 0 (black) to 1 (white)")

    def settings(self) -> dict[str, Any]:
        return self.model_dump(exclude={"fill_mode", "fill_value"})

    @classmethod
    def parameters(cls) -> dict[str, Any]:
        schema = super().parameters()
        # What it does first, then what comes in from outside.
        fields = schema["properties"]
        for name in ("fill_mode", "fill_value"):
            fields[name] = fields.pop(name)
        return schema


class RandomTranslation(_Affine):
    """Shifts each image by a random part of its height and width."""

    title = "Shift"
    function = "translation"
    formula = "x'[i, j] = x[i − a, j − b], a and b at random in ±factor of the size"
    height_factor: Share = Field(0.1, description="Largest shift up or down, of the height")
    width_factor: Share = Field(0.1, description="Largest shift left or right, of the width")

    def torch(self) -> Call | None:
        shift = (self.width_factor, self.height_factor)
        return Call(f"{TORCHVISION}RandomAffine", (0,), {"translate": shift})

    def keras(self) -> Call:
        told = {"height_factor": self.height_factor, "width_factor": self.width_factor}
        return Call(f"{KERAS}RandomTranslation", (), {**told, **self.changed()})


class RandomRotation(_Affine):
    """Turns each image about its centre by a random angle."""

    title = "Rotation"
    function = "rotation"
    formula = "x'(p) = x(R(−φ)·p), φ at random in ±factor · 360°"
    factor: float = Field(
        0.05, ge=0, le=1, description="Largest angle as a part of a full turn; 0.05 is 18°"
    )

    def torch(self) -> Call | None:
        return Call(f"{TORCHVISION}RandomRotation", (round(360 * self.factor, 6),))

    def keras(self) -> Call:
        return Call(f"{KERAS}RandomRotation", (), {"factor": self.factor, **self.changed()})


class RandomZoom(_Affine):
    """Makes what each image shows larger or smaller by a random factor.

    As in Keras, above 0 zooms out and below 0 zooms in.
    """

    title = "Zoom"
    function = "zoom"
    formula = "x'(p) = x((1 + a)·p), a at random in ±factor"
    height_factor: float = Field(
        0.1, ge=0, lt=1, description="Largest change of the height, and of the width with it"
    )
    width_factor: Annotated[float, Field(ge=0, lt=1)] | None = Field(
        None, description="Largest change of the width by itself; none keeps the proportions"
    )

    def torch(self) -> Call | None:
        scale = (round(1 / (1 + self.height_factor), 4), round(1 / (1 - self.height_factor), 4))
        return Call(f"{TORCHVISION}RandomAffine", (0,), {"scale": scale})

    def keras(self) -> Call:
        told = {"height_factor": self.height_factor}
        return Call(f"{KERAS}RandomZoom", (), {**told, **self.changed()})


class RandomShear(_Affine):
    """Slants each image by a random amount."""

    title = "Shear"
    function = "shear"
    formula = "x'(p) = x([[1, a], [b, 1]]·p), a and b at random in ±factor"
    x_factor: Share = Field(0.1, description="Largest slant to the side, per unit of height")
    y_factor: Share = Field(0.0, description="Largest slant up or down, per unit of width")

    def keras(self) -> None:
        """Keras's layer slants to one side only, by an amount of another unit."""


class RandomResizedCrop(_Affine):
    """Cuts a random part out of each image and enlarges it to the whole size.

    The part has the proportions of the image, and lies wholly within it.
    """

    title = "Crop"
    function = "crop"
    formula = "x'(p) = x(√s·p + t), s at random from the least scale to 1"
    scale: float = Field(
        0.7, ge=0.01, le=1, description="Smallest part that is cut out, of the image's area"
    )

    def torch(self) -> Call | None:
        told = {"scale": (self.scale, 1.0), "ratio": (1.0, 1.0)}
        return Call(f"{TORCHVISION}RandomResizedCrop", (Named("(height, width)"),), told)

    def keras(self) -> None:
        """Keras has a crop of a fixed size only."""


class RandomBrightness(Augmentation):
    """Makes each image lighter or darker by a random amount."""

    title = "Brightness"
    function = "brightness"
    formula = "x' = clip(x + a, 0, 1), a at random in ±factor"
    factor: Share = Field(0.2, description="Largest change, of the way from black to white")

    def keras(self) -> Call:
        return Call(
            f"{KERAS}RandomBrightness", (), {"factor": self.factor, "value_range": (0.0, 1.0)}
        )


class RandomContrast(Augmentation):
    """Draws the pixels of each image nearer to their mean or away from it.

    The mean is that of each channel.
    """

    title = "Contrast"
    function = "contrast"
    formula = "x' = clip((x − mean)·a + mean, 0, 1), a at random in 1 ± factor"
    factor: Share = Field(0.2, description="Largest change of the contrast; 0.2 is 80 % to 120 %")

    def torch(self) -> Call | None:
        return Call(f"{TORCHVISION}ColorJitter", (), {"contrast": self.factor})

    def keras(self) -> Call:
        told = {"factor": self.factor, "value_range": (0.0, 1.0)}
        return Call(f"{KERAS}RandomContrast", (), told)


class GaussianNoise(Augmentation):
    """Adds noise with a normal distribution to every pixel."""

    title = "Noise"
    function = "noise"
    formula = "x' = x + ε, ε ~ N(0, stddev²)"
    stddev: Share = Field(
        0.05, description="Standard deviation of the noise, where black is 0 and white is 1"
    )

    def torch(self) -> Call | None:
        told = {"sigma": self.stddev, "clip": False}
        return Call(f"{TORCHVISION}GaussianNoise", (), told)

    def keras(self) -> Call:
        return Call(f"{KERAS}GaussianNoise", (), {"stddev": self.stddev})


class RandomErasing(Augmentation):
    """Covers a random rectangle of each image: cutout.

    The network cannot rely on one part of what it looks at (DeVries and Taylor, 2017).
    """

    title = "Cutout"
    function = "erasing"
    formula = "x'[rectangle] = fill_value, of a random share of the area in scale"
    factor: Share = Field(1.0, description="Share of the images in which something is covered")
    scale: list[Share] = Field(
        [0.02, 0.33],
        min_length=2,
        max_length=2,
        description="Smallest and largest rectangle, of the image's area",
        json_schema_extra={"x-series": True},
    )
    fill_value: Share = Field(0.0, description="What it is covered with: 0 is black, 1 is white")

    def torch(self) -> Call | None:
        told = {"p": self.factor, "scale": tuple(sorted(self.scale)), "value": self.fill_value}
        return Call(f"{TORCHVISION}RandomErasing", (), told)

    def keras(self) -> Call:
        told = {"factor": self.factor, "scale": tuple(sorted(self.scale))}
        return Call(f"{KERAS}RandomErasing", (), {**told, "fill_value": self.fill_value})


class MixUp(Augmentation):
    """Lays each image over another one of its batch, and expects both answers by their shares.

    The share is drawn from Beta(alpha, alpha) (Zhang and others, 2017). The larger one is always
    the image's own, so that the metrics of training compare with the answer that weighs most.
    """

    title = "MixUp"
    function = "mixup"
    example = {"alpha": 1.0}
    way = "mix"
    formula = "x' = λ·x + (1 − λ)·x[other], y' = λ·y + (1 − λ)·y[other]"
    alpha: float = Field(
        0.2, ge=0.05, le=10, description="Near 0 seldom mixes, 1 mixes in any proportion"
    )

    def torch(self) -> Call | None:
        told = {"alpha": self.alpha, "num_classes": Named("len(classes)")}
        return Call(f"{TORCHVISION}MixUp", (), told)


class CutMix(Augmentation):
    """Puts a rectangle of another image of the batch into each, and expects both answers.

    Each answer counts by its share of the area (Yun and others, 2019). The larger one is always
    the image's own.
    """

    title = "CutMix"
    function = "cutmix"
    way = "mix"
    formula = "x'[rectangle] = x[other], y' = λ·y + (1 − λ)·y[other], λ = the rest of the area"
    factor: float = Field(
        1.0, ge=0.05, le=10, description="Of Beta(factor, factor), from which the share is drawn"
    )

    def torch(self) -> Call | None:
        told = {"alpha": self.factor, "num_classes": Named("len(classes)")}
        return Call(f"{TORCHVISION}CutMix", (), told)


AUGMENTATIONS: dict[str, type[Augmentation]] = table(
    RandomFlip,
    RandomTranslation,
    RandomRotation,
    RandomZoom,
    RandomShear,
    RandomResizedCrop,
    RandomBrightness,
    RandomContrast,
    GaussianNoise,
    RandomErasing,
    MixUp,
    CutMix,
)
