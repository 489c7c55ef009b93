package dev.kiln.cpu;

import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;

/**
 * A launch with its addresses; the buffers stay pinned until it is closed.
 *
 * @param operandBases of each operand the buffer's address; 0 of an index
 * @param outputBases of each output the buffer's address
 */
@SuppressWarnings("ArrayRecordComponent") // Read by every chunk, never compared.
record Call(
    Kernel kernel,
    Launch launch,
    long[] params,
    long[] operandBases,
    long[] outputBases,
    List<Buffer> pinned)
    implements AutoCloseable {

  static Call of(Kernel kernel, Launch launch) {
    List<Buffer> pinned = new ArrayList<>();
    long[] operands = new long[launch.operands().size()];
    long[] outputs = new long[launch.outputs().size()];
    long[] params = new long[launch.params().size()];
    Call call = new Call(kernel, launch, params, operands, outputs, pinned);
    try {
      for (int k = 0; k < operands.length; k++) {
        operands[k] =
            kernel.operands().get(k).source() == Operand.Source.INDEX
                ? 0
                : hold(launch.operands().get(k), Buffer::show, pinned);
      }
      for (int o = 0; o < outputs.length; o++) {
        outputs[o] = hold(launch.outputs().get(o), Buffer::pin, pinned);
      }
    } catch (RuntimeException e) {
      call.close();
      throw e;
    }
    for (int p = 0; p < params.length; p++) {
      params[p] = launch.params().get(p);
    }
    return call;
  }

  private static long hold(Launch.Access access, ToLongFunction<Buffer> way, List<Buffer> pinned) {
    Buffer buffer = Objects.requireNonNull(access.buffer(), "memory without a buffer");
    long address = way.applyAsLong(buffer);
    pinned.add(buffer);
    return address;
  }

  /** The bytes of an element of an operand; 1 of an index, which counts in steps. */
  static int unit(Operand operand) {
    return operand.source() == Operand.Source.INDEX ? 1 : operand.dtype().bytes();
  }

  /** The parameters that a part of the kernel takes. */
  long[] params(List<Integer> sources) {
    long[] some = new long[sources.size()];
    for (int p = 0; p < some.length; p++) {
      some[p] = params[sources.get(p)];
    }
    return some;
  }

  /** Where a reduction's results go. */
  long result(int output) {
    return outputBases[output]
        + launch.outputs().get(output).offset() * kernel.outputs().get(output).dtype().bytes();
  }

  @Override
  public void close() {
    pinned.forEach(Buffer::unpin);
  }
}
