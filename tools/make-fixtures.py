#!/usr/bin/env python3
"""Writes what NumPy computes, for NumpyFixturesTest to compare the interpreter with.

    python3 tools/make-fixtures.py            # writes core/src/test/resources/fixtures/*.txt

One file for each element-wise function, one for reductions, one for views, one for routines. A file is a list of cases, with an empty line
between them; a case is its inputs, then operations on them with their results:

    in: float32 24x1 0 80000000 ...
    in: float32 24 0 80000000 ...
    op: add
    out: float32 24x24 0 ...

After an operation's name stands whatever else it needs; see the functions below. An array is its dtype, its extents joined
by x ("-" for 0-d) and its elements' bits in hexadecimal. Inputs broadcast.

The results of transcendental functions are NumPy's at a higher precision (float64 for float32, the x87 format for float64),
rounded: NumPy's own vector forms are off by several units in the last place, which would hide errors of Kiln's.

The files are committed; they change only when this script does. Needs NumPy 2 on x86-64.
"""

import itertools
import math
import pathlib
import sys

import mpmath as mp
import numpy as np

OUT = pathlib.Path(__file__).resolve().parent.parent / "core/src/test/resources/fixtures"

INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
FLOATS = ["float32", "float64"]
NUMBERS = INTEGERS + FLOATS
ALL = ["bool"] + NUMBERS

WIDER = {"float32": np.float64, "float64": np.longdouble}


# ---- writing ----------------------------------------------------------------------------------------------------


def bits(array):
    array = np.ascontiguousarray(array)
    return [f"{x:x}" for x in array.reshape(-1).view(f"u{array.dtype.itemsize}").tolist()]


def text(array):
    array = np.asarray(array)
    extents = "x".join(str(n) for n in array.shape) or "-"
    return " ".join([array.dtype.name, extents] + bits(array))


def case(op, inputs, out, arg=""):
    return several(inputs, [(f"{op} {arg}".strip(), out)])


def several(inputs, results):
    """A case of several operations: results are pairs of an operation and what it gives."""
    lines = [f"in: {text(x)}" for x in inputs]
    for op, out in results:
        lines += [f"op: {op}", f"out: {text(out)}"]
    return "\n".join(lines) + "\n"


def write(name, cases):
    OUT.mkdir(parents=True, exist_ok=True)
    head = f"# {name}: made by tools/make-fixtures.py with NumPy {np.__version__}\n\n"
    (OUT / f"{name}.txt").write_text(head + "\n".join(cases), encoding="ascii")


# ---- arguments --------------------------------------------------------------------------------------------------


def special(dtype, few=False):
    """The special values of a dtype; a few of them where pairs are made."""
    dtype = np.dtype(dtype)
    if dtype == np.bool_:
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        values = [0, 1, 2, 3, 7, 100, dtype.itemsize * 8 - 1, dtype.itemsize * 8, info.max, info.max - 1]
        values += [info.min, info.min + 1] if few else [-v for v in values] + [info.min, info.min + 1]
        values += [-1, -2, -7]
        return np.array(sorted({v for v in values if info.min <= v <= info.max}), dtype)
    info = np.finfo(dtype)
    positive = [0.0, 1.0, 0.5, 1.5, 2.5, 3.0, 1e-5, float(info.max), float(info.tiny), math.inf]
    positive.append(float(info.smallest_subnormal))
    if not few:
        positive += [2.0, 7.25, 0.1, 0.49999999999999994, 127.5, 1 / info.eps - 1, 1 / info.eps + 1, 2.0**31]
        positive += [10.0, 20.0, 85.0, 88.7, 100.0, 700.0, 709.5, math.pi, math.pi / 2, math.pi / 4, 1e5, 1e10]
        positive += [0.9, 0.999, 1.001, 0.7, 0.3, 0.01, 1e-3, 1e-10]
    values = [v for p in positive for v in (p, -p)] + [math.nan]
    with np.errstate(over="ignore"):
        return np.array(values, dtype)


def pairs(dtype):
    values = special(dtype, few=True)
    return [values.reshape(-1, 1), values]


# ---- element-wise functions -------------------------------------------------------------------------------------

