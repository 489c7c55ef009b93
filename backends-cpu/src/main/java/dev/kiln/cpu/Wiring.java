package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import java.util.List;
import java.util.stream.Stream;

/**
 * Where a loop's arguments come from, as plain numbers: they are filled in for every strip, and of
 * walks through lists the JIT compiler makes half a second's work, for which the loops would wait.
 *
 * @param at where the arguments of each access begin: operands, then outputs
 * @param access which of the program's accesses it is, or the complement of a slot's number
 * @param bytes of an access's elements
 * @param paramAt where each parameter is among the arguments
 * @param param which of the program's it is
 */
@SuppressWarnings("ArrayRecordComponent") // Read for every strip, never compared.
record Wiring(int[] at, int[] access, int[] bytes, int[] paramAt, int[] param) {
  /** Of one loop of a program. */
  static Wiring of(Program.Stage stage) {
    return of(stage.loop().kernel(), stage.operands(), stage.params(), stage.outputs());
  }

  /**
   * Of any loop.
   *
   * @param sources for each operand which of the program's accesses it is, or the complement of a
   *     slot's number
   * @param params for each parameter which of the program's it is
   * @param targets as sources, for outputs
   */
  static Wiring of(
      Kernel loop, List<Integer> sources, List<Integer> params, List<Integer> targets) {
    int operands = sources.size();
    int accesses = operands + targets.size();
    int[] at = new int[accesses];
    int[] bytes = new int[accesses];
    for (int k = 0; k < operands; k++) {
      at[k] = Loop.Arguments.operand(k);
      bytes[k] = loop.operands().get(k).dtype().bytes();
    }
    for (int o = 0; o < accesses - operands; o++) {
      at[operands + o] = Loop.Arguments.output(loop, o);
      bytes[operands + o] = loop.outputs().get(o).dtype().bytes();
    }
    int[] paramAt = new int[params.size()];
    for (int p = 0; p < paramAt.length; p++) {
      paramAt[p] = Loop.Arguments.param(loop, p);
    }
    return new Wiring(
        at,
        Stream.of(sources, targets).flatMap(List::stream).mapToInt(Integer::intValue).toArray(),
        bytes,
        paramAt,
        params.stream().mapToInt(Integer::intValue).toArray());
  }

  /** Sets the parameters. */
  void params(long[] arguments, long[] params) {
    for (int p = 0; p < param.length; p++) {
      arguments[paramAt[p]] = params[param[p]];
    }
  }

  /**
   * Sets the strides, and the addresses of slots.
   *
   * @param strides of the program's accesses
   * @param slots address of the first slot
   * @param slotBytes from one slot to the next
   */
  void strides(long[] arguments, long[] strides, long slots, long slotBytes) {
    for (int k = 0; k < access.length; k++) {
      int source = access[k];
      if (source >= 0) {
        arguments[at[k] + 1] = strides[source];
      } else {
        arguments[at[k]] = slots + ~source * slotBytes;
        arguments[at[k] + 1] = bytes[k];
      }
    }
  }

  /** Sets the addresses of accesses so many elements after those given. */
  void addresses(long[] arguments, long[] addresses, long[] strides, int from) {
    for (int k = 0; k < access.length; k++) {
      int source = access[k];
      if (source >= 0) {
        arguments[at[k]] = addresses[source] + from * strides[source];
      }
    }
  }
}
