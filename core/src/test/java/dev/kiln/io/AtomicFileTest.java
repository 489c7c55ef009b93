package dev.kiln.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
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
}
