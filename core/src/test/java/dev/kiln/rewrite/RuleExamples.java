package dev.kiln.rewrite;

import static dev.kiln.contract.TestGraphs.broadcast;
import static dev.kiln.contract.TestGraphs.cast;
import static dev.kiln.contract.TestGraphs.concat;
import static dev.kiln.contract.TestGraphs.flip;
import static dev.kiln.contract.TestGraphs.iota;
import static dev.kiln.contract.TestGraphs.map;
import static dev.kiln.contract.TestGraphs.permute;
import static dev.kiln.contract.TestGraphs.reduce;
import static dev.kiln.contract.TestGraphs.reshape;
import static dev.kiln.contract.TestGraphs.scalar;
import static dev.kiln.contract.TestGraphs.slice;
import static dev.kiln.contract.TestGraphs.source;
import static dev.kiln.graph.ElementOp.*;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestData;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * For every rule, by its law, nodes on which it fires, over all dtypes that it is for and with
 * every special value.
 */
final class RuleExamples {
  private final Map<String, List<Node>> examples = new LinkedHashMap<>();
  private final SplittableRandom random = new SplittableRandom(7);

  /** Law by law. */
  static Map<String, List<Node>> all() {
    RuleExamples table = new RuleExamples();
    table.views();
    table.concatenations();
    table.constants();
    table.casts();
    for (DType dtype : TestGraphs.DTYPES) {
      if (dtype.isNumeric()) {
        table.arithmetic(dtype);
      }
      if (dtype.isInteger()) {
        table.integers(dtype);
      }
      if (dtype.isFloat()) {
        table.floats(dtype);
      }
      if (!dtype.isFloat()) {
        table.bits(dtype);
      }
      table.comparisons(dtype);
      table.choices(dtype);
    }
    table.bools();
    table.reductions();
    return table.examples;
  }

  private void add(String law, Node example) {
    examples.computeIfAbsent(law, key -> new ArrayList<>()).add(example);
  }

  /** All special values in memory; twice the same gives two arrays. */
  private static Node loaded(DType dtype) {
    long[] bits = TestData.special(dtype).stream().mapToLong(Long::longValue).toArray();
    return source(dtype, Shape.of(bits.length), bits);
  }

  /** All special values, but NaNs canonical. */
  private static Node computed(DType dtype) {
    return dtype.isFloat() ? cast(loaded(dtype), dtype) : loaded(dtype);
  }

  private static Node number(DType dtype, long number) {
    return scalar(dtype, Bits.ofLong(dtype, number));
  }

  private Node array(DType dtype, long... extents) {
    return TestData.source(dtype, Shape.of(extents), TestData.Kind.ANYTHING, random);
  }

