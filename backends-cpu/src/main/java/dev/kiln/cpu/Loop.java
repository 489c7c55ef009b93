package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;

/**
 * Emitted code: one loop over contiguous index numbers. What its arguments mean is in {@link
 * Arguments}.
 */
interface Loop {
  /**
   * Runs indices from {@code from}; a vector loop stops early, at the last whole vector or at a
   * rare case, and does nothing where there are fewer than two vectors.
   *
   * @return the index it reached, at most {@code to}
   */
  int run(long[] arguments, int from, int to);

  /**
   * Where a loop finds its arguments: for each operand an address (of an index operand: the value)
   * at index 0 and a stride in bytes (of an index operand: the step), then the parameters' bits,
   * then for each output an address and a stride in bytes. The address of a reduction is that of
   * its lanes; every {@link Lanes#BLOCK} indices it goes on with the lanes after them.
   */
  final class Arguments {
    private Arguments() {}

    static int operand(int k) {
      return 2 * k;
    }

    static int param(Kernel kernel, int p) {
      return 2 * kernel.operands().size() + p;
    }

    static int output(Kernel kernel, int o) {
      return 2 * kernel.operands().size() + kernel.params().size() + 2 * o;
    }

    static int count(Kernel kernel) {
      return output(kernel, kernel.outputs().size());
    }
  }
}
