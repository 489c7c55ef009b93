package dev.kiln.opencl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.contract.TestBuffer;
import dev.kiln.kernel.Bits;
import dev.kiln.kernel.Body;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Operand;
import dev.kiln.kernel.Output;
import dev.kiln.spi.Launch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs are compiled once, kept, and compiled again where what was kept is no good. */
class ProgramsTest {
  @TempDir private Path folder;

  private static Kernel halves() {
    Body body = new Body();
    Body.Value half = body.load(DType.FLOAT32, 0).mul(0.5);
    Operand x = new Operand(Operand.Source.MEMORY, DType.FLOAT32, Operand.Access.CONTIGUOUS);
    Output store = new Output.Store(DType.FLOAT32, half.number(), Operand.Access.CONTIGUOUS);
    return new Kernel(1, 0, List.of(x), List.of(), body.instrs(), List.of(store));
  }

  /** Runs a kernel in a new backend, and says how many programs it compiled and read. */
  private String run() {
    Settings settings = new Settings(Optional.of(folder), false, Long.MAX_VALUE, false);
    try (OpenClBackend backend = TestDevice.open(settings)) {
      TestBuffer x = TestBuffer.of(DType.FLOAT32, Bits.of(3f), Bits.of(5f));
      TestBuffer y = TestBuffer.of(DType.FLOAT32, 0, 0);
      Launch launch =
          new Launch(
              List.of(2L),
              List.of(new Launch.Access(x, 0, List.of(1L))),
              List.of(),
              List.of(new Launch.Access(y, 0, List.of(1L))));
      backend.compile(halves()).launch(launch);
      backend.compile(halves()).launch(launch);
      assertThat(TestBuffer.read(y, DType.FLOAT32)).containsExactly(Bits.of(1.5f), Bits.of(2.5f));
      return backend.programs().compiled() + " compiled, " + backend.programs().loaded() + " read";
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }

  @Test
  void aKnownProgramIsReadInsteadOfCompiled() throws IOException {
    assertThat(run()).isEqualTo("1 compiled, 0 read");
    assertThat(files()).hasSize(1);
    assertThat(run()).isEqualTo("0 compiled, 1 read");
  }

  @Test
  void damagedFilesAreCompiledAgain() throws IOException {
    run();
    Path file = files().getFirst();
    byte[] whole = Files.readAllBytes(file);
    byte[] wrong = whole.clone();
    wrong[wrong.length / 2] ^= 1;
    for (byte[] damaged : List.of(new byte[0], new byte[10], wrong)) {
      Files.write(file, damaged);
      assertThat(run()).isEqualTo("1 compiled, 0 read");
      assertThat(Files.readAllBytes(file)).hasSameSizeAs(whole);
      assertThat(run()).isEqualTo("0 compiled, 1 read");
    }
  }

  @Test
  void whatTheDriverDoesNotTakeIsCompiledAgain() throws IOException {
    run();
    String name = files().getFirst().getFileName().toString();
    BinaryFiles other = new BinaryFiles(folder);
    other.write("another key", "no program".getBytes(StandardCharsets.UTF_8));
    Path strange =
        files().stream().filter(f -> !f.getFileName().toString().equals(name)).findFirst().get();
    Files.move(strange, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    assertThat(run()).isEqualTo("1 compiled, 0 read");
    assertThat(run()).isEqualTo("0 compiled, 1 read");
  }

  @Test
  void aFolderThatCannotBeMadeCostsNothingButTime() throws IOException {
    Path file = Files.createFile(folder.resolve("in the way"));
    folder = file.resolve("cache");
    assertThat(run()).isEqualTo("1 compiled, 0 read");
  }

  @Test
  void aCompileErrorHasTheLogAndTheSource() {
    try (OpenClBackend backend = TestDevice.open(TestDevice.SETTINGS)) {
      assertThatThrownBy(
              () -> backend.programs().build("kernel void f() { nonsense x = 1; }", "-w"))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("does not compile")
          .hasMessageContaining("error: ")
          .hasMessageContaining("'nonsense'")
          .hasMessageContaining("kernel void f()");
    }
  }
}
