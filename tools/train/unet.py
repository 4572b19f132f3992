"""Train a text-conditional U-Net of Stable Diffusion's architecture and its CLIP text encoder together, on the latents of autoencoder.py.

    python3 emoji_data.py --size 64 --out emoji64.npz                                         # all names in three styles, 64x64
    python3 autoencoder.py --data emoji64.npz --out run-unet --bfloat16 --minutes 14
    python3 unet.py --data emoji64.npz --out run-unet --names names.txt --minutes 45          # resumes from its own checkpoint
    python3 unet.py --data emoji64.npz --out run-unet --preview
    python3 unet.py --data emoji64.npz --out run-unet --export ../../models/emoji-unet --reference ../../tests/fixtures/emoji-unet/reference.safetensors

Noise prediction on 1000 steps of scaled-linear betas, weighted by 1 / (1 + SNR). The rate follows the clock: --minutes is the whole of the training over
all its runs. The export is a folder as diffusers' StableDiffusionPipeline has it: unet, text_encoder, tokenizer, vae, scheduler.
"""

import argparse
import json
import math
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import autoencoder
import bpe
from autoencoder import GroupNorm
from muon import Muon
from weights import read_safetensors, write_atomically, write_safetensors

STEPS = 1000
BEGIN, END = SPECIAL = ("<|startoftext|>", "<|endoftext|>")
NULL_PROBABILITY = 0.1
STYLES = {"noto": ", noto style", "fluent-emoji-flat": ", flat style", "twemoji": ", twemoji style"}
VARIANTS = 6        # ways in which each picture is told


class LayerNorm(nn.LayerNorm):
    def forward(self, x):
        return super().forward(x.float())


class Resnet(nn.Module):
    def __init__(self, inputs: int, outputs: int, time_width: int, groups: int):
        super().__init__()
        self.norm1, self.conv1 = GroupNorm(groups, inputs, eps=1e-5), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time_emb_proj = nn.Linear(time_width, outputs)
        self.norm2, self.conv2 = GroupNorm(groups, outputs, eps=1e-5), nn.Conv2d(outputs, outputs, 3, padding=1)
        if inputs != outputs:
            self.conv_shortcut = nn.Conv2d(inputs, outputs, 1)
        nn.init.zeros_(self.conv2.weight)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x)))
        h = h + self.time_emb_proj(F.silu(time))[:, :, None, None]
        h = self.conv2(F.silu(self.norm2(h)))
        return (self.conv_shortcut(x) if hasattr(self, "conv_shortcut") else x) + h


class Attention(nn.Module):
    def __init__(self, width: int, context: int, heads: int):
        super().__init__()
        self.heads = heads
        self.to_q, self.to_k, self.to_v = nn.Linear(width, width, bias=False), nn.Linear(context, width, bias=False), nn.Linear(context, width, bias=False)
        self.to_out = nn.ModuleList([nn.Linear(width, width)])

    def forward(self, x, context):
        n, length, width = x.shape
        q, k, v = (p(y).view(n, y.shape[1], self.heads, -1).transpose(1, 2) for p, y in ((self.to_q, x), (self.to_k, context), (self.to_v, context)))
        if hasattr(F, "scaled_dot_product_attention"):
            a = F.scaled_dot_product_attention(q, k, v)
        else:
            a = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5).softmax(-1) @ v
        return self.to_out[0](a.transpose(1, 2).reshape(n, length, width))


class Geglu(nn.Module):
    def __init__(self, width: int, inner: int):
        super().__init__()
        self.proj = nn.Linear(width, 2 * inner)

    def forward(self, x):
        h, gate = self.proj(x).chunk(2, -1)
        return h * F.gelu(gate)


