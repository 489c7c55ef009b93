package dev.kiln.cpu;

import dev.kiln.DType;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ReduceOp;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Folds sequences side by side, where the last kept dimension is contiguous and the reduced ones
 * are not: W rows of lanes, each row of elements added to the row of lanes whose turn it is, then
 * the tree over whole rows. The same order, and so the same bits, as one sequence after another.
 */
final class Columns {
  /**
   * Columns of a tile: wide enough for memory, narrow enough that the rows of lanes stay in the
   * second-level cache.
   */
  static final int WIDEST_TILE = 4096;

  private static final int NARROWEST_TILE = 256;

  /** Columns of a tile where neighbouring columns are not neighbours in memory. */
  private static final int STRIDED_TILE = 512;

  /** Columns from which this form pays. */
  private static final int FEWEST = 16;

  /**
   * Sequences so short that taking one after another costs more for the lanes than for the
   * elements.
   */
  private static final long SHORT = 48;

  /**
   * Rows of one lane that are taken in a turn, so that the lane is read and written more rarely.
   */
  static final int TURN = 4;

  /** The largest body that is repeated for a turn. */
  private static final int LARGEST_TURN = 10;

  private Columns() {}

  /** Whether sequences should be folded side by side. */
  static boolean suits(Part part, Geometry geometry) {
    int column = geometry.kept() - 1;
    int inner = geometry.rank() - 1;
    if (column < 0 || geometry.extents()[column] < FEWEST) {
      return false;
    }
    boolean alongRows = true;
    boolean neighbours = true;
    for (int k = 0; k < part.operands().size(); k++) {
      if (part.operands().get(k).source() == Operand.Source.INDEX) {
        continue;
      }
      long bytes = part.operands().get(k).dtype().bytes();
      long across = geometry.strides()[k][column];
      neighbours &= across == 0 || across == bytes;
      long along = geometry.strides()[k][inner];
      alongRows &= along == 0 || along == bytes;
    }
    boolean longRuns = geometry.extents()[inner] >= SHORT || geometry.rank() - geometry.kept() == 1;
    return (neighbours && (!alongRows || !longRuns))
        || (alongRows && geometry.reducedPoints() < SHORT);
  }

  /** How the operands are accessed along the last kept dimension. */
  static List<Operand.Access> accesses(Part part, Geometry geometry) {
    List<Operand.Access> accesses = new ArrayList<>();
    for (int k = 0; k < part.operands().size(); k++) {
      long stride = geometry.strides()[k][geometry.kept() - 1];
      Operand operand = part.operands().get(k);
      boolean next = operand.source() == Operand.Source.MEMORY && stride == operand.dtype().bytes();
      accesses.add(
          stride == 0
              ? Operand.Access.BROADCAST
              : next ? Operand.Access.CONTIGUOUS : Operand.Access.STRIDED);
    }
    return accesses;
  }

  /** The width of a tile, so that there is work for all. */
  static int tile(Part part, Geometry geometry, long others, int widest, int workers) {
    long columns = geometry.extents()[geometry.kept() - 1];
    boolean strided = accesses(part, geometry).contains(Operand.Access.STRIDED);
    long width = Math.min(columns, strided ? STRIDED_TILE : widest);
    while (width > NARROWEST_TILE && others * Machine.ceilDiv(columns, width) < workers) {
      width = Math.max(NARROWEST_TILE, (width / 2 + 63) & -64);
    }
    return (int) width;
  }

  /**
   * Tiles that make a chunk of work.
   *
   * @param elements of a tile
   */
  static long tilesAChunk(long elements, long tiles, int workers) {
    long most = Math.max(1, 8L * Lanes.BLOCK / elements);
    return Math.max(1, Math.min(most, Machine.ceilDiv(tiles, 4L * workers)));
  }

  /** What becomes of a row of lanes for each row of values. */
  interface Step {
    /**
     * Adds the instructions for one row to a body that has computed its value.
     *
     * @param extra the values of the extra operands: those that stay, then the lanes
     * @return the values of the new lanes
     */
    List<Integer> extend(List<Instr> body, int value, List<Integer> extra);
  }

  /** The programs of a step for each way its operands may lie. */
  static final class Steps {
    private final Part part;
    private final Loops loops;
    private final Step step;
    private final int staying;
    private final int lanes;
    private final ConcurrentHashMap<List<Operand.Access>, Program> singles =
        new ConcurrentHashMap<>();
    private final ConcurrentHashMap<List<Operand.Access>, Program> turns =
        new ConcurrentHashMap<>();

