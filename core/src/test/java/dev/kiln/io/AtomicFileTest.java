package dev.kiln.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir Path folder;

  private static AtomicFile.Content text(String text) {
    return channel -> channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void replacesAFile() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("longer text"));
    AtomicFile.write(file, text("short"));
    assertThat(file).hasContent("short");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void othersSeeTheOldFileUntilTheNewOneIsWhole() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("old"));
    AtomicFile.write(
        file,
        channel -> {
          text("new").writeTo(channel);
          assertThat(file).hasContent("old");
        });
    assertThat(file).hasContent("new");
  }

  @Test
  void aFailureLeavesNoTrace() throws IOException {
    Path file = folder.resolve("a");
    AtomicFile.write(file, text("old"));
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    channel -> {
                      text("half").writeTo(channel);
                      throw new IOException("disk full");
                    }))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("disk full");
    assertThatThrownBy(
            () ->
                AtomicFile.write(
                    file,
                    channel -> {
                      throw new IllegalStateException("fault");
                    }))
        .isInstanceOf(IllegalStateException.class);
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a");
  }

  @Test
  void saysWhatIsWrongWithTheTarget() throws IOException {
    assertThatThrownBy(() -> AtomicFile.write(folder, text("")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("is a directory");
    assertThatThrownBy(() -> AtomicFile.write(folder.resolve("no/a"), text("")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> AtomicFile.write(Path.of("/dev/null"), text("")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("regular file");
    assertThat(names()).isEmpty();
  }

  @Test
  void aSymbolicLinkStays() throws IOException {
    Path file = folder.resolve("a");
    Files.writeString(file, "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    AtomicFile.write(link, text("new"));
    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(file).hasContent("new");
  }

  @Test
  void othersMayReadIt() throws IOException {
    Path plain = Files.writeString(folder.resolve("plain"), "");
    Path file = folder.resolve("a");
    AtomicFile.write(file, text(""));
    assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(plain));
  }

  @Test
  void whoMayReadAFileStaysAsItWas() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "old");
    for (String permissions : List.of("rw-------", "rw-rw-rw-", "rwxr-x---")) {
      Set<PosixFilePermission> before = PosixFilePermissions.fromString(permissions);
      Files.setPosixFilePermissions(file, before);
      AtomicFile.write(
          file,
          channel -> {
            text("new").writeTo(channel);
            // Nor may others read what is being written.
            assertThat(before).containsAll(Files.getPosixFilePermissions(folder.resolve(other())));
          });
      assertThat(Files.getPosixFilePermissions(file)).isEqualTo(before);
    }
  }

  /** The name of the file that is not "a". */
  private String other() throws IOException {
    return names().stream().filter(name -> !name.equals("a")).findFirst().orElseThrow();
  }

  @Test
  void aWriteProtectedFileIsLeftAlone() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "old");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r--r--"));
    Assumptions.assumeFalse(Files.isWritable(file), "root may write all files");
    assertThatThrownBy(() -> AtomicFile.write(file, text("new")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("write-protected");
    assertThat(file).hasContent("old");
  }

  @Test
  void namesMayBeAsLongAsTheSystemAllows() throws IOException {
    String longest = "n".repeat(255);
    AtomicFile.write(folder.resolve(longest), text("x"));
    assertThat(names()).containsExactly(longest);
  }

  @Test
  void anInterruptIsCalledOne() throws IOException {
    Path file = Files.writeString(folder.resolve("a"), "old");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> AtomicFile.write(file, text("new")))
        .isInstanceOf(KilnException.class)
        .hasMessageStartingWith("interrupted: ");
    assertThat(Thread.interrupted()).isTrue();
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a");
  }

  /** A JVM that ends in the middle of writing. */
  static final class Ending {
    private Ending() {}

    public static void main(String[] args) {
      AtomicFile.write(
          Path.of(args[0]),
          channel -> {
            text("half").writeTo(channel);
            System.exit(7);
          });
    }
  }

  @Test
  void aJvmThatEndsMeanwhileLeavesNoTrace() throws Exception {
    Path file = Files.writeString(folder.resolve("a"), "old");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Process process =
        new ProcessBuilder(
                java.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Ending.class.getName(),
                file.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).isEqualTo(7);
    assertThat(file).hasContent("old");
    assertThat(names()).containsExactly("a");
  }
}
