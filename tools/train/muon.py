"""Muon for the blocks' matrices: momentum whose singular values are brought to about one (Jordan et al., 2024)."""

import torch
import torch.distributed as dist

MOMENTUM = 0.95
ITERATIONS = 4


def orthogonalise(matrix):
    """The nearest (semi-)orthogonal matrix, by a quintic Newton-Schulz iteration."""
    tall = matrix.shape[0] > matrix.shape[1]
    x = matrix.t() if tall else matrix
    x = x / (x.norm() + 1e-7)
    for _ in range(ITERATIONS):
        a = x @ x.t()
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * (a @ a)) @ x
    return x.t() if tall else x


class Muon:
    """Scaled so that a step is about as long as one of Adam at the same rate (Liu et al., arXiv 2502.16982). Processes share the work."""

    def __init__(self, parameters, rank, processes):
        self.parameters, self.rank, self.processes = parameters, rank, processes
        self.momentum = [torch.zeros_like(p) for p in parameters]

    def load(self, momentum):
        for mine, theirs in zip(self.momentum, momentum):
            mine.copy_(theirs)

    @torch.no_grad()
    def step(self, rate):
        updates = []
        for i, (p, m) in enumerate(zip(self.parameters, self.momentum)):
            m.lerp_(p.grad, 1 - MOMENTUM)
            mine = i % self.processes == self.rank
            flat = p.grad.lerp(m, MOMENTUM).flatten(1)  # a convolution is a matrix of what goes in at all places by what comes out
            updates.append(orthogonalise(flat) * (0.2 * max(flat.shape) ** 0.5) if mine else torch.zeros_like(p))
        flat = torch.cat([u.reshape(-1) for u in updates])
        if self.processes > 1:
            dist.all_reduce(flat)
        for p, update in zip(self.parameters, flat.split([p.numel() for p in self.parameters])):
            p.add_(update.view_as(p), alpha=-rate)