EXACT_UNARY = {
    "abs": (np.abs, NUMBERS),
    "bitwise_invert": (np.invert, ["bool"] + INTEGERS),
    "ceil": (np.ceil, FLOATS),
    "floor": (np.floor, FLOATS),
    "isfinite": (np.isfinite, FLOATS),
    "isinf": (np.isinf, FLOATS),
    "isnan": (np.isnan, FLOATS),
    "negative": (np.negative, NUMBERS),
    "round": (np.rint, FLOATS),
    "sign": (np.sign, NUMBERS),
    "signbit": (np.signbit, FLOATS),
    "sqrt": (np.sqrt, FLOATS),
    "trunc": (np.trunc, FLOATS),
}

EXACT_BINARY = {
    "add": (np.add, NUMBERS),
    "bitwise_and": (np.bitwise_and, ["bool"] + INTEGERS),
    "bitwise_left_shift": (np.left_shift, INTEGERS),
    "bitwise_or": (np.bitwise_or, ["bool"] + INTEGERS),
    "bitwise_right_shift": (np.right_shift, INTEGERS),
    "bitwise_xor": (np.bitwise_xor, ["bool"] + INTEGERS),
    "copysign": (np.copysign, FLOATS),
    "divide": (np.divide, FLOATS),
    "equal": (np.equal, ALL),
    "floor_divide": (np.floor_divide, NUMBERS),
    "greater": (np.greater, NUMBERS),
    "greater_equal": (np.greater_equal, NUMBERS),
    "less": (np.less, NUMBERS),
    "less_equal": (np.less_equal, NUMBERS),
    "maximum": (np.maximum, NUMBERS),
    "minimum": (np.minimum, NUMBERS),
    "multiply": (np.multiply, NUMBERS),
    "nextafter": (np.nextafter, FLOATS),
    "not_equal": (np.not_equal, ALL),
    "remainder": (np.remainder, NUMBERS),
    "subtract": (np.subtract, NUMBERS),
}

TRANSCENDENTAL = {
    "acos": np.arccos,
    "acosh": np.arccosh,
    "asin": np.arcsin,
    "asinh": np.arcsinh,
    "atan": np.arctan,
    "atan2": np.arctan2,
    "atanh": np.arctanh,
    "cbrt": np.cbrt,
    "cos": np.cos,
    "cosh": np.cosh,
    "exp": np.exp,
    "exp2": np.exp2,
    "expm1": np.expm1,
    "hypot": np.hypot,
    "log": np.log,
    "log1p": np.log1p,
    "log2": np.log2,
    "log10": np.log10,
    "logaddexp": np.logaddexp,
    "sin": np.sin,
    "sinh": np.sinh,
    "tan": np.tan,
    "tanh": np.tanh,
}


# What NumPy lacks: by mpmath, with the limits at -inf and +inf.
INF, NAN = float("inf"), float("nan")


def near(x):
    """Within the range beyond which the functions are at their limits."""
    return max(-1000, min(1000, x))


MORE = {
    "erf": (lambda x: mp.erf(near(x)), -1, 1),
    "erfc": (lambda x: mp.erfc(near(x)), 2, 0),
    "normal_cdf": (lambda x: mp.ncdf(near(x)), 0, 1),
    "rsqrt": (lambda x: 1 / mp.sqrt(x) if x > 0 else mp.nan if x < 0 else mp.inf, NAN, 0),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-near(x))), 0, 1),
    "softplus": (lambda x: mp.log1p(mp.exp(near(x))) if x < 1000 else x, 0, INF),
}


def by_mpmath(name, x):
    function, low, high = MORE[name]
    with mp.workprec(2200):  # enough for 1 + e^-745 and the tails' cancellation
        values = [NAN if np.isnan(v) else low if v == -INF else high if v == INF else float(function(mp.mpf(float(v)))) for v in x]
    values = np.array(values)
    if name in ("erf",):
        values = np.where(x == 0, x, values)
    if name == "rsqrt":
        values = np.where((x == 0) & np.signbit(x), -INF, values)
    return values.astype(x.dtype)


def at_higher_precision(function, inputs):
    dtype = inputs[0].dtype
    return function(*(x.astype(WIDER[dtype.name]) for x in inputs)).astype(dtype)


