"""What augmentations compute: on batches of images in plain torch, on whatever device they are.

Images are (N, channels, height, width), numbers from 0 to 1. All that is random is drawn from the
generator that is given, for each image by itself.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F

PADDING = {"reflect": "reflection", "nearest": "border", "constant": "zeros"}


class Mixed(NamedTuple):
    """Images with a part of others in them.

    Attributes:
        images: (N, channels, height, width).
        others: which image of the batch each one is mixed with, (N,) int64.
        shares: how much of each one is its own, (N,), from ½ to 1.
    """

    images: Tensor
    others: Tensor
    shares: Tensor


def spread(count: int, reach: float, generator: torch.Generator) -> Tensor:
    """Return numbers drawn evenly from −reach to reach: (N,)."""
    drawn = torch.rand(count, generator=generator, device=generator.device)
    return (2 * drawn - 1) * reach


def flip(images: Tensor, generator: torch.Generator, mode: str) -> Tensor:
    """Mirror each image with probability ½ along each axis that the mode names."""
    for axis, name in ((3, "horizontal"), (2, "vertical")):
        if name in mode:
            drawn = torch.rand(len(images), generator=generator, device=images.device) < 0.5
            images = torch.where(drawn[:, None, None, None], images.flip(axis), images)
    return images


def translation(
    size: tuple[int, int, int],
    generator: torch.Generator,
    height_factor: float,
    width_factor: float,
) -> Tensor:
    """Shift down and to the right by up to these parts of height and width."""
    count, height, width = size
    down = spread(count, height_factor * height, generator)
    right = spread(count, width_factor * width, generator)
    return _matrix(count, generator, shift=(-right, -down))


def rotation(size: tuple[int, int, int], generator: torch.Generator, factor: float) -> Tensor:
    """Turn counter-clockwise by up to this part of a full turn."""
    angle = spread(size[0], factor * 2 * math.pi, generator)
    cos, sin = angle.cos(), angle.sin()
    return _matrix(size[0], generator, ((cos, -sin), (sin, cos)))


def zoom(
    size: tuple[int, int, int],
    generator: torch.Generator,
    height_factor: float,
    width_factor: float | None,
) -> Tensor:
    """Show 1 + a times as much of height and width, a up to these factors."""
    tall = 1 + spread(size[0], height_factor, generator)
    wide = tall if width_factor is None else 1 + spread(size[0], width_factor, generator)
    none = torch.zeros_like(tall)
    return _matrix(size[0], generator, ((wide, none), (none, tall)))


def shear(
    size: tuple[int, int, int], generator: torch.Generator, x_factor: float, y_factor: float
) -> Tensor:
    """Slant by up to these amounts."""
    x, y = (spread(size[0], factor, generator) for factor in (x_factor, y_factor))
    one = torch.ones_like(x)
    return _matrix(size[0], generator, ((one, x), (y, one)))


def crop(size: tuple[int, int, int], generator: torch.Generator, scale: float) -> Tensor:
    """Show a part of at least this share of the area, anywhere within the image."""
    count, height, width = size
    area = torch.rand(count, generator=generator, device=generator.device) * (1 - scale) + scale
    side, none = area.sqrt(), torch.zeros_like(area)
    right, down = (
        spread(count, 0.5, generator) * length * (1 - side) for length in (width, height)
    )
    return _matrix(count, generator, ((side, none), (none, side)), (right, down))


AFFINE = {function.__name__: function for function in (translation, rotation, zoom, shear, crop)}


def composed(matrices: list[Tensor]) -> Tensor:
    """Return one map, (N, 2, 3), that does what several do one after another."""
    last_row = matrices[0].new_tensor([0.0, 0.0, 1.0]).expand(len(matrices[0]), 1, 3)
    whole = [torch.cat([matrix, last_row], dim=1) for matrix in matrices]
    result = whole[0]
    for matrix in whole[1:]:
        # Each tells whence its own result comes: the last one is asked first.
        result = result @ matrix
    return result[:, :2]


def moved(images: Tensor, matrix: Tensor, fill_mode: str, fill_value: float = 0.0) -> Tensor:
    """Return images whose pixels come from where the map says, blended of the nearest four.

    Args:
        matrix: (N, 2, 3); takes (x, y, 1) in pixels from the centre, to the right and down.
    """
    count, _, height, width = images.shape
    # `affine_grid` counts from −1 to 1 along each axis, whatever its length.
    half = matrix.new_tensor([width / 2, height / 2])
    inner = matrix[:, :, :2] * half[None, None, :] / half[None, :, None]
    theta = torch.cat([inner, matrix[:, :, 2:] / half[None, :, None]], dim=2)
    grid = F.affine_grid(theta, [count, 1, height, width], align_corners=False)
    outside = fill_value if fill_mode == "constant" else 0.0
    taken = F.grid_sample(
        images - outside if outside else images,
        grid.to(images.dtype),
        mode="bilinear",
        padding_mode=PADDING[fill_mode],
        align_corners=False,
    )
    return taken + outside if outside else taken


def brightness(images: Tensor, generator: torch.Generator, factor: float) -> Tensor:
    """Add up to this much to every pixel."""
    change = spread(len(images), factor, generator)
    return (images + _each(change)).clamp(0, 1)


def contrast(images: Tensor, generator: torch.Generator, factor: float) -> Tensor:
    """Multiply the distances from each channel's mean by up to 1 ± factor."""
    change = 1 + spread(len(images), factor, generator)
    mean = images.mean(dim=(2, 3), keepdim=True)
    return ((images - mean) * _each(change) + mean).clamp(0, 1)


