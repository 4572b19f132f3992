"""Noise schedule, training loss and a guided DDIM sampler: epsilon prediction, linear betas, 1000 steps, learned variance range.

Ho et al. (arXiv 2006.11239) for the process; Nichol & Dhariwal (arXiv 2102.09672), eq. 15-16, for the variance and its hybrid loss.
"""

import math

import torch

STEPS = 1000


class Schedule:
    """Float64 tables over the 1000 training steps, cast to float32 where they are used."""

    def __init__(self, device="cpu"):
        betas = torch.linspace(1e-4, 0.02, STEPS, dtype=torch.float64)
        bar = torch.cumprod(1 - betas, 0)
        previous = torch.cat([torch.ones(1, dtype=torch.float64), bar[:-1]])
        posterior = betas * (1 - previous) / (1 - bar)
        tables = dict(bar=bar, signal=bar.sqrt(), noise=(1 - bar).sqrt(), log_beta=betas.log(),
                      log_posterior=torch.cat([posterior[1:2], posterior[1:]]).log(),
                      mean_x0=betas * previous.sqrt() / (1 - bar),
                      mean_xt=(1 - previous) * (1 - betas).sqrt() / (1 - bar))
        for name, table in tables.items():
            setattr(self, name, table.float().to(device))

    def add_noise(self, x0, t, noise):
        return pick(self.signal, t) * x0 + pick(self.noise, t) * noise


def pick(table, t):
    return table[t].view(-1, 1, 1, 1)


def gaussian_kl(mean1, logvar1, mean2, logvar2):
    return 0.5 * (-1 + logvar2 - logvar1 + (logvar1 - logvar2).exp() + (mean1 - mean2) ** 2 * (-logvar2).exp())


def discrete_log_likelihood(x, mean, log_scale):
    """log P of 8-bit values x (scaled to [-1, 1]) under a Gaussian rounded to the 255 bins."""
    cdf = lambda z: 0.5 * (1 + torch.tanh(math.sqrt(2 / math.pi) * (z + 0.044715 * z ** 3)))
    inverse = (-log_scale).exp()
    upper, lower = cdf((x - mean + 1 / 255) * inverse), cdf((x - mean - 1 / 255) * inverse)
    inside = (upper - lower).clamp(min=1e-12).log()
    return torch.where(x < -0.999, upper.clamp(min=1e-12).log(),
                       torch.where(x > 0.999, (1 - lower).clamp(min=1e-12).log(), inside))


def training_loss(model, schedule, x0, y, t, noise):
    """Mean squared error of the noise plus the variational bound (bits) of the variance, per sample."""
    xt = schedule.add_noise(x0, t, noise)
    epsilon, v = model(xt, t, y).float().chunk(2, dim=1)
    squared = (noise - epsilon).square().mean(dim=(1, 2, 3))

    low, high = pick(schedule.log_posterior, t), pick(schedule.log_beta, t)
    logvar = (v + 1) / 2 * high + (1 - v) / 2 * low
    guess = (xt - pick(schedule.noise, t) * epsilon.detach()) / pick(schedule.signal, t)
    mean = lambda start: pick(schedule.mean_x0, t) * start + pick(schedule.mean_xt, t) * xt
    kl = gaussian_kl(mean(x0), low, mean(guess), logvar)
    first = -discrete_log_likelihood(x0, mean(guess), 0.5 * logvar)
    bound = torch.where(pick(torch.arange(STEPS, device=t.device) == 0, t), first, kl).mean(dim=(1, 2, 3)) / math.log(2)
    return squared, bound


@torch.no_grad()
def sample_ddim(model, schedule, labels, shape, null_label, steps=50, guidance=2.0, seed=0):
    """DDIM with classifier-free guidance on all channels; returns [labels, channels, size, size] in [-1, 1]."""
    generator = torch.Generator().manual_seed(seed)
    x = torch.randn(len(labels), *shape, generator=generator).to(labels.device)
    y = torch.cat([labels, torch.full_like(labels, null_label)])
    times = [round(i * (STEPS - 1) / (steps - 1)) for i in range(steps)]
    for i in reversed(range(steps)):
        t = torch.full((2 * len(labels),), times[i], dtype=torch.long, device=labels.device)
        conditional, unconditional = model(torch.cat([x, x]), t, y).float().chunk(2, dim=1)[0].chunk(2)
        epsilon = unconditional + guidance * (conditional - unconditional)
        bar = schedule.bar[times[i]]
        before = schedule.bar[times[i - 1]] if i else torch.ones_like(bar)
        x0 = (x - (1 - bar).sqrt() * epsilon) / bar.sqrt()
        x = before.sqrt() * x0 + (1 - before).sqrt() * epsilon
    return x.clamp(-1, 1)
