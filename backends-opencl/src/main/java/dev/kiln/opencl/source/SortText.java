package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * Stable sorting. Elements move as they are, so that −0 stays −0; their order is that of keys,
 * unsigned integers that are computed anew wherever they are needed.
 *
 * <p>Short sequences are sorted by merging, each in a work-item: {@code kiln_short}. Others by
 * digits of their keys, the lowest first: for each digit, {@code kiln_count} counts its values in
 * each block of a sequence, {@code kiln_sums} and {@code kiln_starts} make places of the counts,
 * and {@code kiln_move} puts the elements there. The first move reads the input, the last one
 * writes the output. Where places are wanted, they move with the elements. On GPUs these are for
 * the functions of {@link SortGroupText}. In the texts U is the unsigned type of an element's
 * width.
 */
public final class SortText {
  /** The values that a digit has. */
  public static final int VALUES = 256;

  /** Bits of a digit. */
  public static final int DIGIT = 8;

  /** The longest sequence that a processor's work-item sorts by merging. */
  public static final int SHORT = 512;

  /** The longest one that a GPU's does: for others a group is faster. */
  public static final int LONE = 64;

  /** Elements that are sorted by insertion, before they are merged. */
  private static final int RUN = 8;

  private SortText() {}

  /**
   * The program for a dtype.
   *
   * @param places whether places are sorted, not elements
   * @param processor whether blocks are work-items', not groups'
   */
  public static String of(DType dtype, boolean descending, boolean places, boolean processor) {
    String functions =
        key(dtype, descending)
            + RESULT.replace("$kept", places ? "place" : dtype.isFloat() ? NUMBER : "x")
            + SHORTS
            + (processor ? COUNTS + MOVE : SortGroupText.of(dtype));
    return Renderer.program(
        PlaceText.FUNCTION
            + "\n"
            + functions
                .replace("$parameters", places ? PLACES : ")")
                .replace("$put", places ? PUT_PLACE : PUT)
                .replace("$R", places ? "long" : "$U")
                .replace("$run", Integer.toString(RUN))
                .replace("$short", Integer.toString(processor ? SHORT : LONE))
                .replace("$values", Integer.toString(VALUES))
                .replace("$last", Integer.toString(VALUES - 1))
                .replace("$U", unsigned(dtype))
                .replace("$nan", nan(dtype))
                .replace("$infinity", infinity(dtype))
                .replace("$sign", sign(dtype)));
  }

  /** The unsigned type of a dtype's width. */
  static String unsigned(DType dtype) {
    return switch (dtype.bytes()) {
      case 1 -> "uchar";
      case 2 -> "ushort";
      case 4 -> "uint";
      default -> "ulong";
    };
  }

  private static String sign(DType dtype) {
    return switch (dtype.bytes()) {
      case 1 -> "0x80";
      case 2 -> "0x8000";
      case 4 -> "0x80000000u";
      default -> "0x8000000000000000UL";
    };
  }

  private static String nan(DType dtype) {
    return dtype.bytes() == 8 ? "0x7ff8000000000000UL" : "0x7fc00000u";
  }

  private static String infinity(DType dtype) {
    return dtype.bytes() == 8 ? "0x7ff0000000000000UL" : "0x7f800000u";
  }

  private static String key(DType dtype, boolean descending) {
    String way = descending ? "($U) ~" : "";
    String key =
        switch (dtype.kind()) {
          case BOOL, UNSIGNED -> "x";
          case SIGNED -> "($U) (x ^ $sign)";
          case FLOAT -> "kiln_ascending(x)";
          case COMPLEX -> throw new AssertionError("sort of " + dtype);
        };
    return (dtype.isFloat() ? ASCENDING : "")
        + KEY.replace("$key", way + (descending ? "(" + key + ")" : key));
  }

  private static final String NUMBER = "(x & ~$sign) > $infinity ? $nan : x";

  private static final String ASCENDING =
      """
      static $U kiln_ascending(const $U x) {
        const $U size = x & ~$sign;
        return size > $infinity ? ~($U) 0 : size == 0 || x == size ? size | $sign : ~x;
      }

      """;

  private static final String KEY =
      """
      static $U kiln_key(const $U x) {
        return $key;
      }
      """;

  /** What is kept of an element. */
  private static final String RESULT =
      """

      static $R kiln_result(const $U x, const long place) {
        return $kept;
      }
      """;