    /**
     * Creates the programs' home.
     *
     * @param staying how many rows the step reads besides, of the part's dtype
     * @param lanes how many rows of lanes it reads and writes
     */
    Steps(Part part, int staying, int lanes, Step step, Loops loops) {
      this.part = part;
      this.staying = staying;
      this.lanes = lanes;
      this.step = step;
      this.loops = loops;
    }

    /** The program that takes one row. */
    Program single(Geometry geometry) {
      return singles.computeIfAbsent(accesses(part, geometry), a -> make(a, 1));
    }

    /** The program that takes a turn of rows; null where that does not pay. */
    @Nullable Program turn(Geometry geometry) {
      boolean pays =
          part.body().size() <= LARGEST_TURN
              && geometry.rank() - geometry.kept() == 1
              && geometry.reducedPoints() >= (long) TURN * Lanes.count(part.dtype());
      return pays ? turns.computeIfAbsent(accesses(part, geometry), a -> make(a, TURN)) : null;
    }

    /** The programs made so far, for people. */
    String describe() {
      StringBuilder text = new StringBuilder();
      singles.forEach(
          (accesses, program) -> text.append("; side by side: ").append(program.describe()));
      return text.toString();
    }

    private Program make(List<Operand.Access> accesses, int rows) {
      Part placed = part.with(accesses);
      DType dtype = part.dtype();
      int own = placed.operands().size();
      List<Operand> operands = new ArrayList<>();
      List<Instr> body = new ArrayList<>();
      List<Integer> extra = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        operands.addAll(placed.operands());
      }
      for (int k = 0; k < staying + lanes; k++) {
        operands.add(new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS));
        extra.add(body.size());
        body.add(new Instr.Load(dtype, rows * own + k));
      }
      for (int row = 0; row < rows; row++) {
        int value = placed.appendTo(body, row * own);
        List<Integer> results = step.extend(body, value, extra);
        extra = new ArrayList<>(extra.subList(0, staying));
        extra.addAll(results);
      }
      List<Output> outputs = new ArrayList<>();
      for (int k = staying; k < staying + lanes; k++) {
        outputs.add(new Output.Store(dtype, extra.get(k), Operand.Access.CONTIGUOUS));
      }
      return Stages.program(new Kernel(1, 0, operands, placed.params(), body, outputs), loops);
    }
  }

  /** lane = lane op value. */
  static Step folding(ReduceOp op, DType dtype) {
    return (body, value, extra) -> {
      body.add(new Instr.Apply(Lanes.combine(op, dtype), dtype, extra.getFirst(), value, -1));
      return List.of(body.size() - 1);
    };
  }

  /**
   * first = first + d, second = second + d * d, where d = value − mean; the extra operands are
   * mean, first, second.
   */
  static Step deviations(DType dtype) {
    return (body, value, extra) -> {
      int at = body.size();
      body.add(new Instr.Apply(Opcode.SUB, dtype, value, extra.get(0), -1));
      body.add(new Instr.Apply(Opcode.MUL, dtype, at, at, -1));
      body.add(new Instr.Apply(Opcode.ADD, dtype, extra.get(1), at, -1));
      body.add(new Instr.Apply(Opcode.ADD, dtype, extra.get(2), at + 1, -1));
      return List.of(at + 2, at + 3);
    };
  }

  /** Takes the rows of a tile, one by one or in turns. */
  static final class Walk {
    private final Geometry geometry;
    private final int operands;
    private final int staying;
    private final int lanes;
    private final DType dtype;
    private final Program single;
    private final Program.Frame singleFrame;
    private final @Nullable Program turn;
    private final Program.@Nullable Frame turnFrame;
    private final long[] rowAddresses;

    Walk(Geometry geometry, Steps steps, long[] params, Scratch scratch) {
      this.geometry = geometry;
      this.operands = steps.part.operands().size();
      this.staying = steps.staying;
      this.lanes = steps.lanes;
      this.dtype = steps.part.dtype();
      this.single = steps.single(geometry);
      this.singleFrame = prepared(single, 1, params, scratch);
      this.turn = steps.turn(geometry);
      this.turnFrame = turn == null ? null : prepared(turn, TURN, params, scratch);
      this.rowAddresses = new long[operands];
    }

    private Program.Frame prepared(Program program, int rows, long[] params, Scratch scratch) {
      Program.Frame frame = program.take();
      java.util.Arrays.fill(frame.strides, dtype.bytes());
      for (int row = 0; row < rows; row++) {
        for (int k = 0; k < operands; k++) {
          frame.strides[row * operands + k] = geometry.strides()[k][geometry.kept() - 1];
        }
      }
      program.prepare(frame, params, scratch);
      return frame;
    }

    /** Bytes of scratch that a walk needs. */
    static long scratchBytes(Geometry geometry, Steps steps) {
      Program turn = steps.turn(geometry);
      return steps.single(geometry).scratchBytes() + (turn == null ? 0 : turn.scratchBytes());
    }

    /**
     * Takes rows {@code start} to {@code start + rows − 1} of a tile of columns.
     *
     * @param stay address of the row that stays; any where there is none
     * @param lane address of each set of rows of lanes
     */
    void rows(long outer, long column, int width, long start, int rows, long stay, long... lane) {
      long keptPoint = outer * geometry.extents()[geometry.kept() - 1] + column;
      int w = Lanes.count(dtype);
      int done = 0;
      if (turn != null && turnFrame != null) {
        geometry.place(rowAddresses, keptPoint, start);
        int last = geometry.rank() - 1;
        for (; rows - done >= TURN * w; done += TURN * w) {
          for (int r = done; r < done + w; r++) {
            for (int t = 0; t < TURN; t++) {
              for (int k = 0; k < operands; k++) {
                turnFrame.addresses[t * operands + k] =
                    rowAddresses[k] + (r + (long) t * w) * geometry.strides()[k][last];
              }
            }
            placeExtra(turnFrame.addresses, TURN * operands, width, r, stay, lane);
            turn.run(turnFrame, width);
          }
        }
      }
      long inner = geometry.inner();
      while (done < rows) {
        long at = start + done;
        int run = (int) Math.min(inner - at % inner, rows - done);
        geometry.place(rowAddresses, keptPoint, at);
        for (int r = 0; r < run; r++) {
          for (int k = 0; k < operands; k++) {
            singleFrame.addresses[k] = rowAddresses[k];
            rowAddresses[k] += geometry.strides()[k][geometry.rank() - 1];
          }
          placeExtra(singleFrame.addresses, operands, width, done + r, stay, lane);
          single.run(singleFrame, width);
        }
        done += run;
      }
    }

    private void placeExtra(
        long[] addresses, int first, int width, int row, long stay, long[] lane) {
      if (staying > 0) {
        addresses[first] = stay;
      }
      long offset = (long) (row & (Lanes.count(dtype) - 1)) * width * dtype.bytes();
      for (int k = 0; k < lanes; k++) {
        addresses[first + staying + k] = lane[k] + offset;
        addresses[first + staying + lanes + k] = lane[k] + offset;
      }
    }

    void close() {
      single.give(singleFrame);
      if (turn != null && turnFrame != null) {
        turn.give(turnFrame);
      }
    }
  }

  /** Folds rows of lanes into the first one; it leaves a NaN as it is. */
  static final class Tree {
    private final Program combine;
    private final DType dtype;

    Tree(ReduceOp op, DType dtype, Loops loops) {
      this.dtype = dtype;
      Operand row = new Operand(Operand.Source.MEMORY, dtype, Operand.Access.CONTIGUOUS);
      this.combine =
          Program.oneLoop(
              new Kernel(
                  1,
                  0,
                  List.of(row, row),
                  List.of(),
                  List.of(
                      new Instr.Load(dtype, 0),
                      new Instr.Load(dtype, 1),
                      new Instr.Apply(Lanes.combine(op, dtype), dtype, 0, 1, -1)),
                  List.of(new Output.Store(dtype, 2, Operand.Access.CONTIGUOUS))),
              loops);
    }

    /** Asks for vector code. */
    void heat(Geometry geometry, Steps steps) {
      combine.heat();
      Program turn = steps.turn(geometry);
      Program single = steps.single(geometry);
      single.heat();
      if (turn != null) {
        turn.heat();
      }
    }

    /**
     * Folds; rows of lanes beyond those used hold the identity, which changes nothing, and are not
     * read.
     */
    void fold(long lanes, int width, int used, Scratch scratch) {
      Program.Frame frame = combine.take();
      java.util.Arrays.fill(frame.strides, dtype.bytes());
      combine.prepare(frame, new long[0], scratch);
      int rows = used;
      for (int half = Lanes.count(dtype) / 2; half > 0; half >>= 1) {
        int pairs = Math.min(half, rows - half);
        if (pairs > 0) {
          frame.addresses[0] = lanes;
          frame.addresses[1] = lanes + (long) half * width * dtype.bytes();
          frame.addresses[2] = lanes;
          combine.run(frame, pairs * width);
          rows = half;
        }
      }
      combine.give(frame);
    }
  }
}
