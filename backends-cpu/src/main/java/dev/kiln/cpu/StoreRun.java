package dev.kiln.cpu;

import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs a kernel whose outputs are stores: rows of the index space, shared out to the workers in
 * chunks.
 */
final class StoreRun {
  /** Bytes of memory traffic that make a chunk. */
  private static final long CHUNK_BYTES = 1 << 20;

  private static final long SMALLEST_CHUNK = 4096;
  private static final long LARGEST_CHUNK = 256 << 10;

  /** Elements of a chunk where each costs much. */
  private static final long COSTLY_CHUNK = 4096;

  /** Instructions of a chunk, about: between two of them an interrupt is seen. */
  private static final long CHUNK_INSTRUCTIONS = 1 << 22;

  /** Elements after which a kernel is worth its vector form. */
  static final long WORTH_HEATING = 4096;

  private final Kernel kernel;
  private final Machine machine;
  private final Program program;
  private final long grain;
  private final int[] units;
  private final ConcurrentHashMap<List<Tiles.Copied>, Tiles> tiled = new ConcurrentHashMap<>();
  private final AtomicLong served = new AtomicLong();

  StoreRun(Kernel kernel, Machine machine) {
    this.kernel = kernel;
    this.machine = machine;
    Kernel row =
        new Kernel(1, 0, kernel.operands(), kernel.params(), kernel.body(), kernel.outputs());
    this.program = Stages.program(row, machine.loops());
    this.grain = grain(kernel);
    this.units = new int[kernel.operands().size() + kernel.outputs().size()];
    for (int k = 0; k < units.length; k++) {
      int o = k - kernel.operands().size();
      units[k] =
          o < 0 ? Call.unit(kernel.operands().get(k)) : kernel.outputs().get(o).dtype().bytes();
    }
  }

  private static long grain(Kernel kernel) {
    for (Instr instr : kernel.body()) {
      if (instr instanceof Instr.Apply apply && apply.op().group() == Opcode.Group.LIBRARY) {
        return COSTLY_CHUNK;
      }
    }
    long bytes = 0;
    for (Operand operand : kernel.operands()) {
      bytes += operand.access() == Operand.Access.BROADCAST ? 0 : Call.unit(operand);
    }
    for (Output output : kernel.outputs()) {
      bytes += output.dtype().bytes();
    }
    long elements = Math.clamp(CHUNK_BYTES / bytes, SMALLEST_CHUNK, LARGEST_CHUNK);
    long few = Math.max(Program.STRIP, CHUNK_INSTRUCTIONS / kernel.body().size());
    return Math.min(elements, few) / Program.STRIP * Program.STRIP;
  }

  void run(Call call) {
    Geometry geometry = geometry(call);
    long inner = geometry.inner();
    long rows = geometry.points(0, geometry.rank() - 1);
    boolean worthHeating = served.addAndGet(inner * rows) >= WORTH_HEATING;
    List<Tiles.Copied> across = Tiles.among(kernel, geometry);
    if (!across.isEmpty()) {
      Tiles tiles = tiled.computeIfAbsent(across, k -> Tiles.of(kernel, k, machine.loops()));
      if (worthHeating) {
        tiles.program().heat();
      }
      inTiles(call, geometry, tiles);
      return;
    }
    if (worthHeating) {
      program.heat();
    }
    long grain = Math.min(this.grain, share(inner * rows));
    if (inner > grain) {
      long segments = Machine.ceilDiv(inner, grain);
      forEachChunk(
          call,
          geometry,
          rows * segments,
          (chunk, frame) -> {
            long row = chunk / segments;
            long column = (chunk - row * segments) * grain;
            rows(geometry, frame, row, row + 1, column, (int) Math.min(grain, inner - column));
          });
    } else {
      long rowsAChunk = Math.max(1, grain / inner);
      forEachChunk(
          call,
          geometry,
          Machine.ceilDiv(rows, rowsAChunk),
          (chunk, frame) ->
              rows(
                  geometry,
                  frame,
                  chunk * rowsAChunk,
                  Math.min(rows, (chunk + 1) * rowsAChunk),
                  0,
                  (int) inner));
    }
  }

