"""Read CIFAR-10 (Krizhevsky, 2009) into the file that train.py and ../features/train.py take: 32x32 RGB and ten names.

    python3 cifar_data.py --source cifar-10-binary.tar.gz --out cifar10.npz

Takes the official binary archive, or a zip or folder of pictures as train/NAME/FILE and test/NAME/FILE. Names are in alphabetical order, which is the
archive's own. Pictures that were re-encoded as JPEG give other figures than the archive's: say so beside them.
"""

import argparse
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image

PARTS = ("train", "test")
RECORD = 1 + 3 * 32 * 32  # of the binary archive: the label, then the red, green and blue planes


def read_archive(path: Path):
    """(names, images and labels of both parts) of cifar-10-binary.tar.gz."""
    with tarfile.open(path) as archive:
        files = {Path(member.name).name: archive.extractfile(member).read() for member in archive if member.isfile()}
    names = files["batches.meta.txt"].decode().split()
    batches = dict(train=[f"data_batch_{i}.bin" for i in range(1, 6)], test=["test_batch.bin"])
    parts = {}
    for part, batch in batches.items():
        records = np.frombuffer(b"".join(files[name] for name in batch), np.uint8).reshape(-1, RECORD)
        parts[part] = records[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), records[:, 0].astype(np.int64)
    return names, parts


def read_pictures(files: dict):
    """The same from pictures by name PART/NAME/FILE; files gives each name's bytes when called."""
    pictures = sorted(name for name in files if name.count("/") == 2 and name.split("/")[0] in PARTS)
    names = sorted({name.split("/")[1] for name in pictures})
    parts = {}
    for part in PARTS:
        own = [name for name in pictures if name.startswith(part + "/")]
        images = [np.asarray(Image.open(BytesIO(files[name]())).convert("RGB")) for name in own]
        parts[part] = np.stack(images), np.array([names.index(name.split("/")[1]) for name in own], np.int64)
    return names, parts


def read(path: Path):
    if path.is_dir():
        return read_pictures({p.relative_to(path).as_posix(): p.read_bytes for p in path.rglob("*") if p.is_file()})
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            return read_pictures({name: lambda name=name: archive.read(name) for name in archive.namelist() if not name.endswith("/")})
    return read_archive(path)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()

    names, parts = read(options.source)
    if any(images.shape[1:] != (32, 32, 3) for images, _ in parts.values()):
        print("the pictures are not 32x32", file=sys.stderr)
        return 1
    (images, labels), (test_images, test_labels) = parts["train"], parts["test"]
    np.savez_compressed(options.out, images=images, labels=labels, test_images=test_images, test_labels=test_labels, names=np.array(names))
    print(f"{options.out}: {len(images)} images for training and {len(test_images)} for testing, {len(names)} names")
    return 0


if __name__ == "__main__":
    sys.exit(main())
