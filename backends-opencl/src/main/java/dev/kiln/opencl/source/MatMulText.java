package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * Products of matrices in the canonical order: blocks of {@value #BLOCK} along the inner axis.
 *
 * <p>Processors call three functions: {@code kiln_pack_left} and {@code kiln_pack_right} put rows
 * and columns into panels as wide as a tile, {@code kiln_tiles} goes through the tiles, each held
 * in registers. GPUs call {@code kiln_group}: a group of work-items shares a square tile by local
 * memory. In the texts E is an element in memory, T what is computed in, V a vector of it.
 */
public final class MatMulText {
  /** Elements along the inner axis whose products are added up before they join the rest. */
  public static final int BLOCK = 384;

  /** Rows of a processor's tile. */
  public static final int ROWS = 6;

  /** Work-items of a group along either side of its tile. */
  public static final int GROUP = 16;

  /** Rows and columns of a group's tile. */
  public static final int SQUARE = 64;

  private MatMulText() {}

  /** Columns of a processor's tile: two vectors of 32 bytes. */
  public static int columns(DType dtype) {
    return 2 * lanes(dtype);
  }

  /** The bytes of what a dtype is computed in, and panels consist of. */
  public static int panelBytes(DType dtype) {
    return dtype.bytes() == 8 ? 8 : 4;
  }

  private static int lanes(DType dtype) {
    return 32 / panelBytes(dtype);
  }

  /**
   * The program for a dtype.
   *
   * @param processor whether tiles are work-items', not groups'
   */
  public static String of(DType dtype, boolean processor) {
    Helpers helpers = new Helpers(true);
    String result = dtype.isFloat() ? helpers.call(Helper.CANONICAL, dtype, "x") : "($E) x";
    String functions =
        processor
            ? PACK.replace("$side", "left").replace("$width", Integer.toString(ROWS))
                + PACK.replace("$side", "right").replace("$width", Integer.toString(columns(dtype)))
                + TILES.replace("$tile", tile(dtype.isFloat()))
            : GROUPS.replace("$step", step(dtype.isFloat()));
    return Renderer.program(
        helpers.text()
            + PlaceText.FUNCTION
            + functions
                .replace("$result", result)
                .replace("$E", CType.memory(dtype))
                .replace("$T", type(dtype))
                .replace("$block", Integer.toString(BLOCK))
                .replace("$rows", Integer.toString(ROWS))
                .replace("$columns", Integer.toString(columns(dtype)))
                .replace("$lanes", Integer.toString(lanes(dtype)))
                .replace("$square", Integer.toString(SQUARE))
                .replace("$group", Integer.toString(GROUP))
                .replace("$per", Integer.toString(SQUARE / GROUP)));
  }

  private static String type(DType dtype) {
    return dtype.isFloat() ? CType.value(dtype) : CType.wrapping(dtype);
  }

  /** The innermost loop: what is held in registers has names, so that nothing need be unrolled. */
  private static String tile(boolean fused) {
    Lines lines = new Lines();
    for (int i = 0; i < ROWS; i++) {
      lines.add("$T$lanes s" + i + "0 = 0, s" + i + "1 = 0;");
    }
    lines.open("for (int k = 0; k < depth; k++, a += $rows, b += $columns)");
    for (int v = 0; v < 2; v++) {
      lines.add("const $T$lanes b" + v + " = vload$lanes(" + v + ", b);");
    }
    for (int i = 0; i < ROWS; i++) {
      lines.add("const $T$lanes a" + i + " = a[" + i + "];");
      for (int v = 0; v < 2; v++) {
        String sum = "s" + i + v;
        String product = "a" + i + ", b" + v;
        lines.add(
            sum
                + " = "
                + (fused
                    ? "fma(" + product + ", " + sum + ")"
                    : product.replace(",", " *") + " + " + sum)
                + ";");
      }
    }
    lines.close();
    for (int i = 0; i < ROWS; i++) {
      for (int v = 0; v < 2; v++) {
        lines.add("vstore$lanes(s" + i + v + ", " + (2 * i + v) + ", tile);");
      }
    }
    return lines.toString().indent(2).stripTrailing();
  }

  /** What a place along the inner axis adds to a work-item's results: a vector of each row. */
  private static String step(boolean fused) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SQUARE / GROUP; i++) {
      String x = "($T$per) x.s" + i;
      String sum = "sum[" + i + "]";
      text.append(sum)
          .append(" = ")
          .append(fused ? "fma(" + x + ", y, " + sum + ")" : x + " * y + " + sum)
          .append("; ");
    }
    return text.toString().stripTrailing();
  }

  /** A unit is a panel; those beyond the last row or column hold zeros, which nobody reads. */
  private static final String PACK =
      """

      kernel void kiln_pack_$side(
          const long panels,
          const long count,
          const long inner,
          global const $E *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long stride,
          const long step,
          global $T *restrict out) {
        const long unit = get_global_id(0);
        const long product = unit / panels;
        const long first = (unit - product * panels) * $width;
        global const $E *from = x + offset + kiln_place(product, axes, rank) + first * stride;
        global $T *to = out + unit * inner * $width;
        const int width = (int) min((long) $width, count - first);
        if (width == $width && stride == 1) {
          for (long k = 0; k < inner; k++, from += step, to += $width) {
            for (int i = 0; i < $width; i++) {
              to[i] = from[i];
            }
          }
          return;
        }
        for (long k = 0; k < inner; k++, from += step, to += $width) {
          for (int i = 0; i < $width; i++) {
            to[i] = i < width ? from[i * stride] : ($E) 0;
          }
        }
      }
      """;

  /**
   * A unit is some rows of panels by some columns of them: of the left panels a block stays in the
   * second cache, of each right one in the first.
   */
  private static final String TILES =
      """

      static void kiln_tile(
          global const $T *a, global const $T *b, const int depth, private $T *tile) {
      $tile
      }

      kernel void kiln_tiles(
          const long down,
          const long across,
          const long rows,
          const long inner,
          const long columns,
          global const $T *restrict left,
          global const $T *restrict right,
          global $E *restrict out) {
        $T tile[$rows * $columns];
        const long rowPanels = (rows + $rows - 1) / $rows;
        const long columnPanels = (columns + $columns - 1) / $columns;
        const long firstRow = (long) get_global_id(1) * down;
        const long lastRow = min(rowPanels, firstRow + down);
        const long firstColumn = (long) get_global_id(0) * across;
        const long lastColumn = min(columnPanels, firstColumn + across);
        const long product = get_global_id(2);
        for (long from = 0; from < inner; from += $block) {
          const int depth = (int) min((long) $block, inner - from);
          const int last = from + depth == inner;
          for (long c = firstColumn; c < lastColumn; c++) {
            global const $T *b = right + ((product * columnPanels + c) * inner + from) * $columns;
            const int width = (int) min((long) $columns, columns - c * $columns);
            for (long r = firstRow; r < lastRow; r++) {
              global const $T *a = left + ((product * rowPanels + r) * inner + from) * $rows;
              kiln_tile(a, b, depth, tile);
              const int height = (int) min((long) $rows, rows - r * $rows);
              for (int i = 0; i < height; i++) {
                global $E *to = out + (product * rows + r * $rows + i) * columns + c * $columns;
                for (int j = 0; j < width; j++) {
                  const $T sum = tile[i * $columns + j];
                  const $T x = from == 0 ? sum : to[j] + sum;
                  to[j] = last ? $result : ($E) x;
                }
              }
            }
          }
        }
      }
      """;

  /** Zeros beyond the inner axis would not do: they make −0 a +0. */
  private static final String GROUPS =
      """

      kernel __attribute__((reqd_work_group_size($group, $group, 1))) void kiln_group(
          const long rows,
          const long inner,
          const long columns,
          global const $E *restrict left,
          const long leftOffset,
          global const long *restrict leftAxes,
          const long leftRank,
          const long leftStride,
          const long leftStep,
          global const $E *restrict right,
          const long rightOffset,
          global const long *restrict rightAxes,
          const long rightRank,
          const long rightStride,
          const long rightStep,
          global $E *restrict out) {
        local $T$per a[$group][$group + 1];
        local $T$per b[$group][$group];
        const int across = get_local_id(0);
        const int down = get_local_id(1);
        const long firstColumn = get_group_id(0) * $square;
        const long firstRow = get_group_id(1) * $square;
        const long product = get_global_id(2);
        left += leftOffset + kiln_place(product, leftAxes, leftRank);
        right += rightOffset + kiln_place(product, rightAxes, rightRank);
        $T$per total[$per];
        $T$per sum[$per];
        for (int i = 0; i < $per; i++) {
          total[i] = 0;
          sum[i] = 0;
        }
        for (long from = 0; from < inner; from += $group) {
          const int depth = (int) min((long) $group, inner - from);
          for (int i = 0; i < $per; i++) {
            const int at = down + i * $group;
            const long row = firstRow + at;
            ((local $T *) a[across])[at] = row < rows && across < depth
                ? left[row * leftStride + (from + across) * leftStep]
                : ($E) 0;
            const int beside = across + i * $group;
            const long column = firstColumn + beside;
            ((local $T *) b[down])[beside] = column < columns && down < depth
                ? right[column * rightStride + (from + down) * rightStep]
                : ($E) 0;
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          if (depth == $group) {
            #pragma unroll
            for (int k = 0; k < $group; k++) {
              const $T$per x = a[k][down];
              const $T$per y = b[k][across];
              $step
            }
          } else {
            for (int k = 0; k < depth; k++) {
              const $T$per x = a[k][down];
              const $T$per y = b[k][across];
              $step
            }
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          const long next = from + $group;
          if (next >= inner || next % $block == 0) {
            for (int i = 0; i < $per; i++) {
              total[i] = from < $block ? sum[i] : total[i] + sum[i];
              sum[i] = 0;
            }
          }
        }
        for (int i = 0; i < $per; i++) {
          const long row = firstRow + down * $per + i;
          $T values[$per];
          vstore$per(total[i], 0, values);
          for (int j = 0; j < $per; j++) {
            const long column = firstColumn + across * $per + j;
            if (row < rows && column < columns) {
              const $T x = values[j];
              out[(product * rows + row) * columns + column] = $result;
            }
          }
        }
      }
      """;
}
