"""Random changes of training pictures [batch, 3, 32, 32] in [-1, 1]; everything drawn from one generator."""

import math

import torch
import torch.nn.functional as F


def flip_some(x, g):
    return torch.where(torch.rand(len(x), 1, 1, 1, generator=g) < 0.5, x.flip(3), x)


def shift(x, g, pixels: int = 4):
    """Each picture shifted by up to some pixels; what comes in at an edge is its mirror image."""
    size = x.shape[2]
    padded = F.pad(x, (pixels,) * 4, mode="reflect")
    steps = torch.arange(size)
    top, left = torch.randint(2 * pixels + 1, (2, len(x)), generator=g)
    rows, columns = top.view(-1, 1) + steps, left.view(-1, 1) + steps
    index = torch.arange(len(x)).view(-1, 1, 1)
    return padded.permute(0, 2, 3, 1)[index, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def photograph(x, g):
    """For CIFAR-10."""
    return shift(flip_some(x, g), g)


def place(x, g):
    """Scaled, stretched, turned by up to 12 degrees and shifted by up to 4 pixels, on white."""
    n = len(x)
    uniform = lambda low, high: low + (high - low) * torch.rand(n, generator=g)
    zoom, stretch, angle = uniform(0.8, 1.3), uniform(0.9, 1.1), uniform(-math.pi / 15, math.pi / 15)
    cos, sin = torch.cos(angle), torch.sin(angle)
    theta = torch.stack([torch.stack([zoom * stretch * cos, -zoom * sin, uniform(-0.25, 0.25)], 1),
                         torch.stack([zoom * sin, zoom / stretch * cos, uniform(-0.25, 0.25)], 1)], 1)
    grid = F.affine_grid(theta, x.shape, align_corners=False)
    return F.grid_sample(x - 1, grid, mode="bilinear", padding_mode="zeros", align_corners=False) + 1


def recolour(x, g):
    """Brightness, contrast, saturation, and a slight mix of the channels, so that colour still tells a red apple from a green one."""
    n = len(x)
    some = lambda spread: spread * (2 * torch.rand(n, 1, 1, 1, generator=g) - 1)
    x = x * (1 + some(0.3)) + some(0.2)
    grey = x.mean(dim=1, keepdim=True)
    x = grey + (x - grey) * (1 + some(0.5))
    mix = torch.eye(3) + 0.08 * torch.randn(n, 3, 3, generator=g)
    return torch.einsum("nij,njhw->nihw", mix, x)


def blur(x, g):
    """Half of the pictures; binomial 3x3, mixed in by a random share, twice."""
    kernel = torch.tensor([1.0, 2.0, 1.0]) / 4
    kernel = (kernel[:, None] * kernel).expand(3, 1, 3, 3)
    for _ in range(2):
        share = (2 * torch.rand(len(x), 1, 1, 1, generator=g) - 1).clamp(min=0)
        x = x + share * (F.conv2d(F.pad(x, (1,) * 4, mode="replicate"), kernel, groups=3) - x)
    return x


def noise(x, g):
    strength = 0.3 * torch.rand(len(x), 1, 1, 1, generator=g) ** 2
    return x + strength * torch.randn(x.shape, generator=g)


def drawing(x, g):
    """For the emoji: no class of the list is told from another by its handedness, so they are flipped too."""
    return noise(blur(recolour(place(flip_some(x, g), g), g), g), g).clamp(-1, 1)
