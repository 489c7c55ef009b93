package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.kiln.examples.BlocksTour;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
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
  void mapBlocksIsTheMapOfTheBlocks() {
    NDArray x = engine.arange(10);
    Blocks doubled = Kiln.mapBlocks(x, 4, block -> block.multiply(2));
    List<long[]> values = new ArrayList<>();
    doubled.forEach(block -> values.add(block.toLongArray()));
    assertThat(values)
        .containsExactly(new long[] {0, 2, 4, 6}, new long[] {8, 10, 12, 14}, new long[] {16, 18});
    assertThatThrownBy(() -> Kiln.mapBlocks(x, 0, block -> block))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("blocks of 0 rows");
  }

  @Test
  void reductionsAreCombinedInOrder() {
    Blocks blocks = Kiln.blocks(engine.arange(10), 3);
    assertThat(blocks.reduce(block -> "" + block.sum().itemLong(), (a, b) -> a + " " + b))
        .contains("3 12 21 9");
    assertThat(Kiln.blocks(0, k -> engine.arange(1)).reduce(NDArray::size, Long::sum)).isEmpty();
  }

  @Test
  void aBlockMayBeItsOwnValue() {
    NDArray x = engine.arange(12);
    Blocks some = Kiln.blocks(x, 5).filter(block -> block.greater(2));
    NDArray all = some.reduce(block -> block, (a, b) -> Kiln.concat(0, a, b)).orElseThrow();
    assertThat(all.toLongArray()).containsExactly(3, 4, 5, 6, 7, 8, 9, 10, 11);
    NDArray last = some.reduce(block -> block, (a, b) -> b).orElseThrow();
    assertThat(last.toLongArray()).containsExactly(10, 11);
  }

  @Test
  void infinitiesHaveTheMeanOfTheWholeArray() {
    double infinity = Double.POSITIVE_INFINITY;
    double[][] cases = {
      {infinity, 1, 2, infinity},
      {infinity, 1, 2, 3},
      {1, 2, -infinity, 3},
      {infinity, 1, -infinity, 2},
      {1, Double.NaN, infinity, 2},
    };
    for (double[] values : cases) {
      NDArray x = engine.array(values);
      for (int rows : new int[] {1, 2, 3, 4}) {
        Blocks.Statistics statistics = Kiln.blocks(x, rows).statistics();
        assertThat(statistics.mean())
            .as("%s by %d", Arrays.toString(values), rows)
            .isEqualTo(Double.valueOf(x.mean().item()));
        assertThat(statistics.min()).isEqualTo(Double.valueOf(x.min().item()));
        assertThat(statistics.max()).isEqualTo(Double.valueOf(x.max().item()));
      }
    }
  }

  @Test
  void numbersTooFarApartForADifferenceHaveAMean() {
    NDArray x = engine.array(new double[] {1e308, -1e308, 1e308, -1e308});
    assertThat(Kiln.blocks(x, 1).statistics().mean()).isCloseTo(0, within(1e293));
  }

  @Test
  void statisticsAreOfAnyNumbers() {
    Blocks.Statistics bools =
        Kiln.blocks(engine.array(new boolean[] {true, false, true, true}), 2).statistics();
    assertThat(bools.mean()).isEqualTo(0.75);
    assertThat(bools.min()).isZero();
    long large = (1L << 53) + 1;
    Blocks.Statistics integers =
        Kiln.blocks(engine.array(new long[] {large, -large, 0}), 2).statistics();
    assertThat(integers.max()).isEqualTo(0x1p53);
    assertThat(integers.min()).isEqualTo(-0x1p53);
    NDArray unsigned = engine.array(new long[] {-1, 0}).astype(DType.UINT64);
    assertThat(Kiln.blocks(unsigned, 1).statistics().max())
        .isEqualTo(unsigned.astype(DType.FLOAT64).max().item());
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
    assertThat(blocks.histogram(4, 0, n).counts())
        .containsExactly(500_000L, 500_000L, 500_000L, 500_000L);
    // Sorted, and multiplied by something small.
    NDArray right = engine.arange(16).astype(DType.FLOAT64).reshape(8, 2);
    NDArray product =
        blocks
            .reduce(block -> block.sort(0, true).matmul(right).sum(0), NDArray::add)
            .orElseThrow();
    assertThat(product.shape()).isEqualTo(Shape.of(2));
    assertThat(product.sum().item())
        // Sorting moves rows within a block only: column c sums to rows·c + 8·rows·(rows − 1)/2.
        .isEqualTo(
            IntStream.range(0, 8)
                .mapToDouble(c -> (4 * c + 1) * (rows * (double) c + 4.0 * rows * (rows - 1)))
                .sum());
    // The rows that begin with no multiple of 3: more than there is memory for.
    Path some = folder.resolve("some.npy");
    blocks.filter(block -> block.get(Slice.all(), Slice.at(0)).remainder(3).greater(0)).save(some);
    NDArray kept = engine.load(some);
    assertThat(kept.shape()).isEqualTo(Shape.of(rows - (rows + 2) / 3, 8));
    assertThat(kept.size() * 8).isGreaterThan(LIMIT);
    assertThat(kept.get(Slice.of(0, 3), Slice.at(0)).compute().toDoubleArray())
        .containsExactly(8, 16, 32);
    assertThat(kept.get(Slice.of(-1, rows), Slice.at(-1)).sum().item()).isEqualTo(n - 9);
    // Every other row.
    Path copy = folder.resolve("copy.npy");
    blocks.map(block -> block.get(Slice.all().by(2))).save(copy);
    NDArray filtered = engine.load(copy);
    assertThat(filtered.shape()).isEqualTo(Shape.of(rows / 2, 8));
    assertThat(filtered.get(Slice.of(rows / 2 - 1, rows / 2), Slice.at(0)).sum().item())
        .isEqualTo(n - 16);
    assertThat(engine.mostMemoryInUse()).isBetween(1L << 20, LIMIT);
  }

  @Test
  void filteringKeepsTheRowsWantedAndGivesItsMemoryBack() {
    NDArray x = engine.arange(70).reshape(10, 7);
    Blocks wanted =
        Kiln.blocks(x, 4)
            .filter(block -> block.get(Slice.all(), Slice.at(0)).remainder(2).equal(0));
    long before = engine.memoryInUse();
    List<Long> firsts = new ArrayList<>();
    wanted
        .map(block -> block.get(Slice.all(), Slice.at(0)))
        .forEach(c -> firsts.addAll(Arrays.stream(c.toLongArray()).boxed().toList()));
    assertThat(firsts).containsExactly(0L, 14L, 28L, 42L, 56L);
    assertThat(wanted.reduce(NDArray::size, Long::sum)).contains(35L);
    assertThat(wanted.statistics().max()).isEqualTo(62);
    assertThat(engine.memoryInUse()).isEqualTo(before);
    // All of them, none of them, single elements, and arrays that are somebody else's.
    NDArray computed = engine.arange(5).compute();
    Blocks own = Kiln.blocks(2, k -> computed);
    own.filter(block -> block.less(9))
        .forEach(block -> assertThat(block.toLongArray()).containsExactly(0, 1, 2, 3, 4));
    own.filter(block -> block.less(0))
        .forEach(block -> assertThat(block.shape()).isEqualTo(Shape.of(0)));
    own.filter(block -> block.notEqual(2))
        .forEach(block -> assertThat(block.toLongArray()).containsExactly(0, 1, 3, 4));
    assertThat(computed.toLongArray()).containsExactly(0, 1, 2, 3, 4);
    Blocks twice = own.filter(block -> block.greater(0)).filter(block -> block.less(4));
    assertThat(twice.get(1).toLongArray()).containsExactly(1, 2, 3);
  }

  @Test
  void filteringRowsOfManySpansKeepsTheirOrder() {
    NDArray x = engine.arange(300_000);
    Blocks odd = Kiln.blocks(x, 300_000).filter(block -> block.remainder(3).notEqual(1));
    odd.forEach(
        block -> {
          long[] values = block.toLongArray();
          assertThat(values).hasSize(200_000);
          for (int i = 0; i < values.length; i++) {
            assertThat(values[i]).isEqualTo(i / 2 * 3L + i % 2 * 2);
          }
        });
  }

  @Test
  void histogramsCountByTheBoundsThemselves() {
    double[] values = new double[4_000];
    Random random = new Random(5);
    Histogram bounds = Histogram.empty(10, 0.1, 0.7);
    for (int i = 0; i < values.length; i++) {
      double edge = bounds.edge(i % 11);
      values[i] =
          switch (i % 7) {
            case 0 -> edge;
            case 1 -> Math.nextUp(edge);
            case 2 -> Math.nextDown(edge);
            case 3 -> i % 2 == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
            case 4 -> -0.0;
            default -> random.nextDouble();
          };
    }
    long[] expected = new long[10];
    long[] outside = new long[3];
    for (double value : values) {
      if (Double.isNaN(value) || value < 0.1 || value > 0.7) {
        outside[value < 0.1 ? 0 : value > 0.7 ? 1 : 2]++;
        continue;
      }
      int bin = 9;
      while (value < bounds.edge(bin)) {
        bin--;
      }
      expected[bin]++;
    }
    Histogram found = Kiln.blocks(engine.array(values), 333).histogram(10, 0.1, 0.7);
    assertThat(found.counts()).isEqualTo(Arrays.stream(expected).boxed().toList());
    assertThat(List.of(found.below(), found.above(), found.notNumbers()))
        .containsExactly(outside[0], outside[1], outside[2]);
    assertThat(found.total()).isEqualTo(values.length);
    assertThat(found.edge(0)).isEqualTo(0.1);
    assertThat(found.edge(10)).isEqualTo(0.7);
    // Whole numbers, and no element at all.
    assertThat(Kiln.blocks(engine.arange(10), 4).histogram(3, 0, 9).counts())
        .containsExactly(3L, 3L, 4L);
    assertThat(Kiln.blocks(0, k -> engine.arange(1)).histogram(2, 0, 1).counts())
        .containsExactly(0L, 0L);
  }

  @Test
  void valuesOfAReductionThatAreArraysAreComputed() {
    NDArray sums =
        Kiln.blocks(engine.arange(12).reshape(6, 2), 2)
            .filter(block -> block.get(Slice.all(), Slice.at(0)).notEqual(4))
            .reduce(block -> block.sum(0), NDArray::add)
            .orElseThrow();
    assertThat(sums.isRealised()).isTrue();
    assertThat(sums.toLongArray()).containsExactly(26, 31);
  }

  @Test
  void examplesRun(@TempDir Path folder) {
    Path file = folder.resolve("x.npy");
    Kiln.save(file, Kiln.array(new double[] {-1, 1, 3}));
    assertThat(BlocksTour.statistics(file)).isCloseTo(Math.sqrt(8.0 / 3), within(1e-15));
    Path copy = folder.resolve("copy.npy");
    BlocksTour.filtered(file, copy);
    assertThat(Kiln.load(copy).toDoubleArray()).containsExactly(0, 1, 3);
    Kiln.save(file, Kiln.array(new double[][] {{-1, 1}, {2, 3}, {-4, 5}}));
    BlocksTour.wanted(file, copy);
    assertThat(Kiln.load(copy).toDoubleArray()).containsExactly(-1, 1, -4, 5);
    assertThat(BlocksTour.total(file).toDoubleArray()).containsExactly(-3, 9);
  }

  @Test
  void mistakesAreTold(@TempDir Path folder) {
    assertThatThrownBy(() -> Kiln.blocks(engine.arange(3), 0)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> Kiln.blocks(engine.scalar(3.0), 1)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> Kiln.blocks(engine.arange(3), 2).get(2))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("block 2 of 2");
    Blocks five = Kiln.blocks(engine.arange(10).reshape(5, 2), 2);
    assertThatThrownBy(() -> five.filter(block -> block.less(3)).get(0))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("bool(2, 2)");
    assertThatThrownBy(() -> five.filter(block -> block.sum(1)).get(0))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("one for each row");
    assertThatThrownBy(() -> five.histogram(0, 0, 1)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> five.histogram(3, 1, 1)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> five.histogram(3, 0, Double.NaN)).isInstanceOf(KilnException.class);
    assertThatThrownBy(() -> five.histogram(10, 1e16, 1e16 + 4))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("ask for fewer");
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
