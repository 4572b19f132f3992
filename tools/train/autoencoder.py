"""A small autoencoder of Stable Diffusion's architecture, with diffusers' names, and its training on a file written by captions.py.

    python3 autoencoder.py --data scenes.npz --out run-text --minutes 25
    python3 autoencoder.py --data scenes.npz --out run-text --encode           # latents.npz, which train_text.py reads

Resumes from its own checkpoint; the learning rate reaches zero at --steps or at the end of --minutes, whichever comes first.
"""

import argparse
import contextlib
import math
import os
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import nn

from weights import write_atomically

CONFIG = {
    "_class_name": "AutoencoderKL", "in_channels": 3, "out_channels": 3, "block_out_channels": [16, 32, 64], "layers_per_block": 1,
    "latent_channels": 4, "norm_num_groups": 8, "act_fn": "silu", "use_quant_conv": False, "use_post_quant_conv": False,
    "mid_block_add_attention": True, "sample_size": 64, "down_block_types": ["DownEncoderBlock2D"] * 3, "up_block_types": ["UpDecoderBlock2D"] * 3,
}
KL_WEIGHT = 5e-4
SQUARE_WEIGHT = 6.0  # without it the colours come last: lines alone satisfy the absolute error for long
EMA_DECAY = 0.999


class GroupNorm(nn.GroupNorm):
    """In single precision, also where the rest is not; on a CPU that is the faster way as well."""

    def forward(self, x):
        return super().forward(x.float())


class Resnet(nn.Module):
    def __init__(self, inputs: int, outputs: int, groups: int):
        super().__init__()
        self.norm1, self.conv1 = GroupNorm(groups, inputs, eps=1e-6), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm2, self.conv2 = GroupNorm(groups, outputs, eps=1e-6), nn.Conv2d(outputs, outputs, 3, padding=1)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x):
        h = self.conv1(F.silu(self.norm1(x)))
        h = self.conv2(F.silu(self.norm2(h)))
        return (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x) + h


class Attention(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.group_norm = GroupNorm(groups, channels, eps=1e-6)
        self.to_q, self.to_k, self.to_v = (nn.Linear(channels, channels) for _ in range(3))
        self.to_out = nn.ModuleList([nn.Linear(channels, channels)])
        nn.init.zeros_(self.to_out[0].weight)

    def forward(self, x):
        n, c, h, w = x.shape
        tokens = self.group_norm(x).flatten(2).transpose(1, 2)
        q, k, v = self.to_q(tokens), self.to_k(tokens), self.to_v(tokens)
        out = torch.softmax(q @ k.transpose(1, 2) / math.sqrt(c), -1) @ v
        return x + self.to_out[0](out).transpose(1, 2).reshape(n, c, h, w)


class Middle(nn.Module):
    def __init__(self, channels: int, groups: int):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(channels, channels, groups), Resnet(channels, channels, groups)])
        self.attentions = nn.ModuleList([Attention(channels, groups)])

    def forward(self, x):
        return self.resnets[1](self.attentions[0](self.resnets[0](x)))


class Resample(nn.Module):
    def __init__(self, channels: int, down: bool):
        super().__init__()
        self.down, self.conv = down, nn.Conv2d(channels, channels, 3, stride=2 if down else 1, padding=0 if down else 1)

    def forward(self, x):
        return self.conv(F.pad(x, (0, 1, 0, 1)) if self.down else F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    def __init__(self, inputs: int, outputs: int, layers: int, groups: int, sampler: str):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(inputs if i == 0 else outputs, outputs, groups) for i in range(layers)])
        self.samplers = sampler
        if sampler:
            setattr(self, sampler, nn.ModuleList([Resample(outputs, sampler == "downsamplers")]))

    def forward(self, x):
        for resnet in self.resnets:
            x = resnet(x)
        return getattr(self, self.samplers)[0](x) if self.samplers else x