def element_wise():
    for name, (function, dtypes) in EXACT_UNARY.items():
        write(name, [case(name, [special(t)], function(special(t))) for t in dtypes])
    for name, (function, dtypes) in EXACT_BINARY.items():
        write(name, [case(name, pairs(t), function(*pairs(t))) for t in dtypes])
    for name, function in TRANSCENDENTAL.items():
        cases = []
        for t in FLOATS:
            inputs = [special(t)] if function.nin == 1 else pairs(t)
            cases.append(case(name, inputs, at_higher_precision(function, inputs)))
        write(name, cases)
    for name in MORE:
        write(name, [case(name, [special(t)], by_mpmath(name, special(t))) for t in FLOATS])
    power()
    where()
    casts()


def power():
    cases = []
    for t in INTEGERS:
        # NumPy refuses negative integer exponents.
        base, exponent = pairs(t)
        exponent = exponent[exponent >= 0]
        cases.append(case("pow", [base, exponent], np.power(base, exponent)))
    for t in FLOATS:
        cases.append(case("pow", pairs(t), at_higher_precision(np.power, pairs(t))))
    write("pow", cases)


def where():
    cases = []
    condition = np.array([False, True]).reshape(2, 1, 1)
    for t in ALL:
        cases.append(case("where", [condition] + pairs(t), np.where(condition, *pairs(t))))
    write("where", cases)


def casts():
    """Conversions that NumPy defines: from a float to an integer only what fits it."""
    cases = []
    for source, target in itertools.product(ALL, ALL):
        x = special(source)
        if source in FLOATS and target in INTEGERS:
            info = np.iinfo(target)
            with np.errstate(invalid="ignore"):
                whole = np.trunc(x.astype(np.longdouble))
                x = x[np.isfinite(x) & (whole >= info.min) & (whole <= np.longdouble(info.max))]
        cases.append(case("cast", [x], x.astype(target)))
    write("cast", cases)


# ---- reductions -------------------------------------------------------------------------------------------------


def reductions():
    rng = np.random.default_rng(20260101)
    cases = []
    for shape, t in itertools.product([(5,), (70,), (3, 1, 5), (4, 33), (2, 3, 4)], ALL):
        for x in samples(rng, shape, t):
            results = []
            for count in range(1, len(shape) + 1):
                for axes in itertools.combinations(range(len(shape)), count):
                    results += reduced(x, axes)
            cases.append(several([x], results))
    write("reductions", cases)


def samples(rng, shape, t):
    if t == "bool":
        return [rng.random(shape) < 0.2, rng.random(shape) < 0.9]
    if t in INTEGERS:
        info = np.iinfo(t)
        whole = rng.integers(info.min, info.max, size=shape, dtype=t, endpoint=True)
        return [whole, rng.integers(0, 3, size=shape, dtype=t)]
    odd = rng.choice([0.0, -0.0, 1.0, -1.0, np.inf, np.nan], size=shape, p=[0.3, 0.2, 0.2, 0.2, 0.05, 0.05])
    plain = rng.normal(size=shape)
    return [plain.astype(t), (plain + 1000).astype(t), odd.astype(t)]


def reduced(x, axes):
    name = ",".join(str(axis) for axis in axes)
    results = [
        (f"any {name}", np.any(x, axis=axes)),
        (f"all {name}", np.all(x, axis=axes)),
        (f"count_nonzero {name}", np.asarray(np.count_nonzero(x, axis=axes), np.int64)),
    ]
    if x.dtype == np.bool_:
        return results
    results += [
        (f"sum {name}", np.sum(x, axis=axes, dtype=x.dtype)),
        (f"prod {name}", np.prod(x, axis=axes, dtype=x.dtype)),
        (f"max {name}", np.max(x, axis=axes)),
        (f"min {name}", np.min(x, axis=axes)),
    ]
    if len(axes) in (1, x.ndim):
        axis = axes[0] if len(axes) == 1 else None
        results.append((f"argmax {name}", np.asarray(np.argmax(x, axis=axis), np.int64)))
        results.append((f"argmin {name}", np.asarray(np.argmin(x, axis=axis), np.int64)))
    if x.dtype.kind == "f":
        wide = x.astype(WIDER[x.dtype.name])
        n = math.prod(x.shape[axis] for axis in axes)
        results.append((f"mean {name}", np.mean(wide, axis=axes).astype(x.dtype)))
        for correction in (0, 1):
            if n > correction:
                var = np.var(wide, axis=axes, ddof=correction)
                results.append((f"var {name} {correction}", var.astype(x.dtype)))
                results.append((f"std {name} {correction}", np.sqrt(var).astype(x.dtype)))
    return results


