package dev.kiln;

import dev.kiln.graph.BuildForeign;
import dev.kiln.graph.Dot;
import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.graph.ResultKey;
import dev.kiln.interpret.Interpreter;
import dev.kiln.io.NpyArray;
import dev.kiln.io.NpyFile;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.memory.SlabPool;
import dev.kiln.rewrite.Relaxing;
import dev.kiln.schedule.Backends;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Copying;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Devices;
import dev.kiln.schedule.Dispatcher;
import dev.kiln.schedule.Explain;
import dev.kiln.schedule.History;
import dev.kiln.schedule.Memoised;
import dev.kiln.schedule.Placement;
import dev.kiln.schedule.Plan;
import dev.kiln.schedule.PlanCache;
import dev.kiln.schedule.Recall;
import dev.kiln.schedule.Runner;
import dev.kiln.schedule.cost.Profiles;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Memory;
import dev.kiln.spi.ResultStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

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
  /** How long {@link #close()} waits for what runs. */
  private static final Duration CLOSING = Duration.ofSeconds(10);

  /** The version of what operations compute, bit by bit; part of what kept results are found by. */
  public static final int NUMERICS = ResultKey.NUMERICS;

  private final SlabPool memory;

  /** Where arrays are made: the pool, or with copies on the backend's device. */
  private final Memory arrays;

  private final Dispatcher workers;
  private final @Nullable Backend backend;

  /** What there is beside the backend; null where that was asked for by name. */
  private final @Nullable Devices devices;

  private final String why;
  private final Debug debug;
  private final boolean relaxed;
  private final boolean profiling;
  private final @Nullable ResultStore store;
  private final Memoised memoised = new Memoised();
  private final PlanCache plans = new PlanCache();
  private final ReentrantReadWriteLock running = new ReentrantReadWriteLock();

  private Engine(Builder builder) {
    Backends.Choice choice = Backends.choose(builder.backend);
    why = choice.why();
    debug = Debug.fromProperty();
    relaxed = builder.relaxed;
    profiling = builder.profiling;
    store = builder.store;
    memory = new SlabPool(builder.memoryLimit);
    workers = new Dispatcher(builder.threads);
    backend = choice.provider().map(provider -> provider.open(workers, memory)).orElse(null);
    arrays = backend == null ? memory : backend.memory(memory);
    devices =
        backend == null || choice.others().isEmpty()
            ? null
            : new Devices(backend, choice.others(), workers, memory, Profiles.ofUser());
  }

  /** Starts the description of an engine. */
  public static Builder builder() {
    return new Builder();
  }

  /** The name of the backend that computes: {@code cpu}, or {@code interpreter}. */
  public String backendName() {
    return backend == null ? Backends.INTERPRETER : backend.name();
  }

  /** What the backend runs on, and why it was chosen, for people. */
  public String describe() {
    String what = backend == null ? "interpreter" : backend.name() + ": " + backend.describe();
    return what + " (" + why + ")" + (relaxed ? "; relaxed functions" : "");
  }

  /** The number of threads that compute, the calling one included. */
  public int threads() {
    return workers.count();
  }

  /** The threads that compute, for those who hand out work of their own, as parallel maps do. */
  public Dispatcher workers() {
    return workers;
  }

  /** Whether cheaper forms of functions are allowed. */
  public boolean isRelaxed() {
    return relaxed;
  }

  /** The bytes that arrays of this engine occupy now. */
  public long memoryInUse() {
    return memory.bytesInUse();
  }

  /** The most bytes that arrays of this engine, intermediate ones included, occupied at once. */
  public long mostMemoryInUse() {
    return memory.mostBytesInUse();
  }

  /** The most bytes that this engine takes. */
  public long memoryLimit() {
    return memory.limit();
  }

  /**
   * An array of a {@code .npy} file, mapped: nothing is copied unless the file is big-endian, and
   * nothing is read before it is needed. A file in Fortran order gives a transposed view.
   *
   * @throws KilnException where the file cannot be read or is not a valid .npy file of a supported
   *     dtype
   */
  public NDArray load(Path file) {
    NpyArray array = NpyFile.read(file);
    return loaded(array);
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
    List<Buffer> buffers = run(nodes(arrays));
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
    List<Node> roots = asComputed(nodes(arrays));
    StringBuilder text = new StringBuilder();
    text.append("backend: ").append(describe()).append("; ").append(threads()).append(" threads\n");
    text.append(Explain.graph(roots)).append('\n');
    ResultStore keeping = store;
    if (keeping != null) {
      text.append(Explain.blocks(ResultKey.worthKeeping(roots), keeping.blockBytes()));
    }
    Backend compiling = backend;
    if (compiling == null) {
      return text.append("the interpreter evaluates this graph node by node\n").toString();
    }
    Compiler.Compiled compiled = Compiler.compile(roots);
    // The same steps in the same order, for any arrays.
    History history = plans.compile(roots).history();
    text.append(Explain.passes(compiled.traces()));
    text.append(Explain.plan(compiled.plan())).append("kernels:\n");
    Placement placement = devices == null ? Placement.at(compiling) : explained(devices, history);
    text.append(Explain.kernels(compiled.plan(), placement));
    text.append(Explain.times(history));
    return text.toString();
  }

  private Placement explained(Devices among, History history) {
    running.readLock().lock();
    try {
      checkOpen();
      return among.explain(history);
    } finally {
      leave();
    }
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
    workers.stop();
    long deadline = System.nanoTime() + CLOSING.toNanos();
    boolean idle = awaitIdle(deadline);
    if (idle) {
      free();
    }
    Duration left = Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    List<Thread> busy = workers.await(left);
    if (!busy.isEmpty()) {
      throw Dispatcher.stillAtWork(busy, CLOSING);
    }
    if (!idle) {
      throw new KilnException(
          "closed, but a computation has not ended within "
              + CLOSING.toSeconds()
              + " s; its memory is"
              + " given back when it does");
    }
  }

  /** Takes the write lock, unless computations last beyond the deadline. */
  private boolean awaitIdle(long deadline) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return running.writeLock().tryLock(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Gives the memory back; the write lock is held, and given up. */
  private void free() {
    try {
      if (!memory.isClosed()) {
        if (devices != null) {
          devices.close();
        }
        if (backend != null) {
          backend.close();
        }
        memory.close();
      }
    } finally {
      running.writeLock().unlock();
    }
  }

  /** Ends a computation; after a close that did not wait for it, gives the memory back. */
  private void leave() {
    running.readLock().unlock();
    if (workers.isClosed() && running.writeLock().tryLock()) {
      free();
    }
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
    running.readLock().lock();
    try {
      checkOpen();
      Backend compiling = speaking(kernel);
      DType dtype = inputs.isEmpty() ? results.getFirst().dtype() : inputs.getFirst().dtype();
      if (compiling.routine(new Routine.Foreign(kernel, 0), dtype).isEmpty()) {
        throw new KilnException(
            "the backend '" + compiling.name() + "' takes no kernels of users' own");
      }
    } finally {
      leave();
    }
    return results.stream().map(node -> new NDArray(this, node)).toList();
  }

  private Backend speaking(ForeignKernel kernel) {
    if (devices != null) {
      return devices.speaking(kernel);
    }
    if (backend == null || !backend.name().equals(kernel.backend())) {
      throw kernel.elsewhere(backendName());
    }
    return backend;
  }

  private void checkOpen() {
    if (workers.isClosed()) {
      throw new KilnException(
          "the engine is closed; open another with Engine.builder().build() and compute there");
    }
  }

  /** Memory for an array's elements. */
  Buffer allocate(long bytes) {
    return arrays.allocate(bytes);
  }

  /** A copy of some memory, made by all threads. */
  private Buffer copy(Buffer source) {
    Buffer copy = arrays.allocate(source.byteSize());
    try {
      Copying.copy(source.contents(), copy.segment(), 0, workers);
      return copy;
    } catch (RuntimeException | Error e) {
      copy.release();
      throw e;
    }
  }

  /** A computed array in other memory. */
  NDArray copy(NDArray computed) {
    running.readLock().lock();
    try {
      checkOpen();
      return NDArray.realised(this, copy(computed.buffer()), computed.dtype(), computed.shape());
    } finally {
      leave();
    }
  }

  /** Marks a value as worth keeping in the store. */
  void memoise(Node node) {
    memoised.mark(node);
  }

  /** Computes nodes into dense row-major memory; a source's is its own. */
  List<Buffer> run(List<Node> nodes) {
    running.readLock().lock();
    try {
      checkOpen();
      ResultStore keeping = store;
      if (keeping == null) {
        return runAnew(asComputed(nodes));
      }
      List<Node> all = new ArrayList<>(nodes);
      all.addAll(memoised.among(Graphs.topological(nodes)));
      all = asComputed(all);
      List<Node> roots = all.subList(0, nodes.size());
      List<Node> marked = all.subList(nodes.size(), all.size());
      return Recall.run(roots, marked, keeping, workers, arrays, backendName(), this::runAnew);
    } finally {
      leave();
    }
  }

  /** Computes nodes, whatever a store may have. */
  private List<Buffer> runAnew(List<Node> roots) {
    Backend compiling = backend;
    if (compiling == null) {
      return Interpreter.evaluate(roots, memory);
    }
    PlanCache.Bound bound = plans.compile(roots);
    Compiler.Compiled compiled = bound.compiled();
    History history = bound.history();
    history.begin();
    Placement placement = devices == null ? Placement.at(compiling) : devices.choose(history);
    tell(roots, compiled, placement);
    long start = System.nanoTime();
    List<Buffer> results =
        Runner.run(
            compiled.plan(),
            bound.inputs(),
            placement,
            profiling ? Optional.of(history) : Optional.empty(),
            memory,
            debug);
    if (devices != null) {
      devices.spent(System.nanoTime() - start);
    }
    return ownResults(roots, compiled.plan(), results);
  }

  /**
   * Where a result turned out to be a source unchanged, a copy: releasing one must not release the
   * other.
   */
  private List<Buffer> ownResults(List<Node> roots, Plan plan, List<Buffer> results) {
    List<Buffer> own = new ArrayList<>();
    for (int k = 0; k < results.size(); k++) {
      Buffer result = results.get(k);
      boolean isSource = plan.results().get(k).op() instanceof Op.Source;
      if (isSource && !(roots.get(k).op() instanceof Op.Source)) {
        own.add(copy(result));
      } else {
        own.add(result);
      }
    }
    return own;
  }

  private List<Node> asComputed(List<Node> roots) {
    return relaxed ? Relaxing.apply(roots) : roots;
  }

  private void tell(List<Node> roots, Compiler.Compiled compiled, Placement placement) {
    if (debug.at(2)) {
      debug.print(Explain.graph(roots));
      debug.print(Explain.passes(compiled.traces()));
    }
    if (debug.at(1)) {
      debug.print(Explain.plan(compiled.plan()));
    }
    if (debug.at(3)) {
      debug.print(Explain.kernels(compiled.plan(), placement));
    }
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
  public static final class Builder {
    private String backend = "auto";
    private int threads = Runtime.getRuntime().availableProcessors();
    private long memoryLimit = SlabPool.defaultLimit();
    private boolean relaxed;
    private boolean profiling;
    private @Nullable ResultStore store;

    private Builder() {}

    /**
     * The backend: {@code auto} (the default), {@code cpu}, {@code opencl} or one of its devices as
     * {@code opencl:1}, or {@code interpreter}, which is slow and defines every operation.
     *
     * <p>With {@code auto} an engine computes on the cpu, until it has computed for three seconds
     * or is about to. Then it measures the machine's devices, unless it finds their figures in the
     * user's cache folder, and runs each step where it takes least time by its bytes and
     * operations; on another device only where the runs so far would have paid for compiling it
     * there. Results are the same to the last bit. {@link Engine#explain} tells what was chosen,
     * and the estimates.
     */
    public Builder backend(String name) {
      this.backend = name;
      return this;
    }

    /**
     * The number of threads that compute, the calling one included; one for each core by default.
     */
    public Builder threads(int count) {
      this.threads = count;
      return this;
    }

    /** The most bytes of memory for arrays; three quarters of the machine's by default. */
    public Builder memoryLimit(long bytes) {
      this.memoryLimit = bytes;
      return this;
    }

    /**
     * Allows cheaper forms of some functions ({@code tanh}, {@code sigmoid}, {@code log2}, {@code
     * log10}, {@code atan}), which may be off by up to four units in the last place instead of one.
     * They are defined once like the others: results still don't depend on backend, vectors or
     * threads, but they are not those of an engine that is not relaxed.
     */
    public Builder relaxed() {
      this.relaxed = true;
      return this;
    }

    /**
     * Measures how long each step takes, its kernels and transfers by the device's own clock where
     * it has one. {@link Engine#explain} tells of the last run of the same expression. A device
     * that keeps times takes a little longer.
     *
     * {@snippet :
     * try (Engine engine = Engine.builder().profiling().build()) {
     *   NDArray total = engine.arange(0, 1_000_000, 1, DType.FLOAT32).sqrt().sum();
     *   total.compute();
     *   String text = total.explain(); // "... measured when it ran last: ..."
     * }
     * }
     */
    public Builder profiling() {
      this.profiling = true;
      return this;
    }

    /**
     * Keeps results in a store, and takes them from there instead of computing them again: those of
     * {@link Engine#compute} and of all methods that compute, and values that are {@linkplain
     * NDArray#memoised marked}. Several engines may share a store. Without one, nothing is kept.
     *
     * <p>Keys are the graph and the contents of its inputs, so equal expressions on equal data are
     * one result, in all processes, whatever the backend and the number of threads.
     */
    public Builder store(ResultStore store) {
      this.store = store;
      return this;
    }

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
