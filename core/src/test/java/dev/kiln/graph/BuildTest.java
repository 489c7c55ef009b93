package dev.kiln.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class BuildTest {
  private static final Set<ElementOp> FLOAT_ONLY =
      EnumSet.of(
          ElementOp.ACOS,
          ElementOp.ACOSH,
          ElementOp.ASIN,
          ElementOp.ASINH,
          ElementOp.ATAN,
          ElementOp.ATAN2,
          ElementOp.ATANH,
          ElementOp.CBRT,
          ElementOp.COPYSIGN,
          ElementOp.COS,
          ElementOp.COSH,
          ElementOp.DIVIDE,
          ElementOp.ERF,
          ElementOp.ERFC,
          ElementOp.EXP,
          ElementOp.EXP2,
          ElementOp.NORMAL_CDF,
          ElementOp.RELAXED_ATAN,
          ElementOp.RELAXED_LOG10,
          ElementOp.RELAXED_LOG2,
          ElementOp.RELAXED_SIGMOID,
          ElementOp.RSQRT,
          ElementOp.SIGMOID,
          ElementOp.SOFTPLUS,
          ElementOp.EXPM1,
          ElementOp.HYPOT,
          ElementOp.LOG,
          ElementOp.LOG10,
          ElementOp.LOG1P,
          ElementOp.LOG2,
          ElementOp.LOGADDEXP,
          ElementOp.NEXTAFTER,
          ElementOp.SIGNBIT,
          ElementOp.SIN,
          ElementOp.SINH,
          ElementOp.SQRT,
          ElementOp.TAN,
          ElementOp.TANH);
  private static final Set<ElementOp> BITWISE =
      EnumSet.of(
          ElementOp.BITWISE_AND,
          ElementOp.BITWISE_INVERT,
          ElementOp.BITWISE_OR,
          ElementOp.BITWISE_XOR);
  private static final Set<ElementOp> SHIFTS =
      EnumSet.of(ElementOp.BITWISE_LEFT_SHIFT, ElementOp.BITWISE_RIGHT_SHIFT);
  private static final Set<ElementOp> OF_BOOL =
      EnumSet.of(
          ElementOp.BITWISE_AND,
          ElementOp.BITWISE_INVERT,
          ElementOp.BITWISE_OR,
          ElementOp.BITWISE_XOR,
          ElementOp.EQUAL,
          ElementOp.NOT_EQUAL);
  private static final Set<ElementOp> TO_BOOL =
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

  private static Node of(DType dtype, long... extents) {
    return BuildViews.broadcastTo(Build.scalar(dtype, 0), Shape.of(extents));
  }

  private static Node[] inputs(ElementOp function, DType dtype) {
    Node[] inputs = new Node[function.arity()];
    java.util.Arrays.fill(inputs, of(dtype, 2));
    return inputs;
  }

  private static boolean takes(ElementOp function, DType dtype) {
    return switch (dtype.kind()) {
      case BOOL -> OF_BOOL.contains(function);
      case SIGNED, UNSIGNED -> !FLOAT_ONLY.contains(function);
      case FLOAT -> !BITWISE.contains(function) && !SHIFTS.contains(function);
      case COMPLEX -> false;
    };
  }

  @ParameterizedTest
  @EnumSource(
      value = ElementOp.class,
      mode = Mode.EXCLUDE,
      names = {"CAST", "WHERE"})
  void eachFunctionTakesItsDTypesAndNoOthers(ElementOp function) {
    for (DType dtype : DType.values()) {
      if (dtype.kind() == DType.Kind.COMPLEX) {
        continue;
      }
      if (takes(function, dtype)) {
        Node node = Build.map(function, inputs(function, dtype));
        assertThat(node.dtype()).isEqualTo(TO_BOOL.contains(function) ? DType.BOOL : dtype);
        assertThat(node.shape()).isEqualTo(Shape.of(2));
      } else {
        assertThatThrownBy(() -> Build.map(function, inputs(function, dtype)))
            .isInstanceOf(KilnException.class)
            .hasMessageContaining(function.label() + " takes ")
            .hasMessageContaining("given " + dtype)
            .hasMessageContaining("astype");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    // The standard's tables.
    "INT8, INT64, INT64",
    "INT16, INT8, INT16",
    "UINT8, UINT32, UINT32",
    "UINT64, UINT16, UINT64",
    "INT8, UINT8, INT16",
    "INT8, UINT16, INT32",
    "INT8, UINT32, INT64",
    "INT16, UINT8, INT16",
    "INT32, UINT32, INT64",
    "INT64, UINT32, INT64",
    "FLOAT32, FLOAT64, FLOAT64",
    // Mixed kinds, which the standard leaves open.
    "BOOL, INT8, INT8",
    "BOOL, FLOAT32, FLOAT32",
    "INT16, FLOAT32, FLOAT32",
    "INT32, FLOAT32, FLOAT64",
    "UINT64, FLOAT32, FLOAT64"
  })
  void inputsArePromoted(DType a, DType b, DType common) {
    for (Node sum :
        new Node[] {
          Build.map(ElementOp.ADD, of(a, 3), of(b, 3)), Build.map(ElementOp.ADD, of(b, 3), of(a, 3))
        }) {
      assertThat(sum.dtype()).isEqualTo(common);
      assertThat(sum.inputs()).allSatisfy(input -> assertThat(input.dtype()).isEqualTo(common));
    }
  }

  @Test
  void noDTypeHoldsBothInt64AndUint64() {
    assertThatThrownBy(() -> Build.map(ElementOp.ADD, of(DType.INT64), of(DType.UINT64)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("int64")
        .hasMessageContaining("uint64")
        .hasMessageContaining("astype");
  }

  @Test
  void inputsAreBroadcastByNodesOfTheirOwn() {
    Node sum = Build.map(ElementOp.ADD, of(DType.FLOAT32, 4, 1), Build.scalar(DType.FLOAT32, 0));
    assertThat(sum.shape()).isEqualTo(Shape.of(4, 1));
    Node wide = Build.map(ElementOp.MULTIPLY, sum, of(DType.FLOAT64, 3));
    assertThat(wide.shape()).isEqualTo(Shape.of(4, 3));
    assertThat(wide.inputs())
        .allSatisfy(
            input -> {
              assertThat(input.shape()).isEqualTo(Shape.of(4, 3));
              assertThat(input.op()).isEqualTo(new Op.Broadcast());
            });
  }

  @Test
  void shapesThatDoNotBroadcastAreAnErrorAtTheLine() {
    assertThatThrownBy(() -> Build.map(ElementOp.ADD, of(DType.INT8, 2, 3), of(DType.INT8, 2)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("(2, 3)")
        .hasMessageContaining("(2,)");
  }

  @Test
  void whereTakesABoolConditionAndPromotesTheRest() {
    Node node = Build.where(of(DType.BOOL, 3), of(DType.INT8), of(DType.UINT8, 2, 1));
    assertThat(node.dtype()).isEqualTo(DType.INT16);
    assertThat(node.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(node.input(0).dtype()).isEqualTo(DType.BOOL);
    assertThat(Build.where(of(DType.BOOL), of(DType.BOOL), of(DType.BOOL)).dtype())
        .isEqualTo(DType.BOOL);
    assertThatThrownBy(() -> Build.where(of(DType.INT8), of(DType.INT8), of(DType.INT8)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("bool condition");
  }

  @Test
  void logicalFunctionsTakeBoolAlone() {
    assertThat(Build.logical(ElementOp.BITWISE_AND, of(DType.BOOL), of(DType.BOOL)).dtype())
        .isEqualTo(DType.BOOL);
    assertThatThrownBy(() -> Build.logical(ElementOp.BITWISE_INVERT, of(DType.INT8)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("logical_not takes bool");
  }

  @Test
  void roundingAnIntegerIsTheInput() {
    Node x = of(DType.INT16, 5);
    for (ElementOp function :
        EnumSet.of(ElementOp.CEIL, ElementOp.FLOOR, ElementOp.ROUND, ElementOp.TRUNC)) {
      assertThat(Build.map(function, x)).isSameAs(x);
    }
  }

  @Test
  void castToTheSameDTypeIsTheInput() {
    Node x = of(DType.INT16, 5);
    assertThat(Build.cast(x, DType.INT16)).isSameAs(x);
    assertThat(Build.cast(x, DType.FLOAT32).op()).isEqualTo(new Op.Map(ElementOp.CAST));
    assertThat(Build.cast(x, DType.FLOAT32)).isSameAs(Build.cast(x, DType.FLOAT32));
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, -128, 127, -129, 128",
    "INT16, -32768, 32767, -32769, 32768",
    "INT32, -2147483648, 2147483647, -2147483649, 2147483648",
    "UINT8, 0, 255, -1, 256",
    "UINT16, 0, 65535, -1, 65536",
    "UINT32, 0, 4294967295, -1, 4294967296",
    "UINT64, 0, 9223372036854775807, -1, -9223372036854775808"
  })
  void wholeNumbersFitOrAreAnError(
      DType dtype, long smallest, long largest, long under, long outside) {
    assertThat(Build.number(dtype, smallest).op()).isEqualTo(new Op.Scalar(smallest));
    assertThat(Build.number(dtype, largest).op()).isEqualTo(new Op.Scalar(largest));
    for (long value : new long[] {under, outside}) {
      assertThatThrownBy(() -> Build.number(dtype, value))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining(value + " does not fit " + dtype);
    }
  }

  @Test
  void numbersTakeTheArraysDType() {
    assertThat(Build.number(DType.FLOAT32, 0.1).op())
        .isEqualTo(new Op.Scalar(Float.floatToRawIntBits(0.1f)));
    assertThat(Build.number(DType.FLOAT64, 3).op())
        .isEqualTo(new Op.Scalar(Double.doubleToRawLongBits(3)));
    assertThatThrownBy(() -> Build.number(DType.INT32, 0.5))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("0.5")
        .hasMessageContaining("int32")
        .hasMessageContaining("astype");
    assertThatThrownBy(() -> Build.number(DType.BOOL, 1))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("bool");
  }

  @Test
  void complexIsRefusedEverywhere() {
    for (DType dtype : new DType[] {DType.COMPLEX64, DType.COMPLEX128}) {
      assertThatThrownBy(() -> Build.scalar(dtype, 0))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("complex");
      assertThatThrownBy(() -> Build.cast(of(DType.FLOAT32), dtype))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("complex");
      assertThatThrownBy(() -> Build.number(dtype, 1.0)).isInstanceOf(KilnException.class);
    }
  }
}