  private void views() {
    Node x = array(DType.FLOAT32, 3, 4);
    Node row = array(DType.FLOAT64, 1, 4);
    long[] none = {0, 0};
    long[] ones = {1, 1};
    add(
        "any array without elements -> a constant without elements",
        slice(x, none, ones, new long[] {3, 0}));
    add("any array without elements -> a constant without elements", iota(Shape.of(0)));
    add(
        "view of a constant -> constant",
        reshape(broadcast(number(DType.INT8, 5), Shape.of(6)), 2, 3));
    add(
        "view of a constant -> constant",
        broadcast(broadcast(scalar(DType.FLOAT32, 0x7fc12345L), Shape.of(3)), Shape.of(2, 3)));
    add(
        "slice of one element -> step 1",
        slice(x, new long[] {1, 3}, new long[] {-7, -1}, new long[] {1, 4}));
    add("view that changes nothing -> x", slice(x, none, ones, new long[] {3, 4}));
    add("view that changes nothing -> x", permute(x, 0, 1));
    add("view that changes nothing -> x", reshape(x, 3, 4));
    add("broadcast that only adds axes -> reshape", broadcast(x, Shape.of(1, 1, 3, 4)));
    add(
        "permutation that only moves axes of extent 1 -> reshape",
        permute(array(DType.INT16, 3, 1, 4), 1, 0, 2));
    add("reshape(reshape(x)) -> reshape(x)", reshape(reshape(x, 2, 6), 4, 3));
    add(
        "broadcast(broadcast(x)) -> broadcast(x)",
        broadcast(broadcast(row, Shape.of(3, 4)), Shape.of(2, 3, 4)));
    add(
        "broadcast(reshape that adds leading axes(x)) -> broadcast(x)",
        broadcast(reshape(x, 1, 1, 3, 4), Shape.of(2, 5, 3, 4)));
    add(
        "permute(permute(x)) -> permute(x)",
        permute(permute(array(DType.UINT8, 2, 3, 4), 1, 2, 0), 0, 2, 1));
    add(
        "slice(slice(x)) -> slice(x)",
        slice(
            slice(array(DType.INT64, 20), new long[] {19}, new long[] {-2}, new long[] {9}),
            new long[] {1},
            new long[] {3},
            new long[] {3}));
    add(
        "slice(permute(x)) -> permute(slice(x))",
        slice(
            permute(array(DType.UINT16, 2, 3, 4), 2, 0, 1),
            new long[] {3, 0, 1},
            new long[] {-2, 1, 1},
            new long[] {2, 2, 2}));
    add(
        "slice(broadcast(x)) -> broadcast(slice(x))",
        slice(
            broadcast(row, Shape.of(2, 3, 4)),
            new long[] {1, 2, 3},
            new long[] {1, -1, -2},
            new long[] {1, 2, 2}));
    add(
        "slice(squeeze(x)) -> squeeze(slice(x))",
        slice(
            reshape(array(DType.UINT32, 5, 1, 4), 5, 4),
            new long[] {1, 3},
            new long[] {2, -1},
            new long[] {2, 3}));
    add(
        "slice(squeeze(x)) -> squeeze(slice(x))",
        slice(
            reshape(x, 3, 1, 4, 1),
            new long[] {2, 0, 1, 0},
            new long[] {-1, 1, 1, 1},
            new long[] {2, 1, 3, 1}));
  }

  private void concatenations() {
    Node x = array(DType.FLOAT32, 3, 4);
    Node y = array(DType.FLOAT32, 3, 2);
    add("concat(x) -> x", concat(1, x));
    add("concat(x, nothing, y) -> concat(x, y)", concat(1, x, array(DType.FLOAT32, 3, 0), y));
    add(
        "concat(concat(x, y), z) -> concat(x, y, z)",
        concat(1, concat(1, x, y), y, concat(1, y, y)));
    add(
        "slice within one part of a concat -> slice of the part",
        slice(concat(1, x, y), new long[] {2, 5}, new long[] {-1, -1}, new long[] {3, 2}));
    add(
        "slice within one part of a concat -> slice of the part",
        slice(
            concat(1, x, array(DType.FLOAT32, 3, 0), y),
            new long[] {0, 3},
            new long[] {1, -3},
            new long[] {3, 2}));
  }

