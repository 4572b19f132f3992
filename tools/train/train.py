"""Train a class-conditional DiT on a dataset written by emoji_data.py or cifar_data.py; resumes from its own checkpoint.

    python3 train.py --data emoji.npz --out run --steps 16000 --processes 2
    python3 train.py --data emoji.npz --out run --export ../../models/emoji

On a CPU each process owns one core and the gradients are averaged after every step; on a GPU one process runs in bfloat16.
Stop it at any time; the same command goes on from the last checkpoint. The learning rate falls to zero over the last --cool of --steps.
"""

import argparse
import contextlib
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp

from diffusion import STEPS, Schedule, sample_ddim, training_loss
from dit import DiT
from muon import Muon
from weights import read_safetensors, write_atomically, write_safetensors

NULL_PROBABILITY = 0.1
EMA_DECAY = 0.999
BOUND_WEIGHT = 1e-3  # lambda of the hybrid loss (Nichol & Dhariwal, section 3.1): the variance must not disturb the mean


def learning_rate(step: int, options) -> float:
    warm = min(1.0, (step + 1) / options.warmup)
    cool = min(1.0, (options.steps - step) / (options.cool * options.steps))
    return options.rate * warm * max(cool, 0.0)


def content_weight(schedule, t):
    """1 / (1 + SNR): noise levels at which a picture's content is decided count fully, those of fine detail less (Choi et al., arXiv 2204.00227)."""
    return 1 - schedule.bar[t]


def average_gradients(parameters, processes: int) -> None:
    flat = torch.cat([p.grad.reshape(-1) for p in parameters])
    dist.all_reduce(flat)
    flat /= processes
    for p, g in zip(parameters, flat.split([p.numel() for p in parameters])):
        p.grad.copy_(g.view_as(p))


def build(options, data) -> DiT:
    return DiT(data["images"].shape[1], options.patch, 3, options.width, options.depth, options.heads, len(data["names"]))


def draw_batch(images, labels, null_label, size, step, rank, seed, flips, device):
    """The batch of one step is a function of (seed, rank, step) alone, so a resumed run sees what it would have seen."""
    g = torch.Generator().manual_seed(((seed * 64 + rank) << 32) + step)
    index = torch.randint(len(images), (size,), generator=g)
    t = ((torch.arange(size) + torch.rand(size, generator=g)) * (STEPS / size)).long()  # stratified over time
    noise = torch.randn(size, *images.shape[1:], generator=g)
    y = torch.where(torch.rand(size, generator=g) < NULL_PROBABILITY, torch.tensor(null_label), labels[index])
    x0 = images[index]
    if flips:  # drawn last, so that batches without flips stay what they were
        x0 = torch.where(torch.rand(size, 1, 1, 1, generator=g) < 0.5, x0.flip(3), x0)
    return [tensor.to(device) for tensor in (x0.float() / 127.5 - 1, y, t, noise)]


