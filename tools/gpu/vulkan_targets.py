"""Targets against the log of vulkan.sh: the rates of Augur.GpuBench beside PyTorch's on the same card.

    python3 vulkan_targets.py log/vulkan.txt
"""
import re
import sys
from pathlib import Path

lines = [[part.strip() for part in line.split(" | ")] for line in Path(sys.argv[1]).read_text(errors="replace").splitlines() if " | " in line]


def number(text, unit):
    found = re.search(rf"([\d.]+(?:e[+-]?\d+)?) {re.escape(unit)}", text)
    return float(found.group(1)) if found else None


def rows(kind):
    return [line for line in lines if line[0] == kind]


def rates(kind):
    """The best of ours and of PyTorch's by shape; of PyTorch's those in bfloat16, where there are any."""
    ours, peer = {}, {}
    for line in rows(kind):
        rate = number(line[-1], "TFLOP/s")
        if rate is not None:
            of = peer if line[2].startswith("torch") else ours
            of.setdefault(line[1], []).append((rate, line[2]))
    return ({shape: max(found) for shape, found in ours.items()},
            {shape: max([f for f in found if "bfloat16" in f[1]] or found) for shape, found in peer.items()})


def say(what, value, target, holds):
    print(f"target | {what} | {value} | {target} | {'holds' if holds else 'missed'}")


def main():
    for kind, target in (("linear", 0.4), ("attention", 0.3)):
        ours, peer = rates(kind)
        for shape, (rate, how) in ours.items():
            if shape not in peer:
                print(f"target | {kind} {shape} | {rate:g} TFLOP/s ({how}) | no figure of PyTorch's |")
            elif peer[shape][0] > 0:
                share = rate / peer[shape][0]
                say(f"{kind} {shape}", f"{rate:g} of {peer[shape][0]:g} TFLOP/s, {share:.2f} ({how})", f"at least {target}", share >= target)

    calls = {}
    for line in rows("call"):
        time = number(line[-1], "ms a call") or number(line[-1], "ms")
        blocks = re.search(r"(\d+) \+ (\d+) blocks", " ".join(line))
        if time and blocks:
            side = "torch" if "torch" in " ".join(line) else "ours"
            calls.setdefault(blocks.groups(), {}).setdefault(side, []).append(time)
    for blocks, found in calls.items():
        if len(found) == 2:
            times = min(found["ours"]) / min(found["torch"])
            say(f"FLUX.1 call of {' + '.join(blocks)} blocks", f"{min(found['ours']):.3f} ms, {times:.2f} times PyTorch's", "at most 2.5", times <= 2.5)

    for line in rows("launch"):
        idle = number(line[-1], "%")
        if idle is not None:
            say(f"launch overhead, {line[1]}", f"{idle:.1f} %", "at most 5 %", idle <= 5)

    for line in rows("methods"):
        ratio = re.search(r"ratio ([\d.]+)", line[-1])
        if ratio and line[1] != "none":
            say(f"seconds saved to FLOPs saved, {line[1]}", ratio.group(1), "at least 0.95", float(ratio.group(1)) >= 0.95)

    failed = [line for line in rows("check") if "FAIL" in line[-1]]
    print(f"target | checks | {len(rows('check')) - len(failed)} pass, {len(failed)} fail | all pass | {'holds' if not failed and rows('check') else 'missed'}")


main()
