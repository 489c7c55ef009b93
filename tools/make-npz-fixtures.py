"""Writes the .npz files that NpzFileTest reads, with NumPy itself.

    python3 tools/make-npz-fixtures.py
"""

import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "core/src/test/resources/npz"


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    arrays = {
        "x": np.arange(6, dtype="<f4").reshape(2, 3) / 4,
        "flags": np.array([True, False, True]),
        "big": np.arange(4, dtype=">i4"),
        "fortran": np.asfortranarray(np.arange(6, dtype="<i8").reshape(2, 3)),
        "scalar": np.float64(2.5),
        "group/inner": np.zeros((0, 4)),
    }
    np.savez(OUT / "stored.npz", **arrays)
    np.savez_compressed(OUT / "compressed.npz", **arrays)
    np.savez(OUT / "objects.npz", objects=np.array([{}, []], dtype=object))
    np.savez(OUT / "none.npz")


main()
