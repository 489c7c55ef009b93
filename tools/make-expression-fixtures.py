"""Writes what EvaluatorTest compares with: expressions, and what NumPy makes of them.

    python3 tools/make-expression-fixtures.py

Each expression is one that Python itself evaluates; the result's text has its line breaks replaced by \\n.
"""

import pathlib

import numpy as np

OUT = pathlib.Path(__file__).parent.parent / "cli/src/test/resources/expressions.txt"

EXPRESSIONS = """
1 + 2 * 3
2 ** 3 ** 2
-2 ** 2
2 ** -1
(-2) ** 2
-7 // 2
-7 % 3
7 % -3
-7.5 // 2
-7.5 % 2
7.5 % -2
1 / 2
10 // 3 * 3 + 10 % 3
1 << 4 | 3
6 & 3 ^ 5
~5
-True
True + True
True & False
~5 + 1
1 < 2
2.0 == 2
1_000 + 0x10
1e3
.5
5.
1 - - 1
0.1 + 0.2
pi
2 * (3 + 4)
x
x + 1
1 - x
2 / (x + 10)
2 ** i
i ** 2
x ** 2
x ** 3
-x ** 2
+x
x * y
x / y
x // y
x % y
i // 2
i % 3
i & 3
i | 1
i ^ 7
~i
i << 2
i >> 1
~b
b & (x < 1)
b | b
b ^ b
x < 0
x >= 0.5
x == 0
x != 0
1 < x
x[0]
x[-1]
x[1, 2]
x[:, 1]
x[:, ::-1]
x[::-1, ::2]
x[..., 0]
x[None, 0]
x[0, None, :]
x[-1:, 1:3]
x[:0]
x[0][1]
x.T
x.T[0]
x[0].sum()
y[1:] - y[:-1]
x.sum()
x.sum(axis=0)
x.sum(axis=1, keepdims=True)
x.sum(axis=(0, 1))
sum(x, 1)
mean(x, axis=-1)
x.mean()
std(x, axis=0)
var(x)
x.max(axis=0)
min(x)
prod(y)
argmax(x, axis=1)
argmin(x)
any(b)
all(b, axis=0)
count_nonzero(x)
i.sum()
i.prod(axis=1)
b.sum()
abs(x)
sqrt(y)
square(x)
sign(x)
floor(x)
ceil(x)
trunc(x)
round(x)
isnan(x)
isfinite(x)
maximum(x, 0)
minimum(x, y)
where(x > 0, x, 0)
where(b, 1, 0)
where(b, y, -y)
clip(x, -1, 1)
concatenate([x, x], axis=0)
concatenate((y, y))
concatenate([x, x], axis=None)
stack([y, y])
stack([y, y], axis=1)
reshape(x, (3, 2))
x.reshape(3, 2)
x.reshape(-1)
x.reshape((6,))
expand_dims(y, axis=0)
squeeze(expand_dims(y, axis=1))
flip(y)
flip(x, axis=0)
roll(y, 1)
roll(x, 1, axis=1)
transpose(x)
x.transpose(1, 0)
x.transpose()
broadcast_to(y, (2, 3))
x.astype('float32')
x.astype('int64')
i.astype('uint8')
x.astype('bool')
arange(5)
arange(2, 8, 3)
arange(5, 0, -2)
arange(0, 1, 0.25)
linspace(0, 1, 5)
linspace(0, 1, 4, endpoint=False)
zeros((2, 2))
zeros(3)
ones((2,), dtype='int32')
full((2,), 7)
full(2, 0.5)
eye(2)
eye(2, 3, 1)
zeros_like(x)
ones_like(i)
full_like(x, 2)
logical_and(b, b)
logical_not(b)
add(x, y)
power(x, 2)
mod(i, 4)
(x - x.mean(axis=0)) / (x.std(axis=0) + 1)
x[0] + y * 2 - 1
sum(x * y, axis=1)
abs(-3)
maximum(1, 2)
floor(2.5)
arange(6).reshape(2, 3).T
x @ y
x @ x.T
x.T @ i + 1
matmul(i, i.T)
vecdot(i, i)
matrix_transpose(i)
tensordot(i, i, axes=2)
cumsum(i)
cumsum(x, axis=1)
cumprod(i, 0)
cumulative_sum(y)
cumulative_sum(i, axis=-1, include_initial=True)
cumulative_prod(y, include_initial=True)
sort(-i)
sort(x, axis=None)
x.T.argsort(axis=0)
argsort(b, 1)
""".strip().split("\n")


def main():
    x = np.arange(-3, 3).reshape(2, 3) * 0.5
    names = {name: getattr(np, name) for name in dir(np) if not name.startswith("_")}
    names |= {"x": x, "y": np.array([1.0, 2.0, 4.0]), "b": x > 0}
    names["i"] = np.array([[1, 2, 3], [4, 5, 6]])
    with open(OUT, "w", encoding="ascii") as out, np.errstate(all="ignore"):
        for expression in EXPRESSIONS:
            value = np.asarray(eval(expression, dict(names)))
            text = str(value).replace("\n", "\\n")
            out.write(f"{expression} -> {value.dtype} {value.shape} {text}\n")


main()
