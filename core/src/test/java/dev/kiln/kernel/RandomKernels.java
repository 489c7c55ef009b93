package dev.kiln.kernel;

import dev.kiln.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Random well-formed kernels with every kind of part; a seed gives the same kernel every time. */
final class RandomKernels {
  private static final List<DType> DTYPES =
      Arrays.stream(DType.values()).filter(dtype -> dtype.kind() != DType.Kind.COMPLEX).toList();

  private final SplittableRandom random;
  private final List<Operand> operands = new ArrayList<>();
  private final List<DType> params = new ArrayList<>();
  private final List<Instr> body = new ArrayList<>();

  private RandomKernels(long seed) {
    random = new SplittableRandom(seed);
  }

  static Kernel generate(long seed) {
    return new RandomKernels(seed).generate();
  }

  private Kernel generate() {
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      boolean index = random.nextInt(4) == 0;
      DType dtype = index ? DType.INT64 : pick(DTYPES);
      Operand.Source source = index ? Operand.Source.INDEX : Operand.Source.MEMORY;
      body.add(new Instr.Load(dtype, operands.size()));
      operands.add(new Operand(source, dtype, pick(List.of(Operand.Access.values()))));
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      DType dtype = pick(DTYPES);
      body.add(new Instr.Param(dtype, params.size()));
      params.add(dtype);
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      DType dtype = pick(DTYPES);
      long bits =
          switch (dtype) {
            case FLOAT32 -> random.nextInt() & 0xffff_ffffL;
            case FLOAT64 -> random.nextLong();
            default -> Bits.wrap(dtype, random.nextLong());
          };
      body.add(new Instr.Const(dtype, bits));
    }
    for (int i = random.nextInt(12); i > 0; i--) {
      apply();
    }
    int reduced = random.nextInt(3);
    List<Output> outputs = new ArrayList<>();
    for (int i = random.nextInt(1, 3); i > 0; i--) {
      outputs.add(output(random.nextInt(body.size()), reduced > 0));
    }
    int kept = reduced > 0 ? random.nextInt(4) : random.nextInt(1, 4);
    return new Kernel(kept, reduced, operands, params, body, outputs);
  }

  /** Tries operations on random arguments until one is well-typed. */
  private void apply() {
    for (int tries = 0; tries < 200; tries++) {
      Opcode op = pick(List.of(Opcode.values()));
      int a = random.nextInt(body.size());
      int b = op.arity() > 1 ? random.nextInt(body.size()) : -1;
      int c = op.arity() > 2 ? random.nextInt(body.size()) : -1;
      DType dtype = random.nextBoolean() ? body.get(b < 0 ? a : b).dtype() : pick(DTYPES);
      List<Instr> longer = new ArrayList<>(body);
      longer.add(new Instr.Apply(op, dtype, a, b, c));
      if (isWellFormed(longer)) {
        body.add(longer.getLast());
        return;
      }
    }
  }

  private boolean isWellFormed(List<Instr> instrs) {
    List<Output> output =
        List.of(new Output.Store(instrs.getFirst().dtype(), 0, Operand.Access.STRIDED));
    try {
      KernelVerifier.check(1, 0, operands, params, instrs, output);
      return true;
    } catch (AssertionError malformed) {
      return false;
    }
  }

  private Output output(int value, boolean reduces) {
    DType dtype = body.get(value).dtype();
    if (!reduces) {
      boolean strided = random.nextBoolean();
      return new Output.Store(
          dtype, value, strided ? Operand.Access.STRIDED : Operand.Access.CONTIGUOUS);
    }
    ReduceOp op = pick(List.of(ReduceOp.values()));
    boolean index = op == ReduceOp.ARGMAX || op == ReduceOp.ARGMIN;
    return new Output.Reduce(op, index ? DType.INT64 : dtype, value);
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
