package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.ReduceOp;
import dev.kiln.kernel.ScalarMeaning;
import java.util.Arrays;

/** The canonical orders once more, as plainly as can be. */
record ReductionReference(DType dtype) {
  long reduce(ReduceOp op, long[] x) {
    long bits =
        switch (op) {
          case SUM -> x.length == 0 ? Bits.ofLong(dtype, 0) : s(Opcode.ADD, minusZero(), x);
          case PROD -> s(Opcode.MUL, Bits.ofLong(dtype, 1), x);
          case MIN -> fold(dtype == DType.BOOL ? Opcode.AND : Opcode.MIN, x);
          case MAX -> fold(dtype == DType.BOOL ? Opcode.OR : Opcode.MAX, x);
          case ARGMIN -> arg(x, fold(dtype == DType.BOOL ? Opcode.AND : Opcode.MIN, x));
          case ARGMAX -> arg(x, fold(dtype == DType.BOOL ? Opcode.OR : Opcode.MAX, x));
          case MEAN -> x.length == 0 ? Bits.canonicalNaN(dtype) : moments(x)[0];
          case SQUARED_DEVIATIONS -> x.length == 0 ? 0 : moments(x)[1];
        };
    return op == ReduceOp.ARGMIN || op == ReduceOp.ARGMAX ? bits : Bits.canonical(dtype, bits);
  }

  private long minusZero() {
    return dtype.isFloat() ? Bits.ofDouble(dtype, -0.0) : 0;
  }

  private long apply(Opcode op, long a, long b) {
    return ScalarMeaning.apply(op, dtype, dtype, a, b, 0);
  }

  private long fold(Opcode op, long[] x) {
    return Arrays.stream(x).reduce((a, b) -> apply(op, a, b)).orElseThrow();
  }

  private long arg(long[] x, long extreme) {
    for (int i = 0; i < x.length; i++) {
      boolean equal =
          dtype.isFloat()
              ? Double.compare(
                      Bits.asDouble(dtype, x[i]) + 0.0, Bits.asDouble(dtype, extreme) + 0.0)
                  == 0
              : x[i] == extreme;
      if (equal) {
        return i;
      }
    }
    throw new AssertionError();
  }

  private long s(Opcode op, long identity, long[] x) {
    if (x.length > 4096) {
      int blocks = (x.length + 4095) / 4096;
      long[] results = new long[blocks];
      for (int b = 0; b < blocks; b++) {
        results[b] =
            s(op, identity, Arrays.copyOfRange(x, b * 4096, Math.min(x.length, b * 4096 + 4096)));
      }
      return s(op, identity, results);
    }
    int w = 128 / dtype.bytes();
    long[] lane = new long[w];
    Arrays.fill(lane, identity);
    for (int i = 0; i < x.length; i++) {
      lane[i % w] = apply(op, lane[i % w], x[i]);
    }
    for (int h = w / 2; h >= 1; h /= 2) {
      for (int l = 0; l < h; l++) {
        lane[l] = apply(op, lane[l], lane[l + h]);
      }
    }
    return lane[0];
  }

  private long sum(long[] x) {
    return s(Opcode.ADD, minusZero(), x);
  }

  private long[] moments(long[] x) {
    int blocks = (x.length + 4095) / 4096;
    long[] m = new long[blocks];
    long[] s1 = new long[blocks];
    long[] s2 = new long[blocks];
    long[] count = new long[blocks];
    for (int b = 0; b < blocks; b++) {
      long[] part = Arrays.copyOfRange(x, b * 4096, Math.min(x.length, b * 4096 + 4096));
      count[b] = Bits.ofLong(dtype, part.length);
      m[b] = apply(Opcode.DIV, sum(part), count[b]);
      long pivot = m[b];
      long[] d = Arrays.stream(part).map(v -> apply(Opcode.SUB, v, pivot)).toArray();
      s1[b] = sum(d);
      s2[b] = sum(Arrays.stream(d).map(v -> apply(Opcode.MUL, v, v)).toArray());
    }
    long p = blocks == 1 ? m[0] : apply(Opcode.DIV, sum(m), Bits.ofLong(dtype, blocks));
    for (int b = 0; b < blocks; b++) {
      long e = apply(Opcode.SUB, m[b], p);
      long t = apply(Opcode.MUL, count[b], e);
      long twice = apply(Opcode.MUL, Bits.ofLong(dtype, 2), e);
      s2[b] =
          apply(
              Opcode.ADD,
              apply(Opcode.ADD, s2[b], apply(Opcode.MUL, twice, s1[b])),
              apply(Opcode.MUL, t, e));
      s1[b] = apply(Opcode.ADD, s1[b], t);
    }
    long d = sum(s1);
    long shift = apply(Opcode.DIV, d, Bits.ofLong(dtype, x.length));
    long q = apply(Opcode.SUB, sum(s2), apply(Opcode.MUL, d, shift));
    long mean = Double.isFinite(Bits.asDouble(dtype, d)) ? apply(Opcode.ADD, p, shift) : p;
    return new long[] {mean, apply(Opcode.MAX, q, Bits.ofLong(dtype, 0))};
  }
}
