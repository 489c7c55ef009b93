package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes the {@link Program} of a kernel of one loop dimension.
 *
 * <p>Most kernels are one loop. A kernel is cut into several, with values handed on in strips,
 * where its body is larger than the JIT compiler likes, or where a part of it has vector code and
 * another has not: strided operands, library functions.
 */
final class Stages {
  /** Operations of a loop beyond which compiling it takes too long. */
  private static final int LARGEST_LOOP = 50;

  private static final int LARGEST_PIECE = 44;
  private static final int SMALLEST_PIECE = 26;

  /** Vectorisable operations that pay for handing on one value in strips. */
  private static final int WORTH_A_STRIP = 4;

  private final Kernel kernel;
  private final List<Instr> body;
  private final Needed needed;
  private final VectorRules rules;
  private final Loops loops;

  /** The piece that computes each instruction; −1 for none. */
  private final int[] pieceOf;

  /** What each instruction reads, once asked for. */
  private final int[] @Nullable [] usesOf;

  private final List<List<Integer>> pieces = new ArrayList<>();
  private final List<Program.Stage> stages = new ArrayList<>();

  /** The slot of each value that is handed on, and of each operand that is packed. */
  private final Map<Integer, Integer> slotOfValue = new HashMap<>();

  private final Map<Integer, Integer> slotOfOperand = new HashMap<>();
  private final TreeSet<Integer> freeSlots = new TreeSet<>();
  private int slots;

  private Stages(Kernel kernel, Loops loops) {
    this.kernel = kernel;
    this.body = kernel.body();
    this.needed = Needed.by(body, kernel.outputs().stream().map(Output::value).toList());
    this.rules = loops.rules();
    this.loops = loops;
    this.pieceOf = new int[body.size()];
    Arrays.fill(pieceOf, -1);
    this.usesOf = new int[body.size()][];
  }

  /** The program of a kernel with one loop dimension whose outputs are all stores. */
  static Program program(Kernel kernel, Loops loops) {
    return new Stages(kernel, loops).build();
  }

  private Program build() {
    if (isOneLoop()) {
      return Program.oneLoop(kernel, loops);
    }
    cut(schedule());
    if (rules.isVector(new Instr.Const(DType.BOOL, 0), body)) {
      packOperands();
    }
    int[] lastPiece = lastUses();
    for (int piece = 0; piece < pieces.size(); piece++) {
      emit(piece, lastPiece);
    }
    return new Program(kernel, stages, slots, loops);
  }

  private boolean isOneLoop() {
    int operations = 0;
    int vectorisable = 0;
    for (int at = 0; at < body.size(); at++) {
      if (needed.usually(at) && body.get(at) instanceof Instr.Apply) {
        operations++;
        vectorisable += rules.isVector(body.get(at), body) ? 1 : 0;
      }
    }
    if (operations > LARGEST_LOOP) {
      return false;
    }
    int strided = 0;
    for (Operand operand : kernel.operands()) {
      strided += isStrided(operand) ? 1 : 0;
    }
    for (Output output : kernel.outputs()) {
      strided += isStrided(output) ? 1 : 0;
    }
    boolean allVector = vectorisable == operations && strided == 0;
    int handedOn = strided + operations - vectorisable;
    return allVector || vectorisable < WORTH_A_STRIP * Math.max(1, handedOn);
  }

  private static boolean isStrided(Operand operand) {
    return operand.access() == Operand.Access.STRIDED || operand.source() == Operand.Source.INDEX;
  }

  private static boolean isStrided(Output output) {
    return output instanceof Output.Store(var d, var v, Operand.Access access)
        && access == Operand.Access.STRIDED;
  }

  /** The operations in an order of long runs that are all vectorisable or all not. */
  private List<List<Integer>> schedule() {
    List<List<Integer>> runs = new ArrayList<>();
    boolean[] done = new boolean[body.size()];
    int left = 0;
    for (int at = 0; at < body.size(); at++) {
      if (isOperation(at)) {
        left++;
      } else {
        done[at] = true;
      }
    }
    for (boolean vector = true; left > 0; vector = !vector) {
      List<Integer> run = new ArrayList<>();
      for (int at = 0; at < body.size(); at++) {
        if (!done[at] && rules.isVector(body.get(at), body) == vector && isReady(at, done)) {
          done[at] = true;
          run.add(at);
        }
      }
      left -= run.size();
      if (!run.isEmpty()) {
        runs.add(run);
      }
    }
    return runs;
  }

  private boolean isOperation(int at) {
    return needed.usually(at) && body.get(at) instanceof Instr.Apply;
  }

  private boolean isReady(int at, boolean[] done) {
    for (int used : uses(at)) {
      if (isOperation(used) && !done[used]) {
        return false;
      }
    }
    return true;
  }

  /** The values that an operation reads, those of the rare case included, in order. */
  private int[] uses(int at) {
    int[] known = usesOf[at];
    if (known == null) {
      known = findUses(at);
      usesOf[at] = known;
    }
    return known;
  }

