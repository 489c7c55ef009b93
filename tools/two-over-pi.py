#!/usr/bin/env python3
"""Prints the bits of 2/pi in words of 64, for dev.kiln.kernel.function.WideReduction. Needs mpmath."""

import mpmath as mp

WORDS = 19

mp.mp.prec = 64 * WORDS + 100
bits = int(mp.floor(2 / mp.pi * mp.mpf(2) ** (64 * WORDS)))
for word in reversed(range(WORDS)):
    print(f"0x{bits >> (64 * word) & (1 << 64) - 1:016x}L,")
