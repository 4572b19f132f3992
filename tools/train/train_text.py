"""Train the text-to-image model: a transformer of FLUX's architecture and its T5 encoder together, on the latents of autoencoder.py.

    python3 train_text.py --out run-text --minutes 100 --processes 2      # reads run-text/latents.npz; resumes from its own checkpoint
    python3 train_text.py --out run-text --preview                        # a look at the weights so far
    python3 train_text.py --out run-text --export ../../models/text --reference ../../tests/fixtures/text-model/reference.safetensors

Rectified flow on noise - picture. All schedules follow the clock, because a machine that is used for other work passes unknown numbers of pictures:
--minutes, of one process's work, is the whole of the training over all its runs. In its last part the network learns to draw in one row what guidance draws in two
(Meng et al., arXiv 2210.03142), told the strength, as FLUX.1-dev is. On a CPU each process owns one core and takes the next small part of a batch
when it is free; on a GPU one process runs in bfloat16 with a compiled network.
"""

import argparse
import contextlib
import json
import math
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from PIL import Image
from torch import nn

import autoencoder
import captions
import tokens
from flux import T5, Flux, axes_of, diffusers_names, pooled
from muon import Muon
from weights import write_atomically, write_safetensors

NULL_PROBABILITY = 0.1
VARIANTS = 4        # ways in which each caption is told
GUIDANCE = (1.0, 6.0)
JUDGED = ("a green fox", "a blue banana, flat style", "a pink elephant", "a purple house on a yellow background", "a red penguin, twemoji style",
          "a fox and a crab", "a cat and a dog", "a star next to a rocket on a blue background", "a red apple, flat style",
          "a green apple on a red background", "a blue apple", "a small owl at the top", "a snowman on a black background", "an orange frog",
          "a yellow umbrella and a red balloon", "a wolf")


class TextModel(nn.Module):
    def __init__(self, sizes: dict):
        super().__init__()
        self.sizes = sizes
        self.text = T5(sizes["t5"])
        self.flux = Flux(text_tokens=sizes["tokens"], text_width=sizes["t5"]["d_model"], **sizes["flux"])

    def forward(self, latents, t, ids, guidance=None):
        text = self.text(ids)
        return self.flux(latents, t, text, pooled(text, ids), guidance)


def sizes_of(options, channels: int, side: int, vocabulary: int) -> dict:
    t5 = dict(d_model=options.text_width, d_kv=32, num_heads=options.text_width // 32, d_ff=2 * options.text_width, num_layers=options.text_layers,
              vocab_size=vocabulary, relative_attention_num_buckets=32, relative_attention_max_distance=128)
    return dict(tokens=options.text_tokens, t5=t5, flux=dict(channels=channels, side=side, width=options.width, double=options.double, single=options.single, head=options.head,
                                 guidance=True))


def read_data(options):
    """Latents, the captions' token numbers [variants, pictures, tokens], and the tokenizer, which is written beside the checkpoint."""
    data = np.load(options.out / "latents.npz")
    told = [str(c) for c in data["captions"]]
    path = options.out / "tokenizer.json"
    if not path.exists():
        write_atomically(path, lambda p: p.write_text(json.dumps(tokens.build(told + captions.every_alias(told)), indent=1, ensure_ascii=False) + "\n"))
    tokenizer = tokens.read(path)
    rng = random.Random(7)
    ids = [[tokenizer.encode(captions.told_otherwise(c, rng), options.text_tokens, lambda: rng.random() < 0.02) for c in told] for _ in range(VARIANTS)]
    return torch.from_numpy(data["latents"]), torch.tensor(ids, dtype=torch.int16), tokenizer