  private int[] findUses(int at) {
    BitSet uses = new BitSet();
    BitSet open = new BitSet();
    // From the last to the first: whatever reads a value comes after it, so each is met once.
    for (int next = at; next >= 0; next = open.previousSetBit(next - 1)) {
      Instr.Apply apply = (Instr.Apply) body.get(next);
      for (int k = 0; k < apply.op().arity(); k++) {
        int argument = apply.argument(k);
        if (isRareOnly(argument)) {
          open.set(argument);
        } else {
          uses.set(argument);
          if (isMadeAgain(argument)) {
            open.set(argument);
          }
        }
      }
    }
    return uses.stream().toArray();
  }

  /** The operations that only the rare case of this one needs, in order. */
  private List<Integer> rareParts(int at) {
    TreeSet<Integer> parts = new TreeSet<>();
    TreeSet<Integer> open = new TreeSet<>(List.of(at));
    while (!open.isEmpty()) {
      Instr.Apply apply = (Instr.Apply) body.get(open.pollFirst());
      for (int k = 0; k < apply.op().arity(); k++) {
        int argument = apply.argument(k);
        if (isRareOnly(argument) && parts.add(argument)) {
          open.add(argument);
        }
      }
    }
    return List.copyOf(parts);
  }

  /**
   * Whether a value is computed again in each stage that reads it: a bool is cheap to make, and
   * handed on as bytes it would leave stages of much wider elements without vectors.
   */
  private boolean isMadeAgain(int at) {
    return body.get(at) instanceof Instr.Apply apply
        && apply.dtype() == DType.BOOL
        && apply.op() != Opcode.RARE;
  }

  /** The values to be made again for this one, itself included, in order. */
  private List<Integer> madeAgainFor(int at) {
    TreeSet<Integer> parts = new TreeSet<>(List.of(at));
    TreeSet<Integer> open = new TreeSet<>(parts);
    while (!open.isEmpty()) {
      Instr.Apply apply = (Instr.Apply) body.get(open.pollFirst());
      for (int k = 0; k < apply.op().arity(); k++) {
        int argument = apply.argument(k);
        if (isMadeAgain(argument) && parts.add(argument)) {
          open.add(argument);
        }
      }
    }
    return List.copyOf(parts);
  }

  private boolean isRareOnly(int at) {
    return !needed.usually(at) && body.get(at) instanceof Instr.Apply;
  }

  /** Cuts the runs into pieces, where few values cross. */
  private void cut(List<List<Integer>> runs) {
    List<Integer> order = runs.stream().flatMap(List::stream).toList();
    int[] crossing = crossing(order);
    int base = 0;
    for (List<Integer> run : runs) {
      int start = 0;
      while (run.size() - start > LARGEST_LOOP) {
        int best = start + LARGEST_PIECE;
        for (int end = start + LARGEST_PIECE; end >= start + SMALLEST_PIECE; end--) {
          if (crossing[base + end] < crossing[base + best]) {
            best = end;
          }
        }
        addPiece(run.subList(start, best));
        start = best;
      }
      addPiece(run.subList(start, run.size()));
      base += run.size();
    }
  }

  private void addPiece(List<Integer> piece) {
    for (int at : piece) {
      pieceOf[at] = pieces.size();
    }
    pieces.add(List.copyOf(piece));
  }

  /** For each place in the order how many values are handed on across the cut before it. */
  private int[] crossing(List<Integer> order) {
    int[] last = new int[body.size()];
    int[] place = new int[body.size()];
    for (int p = 0; p < order.size(); p++) {
      place[order.get(p)] = p;
      for (int used : uses(order.get(p))) {
        last[used] = p;
      }
    }
    int[] crossing = new int[order.size() + 1];
    for (int at : order) {
      int weight = isMadeAgain(at) ? 0 : 1;
      for (int p = place[at] + 1; p <= last[at]; p++) {
        crossing[p] += weight;
      }
    }
    return crossing;
  }