  private void constants() {
    Node x = array(DType.INT32, 9);
    Node two = number(DType.INT32, 2);
    Node nan = scalar(DType.FLOAT32, 0xffc00001L);
    add("function of constants -> constant", map(ADD, two, number(DType.INT32, Integer.MAX_VALUE)));
    add("function of constants -> constant", map(NEGATIVE, broadcast(nan, Shape.of(3))));
    add("function of constants -> constant", map(WHERE, number(DType.BOOL, 0), two, two));
    add("function of constants -> constant", cast(number(DType.INT64, -1), DType.UINT8));
    for (ElementOp op :
        List.of(
            ADD,
            MULTIPLY,
            MAXIMUM,
            MINIMUM,
            BITWISE_AND,
            BITWISE_OR,
            BITWISE_XOR,
            EQUAL,
            NOT_EQUAL)) {
      add("c op x -> x op c, for a commutative op", map(op, two, x));
    }
    for (DType dtype : List.of(DType.FLOAT32, DType.FLOAT64)) {
      for (ElementOp op : List.of(ADD, MULTIPLY, MAXIMUM, MINIMUM, EQUAL, NOT_EQUAL)) {
        for (long special : TestData.special(dtype)) {
          add(
              "c op x -> x op c, for a commutative op",
              map(op, scalar(dtype, special), loaded(dtype)));
        }
      }
    }
    add("c < x -> x > c", map(LESS, two, x));
    add("c <= x -> x >= c", map(LESS_EQUAL, two, x));
    add("c > x -> x < c", map(GREATER, two, x));
    add("c >= x -> x <= c", map(GREATER_EQUAL, two, x));
    String regroup = "(x op c) op d -> x op (c op d), for an exactly associative op";
    Node large = number(DType.INT32, 0x7ffffff1);
    for (ElementOp op :
        List.of(ADD, MULTIPLY, MAXIMUM, MINIMUM, BITWISE_AND, BITWISE_OR, BITWISE_XOR)) {
      add(regroup, map(op, map(op, x, two), large));
    }
    for (ElementOp op : List.of(MAXIMUM, MINIMUM)) {
      for (long special : TestData.special(DType.FLOAT32)) {
        Node inner = map(op, loaded(DType.FLOAT32), scalar(DType.FLOAT32, special));
        add(regroup, map(op, inner, scalar(DType.FLOAT32, Bits.of(-0f))));
        add(regroup, map(op, inner, nan));
      }
    }
  }

  private void casts() {
    for (DType from : TestGraphs.DTYPES) {
      add("cast to the same dtype -> x", cast(computed(from), from));
      for (DType between : TestGraphs.DTYPES) {
        for (DType to : TestGraphs.DTYPES) {
          if (CastRules.isSuperfluous(from, between, to)) {
            add(
                "cast(cast(x)) -> cast(x), where nothing is lost between",
                cast(cast(computed(from), between), to));
          }
        }
      }
    }
  }

  private void arithmetic(DType dtype) {
    Node x = computed(dtype);
    Node y = loaded(dtype);
    add("x + -y -> x - y", map(ADD, x, map(NEGATIVE, flip(y, 0))));
    add("-x + y -> y - x", map(ADD, map(NEGATIVE, x), flip(y, 0)));
    add("x - 0 -> x", map(SUBTRACT, x, number(dtype, 0)));
    add("x - -y -> x + y", map(SUBTRACT, x, map(NEGATIVE, flip(y, 0))));
    add("-(-x) -> x", map(NEGATIVE, map(NEGATIVE, x)));
    add("x * 1 -> x", map(MULTIPLY, x, number(dtype, 1)));
    add("x * -1 -> -x", map(MULTIPLY, y, number(dtype, -1)));
    add("-x * -y -> x * y", map(MULTIPLY, map(NEGATIVE, x), map(NEGATIVE, flip(y, 0))));
    add("|x| * |x| -> x * x", map(MULTIPLY, map(ABS, y), map(ABS, y)));
    add("x ** 0 -> 1", map(POW, y, number(dtype, 0)));
    if (!dtype.isFloat()) {
      add("x ** 1 -> x, for integers", map(POW, x, number(dtype, 1)));
      add("x ** 2 -> x * x, for integers", map(POW, y, number(dtype, 2)));
    }
    add("||x|| -> |x|", map(ABS, map(ABS, y)));
    if (!dtype.isUnsigned()) {
      add("|-x| -> |x|, for signed numbers", map(ABS, map(NEGATIVE, y)));
    }
    add("sign(sign(x)) -> sign(x)", map(SIGN, map(SIGN, y)));
    add("max(x, x) -> x", map(MAXIMUM, x, x));
    add("min(x, x) -> x", map(MINIMUM, x, x));
    add("max(x, lowest) -> x", map(MAXIMUM, x, scalar(dtype, lowest(dtype))));
    add("min(x, highest) -> x", map(MINIMUM, x, scalar(dtype, highest(dtype))));
  }

