package dev.kiln.jmh;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.graph.Build;
import dev.kiln.graph.Digest;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.schedule.Compiler;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/** What it costs to write down a graph, to name it, and to make a plan of it; Kiln alone. */
public class GraphBuilding extends Timed {
  private static final Shape SHAPE = Shape.of(8);

  /** Operations in the graph, products with the input and sums with a number in turn. */
  @Param({"1000", "10000"})
  public int operations;

  private @Nullable State state;
  private long builds;

  /**
   * What stays during all calls.
   *
   * @param input ones
   * @param alive a chain of operations on them
   * @param graph such a chain as the compiler sees it
   */
  private record State(Engine engine, NDArray input, NDArray alive, Node graph) {}

  /** Opens an engine, builds the graphs that stay and checks them. */
  @Setup(Level.Trial)
  public void prepare() {
    Engine engine = Engine.builder().backend("interpreter").threads(1).build();
    NDArray ones = engine.full(SHAPE, 1, DType.FLOAT64).compute();
    state = new State(engine, ones, chain(ones, 0), graph());
    check();
  }

  /** Closes the engine. */
  @TearDown(Level.Trial)
  public void close() {
    if (state != null) {
      state.engine.close();
      state = null;
    }
  }

  /** Writes down a graph that there was not before. */
  @Benchmark
  public Object build() {
    builds++;
    return chain(state().input, builds);
  }

  /** Writes down a graph that somebody holds already: each node is found. */
  @Benchmark
  public Object buildAgain() {
    return chain(state().input, 0);
  }

  /** The digests of all nodes. */
  @Benchmark
  public Object digest() {
    return Digest.of(List.of(state().graph));
  }

  /** Simplifies, cuts and lowers. No kernel is compiled. */
  @Benchmark
  public Object plan() {
    return Compiler.compile(List.of(state().graph));
  }

  private NDArray chain(NDArray x, long start) {
    NDArray value = x.add(start);
    for (int k = 2; k < operations; k += 2) {
      value = value.multiply(x).add(start + k);
    }
    return value;
  }

  private Node graph() {
    Node x = Build.cast(Build.iota(SHAPE), DType.FLOAT64);
    Node value = x;
    for (int k = 2; k <= operations; k += 2) {
      Node product = Build.map(ElementOp.MULTIPLY, value, x);
      value = Build.map(ElementOp.ADD, product, Build.number(DType.FLOAT64, k));
    }
    return value;
  }

  /** Of ones, a chain is a sum of whole numbers; a graph built again is the same object. */
  private void check() {
    double sum = 1;
    for (int k = 2; k < operations; k += 2) {
      sum += k;
    }
    for (double number : state().alive.toDoubleArray()) {
      if (number != sum) {
        throw new IllegalStateException("the chain gave " + number + " instead of " + sum);
      }
    }
    if (graph() != state().graph) {
      throw new IllegalStateException("the same graph built twice is two graphs");
    }
  }

  private State state() {
    State prepared = state;
    if (prepared == null) {
      throw new IllegalStateException("used before prepare");
    }
    return prepared;
  }
}
