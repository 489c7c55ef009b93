package dev.kiln.kernel.function;

import dev.kiln.kernel.Body.Value;

/** A number as the unevaluated sum of a float and a much smaller one. */
record TwoFloat(Value high, Value low) {
  /** a + b without error, where a is zero or |a| ≥ |b| (Dekker). */
  static TwoFloat fastSum(Value a, Value b) {
    Value high = a.add(b);
    return new TwoFloat(high, a.sub(high).add(b));
  }

  /** a + b without error (Knuth). */
  static TwoFloat sum(Value a, Value b) {
    Value high = a.add(b);
    Value ofB = high.sub(a);
    return new TwoFloat(high, a.sub(high.sub(ofB)).add(b.sub(ofB)));
  }

  /** a b without error, where nothing underflows. */
  static TwoFloat product(Value a, Value b) {
    Value high = a.mul(b);
    return new TwoFloat(high, a.fma(b, high.neg()));
  }

  /** This times another, but for the product of the low parts. */
  TwoFloat times(TwoFloat other) {
    TwoFloat product = product(high, other.high);
    return new TwoFloat(product.high, low.fma(other.high, high.fma(other.low, product.low)));
  }

  /** The constant of the given two parts, of the dtype of this. */
  TwoFloat like(double[] parts) {
    return new TwoFloat(high.like(parts[0]), high.like(parts[1]));
  }

  /** This with something small added to the low part. */
  TwoFloat plus(Value small) {
    return new TwoFloat(high, low.add(small));
  }

  /** The sum as one float. */
  Value rounded() {
    return high.add(low);
  }

  /** The same sum with something small added, its parts apart again. */
  TwoFloat plusApart(Value small) {
    return fastSum(high, low.add(small));
  }

  /** This over another, given the rounded reciprocal of the other's high part. */
  TwoFloat over(TwoFloat divisor, Value reciprocal) {
    Value quotient = high.mul(reciprocal);
    Value negative = quotient.neg();
    Value remainder = negative.fma(divisor.high, high).add(negative.fma(divisor.low, low));
    return new TwoFloat(quotient, remainder.mul(reciprocal));
  }

  /** The square root, given the rounded one of the high part, which is not zero. */
  TwoFloat sqrt() {
    Value root = high.sqrt();
    Value remainder = root.neg().fma(root, high).add(low);
    return new TwoFloat(root, remainder.div(root.add(root)));
  }
}
