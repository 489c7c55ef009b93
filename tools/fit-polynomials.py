#!/usr/bin/env python3
"""Fits the polynomials of dev.kiln.kernel.function and prints their coefficients, lowest order first.

Each is a minimax fit by Remez' exchange algorithm, of the error that matters to the function's result: |weight * (f - p)|.
The coefficients are then rounded to the target precision in two ways, and the better result is taken: all at once, and one
after another, lowest order first, where after each the free rest is fitted again so that it makes up for the rounding.
Needs mpmath and numpy; takes seconds.

    python3 tools/fit-polynomials.py [name ...]
"""

import sys

import mpmath as mp
import numpy as np

mp.mp.prec = 250
TINY = mp.mpf(10) ** -18  # below this, quotients of small numbers are replaced by the first terms of their series


def remez(f, weight, low, high, degree, fixed):
    """The best polynomial whose first coefficients are fixed; returns all coefficients and the largest error."""
    free = degree + 1 - len(fixed)
    middle, radius = (low + high) / 2, (high - low) / 2
    # Extrema of a Chebyshev polynomial, a little off centre lest a point be 0, where weights vanish.
    points = [
        middle - radius * mp.cos(mp.pi * (i + mp.mpf("0.013")) / (free + mp.mpf("0.031"))) for i in range(free + 1)
    ]
    steps = 16 * (free + 2)
    grid = [middle - radius * mp.cos(mp.pi * i / steps) for i in range(steps + 1)]
    values = [(u, f(u), weight(u)) for u in grid]
    best = None
    for _ in range(12):
        system, right = mp.matrix(free + 1, free + 1), mp.matrix(free + 1, 1)
        for row, u in enumerate(points):
            w = weight(u)
            for column in range(free):
                system[row, column] = w * u ** (len(fixed) + column)
            system[row, free] = (-1) ** row  # the error, alternating from point to point
            right[row] = w * (f(u) - mp.polyval(fixed[::-1], u) if fixed else f(u))
        solution = mp.lu_solve(system, right)
        coefficients = fixed + [solution[i] for i in range(free)]
        errors = [w * (v - mp.polyval(coefficients[::-1], u)) for u, v, w in values]
        largest = max(abs(e) for e in errors)
        if best is None or largest < best[1]:
            best = (coefficients, largest)
        extrema = []
        for i, e in enumerate(errors):
            if extrema and (e > 0) == (errors[extrema[-1]] > 0):
                if abs(e) > abs(errors[extrema[-1]]):
                    extrema[-1] = i
            else:
                extrema.append(i)
        if len(extrema) < free + 1 or largest < abs(solution[free]) * mp.mpf("1.01"):
            break
        while len(extrema) > free + 1:
            extrema.pop(0 if abs(errors[extrema[0]]) < abs(errors[extrema[-1]]) else -1)
        points = [grid[i] for i in extrema]
    return best


def fit(name, precision, f, weight, low, high, degree, split=0):
    """Fits, rounds and prints one polynomial, the first `split` coefficients as sums of two floats."""
    low, high = mp.mpf(low), mp.mpf(high)
    to_precision = {"float32": lambda c: mp.mpf(float(np.float32(float(c)))), "float64": lambda c: mp.mpf(float(c))}
    to_target = to_precision[precision]
    best, minimax = remez(f, weight, low, high, degree, [])
    at_once = [to_target(c) + (to_target(c - to_target(c)) if k < split else 0) for k, c in enumerate(best)]
    in_turn = []
    for k in range(degree + 1):
        c = remez(f, weight, low, high, degree, in_turn)[0][k]
        in_turn.append(to_target(c) + to_target(c - to_target(c)) if k < split else to_target(c))
    sample = [low + (high - low) * i / 1000 for i in range(1001)]

    def largest_error(p):
        return max(abs(weight(u) * (f(u) - mp.polyval(p[::-1], u))) for u in sample)

    rounded = min(at_once, in_turn, key=largest_error)
    if split:
        rounded = neighbours(at_once, best, split, precision, weight, sample, f)
    error = largest_error(rounded)
    print(f"{name} {precision}, degree {degree}: minimax 2^{float(mp.log(minimax, 2)):.1f}", end="")
    print(f", rounded 2^{float(mp.log(error, 2)):.1f}")
    for c in rounded[:split]:
        print(f"    {float(to_target(c)).hex()} and {float(c - to_target(c)).hex()}")
    rounded = rounded[split:]
    print("    " + ",\n    ".join(repr(float(c)) for c in rounded), flush=True)