class FeedForward(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.net = nn.ModuleList([Geglu(width, 4 * width), nn.Identity(), nn.Linear(4 * width, width)])

    def forward(self, x):
        return self.net[2](self.net[0](x))


class TransformerBlock(nn.Module):
    def __init__(self, width: int, context: int, heads: int):
        super().__init__()
        self.norm1, self.norm2, self.norm3 = LayerNorm(width), LayerNorm(width), LayerNorm(width)
        self.attn1, self.attn2, self.ff = Attention(width, width, heads), Attention(width, context, heads), FeedForward(width)

    def forward(self, x, context):
        h = self.norm1(x)
        x = x + self.attn1(h, h)
        x = x + self.attn2(self.norm2(x), context)
        return x + self.ff(self.norm3(x))


class Transformer(nn.Module):
    def __init__(self, width: int, context: int, heads: int, groups: int):
        super().__init__()
        self.norm, self.proj_in = GroupNorm(groups, width, eps=1e-6), nn.Conv2d(width, width, 1)
        self.transformer_blocks = nn.ModuleList([TransformerBlock(width, context, heads)])
        self.proj_out = nn.Conv2d(width, width, 1)
        nn.init.zeros_(self.proj_out.weight)

    def forward(self, x, context):
        n, c, h, w = x.shape
        tokens = self.proj_in(self.norm(x)).permute(0, 2, 3, 1).reshape(n, h * w, c)
        tokens = self.transformer_blocks[0](tokens, context)
        return x + self.proj_out(tokens.view(n, h, w, c).permute(0, 3, 1, 2))


class Resample(nn.Module):
    def __init__(self, channels: int, stride: int):
        super().__init__()
        self.stride, self.conv = stride, nn.Conv2d(channels, channels, 3, stride=stride, padding=1)

    def forward(self, x):
        return self.conv(x if self.stride == 2 else F.interpolate(x, scale_factor=2.0, mode="nearest"))


class Level(nn.Module):
    """The layers of one size: `inputs` are the channels that each of them reads."""

    def __init__(self, inputs: list, outputs: int, c: dict, heads: int, has_attention: bool, sampler: str):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(i, outputs, 4 * c["block_out_channels"][0], c["norm_num_groups"]) for i in inputs])
        if has_attention:
            self.attentions = nn.ModuleList([Transformer(outputs, c["cross_attention_dim"], heads, c["norm_num_groups"]) for _ in inputs])
        if sampler:
            setattr(self, sampler, nn.ModuleList([Resample(outputs, 2 if sampler == "downsamplers" else 1)]))

    def layer(self, i: int, x, time, context):
        x = self.resnets[i](x, time)
        return self.attentions[i](x, context) if hasattr(self, "attentions") else x


class Middle(nn.Module):
    def __init__(self, width: int, c: dict, heads: int):
        super().__init__()
        self.resnets = nn.ModuleList([Resnet(width, width, 4 * c["block_out_channels"][0], c["norm_num_groups"]) for _ in range(2)])
        self.attentions = nn.ModuleList([Transformer(width, c["cross_attention_dim"], heads, c["norm_num_groups"])])

    def forward(self, x, time, context):
        return self.resnets[1](self.attentions[0](self.resnets[0](x, time), context), time)


