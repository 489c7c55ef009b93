package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;

/**
 * Functions that a program defines before its kernels, each for a dtype: what takes more than an
 * expression. Those that others call come first.
 *
 * <p>In the texts T is the type, U the unsigned one of its width, in which integers wrap, and S the
 * signed one of a float's bits.
 */
enum Helper {
  /** Division of float32 where the device's own is not rounded correctly: twice the digits are. */
  DIVIDE("divide"),
  SQRT("sqrt"),
  CANONICAL("canonical"),
  MIN("min"),
  MAX("max"),
  TO_INT32("to_int"),
  TO_INT64("to_long"),
  FLOOR_DIV("floor_div"),
  FLOOR_MOD("floor_mod"),
  POW("pow"),
  FMOD("fmod"),
  FLOAT_FLOOR_DIV("float_floor_div"),
  FLOAT_FLOOR_MOD("float_floor_mod"),
  /** A float as an integer in the order of MIN: −0 below +0, NaN below all. */
  MIN_KEY("min_key"),
  /** A float as an integer in the order of MAX: −0 below +0, NaN above all. */
  MAX_KEY("max_key"),
  /** The float of a key. */
  OF_KEY("of_key"),
  /** S of at most a block. */
  SUM("sum"),
  PROD("prod"),
  /** S of any number of blocks' results. */
  SUM_PARTS("sum_parts"),
  PROD_PARTS("prod_parts");

  private final String word;

  Helper(String word) {
    this.word = word;
  }

  /** The function's name for a dtype. */
  String of(DType dtype) {
    return "kiln_" + word + "_" + CType.value(dtype);
  }

  /** The functions that it calls. */
  List<Helper> needs() {
    return switch (this) {
      case FLOAT_FLOOR_DIV -> List.of(DIVIDE, FMOD);
      case FLOAT_FLOOR_MOD -> List.of(FMOD);
      case OF_KEY -> List.of(CANONICAL);
      case SUM_PARTS -> List.of(SUM);
      case PROD_PARTS -> List.of(PROD);
      case DIVIDE,
          SQRT,
          CANONICAL,
          MIN,
          MAX,
          TO_INT32,
          TO_INT64,
          FLOOR_DIV,
          FLOOR_MOD,
          POW,
          FMOD,
          MIN_KEY,
          MAX_KEY,
          SUM,
          PROD ->
          List.of();
    };
  }

  /**
   * The function's definition.
   *
   * @param dtype which it is for
   * @param exactDivision whether the device's division and square root of float32 are rounded
   *     correctly
   */
  String text(DType dtype, boolean exactDivision) {
    boolean wide = dtype.bytes() == 8;
    return template(dtype, exactDivision || dtype == DType.FLOAT64)
        .replace("$name", of(dtype))
        .replace("$divide", DIVIDE.of(dtype))
        .replace("$fmod", FMOD.of(dtype))
        .replace("$sum", SUM.of(dtype))
        .replace("$prod", PROD.of(dtype))
        .replace("$canonical", CANONICAL.of(dtype))
        .replace("$as", "as_" + CType.value(dtype))
        .replace("$nan", wide ? "as_double(0x7ff8000000000000UL)" : "as_float(0x7fc00000u)")
        .replace("$mantissa", wide ? "52" : "23")
        .replace("$infinity", wide ? "0x7ff0000000000000UL" : "0x7f800000u")
        .replace("$largest", wide ? "LONG_MAX" : "INT_MAX")
        .replace("$smallest", wide ? "LONG_MIN" : "INT_MIN")
        .replace("$T", CType.value(dtype))
        .replace("$U", CType.wrapping(dtype))
        .replace("$S", CType.bits(dtype));
  }