  private static long lowest(DType dtype) {
    return switch (dtype) {
      case INT8 -> Byte.MIN_VALUE;
      case INT16 -> Short.MIN_VALUE;
      case INT32 -> Integer.MIN_VALUE;
      case INT64 -> Long.MIN_VALUE;
      case FLOAT32 -> Bits.of(Float.NEGATIVE_INFINITY);
      case FLOAT64 -> Bits.of(Double.NEGATIVE_INFINITY);
      default -> 0;
    };
  }

  private static long highest(DType dtype) {
    return switch (dtype) {
      case FLOAT32 -> Bits.of(Float.POSITIVE_INFINITY);
      case FLOAT64 -> Bits.of(Double.POSITIVE_INFINITY);
      case INT8, INT16, INT32, INT64 -> -(lowest(dtype) + 1);
      default -> Bits.wrap(dtype, -1);
    };
  }

  private void integers(DType dtype) {
    Node x = loaded(dtype);
    Node y = loaded(dtype);
    Node zero = number(dtype, 0);
    add("x + 0 -> x, for integers", map(ADD, x, zero));
    add("(x - y) + y -> x, for integers", map(ADD, map(SUBTRACT, x, y), y));
    add("x - x -> 0, for integers", map(SUBTRACT, x, x));
    add("0 - x -> -x, for integers", map(SUBTRACT, zero, x));
    add("x - c -> x + -c, for integers", map(SUBTRACT, x, scalar(dtype, lowest(dtype) + 7)));
    add("(x + y) - y -> x, for integers", map(SUBTRACT, map(ADD, x, y), y));
    add("(x + y) - x -> y, for integers", map(SUBTRACT, map(ADD, x, y), x));
    add("-(x - y) -> y - x, for integers", map(NEGATIVE, map(SUBTRACT, x, flip(y, 0))));
    add("x * 0 -> 0, for integers", map(MULTIPLY, x, zero));
    add("x // 1 -> x, for integers", map(FLOOR_DIVIDE, x, number(dtype, 1)));
    if (dtype.isUnsigned()) {
      add("|x| -> x, for unsigned integers", map(ABS, x));
      add("x < 0 -> false, for unsigned integers", map(LESS, x, zero));
      add("x >= 0 -> true, for unsigned integers", map(GREATER_EQUAL, x, zero));
    } else {
      add("x // -1 -> -x, for signed integers", map(FLOOR_DIVIDE, x, number(dtype, -1)));
    }
    add("0 // x -> 0, for integers", map(FLOOR_DIVIDE, broadcast(zero, x.shape()), x));
    add("x % 1 -> 0, for integers", map(REMAINDER, x, number(dtype, 1)));
    add("x % x -> 0, for integers", map(REMAINDER, x, x));
    add("0 % x -> 0, for integers", map(REMAINDER, broadcast(zero, x.shape()), x));
    add("max(x, highest) -> highest, for integers", map(MAXIMUM, x, scalar(dtype, highest(dtype))));
    add("min(x, lowest) -> lowest, for integers", map(MINIMUM, x, scalar(dtype, lowest(dtype))));
    add("x << 0 -> x", map(BITWISE_LEFT_SHIFT, x, zero));
    add("x >> 0 -> x", map(BITWISE_RIGHT_SHIFT, x, zero));
    add("0 << x -> 0", map(BITWISE_LEFT_SHIFT, zero, x));
    add("0 >> x -> 0", map(BITWISE_RIGHT_SHIFT, zero, x));
    for (ElementOp op : List.of(CEIL, FLOOR, ROUND, TRUNC)) {
      add("rounding of whole numbers -> x", map(op, x));
    }
    add("isnan(integer) -> false", map(ISNAN, x));
    add("isinf(integer) -> false", map(ISINF, cast(x, DType.FLOAT32)));
    add("isfinite(integer) -> true", map(ISFINITE, cast(x, DType.FLOAT64)));
    for (ElementOp op : List.of(LESS, LESS_EQUAL, GREATER, GREATER_EQUAL)) {
      add("~(x == y) -> x != y, and likewise", map(BITWISE_INVERT, map(op, x, flip(y, 0))));
    }
  }