def neighbours(p, best, split, precision, weight, sample, f):
    """The best choice, for up to 14 coefficients after the split ones, of the floats beside the exact coefficient."""
    errors = np.array([float(weight(u) * (mp.polyval(p[::-1], u) - f(u))) for u in sample])
    float_type = np.float32 if precision == "float32" else np.float64
    steps, columns = [], []
    for k in range(split, min(split + 14, len(p))):
        c = float_type(float(p[k]))
        other = mp.mpf(float(np.nextafter(c, float_type(np.inf if best[k] > p[k] else -np.inf))))
        steps.append((k, other))
        columns.append([float(weight(u) * (other - p[k]) * u**k) for u in sample])
    columns = np.array(columns)
    choices = range(1 << len(steps))
    bits = lambda choice: np.array([choice >> i & 1 for i in range(len(steps))], dtype=float)
    choice = min(choices, key=lambda choice: np.abs(errors + bits(choice) @ columns).max())
    p = list(p)
    for i, (k, other) in enumerate(steps):
        if choice >> i & 1:
            p[k] = other
    return p


# (exp(r) - 1 - r) / r^2 on |r| <= ln(2) / 2
def exp_tail(r):
    return mp.mpf(1) / 2 + r / 6 if abs(r) < TINY else (mp.expm1(r) - r) / r**2


# (log(1 + f) - f + f^2 / 2) / f^3
def log_tail(f):
    return mp.mpf(1) / 3 - f / 4 if abs(f) < TINY else (mp.log1p(f) - f + f**2 / 2) / f**3


# (2 atanh(s) - 2 s) / s^3 as a function of z = s^2
def atanh_tail(z):
    return mp.mpf(2) / 3 + 2 * z / 5 if z < TINY else (2 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 2) / z


