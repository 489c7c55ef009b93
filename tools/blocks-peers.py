#!/usr/bin/env python3
"""Times NumPy (mapped, chunk by chunk) and dask.array at what `kiln bench blocks` does, on the same file.

    ./kiln bench blocks --bytes 20g --memory 1g --file x.npy
    python3 tools/blocks-peers.py x.npy [--peers numpy,dask] [--works statistics,histogram,filter,matmul,sort]

Figures are gigabytes of the file a second, in the same form.
"""
import argparse
import os
import time

import numpy as np

ROWS = 1 << 12  # of a chunk: 4 MiB, as Kiln's blocks

parser = argparse.ArgumentParser()
parser.add_argument("file")
parser.add_argument("--peers", default="numpy,dask")
parser.add_argument("--works", default="statistics,histogram,filter,matmul,sort")
parser.add_argument("--workers", type=int, default=os.cpu_count())
options = parser.parse_args()

x = np.load(options.file, mmap_mode="r")
right = np.ones((x.shape[1], 16), np.float32)
copy = options.file + ".filtered"


def chunks():
    for row in range(0, x.shape[0], ROWS):
        yield x[row:row + ROWS]


class Numpy:
    name = "numpy-chunks"

    def statistics(self):
        n, mean, squares, low, high = 0, 0.0, 0.0, np.inf, -np.inf
        for c in chunks():
            m, v = c.mean(dtype=np.float64), c.var(dtype=np.float64)
            total, apart = n + c.size, m - mean
            mean += apart * c.size / total
            squares += v * c.size + apart * apart * n * c.size / total
            n, low, high = total, min(low, c.min()), max(high, c.max())
        assert abs(mean - 0.5) < 1e-3 and abs(np.sqrt(squares / n) - np.sqrt(1 / 12)) < 1e-3

    def histogram(self):
        counts = sum(np.histogram(c, 100, (0, 1))[0] for c in chunks())
        assert counts.sum() == x.size

    def filter(self):
        with open(copy, "wb") as out:
            for c in chunks():
                c[c[:, 0] < 0.5].tofile(out)

    def matmul(self):
        total = sum((c @ right).sum(dtype=np.float64) for c in chunks())
        assert abs(total / 16 / x.size - 0.5) < 1e-3

    def sort(self):
        total = sum(np.sort(c, axis=1)[:, 0].sum(dtype=np.float64) for c in chunks())
        assert abs(total / x.shape[0] - 1 / 257) < 1e-3


class Dask:
    name = "dask-array"

    def __init__(self):
        import dask
        import dask.array as da
        dask.config.set(scheduler="threads", num_workers=options.workers)
        self.dask, self.da = dask, da
        # Larger chunks than Kiln's: each costs dask some hundred microseconds.
        self.x = da.from_array(x, chunks=(16 * ROWS, x.shape[1]))

    def statistics(self):
        d = self.x.astype(np.float64)
        mean, std, _, _ = self.dask.compute(d.mean(), d.std(), self.x.min(), self.x.max())
        assert abs(mean - 0.5) < 1e-3 and abs(std - np.sqrt(1 / 12)) < 1e-3

    def histogram(self):
        assert self.da.histogram(self.x, 100, (0, 1))[0].compute().sum() == x.size

    def filter(self):
        with open(copy, "wb") as out:
            for c in self.x[self.x[:, 0] < 0.5].blocks:
                c.compute().tofile(out)

    def matmul(self):
        assert abs((self.x @ right).sum(dtype=np.float64).compute() / 16 / x.size - 0.5) < 1e-3

    def sort(self):
        total = self.x.map_blocks(np.sort)[:, 0].sum(dtype=np.float64).compute()
        assert abs(total / x.shape[0] - 1 / 257) < 1e-3


for name in options.peers.split(","):
    peer = {"numpy": Numpy, "dask": Dask}[name]()
    for work in options.works.split(","):
        start = time.perf_counter()
        getattr(peer, work)()
        seconds = time.perf_counter() - start
        if os.path.exists(copy):
            os.remove(copy)
        print(f"{'blocks-' + work:28} {peer.name:22} {x.nbytes / 1e9 / seconds:12.3f} GB/s", flush=True)
