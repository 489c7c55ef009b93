package dev.kiln.memo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.store.Checks;
import dev.kiln.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A kept value of several parts, each byte of which becomes another one. */
@Timeout(120)
class DamagedValuesTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  @TempDir Path folder;

  private static List<Object> parts(int n) {
    CALLS.incrementAndGet();
    return List.of("text", n, 2.5);
  }

  private List<Object> call() {
    Store store =
        Store.builder(folder.resolve("store"))
            .checks(Checks.FIRST_USE)
            .listener(event -> {})
            .build();
    Function1<Integer, List<Object>> parts =
        Memory.builder(store).build().cache(DamagedValuesTest::parts);
    return parts.apply(7);
  }

  private Path file(String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("store").resolve("v1"))) {
      return files.filter(file -> file.endsWith(name)).findFirst().orElseThrow();
    }
  }

  private void isRightWith(String name, byte[] damaged, boolean isPutAside, String as)
      throws IOException {
    Files.write(file(name), damaged);
    CALLS.set(0);
    assertThat(call()).as(as).isEqualTo(List.of("text", 7, 2.5));
    assertThat(CALLS.get()).as(as).isEqualTo(isPutAside ? 1 : 0);
  }

  @Test
  void everyByteAndEveryLengthIsRightOrComputedAgain() throws IOException {
    call();
    for (String name : List.of("value.kiln", "entry.txt")) {
      byte[] whole = Files.readAllBytes(file(name));
      for (int at = 0; at < whole.length; at++) {
        for (int change : new int[] {0x01, 0x80}) {
          byte[] damaged = whole.clone();
          damaged[at] ^= (byte) change;
          isRightWith(name, damaged, true, name + ", byte " + at + " changed by " + change);
        }
        byte[] cut = Arrays.copyOf(whole, at);
        isRightWith(name, cut, true, name + " of " + at + " bytes");
      }
      isRightWith(name, whole, false, name + " unharmed");
    }
  }
}
