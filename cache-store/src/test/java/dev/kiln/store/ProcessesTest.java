package dev.kiln.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Several processes on one folder. {@code -Dkiln.crash.count=1000} kills more of them than the
 * default, and {@code -Dkiln.crash.seed} others.
 */
@Timeout(3600)
class ProcessesTest {
  private static final int KILLS = Integer.getInteger("kiln.crash.count", 12);
  private static final long SEED = Long.getLong("kiln.crash.seed", 1);

  @TempDir Path folder;

  private Path root() {
    return folder.resolve("store");
  }

  private List<String> command(String mode, long seed) {
    return List.of(
        ProcessHandle.current().info().command().orElseThrow(),
        "-Xshare:auto",
        "-XX:TieredStopAtLevel=1",
        "-Xmx256m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
        StoreWorker.class.getName(),
        mode,
        root().toString(),
        Long.toString(seed));
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  @Test
  void eachOf200KeysIsComputedByOneOfEightProcesses() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int p = 0; p < 8; p++) {
      processes.add(start(command("race", SEED + p)));
    }
    List<String> lines = new ArrayList<>();
    for (Process process : processes) {
      try (BufferedReader reader = process.inputReader()) {
        reader.lines().forEach(lines::add);
      }
      assertThat(process.waitFor()).isZero();
    }
    assertThat(lines).doesNotHaveDuplicates().hasSize(200).allMatch(x -> x.startsWith("computed"));
  }

  @Test
  void whateverWritersAreKilledEveryEntryIsRight() throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    Store.at(root());
    List<Process> writers = new ArrayList<>();
    try {
      for (int kill = 0; kill < KILLS; kill++) {
        while (writers.size() < 3) {
          Process writer = start(command("write", random.nextLong()));
          assertThat(writer.inputReader().readLine()).isEqualTo("ready");
          writers.add(writer);
        }
        Thread.sleep(random.nextInt(150));
        Process victim = writers.remove(random.nextInt(writers.size()));
        victim.destroyForcibly().waitFor();
        assertThat(folder.resolve("wrong")).as("seed %d, kill %d", SEED, kill).doesNotExist();
        check("seed " + SEED + ", kill " + kill);
      }
    } finally {
      for (Process writer : writers) {
        writer.destroyForcibly().waitFor();
      }
    }
    Store store = Store.at(root());
    assertThat(store.verify()).isEmpty();
    assertThat(store.entries()).isNotEmpty();
  }

  /** Entries are right while the other writers go on, and no key stays locked. */
  private void check(String as) {
    Store store = Store.builder(root()).checks(Checks.ALWAYS).build();
    List<StoreEvent> damaged = new ArrayList<>();
    Store listening =
        Store.builder(root())
            .checks(Checks.ALWAYS)
            .listener(
                event -> {
                  if (event instanceof StoreEvent.Quarantined) {
                    damaged.add(event);
                  }
                })
            .build();
    for (int number = 0; number < 120; number++) {
      Optional<Buffer> found = listening.find(StoreWorker.wanted(number), Inline.CALLER);
      if (found.isPresent()) {
        assertThat(StoreWorker.isRight(number, found.get())).as(as).isTrue();
      }
      try (Store.Reserved flight = store.reserve(List.of(StoreWorker.key(number)))) {
        assertThat(flight).isNotNull();
      }
    }
    assertThat(damaged).as(as).isEmpty();
  }

  @Test
  void twoWhoWantWhatTheOtherHoldsBothGoOn() throws Exception {
    List<Process> processes = List.of(start(command("cross", 1)), start(command("cross", 2)));
    try {
      for (Process process : processes) {
        assertThat(process.inputReader().readLine()).isEqualTo("holding true");
      }
      for (Process process : processes) {
        process.getOutputStream().write('\n');
        process.getOutputStream().flush();
      }
      for (Process process : processes) {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("it ends").isTrue();
        assertThat(process.exitValue()).isZero();
      }
    } finally {
      processes.forEach(Process::destroyForcibly);
    }
    Store store = Store.at(root());
    for (int number = 1; number <= 2; number++) {
      Buffer found = store.find(StoreWorker.wanted(number), Inline.CALLER).orElseThrow();
      assertThat(StoreWorker.isRight(number, found)).isTrue();
    }
  }

  @Test
  void aHolderThatDiesBlocksNobody() throws Exception {
    waitsUntilTheHolderDies(List.of());
  }

  @Test
  void whoHoldsAnotherKeyWaitsToo() throws Exception {
    waitsUntilTheHolderDies(List.of(StoreWorker.key(2)));
  }

  private void waitsUntilTheHolderDies(List<Key> held) throws Exception {
    Process holder = start(command("hold", 0));
    assertThat(holder.inputReader().readLine()).startsWith("holding");
    Thread killer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Thread.sleep(200);
                  } catch (InterruptedException e) {
                    throw new AssertionError(e);
                  }
                  holder.destroyForcibly();
                });
    long start = System.nanoTime();
    Store store = Store.at(root());
    try (Store.Reserved before = store.reserve(held);
        Store.Reserved flight = store.reserve(List.of(StoreWorker.key(1)))) {
      assertThat(before).isNotNull();
      assertThat(flight).isNotNull();
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      assertThat(waited).isBetween(Duration.ofMillis(150), Duration.ofSeconds(20));
    }
    killer.join();
    holder.waitFor();
  }

  @Test
  void aFullDiskKeepsNothingHalf() throws Exception {
    // A limit on the size of files, in units of 1 KiB, is met in the middle of the data.
    assertThat(output(List.of("bash", "-c", "ulimit -f 60; exec " + shell("full"))))
        .containsExactly("Miss", "NotStored", "false", "Miss", "Stored", "Hit", "true");
    try (Stream<Path> left = Files.list(root().resolve("tmp"))) {
      assertThat(left).isEmpty();
    }
  }

  private String shell(String mode) {
    return String.join(" ", command(mode, 0).stream().map(x -> "'" + x + "'").toList());
  }

  private static List<String> output(List<String> command) throws Exception {
    Process process = start(command);
    List<String> lines;
    try (BufferedReader reader = process.inputReader()) {
      lines = reader.lines().toList();
    }
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return lines;
  }

  /** In a process that sees another file system in the store's place, where that is allowed. */
  private List<String> mounted(String mount, String mode) throws Exception {
    Files.createDirectories(root());
    List<String> unshare = List.of("unshare", "--map-root-user", "--mount", "bash", "-c");
    List<String> trial = new ArrayList<>(unshare);
    trial.add(mount);
    try {
      int refused = new ProcessBuilder(trial).start().waitFor();
      Assumptions.assumeTrue(refused == 0, "mounting is not allowed here");
    } catch (IOException e) {
      Assumptions.abort("mounting is not possible here: " + e);
    }
    List<String> command = new ArrayList<>(unshare);
    command.add(mount + " && exec " + shell(mode));
    return output(command);
  }

  @Test
  void aDiskThatFillsUpKeepsWhatIsWholeAndGoesOnWhenThereIsPlace() throws Exception {
    assertThat(mounted("mount -t tmpfs -o size=1m tmpfs '" + root() + "'", "fill"))
        .containsExactly("was full", "damaged []", "left over []", "goes on");
  }

  @Test
  void aFolderThatMayOnlyBeReadGivesWhatItHas() throws Exception {
    Store store = Store.at(root());
    for (int number : new int[] {1, 2}) {
      try (Store.Reserved flight = store.reserve(List.of(StoreWorker.key(number)))) {
        flight.publish(
            StoreWorker.wanted(number),
            StoreWorker.value(number),
            Duration.ofMillis(1),
            Inline.CALLER);
      }
    }
    Path damaged = store.file(store.entry(StoreWorker.key(2)).orElseThrow());
    byte[] bytes = Files.readAllBytes(damaged);
    bytes[bytes.length - 1] ^= 1;
    Files.write(damaged, bytes);
    String folder = "'" + root() + "'";
    String mount = "mount --bind " + folder + " " + folder;
    mount += " && mount -o remount,bind,ro " + folder;
    assertThat(mounted(mount, "read-only"))
        .containsExactly("Hit", "Quarantined", "Miss", "NotStored", "Miss", "NotStored", "2");
  }
}
