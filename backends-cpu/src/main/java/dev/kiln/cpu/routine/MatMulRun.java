package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.lang.reflect.Array;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Products of matrices: a stretch of columns is packed once, for as many blocks along the inner
 * axis as there is room for, and workers take blocks of rows, pack them and go through the tiles.
 * Small products of a batch are shared out whole.
 *
 * @param <P> the arrays that rows are packed into
 */
final class MatMulRun<P> implements RoutineExecutable {
  /** Bytes of packed columns at once, which all workers read from the last cache. */
  private static final int RIGHT_BYTES = 4 << 20;

  /** Bytes of packed rows at once: with a panel of columns they stay in a worker's own cache. */
  private static final int LEFT_BYTES = 220 << 10;

  /** Multiplications below which a product is not worth waking a worker for. */
  private static final long FEW = 1 << 19;

  private final DType dtype;
  private final int bytes;
  private final Hot<Gemm<P>> gemm;
  private final Crew crew;
  private final ConcurrentLinkedQueue<Bench> idle = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<P> rights = new ConcurrentLinkedQueue<>();

  MatMulRun(DType dtype, Hot<Gemm<P>> gemm, Crew crew) {
    this.dtype = dtype;
    this.bytes = dtype.bytes();
    this.gemm = gemm;
    this.crew = crew;
  }

  @Override
  public String describe() {
    Gemm<P> way = gemm.get();
    return gemm.describe() + " in tiles of " + way.rows() + " by " + way.columns();
  }

  @Override
  public void launch(RoutineLaunch launch) {
    Placed x = Placed.input(launch.inputs().getFirst());
    Placed y = Placed.input(launch.inputs().getLast());
    Placed out = Placed.output(launch.output());
    Gemm<P> way = gemm.get();
    Product product = new Product(way, x, y, out);
    long products = x.count(0, x.extents().length - 2);
    boolean small = product.multiplications() < FEW;
    boolean whole = products > 1 && (small || products >= 4L * crew.count());
    int rightSize = product.rightSize();
    if (whole) {
      // Each member of the crew packs for itself, and takes a share of the products.
      long members = Math.min(products, crew.count());
      long each = (products + members - 1) / members;
      crew.forEach(
          members,
          member -> {
            P right = takeRight(way, rightSize);
            long end = Math.min(products, (member + 1) * each);
            for (long p = member * each; p < end; p++) {
              product.at(p).run(right, Crew.alone());
            }
            rights.add(right);
          });
    } else {
      P right = takeRight(way, rightSize);
      for (long p = 0; p < products; p++) {
        product.at(p).run(right, small ? Crew.alone() : crew);
      }
      rights.add(right);
    }
  }

  private P takeRight(Gemm<P> way, int size) {
    P right = rights.poll();
    return right != null && Array.getLength(right) >= size ? right : way.panel(size);
  }

  /** What one worker needs: packed rows, and a tile. */
  private final class Bench {
    final Gemm<P> way;
    final P left;
    final P sums;

    Bench(Gemm<P> way) {
      this.way = way;
      left = way.panel((mostRows(way) + way.rows()) * Gemm.INNER);
      sums = way.panel(way.rows() * way.columns());
    }
  }

  private int mostRows(Gemm<P> way) {
    int rows = LEFT_BYTES / (Gemm.INNER * bytes);
    return Math.max(1, rows / way.rows()) * way.rows();
  }

  private Bench take(Gemm<P> way) {
    Bench bench = idle.poll();
    // One of scalar code is of no use once the vector code is hot.
    return bench != null && bench.way.equals(way) ? bench : new Bench(way);
  }

  /** One product of a launch. */
  private final class Product {
    private final Gemm<P> way;
    private final Placed x;
    private final Placed y;
    private final Placed out;
    private final int rank;
    private final long rows;
    private final long inner;
    private final long columns;
    private final long stretch;
    private final long deep;
    private long left;
    private long right;
    private long target;

    Product(Gemm<P> way, Placed x, Placed y, Placed out) {
      this.way = way;
      this.x = x;
      this.y = y;
      this.out = out;
      rank = x.extents().length;
      rows = x.extents()[rank - 2];
      inner = x.extents()[rank - 1];
      columns = y.extents()[rank - 1];
      long most = RIGHT_BYTES / (Gemm.INNER * panelBytes());
      long panels = Math.max(1, most / way.columns());
      stretch = Math.min(panels, ceilDiv(columns, way.columns())) * way.columns();
      deep = Math.max(1, most / stretch) * Gemm.INNER;
    }

