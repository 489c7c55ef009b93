package dev.kiln.cpu.routine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * What radix sort moves: keys, and where they were. Records are in Java arrays wherever they are
 * looked at one by one: the JIT compiler makes quick code of such loops soonest, and they are not
 * slow before that, where an access to memory by address takes a hundred times longer.
 *
 * @param order makes keys of elements; a key is an unsigned number
 */
record Records(SortOrder order, Form form) {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;
  private static final long PLACE = 0xffff_ffffL;

  /** The most records that are put in order by inserting one after the other. */
  private static final int SHORT_RUN = 24;

  /** What a record is. */
  enum Form {
    /** A key. */
    KEY(1),
    /** A key of 32 bits above a place of 32 bits. */
    PACKED_PLACE(1),
    /** A key, and its place after it. */
    PLACE(2);

    /** Numbers of 64 bits. */
    final int longs;

    Form(int longs) {
      this.longs = longs;
    }
  }

  /** Bytes of a record. */
  int bytes() {
    return form.longs * Long.BYTES;
  }

  /** Copies records from memory. */
  void read(long from, int count, long[] to) {
    MemorySegment.copy(Raw.ALL, LONG, from, to, 0, count * form.longs);
  }

  /** Copies records to memory. */
  void write(long[] from, int first, int count, long to) {
    MemorySegment.copy(from, first * form.longs, Raw.ALL, LONG, to, count * form.longs);
  }

  /**
   * Makes the records of some elements.
   *
   * @param x the first of the whole sequence
   * @param first the number of the first of these
   * @param elements room for as many
   */
  void encode(long x, long stride, long first, int count, long[] to, int[] elements) {
    keys(x + first * stride, stride, count, to, elements);
    switch (form) {
      case KEY -> {}
      case PACKED_PLACE -> {
        for (int i = 0; i < count; i++) {
          to[i] = to[i] << 32 | (first + i);
        }
      }
      case PLACE -> {
        for (int i = count - 1; i >= 0; i--) {
          to[2 * i] = to[i];
          to[2 * i + 1] = first + i;
        }
      }
    }
  }

  private void keys(long from, long stride, int count, long[] to, int[] elements) {
    if (order.bytes() == Long.BYTES && stride == Long.BYTES) {
      MemorySegment.copy(Raw.ALL, LONG, from, to, 0, count);
      for (int i = 0; i < count; i++) {
        to[i] = order.keyOf(to[i]);
      }
    } else if (order.bytes() == Integer.BYTES && stride == Integer.BYTES) {
      MemorySegment.copy(Raw.ALL, INT, from, elements, 0, count);
      for (int i = 0; i < count; i++) {
        to[i] = order.keyOf(elements[i]) & PLACE;
      }
    } else {
      for (int i = 0; i < count; i++) {
        to[i] = order.key(from + i * stride);
      }
    }
  }

  /**
   * Stores the elements of records, or where they were; the records are lost.
   *
   * @param elements room for as many
   */
  void decode(long[] from, int count, long out, long stride, int[] elements) {
    switch (form) {
      case KEY -> {
        decodeKeys(from, count, out, stride, elements);
        return;
      }
      case PACKED_PLACE -> {
        for (int i = 0; i < count; i++) {
          from[i] &= PLACE;
        }
      }
      case PLACE -> {
        for (int i = 0; i < count; i++) {
          from[i] = from[2 * i + 1];
        }
      }
    }
    store(from, count, out, stride);
  }

  private void decodeKeys(long[] from, int count, long out, long stride, int[] elements) {
    if (order.isWide()) {
      for (int i = 0; i < count; i++) {
        from[i] = order.elementOf(from[i]);
      }
      store(from, count, out, stride);
    } else if (order.bytes() == Integer.BYTES && stride == Integer.BYTES) {
      for (int i = 0; i < count; i++) {
        elements[i] = order.elementOf((int) from[i]);
      }
      MemorySegment.copy(elements, 0, Raw.ALL, INT, out, count);
    } else {
      for (int i = 0; i < count; i++) {
        order.put((int) from[i], out + i * stride);
      }
    }
  }

  private static void store(long[] from, int count, long out, long stride) {
    if (stride == Long.BYTES) {
      MemorySegment.copy(from, 0, Raw.ALL, LONG, out, count);
    } else {
      for (int i = 0; i < count; i++) {
        Raw.setLong(out + i * stride, from[i]);
      }
    }
  }

