package dev.kiln.opencl.source;

/**
 * Running sums and products of rows on GPUs: a group of work-items has a block, or several short
 * rows, so that neighbours read and write neighbouring elements.
 *
 * <p>{@code kiln_group_rows} takes a tile of {@value #GROUP} chunks at a time, a chunk to a
 * work-item. {@code kiln_group_before} and {@code kiln_group_shift} do what the functions for
 * processors do where rows have several blocks.
 */
public final class CumulativeGroupText {
  /** Work-items of a group: in float64 a tile is half of the local memory that each device has. */
  public static final int GROUP = 128;

  private CumulativeGroupText() {}

  /**
   * Leaves in place of each element what those before it come to, and returns what all do. The
   * order is canonical, so one work-item goes through all; it waits for local memory once for a
   * vector's worth.
   */
  private static final String FOLD =
      """

      static $T kiln_fold(local $T *x, const int step, const int count, const $T first) {
        $T before = first;
        for (int i = 0; i < count; i += $chunk) {
          $T own[$chunk];
          for (int j = 0; j < $chunk; j++) {
            own[j] = i + j < count ? x[(i + j) * step] : $nothing;
          }
          for (int j = 0; j < $chunk; j++) {
            if (i + j < count) {
              x[(i + j) * step] = before;
            }
            before = before $op own[j];
          }
        }
        return before;
      }
      """;

  /**
   * A group has a unit, which is a block, or a share of those that are whole rows. Behind each
   * chunk of the tile there is a place for what it takes in, which also keeps the chunks' elements
   * in different banks. All that a work-item reads is on its way before any of it is waited for.
   */
  private static final String ROWS =
      """

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_rows(
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
        local $T tile[$group * $padded];
        local long from[$group];
        local long to[$group];
        local int counts[$group];
        const int item = get_local_id(0);
        const int down = item / $chunk;
        const int across = item % $chunk;
        const long first = get_group_id(0) * share;
        const long start = first % blocks * $block;
        const int length = (int) min((long) $block, n - start);
        const int chunks = (length + $chunk - 1) / $chunk;
        const int width = min(chunks, $group);
        const int line = item / width;
        const int column = item - line * width;
        const int has = line < min(share, units - first);
        const long row = has ? (first + line) / blocks : 0;
        const long place = offset + kiln_place(row, axes, rank);
        local $T *own = tile + item * $padded;
        $T before = $nothing;
        for (int done = 0; done < chunks; done += $group) {
          const int at = (done + column) * $chunk;
          from[item] = place + (start + at) * step;
          to[item] = row * n + start + at;
          counts[item] = has ? length - at : 0;
          barrier(CLK_LOCAL_MEM_FENCE);
          $T read[$chunk];
          for (int i = 0; i < $chunk; i++) {
            const int c = down + i * $across;
            read[i] = across < counts[c] ? x[from[c] + across * step] : $nothing;
          }
          for (int i = 0; i < $chunk; i++) {
            tile[(down + i * $across) * $padded + across] = read[i];
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          const $T$chunk v = kiln_scan(vload$chunk(0, own));
          own[$chunk] = v.sf;
          barrier(CLK_LOCAL_MEM_FENCE);
          if (has && column == 0) {
            before = kiln_fold(own + $chunk, $padded, min(width, chunks - done), before);
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          vstore$chunk(kiln_result(($T$chunk) own[$chunk] $op v), 0, own);
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int i = 0; i < $chunk; i++) {
            const int c = down + i * $across;
            if (across < counts[c]) {
              out[to[c] + across] = tile[c * $padded + across];
            }
          }
          barrier(CLK_LOCAL_MEM_FENCE);
        }
      }
      """;

  /** A group has a row in the one, a block in the other. */
  private static final String SHIFTS =
      """

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_before(
          const long blocks,
          const long n,
          global const $T *restrict out,
          global $T *restrict before) {
        local $T tile[$tile];
        const int item = get_local_id(0);
        const long row = get_group_id(0);
        out += row * n;
        before += row * blocks;
        $T result = $nothing;
        for (long done = 0; done < blocks; done += $tile) {
          const int count = (int) min((long) $tile, blocks - done);
          for (int i = item; i < count; i += $group) {
            tile[i] = out[min(n, (done + i + 1) * $block) - 1];
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          if (item == 0) {
            result = kiln_fold(tile, 1, count, result);
          }
          barrier(CLK_LOCAL_MEM_FENCE);
          for (int i = item; i < count; i += $group) {
            before[done + i] = tile[i];
          }
        }
      }

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_shift(
          const long blocks,
          const long n,
          global const $T *restrict before,
          global $T *restrict out) {
        const int item = get_local_id(0);
        const long number = get_group_id(0);
        const long row = number / (blocks - 1);
        const long block = number - row * (blocks - 1) + 1;
        const long start = block * $block;
        const int length = (int) min((long) $block, n - start);
        global $T *at = out + row * n + start;
        const $T offset = before[row * blocks + block];
        for (int i = item; i < length; i += $tile) {
          $T v[$chunk];
          for (int j = 0; j < $chunk; j++) {
            v[j] = i + j * $group < length ? at[i + j * $group] : $nothing;
          }
          for (int j = 0; j < $chunk; j++) {
            if (i + j * $group < length) {
              at[i + j * $group] = kiln_single(offset $op v[j]);
            }
          }
        }
      }
      """;

  /** The functions, with the same left to fill in as {@link CumulativeText} has. */
  static final String TEXT = FOLD + ROWS + SHIFTS;
}
