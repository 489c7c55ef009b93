package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.ScalarMeaning;
import dev.kiln.spi.Backend;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Sharing;
import dev.kiln.spi.Workers;
import java.util.List;
import java.util.Optional;

/**
 * Runs kernels point by point with {@link ScalarMeaning}: tests of fusion and lowering need no
 * compiler. Its reductions are the interpreter's.
 */
public final class PlainBackend implements Backend {
  @Override
  public String name() {
    return "plain";
  }

  @Override
  public String describe() {
    return "point by point";
  }

  @Override
  public Executable compile(Kernel kernel) {
    return new Executable() {
      @Override
      public void launch(Launch launch) {
        new Run(kernel, launch).run();
      }

      @Override
      public String describe() {
        return "point by point";
      }
    };
  }

  @Override
  public Optional<Sharing> sharing() {
    PlainBackend backend = this;
    return Optional.of(
        new Sharing() {
          @Override
          public Workers workers() {
            return TAKING_TURNS;
          }

          @Override
          public long blockBytes() {
            return 1 << 16;
          }

          @Override
          public long fewestPoints() {
            return 1;
          }

          @Override
          public Executable compile(Kernel kernel) {
            return backend.compile(kernel);
          }
        });
  }

  /** Two workers on one thread. */
  private static final Workers TAKING_TURNS =
      new Workers() {
        @Override
        public int count() {
          return 2;
        }

        @Override
        public void forEach(long chunks, Task task) {
          for (long chunk = chunks - 1; chunk >= 0; chunk--) {
            task.run(chunk, (int) (chunk % 2));
          }
        }
      };

  @Override
  public void close() {
    // Nothing is held.
  }

  private record Run(Kernel kernel, Launch launch) {
    void run() {
      long kept = product(launch.extents().subList(0, kernel.keptRank()));
      long reduced = product(launch.extents().subList(kernel.keptRank(), launch.extents().size()));
      for (int out = 0; out < kernel.outputs().size(); out++) {
        Output output = kernel.outputs().get(out);
        for (long k = 0; k < kept; k++) {
          long[] sequence = new long[(int) reduced];
          for (int r = 0; r < sequence.length; r++) {
            sequence[r] = value(output.value(), index(k * reduced + r));
          }
          long bits =
              switch (output) {
                case Output.Store store -> sequence[0];
                case Output.Reduce reduce -> reduce(reduce, sequence);
              };
          write(launch.outputs().get(out), output.dtype(), index(k * reduced), bits);
        }
      }
    }

    private long reduce(Output.Reduce reduce, long[] sequence) {
      DType dtype = kernel.body().get(reduce.value()).dtype();
      Shape shape = Shape.of(sequence.length);
      return ReduceMeaning.reduce(reduce.op(), List.of(0), dtype, shape, sequence)[0];
    }

    private long value(int number, long[] index) {
      long[] operands = new long[kernel.operands().size()];
      for (int k = 0; k < operands.length; k++) {
        Operand operand = kernel.operands().get(k);
        Launch.Access access = launch.operands().get(k);
        long at = element(access, index);
        operands[k] =
            operand.source() == Operand.Source.INDEX
                ? at
                : Elements.get(access.buffer().contents(), operand.dtype(), at);
      }
      List<Instr> body = kernel.body();
      long[] values = new long[body.size()];
      ScalarMeaning.evaluate(
          body, operands, launch.params().stream().mapToLong(bits -> bits).toArray(), values);
      return values[number];
    }

    private static void write(Launch.Access access, DType dtype, long[] index, long bits) {
      Elements.set(access.buffer().segment(), dtype, element(access, index), bits);
    }

    private static long element(Launch.Access access, long[] index) {
      long at = access.offset();
      for (int d = 0; d < access.strides().size(); d++) {
        at += access.strides().get(d) * index[d];
      }
      return at;
    }

    private long[] index(long number) {
      long[] index = new long[launch.extents().size()];
      long rest = number;
      for (int d = index.length - 1; d >= 0; d--) {
        index[d] = rest % launch.extents().get(d);
        rest /= launch.extents().get(d);
      }
      return index;
    }

    private static long product(List<Long> extents) {
      return extents.stream().reduce(1L, (a, b) -> a * b);
    }
  }
}
