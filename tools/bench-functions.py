#!/usr/bin/env python3
"""NumPy's and JAX's elementary functions, timed on request by `kiln bench functions --python`.

Each line on standard input asks for one function:

    exp float32 -10.0 10.0 -10.0 10.0 32768 1024 0.012

its name, the dtype, from where to where both arguments are drawn, the numbers of elements of calls on
many and on few, and how many seconds to take. The answer is one line: for each peer that has the
function its name and the best seconds of a call on many and on few. NumPy writes into an array that it
is given; JAX, whose calls are compiled, makes a new one.
"""
import argparse
import functools
import os
import sys
import time

parser = argparse.ArgumentParser()
parser.add_argument("--threads", type=int, default=1)
threads = parser.parse_args().threads
os.environ["XLA_FLAGS"] = (
    f"--xla_cpu_multi_thread_eigen={'true' if threads > 1 else 'false'} intra_op_parallelism_threads={threads}")
os.environ["JAX_ENABLE_X64"] = "1"
os.environ["JAX_PLATFORMS"] = "cpu"

import numpy as np  # noqa: E402  (the thread counts above must be set first)

try:
    import jax
    import jax.numpy as jnp
except ImportError:
    jax = None
    print("# jax is not installed", file=sys.stderr)

NUMPY = {name: getattr(np, numpy_name) for name, numpy_name in {
    "acos": "arccos", "acosh": "arccosh", "asin": "arcsin", "asinh": "arcsinh", "atan": "arctan",
    "atan2": "arctan2", "atanh": "arctanh", "cbrt": "cbrt", "cos": "cos", "cosh": "cosh", "exp": "exp",
    "exp2": "exp2", "expm1": "expm1", "hypot": "hypot", "log": "log", "log1p": "log1p", "log2": "log2",
    "log10": "log10", "logaddexp": "logaddexp", "pow": "power", "sin": "sin", "sinh": "sinh", "tan": "tan",
    "tanh": "tanh"}.items()}
BINARY = {"atan2", "hypot", "logaddexp", "pow"}


def jax_functions():
    if jax is None:
        return {}
    functions = {name: getattr(jnp, function.__name__) for name, function in NUMPY.items()}
    functions.update(erf=jax.scipy.special.erf, erfc=jax.scipy.special.erfc, normal_cdf=jax.scipy.special.ndtr,
                     rsqrt=jax.lax.rsqrt, sigmoid=jax.nn.sigmoid, softplus=jax.nn.softplus)
    return {name: jax.jit(function) for name, function in functions.items()}


JAX = jax_functions()


@functools.cache
def calls(name, dtype, x_low, x_high, y_low, y_high, counts):
    """{peer: [a call for each count]}"""
    rng = np.random.default_rng(0)
    found = {}
    for n in counts:
        drawn = [rng.uniform(low, high, n).astype(dtype) for low, high in ((x_low, x_high), (y_low, y_high))]
        inputs = drawn if name in BINARY else drawn[:1]
        if name in NUMPY:
            out = np.empty(n, dtype)
            found.setdefault("numpy", []).append(functools.partial(NUMPY[name], *inputs, out=out))
        if name in JAX:
            device = [jnp.asarray(values) for values in inputs]
            compiled = JAX[name]
            found.setdefault("jax", []).append(lambda device=device: compiled(*device).block_until_ready())
    return found


def best(call, seconds):
    least, until = float("inf"), time.perf_counter() + seconds
    while True:
        start = time.perf_counter()
        call()
        end = time.perf_counter()
        least = min(least, end - start)
        if end >= until:
            return least


for line in sys.stdin:
    name, dtype, *numbers = line.split()
    x_low, x_high, y_low, y_high, large, small, seconds = map(float, numbers)
    words = []
    for peer, (many, few) in calls(name, dtype, x_low, x_high, y_low, y_high, (int(large), int(small))).items():
        words += [peer, f"{best(many, seconds * 3 / 4):.9f}", f"{best(few, seconds / 4):.9f}"]
    print(" ".join(words), flush=True)
