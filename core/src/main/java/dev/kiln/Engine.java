package dev.kiln;

import dev.kiln.graph.BuildForeign;
import dev.kiln.graph.Dot;
import dev.kiln.graph.Node;
import dev.kiln.graph.ResultKey;
import dev.kiln.io.NpyFile;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.memory.SlabPool;
import dev.kiln.schedule.Backends;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What computes: a backend, threads and memory under a limit. Safe for many threads at once.
 *
 * {@snippet :
 * try (Engine engine = Engine.builder().backend("cpu").threads(4).memoryLimit(2L << 30).build()) {
 *   NDArray x = engine.arange(0, 1_000_000, 1, DType.FLOAT32);
 *   double total = x.sqrt().sum().item();
 * }
 * }
 *
 * <p>Closing an engine stops the computations under way, then gives its threads and memory back.
 * Its arrays are unusable from then on: touching one is a clear error. The threads are daemons, so
 * a program that forgets to close still ends.
 */
public final class Engine extends Creation implements AutoCloseable {
  /** The version of what operations compute, bit by bit; part of what kept results are found by. */
  public static final int NUMERICS = ResultKey.NUMERICS;

  /** The most threads of an engine. */
  public static final int MOST_THREADS = Dispatcher.MOST;

  /** The least that {@link Builder#memoryLimit} takes, in bytes: 2 MiB. */
  public static final long LEAST_MEMORY = SlabPool.LEAST;

  private final Resources resources;
  private final Computing computing;
  private final Explaining explaining;
  private final String why;
  private final boolean relaxed;

  private Engine(Builder builder) {
    Backends.Choice choice = Backends.choose(builder.backend);
    why = choice.why();
    relaxed = builder.relaxed;
    resources = new Resources(choice, builder.threads, builder.memoryLimit);
    computing = new Computing(resources, builder);
    explaining = new Explaining(resources, computing, builder);
  }

  /** Starts the description of an engine. */
  public static Builder builder() {
    return new Builder();
  }

  /** The name of the backend that computes: {@code cpu}, or {@code interpreter}. */
  public String backendName() {
    return resources.backendName();
  }

  /** What the backend runs on, and why it was chosen, for people. */
  public String describe() {
    Backend backend = resources.backend();
    String what = backend == null ? "interpreter" : backend.name() + ": " + backend.describe();
    return what + " (" + why + ")" + (relaxed ? "; relaxed functions" : "");
  }

  /** The number of threads that compute, the calling one included. */
  public int threads() {
    return resources.workers().count();
  }

  /** The threads that compute, for those who hand out work of their own, as parallel maps do. */
  public Dispatcher workers() {
    return resources.workers();
  }

  /** Whether cheaper forms of functions are allowed. */
  public boolean isRelaxed() {
    return relaxed;
  }

  /** The bytes that arrays of this engine occupy now. */
  public long memoryInUse() {
    return resources.memory().bytesInUse();
  }

  /** The most bytes that arrays of this engine, intermediate ones included, occupied at once. */
  public long mostMemoryInUse() {
    return resources.memory().mostBytesInUse();
  }

  /** The most bytes that this engine takes. */
  public long memoryLimit() {
    return resources.memory().limit();
  }

  /**
   * An array of a {@code .npy} file, mapped: nothing is copied unless the file is big-endian, and
   * nothing is read before it is needed. A file in Fortran order gives a transposed view.
   *
   * @throws KilnException where the file cannot be read or is not a valid .npy file of a supported
   *     dtype
   */
  public NDArray load(Path file) {
    return loaded(NpyFile.read(file));
  }

  /**
   * Reads a value that {@link Kiln#dump(Object, Path)} wrote, or NumPy's {@code .npy} and {@code
   * .npz} files, whatever their names. Arrays are mapped where they lie, unless they are
   * compressed. Of records and enums only the type asked for is made, and what its components are
   * made of; others become maps and strings.
   *
   * @param type what the file holds: {@code NDArray.class}, {@code Map.class}, a record's class
   * @throws KilnException where the file holds something else, is damaged, or cannot be read
   */
  public <T> T load(Path file, Class<T> type) {
    return Dump.read(this, file, type);
  }

  /**
   * Computes an array and writes it as {@code .npy} format 1.0. The file appears whole or not at
   * all.
   *
   * @throws KilnException where it cannot be written
   */
  public void save(Path file, NDArray array) {
    save(file, array, (written, total) -> {});
  }

  /** As {@link #save(Path, NDArray)}, and tells how much was written. */
  public void save(Path file, NDArray array, WriteListener listener) {
    Dump.write(array, file, listener);
  }

