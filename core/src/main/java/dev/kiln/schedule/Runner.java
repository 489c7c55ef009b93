package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.graph.Node;
import dev.kiln.graph.Op;
import dev.kiln.lower.Lowered;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Runs a plan: launches its kernels in order, and gives temporaries back after their last use. */
public final class Runner {
  private final Backend backend;
  private final Memory memory;
  private final Debug debug;
  private final Map<Node, Buffer> values = new HashMap<>();
  private final Map<Node, Integer> readsLeft = new HashMap<>();

  private Runner(Backend backend, Memory memory, Debug debug) {
    this.backend = backend;
    this.memory = memory;
    this.debug = debug;
  }

  /** The memory of the plan's results. Where it fails, everything computed so far is given back. */
  public static List<Buffer> run(Plan plan, Backend backend, Memory memory, Debug debug) {
    Runner runner = new Runner(backend, memory, debug);
    boolean done = false;
    try {
      List<Buffer> results = runner.run(plan);
      done = true;
      return results;
    } finally {
      if (!done) {
        runner.values.values().forEach(Buffer::release);
      }
    }
  }

  private List<Buffer> run(Plan plan) {
    for (Step step : plan.steps()) {
      for (Node read : step.reads()) {
        readsLeft.merge(read, 1, Integer::sum);
      }
    }
    for (Node result : plan.results()) {
      readsLeft.merge(result, 1, Integer::sum);
    }
    for (Step step : plan.steps()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new KilnException("interrupted: the computation was stopped before it was complete");
      }
      long start = System.nanoTime();
      run(step);
      if (debug.at(4)) {
        debug.print("ran " + step.target() + " in " + (System.nanoTime() - start) / 1000 + " us");
      }
    }
    return plan.results().stream().map(this::buffer).toList();
  }

  private void run(Step step) {
    Node target = step.target();
    Buffer out = memory.allocate(target.shape().size() * target.dtype().bytes());
    values.put(target, out);
    Set<Node> reads = step.reads();
    List<Buffer> pinned = new ArrayList<>();
    try {
      pin(out, pinned);
      for (Node read : reads) {
        pin(buffer(read), pinned);
      }
      switch (step) {
        case Step.Kernels kernels -> kernels.pieces().forEach(piece -> run(piece, target, out));
        case Step.Call call -> RoutineRun.run(call, backend, this::buffer, out);
      }
    } finally {
      pinned.forEach(Buffer::unpin);
    }
    for (Node read : reads) {
      if (readsLeft.merge(read, -1, Integer::sum) == 0) {
        Buffer temporary = values.remove(read);
        if (temporary != null) {
          temporary.release();
        }
      }
    }
  }

  private void run(Lowered piece, Node target, Buffer out) {
    if (debug.at(5)) {
      debug.print("launch over " + piece.extents() + " for " + target);
    }
    backend.compile(piece.kernel()).launch(launch(piece, target, out));
  }

  private static void pin(Buffer buffer, List<Buffer> pinned) {
    long address = buffer.pin();
    if (address == 0 && buffer.byteSize() > 0) {
      throw new AssertionError("no address");
    }
    pinned.add(buffer);
  }

  private Buffer buffer(Node node) {
    if (node.op() instanceof Op.Source source) {
      return source.buffer();
    }
    Buffer buffer = values.get(node);
    if (buffer == null) {
      throw new AssertionError("not computed: " + node);
    }
    return buffer;
  }

  private Launch launch(Lowered piece, Node target, Buffer out) {
    List<Launch.Access> operands = new ArrayList<>();
    for (Lowered.Read read : piece.reads()) {
      Node node = read.node();
      operands.add(
          access(node, node == null ? null : buffer(node), read.offset(), read.strides(), piece));
    }
    List<Launch.Access> outputs = new ArrayList<>();
    for (Lowered.Write write : piece.writes()) {
      outputs.add(access(target, out, write.offset(), write.strides(), piece));
    }
    return new Launch(piece.extents(), operands, piece.params(), outputs);
  }

  /** An access of which every element lies within its buffer: kernels work with bare addresses. */
  private static Launch.Access access(
      @Nullable Node node,
      @Nullable Buffer buffer,
      long offset,
      List<Long> strides,
      Lowered piece) {
    if (node != null && buffer != null) {
      Bounds.check(node, buffer, offset, strides, piece.extents());
    }
    return new Launch.Access(buffer, offset, strides);
  }
}