class Encoder(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        widths, groups, deepest = c["block_out_channels"], c["norm_num_groups"], len(c["block_out_channels"]) - 1
        self.conv_in = nn.Conv2d(3, widths[0], 3, padding=1)
        self.down_blocks = nn.ModuleList([Level(widths[max(i - 1, 0)], w, c["layers_per_block"], groups, "downsamplers" if i < deepest else "")
                                          for i, w in enumerate(widths)])
        self.mid_block = Middle(widths[-1], groups)
        self.conv_norm_out, self.conv_out = GroupNorm(groups, widths[-1], eps=1e-6), nn.Conv2d(widths[-1], 2 * c["latent_channels"], 3, padding=1)

    def forward(self, x):
        x = self.conv_in(x)
        for block in self.down_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(self.mid_block(x))))


class Decoder(nn.Module):
    def __init__(self, c: dict):
        super().__init__()
        widths, groups = c["block_out_channels"][::-1], c["norm_num_groups"]
        self.conv_in = nn.Conv2d(c["latent_channels"], widths[0], 3, padding=1)
        self.mid_block = Middle(widths[0], groups)
        self.up_blocks = nn.ModuleList([Level(widths[max(i - 1, 0)], w, c["layers_per_block"] + 1, groups, "upsamplers" if i < len(widths) - 1 else "")
                                        for i, w in enumerate(widths)])
        self.conv_norm_out, self.conv_out = GroupNorm(groups, widths[-1], eps=1e-6), nn.Conv2d(widths[-1], 3, 3, padding=1)

    def forward(self, z):
        x = self.mid_block(self.conv_in(z))
        for block in self.up_blocks:
            x = block(x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class AutoencoderKl(nn.Module):
    """Pictures [n, 3, h, w] in -1 to 1; latents [n, latent channels, h / 4, w / 4], unscaled."""

    def __init__(self, config: dict):
        super().__init__()
        self.config, self.encoder, self.decoder = config, Encoder(config), Decoder(config)

    def moments(self, pixels):
        mean, log_variance = self.encoder(pixels).chunk(2, 1)
        return mean, log_variance.clamp(-30, 20)

    def forward(self, pixels):
        mean, log_variance = self.moments(pixels)
        z = mean + (0.5 * log_variance).exp() * torch.randn_like(mean)
        return self.decoder(z), mean, log_variance


def edges(x):
    return x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]


def loss_of(model, pixels):
    """Absolute and squared error, the absolute one of differences between neighbours at two scales (lines count more than grounds), and the
    divergence from a unit Gaussian."""
    drawn, mean, log_variance = model(pixels)
    loss = (drawn - pixels).abs().mean() + SQUARE_WEIGHT * ((drawn - pixels) ** 2).mean()
    a, b = drawn, pixels
    for weight in (1.0, 1.0):
        loss = loss + weight * sum((p - q).abs().mean() for p, q in zip(edges(a), edges(b)))
        a, b = F.avg_pool2d(a, 2), F.avg_pool2d(b, 2)
    kl = 0.5 * (mean ** 2 + log_variance.exp() - 1 - log_variance).mean()
    return loss + KL_WEIGHT * kl, kl


def load_pixels(images, index, device="cpu"):
    return images[index].to(device).permute(0, 3, 1, 2).float().contiguous() / 127.5 - 1


