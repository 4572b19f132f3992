"""Safetensors files with half-precision tensors, written whole or not at all."""

import json
import os
import struct
from pathlib import Path

import numpy as np
import torch


def write_atomically(path: Path, write) -> None:
    temporary = path.with_name(path.name + ".part")
    write(temporary)
    os.replace(temporary, path)


def write_safetensors(tensors: dict, path: Path, metadata: dict, is_half: bool = True) -> None:
    """Rounds every tensor to half precision, or keeps single precision and 64-bit integers."""
    header, blobs, offset = {"__metadata__": metadata}, [], 0
    for name, tensor in tensors.items():
        tensor = tensor.detach().cpu().contiguous()
        blob = (tensor.half() if is_half else tensor).numpy().tobytes()
        header[name] = dict(dtype="F16" if is_half else {torch.float32: "F32", torch.int64: "I64"}[tensor.dtype], shape=list(tensor.shape), data_offsets=[offset, offset + len(blob)])
        blobs.append(blob)
        offset += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blobs))


def read_safetensors(path: Path) -> dict:
    """The half-precision tensors of a file that this module wrote, in single precision."""
    content = path.read_bytes()
    (length,) = struct.unpack_from("<Q", content)
    header = json.loads(content[8:8 + length])
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = (8 + length + offset for offset in entry["data_offsets"])
            tensors[name] = torch.from_numpy(np.frombuffer(content[begin:end], np.float16).astype(np.float32)).view(entry["shape"])
    return tensors
