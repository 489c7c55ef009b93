"""Writes the arrays and texts that ArrayTextTest compares with: NumPy's own str of each array.

    python3 tools/make-text-fixtures.py

NAME.npy is printed whole to NAME.txt; of rows-NAME.npy each row, of scalars-NAME.npy each element by itself, with a line
of %% between them. Made with NumPy 2.4.6; run again when NumPy's printing changes, and review the difference.
"""

import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "core/src/test/resources/text"
SEPARATOR = "\n%%\n"


def save(name, array, texts):
    np.save(OUT / f"{name}.npy", array)
    (OUT / f"{name}.txt").write_text(SEPARATOR.join(texts) + "\n", encoding="ascii")


def whole(name, array):
    save(name, np.ascontiguousarray(array) if np.ndim(array) else np.asarray(array), [str(array)])


def rows(name, array):
    save(f"rows-{name}", array, [str(row) for row in array])


def scalars(name, array):
    save(f"scalars-{name}", array, [str(x) for x in array])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.iterdir():
        old.unlink()
    rng = np.random.default_rng(20250607)
    nan, inf = np.nan, np.inf

    whole("empty", np.zeros(0))
    whole("empty-2d", np.zeros((0, 3), np.int32))
    whole("zero", np.zeros(1))
    whole("ints", np.arange(-3, 12, dtype=np.int8))
    whole("ints-wrapped", np.arange(60) * 997)
    whole("ints-extreme", np.array([np.iinfo(np.int64).min, 0, np.iinfo(np.int64).max]))
    whole("uint64", np.array([[0, 2**64 - 1], [1, 2**63]], np.uint64))
    whole("uint8", np.arange(0, 256, 5, dtype=np.uint8).reshape(4, 13))
    whole("int16", np.array([-32768, 32767], np.int16))
    whole("uint16", np.array([65535, 1], np.uint16))
    whole("uint32", np.array([4294967295, 1], np.uint32))
    whole("bools", np.array([[True, False], [True, True]]))
    whole("all-true", np.ones(20, bool))
    whole("3d", np.arange(24.0).reshape(2, 3, 4))
    whole("4d", np.arange(16).reshape(2, 2, 2, 2))
    whole("rank-12", np.arange(4).reshape((1,) * 10 + (2, 2)))
    whole("halves", np.array([1, 2.5, -3.25]))
    whole("thirds", np.array([1 / 3, -2 / 3, 10 / 3]))
    whole("thirds-f4", np.array([1 / 3, -2 / 3, 10 / 3], np.float32))
    whole("nonfinite", np.array([[1.5, nan], [inf, -1]]))
    whole("nan", np.array([nan]))
    whole("nans-only", np.array([-inf, nan, inf]))
    whole("negative-inf-small", np.array([1.0, -inf]))
    whole("scientific-nonfinite", np.array([1e-30, -inf, nan, 1]))
    whole("negative-zero", np.array([-0.0, 0.0]))
    whole("rounds-to-zero", np.array([-0.00123456789123, 1e-4, 0.0999999999]))
    whole("half-even", np.array([0.5, 0.000000005 + 0.125, 2**-9 + 2**-10, 2**-8 + 2**-9]))
    whole("cutoffs", np.array([99999999.0, 1e5]))
    whole("cutoffs-over", np.array([1e8, 1e7]))
    whole("cutoffs-f4", np.array([999999.0, 1e3], np.float32))
    whole("cutoffs-over-f4", np.array([1e6, 1e5], np.float32))
    whole("small-f4", np.array([1e-4, 1e-2], np.float32))
    whole("ratio", np.array([0.001, 1.0, 1.0009]))
    whole("ratio-f4", np.array([0.001, 1.0], np.float32))
    whole("three-digit-exponent", np.array([1e100, -1.0, 1e-300]))
    whole("subnormal", np.array([5e-324, 1.5e-323]))
    whole("subnormal-f4", np.array([1e-45, 2e-45, 3e-45], np.float32))
    whole("extreme", np.array([np.finfo(np.float64).max, np.finfo(np.float64).tiny]))
    whole("extreme-f4", np.array([np.finfo(np.float32).max, np.finfo(np.float32).tiny], np.float32))
    whole("wrapped-floats", rng.standard_normal(100))
    whole("wrapped-mixed-width", np.where(np.arange(40) % 7 == 0, 0.5, np.arange(40) * 1.0))
    whole("wide-2d", rng.standard_normal((3, 40)).astype(np.float32))
    whole("exactly-threshold", np.arange(1000))
    whole("over-threshold", np.arange(1001))
    whole("summary-2d", rng.standard_normal((60, 70)))
    whole("summary-narrow", rng.standard_normal((500, 3)))
    whole("summary-flat", rng.standard_normal((3, 500)).astype(np.float32))
    whole("summary-3d", np.arange(8 * 9 * 20).reshape(8, 9, 20))
    whole("summary-hidden-large", np.where(np.arange(2000) == 1000, 1e30, 1.5))
    whole("summary-bool", np.arange(1200) % 3 == 0)
    whole("tall", np.arange(1500.0).reshape(1500, 1))

    for dtype, name in ((np.float64, "f8"), (np.float32, "f4")):
        exponents = rng.integers(-12, 13, (40, 5))
        rows(f"wild-{name}", (rng.standard_normal((40, 5)) * 10.0**exponents).astype(dtype))
        rows(f"tame-{name}", rng.standard_normal((40, 7)).astype(dtype))
        rows(f"rounded-{name}", np.round(rng.standard_normal((40, 5)) * 100, 2).astype(dtype))
        special = rng.choice([nan, inf, -inf, 0.0, -0.0, 1.0, -2.5, 1e-5, 123456.789, 1e9], (60, 4))
        rows(f"special-{name}", special.astype(dtype))
        with np.errstate(over="ignore"):
            wide = (rng.standard_normal(300) * 10.0 ** rng.integers(-44, 39, 300)).astype(dtype)
        edges = [0.0, -0.0, nan, inf, -inf, 1e15, 1e16, 9.9e15, 1e-4, 9e-5, 999999, 1e6, 1e7, 0.1, 1 / 3, 5, 2e23, 9e-44]
        scalars(f"{name}", np.concatenate([wide, np.array(edges, dtype)]))
    scalars("i4", np.array([-5, 0, 7], np.int32))
    scalars("u8", np.array([2**64 - 1], np.uint64))
    scalars("bool", np.array([True, False]))


main()
