"""Writes the .npy files that NpyFileTest reads, with NumPy itself.

    python3 tools/make-npy-fixtures.py
"""

import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "core/src/test/resources/npy"
TYPES = ["b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8"]


def save(name, array, version=None):
    with open(OUT / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version)


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    for code in TYPES:
        # Values that need every byte: 0, 1, -1, the extremes; for bool their truth.
        base = np.array([[0, 1, 2], [100, 101, 125]])
        if code[0] == "f":
            base = base / 3
        elif code != "b1":
            info = np.iinfo(code)
            base = base.astype(object)
            base[1, 2] = info.max
            base[0, 2] = info.min
        array = base.astype(code)
        for order, word in (("<", "little"), (">", "big")):
            save(f"{code}-{word}", array.astype(array.dtype.newbyteorder(order)))
    plain = np.arange(6, dtype="<i4").reshape(2, 3)
    for version in ((1, 0), (2, 0), (3, 0)):
        save(f"version-{version[0]}", plain, version)
    save("fortran", np.asfortranarray(plain))
    save("fortran-big", np.asfortranarray(plain.astype(">f8")))
    save("fortran-3d", np.asfortranarray(np.arange(24, dtype="<i2").reshape(2, 3, 4)))
    save("scalar", np.array(2.5))
    save("empty", np.zeros((0, 3), "<f4"))
    save("vector", np.arange(5, dtype="<f8"))
    save("rank-20", np.zeros((1,) * 20, "<u2"))
    # Refused.
    save("complex64", np.zeros(2, "<c8"))
    save("complex128", np.zeros(2, "<c16"))
    save("float16", np.zeros(2, "<f2"))
    save("longdouble", np.zeros(2, np.longdouble))
    save("text", np.array(["ab", "c"]))
    save("bytes", np.array([b"ab"]))
    save("dates", np.array(["2025-01-01"], "M8[D]"))
    save("structured", np.zeros(2, [("a", "<f4"), ("b", "<i2")]))
    save("void", np.zeros(2, "V4"))
    save("object", np.array([1, "a"], object))


main()
