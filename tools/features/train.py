"""Train the feature network on emoji and CIFAR-10 at once; resumes from its own checkpoint.

    python3 train.py --emoji emoji.npz --cifar cifar10.npz --out run --minutes 28
    python3 train.py --emoji emoji.npz --cifar cifar10.npz --out run --export ../../models/features

One CPU thread is enough. --hold-out twemoji trains without one drawing style and reports on it.
"""

import argparse
import json
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

sys.path.append(str(Path(__file__).resolve().parent.parent / "train"))
from augment import drawing, photograph
from network import RESIDUALS, WIDTHS, FeatureNetwork, load_folded
from weights import read_safetensors, write_atomically, write_safetensors

MOMENTUM, DECAY, SMOOTHING = 0.9, 5e-4, 0.1
SMALL_SHARE, SMALL_SIZE = 0.6, 24  # the first part of the training sees smaller pictures: it costs about half and loses little


def to_pixels(images) -> torch.Tensor:
    return torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()


def scaled(pixels) -> torch.Tensor:
    return (pixels.float() / 127.5 - 1).contiguous(memory_format=torch.channels_last)


class Data:
    """Both label sets; labels count through the heads: first the emoji, then CIFAR-10."""

    def __init__(self, options):
        emoji, cifar = np.load(options.emoji), np.load(options.cifar)
        self.emoji_names = [str(n) for n in emoji["names"]]
        self.cifar_names = [str(n) for n in cifar["names"]]
        images, labels, held = to_pixels(emoji["images"]), torch.from_numpy(emoji["labels"]), torch.from_numpy(emoji["styles"] == options.hold_out)
        self.emoji, self.emoji_labels = images[~held], labels[~held]
        self.held, self.held_labels = images[held], labels[held]
        self.cifar, self.cifar_labels = to_pixels(cifar["images"]), torch.from_numpy(cifar["labels"])
        self.test, self.test_labels = to_pixels(cifar["test_images"]), torch.from_numpy(cifar["test_labels"])

    @property
    def classes(self) -> int:
        return len(self.emoji_names) + len(self.cifar_names)


def draw_batch(data: Data, options, step: int, progress: float):
    """Emoji first, then photographs: a function of (seed, step), but for the size of the pictures, which follows the progress."""
    g = torch.Generator().manual_seed((options.seed << 32) + step)
    drawn = torch.randint(len(data.emoji), (options.emoji_batch,), generator=g)
    taken = torch.randint(len(data.cifar), (options.cifar_batch,), generator=g)
    x = torch.cat([drawing(scaled(data.emoji[drawn]), g), photograph(scaled(data.cifar[taken]), g)])
    if progress < SMALL_SHARE:
        x = F.interpolate(x, size=SMALL_SIZE, mode="area")
    return x.contiguous(memory_format=torch.channels_last), data.emoji_labels[drawn], data.cifar_labels[taken]


def learning_rate(progress: float, options) -> float:
    warm = min(1.0, (progress + 0.005) / 0.1)
    return options.rate * warm * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0)))


def head_scores(scores, data: Data):
    return scores.split([len(data.emoji_names), len(data.cifar_names)], dim=1)


@torch.no_grad()
def accuracy(model, data: Data, pixels, labels, head: int, change=None) -> float:
    """Share of right answers within a head, in evaluation; change is an augmentation with a generator of its own."""
    model.eval()
    right, g = 0, torch.Generator().manual_seed(99)
    for x, y in zip(pixels.split(250), labels.split(250)):
        x = scaled(x) if change is None else change(scaled(x), g)
        right += (head_scores(model(x)[2], data)[head].argmax(1) == y).sum().item()
    model.train()
    return right / len(labels)


def report(model, data: Data) -> dict:
    result = dict(cifar10_jpeg_test=accuracy(model, data, data.test, data.test_labels, 1),
                  emoji=accuracy(model, data, data.emoji, data.emoji_labels, 0),
                  emoji_augmented=accuracy(model, data, data.emoji.repeat(20, 1, 1, 1), data.emoji_labels.repeat(20), 0, drawing))
    if len(data.held):
        result["emoji_held_out_style"] = accuracy(model, data, data.held, data.held_labels, 0)
    return result


