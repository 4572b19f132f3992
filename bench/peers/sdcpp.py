#!/usr/bin/env python3
"""Seconds that a call of a network takes, here and in stable-diffusion.cpp, on the same file, in turn.

    Augur.Studies unet-file /tmp/sd15.safetensors
    python3 bench/peers/sdcpp.py /tmp/sd15.safetensors path/to/sd-cli path/to/Augur.Studies
    Augur.Studies flux-weights /tmp/flux Q4_K 1 2 && Augur.Studies flux-parts /tmp/flux clip ae
    python3 bench/peers/sdcpp.py /tmp/flux/flux-1-2-Q4_K.gguf path/to/sd-cli path/to/Augur.Studies --side 1024

A file of FLUX needs clip_l.gguf and ae.gguf beside it. One row at guidance 1 (FLUX: 3.5, embedded); 77 tokens of text, FLUX's 256, which is what
stable-diffusion.cpp fills texts up to. Of stable-diffusion.cpp the time between two ends of steps is taken, its text encoder and autoencoder not
counted; it is ended behind the last step. Of ours the first call, which compiles, is left out. With one thread both are pinned to the same processor.
"""
import argparse
import os
import re
import statistics
import subprocess
import sys
import time

options = argparse.ArgumentParser()
options.add_argument("file")
options.add_argument("sd", help="sd-cli")
options.add_argument("studies", help="Augur.Studies")
options.add_argument("--side", type=int, default=512, help="pixels of a side")
options.add_argument("--threads", type=int, default=1)
options.add_argument("--rounds", type=int, default=2)
options.add_argument("--steps", type=int, default=2, help="calls of each in a round; all but the first are counted")
options.add_argument("--peer", default="", help="further options of sd-cli, such as --diffusion-fa")
options.add_argument("--int16", action="store_true", help="products by integers here: FLUX's quantised weights only")
given = options.parse_args()
IS_FLUX = os.path.basename(given.file).startswith("flux")
FOLDER = os.path.dirname(given.file)
PIN = ["taskset", "-c", "0"] if given.threads == 1 else []


def processor(pid):
    """User and system time of a process and its threads, in seconds."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def theirs():
    parts = ["--diffusion-model", given.file, "--vae", f"{FOLDER}/ae.gguf", "--clip_l", f"{FOLDER}/clip_l.gguf"] if IS_FLUX else ["-m", given.file]
    command = PIN + [given.sd, *parts, "-p", "a fox", "--cfg-scale", "1", "--steps", str(given.steps), "-W", str(given.side), "-H", str(given.side),
                     "-t", str(given.threads), "--sampling-method", "euler", "-s", "1", "-o", "/tmp/sdcpp-peer.png", "-v", *given.peer.split()]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ends, text = [], b""
    while len(ends) < given.steps:
        piece = os.read(run.stdout.fileno(), 4096)
        if not piece:
            sys.exit(f"stable-diffusion.cpp ended early:\n{text.decode(errors='replace')[-3000:]}")
        text += piece
        done = {int(n) for n in re.findall(rb"(\d+)/%d - " % given.steps, text)}
        while len(ends) < len(done - {0}):
            ends.append((processor(run.pid), time.monotonic()))
    run.kill()
    run.wait()
    return [(b[0] - a[0], b[1] - a[1]) for a, b in zip(ends, ends[1:])]


def ours():
    calls = [str(given.steps + 1), str(given.threads)] # its calls are short: one more
    what = ["flux-call", given.file, str(given.side), "256", *calls, *(["int16"] if given.int16 else [])] if IS_FLUX else ["unet-call", given.file, *calls]
    text = subprocess.run(PIN + [given.studies, *what], capture_output=True, text=True, check=True).stdout
    return text.splitlines()[0], [(float(a), float(b)) for a, b in re.findall(r"processor ([0-9.]+) wall ([0-9.]+)", text)][1:]


print(f"{os.path.basename(given.file)}, {given.side}x{given.side}, {given.threads} thread(s), load {os.getloadavg()[0]:.1f} at the beginning")
both = {"stable-diffusion.cpp": [], "augur": []}
for _ in range(given.rounds):
    both["stable-diffusion.cpp"] += theirs()
    sizes, calls = ours()
    both["augur"] += calls
    print(sizes)
    for name, calls in both.items():
        print(name, " ".join(f"{p:.2f}/{w:.2f}" for p, w in calls), flush=True)
for i, what in enumerate(("processor", "wall")):
    a, b = (statistics.median(c[i] for c in both[name]) for name in both)
    print(f"{what} time a call, median: stable-diffusion.cpp {a:.2f} s, augur {b:.2f} s, ratio {b / a:.2f}")