def draw_part(latents, ids, size, step, part, seed, device, time_mean):
    """A part of a batch is a function of (seed, step, part) alone."""
    g = torch.Generator().manual_seed(((seed * 4096 + part) << 32) + step)
    index, variant = torch.randint(len(latents), (size,), generator=g), torch.randint(VARIANTS, (size,), generator=g)
    evenly = (torch.arange(size) + torch.rand(size, generator=g)) / size
    t = torch.sigmoid(time_mean + math.sqrt(2) * torch.erfinv((2 * evenly - 1).clamp(-0.9999, 0.9999)))
    noise = torch.randn(size, *latents.shape[1:], generator=g)
    has_text, strength = torch.rand(size, generator=g) >= NULL_PROBABILITY, torch.rand(size, generator=g)
    index, variant = index.to(latents.device), variant.to(latents.device)
    x0, text = latents[index].to(device).float(), ids[variant, index].to(device).long()
    null = torch.zeros(ids.shape[2], dtype=torch.long)
    null[0] = tokens.END
    t, noise, has_text, null = (v.to(device) for v in (t, noise, has_text, null))
    return x0, torch.where(has_text[:, None], text, null), t, noise, (GUIDANCE[0] + (GUIDANCE[1] - GUIDANCE[0]) * strength).to(device), null


def flow_loss(model, batch):
    x0, ids, t, noise, _, _ = batch
    at = t[:, None, None, None]
    return ((model((1 - at) * x0 + at * noise, t, ids).float() - (noise - x0)) ** 2).mean()


def distil_loss(model, teacher, batch):
    """What guidance makes of the teacher's two answers; here every picture has a text."""
    x0, ids, t, noise, strength, null = batch
    at = t[:, None, None, None]
    x = (1 - at) * x0 + at * noise
    with torch.no_grad():
        given, without = teacher(torch.cat([x, x]), torch.cat([t, t]), torch.cat([ids, null.expand_as(ids)])).float().chunk(2)
        target = without + strength[:, None, None, None] * (given - without)
    return ((model(x, t, ids, strength).float() - target) ** 2).mean()


def rate_at(part: float, step: int, options) -> float:
    """Up over the first steps, level, and to zero towards the end; from a smaller rate again where guidance is learnt."""
    warm = min(1.0, (step + 1) / options.warmup)
    learns = 1 - options.distil
    if part < learns:
        return options.rate * warm * max(min(1.0, (learns - part) / (options.cool * learns)), 0.03)
    return options.rate * 0.3 * max((1 - part) / options.distil, 0.02)


