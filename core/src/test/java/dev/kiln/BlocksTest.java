package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.examples.BlocksTour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlocksTest {
  private static final long LIMIT = 8L << 20;

  private static Engine engine;

  @BeforeAll
  static void open() {
    engine = Engine.builder().backend("interpreter").threads(2).memoryLimit(LIMIT).build();
  }

  @AfterAll
  static void close() {
    engine.close();
  }

  @Test
  void blocksAreTheRowsAndTheLastHasWhatIsLeft() {
    NDArray x = engine.arange(20).reshape(10, 2);
    Blocks blocks = Kiln.blocks(x, 4);
    assertThat(blocks.count()).isEqualTo(3);
    List<Shape> shapes = new ArrayList<>();
    blocks.forEach(block -> shapes.add(block.shape()));
    assertThat(shapes).containsExactly(Shape.of(4, 2), Shape.of(4, 2), Shape.of(2, 2));
    assertThat(blocks.get(2).compute().toLongArray()).containsExactly(16, 17, 18, 19);
    assertThat(Kiln.blocks(x, 100).count()).isEqualTo(1);
    assertThat(Kiln.blocks(x.get(Slice.of(0, 0)), 4).count()).isZero();
  }

  @Test
  void mappedSortedAndMultipliedBlockByBlock() {
    NDArray x = engine.arange(11, -1, -1).reshape(6, 2);
    Blocks blocks = Kiln.blocks(x, 2);
    NDArray right = engine.array(new long[] {1, 10}).reshape(2, 1);
    List<Long> values = new ArrayList<>();
    blocks
        .map(block -> block.sort(1).matmul(right))
        .forEach(block -> values.add(block.sum().itemLong()));
    assertThat(values).containsExactly(10L + 110 + 8 + 90, 6L + 70 + 4 + 50, 2L + 30 + 0 + 10);
  }

  @Test
  void reductionsAreCombinedInOrder() {
    Blocks blocks = Kiln.blocks(engine.arange(10), 3);
    assertThat(blocks.reduce(block -> "" + block.sum().itemLong(), (a, b) -> a + " " + b))
        .contains("3 12 21 9");
    assertThat(Kiln.blocks(0, k -> engine.arange(1)).reduce(NDArray::size, Long::sum)).isEmpty();
  }

  @Test
  void aFileLargerThanTheEnginesMemoryIsWorkedThrough(@TempDir Path folder) {
    Path file = folder.resolve("large.npy");
    long rows = 250_000;
    int blockRows = 20_000;
    // 16 MB in an engine of 8: made by a function, block by block.
    Kiln.blocks(
            rows / 10_000,
            k ->
                engine
                    .arange(10_000 * 8)
                    .add(k * 10_000 * 8)
                    .astype(DType.FLOAT64)
                    .reshape(10_000, 8))
        .save(file);
    assertThat(engine.memoryInUse()).isLessThan(LIMIT);
    NDArray x = engine.load(file);
    assertThat(x.shape()).isEqualTo(Shape.of(rows, 8));
    assertThat(x.size() * 8).isGreaterThan(LIMIT);
    Blocks blocks = Kiln.blocks(x, blockRows);
    Blocks.Statistics all = blocks.statistics();
    double n = rows * 8;
    assertThat(all.count()).isEqualTo(rows * 8);
    assertThat(all.mean()).isCloseTo((n - 1) / 2, within(1e-6));
    assertThat(all.std(0)).isCloseTo(Math.sqrt((n * n - 1) / 12), within(1e-6));
    assertThat(all.min()).isZero();
    assertThat(all.max()).isEqualTo(n - 1);
    // A histogram of four bins.
    long[] below =
        blocks
            .reduce(
                block -> {
                  long[] counts = new long[4];
                  for (int bin = 0; bin < 4; bin++) {
                    counts[bin] = block.less((bin + 1) * n / 4).countNonzero().itemLong();
                  }
                  return counts;
                },
                (a, b) -> {
                  long[] sum = new long[4];
                  for (int bin = 0; bin < 4; bin++) {
                    sum[bin] = a[bin] + b[bin];
                  }
                  return sum;
                })
            .orElseThrow();
    assertThat(below).containsExactly(500_000, 1_000_000, 1_500_000, 2_000_000);
    // A filtered copy: of each block the rows that begin with a multiple of 16.
    Path copy = folder.resolve("copy.npy");
    blocks.map(block -> block.get(Slice.all().by(2))).save(copy);
    NDArray filtered = engine.load(copy);
    assertThat(filtered.shape()).isEqualTo(Shape.of(rows / 2, 8));
    assertThat(filtered.get(Slice.of(rows / 2 - 1, rows / 2), Slice.at(0)).sum().item())
        .isEqualTo(n - 16);
  }

  @Test
  void examplesRun(@TempDir Path folder) {
    Path file = folder.resolve("x.npy");
    Kiln.save(file, Kiln.array(new double[] {-1, 1, 3}));
    assertThat(BlocksTour.statistics(file)).isCloseTo(Math.sqrt(8.0 / 3), within(1e-15));
    Path copy = folder.resolve("copy.npy");
    BlocksTour.filtered(file, copy);
    assertThat(Kiln.load(copy).toDoubleArray()).containsExactly(0, 1, 3);
  }

  @Test
  void mistakesAreTold(@TempDir Path folder) {
    assertThatThrownBy(() -> Kiln.blocks(engine.arange(3), 0)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> Kiln.blocks(engine.scalar(3.0), 1)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> Kiln.blocks(engine.arange(3), 2).get(2))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("block 2 of 2");
    assertThatThrownBy(() -> Kiln.blocks(0, k -> engine.arange(1)).statistics())
        .isInstanceOf(KilnException.class);
    Path file = folder.resolve("file.npy");
    assertThatThrownBy(
            () -> Kiln.blocks(2, k -> engine.arange(2 * (k + 1)).reshape(2, k + 1)).save(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("block 1");
    assertThat(Files.exists(file)).isFalse();
    assertThatThrownBy(() -> Kiln.blocks(0, k -> engine.arange(1)).save(file))
        .isInstanceOf(KilnException.class);
  }
}
