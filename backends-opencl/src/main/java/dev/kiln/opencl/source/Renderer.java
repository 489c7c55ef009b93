package dev.kiln.opencl.source;

import dev.kiln.kernel.Kernel;
import java.util.List;

/**
 * Kernels as OpenCL C. The same kernel gives the same text, byte by byte.
 *
 * <p>Work is handed out in units, a few to a work-item: strips of a row where values are stored,
 * blocks of a sequence where they are reduced. How large they are is decided at launch, so one text
 * suits processors, which like thousands of elements a work-item, and GPUs, which like one.
 */
public final class Renderer {
  /** Elements of a block, the unit of the canonical order. */
  public static final int BLOCK = 4096;

  private static final String HEAD =
      """
      #pragma OPENCL FP_CONTRACT OFF
      """;

  private static final String DOUBLES =
      """
      #pragma OPENCL EXTENSION cl_khr_fp64 : enable
      """;

  private Renderer() {}

  /** The text of a kernel in its plain form. */
  public static Source render(Kernel kernel, boolean exactDivision) {
    return render(kernel, exactDivision, new Form.Plain());
  }

  /**
   * The text of a kernel.
   *
   * @param exactDivision whether the device's division and square root of float32 are rounded
   *     correctly; otherwise they go through float64
   * @param form which suits the launch
   */
  public static Source render(Kernel kernel, boolean exactDivision, Form form) {
    Helpers helpers = new Helpers(exactDivision);
    Source source =
        switch (form) {
          case Form.Plain _ ->
              kernel.reduces()
                  ? new ReduceText(kernel, helpers).source()
                  : new StoreText(kernel, helpers).source();
          case Form.Tiles(List<Tiled> tiled, boolean processor) ->
              new TileText(kernel, helpers, tiled, processor).source();
          case Form.Columns(List<Integer> beside) ->
              new ColumnText(kernel, helpers, beside).source();
          case Form.Points _ -> new PointText(kernel, helpers).source();
          case Form.Teams(boolean across) -> new TeamText(kernel, helpers, across).source();
          case Form.Alone _ -> new TeamText(kernel, helpers, false).alone();
        };
    String text = program(helpers.text() + source.text());
    return new Source(text, source.functions(), source.parts(), source.loneBlocksAreDone());
  }

  /** Functions with what a program begins with. */
  static String program(String functions) {
    return HEAD + (functions.contains("double") ? DOUBLES : "") + "\n" + functions;
  }
}