  /** Copies strided operands into strips, so that vector code can read them. */
  private void packOperands() {
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      if (isStrided(operand)) {
        int slot = newSlot();
        slotOfOperand.put(k, slot);
        stages.add(
            new Program.Stage(
                loops.of(
                    copy(
                        new Operand(operand.source(), operand.dtype(), Operand.Access.STRIDED),
                        Operand.Access.CONTIGUOUS)),
                List.of(k),
                List.of(),
                List.of(~slot)));
      }
    }
  }

  private static Kernel copy(Operand from, Operand.Access to) {
    return new Kernel(
        1,
        0,
        List.of(from),
        List.of(),
        List.of(new Instr.Load(from.dtype(), 0)),
        List.of(new Output.Store(from.dtype(), 0, to)));
  }

  private int newSlot() {
    Integer free = freeSlots.pollFirst();
    return free == null ? slots++ : free;
  }

  /** For each value the last piece that reads it. */
  private int[] lastUses() {
    int[] last = pieceOf.clone();
    for (List<Integer> piece : pieces) {
      for (int at : piece) {
        for (int used : uses(at)) {
          last[used] = Math.max(last[used], pieceOf[at]);
        }
      }
    }
    return last;
  }

  private void emit(int piece, int[] lastPiece) {
    StageBody stage = new StageBody();
    boolean vector = rules.isVector(body.get(pieces.get(piece).getFirst()), body);
    for (int at : pieces.get(piece)) {
      for (int part : rareParts(at)) {
        stage.add(part);
      }
      stage.add(at);
    }
    List<Program.Stage> unpacking = new ArrayList<>();
    List<Integer> unpacked = new ArrayList<>();
    for (int at : pieces.get(piece)) {
      if (lastPiece[at] > piece && !isMadeAgain(at)) {
        int slot = newSlot();
        slotOfValue.put(at, slot);
        stage.store(at, Operand.Access.CONTIGUOUS, ~slot);
      }
    }
    boolean isLast = piece == pieces.size() - 1;
    for (int o = 0; o < kernel.outputs().size(); o++) {
      Output output = kernel.outputs().get(o);
      int value = output.value();
      int access = kernel.operands().size() + o;
      if (pieceOf[value] != piece && !(isLast && pieceOf[value] < 0)) {
        continue;
      }
      if (!isStrided(output)) {
        stage.store(value, Operand.Access.CONTIGUOUS, access);
      } else if (!vector) {
        stage.store(value, Operand.Access.STRIDED, access);
      } else {
        int slot = newSlot();
        stage.store(value, Operand.Access.CONTIGUOUS, ~slot);
        unpacking.add(
            new Program.Stage(
                loops.of(
                    copy(
                        new Operand(
                            Operand.Source.MEMORY, output.dtype(), Operand.Access.CONTIGUOUS),
                        Operand.Access.STRIDED)),
                List.of(~slot),
                List.of(),
                List.of(access)));
        unpacked.add(slot);
      }
    }
    // Bools alone are made again where they are read.
    if (stage.hasOutputs()) {
      stages.add(stage.finish());
    }
    stages.addAll(unpacking);
    freeSlots.addAll(unpacked);
    slotOfValue
        .entrySet()
        .removeIf(
            held -> {
              boolean over = lastPiece[held.getKey()] <= piece;
              if (over) {
                freeSlots.add(held.getValue());
              }
              return over;
            });
  }

  /** The kernel of one stage as it is put together. */
  private final class StageBody {
    private final List<Operand> operands = new ArrayList<>();
    private final List<Integer> operandSources = new ArrayList<>();
    private final List<DType> params = new ArrayList<>();
    private final List<Integer> paramSources = new ArrayList<>();
    private final List<Instr> instrs = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private final List<Integer> outputTargets = new ArrayList<>();
    private final Map<Integer, Integer> numbers = new HashMap<>();

    /** Adds an operation. */
    void add(int at) {
      if (numbers.containsKey(at)) {
        return;
      }
      Instr.Apply apply = (Instr.Apply) body.get(at);
      int[] arguments = {-1, -1, -1};
      for (int k = 0; k < apply.op().arity(); k++) {
        arguments[k] = number(apply.argument(k));
      }
      put(at, new Instr.Apply(apply.op(), apply.dtype(), arguments[0], arguments[1], arguments[2]));
    }

    private int put(int at, Instr instr) {
      instrs.add(instr);
      numbers.put(at, instrs.size() - 1);
      return instrs.size() - 1;
    }

    /** The stage's own number of a value, which it reads again where another stage has made it. */
    private int number(int at) {
      Integer known = numbers.get(at);
      if (known != null) {
        return known;
      }
      return switch (body.get(at)) {
        case Instr.Const constant -> put(at, constant);
        case Instr.Param(DType dtype, int p) -> {
          params.add(dtype);
          paramSources.add(p);
          yield put(at, new Instr.Param(dtype, params.size() - 1));
        }
        case Instr.Load(DType dtype, int k) -> {
          Integer slot = slotOfOperand.get(k);
          yield slot == null
              ? put(at, load(kernel.operands().get(k), k))
              : put(at, load(strip(dtype), ~slot));
        }
        case Instr.Apply apply -> {
          if (!isMadeAgain(at)) {
            yield put(at, load(strip(apply.dtype()), ~Objects.requireNonNull(slotOfValue.get(at))));
          }
          madeAgainFor(at).forEach(this::add);
          yield Objects.requireNonNull(numbers.get(at));
        }
      };
    }

    private static Operand strip(DType dtype) {
      return new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS);
    }

    private Instr load(Operand operand, int source) {
      operands.add(operand);
      operandSources.add(source);
      return new Instr.Load(operand.dtype(), operands.size() - 1);
    }

    void store(int at, Operand.Access access, int target) {
      int value = number(at);
      outputs.add(new Output.Store(instrs.get(value).dtype(), value, access));
      outputTargets.add(target);
    }

    boolean hasOutputs() {
      return !outputs.isEmpty();
    }

    Program.Stage finish() {
      Kernel loop = new Kernel(1, 0, operands, params, instrs, outputs);
      return new Program.Stage(
          loops.of(loop),
          List.copyOf(operandSources),
          List.copyOf(paramSources),
          List.copyOf(outputTargets));
    }
  }
}