  /**
   * Computes several arrays together; what they share is computed once.
   *
   * @return arrays whose elements are in memory, in the order given
   * @throws KilnException where an array belongs to another engine, the memory limit does not
   *     suffice, the calling thread is interrupted, or the engine is closed
   */
  public List<NDArray> compute(List<NDArray> arrays) {
    List<Buffer> buffers = computing.run(nodes(arrays));
    List<NDArray> computed = new ArrayList<>();
    for (int k = 0; k < buffers.size(); k++) {
      NDArray array = arrays.get(k);
      computed.add(NDArray.realised(this, buffers.get(k), array.dtype(), array.shape()));
    }
    return computed;
  }

  /**
   * How these arrays would be computed: the graph, what each pass changed, the kernels with their
   * bytes and flops, which backend and why; with {@link Builder#profiling} how long each step took
   * last. Nothing is computed, but with {@code auto} devices may be measured that never were.
   */
  public String explain(List<NDArray> arrays) {
    List<Node> nodes = nodes(arrays);
    return "backend: " + describe() + "; " + threads() + " threads\n" + explaining.explain(nodes);
  }

  /** The graph of these arrays in Graphviz's DOT language. */
  public String dot(List<NDArray> arrays) {
    return Dot.of(nodes(arrays));
  }

  /**
   * Stops computations and tasks under way, which fail with a {@link KilnException}, waits for
   * them, ten seconds at most, then gives all threads and memory back. Idempotent.
   *
   * @throws KilnException where something does not end in that time, such as a task that ignores
   *     its interrupt: threads and memory that it uses are given back when it ends; or where a
   *     worker of this engine calls it
   */
  @Override
  public void close() {
    resources.close();
  }

  /** The memory of an array of this engine, computed now if it is delayed; for plug-ins. */
  public Buffer buffer(NDArray array) {
    return array.compute().buffer();
  }

  /**
   * An array on memory that a store or another plug-in has, which is not copied.
   *
   * @throws KilnException where the buffer is not exactly as long as the array
   */
  public NDArray adopt(Buffer buffer, DType dtype, Shape shape) {
    if (buffer.byteSize() / dtype.bytes() != shape.size()
        || buffer.byteSize() % dtype.bytes() != 0) {
      throw new KilnException(
          "a buffer of "
              + buffer.byteSize()
              + " bytes for an array of "
              + dtype
              + " "
              + shape
              + "; it must have exactly the elements of the array");
    }
    return NDArray.realised(this, buffer, dtype, shape);
  }

  /**
   * The results of a user's own kernel, delayed; for plug-ins that let users write some. The
   * backend looks at the kernel now, so that mistakes in it are reported here.
   *
   * @param inputs of this engine, of the dtypes that the kernel's arguments name
   * @throws KilnException where this engine computes on another backend, or the kernel does not
   *     compile, does not take these arguments, or cannot be launched so
   */
  public List<NDArray> call(ForeignKernel kernel, List<NDArray> inputs) {
    List<Node> results = BuildForeign.results(kernel, nodes(inputs));
    DType dtype = inputs.isEmpty() ? results.getFirst().dtype() : inputs.getFirst().dtype();
    computing.check(kernel, dtype);
    return results.stream().map(node -> new NDArray(this, node)).toList();
  }

  /** Memory for an array's elements. */
  Buffer allocate(long bytes) {
    return resources.arrays().allocate(bytes);
  }

  /** A computed array in other memory. */
  NDArray copy(NDArray computed) {
    Buffer copy = resources.use(() -> resources.copy(computed.buffer()));
    return NDArray.realised(this, copy, computed.dtype(), computed.shape());
  }

  /** Marks a value as worth keeping in the store. */
  void memoise(Node node) {
    computing.memoise(node);
  }

  /** Computes nodes into dense row-major memory; a source's is its own. */
  List<Buffer> run(List<Node> nodes) {
    return computing.run(nodes);
  }

  private List<Node> nodes(List<NDArray> arrays) {
    List<Node> nodes = new ArrayList<>();
    for (NDArray array : arrays) {
      if (array.engine() != this) {
        throw new KilnException(
            "an array of another engine; bring it here with array.on(engine), or compute it on its"
                + " own");
      }
      nodes.add(array.node());
    }
    return nodes;
  }

  /** Describes an engine: what is not said has a default. */
  public static final class Builder extends EngineSettings {
    private Builder() {}

    /**
     * Opens the engine.
     *
     * @throws KilnException where the backend is unknown or cannot run here (the message has the
     *     cure), or a number makes no sense
     */
    public Engine build() {
      return new Engine(this);
    }
  }
}
