package dev.kiln.opencl;

import dev.kiln.DType;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.opencl.source.ColumnText;
import dev.kiln.opencl.source.Form;
import dev.kiln.opencl.source.PointText;
import dev.kiln.opencl.source.TeamText;
import dev.kiln.opencl.source.TileText;
import dev.kiln.opencl.source.Tiled;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Which text a launch is done by, by its device and by whether it reads against the grain, and how
 * the work of those with a text of their own is handed out.
 */
final class Grain {
  /** Lines of memory that are read for an element each, if neighbours are further apart. */
  private static final int LINE_BYTES = 64;

  /** Points that are worth another text. */
  private static final long FEWEST = 1 << 14;

  /**
   * Elements that processors copy faster than they read them against the grain. Of eight bytes
   * tiles and columns took longer than the plain text.
   */
  private static final int NARROW_BYTES = 4;

  private Grain() {}

  /** The form that suits a launch. */
  static Form of(Kernel kernel, Launch launch, Geometry geometry, boolean processor) {
    if (!processor) {
      return kernel.reduces()
          ? teams(kernel, launch, geometry)
          : tiles(kernel, launch, false).orElseGet(() -> points(geometry));
    }
    if (geometry.rows() * geometry.inner() < FEWEST) {
      return new Form.Plain();
    }
    return kernel.reduces()
        ? columns(kernel, launch)
        : tiles(kernel, launch, true).orElseGet(Form.Plain::new);
  }

  private static Form points(Geometry geometry) {
    return PointText.suits(geometry.inner()) ? new Form.Points() : new Form.Plain();
  }

  private static Form teams(Kernel kernel, Launch launch, Geometry geometry) {
    if (TeamText.lanes(kernel).isEmpty()) {
      return new Form.Plain();
    }
    if (geometry.inner() < TeamText.LONG_SEQUENCE) {
      return new Form.Alone();
    }
    int side = kernel.keptRank() - 1;
    boolean across = false;
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      List<Long> strides = launch.operands().get(k).strides();
      across |=
          side >= 0
              && operand.source() == Operand.Source.MEMORY
              && strides.get(side) == 1
              && isFar(operand, strides.getLast());
    }
    return new Form.Teams(across);
  }

  private static Optional<Form> tiles(Kernel kernel, Launch launch, boolean processor) {
    int across = kernel.rank() - 1;
    int down = across - 1;
    int rows = TileText.rows(processor);
    if (down < 0 || launch.extents().get(down) < rows || launch.extents().get(across) < rows) {
      return Optional.empty();
    }
    List<Tiled> tiled = new ArrayList<>();
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      List<Long> strides = launch.operands().get(k).strides();
      boolean inMemory = operand.source() == Operand.Source.MEMORY;
      if (inMemory
          && strides.get(down) == 1
          && isFar(operand, strides.get(across))
          && (!processor || isNarrow(operand.dtype()))) {
        tiled.add(new Tiled(k, false));
      } else if (inMemory
          && processor
          && strides.get(down) == 0
          && operand.access() == Operand.Access.STRIDED) {
        tiled.add(new Tiled(k, true));
      }
    }
    return tiled.isEmpty() ? Optional.empty() : Optional.of(new Form.Tiles(tiled, processor));
  }

  private static Form columns(Kernel kernel, Launch launch) {
    int side = kernel.keptRank() - 1;
    boolean narrow =
        kernel.outputs().stream()
            .allMatch(output -> isNarrow(kernel.body().get(output.value()).dtype()));
    if (kernel.reducedRank() != 1 || side < 0 || !narrow) {
      return new Form.Plain();
    }
    List<Integer> beside = new ArrayList<>();
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      List<Long> strides = launch.operands().get(k).strides();
      if (operand.source() == Operand.Source.MEMORY
          && strides.get(side) == 1
          && isFar(operand, strides.getLast())
          && isNarrow(operand.dtype())) {
        beside.add(k);
      }
    }
    return beside.isEmpty() || launch.extents().get(side) < ColumnText.columns(kernel, beside)
        ? new Form.Plain()
        : new Form.Columns(beside);
  }

  private static boolean isNarrow(DType dtype) {
    return dtype.bytes() <= NARROW_BYTES;
  }

  private static boolean isFar(Operand operand, long stride) {
    return Math.abs(stride) * operand.dtype().bytes() >= LINE_BYTES;
  }

  /** How a launch in that form is handed out, given how it would be in plain form. */
  static Geometry geometry(Form form, Kernel kernel, Launch launch, Geometry plain) {
    return switch (form) {
      case Form.Plain _, Form.Teams _, Form.Alone _, Form.Points _ -> plain;
      case Form.Tiles(List<Tiled> tiled, boolean processor) -> {
        long columns = TileText.columns(kernel, tiled, processor);
        long rows = TileText.rows(processor);
        long height = launch.extents().get(kernel.rank() - 2);
        long bands = plain.rows() / height * parts(height, rows);
        long chunk = processor ? Math.max(1, plain.chunk() * plain.strip() / (rows * columns)) : 1;
        yield new Geometry(
            bands, plain.inner(), columns, parts(plain.inner(), columns), chunk, plain.wide());
      }
      case Form.Columns _ ->
          new Geometry(
              plain.rows(), plain.inner(), plain.strip(), plain.unitsOfRow(), 1, plain.wide());
    };
  }

  /** The calls' units in that form. */
  static long units(Form form, Kernel kernel, Launch launch, Geometry geometry) {
    return switch (form) {
      case Form.Plain _, Form.Tiles _, Form.Teams _, Form.Alone _ -> geometry.units();
      case Form.Points _ -> geometry.rows();
      case Form.Columns(List<Integer> beside) -> {
        long width = launch.extents().get(kernel.keptRank() - 1);
        long groups = parts(width, ColumnText.columns(kernel, beside));
        yield geometry.rows() / width * groups * geometry.unitsOfRow();
      }
    };
  }

  private static long parts(long whole, long part) {
    return (whole + part - 1) / part;
  }
}