def psnr(a, b):
    return (10 * torch.log10(4 / ((a.clamp(-1, 1) - b) ** 2).mean((1, 2, 3)))).mean().item()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--steps", type=int, default=4000)
    parser.add_argument("--minutes", type=float, default=1e9, help="stop this run after so long")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--channels", type=int, nargs="+", default=CONFIG["block_out_channels"], help="of the three levels")
    parser.add_argument("--decoder-only", action="store_true", help="go on with the encoder frozen: latents stay what they are")
    parser.add_argument("--bfloat16", action="store_true", help="as on a GPU; twice as fast on processors that multiply in it")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--nice", type=int, default=19)
    parser.add_argument("--show", type=int, default=100)
    parser.add_argument("--encode", action="store_true")
    options = parser.parse_args()
    os.nice(options.nice)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    options.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(1)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    images = torch.from_numpy(np.load(options.data)["images"]) if options.data.exists() else None
    if options.encode:
        return encode(read_trained(options.out / "autoencoder.pt").to(device), images, options, device)
    model = AutoencoderKl({**CONFIG, "block_out_channels": options.channels}).to(device)
    ema = {k: v.detach().clone() for k, v in model.state_dict().items()}
    checkpoint, step = options.out / "autoencoder.pt", 0
    parameters = [p for p in (model.decoder if options.decoder_only else model).parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, betas=(0.9, 0.99), weight_decay=1e-4)
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        ema, step = saved["ema"], saved["step"]
        if saved["decoder_only"] == options.decoder_only:
            optimiser.load_state_dict(saved["optimiser"])

    cast = torch.autocast(device, torch.bfloat16) if device == "cuda" or options.bfloat16 else contextlib.nullcontext()
    forward = torch.compile(model) if device == "cuda" else model
    if device == "cuda":
        images = images.to(device)
    held = load_pixels(images, slice(0, 64), device)  # the first 64 pictures are measured, not trained on
    began, losses = time.time(), []

    def save():
        write_atomically(checkpoint, lambda path: torch.save(
            dict(model=model.state_dict(), ema=ema, optimiser=optimiser.state_dict(), step=step, decoder_only=options.decoder_only, config=model.config), path))

    while step < options.steps and time.time() - began < 60 * options.minutes:
        left = min(1 - step / options.steps, 1 - (time.time() - began) / (60 * options.minutes))
        rate = options.rate * min(1, (step + 1) / 100) * min(1, left / 0.4)
        for group in optimiser.param_groups:
            group["lr"] = rate
        index = torch.randint(64, len(images), (options.batch,), generator=torch.Generator().manual_seed(step))
        with cast:
            loss, kl = loss_of(forward, load_pixels(images, index.to(images.device), device))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            decay = min(EMA_DECAY, (1 + step) / (10 + step))
            torch._foreach_mul_(list(ema.values()), decay)
            torch._foreach_add_(list(ema.values()), list(model.state_dict().values()), alpha=1 - decay)
        losses.append((loss.item(), kl.item()))
        if step % options.show == 0 or step == options.steps:
            live = {k: v.clone() for k, v in model.state_dict().items()}
            model.load_state_dict(ema)
            with torch.no_grad():
                mean, log_variance = model.moments(held)
                drawn = model.decoder(mean)
            model.load_state_dict(live)
            recent = np.mean(losses, 0)
            losses.clear()
            save()
            Image.fromarray(((torch.cat([held[:16], drawn[:16].clamp(-1, 1)]).permute(0, 2, 3, 1).float().cpu().numpy() + 1) * 127.5).astype(np.uint8)
                            .reshape(4, 8, 64, 64, 3).transpose(0, 2, 1, 3, 4).reshape(256, 512, 3)).save(options.out / "autoencoder.png")
            print(f"step {step}: loss {recent[0]:.4f}, KL {recent[1]:.2f}, held-out PSNR {psnr(drawn, held):.2f} dB, latent deviation "
                  f"{mean.std().item():.3f} (sampled {(0.5 * log_variance).exp().mean().item():.3f}), "
                  f"{(time.time() - began) / 60:.1f} min", flush=True)
    save()
    return 0


@torch.no_grad()
def encode(model, images, options, device) -> int:
    parts = [model.moments(load_pixels(images, slice(i, i + 64)).to(device))[0].float().cpu().numpy() for i in range(0, len(images), 64)]
    latents = np.concatenate(parts)
    path = options.out / "latents.npz"
    shift, scale = float(latents.mean()), float(1 / latents.std())
    if path.exists():  # a network that goes on with other pictures knows latents of this scale
        shift, scale = (float(np.load(path)[name]) for name in ("shift", "scale"))
    np.savez(path, latents=((latents - shift) * scale).astype(np.float16), captions=np.load(options.data)["captions"],
             shift=shift, scale=scale, names=np.load(options.data)["names"])
    print(f"{len(latents)} latents, shift {shift:.4f}, scale {scale:.4f}, deviation per channel {(latents * scale).std((0, 2, 3)).round(2)}")
    return 0


def read_trained(path: Path) -> AutoencoderKl:
    saved = torch.load(path, map_location="cpu")
    model = AutoencoderKl(saved.get("config", CONFIG))
    model.load_state_dict(saved["ema"])
    return model.eval()


if __name__ == "__main__":
    raise SystemExit(main())
