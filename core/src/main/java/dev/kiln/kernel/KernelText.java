package dev.kiln.kernel;

import dev.kiln.DType;
import dev.kiln.KilnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The canonical text of a kernel: two kernels are equal exactly if their texts are, and the text
 * can be read back.
 *
 * <pre>
 * kernel kept 1 reduced 0
 * a0 memory float32 contiguous
 * p0 float32
 * %0 = load float32 a0
 * %1 = param float32 p0
 * %2 = const float32 0x3f800000 // 1.0
 * %3 = fma float32 %0 %1 %2
 * store float32 %3 contiguous
 * </pre>
 *
 * <p>What follows {@code //} is for people.
 */
public final class KernelText {
  private static final Pattern SPACES = Pattern.compile("[ \t]+");

  private KernelText() {}

  /** The text of a kernel, every line ended by a newline. */
  public static String of(Kernel kernel) {
    StringBuilder text = new StringBuilder();
    line(text, "kernel kept " + kernel.keptRank() + " reduced " + kernel.reducedRank());
    for (int k = 0; k < kernel.operands().size(); k++) {
      Operand operand = kernel.operands().get(k);
      line(
          text,
          "a"
              + k
              + " "
              + word(operand.source())
              + " "
              + operand.dtype()
              + " "
              + word(operand.access()));
    }
    for (int k = 0; k < kernel.params().size(); k++) {
      line(text, "p" + k + " " + kernel.params().get(k));
    }
    for (int k = 0; k < kernel.body().size(); k++) {
      line(text, "%" + k + " = " + instr(kernel.body().get(k)));
    }
    for (Output output : kernel.outputs()) {
      line(
          text,
          switch (output) {
            case Output.Store store ->
                "store " + store.dtype() + " %" + store.value() + " " + word(store.access());
            case Output.Reduce reduce ->
                "reduce " + reduce.dtype() + " %" + reduce.value() + " " + word(reduce.op());
          });
    }
    return text.toString();
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String instr(Instr instr) {
    return switch (instr) {
      case Instr.Load load -> "load " + load.dtype() + " a" + load.operand();
      case Instr.Param param -> "param " + param.dtype() + " p" + param.index();
      case Instr.Const constant -> constant(constant);
      case Instr.Apply apply -> {
        StringBuilder text = new StringBuilder(word(apply.op()) + " " + apply.dtype());
        for (int k = 0; k < apply.op().arity(); k++) {
          text.append(" %").append(apply.argument(k));
        }
        yield text.toString();
      }
    };
  }

  private static String constant(Instr.Const constant) {
    return "const "
        + constant.dtype()
        + " 0x"
        + Long.toHexString(constant.bits())
        + " // "
        + Bits.toString(constant.dtype(), constant.bits());
  }

  /**
   * The kernel of a text that {@link #of} made.
   *
   * @throws KilnException where it is not one; the message names the line
   */
  public static Kernel parse(String text) {
    return new Parser(text).kernel();
  }

  private static final class Parser {
    private final List<String> lines;
    private final List<Operand> operands = new ArrayList<>();
    private final List<DType> params = new ArrayList<>();
    private final List<Instr> body = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private int at;
    private String[] words = {};

    Parser(String text) {
      lines = text.lines().toList();
    }

    Kernel kernel() {
      next();
      if (words.length != 5) {
        throw wrong("kernel kept <rank> reduced <rank>");
      }
      expect(0, "kernel");
      expect(1, "kept");
      expect(3, "reduced");
      int kept = number(2, "");
      int reduced = number(4, "");
      while (at < lines.size()) {
        next();
        part();
      }
      try {
        return new Kernel(kept, reduced, operands, params, body, outputs);
      } catch (AssertionError malformed) {
        // To the verifier a malformed kernel is Kiln's own fault; one that was read is not.
        throw new KilnException(
            "not a kernel: "
                + malformed.getMessage()
                + "; it must come unchanged from KernelText.of",
            malformed);
      }
    }

    private void next() {
      String line = at < lines.size() ? lines.get(at) : "";
      at++;
      int comment = line.indexOf(" //");
      words = SPACES.split(comment < 0 ? line : line.substring(0, comment), -1);
    }

    private void part() {
      switch (words[0]) {
        case "store" -> {
          length(4);
          outputs.add(new Output.Store(dtype(1), number(2, "%"), one(Operand.Access.values(), 3)));
        }
        case "reduce" -> {
          length(4);
          outputs.add(new Output.Reduce(one(ReduceOp.values(), 3), dtype(1), number(2, "%")));
        }
        default -> declaration();
      }
    }

    private void declaration() {
      if (words[0].startsWith("a")) {
        length(4);
        expect(0, "a" + operands.size());
        operands.add(
            new Operand(
                one(Operand.Source.values(), 1), dtype(2), one(Operand.Access.values(), 3)));
      } else if (words[0].startsWith("p")) {
        length(2);
        expect(0, "p" + params.size());
        params.add(dtype(1));
      } else {
        expect(0, "%" + body.size());
        if (words.length < 5) {
          throw wrong("%<number> = <operation> <dtype> <arguments>");
        }
        expect(1, "=");
        body.add(instr());
      }
    }

    private Instr instr() {
      DType dtype = dtype(3);
      return switch (words[2]) {
        case "load" -> {
          length(5);
          yield new Instr.Load(dtype, number(4, "a"));
        }
        case "param" -> {
          length(5);
          yield new Instr.Param(dtype, number(4, "p"));
        }
        case "const" -> {
          length(5);
          yield new Instr.Const(dtype, bits(4));
        }
        default -> {
          Opcode op = one(Opcode.values(), 2);
          length(4 + op.arity());
          yield new Instr.Apply(op, dtype, number(4, "%"), argument(op, 1), argument(op, 2));
        }
      };
    }

    private int argument(Opcode op, int k) {
      return k < op.arity() ? number(4 + k, "%") : -1;
    }

    private long bits(int word) {
      if (words[word].startsWith("0x")) {
        try {
          return Long.parseUnsignedLong(words[word].substring(2), 16);
        } catch (NumberFormatException e) {
          throw new KilnException(message("a hexadecimal number"), e);
        }
      }
      throw wrong("a hexadecimal number");
    }

    private int number(int word, String prefix) {
      if (words[word].startsWith(prefix)) {
        try {
          return Integer.parseInt(words[word].substring(prefix.length()));
        } catch (NumberFormatException e) {
          throw new KilnException(message(prefix + "<number>"), e);
        }
      }
      throw wrong(prefix + "<number>");
    }

    private DType dtype(int word) {
      for (DType dtype : DType.values()) {
        if (dtype.toString().equals(words[word])) {
          return dtype;
        }
      }
      throw wrong("a dtype");
    }

    private <E extends Enum<E>> E one(E[] constants, int word) {
      for (E constant : constants) {
        if (word(constant).equals(words[word])) {
          return constant;
        }
      }
      throw wrong("an operation or kind of access");
    }

    private void length(int count) {
      if (words.length != count) {
        throw wrong(count + " words");
      }
    }

    private void expect(int word, String expected) {
      if (!words[word].equals(expected)) {
        throw wrong("'" + expected + "'");
      }
    }

    private KilnException wrong(String expected) {
      return new KilnException(message(expected));
    }

    private String message(String expected) {
      return "not a kernel: line "
          + at
          + " is '"
          + String.join(" ", words)
          + "', expected "
          + expected
          + "; the text must come unchanged from KernelText.of";
    }
  }
}
