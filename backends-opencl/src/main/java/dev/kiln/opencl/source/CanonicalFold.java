package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;

/**
 * A sum or product of floats in the canonical order.
 *
 * @param sums whether it is a sum
 */
record CanonicalFold(boolean sums, DType dtype, int value, int output) implements Partial {
  @Override
  public List<Array> arrays() {
    return List.of(new Array(dtype, output));
  }

  @Override
  public void block(Lines lines, Helpers helpers, int part) {
    String folded = helpers.call(sums ? Helper.SUM : Helper.PROD, dtype, "x" + value, "length");
    lines.add("r" + part + "[unit] = " + helpers.call(Helper.CANONICAL, dtype, folded) + ";");
  }

  @Override
  public void combine(Lines lines, Helpers helpers, int part) {
    Helper parts = sums ? Helper.SUM_PARTS : Helper.PROD_PARTS;
    String folded = helpers.call(parts, dtype, "r" + part + " + at", "blocks");
    lines.add(Partial.write(output, helpers.call(Helper.CANONICAL, dtype, folded)));
  }
}