  private static final String SHORTS =
      """

      static void kiln_runs($U *x, ushort *places, const int n) {
        for (int i = 0; i < n; i++) {
          const $U element = x[i];
          int at = i;
          for (; at % $run != 0 && kiln_key(x[at - 1]) > kiln_key(element); at--) {
            x[at] = x[at - 1];
            places[at] = places[at - 1];
          }
          x[at] = element;
          places[at] = i;
        }
      }

      static void kiln_merge(
          const $U *x, const ushort *from, $U *y, ushort *to, const int n, const int width) {
        for (int low = 0; low < n; low += 2 * width) {
          const int middle = min(n, low + width);
          const int high = min(n, low + 2 * width);
          int i = low;
          int j = middle;
          for (int k = low; k < high; k++) {
            const int isLeft = i < middle && (j == high || kiln_key(x[i]) <= kiln_key(x[j]));
            const int at = isLeft ? i++ : j++;
            y[k] = x[at];
            to[k] = from[at];
          }
        }
      }

      kernel void kiln_short(
          const long rows,
          const long share,
          const long n,
          const long inner,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global $R *restrict out) {
        $U elements[2][$short];
        ushort places[2][$short];
        const long first = get_global_id(0) * share;
        const long last = min(rows, first + share);
        for (long row = first; row < last; row++) {
          global const $U *from = x + offset + kiln_place(row, axes, rank);
          for (int i = 0; i < n; i++) {
            elements[0][i] = from[i * step];
          }
          kiln_runs(elements[0], places[0], n);
          int side = 0;
          for (int width = $run; width < n; width *= 2, side = 1 - side) {
            kiln_merge(
                elements[side], places[side], elements[1 - side], places[1 - side], n, width);
          }
          const long outer = row / inner;
          global $R *to = out + outer * n * inner + (row - outer * inner);
          for (int i = 0; i < n; i++) {
            to[i * inner] = kiln_result(elements[side][i], places[side][i]);
          }
        }
      }
      """;

  private static final String COUNTS =
      """

      kernel void kiln_count(
          const long shift,
          const long length,
          const long blocks,
          const long n,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global ulong *restrict counts) {
        const long block = get_global_id(0);
        const long row = get_global_id(1);
        const long start = block * length;
        const long end = min(n, start + length);
        global const $U *from = x + offset + kiln_place(row, axes, rank);
        uint count[$values];
        for (int value = 0; value < $values; value++) {
          count[value] = 0;
        }
        for (long i = start; i < end; i++) {
          count[kiln_key(from[i * step]) >> shift & $last]++;
        }
        for (int value = 0; value < $values; value++) {
          counts[(row * $values + value) * blocks + block] = count[value];
        }
      }

      kernel void kiln_sums(
          const long blocks, global ulong *restrict counts, global ulong *restrict starts) {
        const long value = get_global_id(0);
        const long row = get_global_id(1);
        global ulong *count = counts + (row * $values + value) * blocks;
        ulong sum = 0;
        for (long block = 0; block < blocks; block++) {
          const ulong own = count[block];
          count[block] = sum;
          sum += own;
        }
        starts[row * $values + value] = sum;
      }

      kernel void kiln_starts(global ulong *restrict starts) {
        const long row = get_global_id(0);
        ulong sum = 0;
        for (int value = 0; value < $values; value++) {
          const ulong own = starts[row * $values + value];
          starts[row * $values + value] = sum;
          sum += own;
        }
      }
      """;

  /** What both dense scratch and views are described by, so that one text moves all. */
  private static final String MOVE =
      """

      kernel void kiln_move(
          const long shift,
          const long length,
          const long blocks,
          const long n,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global const ulong *restrict counts,
          global const ulong *restrict starts,
          const long inner,
          global $U *restrict out$parameters {
        const long block = get_global_id(0);
        const long row = get_global_id(1);
        const long start = block * length;
        const long end = min(n, start + length);
        global const $U *from = x + offset + kiln_place(row, axes, rank);
        const long outer = row / inner;
        const long base = outer * n * inner + (row - outer * inner);
        long next[$values];
        for (int value = 0; value < $values; value++) {
          const long at = row * $values + value;
          next[value] = starts[at] + counts[at * blocks + block];
        }
        for (long i = start; i < end; i++) {
          const $U element = from[i * step];
          const int value = kiln_key(element) >> shift & $last;
          const long at = base + next[value]++ * inner;
          $put
        }
      }
      """;

  private static final String PUT = "out[at] = kiln_result(element, 0);";

  /** The output is written by the last move alone; before the first there are no places yet. */
  private static final String PLACES =
      """
      ,
          const long isFirst,
          const long isLast,
          global const INDEX *restrict places,
          global INDEX *restrict moved,
          global $R *restrict result)\
      """;

  private static final String PUT_PLACE =
      """
      const INDEX place = isFirst ? (INDEX) i : places[row * n + i];
          if (isLast) {
            result[at] = place;
          } else {
            out[at] = element;
            moved[at] = place;
          }\
      """;
}
