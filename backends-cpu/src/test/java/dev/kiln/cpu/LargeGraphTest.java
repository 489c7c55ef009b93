package dev.kiln.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.Slice;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Graphs of a hundred thousand nodes and fifty thousand levels are ordinary. */
class LargeGraphTest {
  private Engine engine;

  @BeforeEach
  void open() {
    engine = Engine.builder().backend("cpu").threads(2).memoryLimit(1L << 30).build();
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void aChainOfFiftyThousandFunctions() {
    NDArray x = engine.arange(100).astype(DType.FLOAT64).compute();
    NDArray chain = x;
    for (int i = 0; i < 25_000; i++) {
      chain = chain.add(x).multiply(0.5);
    }
    // Halving the way to x again and again arrives there.
    assertThat(chain.toDoubleArray()).containsExactly(x.toDoubleArray());
  }

  @Test
  void aTreeOfAHundredThousandNodes() {
    NDArray x = engine.arange(64).compute();
    List<NDArray> terms = new ArrayList<>();
    for (int i = 0; i < 33_000; i++) {
      terms.add(x.multiply(i).add(1));
    }
    while (terms.size() > 1) {
      List<NDArray> next = new ArrayList<>();
      for (int i = 0; i < terms.size(); i += 2) {
        next.add(i + 1 < terms.size() ? terms.get(i).add(terms.get(i + 1)) : terms.get(i));
      }
      terms = next;
    }
    long[] total = terms.getFirst().toLongArray();
    for (int k = 0; k < total.length; k++) {
      assertThat(total[k]).isEqualTo(k * (33_000L * 32_999 / 2) + 33_000);
    }
  }

  @Test
  void aChainOfViewsAndFunctions() {
    NDArray x = engine.arange(5_000).compute();
    NDArray chain = x;
    for (int i = 0; i < 2_000; i++) {
      chain = chain.get(Slice.from(1)).flip().add(1);
    }
    assertThat(chain.shape()).isEqualTo(Shape.of(3_000));
    assertThat(chain.get(Slice.at(0)).itemLong()).isEqualTo(1_000 + 2_000);
  }

  @Test
  void differencesOfDifferencesStayPolynomial() {
    NDArray x = engine.arange(200).astype(DType.FLOAT64);
    NDArray difference = x.multiply(x).multiply(x).compute();
    for (int i = 0; i < 60; i++) {
      difference = difference.get(Slice.from(1)).subtract(difference.get(Slice.to(-1)));
    }
    assertThat(difference.toDoubleArray()).hasSize(140).containsOnly(0.0);
  }
}