  // Loops for records of one number and of two: with steps that are not constant the JIT compiler
  // leaves checks in.

  /** The bits in which keys differ from one. */
  long differing(long[] records, int first, int count, long key) {
    long differing = 0;
    if (form.longs == 1) {
      for (int i = first; i < first + count; i++) {
        differing |= records[i] ^ key;
      }
    } else {
      for (int i = 2 * first; i < 2 * (first + count); i += 2) {
        differing |= records[i] ^ key;
      }
    }
    return form == Form.PACKED_PLACE ? differing & ~PLACE : differing;
  }

  /**
   * Counts how often each value of a digit occurs; adds to what is there.
   *
   * @param shift the digit's lowest bit
   * @param counts as many as the digit has values, a power of two
   */
  void count(long[] records, int first, int count, int shift, int[] counts) {
    if (form.longs == 1) {
      for (int i = first; i < first + count; i++) {
        counts[(int) (records[i] >>> shift) & (counts.length - 1)]++;
      }
    } else {
      for (int i = 2 * first; i < 2 * (first + count); i += 2) {
        counts[(int) (records[i] >>> shift) & (counts.length - 1)]++;
      }
    }
  }

  /**
   * Moves records to where their digit's value says, which moves on.
   *
   * @param next the number of a record for each value of the digit
   */
  void scatter(long[] records, int first, int count, int shift, int[] next, long[] to) {
    if (form.longs == 1) {
      for (int i = first; i < first + count; i++) {
        to[next[(int) (records[i] >>> shift) & (next.length - 1)]++] = records[i];
      }
    } else {
      for (int i = 2 * first; i < 2 * (first + count); i += 2) {
        int at = 2 * next[(int) (records[i] >>> shift) & (next.length - 1)]++;
        to[at] = records[i];
        to[at + 1] = records[i + 1];
      }
    }
  }

  /**
   * Moves records so that those of a group are together, in their order.
   *
   * @param groups the group of each value of the digit, of which there is a power of two
   * @param ends takes where each group ends
   * @param count how many groups there are
   */
  void deal(long[] records, int n, int shift, char[] groups, int[] ends, int count, long[] to) {
    Arrays.fill(ends, 0, count, 0);
    int longs = form.longs;
    for (int i = 0; i < n; i++) {
      ends[groups[(int) (records[i * longs] >>> shift) & (groups.length - 1)]]++;
    }
    int first = 0;
    for (int group = 0; group < count; group++) {
      int size = ends[group];
      ends[group] = first;
      first += size;
    }
    if (longs == 1) {
      for (int i = 0; i < n; i++) {
        to[ends[groups[(int) (records[i] >>> shift) & (groups.length - 1)]]++] = records[i];
      }
    } else {
      for (int i = 0; i < 2 * n; i += 2) {
        int at = 2 * ends[groups[(int) (records[i] >>> shift) & (groups.length - 1)]]++;
        to[at] = records[i];
        to[at + 1] = records[i + 1];
      }
    }
  }

  /**
   * Puts records in order that are so by the bits from one on, run by run of those that agree in
   * them; up to the first run that is too long for that.
   *
   * @param shift the lowest bit by which they are in order
   * @return the number of the first record of the long run; {@code end} where there is none
   */
  int settle(long[] records, int first, int end, int shift) {
    for (int i = first; i < end; ) {
      int run = run(records, i, end, shift);
      if (run > SHORT_RUN) {
        return i;
      }
      for (int next = i + 1; next < i + run; next++) {
        insert(records, i, next);
      }
      i += run;
    }
    return end;
  }

  /** Puts a record where it belongs among those before it. */
  private void insert(long[] records, int first, int number) {
    int longs = form.longs;
    int at = number * longs;
    long key = records[at];
    long last = records[at + longs - 1];
    while (at > first * longs && Long.compareUnsigned(records[at - longs], key) > 0) {
      records[at] = records[at - longs];
      records[at + longs - 1] = records[at - 1];
      at -= longs;
    }
    records[at] = key;
    records[at + longs - 1] = last;
  }

  /** How many records from one on agree with it in the bits from the shift on. */
  int run(long[] records, int first, int end, int shift) {
    int longs = form.longs;
    long key = records[first * longs];
    int next = first + 1;
    while (next < end && (records[next * longs] ^ key) >>> shift == 0) {
      next++;
    }
    return next - first;
  }
}