def run(rank: int, options) -> None:
    os.nice(options.nice)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(1 if options.processes > 1 else options.threads)
    if options.processes > 1:
        dist.init_process_group("gloo", init_method=f"file://{options.rendezvous}", rank=rank, world_size=options.processes)
    data = np.load(options.data)
    images = torch.from_numpy(data["images"]).permute(0, 3, 1, 2)
    labels, null_label = torch.from_numpy(data["labels"]), len(data["names"])

    torch.manual_seed(options.seed)
    model = build(options, data).to(device)
    ema = {k: v.detach().clone() for k, v in model.state_dict().items()}
    parameters = [p for p in model.parameters() if p.requires_grad]
    matrices = [p for name, p in model.named_parameters() if name.startswith("blocks.") and p.ndim == 2]
    others = [p for p in parameters if not any(p is m for m in matrices)]
    optimiser = torch.optim.AdamW(others, lr=options.rate, betas=(0.9, 0.99), weight_decay=0.0)
    muon = Muon(matrices, rank, options.processes)
    schedule, step, seen = Schedule(device), 0, 0
    checkpoint = options.out / "checkpoint.pt"
    if options.start_from and not checkpoint.exists():
        start = grow(read_safetensors(options.start_from), options.depth)
        model.load_state_dict({**model.state_dict(), **start})
        ema.update({name: tensor.to(device) for name, tensor in start.items()})
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        ema = saved["ema"]
        optimiser.load_state_dict(saved["optimiser"])
        muon.load(saved["muon"])
        step, seen = saved["step"], saved["seen"]

    def save():
        state = dict(model=model.state_dict(), ema=ema, optimiser=optimiser.state_dict(), muon=muon.momentum, step=step, seen=seen)
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    forward = torch.compile(model) if device == "cuda" else model
    cast = torch.autocast("cuda", torch.bfloat16) if device == "cuda" else contextlib.nullcontext()
    share = options.batch // options.processes
    began, started_at, losses = time.time(), step, []
    while step < options.steps:
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(step, options)
        x0, y, t, noise = draw_batch(images, labels, null_label, share, step, rank, options.seed, options.flips, device)
        with cast:
            squared, bound = training_loss(forward, schedule, x0, y, t, noise)
        for p in parameters:
            p.grad = None
        (content_weight(schedule, t) * squared + BOUND_WEIGHT * bound).mean().backward()
        if options.processes > 1:
            average_gradients(parameters, options.processes)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        muon.step(1.5 * learning_rate(step, options))
        step, seen = step + 1, seen + options.batch
        decay = min(EMA_DECAY, (1 + step) / (10 + step))
        with torch.no_grad():
            for name, value in model.state_dict().items():
                ema[name].lerp_(value, 1 - decay)
        losses.append(squared.mean().item())
        if rank == 0 and (step % options.every == 0 or step == options.steps):
            rate = (step - started_at) * options.batch / (time.time() - began)
            line = dict(step=step, images=seen, mse=round(float(np.mean(losses)), 5), rate=round(rate, 1), lr=learning_rate(step, options))
            with open(options.out / "log.jsonl", "a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
            losses = []
            save()


def grow(start: dict, depth: int) -> dict:
    """The weights of a deeper model that computes the same function: blocks are repeated in place, and a repeat starts with closed gates.

    A closed gate makes a block the identity (as adaLN-Zero does at the very beginning); its other weights are its neighbour's.
    """
    shallow = 1 + max(int(name.split(".")[1]) for name in start if name.startswith("blocks."))
    grown = {name: tensor for name, tensor in start.items() if not name.startswith("blocks.")}
    for block in range(depth):
        source = block * shallow // depth
        repeated = block > 0 and (block - 1) * shallow // depth == source
        for name, tensor in start.items():
            if name.startswith(f"blocks.{source}."):
                tensor = tensor.clone()
                if repeated and ".adaLN_modulation." in name:
                    for gate in (2, 5):
                        tensor.view(6, -1, *tensor.shape[1:])[gate].zero_()
                grown[f"blocks.{block}." + name.split(".", 2)[2]] = tensor
    return grown


def export(options) -> None:
    """The EMA weights in half precision, and the configuration that names the classes."""
    data = np.load(options.data)
    saved = torch.load(options.out / "checkpoint.pt", map_location="cpu")
    options.export.mkdir(parents=True, exist_ok=True)
    metadata = dict(format="pt", step=str(saved["step"]), images=str(saved["seen"]))
    weights = {name: tensor for name, tensor in saved["ema"].items() if name != "pos_embed"}  # a formula; readers compute it
    write_atomically(options.export / "model.safetensors", lambda path: write_safetensors(weights, path, metadata))
    config = dict(architecture="dit", input_size=int(data["images"].shape[1]), patch_size=options.patch, in_channels=3,
                  hidden_size=options.width, depth=options.depth, num_heads=options.heads, num_classes=len(data["names"]),
                  learn_sigma=True, space="pixel", diffusion=dict(steps=STEPS, betas="linear", prediction="epsilon"),
                  defaults=dict(sampler="ddim", steps=50, guidance=options.guidance, guidance_channels="all"),
                  class_names=[str(n) for n in data["names"]])
    write_atomically(options.export / "config.json", lambda path: path.write_text(json.dumps(config, indent=2) + "\n"))


def preview(options) -> None:
    """A picture of the first --preview names from the EMA weights."""
    from PIL import Image
    data = np.load(options.data)
    model = build(options, data).eval()
    model.load_state_dict(torch.load(options.out / "checkpoint.pt", map_location="cpu")["ema"])
    labels = torch.arange(min(options.preview, len(data["names"])))
    images = sample_ddim(model, Schedule(), labels, (3,) + data["images"].shape[1:3], len(data["names"]), guidance=options.guidance)
    pixels = ((images + 1) * 127.5).round().byte().permute(0, 2, 3, 1).numpy()
    columns = 12
    rows = -(-len(pixels) // columns)
    size = pixels.shape[1]
    grid = np.full((rows * size, columns * size, 3), 255, np.uint8)
    for i, picture in enumerate(pixels):
        r, c = divmod(i, columns)
        grid[r * size:(r + 1) * size, c * size:(c + 1) * size] = picture
    Image.fromarray(grid).resize((grid.shape[1] * 2, grid.shape[0] * 2), Image.NEAREST).save(options.out / "preview.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--steps", type=int, default=16000)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=8e-4)
    parser.add_argument("--warmup", type=int, default=300)
    parser.add_argument("--patch", type=int, default=4)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--depth", type=int, default=12)
    parser.add_argument("--heads", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=200, help="steps between checkpoints")
    parser.add_argument("--processes", type=int, default=1, help="data-parallel CPU processes of one thread each")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--nice", type=int, default=0)
    parser.add_argument("--guidance", type=float, default=2.0)
    parser.add_argument("--flips", action="store_true", help="mirror half of the pictures; for photographs")
    parser.add_argument("--start-from", type=Path, help="safetensors weights to begin from where there is no checkpoint yet; a deeper model repeats their blocks")
    parser.add_argument("--cool", type=float, default=0.2, help="the share of --steps over which the learning rate falls to zero")
    parser.add_argument("--export", type=Path, help="write the EMA weights and config.json to this folder instead of training")
    parser.add_argument("--preview", type=int, help="draw this many names from the checkpoint instead of training")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    if options.batch % options.processes:
        print(f"--batch {options.batch} does not divide by --processes {options.processes}", file=sys.stderr)
        return 2
    if options.export:
        export(options)
    elif options.preview:
        preview(options)
    elif options.processes == 1:
        run(0, options)
    else:
        options.rendezvous = (options.out / f"rendezvous-{os.getpid()}").resolve()
        mp.spawn(run, (options,), nprocs=options.processes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
