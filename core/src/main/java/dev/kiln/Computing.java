package dev.kiln;

import dev.kiln.graph.Graphs;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.interpret.Interpreter;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.rewrite.Relaxing;
import dev.kiln.schedule.Compiler;
import dev.kiln.schedule.Debug;
import dev.kiln.schedule.Devices;
import dev.kiln.schedule.Explain;
import dev.kiln.schedule.History;
import dev.kiln.schedule.Memoised;
import dev.kiln.schedule.Placement;
import dev.kiln.schedule.Plan;
import dev.kiln.schedule.PlanCache;
import dev.kiln.schedule.Recall;
import dev.kiln.schedule.Runner;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.ResultStore;
import dev.kiln.spi.RoutineExecutable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How an engine computes graphs: what its store has not is compiled to a plan, which is run. */
final class Computing {
  private final Resources resources;
  private final boolean relaxed;
  private final boolean profiling;
  private final @Nullable ResultStore store;
  private final Debug debug = Debug.fromProperty();
  private final Memoised memoised = new Memoised();
  private final PlanCache plans = new PlanCache();

  Computing(Resources resources, EngineSettings settings) {
    this.resources = resources;
    this.relaxed = settings.relaxed;
    this.profiling = settings.profiling;
    this.store = settings.store;
  }

  /** Computes nodes into dense row-major memory; a source's is its own. */
  List<Buffer> run(List<Node> nodes) {
    return resources.use(() -> store == null ? runAnew(asComputed(nodes)) : recall(nodes, store));
  }

  private List<Buffer> recall(List<Node> nodes, ResultStore keeping) {
    List<Node> all = new ArrayList<>(nodes);
    all.addAll(memoised.among(Graphs.topological(nodes)));
    all = asComputed(all);
    List<Node> roots = all.subList(0, nodes.size());
    List<Node> marked = all.subList(nodes.size(), all.size());
    return Recall.run(
        roots,
        marked,
        keeping,
        resources.workers(),
        resources.arrays(),
        resources.backendName(),
        this::runAnew);
  }

  /** Computes nodes, whatever a store may have. */
  private List<Buffer> runAnew(List<Node> roots) {
    if (resources.backend() == null) {
      return Interpreter.evaluate(roots, resources.memory());
    }
    PlanCache.Bound bound = plans.compile(roots);
    Compiler.Compiled compiled = bound.compiled();
    History history = bound.history();
    history.begin();
    Devices devices = resources.devices();
    Placement placement = devices == null ? resources.atHome() : devices.choose(history);
    tell(roots, compiled, placement);
    long start = System.nanoTime();
    List<Buffer> results =
        Runner.run(
            compiled.plan(),
            bound.inputs(),
            placement,
            profiling ? Optional.of(history) : Optional.empty(),
            resources.memoryWhileOpen(),
            debug);
    if (devices != null) {
      devices.spent(System.nanoTime() - start);
    }
    return ownResults(roots, compiled.plan(), results);
  }

  /**
   * Where a result turned out to be a source unchanged, or what another result is, a copy:
   * releasing one must not release the other.
   */
  private List<Buffer> ownResults(List<Node> roots, Plan plan, List<Buffer> results) {
    List<Buffer> own = new ArrayList<>();
    Set<Buffer> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int k = 0; k < results.size(); k++) {
      Buffer result = results.get(k);
      boolean isSource = plan.results().get(k).op() instanceof Op.Source;
      boolean isAnothers = isSource || !seen.add(result);
      if (isAnothers && !(roots.get(k).op() instanceof Op.Source)) {
        own.add(resources.copy(result));
      } else {
        own.add(result);
      }
    }
    return own;
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

  /** The graph that is computed where these are asked for: relaxed functions, if they may be. */
  List<Node> asComputed(List<Node> roots) {
    return relaxed ? Relaxing.apply(roots) : roots;
  }

  /** What is known of the plan of these, of any arrays of the same structure. */
  History history(List<Node> roots) {
    return plans.compile(roots).history();
  }

  /** Marks a value as worth keeping in the store. */
  void memoise(Node node) {
    memoised.mark(node);
  }

  /**
   * Has a backend look at a user's own kernel.
   *
   * @param dtype of its inputs
   * @throws KilnException where it cannot be launched here
   */
  void check(ForeignKernel kernel, DType dtype) {
    Optional<RoutineExecutable> launchable =
        resources.use(() -> speaking(kernel).routine(new Routine.Foreign(kernel, 0), dtype));
    if (launchable.isEmpty()) {
      throw new KilnException(
          "the backend '" + kernel.backend() + "' takes no kernels of users' own");
    }
  }

  private Backend speaking(ForeignKernel kernel) {
    Devices devices = resources.devices();
    if (devices != null) {
      return devices.speaking(kernel);
    }
    Backend backend = resources.backend();
    if (backend == null || !backend.name().equals(kernel.backend())) {
      throw kernel.elsewhere(resources.backendName());
    }
    return backend;
  }
}