    /** Bytes of a packed element. */
    private long panelBytes() {
      return Math.max(bytes, dtype.isFloat() ? bytes : Long.BYTES);
    }

    long multiplications() {
      return rows * inner * columns;
    }

    int rightSize() {
      return (int) (stretch * Math.min(inner, deep));
    }

    /** The product of that number. */
    Product at(long number) {
      Product product = new Product(way, x, y, out);
      product.left = x.address() + x.distance(0, rank - 2, number);
      product.right = y.address() + y.distance(0, rank - 2, number);
      product.target = out.address() + number * rows * columns * bytes;
      return product;
    }

    void run(P packed, Crew helpers) {
      for (long column = 0; column < columns; column += stretch) {
        long width = Math.min(stretch, columns - column);
        for (long k = 0; k < inner; k += deep) {
          Part part = new Part(k, Math.min(deep, inner - k), column, width, packed);
          pack(part, helpers);
          multiply(part, helpers);
        }
      }
    }

    private void pack(Part part, Crew helpers) {
      long stride = y.strides()[rank - 2];
      long columnStride = y.strides()[rank - 1];
      long panels = ceilDiv(part.width, way.columns());
      helpers.forEach(
          panels * part.blocks(),
          task -> {
            long block = task / panels;
            long first = task % panels * way.columns();
            int count = (int) Math.min(way.columns(), part.width - first);
            long row = part.k + block * Gemm.INNER;
            long from = right + row * stride + (part.column + first) * columnStride;
            int depth = part.depth(block);
            int at = part.panel(block, first);
            way.packColumns(from, stride, columnStride, depth, count, part.packed, at);
          });
    }

    private void multiply(Part part, Crew helpers) {
      int height = way.rows();
      // As many blocks for each worker and as many tiles in each, so that none waits for the last.
      long panels = ceilDiv(rows, height);
      long least = ceilDiv(rows, mostRows(way));
      long blocks = Math.min(panels, ceilDiv(least, helpers.count()) * helpers.count());
      helpers.forEach(
          blocks,
          block -> {
            Bench bench = take(way);
            long first = panels * block / blocks * height;
            long end = Math.min(rows, panels * (block + 1) / blocks * height);
            for (long b = 0; b < part.blocks(); b++) {
              multiply(bench, part, b, first, end - first);
            }
            idle.add(bench);
          });
    }

    /** Rows by a part's block. */
    private void multiply(Bench bench, Part part, long block, long first, long count) {
      int height = way.rows();
      int across = way.columns();
      int depth = part.depth(block);
      long k = part.k + block * Gemm.INNER;
      long rowStride = x.strides()[rank - 2];
      long stride = x.strides()[rank - 1];
      for (int i = 0; i < count; i += height) {
        int high = (int) Math.min(height, count - i);
        long from = left + (first + i) * rowStride + k * stride;
        way.packRows(from, rowStride, stride, high, depth, bench.left, i * Gemm.INNER);
      }
      long pitch = columns * bytes;
      for (long j = 0; j < part.width; j += across) {
        int panel = part.panel(block, j);
        int wide = (int) Math.min(across, part.width - j);
        for (int i = 0; i < count; i += height) {
          int high = (int) Math.min(height, count - i);
          long to = target + (first + i) * pitch + (part.column + j) * bytes;
          way.tile(bench.left, i * Gemm.INNER, part.packed, panel, depth, high, wide, bench.sums);
          way.put(bench.sums, high, wide, to, pitch, k > 0);
        }
      }
    }

    /** The columns that are packed at a time: blocks of the inner axis, each of panels. */
    private final class Part {
      final long k;
      final long inner;
      final long column;
      final long width;
      final P packed;

      Part(long k, long inner, long column, long width, P packed) {
        this.k = k;
        this.inner = inner;
        this.column = column;
        this.width = width;
        this.packed = packed;
      }

      long blocks() {
        return ceilDiv(inner, Gemm.INNER);
      }

      int depth(long block) {
        return (int) Math.min(Gemm.INNER, inner - block * Gemm.INNER);
      }

      /** Where a block's panel lies that begins with that column. */
      int panel(long block, long first) {
        return (int) (block * Gemm.INNER * stretch + first * depth(block));
      }
    }
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }
}