def train(options, data: Data) -> None:
    torch.manual_seed(options.seed)
    model = FeatureNetwork(data.classes).to(memory_format=torch.channels_last)
    decayed = [p for p in model.parameters() if p.ndim > 1]
    plain = [p for p in model.parameters() if p.ndim == 1]
    optimiser = torch.optim.SGD([dict(params=decayed, weight_decay=DECAY), dict(params=plain)], lr=options.rate, momentum=MOMENTUM, nesterov=True)
    checkpoint, step, elapsed = options.out / "checkpoint.pt", 0, 0.0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        model.load_state_dict(saved["model"])
        optimiser.load_state_dict(saved["optimiser"])
        step, elapsed = saved["step"], saved["elapsed"]
    began, losses = time.monotonic() - elapsed, []
    progress = elapsed / (60 * options.minutes)
    while progress < 1:
        x, emoji, cifar = draw_batch(data, options, step, progress)
        for group in optimiser.param_groups:
            group["lr"] = learning_rate(progress, options)
        of_emoji, of_cifar = head_scores(model(x)[2], data)
        loss = (options.emoji_batch * F.cross_entropy(of_emoji[:options.emoji_batch], emoji, label_smoothing=SMOOTHING)
                + options.cifar_batch * F.cross_entropy(of_cifar[options.emoji_batch:], cifar, label_smoothing=SMOOTHING)) / len(x)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        step, elapsed = step + 1, time.monotonic() - began
        progress = elapsed / (60 * options.minutes)
        losses.append(loss.item())
        if step % options.every == 0 or progress >= 1:
            line = dict(step=step, seconds=round(elapsed), images=step * len(x), loss=round(float(np.mean(losses)), 4))
            if step % (10 * options.every) == 0 or progress >= 1:
                line.update(report(model, data))
            with open(options.out / "log.jsonl", "a") as log:
                log.write(json.dumps(line) + "\n")
            print(line, flush=True)
            losses = []
            state = dict(model=model.state_dict(), optimiser=optimiser.state_dict(), step=step, elapsed=elapsed)
            write_atomically(checkpoint, lambda path: torch.save(state, path))


def export(options, data: Data) -> None:
    """Half-precision weights with the norms folded in, the configuration, and what the rounded network scores."""
    saved = torch.load(options.out / "checkpoint.pt", map_location="cpu")
    model = FeatureNetwork(data.classes)
    model.load_state_dict(saved["model"])
    options.export.mkdir(parents=True, exist_ok=True)
    weights = options.export / "model.safetensors"
    write_atomically(weights, lambda path: write_safetensors(model.fold(), path, dict(format="pt", step=str(saved["step"]))))
    config = dict(architecture="augur-features", input_size=32, widths=WIDTHS, residuals=RESIDUALS,
                  heads=[dict(name="emoji", class_names=data.emoji_names), dict(name="cifar10", class_names=data.cifar_names)])
    write_atomically(options.export / "config.json", lambda path: path.write_text(json.dumps(config, indent=2) + "\n"))
    print(report(load_folded(read_safetensors(weights)), data))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--emoji", type=Path, required=True, help="written by ../train/emoji_data.py")
    parser.add_argument("--cifar", type=Path, required=True, help="written by ../train/cifar_data.py")
    parser.add_argument("--out", type=Path, required=True, help="folder of the checkpoint and the log")
    parser.add_argument("--minutes", type=float, default=28, help="wall time of the whole training; the learning rate falls to zero along it")
    parser.add_argument("--emoji-batch", type=int, default=24)
    parser.add_argument("--cifar-batch", type=int, default=104)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--hold-out", help="a drawing style that is not trained on")
    parser.add_argument("--export", type=Path, help="write the weights and config.json to this folder instead of training")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    (export if options.export else train)(options, Data(options))
    return 0


if __name__ == "__main__":
    sys.exit(main())
