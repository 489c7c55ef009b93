package dev.kiln.opencl.source;

import dev.kiln.DType;

/**
 * Stable sorting on GPUs: a group of work-items orders a tile of elements in local memory, so that
 * neighbours read neighbouring elements, and mostly write such.
 *
 * <p>{@code kiln_group_short} sorts sequences of up to a tile, a group each. Longer ones go by
 * digits as on processors, a tile being a block: {@code kiln_group_count}, {@code kiln_group_sums},
 * {@code kiln_group_move}. A group has as many work-items as a digit has values, so each sees to
 * one of these where counts are concerned.
 *
 * <p>What is put in order is numbers: an element's place in the tile, and above its lower 16 bits
 * the digit. All is done by four bits at a time, in {@code kiln_split}. Loops over what a work-item
 * has of its own are as long in each launch, so that compilers keep it in registers.
 */
public final class SortGroupText {
  /** Work-items of a group. */
  public static final int GROUP = SortText.VALUES;

  /** The rows of a table of one number each work-item, and how far apart these are. */
  private static final int LINES = 16;

  /** Copies of the table of counts, so that work-items seldom wait for each other. */
  private static final int COPIES = 8;

  private SortGroupText() {}

  /** Elements of a tile. */
  public static int tile(DType dtype) {
    return GROUP * each(dtype);
  }

  /**
   * Elements of a tile for each work-item, so that all takes less than the 32 KiB of local memory
   * that each device has. It is odd, so that what work-items read at once is in different banks, at
   * least the nine counters that {@code kiln_split} has for each, and at most 16.
   */
  private static int each(DType dtype) {
    return dtype.bytes() == 8 ? 9 : 13;
  }

  /** The functions, with the same left to fill in as {@link SortText} has. */
  static String of(DType dtype) {
    return (READ + BEFORE + SPLIT + ORDER + SHORTS + COUNTS + MOVE)
        .replace("$each", Integer.toString(each(dtype)))
        .replace("$tile", Integer.toString(tile(dtype)))
        .replace("$bits", Integer.toString(dtype.bytes() * Byte.SIZE))
        .replace("$group", Integer.toString(GROUP))
        .replace("$table", Integer.toString(LINES * (LINES + 1)))
        .replace("$line", Integer.toString(LINES))
        .replace("$apart", Integer.toString(LINES + 1))
        .replace("$copies", Integer.toString(COPIES))
        .replace("$beside", Integer.toString(GROUP + 1));
  }

  /** All that a work-item reads is on its way before any of it is waited for. */
  private static final String READ =
      """

      static void kiln_read(
          global const $U *x, const long step, const int length, local $U *elements) {
        const int item = get_local_id(0);
        $U read[$each];
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          const int i = item + k * $group;
          read[k] = i < length ? x[i * step] : 0;
        }
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          elements[item + k * $group] = read[k];
        }
      }
      """;

  /**
   * What the work-items before this one have, and what all have. The table has lines, each with its
   * sum behind it. Between two calls there must be a barrier.
   */
  private static final String BEFORE =
      """

      static INDEX kiln_before(const INDEX own, local INDEX *table, INDEX *all) {
        const int item = get_local_id(0);
        table[item + item / $line] = own;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (item < $line) {
          local INDEX *line = table + item * $apart;
          INDEX numbers[$line];
          #pragma unroll
          for (int i = 0; i < $line; i++) {
            numbers[i] = line[i];
          }
          INDEX sum = 0;
          #pragma unroll
          for (int i = 0; i < $line; i++) {
            line[i] = sum;
            sum += numbers[i];
          }
          line[$line] = sum;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        INDEX before = table[item + item / $line];
        INDEX sum = 0;
        #pragma unroll
        for (int i = 0; i < $line; i++) {
          before += i == item / $line ? sum : 0;
          sum += table[i * $apart + $line];
        }
        *all = sum;
        return before;
      }
      """;

