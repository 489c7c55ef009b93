package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines without OpenCL, made of this one: each says what is missing, and Java lives on. */
class MissingTest {
  @TempDir private Path folder;

  /** What another Java says about the backend. */
  public static final class Ask {
    private Ask() {}

    /** Prints the answer, and nothing else may be printed. */
    public static void main(String[] arguments) {
      OpenClProvider provider = new OpenClProvider();
      System.out.println(provider.availability());
      System.out.println(provider.devices());
    }
  }

  private static String ask(Map<String, String> environment, String... options) {
    return OtherJava.run(Ask.class, environment, options);
  }

  private static void isMissing(String answer, String reason, String cure) {
    assertThat(answer).startsWith("Missing[reason=").contains(reason).contains(cure);
    assertThat(answer.lines()).hasSize(2);
    assertThat(answer.lines().toList().getLast()).isEqualTo("[]");
  }

  @Test
  void noLoader() throws IOException {
    Files.createFile(folder.resolve("libOpenCL.so"));
    Files.createFile(folder.resolve("libOpenCL.so.1"));
    String answer = ask(Map.of("LD_LIBRARY_PATH", folder.toString()));
    isMissing(answer, "no OpenCL library", "ocl-icd-libopencl1");
  }

  @Test
  void noPlatform() {
    TestDevice.find();
    String answer = ask(Map.of("OCL_ICD_VENDORS", folder.toString()));
    isMissing(answer, "no platform: no driver is installed", "pocl-opencl-icd");
  }

  @Test
  void noDevice() {
    assumeTrue(
        TestDevice.find().platform().startsWith("Portable Computing Language"),
        "only PoCL can be told to have no device");
    isMissing(ask(Map.of("POCL_DEVICES", "")), "no device", "pocl-opencl-icd");
  }

  @Test
  void noNativeLibraryForThisMachine() {
    TestDevice.find();
    String answer = ask(Map.of(), "-Dos.arch=riscv64");
    isMissing(answer, "JOCL's native library cannot be loaded on Linux riscv64", "x86-64 or arm64");
  }

  @Test
  void namingABackendThatIsMissingIsAnErrorWithTheCure() {
    Availability.Missing missing = new Availability.Missing("nothing there", "put it there");
    OpenClProvider provider =
        new OpenClProvider(() -> new Discovery.Nothing(missing), Optional.empty());
    assertThat(provider.availability()).isEqualTo(missing);
    assertThat(provider.devices()).isEmpty();
    assertThatThrownBy(() -> provider.on("1"))
        .isInstanceOf(KilnException.class)
        .hasMessage("backend 'opencl' cannot run: nothing there; put it there");
  }

  @Test
  void float64WhereTheDeviceHasNone() {
    ClDevice device = TestDevice.find();
    ClDevice poor =
        new ClDevice(
            0,
            device.platformId(),
            device.id(),
            "a poor device",
            device.version(),
            device.driver(),
            device.platform(),
            device.kind(),
            device.memoryBytes(),
            device.largestBuffer(),
            device.localMemory(),
            device.units(),
            false,
            device.exactDivision(),
            false,
            device.sharesMemory());
    assertThat(poor.describe()).contains("no float64").contains("become 0");
    OpenClProvider provider =
        new OpenClProvider(() -> new Discovery.Found(List.of(poor)), Optional.empty());
    Body body = new Body();
    Body.Value x = body.load(DType.FLOAT64, 0);
    Operand operand = new Operand(Operand.Source.MEMORY, DType.FLOAT64, Operand.Access.CONTIGUOUS);
    Output store = new Output.Store(DType.FLOAT64, x.number(), Operand.Access.CONTIGUOUS);
    Kernel copy = new Kernel(1, 0, List.of(operand), List.of(), body.instrs(), List.of(store));
    try (Backend backend = provider.open(null, null)) {
      assertThatThrownBy(() -> backend.compile(copy))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("a poor device has no float64")
          .hasMessageContaining("another device");
      Routine product = new Routine.MatMul();
      assertThatThrownBy(() -> backend.routine(product, DType.FLOAT64))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("a poor device has no float64");
      assertThat(backend.routine(product, DType.FLOAT32)).isPresent();
      assertThat(backend.routine(new Routine.Sort(0, false), DType.FLOAT64)).isPresent();
    }
  }
}