  private void floats(DType dtype) {
    Node x = computed(dtype);
    Node y = loaded(dtype);
    Node negativeZero = scalar(dtype, Bits.ofDouble(dtype, -0.0));
    add("x + -0.0 -> x", map(ADD, x, negativeZero));
    add("-0.0 - x -> -x", map(SUBTRACT, broadcast(negativeZero, y.shape()), y));
    add("x / 1 -> x", map(DIVIDE, x, number(dtype, 1)));
    add("x / -1 -> -x", map(DIVIDE, y, number(dtype, -1)));
    add("-x / -y -> x / y", map(DIVIDE, map(NEGATIVE, x), map(NEGATIVE, flip(y, 0))));
    int most = dtype == DType.FLOAT32 ? 126 : 1022;
    for (int k : new int[] {-most, -most / 2, -3, -1, 1, 2, 10, most / 2, most}) {
      add(
          "x / 2^k -> x * 2^-k",
          map(DIVIDE, y, scalar(dtype, Bits.ofDouble(dtype, Math.scalb(1.0, k)))));
      add(
          "x / 2^k -> x * 2^-k",
          map(DIVIDE, y, scalar(dtype, Bits.ofDouble(dtype, -Math.scalb(1.0, k)))));
    }
    add("|x * x| -> x * x, for floats", map(ABS, map(MULTIPLY, y, y)));
    for (ElementOp outer : List.of(CEIL, FLOOR, ROUND, TRUNC)) {
      for (ElementOp inner : List.of(CEIL, FLOOR, ROUND, TRUNC, SIGN)) {
        add("rounding of whole numbers -> x", map(outer, map(inner, y)));
      }
      for (DType from : TestGraphs.DTYPES) {
        if (!from.isFloat()) {
          add("rounding of whole numbers -> x", map(outer, cast(loaded(from), dtype)));
        }
      }
    }
  }

  private void bits(DType dtype) {
    Node x = loaded(dtype);
    Node zero = number(dtype, 0);
    Node ones = scalar(dtype, Bits.wrap(dtype, -1));
    add("~~x -> x", map(BITWISE_INVERT, map(BITWISE_INVERT, x)));
    add("x & x -> x", map(BITWISE_AND, x, x));
    add("x & 0 -> 0", map(BITWISE_AND, x, zero));
    add("x & ~0 -> x", map(BITWISE_AND, x, ones));
    add("x | x -> x", map(BITWISE_OR, x, x));
    add("x | 0 -> x", map(BITWISE_OR, x, zero));
    add("x | ~0 -> ~0", map(BITWISE_OR, x, ones));
    add("x ^ x -> 0", map(BITWISE_XOR, x, x));
    add("x ^ 0 -> x", map(BITWISE_XOR, x, zero));
    add("x ^ ~0 -> ~x", map(BITWISE_XOR, x, ones));
  }

  private void comparisons(DType dtype) {
    Node x = loaded(dtype);
    Node y = flip(loaded(dtype), 0);
    add("~(x == y) -> x != y, and likewise", map(BITWISE_INVERT, map(EQUAL, x, y)));
    add("~(x == y) -> x != y, and likewise", map(BITWISE_INVERT, map(NOT_EQUAL, x, x)));
    if (!dtype.isFloat()) {
      add("x == x -> true, for integers", map(EQUAL, x, x));
      add("x != x -> false, for integers", map(NOT_EQUAL, x, x));
      add("x <= x -> true, for integers", map(LESS_EQUAL, x, x));
      add("x >= x -> true, for integers", map(GREATER_EQUAL, x, x));
    }
    add("x < x -> false", map(LESS, x, x));
    add("x > x -> false", map(GREATER, x, x));
    if (dtype.isNumeric()) {
      Node condition = loaded(DType.BOOL);
      add("cast(b) != 0 -> b", map(NOT_EQUAL, cast(condition, dtype), number(dtype, 0)));
      add("cast(b) == 0 -> ~b", map(EQUAL, cast(condition, dtype), number(dtype, 0)));
    }
  }

