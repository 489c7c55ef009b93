package dev.kiln.lower;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.graph.ElementOp;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Body.Value;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ScalarMeaning;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ExpansionTest {
  private static final long SEED = 13;

  /** An expansion evaluated at single points; making it also verifies it as a kernel. */
  private static final class Expanded {
    private final List<Instr> body;
    private final int number;
    private final DType result;

    Expanded(ElementOp function, DType result, DType... arguments) {
      Body building = new Body();
      List<Value> values = new ArrayList<>();
      List<Operand> operands = new ArrayList<>();
      for (DType dtype : arguments) {
        values.add(building.load(dtype, operands.size()));
        operands.add(new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS));
      }
      Value value = Expansion.canonical(Expansion.expand(function, result, values));
      assertThat(value.dtype()).isEqualTo(result);
      this.body = building.instrs();
      this.number = value.number();
      this.result = result;
      Output store = new Output.Store(result, number, Operand.Access.CONTIGUOUS);
      assertThat(new Kernel(1, 0, operands, List.of(), body, List.of(store)).body())
          .isEqualTo(body);
    }

    long at(long... arguments) {
      long[] values = new long[body.size()];
      ScalarMeaning.evaluate(body, arguments, new long[0], values);
      return values[number];
    }

    double at(DType dtype, double... arguments) {
      long[] bits = new long[arguments.length];
      for (int k = 0; k < bits.length; k++) {
        bits[k] = Bits.ofDouble(dtype, arguments[k]);
      }
      return Bits.asDouble(result, at(bits));
    }
  }

  private static double[] floats(DType dtype) {
    SplittableRandom random = new SplittableRandom(SEED);
    List<Double> values =
        new ArrayList<>(
            List.of(
                0.0,
                0.3,
                0.5,
                0.7,
                1.0,
                1.5,
                2.5,
                127.5,
                128.0,
                255.9,
                256.0,
                32767.5,
                65535.5,
                0x1p22 + 0.5));
    for (int k : new int[] {7, 8, 15, 16, 22, 23, 24, 31, 32, 51, 52, 53, 62, 63, 64, 65, 100}) {
      double power = StrictMath.scalb(1.0, k);
      values.addAll(
          List.of(
              power, Math.nextDown(power), Math.nextUp(power), power - 0.5, power - 1, power + 1));
    }
    values.addAll(
        List.of(
            Double.MAX_VALUE,
            Double.MIN_VALUE,
            Double.MIN_NORMAL,
            (double) Float.MIN_VALUE,
            (double) Float.MAX_VALUE));
    values.addAll(List.of(Double.POSITIVE_INFINITY, Double.NaN));
    for (int i = 0; i < 5000; i++) {
      values.add(random.nextDouble() * StrictMath.scalb(1.0, random.nextInt(-3, 66)));
    }
    return values.stream()
        .flatMap(x -> java.util.stream.Stream.of(x, -x))
        .mapToDouble(x -> dtype == DType.FLOAT32 ? x.floatValue() : x)
        .toArray();
  }

  private static void assertBits(DType dtype, long actual, double expected, Object at) {
    assertThat(actual)
        .as("at %s, seed %s", at, SEED)
        .isEqualTo(Bits.canonical(dtype, Bits.ofDouble(dtype, expected)));
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void roundingIsJavas(DType dtype) {
    Expanded floor = new Expanded(ElementOp.FLOOR, dtype, dtype);
    Expanded ceil = new Expanded(ElementOp.CEIL, dtype, dtype);
    Expanded trunc = new Expanded(ElementOp.TRUNC, dtype, dtype);
    Expanded round = new Expanded(ElementOp.ROUND, dtype, dtype);
    for (double x : floats(dtype)) {
      long bits = Bits.ofDouble(dtype, x);
      assertBits(dtype, floor.at(bits), Math.floor(x), x);
      assertBits(dtype, ceil.at(bits), Math.ceil(x), x);
      assertBits(dtype, trunc.at(bits), x < 0 || 1 / x < 0 ? Math.ceil(x) : Math.floor(x), x);
      assertBits(dtype, round.at(bits), Math.rint(x), x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void signsAndClasses(DType dtype) {
    Expanded sign = new Expanded(ElementOp.SIGN, dtype, dtype);
    Expanded signbit = new Expanded(ElementOp.SIGNBIT, DType.BOOL, dtype);
    Expanded isnan = new Expanded(ElementOp.ISNAN, DType.BOOL, dtype);
    Expanded isinf = new Expanded(ElementOp.ISINF, DType.BOOL, dtype);
    Expanded isfinite = new Expanded(ElementOp.ISFINITE, DType.BOOL, dtype);
    Expanded copysign = new Expanded(ElementOp.COPYSIGN, dtype, dtype, dtype);
    for (double x : floats(dtype)) {
      long bits = Bits.ofDouble(dtype, x);
      assertBits(dtype, sign.at(bits), Math.signum(x) + 0.0, x);
      assertThat(isnan.at(bits) == 1).isEqualTo(Double.isNaN(x));
      assertThat(isinf.at(bits) == 1).isEqualTo(Double.isInfinite(x));
      assertThat(isfinite.at(bits) == 1).isEqualTo(Double.isFinite(x));
      boolean negative = bits >>> (dtype.bits() - 1) != 0;
      assertThat(signbit.at(bits) == 1).as("signbit(%s)", x).isEqualTo(negative);
      if (!Double.isNaN(x)) {
        assertBits(dtype, copysign.at(bits, Bits.ofDouble(dtype, -0.0)), -Math.abs(x), x);
        assertBits(dtype, copysign.at(Bits.ofDouble(dtype, -2), bits), negative ? -2 : 2, x);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void nextafterIsJavas(DType dtype) {
    Expanded nextafter = new Expanded(ElementOp.NEXTAFTER, dtype, dtype, dtype);
    double[] targets = {
      0.0, -0.0, 1, -3, 1e30, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN
    };
    for (double x : floats(dtype)) {
      for (double y : targets) {
        double to = dtype == DType.FLOAT32 ? (float) y : y;
        double expected =
            dtype == DType.FLOAT32 ? Math.nextAfter((float) x, to) : Math.nextAfter(x, to);
        assertBits(
            dtype,
            nextafter.at(Bits.ofDouble(dtype, x), Bits.ofDouble(dtype, to)),
            expected,
            x + " " + to);
      }
      double same = dtype == DType.FLOAT32 ? (float) x : x;
      assertBits(dtype, nextafter.at(Bits.ofDouble(dtype, x), Bits.ofDouble(dtype, x)), same, x);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FLOAT32", "FLOAT64"})
  void floatsToIntegersSaturate(DType from) {
    for (DType to : DType.values()) {
      if (!to.isInteger()) {
        continue;
      }
      Expanded cast = new Expanded(ElementOp.CAST, to, from);
      BigInteger least =
          to.isUnsigned() ? BigInteger.ZERO : BigInteger.TWO.pow(to.bits() - 1).negate();
      BigInteger most = least.add(BigInteger.TWO.pow(to.bits())).subtract(BigInteger.ONE);
      for (double x : floats(from)) {
        BigInteger expected;
        if (Double.isNaN(x)) {
          expected = BigInteger.ZERO;
        } else if (Double.isInfinite(x)) {
          expected = x > 0 ? most : least;
        } else {
          expected = new BigDecimal(x).toBigInteger().max(least).min(most);
        }
        assertThat(cast.at(Bits.ofDouble(from, x)))
            .as("%s as %s, seed %s", x, to, SEED)
            .isEqualTo(Bits.wrap(to, expected.longValue()));
      }
    }
  }

  @Test
  void otherCasts() {
    for (DType from : EnumSet.range(DType.BOOL, DType.FLOAT64)) {
      for (DType to : EnumSet.range(DType.BOOL, DType.FLOAT64)) {
        Expanded cast = new Expanded(ElementOp.CAST, to, from);
        assertThat(cast.at(Bits.ofLong(from, 0))).isEqualTo(Bits.ofLong(to, 0));
        assertThat(cast.at(Bits.ofLong(from, 1))).isEqualTo(Bits.ofLong(to, 1));
        if (from != DType.BOOL) {
          assertThat(cast.at(Bits.ofLong(from, 100))).isEqualTo(Bits.ofLong(to, 100));
        }
      }
    }
    Expanded toBool = new Expanded(ElementOp.CAST, DType.BOOL, DType.FLOAT32);
    assertThat(toBool.at(Bits.of(Float.NaN))).isEqualTo(1);
    assertThat(toBool.at(Bits.of(-0f))).isZero();
    assertThat(toBool.at(Bits.of(Float.MIN_VALUE))).isEqualTo(1);
    assertThat(new Expanded(ElementOp.CAST, DType.FLOAT32, DType.UINT64).at(-1))
        .isEqualTo(Bits.of(0x1p64f));
    assertThat(new Expanded(ElementOp.CAST, DType.INT8, DType.INT64).at(200)).isEqualTo(-56);
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64"})
  void shiftsOfAnyAmount(DType dtype) {
    Expanded left = new Expanded(ElementOp.BITWISE_LEFT_SHIFT, dtype, dtype, dtype);
    Expanded right = new Expanded(ElementOp.BITWISE_RIGHT_SHIFT, dtype, dtype, dtype);
    SplittableRandom random = new SplittableRandom(SEED);
    long[] amounts = {0, 1, 7, 8, 15, 16, 31, 32, 63, 64, 65, 100, -1, -8, Long.MIN_VALUE};
    for (int i = 0; i < 1000; i++) {
      long x = Bits.wrap(dtype, random.nextLong() >> random.nextInt(64));
      for (long wide : amounts) {
        long amount = Bits.wrap(dtype, wide);
        boolean out = amount < 0 || amount >= dtype.bits();
        boolean negative = !dtype.isUnsigned() && x < 0;
        String at = dtype + " " + x + " by " + amount;
        long expectedLeft = out ? 0 : Bits.wrap(dtype, x << amount);
        long expectedRight =
            out ? negative ? -1 : 0 : dtype.isUnsigned() ? x >>> amount : x >> amount;
        assertThat(left.at(x, amount)).as(at).isEqualTo(expectedLeft);
        assertThat(right.at(x, amount)).as(at).isEqualTo(expectedRight);
      }
    }
  }

  @Test
  void integersAndBool() {
    assertThat(new Expanded(ElementOp.ABS, DType.UINT8, DType.UINT8).at(200)).isEqualTo(200);
    assertThat(new Expanded(ElementOp.ABS, DType.INT8, DType.INT8).at(-128)).isEqualTo(-128);
    assertThat(new Expanded(ElementOp.NEGATIVE, DType.UINT16, DType.UINT16).at(1)).isEqualTo(65535);
    assertThat(new Expanded(ElementOp.SIGN, DType.UINT64, DType.UINT64).at(-1)).isEqualTo(1);
    assertThat(new Expanded(ElementOp.SIGN, DType.INT16, DType.INT16).at(-7)).isEqualTo(-1);
    assertThat(new Expanded(ElementOp.SIGN, DType.INT16, DType.INT16).at(0)).isZero();
    assertThat(new Expanded(ElementOp.MAXIMUM, DType.UINT64, DType.UINT64, DType.UINT64).at(-1, 1))
        .isEqualTo(-1);
    assertThat(new Expanded(ElementOp.MAXIMUM, DType.BOOL, DType.BOOL, DType.BOOL).at(0, 1))
        .isEqualTo(1);
    assertThat(new Expanded(ElementOp.MINIMUM, DType.BOOL, DType.BOOL, DType.BOOL).at(0, 1))
        .isZero();
    assertThat(new Expanded(ElementOp.EQUAL, DType.BOOL, DType.BOOL, DType.BOOL).at(0, 0))
        .isEqualTo(1);
    assertThat(new Expanded(ElementOp.BITWISE_INVERT, DType.BOOL, DType.BOOL).at(0)).isEqualTo(1);
    assertThat(
            new Expanded(ElementOp.FLOOR_DIVIDE, DType.INT8, DType.INT8, DType.INT8).at(-128, -1))
        .isEqualTo(-128);
    assertThat(new Expanded(ElementOp.REMAINDER, DType.INT32, DType.INT32, DType.INT32).at(-7, 3))
        .isEqualTo(2);
    assertThat(new Expanded(ElementOp.POW, DType.INT8, DType.INT8, DType.INT8).at(3, 5))
        .isEqualTo(-13);
    assertThat(new Expanded(ElementOp.POW, DType.UINT64, DType.UINT64, DType.UINT64).at(3, -1) * 3)
        .isEqualTo(1);
    assertThat(new Expanded(ElementOp.ISFINITE, DType.BOOL, DType.INT32).at(5)).isEqualTo(1);
    assertThat(new Expanded(ElementOp.ISNAN, DType.BOOL, DType.INT32).at(5)).isZero();
    assertThat(new Expanded(ElementOp.FLOOR, DType.INT32, DType.INT32).at(-5)).isEqualTo(-5);
    assertThat(
            new Expanded(ElementOp.WHERE, DType.INT32, DType.BOOL, DType.INT32, DType.INT32)
                .at(1, 5, 6))
        .isEqualTo(5);
  }

  @Test
  void floatFunctions() {
    DType dtype = DType.FLOAT64;
    assertThat(new Expanded(ElementOp.DIVIDE, dtype, dtype, dtype).at(dtype, 1, 0))
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(new Expanded(ElementOp.FLOOR_DIVIDE, dtype, dtype, dtype).at(dtype, 1, 0.1))
        .isEqualTo(9);
    assertThat(new Expanded(ElementOp.REMAINDER, dtype, dtype, dtype).at(dtype, -7, 2))
        .isEqualTo(1);
    assertThat(new Expanded(ElementOp.POW, dtype, dtype, dtype).at(dtype, 1, Double.NaN))
        .isEqualTo(1);
    assertThat(new Expanded(ElementOp.HYPOT, dtype, dtype, dtype).at(dtype, 3, 4)).isEqualTo(5);
    assertThat(new Expanded(ElementOp.ATAN2, dtype, dtype, dtype).at(dtype, 1, -0.0))
        .isEqualTo(Math.PI / 2);
    assertThat(new Expanded(ElementOp.LOG2, dtype, dtype).at(dtype, 1024)).isEqualTo(10);
    assertThat(new Expanded(ElementOp.SQRT, dtype, dtype).at(dtype, 2)).isEqualTo(Math.sqrt(2));
    assertThat(new Expanded(ElementOp.SUBTRACT, dtype, dtype, dtype).at(dtype, 2, 3)).isEqualTo(-1);
  }

  /**
   * Every unary or binary function that floats take expands to a valid kernel, and yields the
   * canonical NaN from NaN.
   */
  @ParameterizedTest
  @EnumSource
  void nanIsCanonical(ElementOp function) {
    Set<ElementOp> others =
        EnumSet.of(
            ElementOp.BITWISE_AND,
            ElementOp.BITWISE_INVERT,
            ElementOp.BITWISE_LEFT_SHIFT,
            ElementOp.BITWISE_OR,
            ElementOp.BITWISE_RIGHT_SHIFT,
            ElementOp.BITWISE_XOR,
            ElementOp.CAST,
            ElementOp.WHERE);
    Set<ElementOp> tests =
        EnumSet.of(
            ElementOp.EQUAL,
            ElementOp.GREATER,
            ElementOp.GREATER_EQUAL,
            ElementOp.ISFINITE,
            ElementOp.ISINF,
            ElementOp.ISNAN,
            ElementOp.LESS,
            ElementOp.LESS_EQUAL,
            ElementOp.NOT_EQUAL,
            ElementOp.SIGNBIT);
    if (others.contains(function)) {
      return;
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      DType[] arguments = new DType[function.arity()];
      java.util.Arrays.fill(arguments, dtype);
      boolean test = tests.contains(function);
      Expanded expanded = new Expanded(function, test ? DType.BOOL : dtype, arguments);
      long odd =
          Bits.canonicalNaN(dtype) | 1 | 1L << (dtype.bits() - 1); // negative, with a payload
      long value = function.arity() == 1 ? expanded.at(odd) : expanded.at(odd, odd);
      boolean yes =
          function == ElementOp.ISNAN
              || function == ElementOp.NOT_EQUAL
              || function == ElementOp.SIGNBIT;
      assertThat(value).isEqualTo(test ? yes ? 1 : 0 : Bits.canonicalNaN(dtype));
    }
  }

  @Test
  void addAndMultiplyAreNeverFused() {
    for (ElementOp function : List.of(ElementOp.ADD, ElementOp.MULTIPLY, ElementOp.SUBTRACT)) {
      assertThat(new Expanded(function, DType.FLOAT32, DType.FLOAT32, DType.FLOAT32).body)
          .noneMatch(i -> i instanceof Instr.Apply apply && apply.op() == Opcode.FMA);
    }
  }
}
