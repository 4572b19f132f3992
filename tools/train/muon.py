"""Muon for the blocks' matrices: momentum whose singular values are brought to about one (Jordan et al., 2024)."""

import torch
import torch.distributed as dist

MOMENTUM = 0.95
ITERATIONS = 4


def orthogonalise(x):
    """The nearest (semi-)orthogonal matrices, by a quintic Newton-Schulz iteration; [count, rows, columns] with no more rows than columns."""
    x = x / (x.float().norm(dim=(1, 2), keepdim=True) + 1e-7).to(x.dtype)
    for _ in range(ITERATIONS):
        a = torch.bmm(x, x.transpose(1, 2))
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=-4.7750, alpha=2.0315), x, beta=3.4445)
    return x


class Muon:
    """Scaled so that a step is about as long as one of Adam at the same rate (Liu et al., arXiv 2502.16982). Processes share the work.

    A convolution is a matrix of what goes in at all places by what comes out. Matrices of the same sizes are brought to one together."""

    def __init__(self, parameters, rank, processes, dtype=torch.float32):
        self.parameters, self.rank, self.processes, self.dtype = parameters, rank, processes, dtype
        self.momentum = [torch.zeros_like(p) for p in parameters]

    def load(self, momentum):
        for mine, theirs in zip(self.momentum, momentum):
            mine.copy_(theirs)

    @torch.no_grad()
    def step(self, rate):
        updates, alike = [None] * len(self.parameters), {}
        for i, (p, m) in enumerate(zip(self.parameters, self.momentum)):
            m.lerp_(p.grad, 1 - MOMENTUM)
            if i % self.processes == self.rank:
                flat = p.grad.lerp(m, MOMENTUM).flatten(1)
                is_tall = flat.shape[0] > flat.shape[1]
                alike.setdefault((min(flat.shape), max(flat.shape)), []).append((i, is_tall, flat.t() if is_tall else flat))
            else:
                updates[i] = torch.zeros_like(p)
        for (_, longer), group in alike.items():
            found = orthogonalise(torch.stack([flat for _, _, flat in group]).to(self.dtype)).float() * (0.2 * longer ** 0.5)
            for (i, is_tall, _), update in zip(group, found):
                updates[i] = update.t() if is_tall else update
        flat = torch.cat([u.reshape(-1) for u in updates])
        if self.processes > 1:
            dist.all_reduce(flat)
        for p, update in zip(self.parameters, flat.split([p.numel() for p in self.parameters])):
            p.add_(update.view_as(p), alpha=-rate)
