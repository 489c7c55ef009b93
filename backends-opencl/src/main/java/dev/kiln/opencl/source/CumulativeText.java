package dev.kiln.opencl.source;

import dev.kiln.DType;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Routine.Cumulative.Fold;

/**
 * Running sums and products in the canonical order: blocks of {@value Renderer#BLOCK}, chunks of
 * {@value #CHUNK}.
 *
 * <p>{@code kiln_rows} does blocks of sequences whose results are neighbours, a chunk being a
 * vector; {@code kiln_columns} blocks of {@value #CHUNK} neighbouring sequences, a vector holding
 * one element of each. Where a sequence has several blocks, {@code kiln_before} finds what each
 * takes in, and {@code kiln_shift_rows} or {@code kiln_shift_columns} adds it. On GPUs rows are for
 * the functions of {@link CumulativeGroupText}. Integers are computed as unsigned ones of their own
 * width, which wrap.
 */
public final class CumulativeText {
  /** Elements of a chunk, and of a vector. */
  public static final int CHUNK = 16;

  private CumulativeText() {}

  /**
   * The program for a fold and a dtype.
   *
   * @param processor whether blocks of rows are work-items', not groups'
   */
  public static String of(Fold fold, DType dtype, boolean processor) {
    String nothing =
        switch (fold) {
          case SUM -> dtype.isFloat() ? "-($T) 0" : "($T) 0";
          case PROD -> CType.literal(dtype, Bits.ofLong(dtype, 1));
        };
    String nan = dtype.bytes() == 8 ? "as_double(0x7ff8000000000000UL)" : "as_float(0x7fc00000u)";
    String functions =
        (dtype.isFloat() ? CANONICAL.replace("$nan", nan) : WRAPPED)
            + SCAN
            + COPIES
            + COLUMNS
            + SHIFTS
            + (processor ? ROWS : CumulativeGroupText.TEXT);
    return Renderer.program(
        PlaceText.FUNCTION
            + "\n"
            + functions
                .replace("$nothing", nothing)
                .replace(
                    "$op",
                    switch (fold) {
                      case SUM -> "+";
                      case PROD -> "*";
                    })
                .replace("$block", Integer.toString(Renderer.BLOCK))
                .replace("$chunk", Integer.toString(CHUNK))
                .replace("$padded", Integer.toString(CHUNK + 1))
                .replace("$group", Integer.toString(CumulativeGroupText.GROUP))
                .replace("$across", Integer.toString(CumulativeGroupText.GROUP / CHUNK))
                .replace("$tile", Integer.toString(CumulativeGroupText.GROUP * CHUNK))
                .replace("$T", type(dtype)));
  }

  private static String type(DType dtype) {
    if (dtype.isFloat()) {
      return CType.value(dtype);
    }
    return switch (dtype.bytes()) {
      case 1 -> "uchar";
      case 2 -> "ushort";
      case 4 -> "uint";
      default -> "ulong";
    };
  }

  private static final String CANONICAL =
      """
      static $T$chunk kiln_result(const $T$chunk x) {
        return select(x, ($T$chunk) $nan, x != x);
      }

      static $T kiln_single(const $T x) {
        return x != x ? $nan : x;
      }
      """;

  private static final String WRAPPED =
      """
      static $T$chunk kiln_result(const $T$chunk x) {
        return x;
      }

      static $T kiln_single(const $T x) {
        return x;
      }
      """;

  /** A chunk by itself. */
  private static final String SCAN =
      """

      static $T$chunk kiln_scan(const $T$chunk x) {
        $T$chunk v = x;
        v = ($T$chunk)($nothing, v.s0123, v.s456789ab, v.scd, v.se) $op v;
        v = ($T$chunk)(($T2) $nothing, v.s01234567, v.s89ab, v.scd) $op v;
        v = ($T$chunk)(($T4) $nothing, v.s01234567, v.s89ab) $op v;
        v = ($T$chunk)(($T8) $nothing, v.s01234567) $op v;
        return v;
      }
      """;

  private static final String COPIES =
      """

      static $T$chunk kiln_load(global const $T *x, const long step, const int count) {
        if (step == 1 && count >= $chunk) {
          return vload$chunk(0, x);
        }
        $T v[$chunk];
        for (int i = 0; i < $chunk; i++) {
          v[i] = i < count ? x[i * step] : $nothing;
        }
        return vload$chunk(0, v);
      }

      static void kiln_store(const $T$chunk x, global $T *out, const int count) {
        if (count >= $chunk) {
          vstore$chunk(x, 0, out);
          return;
        }
        $T v[$chunk];
        vstore$chunk(x, 0, v);
        for (int i = 0; i < count; i++) {
          out[i] = v[i];
        }
      }
      """;

