"""The feature network: four stages of 3x3 convolutions, a pooled feature, and one linear head per label set."""

import torch
import torch.nn as nn
import torch.nn.functional as F

WIDTHS = (32, 64, 128, 256)
RESIDUALS = (0, 1, 2, 1)  # x + relu(conv(x)) behind each stage's first convolution


class Convolution(nn.Module):
    """relu(norm(conv(x))); after fold() the norm is part of the convolution."""

    def __init__(self, inputs: int, outputs: int, stride: int, folded: bool):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=folded)
        self.norm = nn.Identity() if folded else nn.BatchNorm2d(outputs)

    def forward(self, x):
        return F.relu(self.norm(self.conv(x)))

    def fold(self) -> dict:
        """The weight and bias that do what the convolution and its batch norm do in evaluation; formed in double precision."""
        norm = self.norm
        scale = norm.weight.double() / (norm.running_var.double() + norm.eps).sqrt()
        return dict(weight=self.conv.weight.double() * scale.view(-1, 1, 1, 1), bias=norm.bias.double() - norm.running_mean.double() * scale)


class FeatureNetwork(nn.Module):
    """Pictures [batch, 3, 32, 32] in [-1, 1] to (stage maps, pooled feature [batch, 256], scores [batch, all heads' classes])."""

    def __init__(self, classes: int, folded: bool = False):
        super().__init__()
        self.stages = nn.ModuleList()
        for i, (width, residuals) in enumerate(zip(WIDTHS, RESIDUALS)):
            first = Convolution(WIDTHS[i - 1] if i else 3, width, 2 if i else 1, folded)
            self.stages.append(nn.ModuleList([first] + [Convolution(width, width, 1, folded) for _ in range(residuals)]))
        self.head = nn.Linear(WIDTHS[-1], classes)

    def forward(self, x):
        maps = []
        for first, *residuals in self.stages:
            x = first(x)
            for residual in residuals:
                x = x + residual(x)
            maps.append(x)
        feature = x.mean(dim=(2, 3))
        return maps, feature, self.head(feature)

    def fold(self) -> dict:
        """Tensors of the same network without batch norms, by the names of a folded network's state dict without 'conv.'."""
        tensors = {}
        for s, stage in enumerate(self.stages):
            for c, convolution in enumerate(stage):
                tensors.update({f"stages.{s}.{c}.{name}": tensor for name, tensor in convolution.fold().items()})
        return {**tensors, "head.weight": self.head.weight, "head.bias": self.head.bias}


def load_folded(tensors: dict) -> FeatureNetwork:
    """The network of an exported file, for fixtures."""
    network = FeatureNetwork(len(tensors["head.bias"]), folded=True)
    network.load_state_dict({name if name.startswith("head.") else ".conv.".join(name.rsplit(".", 1)): t for name, t in tensors.items()})
    return network.eval()


@torch.no_grad()
def distance(maps_a, maps_b) -> torch.Tensor:
    """LPIPS-style distance of pictures given their stage maps: [batch]."""
    unit = lambda m: m / (m.square().sum(dim=1, keepdim=True).sqrt() + 1e-10)
    return sum((unit(a) - unit(b)).square().sum(dim=1).mean(dim=(1, 2)) for a, b in zip(maps_a, maps_b))
