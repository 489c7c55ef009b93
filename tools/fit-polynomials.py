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


def fit(name, precision, f, weight, low, high, degree):
    """Fits, rounds and prints one polynomial."""
    low, high = mp.mpf(low), mp.mpf(high)
    to_precision = {"float32": lambda c: mp.mpf(float(np.float32(float(c)))), "float64": lambda c: mp.mpf(float(c))}
    to_target = to_precision[precision]
    best, minimax = remez(f, weight, low, high, degree, [])
    at_once = [to_target(c) for c in best]
    in_turn = []
    for k in range(degree + 1):
        in_turn.append(to_target(remez(f, weight, low, high, degree, in_turn)[0][k]))
    sample = [low + (high - low) * i / 1000 for i in range(1001)]

    def largest_error(p):
        return max(abs(weight(u) * (f(u) - mp.polyval(p[::-1], u))) for u in sample)

    rounded = min(at_once, in_turn, key=largest_error)
    error = largest_error(rounded)
    print(f"{name} {precision}, degree {degree}: minimax 2^{float(mp.log(minimax, 2)):.1f}", end="")
    print(f", rounded 2^{float(mp.log(error, 2)):.1f}")
    print("    " + ",\n    ".join(repr(float(c)) for c in rounded), flush=True)


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
        ("float32", log_tail, log_weight, -THIRD, THIRD, 8),
        ("float64", atanh_tail, atanh_weight, 0, ATANH, 6),
    ],
    "sin": [
        ("float32", sin_tail, sin_weight, 0, QUARTER, 2),
        ("float64", sin_tail, sin_weight, 0, QUARTER, 5),
    ],
    "cos": [
        ("float32", cos_tail, cos_weight, 0, QUARTER, 2),
        ("float64", cos_tail, cos_weight, 0, QUARTER, 5),
    ],
}

if __name__ == "__main__":
    unknown = set(sys.argv[1:]) - set(FITS)
    if unknown:
        sys.exit(f"no such polynomial: {', '.join(sorted(unknown))}; expected some of: {', '.join(FITS)}")
    for name in sys.argv[1:] or FITS:
        for arguments in FITS[name]:
            fit(name, *arguments)