class TimeEmbedding(nn.Module):
    def __init__(self, width: int):
        super().__init__()
        self.linear_1, self.linear_2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, 4 * width)
        self.register_buffer("frequencies", torch.exp(-math.log(10000.0) * torch.arange(width // 2) / (width // 2)), persistent=False)

    def forward(self, t):
        angles = t.float()[:, None] * self.frequencies
        return self.linear_2(F.silu(self.linear_1(torch.cat([angles.cos(), angles.sin()], 1))))


class UNet(nn.Module):
    """diffusers' UNet2DConditionModel as Stable Diffusion 1 has it: the same names and arithmetic."""

    def __init__(self, c: dict):
        super().__init__()
        self.config = c
        widths, layers = c["block_out_channels"], c["layers_per_block"]
        heads = c["attention_head_dim"] if isinstance(c["attention_head_dim"], list) else [c["attention_head_dim"]] * len(widths)
        self.conv_in, self.time_embedding = nn.Conv2d(c["in_channels"], widths[0], 3, padding=1), TimeEmbedding(widths[0])
        downs, skips, previous = [], [widths[0]], widths[0]
        for i, width in enumerate(widths):
            is_last = i == len(widths) - 1
            downs.append(Level([previous] + [width] * (layers - 1), width, c, heads[i], "Cross" in c["down_block_types"][i], "" if is_last else "downsamplers"))
            skips += [width] * (layers + (not is_last))
            previous = width
        self.down_blocks, self.mid_block, ups = nn.ModuleList(downs), Middle(previous, c, heads[-1]), []
        for i, width in enumerate(reversed(widths)):
            inputs = []
            for _ in range(layers + 1):
                inputs.append(previous + skips.pop())
                previous = width
            ups.append(Level(inputs, width, c, heads[len(widths) - 1 - i], "Cross" in c["up_block_types"][i], "upsamplers" if i < len(widths) - 1 else ""))
        self.up_blocks = nn.ModuleList(ups)
        self.conv_norm_out, self.conv_out = GroupNorm(c["norm_num_groups"], widths[0], eps=1e-5), nn.Conv2d(widths[0], c["out_channels"], 3, padding=1)

    def forward(self, x, t, context):
        time, x = self.time_embedding(t), self.conv_in(x)
        skips = [x]
        for block in self.down_blocks:
            for i in range(len(block.resnets)):
                x = block.layer(i, x, time, context)
                skips.append(x)
            if hasattr(block, "downsamplers"):
                x = block.downsamplers[0](x)
                skips.append(x)
        x = self.mid_block(x, time, context)
        for block in self.up_blocks:
            for i in range(len(block.resnets)):
                x = block.layer(i, torch.cat([x, skips.pop()], 1), time, context)
            if hasattr(block, "upsamplers"):
                x = block.upsamplers[0](x)
        return self.conv_out(F.silu(self.conv_norm_out(x)))


class ClipLayer(nn.Module):
    def __init__(self, width: int, heads: int):
        super().__init__()
        self.heads = heads
        self.layer_norm1, self.layer_norm2 = LayerNorm(width), LayerNorm(width)
        self.self_attn = nn.ModuleDict({name: nn.Linear(width, width) for name in ("q_proj", "k_proj", "v_proj", "out_proj")})
        self.mlp = nn.ModuleDict(dict(fc1=nn.Linear(width, 4 * width), fc2=nn.Linear(4 * width, width)))

    def forward(self, x, causal):
        n, length, width = x.shape
        h = self.layer_norm1(x)
        q, k, v = (self.self_attn[name](h).view(n, length, self.heads, -1).transpose(1, 2) for name in ("q_proj", "k_proj", "v_proj"))
        a = (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + causal).softmax(-1) @ v
        x = x + self.self_attn["out_proj"](a.transpose(1, 2).reshape(n, length, width))
        h = self.mlp["fc1"](self.layer_norm2(x))
        return x + self.mlp["fc2"](h * torch.sigmoid(1.702 * h))


class ClipText(nn.Module):
    """CLIP's text transformer with Hugging Face's names; gives the normalised states of all tokens."""

    def __init__(self, c: dict):
        super().__init__()
        self.config, width = c, c["hidden_size"]
        self.embeddings = nn.ModuleDict(dict(token_embedding=nn.Embedding(c["vocab_size"], width), position_embedding=nn.Embedding(c["max_position_embeddings"], width)))
        self.encoder = nn.ModuleDict(dict(layers=nn.ModuleList(ClipLayer(width, c["num_attention_heads"]) for _ in range(c["num_hidden_layers"]))))
        self.final_layer_norm = LayerNorm(width)
        nn.init.normal_(self.embeddings["token_embedding"].weight, std=0.5)
        nn.init.normal_(self.embeddings["position_embedding"].weight, std=0.1)

    def forward(self, ids):
        length = ids.shape[1]
        causal = torch.full((length, length), -math.inf, device=ids.device).triu(1)
        x = self.embeddings["token_embedding"](ids) + self.embeddings["position_embedding"].weight[:length]
        for layer in self.encoder["layers"]:
            x = layer(x, causal)
        return self.final_layer_norm(x)


class Drawer(nn.Module):
    def __init__(self, unet: dict, text: dict):
        super().__init__()
        self.unet, self.text_model = UNet(unet), ClipText(text)

    def forward(self, x, t, ids):
        return self.unet(x, t, self.text_model(ids))


def configs_of(options, vocabulary: int) -> tuple:
    levels = len(options.channels)
    unet = dict(sample_size=16, in_channels=4, out_channels=4, block_out_channels=options.channels, layers_per_block=options.layers,
                down_block_types=["CrossAttnDownBlock2D"] * (levels - 1) + ["DownBlock2D"], up_block_types=["UpBlock2D"] + ["CrossAttnUpBlock2D"] * (levels - 1),
                cross_attention_dim=options.text_width, attention_head_dim=[c // 32 for c in options.channels], norm_num_groups=8)
    text = dict(vocab_size=vocabulary, hidden_size=options.text_width, intermediate_size=4 * options.text_width, num_hidden_layers=options.text_layers,
                num_attention_heads=options.text_width // 64, max_position_embeddings=16)
    return unet, text


def alphas() -> torch.Tensor:
    return torch.cumprod(1 - torch.linspace(0.00085 ** 0.5, 0.012 ** 0.5, STEPS, dtype=torch.float64) ** 2, 0)


def tell(name: str, style: str, rng: random.Random) -> str:
    """A prompt for a drawing; half of them say the style."""
    article = "an " if name[0] in "aeiou" else "a "
    start = rng.choice(["", article, article, "the ", article + "picture of " + article, "emoji of " + article])
    return start + name + (STYLES[style] if rng.random() < 0.5 else "")


def encode(tokenizer, text: str, length: int = 16) -> list:
    end = tokenizer.special[END]
    ids = [tokenizer.special[BEGIN], *tokenizer.encode(text)[:length - 2], end]
    return ids + [end] * (length - len(ids))


def chosen(options, data):
    """The indices of the pictures of --names; all without."""
    names = [str(n) for n in data["names"]]
    wanted = {n for n in options.names.read_text().splitlines() if n} if options.names else set(names)
    return [i for i, label in enumerate(data["labels"]) if names[label] in wanted]


def read_tokenizer(options, data):
    path = options.out / "clip-tokenizer.json"
    if not path.exists():
        told = sorted({str(n) for n in data["names"]}) + ["a an the picture of emoji icon with in on and"] + list(STYLES.values())
        file = bpe.build(bpe.learn(told, 4000, is_clip=True), SPECIAL, is_clip=True)
        write_atomically(path, lambda p: p.write_text(json.dumps(file, indent=1, ensure_ascii=False) + "\n"))
    return bpe.read(path)


@torch.no_grad()
def read_latents(options, data, index):
    """Latents of the chosen pictures, scaled to a deviation of one as the exported configuration says, and the scale."""
    path = options.out / "unet-latents.npz"
    if not path.exists():
        vae = autoencoder.read_trained(options.out / "autoencoder.pt")
        images = torch.from_numpy(data["images"][index])
        mean = torch.cat([vae.moments(autoencoder.load_pixels(images, slice(i, i + 32)))[0] for i in range(0, len(images), 32)])
        shift, scale = float(mean.mean()), float(1 / mean.std())
        np.savez(path, latents=((mean - shift) * scale).numpy(), shift=shift, scale=scale)
    saved = np.load(path)
    return torch.from_numpy(saved["latents"]), float(saved["shift"]), float(saved["scale"])


def train(options) -> int:
    os.nice(options.nice)
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = np.load(options.data)
    index, tokenizer = chosen(options, data), read_tokenizer(options, data)
    latents = read_latents(options, data, index)[0].to(device)
    rng = random.Random(7)
    told = [[encode(tokenizer, tell(str(data["names"][data["labels"][i]]), str(data["styles"][i]), rng)) for i in index] for _ in range(VARIANTS)]
    told, null = torch.tensor(told, device=device), torch.tensor(encode(tokenizer, ""), device=device)
    torch.manual_seed(options.seed)
    unet, text = configs_of(options, tokenizer.size)
    model = Drawer(unet, text).to(device)
    named = dict(model.named_parameters())
    is_matrix = {n: p.ndim >= 2 and "embedding" not in n and not n.startswith(("unet.conv_in", "unet.conv_out")) for n, p in named.items()}
    muon = Muon([p for n, p in named.items() if is_matrix[n]], 0, 1, torch.bfloat16)
    optimiser = torch.optim.AdamW([p for n, p in named.items() if not is_matrix[n]], lr=options.rate, betas=(0.9, 0.99), weight_decay=0.0)
    ema = {n: p.detach().clone() for n, p in named.items()}
    checkpoint, step, spent = options.out / "unet.pt", 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        ema, step, spent = saved["ema"], saved["step"], saved["spent"]
        optimiser.load_state_dict(saved["optimiser"])
        muon.load(saved["muon"])

    def save():
        state = dict(model=model.state_dict(), ema=ema, optimiser=optimiser.state_dict(), muon=muon.momentum, step=step, spent=spent, unet=unet, text=text, seen=step * options.batch)
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    bar = alphas().float().to(device)
    forward = torch.compile(model) if options.compile else model
    live, kept = list(named.values()), list(ema.values())
    began, before, saved_at, shown_at, losses = clock(options), spent, time.time(), time.time(), []
    while True:
        spent = before + (clock(options) - began) / 60
        part = spent / options.minutes
        if part >= 1:
            break
        rate = options.rate * min(1.0, (step + 1) / options.warmup) * max(min(1.0, (1 - part) / options.cool), 0.01)
        for group in optimiser.param_groups:
            group["lr"] = rate
        g = torch.Generator().manual_seed((options.seed << 32) + step)
        size = options.batch
        which, variant = torch.randint(len(latents), (size,), generator=g).to(device), torch.randint(VARIANTS, (size,), generator=g).to(device)
        t = ((torch.arange(size) + torch.rand(size, generator=g)) * (STEPS / size)).long().to(device)
        noise, is_null = torch.randn(size, *latents.shape[1:], generator=g).to(device), (torch.rand(size, generator=g) < NULL_PROBABILITY).to(device)
        ids, at = torch.where(is_null[:, None], null, told[variant, which]), bar[t][:, None, None, None]
        x = (at.sqrt() * latents[which] + (1 - at).sqrt() * noise)
        for p in live:
            p.grad = None
        with torch.autocast(device, torch.bfloat16):
            squared = (forward(x, t, ids).float() - noise).square().mean((1, 2, 3))
        ((1 - bar[t]) * squared).mean().backward()
        torch.nn.utils.clip_grad_norm_(live, 1.0)
        optimiser.step()
        muon.step(rate)
        step += 1
        with torch.no_grad():
            keep = min(options.ema, (1 + step) / (10 + step))
            torch._foreach_mul_(kept, keep)
            torch._foreach_add_(kept, live, alpha=1 - keep)
        losses.append(squared.mean().detach())
        if step % options.show == 0:
            print(f"step {step}: mse {float(torch.stack(losses).mean()):.4f}, rate {rate:.2e}, {step * size} pictures, {spent:.1f} of {options.minutes:g} min, "
                  f"{len(losses) * size / (time.time() - shown_at):.1f} pictures/s", flush=True)
            losses, shown_at = [], time.time()
        if time.time() - saved_at > 60 * options.save_minutes:
            save()
            saved_at = time.time()
    save()
    return 0


def clock(options) -> float:
    """Seconds of this process's work, or of the wall where --wall says so."""
    return time.time() if options.wall else time.process_time()


@torch.no_grad()
def sample(model, ids, null, steps: int, guidance: float, seed: int, side: int = 16):
    """DDIM as Stable Diffusion's pipeline runs it: leading steps with an offset of one."""
    bar = alphas().float()
    device = ids.device
    x = torch.stack([torch.randn(4, side, side, generator=torch.Generator().manual_seed(seed + i)) for i in range(len(ids))]).to(device)
    context = model.text_model(torch.cat([ids, null.expand_as(ids)]))
    stride = STEPS // steps
    for t in [i * stride + 1 for i in reversed(range(steps))]:
        given, without = model.unet(torch.cat([x, x]), torch.full((2 * len(ids),), t, device=device), context).float().chunk(2)
        e = without + guidance * (given - without)
        a, b = bar[t], bar[t - stride] if t >= stride else bar[0]
        x = b.sqrt() * (x - (1 - a).sqrt() * e) / a.sqrt() + (1 - b).sqrt() * e
    return x


def read_trained(options):
    saved = torch.load(options.out / "unet.pt", map_location="cpu")
    model = Drawer(saved["unet"], saved["text"])
    model.load_state_dict({**model.state_dict(), **saved["ema"]})
    return model.eval(), saved


@torch.no_grad()
def preview(options) -> int:
    from PIL import Image
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    data = np.load(options.data)
    (model, saved), tokenizer, index = read_trained(options), read_tokenizer(options, data), chosen(options, data)
    names = list(dict.fromkeys(str(data["names"][data["labels"][i]]) for i in index))
    prompts = options.prompts or [("an " if n[0] in "aeiou" else "a ") + n for n in names[:options.count]]
    _, shift, scale = read_latents(options, data, index)
    vae = autoencoder.read_trained(options.out / "autoencoder.pt")
    null, pictures = torch.tensor(encode(tokenizer, ""), device=device), []
    model = model.to(device)
    for i in range(0, len(prompts), 24):
        ids = torch.tensor([encode(tokenizer, p) for p in prompts[i:i + 24]], device=device)
        x = sample(model, ids, null, options.sample_steps, options.guidance, options.seed + i).cpu()
        pictures.append(((vae.decoder(x / scale + shift).clamp(-1, 1).permute(0, 2, 3, 1).numpy() + 1) * 127.5).round().astype(np.uint8))
    pictures, columns = np.concatenate(pictures), 12
    pictures = np.concatenate([pictures, np.full((-len(pictures) % columns, *pictures.shape[1:]), 255, np.uint8)])
    side = pictures.shape[1]
    Image.fromarray(pictures.reshape(-1, columns, side, side, 3).transpose(0, 2, 1, 3, 4).reshape(-1, columns * side, 3)).save(options.out / "samples.png")
    print(f"step {saved['step']}, {saved['seen']} pictures, {saved['spent']:.1f} min: {options.out / 'samples.png'}")
    if not options.prompts:
        print(f"recognised by models/features: {agreement(pictures, names)}; the training pictures: {agreement(data['images'][index], [str(data['names'][data['labels'][i]]) for i in index])}")
    return 0


@torch.no_grad()
def agreement(pictures, names: list) -> str:
    """How many of the pictures Augur's feature network, which knows the 72 names of the class model, takes for what they are to be."""
    root = Path(__file__).resolve().parents[2]
    sys.path.append(str(root / "tools/features"))
    from network import load_folded
    classes = json.loads((root / "models/features/config.json").read_text())["heads"][0]["class_names"]
    known = [(torch.from_numpy(p), classes.index(n)) for p, n in zip(pictures, names) if n in classes]
    if not known:
        return "none of its names"
    pixels = torch.stack([p for p, _ in known]).permute(0, 3, 1, 2).float() / 127.5 - 1
    scores = load_folded(read_safetensors(root / "models/features/model.safetensors"))(F.avg_pool2d(pixels, pixels.shape[2] // 32))[2][:, :len(classes)]
    return f"{int((scores.argmax(1) == torch.tensor([c for _, c in known])).sum())} of {len(known)}"


def export(options) -> int:
    """A folder as diffusers' StableDiffusionPipeline has it, in half precision."""
    data = np.load(options.data)
    (model, saved), tokenizer = read_trained(options), read_tokenizer(options, data)
    _, shift, scale = read_latents(options, data, chosen(options, data))
    vae = autoencoder.read_trained(options.out / "autoencoder.pt")
    for p in [*model.parameters(), *vae.parameters()]:
        p.data = p.data.half().float()
    out, end = options.export, tokenizer.special[END]
    files = {
        "model_index.json": {"_class_name": "StableDiffusionPipeline", "_defaults": {"guidance": 3.0}, "feature_extractor": [None, None], "safety_checker": [None, None], "requires_safety_checker": False,
                             "scheduler": ["diffusers", "DDIMScheduler"], "text_encoder": ["transformers", "CLIPTextModel"], "tokenizer": ["transformers", "CLIPTokenizerFast"],
                             "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]},
        "unet/config.json": {"_class_name": "UNet2DConditionModel", "act_fn": "silu", "center_input_sample": False, "downsample_padding": 1, "flip_sin_to_cos": True, "freq_shift": 0,
                             "mid_block_scale_factor": 1, "norm_eps": 1e-5, **saved["unet"]},
        "text_encoder/config.json": {"architectures": ["CLIPTextModel"], "model_type": "clip_text_model", "hidden_act": "quick_gelu", "layer_norm_eps": 1e-5,
                                     "bos_token_id": tokenizer.special[BEGIN], "eos_token_id": end, "pad_token_id": end, **saved["text"]},
        "tokenizer/tokenizer_config.json": {"tokenizer_class": "CLIPTokenizer", "bos_token": BEGIN, "eos_token": END, "unk_token": END, "pad_token": END,
                                            "model_max_length": saved["text"]["max_position_embeddings"], "do_lower_case": True},
        "scheduler/scheduler_config.json": {"_class_name": "DDIMScheduler", "num_train_timesteps": STEPS, "beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear",
                                            "clip_sample": False, "set_alpha_to_one": False, "steps_offset": 1, "prediction_type": "epsilon"},
        "vae/config.json": {**vae.config, "scaling_factor": scale, "shift_factor": shift},
    }
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    (out / "tokenizer/tokenizer.json").write_text((options.out / "clip-tokenizer.json").read_text())
    write_safetensors(model.unet.state_dict(), out / "unet/diffusion_pytorch_model.safetensors", {"format": "pt"})
    write_safetensors({"text_model." + n: p for n, p in model.text_model.state_dict().items()}, out / "text_encoder/model.safetensors", {"format": "pt"})
    write_safetensors(vae.state_dict(), out / "vae/diffusion_pytorch_model.safetensors", {"format": "pt"})
    if options.reference:
        write_reference(options.reference, model, vae, tokenizer, shift, scale)
    count = lambda m: sum(p.numel() for p in m.parameters())  # noqa: E731
    figures = dict(steps=saved["step"], pictures=saved["seen"], minutes=round(saved["spent"], 1), parameters=dict(unet=count(model.unet), text=count(model.text_model), vae=count(vae)),
                   megabytes=round(sum(f.stat().st_size for f in out.rglob("*.safetensors")) / 1e6, 1))
    (out / "training.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(f"{out}: {figures}")
    return 0


@torch.no_grad()
def write_reference(path: Path, model, vae, tokenizer, shift: float, scale: float) -> None:
    """What the exported weights give for two prompts: another implementation is compared with it."""
    ids = torch.tensor([encode(tokenizer, p) for p in ("a red apple, flat style", "Fox & owl")])
    g = torch.Generator().manual_seed(5)
    x, t, z = torch.randn(2, 4, 16, 16, generator=g), torch.tensor([801, 201]), torch.randn(1, 4, 16, 16, generator=g)
    context = model.text_model(ids)
    tensors = dict(ids=ids, context=context, latents=x, timesteps=t, noise=model.unet(x, t, context), z=z, pixels=vae.decoder(z / scale + shift))
    path.parent.mkdir(parents=True, exist_ok=True)
    write_safetensors(tensors, path, {"prompts": "a red apple, flat style | Fox & owl"}, is_half=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--names", type=Path, help="one name per line; default: all in the data")
    parser.add_argument("--minutes", type=float, default=45)
    parser.add_argument("--wall", action="store_true", help="minutes of the wall's clock, not of the processor's")
    parser.add_argument("--channels", type=int, nargs="+", default=[64, 96, 128], help="of the levels, multiples of 32")
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--text-width", type=int, default=128)
    parser.add_argument("--text-layers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--warmup", type=int, default=100)
    parser.add_argument("--cool", type=float, default=0.5, help="share of the time in which the rate falls to zero")
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=50)
    parser.add_argument("--save-minutes", type=float, default=3)
    parser.add_argument("--preview", action="store_true")
    parser.add_argument("--prompts", nargs="*")
    parser.add_argument("--count", type=int, default=72)
    parser.add_argument("--sample-steps", type=int, default=25)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--reference", type=Path, help="with --export: also what the weights give for two prompts, for tests")
    options = parser.parse_args()
    return preview(options) if options.preview else export(options) if options.export else train(options)


if __name__ == "__main__":
    sys.exit(main())
