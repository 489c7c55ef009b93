package dev.kiln.kernel.function;

import dev.kiln.DType;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Opcode;

/**
 * A large angle less the nearest multiple of π/2, by the method of Payne and Hanek: x = m
 * 2<sup>E</sup> with m whole is multiplied, in integers, by those 192 bits of 2/π that decide the
 * product modulo 4. Bits above would add multiples of 4; those below, less than 2<sup>−137</sup>.
 *
 * <p>The product is taken to a unit of 2<sup>−126</sup>, and no float64 gives one nearer than
 * 2<sup>−62</sup> to a whole number: the angle is right to 64 bits.
 *
 * @param quadrant the number of quarter turns, modulo 4 in the lowest two bits; int64
 * @param angle what is left, at most π/4 in magnitude, the high part being the rounded sum; NaN for
 *     infinities
 */
record WideReduction(Value quadrant, TwoFloat angle) {
  private static final int WORD = 64;
  private static final int LIMB = 32;
  private static final int LIMBS = 6;

  /** Of a float64 of at least 2<sup>45</sup> in magnitude. */
  static WideReduction of(Value x) {
    Value bits = x.bitcast(DType.UINT64);
    Value mantissa = bits.and((1L << 52) - 1).or(1L << 52);
    Value[] limbs = product(mantissa, window(bits));
    Value top = limbs[LIMBS - 1]; // its unit is 2^-30: two bits before the point
    Value quarters = top.add(top.like(1L << 29)).shr(30);
    Value signed = top.sub(quarters.shl(30));
    TwoFloat high = TwoFloat.fastSum(scaled(signed, 0x1p-30), scaled(limbs[4], 0x1p-62));
    TwoFloat low = TwoFloat.fastSum(scaled(limbs[3], 0x1p-94), scaled(limbs[2], 0x1p-126));
    TwoFloat middle = TwoFloat.fastSum(high.low(), low.high());
    TwoFloat fraction =
        TwoFloat.fastSum(high.high(), middle.high()).plus(middle.low().add(low.low()));
    TwoFloat product = fraction.times(fraction.like(HALF_PI));
    // A sine adds the low part l as it is, which is off by l (1 − cos(r)): it had better be small.
    TwoFloat angle = TwoFloat.fastSum(product.high(), product.low());

    Value negative = x.lt(0.0);
    Value finite = x.abs().lt(Double.POSITIVE_INFINITY);
    Value whole = quarters.cast(DType.INT64);
    return new WideReduction(
        negative.select(whole.neg(), whole),
        new TwoFloat(
            finite.select(negated(negative, angle.high()), x.like(Double.NaN)),
            negated(negative, angle.low())));
  }

  /** As the other reductions give it. */
  AngleReduction asReduction() {
    return new AngleReduction(quadrant, angle);
  }

  private static Value negated(Value condition, Value y) {
    return condition.select(y.neg(), y);
  }

  /** A limb, seen as a signed number, as a float64. */
  private static Value scaled(Value limb, double unit) {
    return limb.cast(DType.INT64).cast(DType.FLOAT64).mul(unit);
  }

  /**
   * The bits of 2/π from the one of weight 2 / 2<sup>E</sup> on, in limbs of 32, the lowest first.
   */
  private static Value[] window(Value bits) {
    // counted from the first bit of the word before the point
    Value exponent = bits.shl(1).shr(53);
    Value position = exponent.sub(exponent.like(1013L));
    Value[] words = new Value[TWO_OVER_PI.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = bits.like(TWO_OVER_PI[i]);
    }
    // Skip as many words as the position says, in steps of powers of two; four are needed then.
    for (int step = 16; step > 0; step /= 2) {
      Value skip = position.and((long) WORD * step).ne(position.like(0L));
      for (int i = 0; i < step + 3 && i + step < words.length; i++) {
        words[i] = skip.select(words[i + step], words[i]);
      }
    }
    Value left = position.and(WORD - 1L);
    Value right = left.like(WORD - 1L).sub(left);
    Value[] limbs = new Value[LIMBS];
    for (int i = 0; i < LIMBS / 2; i++) {
      Value word = shl(words[i], left).or(shr(words[i + 1].shr(1), right));
      limbs[LIMBS - 1 - 2 * i] = word.shr(LIMB);
      limbs[LIMBS - 2 - 2 * i] = lowHalf(word);
    }
    return limbs;
  }

  /** The product modulo 2<sup>192</sup>, but for the lowest limb, which is null. */
  private static Value[] product(Value mantissa, Value[] limbs) {
    Value low = lowHalf(mantissa);
    Value high = mantissa.shr(LIMB);
    Value[] product = new Value[LIMBS];
    Value carry = mantissa.like(0L);
    for (int k = 1; k < LIMBS; k++) {
      Value before = high.mul(limbs[k - 1]);
      Value sum =
          lowHalf(low.mul(limbs[k])).add(low.mul(limbs[k - 1]).shr(LIMB)).add(lowHalf(before));
      if (k > 1) {
        sum = sum.add(high.mul(limbs[k - 2]).shr(LIMB));
      }
      sum = sum.add(carry);
      product[k] = lowHalf(sum);
      carry = sum.shr(LIMB);
    }
    return product;
  }

  private static Value lowHalf(Value word) {
    return word.and((1L << LIMB) - 1);
  }

  private static Value shl(Value word, Value count) {
    return word.body().apply(Opcode.SHL, word.dtype(), word, count);
  }

  private static Value shr(Value word, Value count) {
    return word.body().apply(Opcode.SHR, word.dtype(), word, count);
  }

  // pi/2 in two pieces.
  private static final double[] HALF_PI = {0x1.921fb54442d18p+0, 0x1.1a62633145c07p-54};

  // The word before the point, and what follows it; tools/two-over-pi.py prints it.
  private static final long[] TWO_OVER_PI = {
    0L,
    0xa2f9836e4e441529L,
    0xfc2757d1f534ddc0L,
    0xdb6295993c439041L,
    0xfe5163abdebbc561L,
    0xb7246e3a424dd2e0L,
    0x06492eea09d1921cL,
    0xfe1deb1cb129a73eL,
    0xe88235f52ebb4484L,
    0xe99c7026b45f7e41L,
    0x3991d639835339f4L,
    0x9c845f8bbdf9283bL,
    0x1ff897ffde05980fL,
    0xef2f118b5a0a6d1fL,
    0x6d367ecf27cb09b7L,
    0x4f463f669e5fea2dL,
    0x7527bac7ebe5f17bL,
    0x3d0739f78a5292eaL,
    0x6bfb5fb11f8d5d08L,
    0x56033046fc7b6babL,
  };
}