  /**
   * Puts numbers in order by four of their bits, stably: a work-item's own ones follow each other,
   * before in what it has and then in the pool. Before and after, nobody reads or writes that.
   *
   * <p>In the pool each work-item counts first, in eight counters for two values each: the upper
   * eight values have the upper halves. A ninth is always zero: it keeps the nine in a row that a
   * work-item then adds up in different banks. What was counted before a number, at most 15, is
   * kept in its highest bits: a register more for each is what there is no room for.
   */
  private static final String SPLIT =
      """

      static __attribute__((always_inline)) void kiln_split(
          uint *own, const int each, const int shift, local uint *pool, local INDEX *table) {
        const int item = get_local_id(0);
        #pragma unroll
        for (int i = 0; i < 9; i++) {
          pool[item + i * $group] = 0;
        }
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          if (k < each) {
            const uint value = own[k] >> shift & 15;
            const uint upper = value / 8 * 16;
            const int at = item + value % 8 * $group;
            const uint count = pool[at];
            own[k] |= count >> upper << 28;
            pool[at] = count + (1u << upper);
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        local uint *row = pool + item * 9;
        uint counts[9];
        uint sum = 0;
        #pragma unroll
        for (int i = 0; i < 9; i++) {
          counts[i] = row[i];
          sum += counts[i];
        }
        INDEX all;
        uint before = kiln_before(sum, table, &all);
        before += (uint) all << 16;
        #pragma unroll
        for (int i = 0; i < 9; i++) {
          row[i] = before;
          before += counts[i];
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        uint ranks[$each];
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          if (k < each) {
            const uint value = own[k] >> shift & 15;
            const uint count = pool[item + value % 8 * $group] >> value / 8 * 16 & 0xffff;
            ranks[k] = count + (own[k] >> 28);
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          if (k < each) {
            pool[ranks[k]] = own[k] & 0xfffffff;
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
      }
      """;

  /**
   * Puts numbers in order by their digits, and each work-item has its own ones of that order, as
   * the pool has them. Nothing is called here: what a work-item has would be in memory.
   */
  private static final String ORDER =
      """

      static __attribute__((always_inline)) void kiln_order(
          uint *own, const int each, local uint *pool, local INDEX *table) {
        const int item = get_local_id(0);
        #pragma unroll 1
        for (int shift = 16; shift < 24; shift += 4) {
          kiln_split(own, each, shift, pool, table);
          #pragma unroll
          for (int k = 0; k < $each; k++) {
            if (k < each) {
              own[k] = pool[item * each + k];
            }
          }
          barrier(CLK_LOCAL_MEM_FENCE);
        }
      }
      """;

  /** Work-items have fewer elements where a sequence is shorter; what lies beyond it stays last. */
  private static final String SHORTS =
      """

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_short(
          const long n,
          const long inner,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global $R *restrict out) {
        local $U elements[$tile];
        local uint pool[$tile];
        local INDEX table[$table];
        const int item = get_local_id(0);
        const long row = get_group_id(0);
        const int length = (int) n;
        const int each = (length + $group - 1) / $group;
        kiln_read(x + offset + kiln_place(row, axes, rank), step, length, elements);
        uint own[$each];
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          own[k] = item * each + k;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        #pragma unroll 1
        for (int bit = 0; bit < $bits; bit += 8) {
          #pragma unroll
          for (int k = 0; k < $each; k++) {
            if (k < each) {
              const uint i = own[k] & 0xffff;
              const uint value = i < length ? kiln_key(elements[i]) >> bit & $last : $last;
              own[k] = value << 16 | i;
            }
          }
          kiln_order(own, each, pool, table);
        }
        const long outer = row / inner;
        global $R *to = out + outer * n * inner + (row - outer * inner);
        for (int j = item; j < length; j += $group) {
          const int i = pool[j] & 0xffff;
          to[j * inner] = kiln_result(elements[i], i);
        }
      }
      """;