  private String template(DType dtype, boolean exact) {
    return switch (this) {
      case DIVIDE ->
          "static $T $name(const $T a, const $T b) {\n  return "
              + (exact ? "a / b" : "(float) ((double) a / (double) b)")
              + ";\n}\n";
      case SQRT -> "static $T $name(const $T a) {\n  return (float) sqrt((double) a);\n}\n";
      case CANONICAL ->
          """
          static $T $name(const $T x) {
            return x != x ? $nan : x;
          }
          """;
      case MIN ->
          """
          static $T $name(const $T a, const $T b) {
            return a != a ? a : b != b ? b : a < b ? a : b < a ? b : $as(as_$U(a) | as_$U(b));
          }
          """;
      case MAX ->
          """
          static $T $name(const $T a, const $T b) {
            return a != a ? a : b != b ? b : a > b ? a : b > a ? b : $as(as_$U(a) & as_$U(b));
          }
          """;
      case TO_INT32 -> saturating("int", "INT", dtype, "0x1.0p31");
      case TO_INT64 -> saturating("long", "LONG", dtype, "0x1.0p63");
      case FLOOR_DIV -> dtype.isUnsigned() ? UNSIGNED_DIV : SIGNED_DIV;
      case FLOOR_MOD -> dtype.isUnsigned() ? UNSIGNED_MOD : SIGNED_MOD;
      case POW -> POWER.replace("$negative", dtype.isUnsigned() ? "" : NEGATIVE_EXPONENT);
      case FMOD -> REMAINDER;
      case FLOAT_FLOOR_DIV -> FLOAT_DIV;
      case FLOAT_FLOOR_MOD ->
          """
          static $T $name(const $T a, const $T b) {
            const $T remainder = $fmod(a, b);
            if (remainder == 0) {
              return copysign(($T) 0, b);
            }
            return (b < 0) != (remainder < 0) ? remainder + b : remainder;
          }
          """;
      case MIN_KEY -> KEY.replace("$extreme", "$smallest");
      case MAX_KEY -> KEY.replace("$extreme", "$largest");
      case OF_KEY ->
          """
          static $T $name(const $S key) {
            return $canonical($as(key ^ ((key < 0 ? -1 : 0) & $largest)));
          }
          """;
      case SUM -> fold(dtype, "-($T) 0", "+=");
      case PROD -> fold(dtype, "($T) 1", "*=");
      case SUM_PARTS -> PARTS.replace("$fold", "$sum");
      case PROD_PARTS -> PARTS.replace("$fold", "$prod");
    };
  }

  private static String saturating(String to, String range, DType from, String bound) {
    return """
    static $to $name(const $T x) {
      return x != x ? 0 : x >= $bound ? $range_MAX : x < -$bound ? $range_MIN : ($to) x;
    }
    """
        .replace("$to", to)
        .replace("$range", range)
        .replace("$bound", from == DType.FLOAT32 ? bound + "f" : bound);
  }

  private static final String UNSIGNED_DIV =
      """
      static $T $name(const $T a, const $T b) {
        return b == 0 ? 0 : a / b;
      }
      """;

  private static final String SIGNED_DIV =
      """
      static $T $name(const $T a, const $T b) {
        if (b == 0) {
          return 0;
        }
        if (b == -1) {
          return ($T) (0 - ($U) a);
        }
        return ($T) (a / b - (a % b != 0 && (a < 0) != (b < 0) ? 1 : 0));
      }
      """;

  private static final String UNSIGNED_MOD =
      """
      static $T $name(const $T a, const $T b) {
        return b == 0 ? 0 : a % b;
      }
      """;

  private static final String SIGNED_MOD =
      """
      static $T $name(const $T a, const $T b) {
        if (b == 0 || b == -1) {
          return 0;
        }
        const $T remainder = a % b;
        return ($T) (remainder != 0 && (a < 0) != (b < 0) ? remainder + b : remainder);
      }
      """;

  private static final String NEGATIVE_EXPONENT =
      """
        if (exponent < 0) {
          return base == 1 ? 1 : base == -1 ? (exponent & 1 ? -1 : 1) : 0;
        }
      """;

  private static final String POWER =
      """
      static $T $name(const $T base, const $T exponent) {
      $negative  $U power = 1;
        $U square = ($U) base;
        for ($U rest = ($U) exponent; rest != 0; rest >>= 1) {
          if (rest & 1) {
            power *= square;
          }
          square *= square;
        }
        return ($T) power;
      }
      """;