  private static final String ROWS =
      """

      kernel void kiln_rows(
          const long units,
          const long share,
          const long blocks,
          const long n,
          global const $T *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global $T *restrict out) {
        const long first = get_global_id(0) * share;
        const long last = min(units, first + share);
        for (long unit = first; unit < last; unit++) {
          const long row = unit / blocks;
          const long start = (unit - row * blocks) * $block;
          const int length = (int) min((long) $block, n - start);
          global const $T *from = x + offset + kiln_place(row, axes, rank) + start * step;
          global $T *to = out + row * n + start;
          $T before = $nothing;
          for (int i = 0; i < length; i += $chunk) {
            const $T$chunk own = kiln_scan(kiln_load(from + i * step, step, length - i));
            const $T$chunk v = ($T$chunk) before $op own;
            before = v.sf;
            kiln_store(kiln_result(v), to + i, length - i);
          }
        }
      }
      """;

  private static final String COLUMNS =
      """

      kernel void kiln_columns(
          const long blocks,
          const long n,
          const long inner,
          global const $T *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global const long *restrict innerAxes,
          const long innerRank,
          const long dense,
          global $T *restrict out) {
        const long column = get_global_id(0) * $chunk;
        const long start = get_global_id(1) * $block;
        const long outer = get_global_id(2);
        const int width = (int) min((long) $chunk, inner - column);
        const int length = (int) min((long) $block, n - start);
        global const $T *from = x + offset + kiln_place(outer, axes, rank) + start * step;
        global $T *to = out + (outer * n + start) * inner + column;
        long place[$chunk];
        for (int j = 0; j < $chunk; j++) {
          place[j] = kiln_place(min(column + j, inner - 1), innerAxes, innerRank);
        }
        $T$chunk v[$chunk];
        $T$chunk before = $nothing;
        for (int i = 0; i < length; i += $chunk) {
          const int count = min($chunk, length - i);
          for (int k = 0; k < count; k++, from += step) {
            if (dense && width == $chunk) {
              v[k] = vload$chunk(0, from + place[0]);
            } else {
              $T line[$chunk];
              for (int j = 0; j < $chunk; j++) {
                line[j] = from[place[j]];
              }
              v[k] = vload$chunk(0, line);
            }
          }
          for (int h = 1; h < $chunk; h *= 2) {
            for (int k = count - 1; k >= h; k--) {
              v[k] = v[k - h] $op v[k];
            }
          }
          for (int k = 0; k < count; k++, to += inner) {
            v[k] = before $op v[k];
            kiln_store(kiln_result(v[k]), to, width);
          }
          before = v[count - 1];
        }
      }
      """;

  private static final String SHIFTS =
      """

      kernel void kiln_before(
          const long blocks,
          const long n,
          const long inner,
          global const $T *restrict out,
          global $T *restrict before) {
        const long column = get_global_id(0);
        const long outer = get_global_id(1);
        global const $T *block = out + outer * n * inner + column;
        $T result = $nothing;
        for (long b = 0; b < blocks; b++) {
          before[(outer * blocks + b) * inner + column] = result;
          const long last = min(n, (b + 1) * $block) - 1;
          const $T own = block[last * inner];
          result = b == 0 ? own : ($T) (result $op own);
        }
      }

      kernel void kiln_shift_rows(
          const long blocks,
          const long n,
          global const $T *restrict before,
          global $T *restrict out) {
        const long block = get_global_id(0) + 1;
        const long row = get_global_id(1);
        const long start = block * $block;
        const int length = (int) min((long) $block, n - start);
        global $T *at = out + row * n + start;
        const $T$chunk offset = before[row * blocks + block];
        for (int i = 0; i < length; i += $chunk) {
          const $T$chunk v = kiln_load(at + i, 1, length - i);
          kiln_store(kiln_result(offset $op v), at + i, length - i);
        }
      }

      kernel void kiln_shift_columns(
          const long blocks,
          const long n,
          const long inner,
          global const $T *restrict before,
          global $T *restrict out) {
        const long column = get_global_id(0) * $chunk;
        const long block = get_global_id(1) + 1;
        const long outer = get_global_id(2);
        const int width = (int) min((long) $chunk, inner - column);
        const long start = block * $block;
        const int length = (int) min((long) $block, n - start);
        global $T *at = out + (outer * n + start) * inner + column;
        const $T$chunk offset =
            kiln_load(before + (outer * blocks + block) * inner + column, 1, width);
        for (int i = 0; i < length; i++, at += inner) {
          kiln_store(kiln_result(offset $op kiln_load(at, 1, width)), at, width);
        }
      }
      """;
}
