"""Convolutions in two steps, as Keras has them."""

from torch import nn

from models.modules.time_first import Conv1d


class SeparableConv2d(nn.Module):
    """A convolution of each channel by itself, then one of single pixels that mixes them."""

    convolution = nn.Conv2d

    def __init__(self, channels, filters, kernel_size, multiplier=1, bias=True, **options):
        super().__init__()
        middle = channels * multiplier
        self.depthwise = self.convolution(
            channels, middle, kernel_size, groups=channels, bias=False, **options
        )
        self.pointwise = self.convolution(middle, filters, 1, bias=bias)

    def forward(self, x):
        return self.pointwise(self.depthwise(x))


class SeparableConv1d(SeparableConv2d):
    """A separable convolution over (batch, time, features)."""

    convolution = Conv1d