def run(rank: int, options, counter) -> None:
    os.nice(options.nice)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.set_num_threads(1 if options.processes > 1 else options.threads)
    if options.processes > 1:
        dist.init_process_group("gloo", init_method=f"file://{options.rendezvous}", rank=rank, world_size=options.processes)
    latents, ids, tokenizer = read_data(options)
    torch.manual_seed(options.seed)
    model = TextModel(sizes_of(options, latents.shape[1], latents.shape[2], tokenizer.size)).to(device)
    latents, ids = latents.to(device), ids.to(device)
    ema = {k: v.detach().clone() for k, v in model.state_dict().items()}
    named = dict(model.named_parameters())
    is_matrix = {n: "_blocks." in n and p.ndim == 2 and "mod" not in n for n, p in named.items()}
    parameters, matrices = list(named.values()), [p for n, p in named.items() if is_matrix[n]]
    optimiser = torch.optim.AdamW([p for n, p in named.items() if not is_matrix[n]], lr=options.rate, betas=(0.9, 0.99), weight_decay=0.0)
    muon = Muon(matrices, rank, options.processes)
    checkpoint, step, seen, spent, teacher = options.out / "text.pt", 0, 0, 0.0, None
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        model.load_state_dict(saved["model"])
        ema, step, seen, spent = saved["ema"], saved["step"], saved["seen"], saved["spent"]
        optimiser.load_state_dict(saved["optimiser"])
        muon.load(saved["muon"])
        if saved["teacher"]:
            teacher = frozen(saved["teacher"], model.sizes, device)
    elif options.start_from:
        grow_into(model, torch.load(options.start_from, map_location=device)["ema"])
        ema = {k: v.detach().clone() for k, v in model.state_dict().items()}

    live_list, ema_list = list(model.state_dict().values()), list(ema.values())  # in the same order; the live ones change in place

    def save():
        state = dict(model=model.state_dict(), ema=ema, optimiser=optimiser.state_dict(), muon=muon.momentum, step=step, seen=seen, spent=spent,
                     sizes=model.sizes, teacher=teacher.state_dict() if teacher else None)
        write_atomically(checkpoint, lambda path: torch.save(state, path))

    forward = torch.compile(model) if device == "cuda" else model
    cast = torch.autocast(device, torch.bfloat16) if device == "cuda" or options.bfloat16 else contextlib.nullcontext()
    part_size = options.batch // options.parts
    began, saved_at, losses, shown_at, first_step = clock_of(options), time.time(), [], time.time(), step
    spent_before = spent
    while True:
        spent = spent_before + (clock_of(options) - began) / 60
        part = max(spent / options.minutes, 1 - minutes_left(options) / options.tail)
        if options.processes > 1:  # one clock for all
            clock = torch.tensor([part], dtype=torch.float64)
            dist.broadcast(clock, 0)
            part = clock.item()
        if part >= 1:
            break
        if part >= 1 - options.distil and teacher is None:
            model.load_state_dict(ema)
            teacher = frozen(ema, model.sizes, device)
            if device == "cuda":
                teacher = torch.compile(teacher)
            for p in model.text.parameters():
                p.requires_grad_(False)
        rate = rate_at(part, step, options)
        for group in optimiser.param_groups:
            group["lr"] = rate
        for p in parameters:
            p.grad = None
        total = 0.0
        for i in parts_of_step(step - first_step, options, counter):
            batch = draw_part(latents, ids, part_size, step, i, options.seed, device, options.time_mean)
            with cast:
                loss = distil_loss(forward, teacher, batch) if teacher else flow_loss(forward, batch)
            (loss / options.parts).backward()
            total += loss.detach() / options.parts
        total = gather(parameters, total, options)
        trained = [p for p in parameters if p.grad is not None]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        muon.step(rate)
        step, seen = step + 1, seen + options.batch
        with torch.no_grad():
            keep = min(options.ema, (1 + step) / (10 + step))
            torch._foreach_mul_(ema_list, keep)
            torch._foreach_add_(ema_list, live_list, alpha=1 - keep)
        if rank == 0:
            losses.append(total)
            if step % options.show == 0:
                mean = float(torch.stack([torch.as_tensor(v) for v in losses]).mean())
                print(f"step {step}: {'distilled' if teacher else 'loss'} {mean:.4f}, rate {rate:.2e}, {seen} pictures, {spent:.1f} of "
                      f"{options.minutes:g} min, {len(losses) * options.batch / (time.time() - shown_at):.1f} pictures/s", flush=True)
                losses, shown_at = [], time.time()
            if time.time() - saved_at > 60 * options.save_minutes:
                save()
                saved_at = time.time()
    if rank == 0:
        save()


def clock_of(options) -> float:
    """Seconds of this process's work, or of the wall where --wall says so: a job that others stop has time only while it runs."""
    return time.time() if options.wall else time.process_time()


def minutes_left(options) -> float:
    """Of the wall, up to --until."""
    if not options.until:
        return math.inf
    hour, minute = map(int, options.until.split(":"))
    now = time.localtime()
    return (hour - now.tm_hour) * 60 + minute - now.tm_min - now.tm_sec / 60


def parts_of_step(number: int, options, counter):
    """The parts of a batch that this process takes: the next one whenever it is free."""
    while True:
        with counter.get_lock():
            i = counter.value - number * options.parts
            if i >= options.parts:
                return
            counter.value += 1
        yield i


def gather(parameters, total, options):
    """Sums gradients and the loss over the processes."""
    if options.processes == 1:
        return total
    trained = [p for p in parameters if p.requires_grad]
    flat = torch.cat([(torch.zeros_like(p) if p.grad is None else p.grad).reshape(-1) for p in trained] + [torch.as_tensor(float(total)).view(1)])
    dist.all_reduce(flat)
    for p, g in zip(trained, flat.split([p.numel() for p in trained] + [1])):
        p.grad = g.view_as(p)
    return flat[-1]