def noise(images: Tensor, generator: torch.Generator, stddev: float) -> Tensor:
    """Add normal noise to every pixel."""
    drawn = torch.randn(images.shape, generator=generator, device=images.device)
    return images + drawn * stddev


def erasing(
    images: Tensor,
    generator: torch.Generator,
    factor: float,
    scale: list[float],
    fill_value: float,
) -> Tensor:
    """Cover a rectangle of the image's proportions, of a share of its area within the scale."""
    count = len(images)
    low, high = sorted(scale)
    area = torch.rand(count, generator=generator, device=images.device) * (high - low) + low
    chosen = torch.rand(count, generator=generator, device=images.device) < factor
    # A rectangle that is not chosen has no area, so that the random numbers stay in step.
    covered = _rectangles(images, torch.where(chosen, area, torch.zeros_like(area)), generator)
    return images.masked_fill(covered, fill_value)


PIXELS = {function.__name__: function for function in (flip, brightness, contrast, noise, erasing)}


def mixup(images: Tensor, generator: torch.Generator, alpha: float) -> Mixed:
    """Lay each image over another one, by shares from Beta(alpha, alpha)."""
    others = torch.randperm(len(images), generator=generator, device=images.device)
    shares = _shares(len(images), generator, alpha).to(images.dtype)
    own = _each(shares)
    return Mixed(images * own + images[others] * (1 - own), others, shares)


def cutmix(images: Tensor, generator: torch.Generator, factor: float) -> Mixed:
    """Put a rectangle of another image into each, by shares from Beta(factor, factor)."""
    others = torch.randperm(len(images), generator=generator, device=images.device)
    wanted = 1 - _shares(len(images), generator, factor)
    covered = _rectangles(images, wanted.to(images.dtype), generator)
    mixed = torch.where(covered, images[others], images)
    # Rectangles end at pixels and at borders: what counts is the area that they have.
    shares = 1 - covered.to(images.dtype).mean(dim=(1, 2, 3))
    return Mixed(mixed, others, shares)


MIXES = {function.__name__: function for function in (mixup, cutmix)}


def blended(values: Tensor, mixed: Mixed) -> Tensor:
    """Return what is expected of mixed images: (N,) or (N, width), by the shares of both."""
    own = mixed.shares if values.dim() == 1 else mixed.shares[:, None]
    return values * own + values[mixed.others] * (1 - own)


def _each(values: Tensor) -> Tensor:
    return values[:, None, None, None]


def _matrix(
    count: int,
    generator: torch.Generator,
    inner: tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]] | None = None,
    shift: tuple[Tensor, Tensor] | None = None,
) -> Tensor:
    """Return (N, 2, 3) of a matrix and a shift of (x, y)."""
    none = torch.zeros(count, device=generator.device)
    if inner is None:
        inner = ((none + 1, none), (none, none + 1))
    x, y = shift or (none, none)
    (a, b), (c, d) = inner
    return torch.stack([torch.stack([a, b, x], dim=1), torch.stack([c, d, y], dim=1)], dim=1)


def _shares(count: int, generator: torch.Generator, alpha: float) -> Tensor:
    """Return the larger share of each of two, drawn from Beta(alpha, alpha): (N,)."""
    # Small alphas lie next to 0 so often that single precision would lose both shares.
    both = torch.full((count, 2), alpha, dtype=torch.float64, device=generator.device)
    return torch._sample_dirichlet(both, generator=generator).amax(dim=1)


def _rectangles(images: Tensor, areas: Tensor, generator: torch.Generator) -> Tensor:
    """Return where a rectangle of the image's proportions lies: (N, 1, height, width) bool.

    It lies wholly within the image, anywhere.
    """
    count, _, height, width = images.shape
    inside = []
    for length in (height, width):
        size = (areas.sqrt() * length).round()
        start = torch.rand(count, generator=generator, device=images.device) * (length - size + 1)
        start = start.floor()[:, None]
        place = torch.arange(length, device=images.device)[None, :]
        inside.append((place >= start) & (place < start + size[:, None]))
    return (inside[0][:, :, None] & inside[1][:, None, :])[:, None]