  private static final String REMAINDER =
      """
      static $T $name(const $T a, const $T b) {
        const $U hidden = ($U) 1 << $mantissa;
        const $U sign = as_$U(a) & ~(($U) $largest);
        $U x = as_$U(a) & ($U) $largest;
        $U y = as_$U(b) & ($U) $largest;
        if (y == 0 || x >= $infinity || y > $infinity) {
          return $nan;
        }
        if (x < y) {
          return a;
        }
        int x_exponent = max(1, (int) (x >> $mantissa));
        int y_exponent = max(1, (int) (y >> $mantissa));
        x = x < hidden ? x : (x & (hidden - 1)) | hidden;
        y = y < hidden ? y : (y & (hidden - 1)) | hidden;
        for (; y < hidden; y_exponent--) {
          y <<= 1;
        }
        for (; x < hidden; x_exponent--) {
          x <<= 1;
        }
        for (; x_exponent > y_exponent; x_exponent--) {
          x = (x >= y ? x - y : x) << 1;
        }
        x = x >= y ? x - y : x;
        if (x == 0) {
          return $as(sign);
        }
        for (; x < hidden; y_exponent--) {
          x <<= 1;
        }
        x = y_exponent > 0 ? (x - hidden) | (($U) y_exponent << $mantissa) : x >> (1 - y_exponent);
        return $as(x | sign);
      }
      """;

  private static final String FLOAT_DIV =
      """
      static $T $name(const $T a, const $T b) {
        if (b == 0) {
          return $divide(a, b);
        }
        const $T remainder = $fmod(a, b);
        $T quotient = $divide(a - remainder, b);
        if (remainder != 0 && (b < 0) != (remainder < 0)) {
          quotient -= 1;
        }
        if (quotient == 0) {
          return copysign(($T) 0, $divide(a, b));
        }
        const $T whole = floor(quotient);
        return quotient - whole > ($T) 0.5 ? whole + 1 : whole;
      }
      """;

  private static final String KEY =
      """
      static $S $name(const $T x) {
        const $S bits = as_$S(x);
        return x != x ? $extreme : bits ^ ((bits < 0 ? -1 : 0) & $largest);
      }
      """;

  private static final String PARTS =
      """
      static $T $name(global const $T *x, const INDEX n) {
        $T block[4096];
        $T results[4096];
        const int blocks = (int) ((n + 4095) / 4096);
        for (int b = 0; b < blocks; b++) {
          const int length = (int) min((INDEX) 4096, n - (INDEX) b * 4096);
          for (int i = 0; i < length; i++) {
            block[i] = x[(INDEX) b * 4096 + i];
          }
          results[b] = $fold(block, length);
        }
        return blocks == 1 ? results[0] : $fold(results, blocks);
      }
      """;

  /**
   * 128 bytes of lanes in four vectors, and what lies beyond the end filled with the identity.
   * Wider vectors are no registers of most processors.
   */
  private static String fold(DType dtype, String identity, String combine) {
    int width = 32 / dtype.bytes();
    StringBuilder text = new StringBuilder();
    text.append(
        """
        static $T $name($T *x, const int n) {
          for (int i = n; i % $lanes != 0; i++) {
            x[i] = $identity;
          }
          $T$width a = $identity;
          $T$width b = $identity;
          $T$width c = $identity;
          $T$width d = $identity;
          for (int i = 0; i < n; i += $lanes) {
            a $combine vload$width(0, x + i);
            b $combine vload$width(0, x + i + $width);
            c $combine vload$width(0, x + i + 2 * $width);
            d $combine vload$width(0, x + i + 3 * $width);
          }
          a $combine c;
          b $combine d;
          a $combine b;
        """);
    String from = "a";
    for (int half = width / 2; half > 1; half /= 2) {
      text.append("  $T" + half + " h" + half + " = " + from + ".lo;\n");
      text.append("  h" + half + " $combine " + from + ".hi;\n");
      from = "h" + half;
    }
    text.append("  return " + from + ".lo " + combine.charAt(0) + " " + from + ".hi;\n}\n");
    return text.toString()
        .replace("$lanes", Integer.toString(4 * width))
        .replace("$width", Integer.toString(width))
        .replace("$combine", combine)
        .replace("$identity", identity);
  }
}
