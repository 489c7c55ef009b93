package dev.kiln.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import dev.kiln.kernel.Instr;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Opcode;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether this JVM computes a fused multiply-add in hardware. Where it does not, each takes some
 * microseconds in software: elementary functions stay right and become very slow, and the backend
 * says so at the first kernel that has one.
 */
final class FusedMultiplyAdd {
  static final String MISSING =
      "no fused multiply-add in hardware: elementary functions are right but very slow; use a"
          + " processor with FMA (Intel since 2013, AMD since 2012), without -XX:-UseFMA";

  private final AtomicBoolean said = new AtomicBoolean();

  /** Asks the JVM; slow enough to be asked late. */
  static boolean inHardware() {
    HotSpotDiagnosticMXBean jvm =
        ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return Boolean.parseBoolean(jvm.getVMOption("UseFMA").getValue());
  }

  /** Warns, once, where a kernel needs what the hardware lacks. */
  void check(Kernel kernel) {
    if (uses(kernel) && said.compareAndSet(false, true) && !inHardware()) {
      System.getLogger(FusedMultiplyAdd.class.getName()).log(System.Logger.Level.WARNING, MISSING);
    }
  }

  private static boolean uses(Kernel kernel) {
    return kernel.body().stream()
        .anyMatch(instr -> instr instanceof Instr.Apply apply && apply.op() == Opcode.FMA);
  }
}