  /**
   * A block's counts are neighbours. In the second function a work-item adds those of one value up,
   * going through a share of the blocks; so a group, which shares all blocks among walkers, has as
   * many groups beside it for the other values.
   */
  private static final String COUNTS =
      """

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_count(
          const long shift,
          const long blocks,
          const long n,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global INDEX *restrict counts) {
        local uint table[$copies * $beside];
        const int item = get_local_id(0);
        const long group = get_group_id(0);
        const long row = group / blocks;
        const long start = (group - row * blocks) * $tile;
        const int length = (int) min((long) $tile, n - start);
        global const $U *from = x + offset + kiln_place(row, axes, rank) + start * step;
        $U read[$each];
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          const int i = item + k * $group;
          read[k] = i < length ? from[i * step] : 0;
        }
        for (int i = item; i < $copies * $beside; i += $group) {
          table[i] = 0;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        local uint *count = table + item % $copies * $beside;
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          if (item + k * $group < length) {
            atomic_inc(count + (kiln_key(read[k]) >> shift & $last));
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        uint sum = 0;
        for (int copy = 0; copy < $copies; copy++) {
          sum += table[copy * $beside + item];
        }
        counts[group * $values + item] = sum;
      }

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_sums(
          const long blocks,
          const long walkers,
          global INDEX *restrict counts,
          global INDEX *restrict totals) {
        local INDEX sums[$group];
        const int item = get_local_id(0);
        const int width = $group / (int) walkers;
        const int walker = item / width;
        const long group = get_group_id(0);
        const long row = group / walkers;
        const int value = (int) (group - row * walkers) * width + item % width;
        const long share = (blocks + walkers - 1) / walkers;
        const long first = walker * share;
        const long last = min(blocks, first + share);
        global INDEX *count = counts + row * blocks * $values + value;
        INDEX sum = 0;
        #pragma unroll 8
        for (long block = first; block < last; block++) {
          sum += count[block * $values];
        }
        sums[item] = sum;
        barrier(CLK_LOCAL_MEM_FENCE);
        if (walker == 0) {
          INDEX total = 0;
          for (int i = item; i < $group; i += width) {
            const INDEX own = sums[i];
            sums[i] = total;
            total += own;
          }
          totals[row * $values + value] = total;
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        INDEX before = sums[item];
        #pragma unroll 8
        for (long block = first; block < last; block++) {
          const INDEX own = count[block * $values];
          count[block * $values] = before;
          before += own;
        }
      }
      """;

  /**
   * A block in order has runs of elements with the same digit. What is added to a place in the
   * block to make one in the sequence depends on the run alone.
   */
  private static final String MOVE =
      """

      kernel __attribute__((reqd_work_group_size($group, 1, 1))) void kiln_group_move(
          const long shift,
          const long blocks,
          const long n,
          global const $U *restrict x,
          const long offset,
          global const long *restrict axes,
          const long rank,
          const long step,
          global const INDEX *restrict counts,
          global const INDEX *restrict totals,
          const long inner,
          global $U *restrict out$parameters {
        local $U elements[$tile];
        local uint pool[$tile];
        local INDEX table[$table];
        local INDEX runs[$values];
        const int item = get_local_id(0);
        const long group = get_group_id(0);
        const long row = group / blocks;
        const long start = (group - row * blocks) * $tile;
        const int length = (int) min((long) $tile, n - start);
        const INDEX total = totals[row * $values + item];
        const INDEX count = counts[group * $values + item];
        kiln_read(
            x + offset + kiln_place(row, axes, rank) + start * step, step, length, elements);
        INDEX all;
        runs[item] = kiln_before(total, table, &all) + count;
        uint own[$each];
        #pragma unroll
        for (int k = 0; k < $each; k++) {
          const int i = item * $each + k;
          const uint value = i < length ? kiln_key(elements[i]) >> shift & $last : $last;
          own[k] = value << 16 | i;
        }
        kiln_order(own, $each, pool, table);
        for (int j = item; j < length; j += $group) {
          const uint value = pool[j] >> 16;
          if (j == 0 || pool[j - 1] >> 16 != value) {
            runs[value] -= j;
          }
        }
        barrier(CLK_LOCAL_MEM_FENCE);
        const long outer = row / inner;
        const long base = outer * n * inner + (row - outer * inner);
        #pragma unroll 4
        for (int j = item; j < length; j += $group) {
          const uint number = pool[j];
          const long i = start + (number & 0xffff);
          const $U element = elements[number & 0xffff];
          const long at = base + (runs[number >> 16] + j) * inner;
          $put
        }
      }
      """;
}
