"""DiT (Peebles & Xie, arXiv 2212.09748) for training: the tensor names and arithmetic of facebookresearch/DiT's state dict."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def axis_embedding(width: int, position: np.ndarray) -> np.ndarray:
    """[positions, width]: sines, then cosines, of the positions along one axis."""
    omega = 1.0 / 10000 ** (np.arange(width // 2, dtype=np.float64) / (width / 2.0))
    angles = np.outer(position.reshape(-1), omega)
    return np.concatenate([np.sin(angles), np.cos(angles)], axis=1)


def grid_embedding(width: int, side: int) -> np.ndarray:
    """[side*side, width]: the column in the first half of the channels, the row in the second."""
    rows, columns = np.meshgrid(np.arange(side), np.arange(side), indexing="ij")
    return np.concatenate([axis_embedding(width // 2, columns), axis_embedding(width // 2, rows)], axis=1)


class Patchify(nn.Module):
    def __init__(self, patch: int, channels: int, width: int):
        super().__init__()
        self.proj = nn.Conv2d(channels, width, patch, patch)

    def forward(self, x):
        return self.proj(x).flatten(2).transpose(1, 2)


class TimestepEmbedder(nn.Module):
    def __init__(self, width: int, frequencies: int = 256):
        super().__init__()
        self.mlp = nn.Sequential(nn.Linear(frequencies, width), nn.SiLU(), nn.Linear(width, width))
        exponents = torch.arange(frequencies // 2, dtype=torch.float32) / (frequencies // 2)
        self.register_buffer("omega", torch.exp(-math.log(10000) * exponents), persistent=False)

    def forward(self, t):
        angles = t[:, None].float() * self.omega
        return self.mlp(torch.cat([angles.cos(), angles.sin()], dim=-1))


class LabelEmbedder(nn.Module):
    def __init__(self, classes: int, width: int):
        super().__init__()
        self.embedding_table = nn.Embedding(classes + 1, width)  # the last row is the null class of guidance

    def forward(self, y):
        return self.embedding_table(y)


class Attention(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, tokens, width = x.shape
        q, k, v = self.qkv(x).view(batch, tokens, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        if hasattr(F, "scaled_dot_product_attention"):
            mixed = F.scaled_dot_product_attention(q, k, v)
        else:
            mixed = ((q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)).softmax(-1) @ v
        return self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))


class Mlp(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x):
        return self.fc2(F.gelu(self.fc1(x), approximate="tanh"))


def modulated_norm(x, shift, scale):
    return F.layer_norm(x, x.shape[-1:], eps=1e-6) * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1)


class Block(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.attn = Attention(width, heads)
        self.mlp = Mlp(width)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 6 * width))

    def forward(self, x, c):
        shift_a, scale_a, gate_a, shift_m, scale_m, gate_m = self.adaLN_modulation(c).chunk(6, dim=1)
        x = x + gate_a.unsqueeze(1) * self.attn(modulated_norm(x, shift_a, scale_a))
        return x + gate_m.unsqueeze(1) * self.mlp(modulated_norm(x, shift_m, scale_m))


class FinalLayer(nn.Module):
    def __init__(self, width: int, outputs: int):
        super().__init__()
        self.linear = nn.Linear(width, outputs)
        self.adaLN_modulation = nn.Sequential(nn.SiLU(), nn.Linear(width, 2 * width))

    def forward(self, x, c):
        shift, scale = self.adaLN_modulation(c).chunk(2, dim=1)
        return self.linear(modulated_norm(x, shift, scale))


class DiT(nn.Module):
    """[batch, channels, size, size], timesteps [batch], labels [batch] -> [batch, 2*channels, size, size] (noise, variance)."""

    def __init__(self, input_size, patch_size, in_channels, hidden_size, depth, num_heads, num_classes):
        super().__init__()
        self.patch, self.channels = patch_size, in_channels
        self.x_embedder = Patchify(patch_size, in_channels, hidden_size)
        self.t_embedder = TimestepEmbedder(hidden_size)
        self.y_embedder = LabelEmbedder(num_classes, hidden_size)
        side = input_size // patch_size
        table = torch.from_numpy(grid_embedding(hidden_size, side)).float().unsqueeze(0)
        self.pos_embed = nn.Parameter(table, requires_grad=False)
        self.blocks = nn.ModuleList(Block(hidden_size, num_heads) for _ in range(depth))
        self.final_layer = FinalLayer(hidden_size, patch_size * patch_size * in_channels * 2)
        self._initialise()

    def _initialise(self):
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.xavier_uniform_(module.weight)
                nn.init.zeros_(module.bias)
        nn.init.xavier_uniform_(self.x_embedder.proj.weight.view(self.x_embedder.proj.weight.shape[0], -1))
        nn.init.zeros_(self.x_embedder.proj.bias)
        nn.init.normal_(self.y_embedder.embedding_table.weight, std=0.02)
        nn.init.normal_(self.t_embedder.mlp[0].weight, std=0.02)
        nn.init.normal_(self.t_embedder.mlp[2].weight, std=0.02)
        for zeroed in [b.adaLN_modulation[-1] for b in self.blocks] + [self.final_layer.adaLN_modulation[-1], self.final_layer.linear]:
            nn.init.zeros_(zeroed.weight)  # adaLN-Zero: every block starts as the identity
            nn.init.zeros_(zeroed.bias)

    def forward(self, x, t, y):
        batch, _, height, width = x.shape
        x = self.x_embedder(x) + self.pos_embed
        c = self.t_embedder(t) + self.y_embedder(y)
        for block in self.blocks:
            x = block(x, c)
        x = self.final_layer(x, c)
        rows, columns, p = height // self.patch, width // self.patch, self.patch
        x = x.view(batch, rows, columns, p, p, -1).permute(0, 5, 1, 3, 2, 4)
        return x.reshape(batch, -1, height, width)
