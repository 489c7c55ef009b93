package dev.kiln.cpu.routine;

import dev.kiln.DType;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import java.lang.reflect.Array;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Products of matrices: for each block along the inner axis and each stretch of columns all columns
 * are packed once, and workers take blocks of rows, pack them and go through the tiles. Small
 * products of a batch are shared out whole.
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
      stretch = Math.min(most, ceilDiv(columns, way.columns())) * way.columns();
    }

    /** Bytes of a packed element. */
    private long panelBytes() {
      return Math.max(bytes, dtype.isFloat() ? bytes : Long.BYTES);
    }

    long multiplications() {
      return rows * inner * columns;
    }

    int rightSize() {
      return (int) (stretch * Math.min(inner, Gemm.INNER));
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
        for (long k = 0; k < inner; k += Gemm.INNER) {
          int depth = (int) Math.min(Gemm.INNER, inner - k);
          packColumns(k, depth, column, width, packed, helpers);
          multiply(k, depth, column, width, packed, helpers);
        }
      }
    }

    private void packColumns(long k, int depth, long column, long width, P packed, Crew helpers) {
      int each = way.columns();
      long from = right + k * y.strides()[rank - 2];
      long stride = y.strides()[rank - 1];
      helpers.forEach(
          ceilDiv(width, each),
          panel -> {
            long first = panel * each;
            int count = (int) Math.min(each, width - first);
            long source = from + (column + first) * stride;
            int at = (int) (first * depth);
            way.packColumns(source, y.strides()[rank - 2], stride, depth, count, packed, at);
          });
    }

    private void multiply(long k, int depth, long column, long width, P packed, Crew helpers) {
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
            multiply(bench, k, depth, first, end - first, column, width, packed);
            idle.add(bench);
          });
    }

    private void multiply(
        Bench bench, long k, int depth, long first, long count, long column, long width, P packed) {
      int height = way.rows();
      int across = way.columns();
      long rowStride = x.strides()[rank - 2];
      long stride = x.strides()[rank - 1];
      for (int i = 0; i < count; i += height) {
        way.packRows(
            left + (first + i) * rowStride + k * stride,
            rowStride,
            stride,
            (int) Math.min(height, count - i),
            depth,
            bench.left,
            i * depth);
      }
      long pitch = columns * bytes;
      for (long j = 0; j < width; j += across) {
        int panel = (int) (j * depth);
        int wide = (int) Math.min(across, width - j);
        for (int i = 0; i < count; i += height) {
          int high = (int) Math.min(height, count - i);
          long to = target + (first + i) * pitch + (column + j) * bytes;
          way.tile(bench.left, i * depth, packed, panel, depth, bench.sums);
          way.put(bench.sums, high, wide, to, pitch, k > 0);
        }
      }
    }
  }

  private static long ceilDiv(long a, long b) {
    return (a + b - 1) / b;
  }
}