# (sin(r) - r) / r^3 as a function of z = r^2
def sin_tail(z):
    return -mp.mpf(1) / 6 + z / 120 if z < TINY else (mp.sin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


# (cos(r) - 1 + r^2 / 2) / r^4 as a function of z = r^2
def cos_tail(z):
    return mp.mpf(1) / 24 - z / 720 if z < TINY else (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2


def relative(part, whole):
    """The weight of an error of `part`'s factor, relative to the function's value `whole`."""
    return lambda u: mp.mpf(0) if u == 0 else abs(part(u) / whole(u))


# Intervals are a little wider than the reduced arguments, which are rounded.
HALF_LN2 = mp.log(2) / 2 * mp.mpf("1.0005")
THIRD = mp.mpf("1.0001") / 3  # log of float32: mantissas in [2/3, 4/3)
ATANH = (mp.mpf("1.0001") * (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2  # of float64: in [sqrt(1/2), sqrt(2))
QUARTER = (mp.pi / 4 * mp.mpf("1.0001")) ** 2

exp_weight = relative(lambda r: r**2, mp.exp)
expm1_weight = relative(lambda r: r**2, mp.expm1)
log_weight = relative(lambda f: f**3, mp.log1p)
atanh_weight = lambda z: z / 2
sin_weight = relative(lambda z: z * mp.sqrt(z), lambda z: mp.sin(mp.sqrt(z)))
cos_weight = relative(lambda z: z**2, lambda z: mp.cos(mp.sqrt(z)))

FITS = {
    "exp": [
        ("float32", exp_tail, exp_weight, -HALF_LN2, HALF_LN2, 5),
        ("float64", exp_tail, exp_weight, -HALF_LN2, HALF_LN2, 10),
    ],
    "expm1": [
        ("float32", exp_tail, expm1_weight, -HALF_LN2, HALF_LN2, 5),
        ("float64", exp_tail, expm1_weight, -HALF_LN2, HALF_LN2, 10),
    ],
    "log": [
        ("float32", log_tail, log_weight, -THIRD, THIRD, 7),
        ("float64", atanh_tail, atanh_weight, 0, ATANH, 6),
    ],
    "sin": [
        ("float64", sin_tail, sin_weight, 0, QUARTER, 5),
    ],
    "cos": [
        ("float64", cos_tail, cos_weight, 0, QUARTER, 5),
    ],
}

# exp2, the logarithms' relatives and pow.


# (2^r - 1) / r
def exp2_tail(r):
    return mp.log(2) if abs(r) < TINY else mp.expm1(r * mp.log(2)) / r


# log2((1 + s) / (1 - s)) / s by powers of z = s^2, less its first terms, over the next power of z
def log2_tail(terms):
    def tail(z):
        if z < mp.mpf(10) ** -12:  # the series' own first terms
            return 2 / mp.log(2) * sum(z**i / (2 * (terms + i) + 1) for i in range(8))
        first = sum(z**i / (2 * i + 1) for i in range(terms))
        return 2 / mp.log(2) * (mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - first) / z**terms

    return tail


HALF = mp.mpf("0.5000001")
THIRD_SQUARE = mp.mpf("1.0001") / 9  # log1p of [0, 1] by atanh of [0, 1/3]

exp2_weight = relative(lambda r: r, lambda r: mp.mpf(2) ** r)

FITS |= {
    "exp2": [
        ("float32", exp2_tail, exp2_weight, -HALF, HALF, 6),
        ("float64", exp2_tail, exp2_weight, -HALF, HALF, 11),
    ],
    # in float64 both: of float32 arguments, and of float64 ones
    "pow-exp2": [("float64", exp2_tail, exp2_weight, -HALF, HALF, 6)],
    "pow-log2": [
        ("float64", log2_tail(1), lambda z: z / 2, 0, ATANH, 3),
        ("float64", log2_tail(2), lambda z: z**2 / 2, 0, ATANH, 7),
    ],
    "log1p": [("float64", atanh_tail, atanh_weight, 0, THIRD_SQUARE, 8)],
}

# --- Inverse trigonometric functions, and float32 computed in float64 -------------------------------------------------

# (atan(t) - t) / t^3 as a function of z = t^2
def atan_tail(z):
    return -mp.mpf(1) / 3 + z / 5 if z < TINY else (mp.atan(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


# (asin(t) - t) / t^3 as a function of z = t^2
def asin_tail(z):
    return mp.mpf(1) / 6 + 3 * z / 40 if z < TINY else (mp.asin(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


HALF_SQUARE = mp.mpf("1.0001") / 4  # arguments up to 1/2
WIDER = (mp.pi / 4 * mp.mpf("1.001")) ** 2  # up to pi/4 and a little more, from large arguments

atan_weight = relative(lambda z: z * mp.sqrt(z), lambda z: mp.atan(mp.sqrt(z)))
asin_weight = relative(lambda z: z * mp.sqrt(z), lambda z: mp.asin(mp.sqrt(z)))

FITS |= {
    "atan": [
        ("float32", atan_tail, atan_weight, 0, HALF_SQUARE, 4),
        ("float64", atan_tail, atan_weight, 0, HALF_SQUARE, 11),
    ],
    "asin": [
        ("float32", asin_tail, asin_weight, 0, HALF_SQUARE, 4),
        ("float64", asin_tail, asin_weight, 0, HALF_SQUARE, 11),
    ],
    "sin32": [
        ("float32", sin_tail, sin_weight, 0, WIDER, 2),
        ("float64", sin_tail, sin_weight, 0, WIDER, 3),  # for float32 results
    ],
    "cos32": [
        ("float32", cos_tail, cos_weight, 0, WIDER, 2),
        ("float64", cos_tail, cos_weight, 0, WIDER, 2),
    ],
}


# Hyperbolic sines, inverse hyperbolic functions, cube root and error function.


# (cosh(r) - 1 - r^2 / 2) / r^4 as a function of z = r^2
def cosh_tail(z):
    return mp.mpf(1) / 24 + z / 720 if z < TINY else (mp.cosh(mp.sqrt(z)) - 1 - z / 2) / z**2


# (sinh(r) - r) / r^3 as a function of z = r^2
def sinh_tail(z):
    return mp.mpf(1) / 6 + z / 120 if z < TINY else (mp.sinh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


# (atanh(s) - s) / s^3 as a function of z = s^2
def half_atanh_tail(z):
    return atanh_tail(z) / 2


# ((1 - e)^(-1/3) - 1) / e
def inverse_cube_root(e):
    return mp.mpf(1) / 3 + 2 * e / 9 if abs(e) < TINY else ((1 - e) ** (-mp.mpf(1) / 3) - 1) / e


# (erf(x) / x - 2 / sqrt(pi)) / x^2 as a function of z = x^2
def erf_tail(z):
    two_over_root_pi = 2 / mp.sqrt(mp.pi)
    return -two_over_root_pi / 3 if z < TINY else (mp.erf(mp.sqrt(z)) / mp.sqrt(z) - two_over_root_pi) / z


def scaled_erfc(k):
    """(1 + 2 x) exp(x^2) erfc(x) as a function of q = (x - k) / (x + k)."""

    def value(q):
        x = k * (1 + q) / (1 - q)
        return (1 + 2 * x) * mp.exp(x * x) * mp.erfc(x)

    return value


SQUARE = HALF_LN2**2
RATIO = (mp.mpf("0.2015")) ** 2  # (m - 1) / (m + 1) where the exponent is taken from bits that are not normalised
ERF = mp.mpf("0.2505")
scaled_32, scaled_64 = scaled_erfc(mp.mpf("2.5")), scaled_erfc(mp.mpf("3.5"))

FITS |= {
    "cosh": [
        ("float32", cosh_tail, relative(lambda z: z**2, lambda z: mp.cosh(mp.sqrt(z))), 0, SQUARE, 1),
        ("float64", cosh_tail, relative(lambda z: z**2, lambda z: mp.cosh(mp.sqrt(z))), 0, SQUARE, 3),
    ],
    "sinh": [
        ("float32", sinh_tail, relative(lambda z: z * mp.sqrt(z), lambda z: mp.sinh(mp.sqrt(z))), 0, SQUARE, 2),
        ("float64", sinh_tail, relative(lambda z: z * mp.sqrt(z), lambda z: mp.sinh(mp.sqrt(z))), 0, SQUARE, 4),
    ],
    "atanh": [
        ("float32", half_atanh_tail, lambda z: z, 0, RATIO, 2),
        ("float64", half_atanh_tail, lambda z: z, 0, RATIO, 7),
    ],
    "cbrt": [
        ("float32", inverse_cube_root, abs, -mp.mpf("0.1035"), mp.mpf("0.1035"), 3),
        ("float64", inverse_cube_root, abs, -mp.mpf("0.1065"), mp.mpf("0.1065"), 3),
    ],
    "erf": [
        ("float32", erf_tail, relative(lambda z: z * mp.sqrt(z), lambda z: mp.erf(mp.sqrt(z))), 0, ERF, 3),
        ("float64", erf_tail, relative(lambda z: z * mp.sqrt(z), lambda z: mp.erf(mp.sqrt(z))), 0, ERF, 8),
    ],
    "erfc": [
        ("float32", scaled_32, lambda q: 1 / scaled_32(q), -0.693, mp.mpf("0.61"), 9, 1),
        ("float64", scaled_64, lambda q: 1 / scaled_64(q), -0.77, mp.mpf("0.774"), 21, 1),
    ],
}


# tanh and erf: a polynomial next to 0 each, and beyond exp(2 r) and the logarithm of 1 - erf(x).


# (tanh(x) - x) / x^3 as a function of z = x^2
def tanh_tail(z):
    return -mp.mpf(1) / 3 + 2 * z / 15 if z < mp.mpf(10) ** -12 else (mp.tanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z


# expm1(2 r) / r
def doubled_expm1(r):
    return 2 + 2 * r if abs(r) < TINY else mp.expm1(2 * r) / r


BORDER = mp.mpf("0.76") ** 2
QUARTER_LN2 = mp.log(2) / 4  # with ends that differ: between -r and r the highest odd power has no unique factor

tanh_weight = relative(lambda z: z * mp.sqrt(z), lambda z: mp.tanh(mp.sqrt(z)))
doubled_weight = lambda r: QUARTER_LN2  # of exp(2 r) about 1

FITS |= {
    "tanh": [
        ("float32", tanh_tail, tanh_weight, 0, BORDER, 5),
        ("float64", tanh_tail, tanh_weight, 0, BORDER, 12),
    ],
    "tanh-exp": [
        ("float32", doubled_expm1, doubled_weight, -QUARTER_LN2 * mp.mpf("1.01"), QUARTER_LN2 * mp.mpf("1.02"), 5),
        ("float64", doubled_expm1, doubled_weight, -QUARTER_LN2 * mp.mpf("1.01"), QUARTER_LN2 * mp.mpf("1.02"), 10),
    ],
}


# erf(x) / x - 1 as a function of z = x^2, and log2(erfc(x)), whose error counts by what it does to 1 - erfc(x)
def erf_ratio(z):
    return 2 / mp.sqrt(mp.pi) * (1 - z / 3) - 1 if z < mp.mpf(10) ** -12 else mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1


def log2_erfc(x):
    return mp.log(mp.erfc(x), 2)


erf_ratio_weight = lambda z: 1 / (1 + erf_ratio(z))
log2_erfc_weight = lambda x: mp.erfc(x) * mp.log(2)

FITS |= {
    "erf-near": [
        ("float32", erf_ratio, erf_ratio_weight, 0, mp.mpf("1.01") ** 2, 6),
        ("float64", erf_ratio, erf_ratio_weight, 0, mp.mpf("1.01") ** 2, 12),
    ],
    "erf-far": [
        ("float32", log2_erfc, log2_erfc_weight, mp.mpf("0.99"), 4, 6),
        ("float64", log2_erfc, log2_erfc_weight, mp.mpf("0.99"), 6, 17),
    ],
}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(FITS)
    if unknown:
        sys.exit(f"no such polynomial: {', '.join(sorted(unknown))}; expected some of: {', '.join(FITS)}")
    for name in sys.argv[1:] or FITS:
        for arguments in FITS[name]:
            fit(name, *arguments)
