"""Measures how fast PyTorch trains and runs M1 and M2 on this computer's CPU, and prints one line of JSON.

Usage: python bench/pytorch.py [threads]. Without PyTorch it says why, and exits successfully.
"""

import json
import os
import sys
import time

try:
    import torch
    from torch import nn
except Exception as error:  # Includes the errors raised if one of its libraries is missing.
    print(f"PyTorch isn't available: {error}".splitlines()[0])
    sys.exit(0)

SECONDS = 2.0
BATCHES = 16

NETWORKS = {
    "M1": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 10)
    ),
    "M2": lambda: nn.Sequential(
        *(nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Flatten(), nn.Linear(1568, 128), nn.ReLU(), nn.Linear(128, 64), nn.ReLU(), nn.Linear(64, 10)),
    ),
}
# The fused steps are PyTorch's fastest on a CPU.
OPTIMIZERS = {
    "adam": lambda parameters: torch.optim.Adam(parameters, lr=0.001, fused=True),
    "sgd": lambda parameters: torch.optim.SGD(parameters, lr=0.01, fused=True),
}


def images_per_second(step, batch):
    """The median of three runs after a warm-up; `step(i)` works on the i-th batch."""
    for i in range(BATCHES):
        step(i)
    runs = []
    for _ in range(3):
        done, start = 0, time.perf_counter()
        while time.perf_counter() - start < SECONDS / 3:
            step(done % BATCHES)
            done += 1
        runs.append(done * batch / (time.perf_counter() - start))
    return round(sorted(runs)[1], 1)


def train(name, optimizer, batch):
    torch.manual_seed(0)
    network = NETWORKS[name]()
    update = OPTIMIZERS[optimizer](network.parameters())
    images = torch.rand(BATCHES, batch, 1, 28, 28)
    labels = torch.randint(0, 10, (BATCHES, batch))

    def step(i):
        update.zero_grad()
        nn.functional.cross_entropy(network(images[i]), labels[i]).backward()
        update.step()

    rate = images_per_second(step, batch)
    return {"network": name, "what": "train", "optimizer": optimizer, "batch": batch, "images_per_second": rate}


def infer(name, batch, what):
    torch.manual_seed(0)
    network = NETWORKS[name]().eval()
    images = torch.rand(BATCHES, batch, 1, 28, 28)
    with torch.inference_mode():
        rate = images_per_second(lambda i: network(images[i]), batch)
    return {"network": name, "what": what, "batch": batch, "images_per_second": rate}


torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else len(os.sched_getaffinity(0)))
rows = [train("M2", "adam", 64), train("M1", "sgd", 64), infer("M2", 256, "infer"), infer("M2", 1, "one")]
name = f"PyTorch {torch.__version__.split('+')[0]}"
print(json.dumps({"device": name, "threads": torch.get_num_threads(), "rows": rows}))
