package dev.kiln.cli.bench.blocks;

import dev.kiln.Blocks;
import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Histogram;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import dev.kiln.cli.bench.PeerFigure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Works through a {@code .npy} file of random float32 numbers from 0 to 1, in rows of 256, that may
 * be larger than the engine's memory. Each answer is checked against what such numbers must give; a
 * wrong one has no figure.
 */
public final class BlocksBench {
  private static final String PEER = "kiln-blocks";
  private static final int COLUMNS = 256;
  private static final int BINS = 100;
  private static final int PRODUCTS = 16;

  /** 4 MiB a block. */
  private static final long BLOCK_ROWS = 1 << 12;

  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private final Engine engine;
  private final Consumer<PeerFigure> figures;
  private final Watcher watcher;

  /** Is told how far something is. */
  @FunctionalInterface
  public interface Watcher {
    /** So many blocks of all are done. */
    void at(String what, long done, long of);
  }

  /** On an engine, whose limit of memory is the point. */
  public BlocksBench(Engine engine, Consumer<PeerFigure> figures, Watcher watcher) {
    this.engine = engine;
    this.figures = figures;
    this.watcher = watcher;
  }

  /** Writes the file, whose blocks a function makes. */
  public void write(Path file, long bytes) {
    long rows = Math.max(1, bytes / (COLUMNS * Float.BYTES));
    long count = Math.ceilDiv(rows, BLOCK_ROWS);
    Blocks made =
        Kiln.blocks(
            count,
            k -> {
              watcher.at("write", k, count);
              return random(k * BLOCK_ROWS, Math.min(rows, (k + 1) * BLOCK_ROWS));
            });
    tell("write", rows, seconds(() -> made.save(file)));
  }

  /** The numbers of some rows: bits of their places, stirred. */
  private NDArray random(long fromRow, long toRow) {
    NDArray place = engine.arange(fromRow * COLUMNS, toRow * COLUMNS);
    NDArray stirred = place.multiply(GOLDEN);
    stirred = stirred.bitwiseXor(stirred.bitwiseRightShift(29)).multiply(GOLDEN);
    NDArray bits = stirred.bitwiseRightShift(32).bitwiseAnd((1 << 24) - 1);
    return bits.astype(DType.FLOAT32).multiply(0x1p-24).reshape(toRow - fromRow, COLUMNS);
  }

  /** Does what is asked for; a filtered copy goes beside the file, and is deleted. */
  public void run(Path file, List<Work> works) {
    NDArray x = engine.load(file);
    if (x.dtype() != DType.FLOAT32 || x.rank() != 2 || x.shape().extent(1) != COLUMNS) {
      throw new KilnException(
          file
              + " holds "
              + x.dtype()
              + x.shape()
              + "; expected a file that kiln bench blocks made, float32 in rows of "
              + COLUMNS);
    }
    long rows = x.shape().extent(0);
    for (Work work : works) {
      tell(work.toString(), rows, seconds(() -> run(work, x, file)));
    }
    figures.accept(
        new PeerFigure("blocks-memory-peak", PEER, engine.mostMemoryInUse() / 1e6, "MB"));
    figures.accept(new PeerFigure("blocks-memory-limit", PEER, engine.memoryLimit() / 1e6, "MB"));
  }

  private void run(Work work, NDArray x, Path file) {
    Blocks blocks = watched(work, x);
    double n = x.size();
    long rows = x.shape().extent(0);
    switch (work) {
      case STATISTICS -> {
        Blocks.Statistics all = blocks.statistics();
        check(work, "mean", all.mean(), 0.5, Math.sqrt(1 / 12.0 / n));
        check(work, "standard deviation", all.std(0), Math.sqrt(1 / 12.0), 1 / Math.sqrt(n));
        check(work, "number", (double) all.count(), n, 0);
      }
      case HISTOGRAM -> {
        Histogram all = blocks.histogram(BINS, 0, 1);
        all.counts().forEach(count -> check(work, "bin", count, n / BINS, Math.sqrt(n / BINS)));
        check(work, "number", (double) all.total(), n, 0);
      }
      case FILTER -> filter(blocks, rows, file.resolveSibling(file.getFileName() + ".filtered"));
      case MATMUL -> {
        NDArray right = engine.full(Shape.of(COLUMNS, PRODUCTS), 1.0).astype(DType.FLOAT32);
        double sum = sum(blocks.map(block -> block.matmul(right)));
        check(work, "mean", sum / PRODUCTS / n, 0.5, Math.sqrt(1 / 12.0 / n));
      }
      case SORT -> {
        double smallest =
            sum(blocks.map(block -> block.sort(1).get(Slice.all(), Slice.at(0)))) / rows;
        check(work, "smallest of a row", smallest, 1.0 / (COLUMNS + 1), 1 / Math.sqrt(n));
      }
    }
  }

  private static double sum(Blocks blocks) {
    return blocks
        .reduce(block -> block.astype(DType.FLOAT64).sum().item(), Double::sum)
        .orElse(0.0);
  }

  /** A file that is deleted in the end. */
  private record Temporary(Path file) implements AutoCloseable {
    @Override
    public void close() {
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new KilnException("cannot delete " + file + ": " + e + "; delete it by hand", e);
      }
    }
  }

  private void filter(Blocks blocks, long rows, Path file) {
    try (Temporary copy = new Temporary(file)) {
      blocks.filter(block -> block.get(Slice.all(), Slice.at(0)).less(0.5)).save(copy.file());
      NDArray kept = engine.load(copy.file());
      check(
          Work.FILTER, "rows", (double) kept.shape().extent(0), rows / 2.0, Math.sqrt(rows / 4.0));
      double largest = kept.get(Slice.of(0, BLOCK_ROWS), Slice.at(0)).max().item();
      if (!(largest < 0.5)) {
        throw new KilnException("filter kept a row that begins with " + largest);
      }
    }
  }

  private Blocks watched(Work work, NDArray x) {
    Blocks blocks = Kiln.blocks(x, BLOCK_ROWS);
    long[] done = new long[1];
    return blocks.map(
        block -> {
          watcher.at(work.toString(), done[0]++, blocks.count());
          return block;
        });
  }

  /** Ten standard deviations do not happen by chance. */
  private static void check(Work work, String what, double found, double expected, double sigma) {
    if (!(Math.abs(found - expected) <= 10 * sigma)) {
      throw new KilnException(
          work + ": the " + what + " is " + found + ", far from the " + expected + " expected");
    }
  }

  private static double seconds(Runnable call) {
    long start = System.nanoTime();
    call.run();
    return (System.nanoTime() - start) / 1e9;
  }

  private void tell(String what, long rows, double seconds) {
    double gigabytes = rows * COLUMNS * Float.BYTES / 1e9;
    figures.accept(new PeerFigure("blocks-" + what, PEER, gigabytes / seconds, "GB/s"));
  }
}