# ---- views ------------------------------------------------------------------------------------------------------


def views():
    cases = []
    x = np.arange(1, 61, dtype=np.int16).reshape(3, 4, 5)
    join = ",".join
    slices = [
        np.s_[:, :, :],
        np.s_[1:, ::2, 1:4],
        np.s_[::-1, :, :],
        np.s_[:, ::-2, 3:0:-1],
        np.s_[2:0:-1, 1:3, ::-3],
        np.s_[-2:, -3:-1, -1:-4:-2],
        np.s_[1:1, :, :],
        np.s_[:, 3:4, 0:1],
    ]
    for index in slices:
        ranges = [range(*s.indices(n)) for s, n in zip(index, x.shape)]
        numbers = [[r.start for r in ranges], [r.step for r in ranges], [len(r) for r in ranges]]
        cases.append(case("slice", [x], x[index], " ".join(join(str(v) for v in part) for part in numbers)))
    for axes in itertools.permutations(range(3)):
        cases.append(case("permute", [x], np.transpose(x, axes), join(str(a) for a in axes)))
    for shape in [(60,), (12, 5), (5, 12), (1, 60, 1), (2, 2, 3, 5)]:
        cases.append(case("reshape", [x], x.reshape(shape)))
        cases.append(case("reshape", [x[:, ::-1, :]], x[:, ::-1, :].reshape(shape)))
    for source, target in [((), (2, 3)), ((1, 4, 1), (3, 4, 5)), ((5,), (2, 3, 5)), ((3, 1), (3, 0)), ((1,), (7,))]:
        y = np.arange(1, 1 + math.prod(source), dtype=np.int16).reshape(source)
        cases.append(case("broadcast", [y], np.broadcast_to(y, target)))
    for axis in range(3):
        parts = [x, np.take(x, [0], axis) + 100, np.take(x, [], axis), -x]
        cases.append(case("concat", parts, np.concatenate(parts, axis), axis))
    write("views", cases)


# ---- routines ---------------------------------------------------------------------------------------------------


def routines():
    """Sums of floats are of eighths, which every order adds exactly."""
    rng = np.random.default_rng(20260101)
    cases = []
    for shape, t in itertools.product([(1,), (40,), (3, 17), (2, 3, 5)], ALL):
        for x in exact(rng, shape, t):
            results = []
            for axis in range(len(shape)):
                if t != "bool":
                    results.append((f"cumulative_sum {axis}", np.cumulative_sum(x, axis=axis, dtype=x.dtype)))
                results.append((f"sort {axis}", np.sort(x, axis=axis)))
                results.append((f"argsort {axis}", np.argsort(x, axis=axis, stable=True).astype(np.int64)))
            cases.append(several([x], results))
    for t in NUMBERS:
        for left, right in [((2, 3), (3, 2)), ((7, 20), (20, 5)), ((2, 3, 4), (2, 4, 6))]:
            x, y = exact(rng, left, t)[0], exact(rng, right, t)[0]
            cases.append(case("matmul", [x, y], np.matmul(x, y)))
    write("routines", cases)


def exact(rng, shape, t):
    if t in FLOATS:
        odd = rng.choice([0.0, -0.0, 1.0, -1.0, np.inf, np.nan], size=shape, p=[0.3, 0.2, 0.2, 0.2, 0.05, 0.05])
        return [(rng.integers(-40, 40, size=shape) / 8).astype(t), odd.astype(t)]
    return samples(rng, shape, t)


if __name__ == "__main__":
    if np.finfo(np.longdouble).nmant < 60:
        sys.exit("needs the 80-bit long double of x86-64")
    np.seterr(all="ignore")
    element_wise()
    reductions()
    views()
    routines()
    files = sorted(OUT.glob("*.txt"))
    print(f"{len(files)} files, {sum(f.stat().st_size for f in files):,} bytes in {OUT}")
