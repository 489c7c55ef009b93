package dev.kiln.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScalarMeaningTest {
  private static final long SEED = 11;
  private static final float[] FLOATS = {
    0f,
    -0f,
    1f,
    -1f,
    1.5f,
    0x1.fffffep127f,
    Float.MIN_VALUE,
    -Float.MIN_NORMAL,
    1e-20f,
    3e9f,
    -3e9f,
    1e19f,
    1e20f,
    Float.POSITIVE_INFINITY,
    Float.NEGATIVE_INFINITY,
    Float.NaN
  };

  private static long apply(Opcode op, DType type, long a, long b) {
    return ScalarMeaning.apply(op, type, type, a, b, 0);
  }

  @Test
  void floatArithmeticIsJavas() {
    for (float a : FLOATS) {
      for (float b : FLOATS) {
        assertFloat(Opcode.ADD, a, b, a + b);
        assertFloat(Opcode.SUB, a, b, a - b);
        assertFloat(Opcode.MUL, a, b, a * b);
        assertFloat(Opcode.DIV, a, b, a / b);
        assertFloat(Opcode.MIN, a, b, Math.min(a, b));
        assertFloat(Opcode.MAX, a, b, Math.max(a, b));
        assertDouble(Opcode.ADD, a, b, (double) a + b);
        assertDouble(Opcode.SUB, a, b, (double) a - b);
        assertDouble(Opcode.MUL, a, b, (double) a * b);
        assertDouble(Opcode.DIV, a, b, (double) a / b);
        assertDouble(Opcode.MIN, a, b, Math.min((double) a, b));
        assertDouble(Opcode.MAX, a, b, Math.max((double) a, b));
      }
      assertFloat(Opcode.NEG, a, 0, -a);
      assertFloat(Opcode.ABS, a, 0, Math.abs(a));
      assertFloat(Opcode.SQRT, a, 0, (float) Math.sqrt(a));
      assertDouble(Opcode.NEG, a, 0, -(double) a);
      assertDouble(Opcode.ABS, a, 0, Math.abs((double) a));
      assertDouble(Opcode.SQRT, a, 0, Math.sqrt(a));
    }
  }

  private static void assertFloat(Opcode op, float a, float b, float expected) {
    long bits = apply(op, DType.FLOAT32, Bits.of(a), Bits.of(b));
    assertThat(bits >>> 32).isZero();
    assertThat(Bits.canonical(DType.FLOAT32, bits))
        .as("%s(%s, %s)", op, a, b)
        .isEqualTo(Bits.canonical(DType.FLOAT32, Bits.of(expected)));
  }

  private static void assertDouble(Opcode op, double a, double b, double expected) {
    long bits = apply(op, DType.FLOAT64, Bits.of(a), Bits.of(b));
    assertThat(Bits.canonical(DType.FLOAT64, bits))
        .as("%s(%s, %s)", op, a, b)
        .isEqualTo(Bits.canonical(DType.FLOAT64, Bits.of(expected)));
  }

  @Test
  void fmaRoundsOnce() {
    float a = 0x1.000002p0f; // the square ends in 2^-46
    long fused = fma(DType.FLOAT32, Bits.of(a), Bits.of(a), Bits.of(-a * a));
    assertThat(Bits.toFloat(fused)).isEqualTo(0x1p-46f);
    double b = 0x1.0000000000001p0;
    fused = fma(DType.FLOAT64, Bits.of(b), Bits.of(b), Bits.of(-b * b));
    assertThat(Bits.toDouble(fused)).isEqualTo(0x1p-104);
  }

  private static long fma(DType type, long a, long b, long c) {
    return ScalarMeaning.apply(Opcode.FMA, type, type, a, b, c);
  }

  @Test
  void floatComparisonsAreIeees() {
    for (DType type : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (float a : FLOATS) {
        for (float b : FLOATS) {
          long x = Bits.ofDouble(type, a);
          long y = Bits.ofDouble(type, b);
          assertThat(compare(Opcode.EQ, type, x, y)).isEqualTo(a == b);
          assertThat(compare(Opcode.NE, type, x, y)).isEqualTo(a != b);
          assertThat(compare(Opcode.LT, type, x, y)).isEqualTo(a < b);
          assertThat(compare(Opcode.LE, type, x, y)).isEqualTo(a <= b);
          assertThat(compare(Opcode.GT, type, x, y)).isEqualTo(a > b);
          assertThat(compare(Opcode.GE, type, x, y)).isEqualTo(a >= b);
        }
      }
    }
  }

  private static boolean compare(Opcode op, DType type, long a, long b) {
    return ScalarMeaning.apply(op, DType.BOOL, type, a, b, 0) == 1;
  }

  /** Integers against unbounded ones, reduced to the dtype's range. */
  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})
  void integersWrap(DType type) {
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < 20_000; i++) {
      long a = sample(random, type);
      long b = sample(random, type);
      BigInteger x = exact(type, a);
      BigInteger y = exact(type, b);
      String at = type + " " + x + " " + y + ", seed " + SEED;
      assertThat(apply(Opcode.ADD, type, a, b)).as(at).isEqualTo(wrapped(type, x.add(y)));
      assertThat(apply(Opcode.SUB, type, a, b)).as(at).isEqualTo(wrapped(type, x.subtract(y)));
      assertThat(apply(Opcode.MUL, type, a, b)).as(at).isEqualTo(wrapped(type, x.multiply(y)));
      assertThat(apply(Opcode.NEG, type, a, 0)).as(at).isEqualTo(wrapped(type, x.negate()));
      assertThat(apply(Opcode.ABS, type, a, 0)).as(at).isEqualTo(wrapped(type, x.abs()));
      assertThat(apply(Opcode.MIN, type, a, b)).as(at).isEqualTo(wrapped(type, x.min(y)));
      assertThat(apply(Opcode.MAX, type, a, b)).as(at).isEqualTo(wrapped(type, x.max(y)));
      assertThat(apply(Opcode.AND, type, a, b)).as(at).isEqualTo(wrapped(type, x.and(y)));
      assertThat(apply(Opcode.OR, type, a, b)).as(at).isEqualTo(wrapped(type, x.or(y)));
      assertThat(apply(Opcode.XOR, type, a, b)).as(at).isEqualTo(wrapped(type, x.xor(y)));
      assertThat(apply(Opcode.NOT, type, a, 0)).as(at).isEqualTo(wrapped(type, x.not()));
      int count = (int) (b & (type.bits() - 1));
      assertThat(apply(Opcode.SHL, type, a, b)).as(at).isEqualTo(wrapped(type, x.shiftLeft(count)));
      assertThat(apply(Opcode.SHR, type, a, b))
          .as(at)
          .isEqualTo(wrapped(type, x.shiftRight(count)));
      assertThat(compare(Opcode.LT, type, a, b)).as(at).isEqualTo(x.compareTo(y) < 0);
      assertThat(compare(Opcode.GE, type, a, b)).as(at).isEqualTo(x.compareTo(y) >= 0);
      assertThat(compare(Opcode.EQ, type, a, b)).as(at).isEqualTo(x.equals(y));
      if (b == 0) {
        assertThat(apply(Opcode.FLOOR_DIV, type, a, b)).as(at).isZero();
        assertThat(apply(Opcode.FLOOR_MOD, type, a, b)).as(at).isZero();
      } else {
        BigInteger mod = x.mod(y.abs());
        BigInteger floorMod = mod.signum() != 0 && y.signum() < 0 ? mod.add(y) : mod;
        BigInteger floorDiv = x.subtract(floorMod).divide(y);
        assertThat(apply(Opcode.FLOOR_DIV, type, a, b)).as(at).isEqualTo(wrapped(type, floorDiv));
        assertThat(apply(Opcode.FLOOR_MOD, type, a, b)).as(at).isEqualTo(wrapped(type, floorMod));
      }
      long small = random.nextLong(20);
      assertThat(apply(Opcode.INTEGER_POW, type, a, small))
          .as(at)
          .isEqualTo(wrapped(type, x.pow((int) small)));
      for (DType to : List.of(DType.INT8, DType.UINT16, DType.INT32, DType.UINT32, DType.UINT64)) {
        assertThat(ScalarMeaning.apply(Opcode.CAST, to, type, a, 0, 0)).isEqualTo(wrapped(to, x));
      }
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.FLOAT32, type, a, 0, 0))
          .as(at)
          .isEqualTo(Bits.of(x.floatValue()));
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.FLOAT64, type, a, 0, 0))
          .as(at)
          .isEqualTo(Bits.of(x.doubleValue()));
    }
  }

  /** Often at the ends of the range and around powers of two. */
  private static long sample(SplittableRandom random, DType type) {
    long near = random.nextLong(-2, 3);
    return Bits.wrap(
        type,
        switch (random.nextInt(4)) {
          case 0 -> near;
          case 1 -> (1L << random.nextInt(64)) + near;
          case 2 -> Long.MAX_VALUE + near;
          default -> random.nextLong() >> random.nextInt(64);
        });
  }

  private static BigInteger exact(DType type, long bits) {
    return type == DType.UINT64
        ? new BigInteger(Long.toUnsignedString(bits))
        : BigInteger.valueOf(bits);
  }

  private static long wrapped(DType type, BigInteger value) {
    return Bits.wrap(type, value.longValue());
  }

  @Test
  void boolIsZeroOrOne() {
    for (long a = 0; a <= 1; a++) {
      for (long b = 0; b <= 1; b++) {
        assertThat(apply(Opcode.AND, DType.BOOL, a, b)).isEqualTo(a & b);
        assertThat(apply(Opcode.OR, DType.BOOL, a, b)).isEqualTo(a | b);
        assertThat(apply(Opcode.XOR, DType.BOOL, a, b)).isEqualTo(a ^ b);
        assertThat(compare(Opcode.LT, DType.BOOL, a, b)).isEqualTo(a < b);
      }
      assertThat(apply(Opcode.NOT, DType.BOOL, a, 0)).isEqualTo(1 - a);
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.FLOAT32, DType.BOOL, a, 0, 0))
          .isEqualTo(Bits.of((float) a));
      assertThat(ScalarMeaning.apply(Opcode.SELECT, DType.INT64, DType.BOOL, a, 5, 7))
          .isEqualTo(a == 1 ? 5 : 7);
      assertThat(ScalarMeaning.apply(Opcode.RARE, DType.INT64, DType.BOOL, a, 5, 7))
          .isEqualTo(a == 1 ? 5 : 7);
    }
  }

  @Test
  void floatsToIntegersSaturate() {
    for (float a : FLOATS) {
      long single = Bits.of(a);
      long twice = Bits.of((double) a);
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.INT32, DType.FLOAT32, single, 0, 0))
          .isEqualTo((int) a);
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.INT64, DType.FLOAT32, single, 0, 0))
          .isEqualTo((long) a);
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.INT32, DType.FLOAT64, twice, 0, 0))
          .isEqualTo((int) a);
      assertThat(ScalarMeaning.apply(Opcode.CAST, DType.INT64, DType.FLOAT64, twice, 0, 0))
          .isEqualTo((long) a);
    }
    long halfway = Bits.of(1 + 0x1p-24);
    assertThat(ScalarMeaning.apply(Opcode.CAST, DType.FLOAT32, DType.FLOAT64, halfway, 0, 0))
        .isEqualTo(Bits.of(1f));
  }

  @Test
  void bitcastKeepsBitsInTheirForm() {
    long minusOne = Bits.of(-1f);
    long asInt = ScalarMeaning.apply(Opcode.BITCAST, DType.INT32, DType.FLOAT32, minusOne, 0, 0);
    assertThat(asInt).isEqualTo(Float.floatToRawIntBits(-1f)).isNegative();
    assertThat(ScalarMeaning.apply(Opcode.BITCAST, DType.FLOAT32, DType.INT32, asInt, 0, 0))
        .isEqualTo(minusOne);
    assertThat(ScalarMeaning.apply(Opcode.BITCAST, DType.UINT32, DType.INT32, -1, 0, 0))
        .isEqualTo(0xffff_ffffL);
    assertThat(ScalarMeaning.apply(Opcode.BITCAST, DType.INT64, DType.FLOAT64, Bits.of(-2.0), 0, 0))
        .isEqualTo(Double.doubleToRawLongBits(-2.0));
  }

  @Test
  void evaluatesABody() {
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT32, 1);
    Body.Value y = body.param(DType.FLOAT32, 0);
    Body.Value result = x.mul(y).add(0.5).gt(x).select(x, y);
    long[] values = new long[body.size()];
    ScalarMeaning.evaluate(
        body.instrs(), new long[] {-1, Bits.of(3f)}, new long[] {Bits.of(2f)}, values);
    assertThat(Bits.toFloat(values[result.number()])).isEqualTo(3f);
  }

  @Test
  void everyOperationIsDefinedForADtypeThatTheVerifierTakes() {
    for (Opcode op : Opcode.values()) {
      DType type =
          switch (op) {
            case FLOOR_DIV, FLOOR_MOD, AND, OR, XOR, NOT, SHL, SHR, INTEGER_POW -> DType.INT32;
            case EQ, NE, LT, LE, GT, GE -> DType.BOOL;
            default -> DType.FLOAT32;
          };
      DType argument = op.group() == Opcode.Group.CONVERSION ? DType.INT32 : type;
      ScalarMeaning.apply(op, type, argument, 1, 1, 1);
    }
    assertThatThrownBy(() -> apply(Opcode.FMA, DType.INT32, 1, 1))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("FMA is not defined for int32");
  }
}
