package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A kernel's body as code for one row of elements: one loop, or several over strips that stay in
 * the first-level cache.
 *
 * <p>A row is described by a {@link Frame}: an address and a stride for each operand, then for each
 * output, of the kernel that the program was made from.
 */
final class Program {
  /** Elements of a strip. */
  static final int STRIP = 1024;

  /**
   * Bytes between slots: a strip of the widest elements, and a little more, so that equal places
   * don't share a cache set.
   */
  private static final long SLOT_BYTES = STRIP * 8L + 128;

  /**
   * One loop of a program.
   *
   * @param operands for each of the loop's operands which of the program's accesses it is, or the
   *     complement of a slot's number
   * @param params for each of the loop's parameters which of the program's it is
   * @param outputs as operands
   */
  record Stage(
      CompiledLoop loop, List<Integer> operands, List<Integer> params, List<Integer> outputs) {}

  /** Elements of a row that panels of the whole kernel are worth their cost for. */
  private static final int WORTH_PANELS = 64;

  private final Kernel kernel;
  private final Stage[] stages;
  private final Wiring[] wirings;

  /** Of the kernel as it was before it was cut. */
  private final Wiring uncut;

  private final int accesses;
  private final int slots;
  private final Loops loops;
  private final AtomicBoolean heated = new AtomicBoolean();
  private final Pool<Frame> frames;

  /** The kernel uncut, which serves until most stages are hot: it hands nothing on by memory. */
  private volatile @Nullable PanelLoop panels;

  Program(Kernel kernel, List<Stage> stages, int slots, Loops loops) {
    this.kernel = kernel;
    this.uncut =
        Wiring.of(
            kernel,
            range(0, kernel.operands().size()),
            range(0, kernel.params().size()),
            range(kernel.operands().size(), kernel.outputs().size()));
    this.stages = stages.toArray(Stage[]::new);
    this.wirings = stages.stream().map(Wiring::of).toArray(Wiring[]::new);
    this.accesses = kernel.operands().size() + kernel.outputs().size();
    this.slots = slots;
    this.loops = loops;
    this.frames = new Pool<>(16, () -> new Frame(this));
    if (loops.panelsAlways()) {
      usePanels();
    }
  }

  /** The program that is one loop. */
  static Program oneLoop(Kernel kernel, Loops loops) {
    int operands = kernel.operands().size();
    Stage stage =
        new Stage(
            loops.of(kernel),
            range(0, operands),
            range(0, kernel.params().size()),
            range(operands, kernel.outputs().size()));
    return new Program(kernel, List.of(stage), 0, loops);
  }

  private static List<Integer> range(int from, int count) {
    return IntStream.range(from, from + count).boxed().toList();
  }

  /** The row that a program works on, and the arguments of its loops; for one thread at a time. */
  static final class Frame {
    /** Address (of an index operand: value) at the row's first element; operands, then outputs. */
    final long[] addresses;

    /** Bytes (of an index operand: step) from one element to the next. */
    final long[] strides;

    private final long[][] arguments;

    /** Of the kernel uncut. */
    private final long[] uncut;

    private Frame(Program program) {
      addresses = new long[program.accesses];
      strides = new long[program.accesses];
      uncut = new long[Loop.Arguments.count(program.kernel)];
      arguments = new long[program.stages.length][];
      for (int s = 0; s < arguments.length; s++) {
        arguments[s] = new long[Loop.Arguments.count(program.stages[s].loop().kernel())];
      }
    }
  }

  /** A frame to fill in, which {@link #give} takes back. */
  Frame take() {
    return frames.take();
  }

  void give(Frame frame) {
    frames.give(frame);
  }

  /** Bytes of scratch that a frame needs. */
  long scratchBytes() {
    return slots * Scratch.rounded(SLOT_BYTES);
  }

  /**
   * Sets what is the same for all rows of a launch: the frame's strides are set, scratch of the
   * right size is there.
   */
  void prepare(Frame frame, long[] params, Scratch scratch) {
    long base = slots == 0 ? 0 : scratch.reserve(scratchBytes());
    uncut.params(frame.uncut, params);
    uncut.strides(frame.uncut, frame.strides, 0, 0);
    for (int s = 0; s < wirings.length; s++) {
      wirings[s].params(frame.arguments[s], params);
      wirings[s].strides(frame.arguments[s], frame.strides, base, Scratch.rounded(SLOT_BYTES));
    }
  }

  /**
   * Runs a row of n elements.
   *
   * @return whether this is a reduction whose whole blocks are folded already
   */
  boolean run(Frame frame, int n) {
    PanelLoop cold = panels;
    if (cold == null || n < WORTH_PANELS || isMostlyHot()) {
      return run(frame, 0, n);
    }
    uncut.addresses(frame.uncut, frame.addresses, frame.strides, 0);
    int at = 0;
    while (at < n) {
      int end = Math.min(n, at + STRIP);
      at = cold.run(frame.uncut, at, end);
      if (at < end) {
        // A rare case, which stages have code for.
        int next = Math.min(end, at + PanelLoop.PANEL);
        run(frame, at, next);
        at = next;
      }
    }
    return false;
  }

  private boolean isMostlyHot() {
    int hot = 0;
    for (Stage stage : stages) {
      hot += stage.loop().isHot() ? 1 : 0;
    }
    return 2 * hot >= stages.length;
  }

  /** Runs some elements of a row, stage by stage. */
  private boolean run(Frame frame, int start, int n) {
    int strip = slots == 0 ? n : STRIP;
    boolean folded = true;
    for (int from = start; from < n; from += strip) {
      int length = Math.min(strip, n - from);
      for (int s = 0; s < stages.length; s++) {
        wirings[s].addresses(frame.arguments[s], frame.addresses, frame.strides, from);
        folded = stages[s].loop().run(frame.arguments[s], length);
      }
    }
    // What is cut into strips has no whole blocks.
    return folded && slots == 0;
  }

  /** Asks for the vector forms of the loops; only the first call has an effect. */
  void heat() {
    if (!heated.get() && heated.compareAndSet(false, true)) {
      usePanels();
      for (Stage stage : stages) {
        loops.heat(stage.loop());
      }
    }
  }

  private void usePanels() {
    // One loop has panels of its own.
    if (stages.length > 1) {
      panels = loops.panels(kernel).orElse(null);
    }
  }

  /** The forms of the loops, for people. */
  String describe() {
    if (stages.length == 1) {
      return stages[0].loop().describe();
    }
    StringJoiner text = new StringJoiner("; ", stages.length + " stages: ", "");
    for (Stage stage : stages) {
      text.add(stage.loop().describe());
    }
    return text.toString();
  }
}
