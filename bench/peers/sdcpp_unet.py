#!/usr/bin/env python3
"""Seconds of processor time that a call of Stable Diffusion 1.5's network takes, here and in stable-diffusion.cpp, on the same file, in turn.

    Augur.Studies unet-file /tmp/sd15.safetensors
    python3 bench/peers/sdcpp_unet.py /tmp/sd15.safetensors path/to/sd-cli path/to/Augur.Studies [threads] [rounds]

One row of 64x64 cells and 77 tokens (guidance 1), 512x512 pixels. Of stable-diffusion.cpp the time between two ends of steps is taken, its text
encoder and autoencoder not counted; it is ended behind the last step. With one thread both are pinned to the same processor.
"""
import os
import re
import statistics
import subprocess
import sys
import time

FILE, SD, STUDIES = sys.argv[1:4]
THREADS = int(sys.argv[4]) if len(sys.argv) > 4 else 1
ROUNDS = int(sys.argv[5]) if len(sys.argv) > 5 else 3
STEPS = 3
PIN = ["taskset", "-c", "0"] if THREADS == 1 else []


def processor(pid):
    """User and system time of a process and its threads, in seconds."""
    fields = open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def theirs():
    command = PIN + [SD, "-m", FILE, "-p", "a fox", "--cfg-scale", "1", "--steps", str(STEPS), "-W", "512", "-H", "512", "-t", str(THREADS),
                     "--sampling-method", "euler", "-s", "1", "-o", "/dev/null", "-v"]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    ends, text = [], b""
    while len(ends) < STEPS:
        piece = os.read(run.stdout.fileno(), 4096)
        if not piece:
            sys.exit(f"stable-diffusion.cpp ended early:\n{text.decode(errors='replace')[-2000:]}")
        text += piece
        done = {int(n) for n in re.findall(rb"(\d+)/%d - " % STEPS, text)}
        while len(ends) < len(done - {0}):
            ends.append((processor(run.pid), time.monotonic()))
    run.kill()
    run.wait()
    return [(b[0] - a[0], b[1] - a[1]) for a, b in zip(ends, ends[1:])]


def ours():
    text = subprocess.run(PIN + [STUDIES, "unet-call", FILE, str(STEPS), str(THREADS)], capture_output=True, text=True, check=True).stdout
    print(text.splitlines()[0])
    return [(float(a), float(b)) for a, b in re.findall(r"processor ([0-9.]+) wall ([0-9.]+)", text)][1:]


both = {"stable-diffusion.cpp": [], "augur": []}
for _ in range(ROUNDS):
    both["stable-diffusion.cpp"] += theirs()
    both["augur"] += ours()
    for name, calls in both.items():
        print(name, " ".join(f"{p:.1f}/{w:.1f}" for p, w in calls), flush=True)
for i, what in enumerate(("processor", "wall")):
    a, b = (statistics.median(c[i] for c in both[name]) for name in both)
    print(f"{what} time a call, median, {THREADS} thread(s): stable-diffusion.cpp {a:.2f} s, augur {b:.2f} s, ratio {b / a:.2f}")