  /** Elements of a chunk such that every worker gets a few. */
  private long share(long elements) {
    long share = elements / machine.parts();
    return Math.max(SMALLEST_CHUNK, Machine.ceilDiv(share, Program.STRIP) * Program.STRIP);
  }

  private Geometry geometry(Call call) {
    List<Launch.Access> accesses = new ArrayList<>(call.launch().operands());
    accesses.addAll(call.launch().outputs());
    long[] bases = new long[accesses.size()];
    int operands = kernel.operands().size();
    System.arraycopy(call.operandBases(), 0, bases, 0, operands);
    System.arraycopy(call.outputBases(), 0, bases, operands, kernel.outputs().size());
    return Geometry.of(call.launch().extents(), kernel.keptRank(), accesses, bases, units);
  }

  /** Rows in groups, and columns in tiles, with some operands copied tile by tile. */
  private void inTiles(Call call, Geometry geometry, Tiles tiles) {
    int rank = geometry.rank();
    long inner = geometry.inner();
    long rows = geometry.extents()[rank - 2];
    long groups = Machine.ceilDiv(rows, Tiles.ROWS);
    int columns = tiles.columns();
    Tiles.Copied[] copied = tiles.copies().toArray(Tiles.Copied[]::new);
    machine.forEach(
        geometry.points(0, rank - 2) * groups,
        tiles.scratchBytes(),
        (chunk, scratch) -> {
          long outer = chunk / groups;
          long first = (chunk - outer * groups) * Tiles.ROWS;
          int height = (int) Math.min(Tiles.ROWS, rows - first);
          Program.Frame frame = tiles.program().take();
          geometry.strides(rank - 1, frame.strides);
          long[] copies = new long[copied.length];
          for (int i = 0; i < copied.length; i++) {
            copies[i] = scratch.reserve(copied[i].bytes(columns));
            frame.strides[copied[i].operand()] = copied[i].dtype().bytes();
          }
          tiles.program().prepare(frame, call.params(), scratch);
          for (long column = 0; column < inner; column += columns) {
            int width = (int) Math.min(columns, inner - column);
            long point = (outer * rows + first) * inner + column;
            geometry.place(frame.addresses, point, 0);
            for (int i = 0; i < copied.length; i++) {
              int k = copied[i].operand();
              Tiles.copy(
                  units[k],
                  frame.addresses[k],
                  geometry.strides()[k][rank - 1],
                  copies[i],
                  copied[i].pitch(columns),
                  Math.min(copied[i].rows(), height),
                  width);
            }
            for (int r = 0; r < height; r++) {
              geometry.place(frame.addresses, point + r * inner, 0);
              for (int i = 0; i < copied.length; i++) {
                frame.addresses[copied[i].operand()] = copies[i] + r * copied[i].pitch(columns);
              }
              tiles.program().run(frame, width);
            }
          }
          tiles.program().give(frame);
        });
  }

  /** What is done with a frame that is ready but for its addresses. */
  private interface OnFrame {
    void run(long chunk, Program.Frame frame);
  }

  private void forEachChunk(Call call, Geometry geometry, long chunks, OnFrame work) {
    machine.forEach(
        chunks,
        program.scratchBytes(),
        (chunk, scratch) -> {
          Program.Frame frame = program.take();
          geometry.strides(geometry.rank() - 1, frame.strides);
          program.prepare(frame, call.params(), scratch);
          work.run(chunk, frame);
          program.give(frame);
        });
  }

  private void rows(
      Geometry geometry, Program.Frame frame, long row, long endRow, long column, int length) {
    long inner = geometry.inner();
    for (long r = row; r < endRow; r++) {
      geometry.place(frame.addresses, r * inner + column, 0);
      program.run(frame, length);
    }
  }

  String describe() {
    StringBuilder text = new StringBuilder(program.describe());
    tiled.forEach((found, tiles) -> text.append("; in tiles: ").append(tiles.program().describe()));
    return text.toString();
  }
}
