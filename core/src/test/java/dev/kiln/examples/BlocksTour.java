package dev.kiln.examples;

import dev.kiln.Blocks;
import dev.kiln.Kiln;
import dev.kiln.NDArray;
import dev.kiln.Slice;
import java.nio.file.Path;

/** What the documentation of blocks shows, as code that runs. */
public final class BlocksTour {
  private BlocksTour() {}

  /** Statistics of a file. */
  public static double statistics(Path file) {
    // @start region="statistics"
    Blocks blocks = Kiln.blocks(Kiln.load(file), 100_000); // maps the file, reads nothing yet
    double std = blocks.statistics().std(0);
    // @end
    return std;
  }

  /** A changed copy of a file. */
  public static void filtered(Path file, Path copy) {
    // @start region="filtered"
    NDArray x = Kiln.load(file);
    Kiln.blocks(x, 100_000).map(block -> Kiln.where(block.less(0), 0, block)).save(copy);
    // @end
  }

  /** Some rows of a file. */
  public static void wanted(Path file, Path copy) {
    // @start region="wanted"
    Blocks blocks = Kiln.blocks(Kiln.load(file), 100_000);
    blocks.filter(block -> block.get(Slice.all(), Slice.at(0)).less(0)).save(copy);
    // @end
  }

  /** Sums over a file. */
  public static NDArray total(Path file) {
    // @start region="total"
    Blocks blocks = Kiln.blocks(Kiln.load(file), 100_000);
    NDArray total = blocks.reduce(block -> block.sum(0), NDArray::add).orElseThrow();
    // @end
    return total;
  }
}
