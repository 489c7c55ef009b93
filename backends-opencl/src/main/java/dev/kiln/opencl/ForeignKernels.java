package dev.kiln.opencl;

import dev.kiln.KilnException;
import dev.kiln.kernel.ForeignKernel;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.cl_program;

/** Users' own kernels, compiled for one device; each text once. */
final class ForeignKernels implements AutoCloseable {
  private final OpenClBackend.Machine machine;
  private final Programs programs;
  private final ConcurrentHashMap<Text, Compiled> compiled = new ConcurrentHashMap<>();

  private record Text(String source, String options, String name) {}

  private record Compiled(Functions functions, KernelFacts facts) {}

  ForeignKernels(OpenClBackend.Machine machine, Programs programs) {
    this.machine = machine;
    this.programs = programs;
  }

  /**
   * A kernel, ready to be launched.
   *
   * @throws KilnException where it does not compile, or cannot be launched like this
   */
  ForeignRun of(ForeignKernel kernel) {
    Text text = new Text(kernel.source(), kernel.options(), kernel.name());
    Compiled made = compiled.computeIfAbsent(text, this::compile);
    new ForeignCheck(kernel, made.facts(), machine.device()).check();
    return new ForeignRun(kernel, made.functions(), machine);
  }

  private Compiled compile(Text text) {
    String options = options(text.options());
    Compiled made = facts(text, programs.build(text.source(), options));
    if (made.facts().count() == made.facts().parameters().size()) {
      return made;
    }
    // Of a program that was kept, some drivers no longer know the parameters.
    made.functions().close();
    return facts(text, programs.compile(text.source(), options));
  }

  private Compiled facts(Text text, cl_program program) {
    Functions functions = new Functions(List.of(text.name()), program);
    try {
      Call[] calls = functions.take();
      functions.give(calls);
      return new Compiled(functions, KernelFacts.of(calls[0].kernel(), machine.device().id()));
    } catch (CLException e) {
      String names = Query.of(program).text(CL.CL_PROGRAM_KERNEL_NAMES).replace(";", ", ");
      functions.close();
      if (e.getStatus() != CL.CL_INVALID_KERNEL_NAME) {
        throw e;
      }
      throw new KilnException(
          "the program has no kernel '"
              + text.name()
              + "'; "
              + (names.isEmpty()
                  ? "it has none: mark one with the word kernel"
                  : "it has " + names),
          e);
    }
  }

  /** Kiln's own options, where the user has not chosen others. */
  private String options(String own) {
    boolean chosen = Arrays.stream(own.split("\\s+")).anyMatch(word -> word.startsWith("-cl-std="));
    return "-cl-kernel-arg-info"
        + (chosen ? "" : " -cl-std=CL1.2")
        + (machine.device().exactDivision() ? " -cl-fp32-correctly-rounded-divide-sqrt" : "")
        + (own.isBlank() ? "" : " " + own.strip());
  }

  @Override
  public void close() {
    compiled.values().forEach(made -> made.functions().close());
    compiled.clear();
  }
}