def frozen(state: dict, sizes: dict, device: str) -> TextModel:
    teacher = TextModel(sizes).to(device)
    teacher.load_state_dict({k.replace("_orig_mod.", ""): v for k, v in state.items()})
    return teacher.eval().requires_grad_(False)


def grow_into(model, small: dict) -> None:
    """More blocks than the checkpoint has: blocks are repeated in place, and a repeat begins with closed gates, so that nothing is lost."""
    state = model.state_dict()
    for kind, count in (("double_blocks", model.sizes["flux"]["double"]), ("single_blocks", model.sizes["flux"]["single"])):
        had = 1 + max(int(n.split(".")[2]) for n in small if f".{kind}." in n)
        for i in range(count):
            source = i * had // count
            is_repeat = i > 0 and (i - 1) * had // count == source
            for name in [n for n in small if n.startswith(f"flux.{kind}.{source}.")]:
                tensor = small[name].clone()
                if is_repeat and ("mod.lin" in name or "modulation.lin" in name):
                    width = model.sizes["flux"]["width"]
                    for gate in range(2, tensor.shape[0] // width, 3):
                        tensor[gate * width:(gate + 1) * width] = 0
                state[name.replace(f".{kind}.{source}.", f".{kind}.{i}.")] = tensor
    state.update({n: t for n, t in small.items() if "_blocks." not in n})
    model.load_state_dict(state)


@torch.no_grad()
def sample(model, ids, seed: int, steps: int, strength: float, is_distilled: bool, shift: float = 1.0):
    """Euler's method along the flow, from t = 1 to 0 in equal parts (before the shift); row i draws noise of seed + i."""
    flux = model.flux
    x = torch.stack([torch.randn(flux.channels, flux.side, flux.side, generator=torch.Generator().manual_seed(seed + i)) for i in range(len(ids))])
    null = torch.zeros_like(ids)
    null[:, 0] = tokens.END
    x = x.to(ids.device)
    times = torch.linspace(1, 0, steps + 1)
    times = shift * times / (1 + (shift - 1) * times)
    for t, after in zip(times[:-1], times[1:]):
        at = t.expand(len(x)).to(x.device)
        if is_distilled:
            v = model(x, at, ids, torch.full_like(at, strength))
        else:
            given, without = model(torch.cat([x, x]), torch.cat([at, at]), torch.cat([ids, null])).chunk(2)
            v = without + strength * (given - without)
        x = x + (after - t) * v
    return x


def read_trained(options):
    saved = torch.load(options.out / "text.pt", map_location="cpu")
    model = TextModel(saved["sizes"])
    model.load_state_dict(saved["ema"])
    return model.eval(), saved, tokens.read(options.out / "tokenizer.json")


@torch.no_grad()
def preview(options) -> int:
    torch.set_num_threads(options.threads)
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model, saved, tokenizer = read_trained(options)
    stats = np.load(options.out / "latents.npz")
    names = [str(n) for n in stats["names"]][::max(1, len(stats["names"]) // 112)]
    prompts = list(JUDGED) + (options.prompts or [captions.article(n) + s for n, s in zip(names, ("", ", flat style", ", noto style", ", twemoji style") * 99)])
    vae = autoencoder.read_trained(options.out / "autoencoder.pt")
    ids = torch.tensor([tokenizer.encode(p, model.sizes["tokens"]) for p in prompts])
    x = sample(model.to(device), ids.to(device), options.seed, options.sample_steps, options.guidance, saved["teacher"] is not None, options.shift).cpu()
    drawn = vae.decoder(x / float(stats["scale"]) + float(stats["shift"])).clamp(-1, 1)
    pictures = ((drawn.permute(0, 2, 3, 1).numpy() + 1) * 127.5).round().astype(np.uint8)
    columns = 8
    pictures = np.concatenate([pictures, np.full((-len(pictures) % columns, *pictures.shape[1:]), 255, np.uint8)])
    grid = pictures.reshape(-1, columns, *pictures.shape[1:]).transpose(0, 2, 1, 3, 4).reshape(-1, columns * pictures.shape[2], 3)
    Image.fromarray(grid).save(options.out / "samples.png")
    print(f"step {saved['step']}, {saved['seen']} pictures, {'distilled' if saved['teacher'] else 'two rows'}: {options.out / 'samples.png'}")
    return 0


@torch.no_grad()
def write_reference(path: Path, model: TextModel, vae, stats, tokenizer) -> None:
    """What the exported weights give for two prompts: another implementation is compared with it."""
    flux = model.flux
    ids = torch.tensor([tokenizer.encode(p, model.sizes["tokens"]) for p in ("a red apple, flat style", "A green fox & 2 wolves on a blue background")])
    g = torch.Generator().manual_seed(5)
    x, t, strength = torch.randn(2, flux.channels, flux.side, flux.side, generator=g), torch.tensor([0.9, 0.3]), torch.tensor([3.0, 1.5])
    text = model.text(ids)
    whole = pooled(text, ids)
    z = torch.randn(1, flux.channels, flux.side, flux.side, generator=g)
    pixels = vae.decoder(z / float(stats["scale"]) + float(stats["shift"]))
    tensors = dict(ids=ids, text=text, pooled=whole, latents=x, times=t, guidance=strength, velocity=flux(x, t, text, whole, strength), z=z, pixels=pixels)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_safetensors(tensors, path, {}, is_half=False)


def export(options) -> int:
    """A folder as diffusers' FluxPipeline has it, without CLIP."""
    model, saved, tokenizer_of_text = read_trained(options)
    for p in model.parameters():
        p.data = p.data.half().float()
    sizes, out = saved["sizes"], options.export
    flux, t5 = sizes["flux"], sizes["t5"]
    if saved["teacher"] is None:
        print("these weights have not learnt guidance yet: the exported network follows none well", file=sys.stderr)
    transformer = {
        "_class_name": "FluxTransformer2DModel", "in_channels": 4 * flux["channels"], "num_layers": flux["double"], "num_single_layers": flux["single"],
        "attention_head_dim": flux["head"], "num_attention_heads": flux["width"] // flux["head"], "joint_attention_dim": t5["d_model"],
        "pooled_projection_dim": t5["d_model"], "guidance_embeds": True, "axes_dims_rope": list(axes_of(flux["head"])), "patch_size": 1,
        "sample_size": flux["side"]}
    encoder = {**t5, "_class_name": "T5EncoderModel", "architectures": ["T5EncoderModel"], "model_type": "t5", "feed_forward_proj": "gated-gelu",
               "dense_act_fn": "gelu_new", "is_gated_act": True, "layer_norm_epsilon": 1e-6, "is_encoder_decoder": False, "pad_token_id": tokens.PAD,
               "eos_token_id": tokens.END, "tie_word_embeddings": False}
    tokenizer = {"tokenizer_class": "T5TokenizerFast", "model_max_length": sizes["tokens"], "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>",
                 "extra_ids": 0}
    scheduler = {"_class_name": "FlowMatchEulerDiscreteScheduler", "num_train_timesteps": 1000, "shift": options.shift, "use_dynamic_shifting": False}
    index = {"_class_name": "FluxPipeline", "scheduler": ["diffusers", "FlowMatchEulerDiscreteScheduler"], "text_encoder": [None, None],
             "text_encoder_2": ["transformers", "T5EncoderModel"], "tokenizer": [None, None], "tokenizer_2": ["transformers", "T5TokenizerFast"],
             "transformer": ["diffusers", "FluxTransformer2DModel"], "vae": ["diffusers", "AutoencoderKL"]}
    files = {"model_index.json": index, "transformer/config.json": transformer, "text_encoder_2/config.json": encoder,
             "tokenizer_2/tokenizer_config.json": tokenizer, "scheduler/scheduler_config.json": scheduler}
    for name, content in files.items():
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text(json.dumps(content, indent=2) + "\n")
    (out / "tokenizer_2/tokenizer.json").write_text((options.out / "tokenizer.json").read_text())
    state = model.state_dict()
    of = lambda prefix: {n[len(prefix):]: t for n, t in state.items() if n.startswith(prefix)}  # noqa: E731
    write_safetensors(diffusers_names(of("flux."), flux["width"]), out / "transformer/diffusion_pytorch_model.safetensors", {"format": "pt"})
    write_safetensors(of("text."), out / "text_encoder_2/model.safetensors", {"format": "pt"})
    stats = np.load(options.out / "latents.npz")
    vae = autoencoder.read_trained(options.out / "autoencoder.pt")
    config = {**vae.config, "scaling_factor": float(stats["scale"]), "shift_factor": float(stats["shift"])}
    (out / "vae").mkdir(exist_ok=True)
    (out / "vae/config.json").write_text(json.dumps(config, indent=2) + "\n")
    write_safetensors(vae.state_dict(), out / "vae/diffusion_pytorch_model.safetensors", {"format": "pt"})
    if options.reference:
        for p in vae.parameters():
            p.data = p.data.half().float()
        write_reference(options.reference, model, vae, stats, tokenizer_of_text)
    figures = dict(steps=saved["step"], pictures=saved["seen"], minutes=round(saved["spent"], 1), has_learnt_guidance=saved["teacher"] is not None,
                   megabytes=round(sum(f.stat().st_size for f in out.rglob("*.safetensors")) / 1e6, 1))
    (out / "training.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(f"{out}: step {saved['step']}, {saved['seen']} pictures, {sum(f.stat().st_size for f in out.rglob('*.safetensors')) / 1e6:.1f} MB")
    return 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--until", help="HH:MM of today, at which the training is to be finished even if its minutes are not over")
    parser.add_argument("--tail", type=float, default=25, help="minutes before --until into which the whole schedule is pressed")
    parser.add_argument("--wall", action="store_true", help="minutes of the wall's clock, not of the processor's")
    parser.add_argument("--distil", type=float, default=0.2, help="share of the time in which guidance is learnt")
    parser.add_argument("--cool", type=float, default=0.5, help="share of the time before that in which the rate falls")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--parts", type=int, default=4)
    parser.add_argument("--time-mean", type=float, default=0.6, help="mean of the logit of the time; noise is at 1, where what a picture shows is decided")
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--ema", type=float, default=0.998)
    parser.add_argument("--width", type=int, default=192)
    parser.add_argument("--double", type=int, default=2)
    parser.add_argument("--single", type=int, default=6)
    parser.add_argument("--head", type=int, default=32)
    parser.add_argument("--text-width", type=int, default=128)
    parser.add_argument("--text-layers", type=int, default=2)
    parser.add_argument("--text-tokens", type=int, default=20)
    parser.add_argument("--bfloat16", action="store_true", help="as on a GPU, to rehearse on a CPU")
    parser.add_argument("--start-from", type=Path, help="a checkpoint with as many blocks or fewer")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--nice", type=int, default=19)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", type=int, default=50)
    parser.add_argument("--save-minutes", type=float, default=4)
    parser.add_argument("--preview", action="store_true")
    parser.add_argument("--prompts", nargs="*")
    parser.add_argument("--sample-steps", type=int, default=20)
    parser.add_argument("--guidance", type=float, default=3.0)
    parser.add_argument("--shift", type=float, default=1.0)
    parser.add_argument("--export", type=Path)
    parser.add_argument("--reference", type=Path, help="with --export: also what the weights give for two prompts, for tests")
    options = parser.parse_args()
    if options.preview:
        return preview(options)
    if options.export:
        return export(options)
    options.rendezvous = str((options.out / f"rendezvous-{os.getpid()}").resolve())
    counter = mp.get_context("spawn").Value("q", 0)
    if options.processes > 1:
        mp.spawn(run, (options, counter), nprocs=options.processes)
    else:
        run(0, options, counter)
    return 0


if __name__ == "__main__":
    sys.exit(main())