  private void bools() {
    Node b = array(DType.BOOL, 17);
    add("b == true -> b", map(EQUAL, b, number(DType.BOOL, 1)));
    add("b == false -> ~b", map(EQUAL, b, number(DType.BOOL, 0)));
    add("b != false -> b", map(NOT_EQUAL, b, number(DType.BOOL, 0)));
    add("b != true -> ~b", map(NOT_EQUAL, b, number(DType.BOOL, 1)));
    add("where(c, true, false) -> c", map(WHERE, b, number(DType.BOOL, 1), number(DType.BOOL, 0)));
    add("where(c, false, true) -> ~c", map(WHERE, b, number(DType.BOOL, 0), number(DType.BOOL, 1)));
  }

  private void choices(DType dtype) {
    Node x = computed(dtype);
    Node y = flip(computed(dtype), 0);
    Node c = array(DType.BOOL, x.shape().size());
    add("where(true, x, y) -> x", map(WHERE, number(DType.BOOL, 1), x, y));
    add("where(false, x, y) -> y", map(WHERE, number(DType.BOOL, 0), x, y));
    add("where(c, x, x) -> x", map(WHERE, c, x, x));
    add("where(~c, x, y) -> where(c, y, x)", map(WHERE, map(BITWISE_INVERT, c), x, y));
    add(
        "where(c, where(c, x, y), z) -> where(c, x, z)",
        map(WHERE, c, map(WHERE, c, x, y), loaded(dtype)));
    add(
        "where(c, x, where(c, y, z)) -> where(c, x, z)",
        map(WHERE, c, x, map(WHERE, c, y, loaded(dtype))));
  }

  private void reductions() {
    for (DType dtype : TestGraphs.DTYPES) {
      for (ReduceOp op : ReduceOp.values()) {
        if (TestGraphs.takes(op, dtype)) {
          reductions(op, dtype);
        }
      }
    }
  }

  private void reductions(ReduceOp op, DType dtype) {
    boolean chooses = op == ReduceOp.ARGMIN || op == ReduceOp.ARGMAX;
    boolean extreme = op == ReduceOp.MIN || op == ReduceOp.MAX;
    boolean moments = op == ReduceOp.MEAN || op == ReduceOp.SQUARED_DEVIATIONS;
    if (!chooses && !extreme) {
      add("reduction of no elements -> constant", reduce(op, array(dtype, 3, 0, 2), 1));
      add("reduction of no elements -> constant", reduce(op, array(dtype, 0, 2, 5), 0, 2));
    }
    if (chooses || extreme || (op == ReduceOp.SUM && !dtype.isFloat())) {
      for (long special : TestData.special(dtype)) {
        Node constant = broadcast(scalar(dtype, special), Shape.of(2, 37));
        add("reduction of a constant -> constant, where exact", reduce(op, constant, 1));
      }
    }
    if (!moments) {
      Node single = reshape(computed(dtype), computed(dtype).shape().size(), 1);
      add("reduction of single elements -> the elements", reduce(op, single, 1));
    }
    add(
        "reduction over axes of extent 1 too -> without them",
        reduce(op, array(dtype, 3, 1, 70), 1, 2));
    add(
        "reduction over axes of extent 1 too -> without them",
        reduce(op, array(dtype, 3, 1, 5, 1, 4), 0, 1, 3, 4));
    if (extreme || (!moments && !chooses && !dtype.isFloat())) {
      add(
          "extreme of extremes -> extreme, and sums and products of integers",
          reduce(op, reduce(op, array(dtype, 3, 4, 5, 2), 1, 3), 1));
    }
  }
}
