package dev.kiln.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.io.NpyFile;
import dev.kiln.io.Value;
import dev.kiln.io.ValueFile;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies in the folder, and what becomes of it when it is damaged, full or in the way. */
class StoreFilesTest {
  private static final int[] ELEMENTS = {1, 2, 3, 4, 5, 6, 7};

  @TempDir Path folder;
  private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());

  private Path root() {
    return folder.resolve("store");
  }

  private Store.Builder builder() {
    return Store.builder(root()).listener(events::add);
  }

  private static Key key(int number) {
    return new Key("%064x".formatted(0xab00_0000L + number));
  }

  private static Wanted wanted(int number) {
    return new Wanted(key(number), DType.INT32, Shape.of(ELEMENTS.length), "a label\nof two lines");
  }

  private static Buffer value() {
    return TestBuffer.of(DType.INT32, Arrays.stream(ELEMENTS).asLongStream().toArray());
  }

  private static void keep(Store store, int number, Duration took) {
    try (Store.Reserved flight = store.reserve(List.of(key(number)))) {
      flight.publish(wanted(number), value(), took, Inline.CALLER);
    }
  }

  private static boolean has(Store store, int number) {
    return store.find(wanted(number), Inline.CALLER).isPresent();
  }

  private Path entry(int number) {
    String hex = key(number).hex();
    return root().resolve("v1").resolve(hex.substring(0, 2)).resolve(hex);
  }

  private <E extends StoreEvent> List<E> events(Class<E> kind) {
    return events.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  @Test
  void anEntryIsANumPyFileAndAReadableText() throws IOException {
    keep(builder().build(), 1, Duration.ofMillis(1500));
    assertThat(NpyFile.read(entry(1).resolve("array.npy")).data().byteSize()).isEqualTo(28);
    assertThat(Files.readString(entry(1).resolve("entry.txt")))
        .startsWith("kiln-entry: 1\nkey: " + key(1) + "\ndata: array\ndtype: int32\nshape: (7,)\n")
        .contains("\nbytes: 156\nchecksum: xxh3-128:")
        .contains("\ntook: PT1.5S\ngroup: arrays\nlabel: a label of two lines\n");
    assertThat(Files.readString(root().resolve("kiln-store.txt"))).contains("Kiln");
  }

  @Test
  void theFormatIsPinned() throws IOException {
    Entry entry =
        new Entry(
            key(1),
            new Entry.Data.Array(DType.FLOAT64, Shape.of(3, 4)),
            224,
            "xxh3-128:00ff",
            Instant.parse("2026-01-02T03:04:05Z"),
            Duration.ofNanos(1_234_567_890),
            "app.Model.run",
            "run(3)");
    String text = new String(EntryText.write(entry), StandardCharsets.UTF_8);
    assertThat(text)
        .isEqualTo(
            """
            kiln-entry: 1
            key: 00000000000000000000000000000000000000000000000000000000ab000001
            data: array
            dtype: float64
            shape: (3, 4)
            bytes: 224
            checksum: xxh3-128:00ff
            created: 2026-01-02T03:04:05Z
            took: PT1.23456789S
            group: app.Model.run
            label: run(3)
            check:\
            """
                + " "
                + text.substring(text.lastIndexOf(' ') + 1));
    assertThatReads(text, entry);
  }

  /**
   * A store as the first release writes it, with an array of a graph and the value of a function;
   * it must stay readable. Copied, since using it notes the time.
   */
  @Test
  void anOldStoreStaysReadable() throws Exception {
    Path old = Path.of(StoreFilesTest.class.getResource("store-1").toURI());
    try (Stream<Path> files = Files.walk(old)) {
      for (Path file : files.toList()) {
        Files.copy(file, root().resolve(old.relativize(file)));
      }
    }
    Store store = builder().checks(Checks.ALWAYS).build();
    assertThat(store.verify()).isEmpty();
    assertThat(store.entries()).extracting(Entry::group).containsExactly("arrays", "app.Model.run");
    Store.Found array = store.find(store.entries().getFirst().key(), Inline.CALLER).orElseThrow();
    assertThat(array.entry().data()).isEqualTo(new Entry.Data.Array(DType.INT64, Shape.of(7)));
    assertThat(array.data().segment().toArray(ValueLayout.JAVA_LONG))
        .containsExactly(0, 3, 6, 9, 12, 15, 18);
    Store.Found value = store.find(store.entries().getLast().key(), Inline.CALLER).orElseThrow();
    assertThat(value.entry().label()).isEqualTo("run(\"text\")");
    assertThat(ValueFile.read("value", value.data().segment()))
        .isInstanceOfSatisfying(
            Value.Sequence.class,
            list -> assertThat(list.elements()).hasSize(3).startsWith(new Value.Text("text")));
    assertThat(events(StoreEvent.Quarantined.class)).isEmpty();
  }

  private static void assertThatReads(String text, Entry entry) {
    try {
      assertThat(EntryText.read(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(entry);
    } catch (EntryText.Damaged e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void hashesArePinned() {
    Buffer buffer = value();
    assertThat(EntryReader.checksum(Hashing.XXH3, Hashing.XXH3.of(buffer.segment(), Inline.CALLER)))
        .isEqualTo("xxh3-128:" + PINNED_XXH3);
    assertThat(
            EntryReader.checksum(
                Hashing.SHA256, Hashing.SHA256.of(buffer.segment(), Inline.CALLER)))
        .isEqualTo("sha-256:" + PINNED_SHA256);
  }

  private static final String PINNED_XXH3 = "c444fff87a7e451e9fde63a68dc8158c";
  private static final String PINNED_SHA256 =
      "cb5eee3314bce38c8e848998adb97f487e7598d4bce2977cb4c764f56e7abf5f";

  @Test
  void onlyTheOwnerMayReadIt() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    try (Stream<Path> all = Files.walk(root())) {
      all.forEach(
          file -> {
            try {
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                  .as(file.toString())
                  .endsWith("------");
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }

  @Test
  void aForeignFolderIsRefused() throws IOException {
    Files.createDirectories(root());
    Files.writeString(root().resolve("thesis.txt"), "years of work");
    assertThatThrownBy(() -> builder().build())
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("is no store of results");
    assertThatThrownBy(() -> Store.at(root().resolve("thesis.txt")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("is no folder");
  }

  /** What may happen to a file while nobody looks. */
  enum Damage {
    FLIPPED {
      @Override
      byte[] to(byte[] bytes, SplittableRandom random) {
        byte[] damaged = bytes.clone();
        damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        return damaged;
      }
    },
    CUT {
      @Override
      byte[] to(byte[] bytes, SplittableRandom random) {
        return Arrays.copyOf(bytes, random.nextInt(bytes.length));
      }
    },
    LENGTHENED {
      @Override
      byte[] to(byte[] bytes, SplittableRandom random) {
        return Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(5000));
      }
    },
    GARBAGE {
      @Override
      byte[] to(byte[] bytes, SplittableRandom random) {
        byte[] damaged = new byte[random.nextInt(300)];
        random.nextBytes(damaged);
        return damaged;
      }
    },
    ZEROS {
      @Override
      byte[] to(byte[] bytes, SplittableRandom random) {
        return new byte[bytes.length];
      }
    };

    abstract byte[] to(byte[] bytes, SplittableRandom random);
  }

  @ParameterizedTest
  @EnumSource(Damage.class)
  void damageIsPutAsideAndComputedAgain(Damage damage) throws IOException {
    SplittableRandom random = new SplittableRandom(5);
    int found = 0;
    for (int trial = 0; trial < 60; trial++) {
      Store writer = builder().build();
      writer.clear();
      keep(writer, 1, Duration.ZERO);
      Path file = entry(1).resolve(trial % 2 == 0 ? "array.npy" : "entry.txt");
      byte[] damaged = damage.to(Files.readAllBytes(file), random);
      Files.write(file, damaged);
      events.clear();
      Store reader = builder().build();
      var result = reader.find(wanted(1), Inline.CALLER);
      if (result.isPresent()) {
        // The spaces that fill a header up may be anything.
        found++;
        assertThat(result.get().segment().mismatch(value().segment())).isEqualTo(-1);
        assertThat(damage).isEqualTo(Damage.FLIPPED);
      } else {
        assertThat(events(StoreEvent.Quarantined.class)).hasSize(1);
        assertThat(entry(1)).doesNotExist();
      }
      keep(reader, 1, Duration.ZERO);
      assertThat(has(builder().build(), 1)).isTrue();
    }
    assertThat(found).isLessThan(20);
  }

  /** Each byte of each file, in turn, becomes another one. */
  @Test
  void everyByteOfAnEntryIsChecked() throws IOException {
    Store writer = builder().build();
    List<String> sayTheSame = new ArrayList<>();
    for (String name : List.of("entry.txt", "array.npy")) {
      keep(writer, 1, Duration.ZERO);
      byte[] whole = Files.readAllBytes(entry(1).resolve(name));
      for (int at = 0; at < whole.length; at++) {
        for (int change : new int[] {0x01, 0x80, whole[at], ~whole[at], whole[at] ^ '\n'}) {
          byte[] damaged = whole.clone();
          damaged[at] ^= (byte) change;
          Files.write(entry(1).resolve(name), damaged);
          events.clear();
          var found = builder().build().find(wanted(1), Inline.CALLER);
          String as = name + ", byte " + at + " changed by " + change;
          if (damaged[at] == whole[at] || (found.isPresent() && isHeaderText(name, at))) {
            assertThat(found.orElseThrow().segment().mismatch(value().segment()))
                .as(as)
                .isEqualTo(-1);
            if (damaged[at] != whole[at] && whole[at] != ' ') {
              sayTheSame.add(as);
            }
          } else {
            assertThat(found).as(as).isEmpty();
            assertThat(events(StoreEvent.Quarantined.class)).as(as).hasSize(1);
            writeBack(writer);
          }
        }
      }
      writer.clear();
    }
    // The order = in the place of <, white space in the place of commas.
    assertThat(sayTheSame).hasSizeLessThan(8);
  }

  /** The text in an array's header, whose white space, for one, may be another. */
  private static boolean isHeaderText(String name, int at) {
    return name.equals("array.npy") && at >= 10 && at < 128;
  }

  private void writeBack(Store writer) {
    keep(writer, 1, Duration.ZERO);
    events.clear();
    assertThat(has(writer, 1)).isTrue();
  }

  /** Texts with a right checksum, made by somebody who means harm or has another version. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void aTextIsAnEntryOrDamaged(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    List<String> odd =
        List.of(
            "",
            " ",
            ": ",
            "value",
            "array",
            "(1,)",
            "(9223372036854775807, 3)",
            "(-1,)",
            "()",
            "-1",
            "9223372036854775808",
            "1e9",
            "PT-1S",
            "PT9999999999999999999S",
            "+1000000000-12-31T23:59:59Z",
            "complex128",
            "float65",
            "../../etc/passwd",
            "kiln-entry: 1",
            "\u0000",
            "sha-256:",
            "xxh3-128:zz");
    keep(builder().build(), 1, Duration.ZERO);
    Path file = entry(1).resolve("entry.txt");
    List<String> whole = Files.readAllLines(file);
    int read = 0;
    for (int trial = 0; trial < 5000; trial++) {
      List<String> lines = new ArrayList<>(whole.subList(0, whole.size() - 1));
      for (int edits = random.nextInt(3); edits >= 0; edits--) {
        int at = random.nextInt(lines.size());
        String name = lines.get(at).split(":")[0];
        switch (random.nextInt(4)) {
          case 0 -> lines.remove(at);
          case 1 -> lines.add(at, lines.get(random.nextInt(lines.size())));
          case 2 -> lines.set(at, odd.get(random.nextInt(odd.size())));
          default -> lines.set(at, name + ": " + odd.get(random.nextInt(odd.size())));
        }
      }
      String text = String.join("\n", lines) + "\n";
      CRC32C crc = new CRC32C();
      crc.update(text.getBytes(StandardCharsets.UTF_8));
      text += "check: " + HexFormat.of().toHexDigits((int) crc.getValue()) + "\n";
      try {
        EntryText.read(text.getBytes(StandardCharsets.UTF_8));
        read++;
      } catch (EntryText.Damaged e) {
        assertThat(e.getMessage()).as(text).isNotBlank();
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", trial " + trial + ":\n" + text, e);
      }
      if (trial % 20 == 0) {
        // A whole store meets it too: the array is the right one, or is computed again.
        Files.writeString(file, text);
        builder()
            .build()
            .find(wanted(1), Inline.CALLER)
            .ifPresent(
                found -> assertThat(found.segment().mismatch(value().segment())).isEqualTo(-1));
        keep(builder().build(), 1, Duration.ZERO);
      }
    }
    assertThat(read).isPositive();
  }

  /** What cannot be put aside stays damaged, and is not taken for what was to replace it. */
  @Test
  void aDamagedEntryThatCannotBeRemovedIsNotTrusted() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Path file = entry(1).resolve("array.npy");
    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length - 1] ^= 1;
    Files.write(file, damaged);
    Files.writeString(root().resolve("quarantine"), "a file in its place");
    Store reader = builder().build();
    for (int trial = 0; trial < 2; trial++) {
      assertThat(has(reader, 1)).isFalse();
      keep(reader, 1, Duration.ZERO);
    }
    assertThat(events(StoreEvent.NotStored.class)).hasSize(2);
  }

  @Test
  void lookingAfterEntriesIsNoUse() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    age(1, Duration.ofHours(5));
    store.verify();
    store.entries();
    assertThat(Files.getLastModifiedTime(entry(1).resolve("entry.txt")).toInstant())
        .isBefore(Instant.now().minus(Duration.ofHours(4)));
  }

  @Test
  void everyBitOfTheElementsCounts() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Path file = entry(1).resolve("array.npy");
    byte[] whole = Files.readAllBytes(file);
    for (int bit = 0; bit < 28 * 8; bit++) {
      byte[] damaged = whole.clone();
      damaged[whole.length - 28 + bit / 8] ^= (byte) (1 << bit % 8);
      Files.write(file, damaged);
      assertThat(has(builder().build(), 1)).as("bit %d", bit).isFalse();
      keep(store, 1, Duration.ZERO);
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] damaged = Files.readAllBytes(file);
    damaged[damaged.length - 1] ^= 1;
    Files.write(file, damaged);
  }

  @Test
  void checksAreAsAsked() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Store first = builder().build();
    Store always = builder().checks(Checks.ALWAYS).build();
    assertThat(has(first, 1)).isTrue();
    Path file = entry(1).resolve("array.npy");
    FileTime before = Files.getLastModifiedTime(file);
    damage(file);
    Files.setLastModifiedTime(file, before);
    assertThat(has(builder().checks(Checks.NEVER).build(), 1)).isTrue();
    assertThat(has(first, 1)).isTrue();
    assertThat(has(always, 1)).isFalse();
  }

  @Test
  void aFileThatWasChangedIsCheckedAgain() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    assertThat(has(store, 1)).isTrue();
    Path file = entry(1).resolve("array.npy");
    damage(file);
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(has(store, 1)).isFalse();
    // Another file in its place, of the same size and time, is another file.
    keep(store, 1, Duration.ZERO);
    assertThat(has(store, 1)).isTrue();
    FileTime before = Files.getLastModifiedTime(file);
    Path copy = Files.copy(file, folder.resolve("copy"));
    damage(copy);
    Files.setLastModifiedTime(copy, before);
    Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
    assertThat(has(store, 1)).isFalse();
    assertThat(events(StoreEvent.Quarantined.class)).hasSize(2);
  }

  @Test
  void aHitThatIsStillMappedIsNotMappedAgain() {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Buffer one = store.find(wanted(1), Inline.CALLER).orElseThrow();
    Buffer two = store.find(wanted(1), Inline.CALLER).orElseThrow();
    assertThat(one.segment().address()).isEqualTo(two.segment().address());
    // Releasing one of them is nothing to the other.
    one.release();
    assertThat(two.segment().get(ValueLayout.JAVA_INT_UNALIGNED, 24)).isEqualTo(7);
    // What was removed is not found by its mapping.
    assertThat(store.remove(key(1))).isTrue();
    assertThat(has(store, 1)).isFalse();
    assertThat(two.segment().get(ValueLayout.JAVA_INT_UNALIGNED, 0)).isEqualTo(1);
  }

  @Test
  void aNewerFormatIsPutAside() throws IOException {
    keep(builder().build(), 1, Duration.ZERO);
    Path text = entry(1).resolve("entry.txt");
    Files.writeString(text, Files.readString(text).replace("kiln-entry: 1", "kiln-entry: 2"));
    assertThat(has(builder().build(), 1)).isFalse();
    assertThat(events(StoreEvent.Quarantined.class).getFirst().reason()).contains("format 2");
  }

  @Test
  void anEntryUnderAnotherKeyIsPutAside() throws IOException {
    keep(builder().build(), 1, Duration.ZERO);
    Files.move(entry(1), entry(2));
    assertThat(has(builder().build(), 2)).isFalse();
    assertThat(events(StoreEvent.Quarantined.class)).hasSize(1);
  }

  @Test
  void aMissingFileIsPutAside() throws IOException {
    for (String name : List.of("array.npy", "entry.txt")) {
      keep(builder().build(), 1, Duration.ZERO);
      Files.delete(entry(1).resolve(name));
      events.clear();
      assertThat(has(builder().build(), 1)).isFalse();
      assertThat(events(StoreEvent.Quarantined.class).getFirst().reason())
          .contains(name + " is missing");
    }
  }

  @Test
  void theQuarantineKeepsToTheLimitOfBytes() throws IOException {
    // Each entry has 156 bytes and a text.
    Store store = builder().limits(Limits.NONE.withBytes(1500)).build();
    for (int number = 0; number < 8; number++) {
      keep(store, number, Duration.ZERO);
      Files.writeString(entry(number).resolve("entry.txt"), "nonsense");
      assertThat(has(store, number)).isFalse();
    }
    assertThat(events(StoreEvent.Quarantined.class)).hasSize(8);
    // 164 bytes each.
    assertThat(root().resolve("quarantine").toFile().list()).hasSizeBetween(1, 8);
    Store small = builder().limits(Limits.NONE.withBytes(400)).build();
    keep(small, 8, Duration.ZERO);
    Files.writeString(entry(8).resolve("entry.txt"), "nonsense");
    assertThat(has(small, 8)).isFalse();
    assertThat(root().resolve("quarantine").toFile().list())
        .hasSize(2)
        .anyMatch(name -> name.startsWith(key(8).hex()));
  }

  @Test
  void theQuarantineDoesNotGrowForEver() throws IOException {
    Store store = builder().build();
    for (int trial = 0; trial < 40; trial++) {
      keep(store, 1, Duration.ZERO);
      Files.write(entry(1).resolve("entry.txt"), new byte[0]);
      assertThat(has(store, 1)).isFalse();
    }
    try (Stream<Path> aside = Files.list(root().resolve("quarantine"))) {
      assertThat(aside).hasSizeBetween(1, 16);
    }
  }

  @Test
  void linksLeadNowhere() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.move(entry(1), outside.resolve("entry"));
    Files.createSymbolicLink(entry(1), outside.resolve("entry"));
    assertThat(has(builder().build(), 1)).isFalse();
    Files.delete(entry(1));
    Files.createDirectory(entry(1));
    for (String name : List.of("array.npy", "entry.txt")) {
      Files.createSymbolicLink(entry(1).resolve(name), outside.resolve("entry").resolve(name));
    }
    assertThat(has(builder().build(), 1)).isFalse();
    // Whole branches too, for reading, writing and clearing.
    store.clear();
    Path branch = entry(1).getParent();
    Files.deleteIfExists(branch);
    Path elsewhere = Files.createDirectory(outside.resolve("branch"));
    Files.createSymbolicLink(branch, elsewhere);
    keep(store, 1, Duration.ZERO);
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(events(StoreEvent.NotStored.class)).isNotEmpty();
    Files.writeString(elsewhere.resolve("thesis.txt"), "years of work");
    store.clear();
    assertThat(elsewhere.resolve("thesis.txt")).exists();
  }

  @Test
  @Timeout(60)
  void whatIsNoFileIsPutAsideAndNeverOpened() throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "somebody else's");
    Making link = file -> Files.createSymbolicLink(file, outside);
    // Who opens a pipe to read waits for somebody who writes.
    Making pipe =
        file ->
            assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    for (String name : List.of("array.npy", "entry.txt")) {
      for (Making making : List.of(link, pipe, Files::createDirectory)) {
        Store store = builder().build();
        keep(store, 1, Duration.ZERO);
        Path file = entry(1).resolve(name);
        Files.delete(file);
        making.make(file);
        assertThat(store.entries()).hasSize(name.equals("entry.txt") ? 0 : 1);
        assertThat(has(store, 1)).isFalse();
        assertThat(events(StoreEvent.Quarantined.class).getLast().reason())
            .isEqualTo("its " + name + " is no file");
        keep(store, 1, Duration.ZERO);
        assertThat(has(store, 1)).isTrue();
        store.clear();
      }
    }
    assertThat(outside).hasContent("somebody else's");
  }

  /** Makes something that is no file. */
  @FunctionalInterface
  private interface Making {
    void make(Path file) throws Exception;
  }

  @Test
  void aFolderThatVanishesIsMadeAnew() throws IOException {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Folder.delete(root());
    assertThat(has(store, 1)).isFalse();
    assertThat(store.entries()).isEmpty();
    keep(store, 1, Duration.ZERO);
    assertThat(has(store, 1)).isTrue();
    assertThat(has(builder().build(), 1)).isTrue();
    // As when somebody deletes while another one writes.
    Files.delete(root().resolve("kiln-store.txt"));
    keep(store, 2, Duration.ZERO);
    assertThat(has(builder().build(), 2)).isTrue();
  }

  @Test
  void aPlaceThatBecomesSomebodyElsesIsLeftAlone() throws IOException {
    Store store = builder().build();
    Folder.delete(root());
    Files.createDirectory(root());
    Files.writeString(root().resolve("thesis.txt"), "years of work");
    keep(store, 1, Duration.ZERO);
    assertThat(has(store, 1)).isFalse();
    assertThat(root()).isDirectoryContaining("glob:**thesis.txt");
    assertThat(root().toFile().list()).doesNotContain("kiln-store.txt", "v1", "tmp");
    assertThat(events(StoreEvent.NotStored.class).getLast().reason())
        .contains("is no store any more");
  }

  @Test
  void whatCannotBeWrittenIsNotKeptAndToldOnce() throws IOException {
    Store store = builder().build();
    // A file stands where temporaries would: writing fails as in a folder that is read-only.
    Files.writeString(root().resolve("tmp"), "");
    for (int number = 0; number < 3; number++) {
      keep(store, number, Duration.ZERO);
      assertThat(has(store, number)).isFalse();
    }
    assertThat(events(StoreEvent.NotStored.class)).hasSize(3);
  }

  @Test
  void orphansAreSweptAndWritersAreNot() throws IOException {
    builder().build();
    Path orphan = Files.createDirectories(root().resolve("tmp/orphan"));
    Path file = Files.writeString(orphan.resolve("array.npy"), "half");
    Path writer = Files.createDirectories(root().resolve("tmp/writer"));
    Path growing = Files.writeString(writer.resolve("array.npy"), "half");
    FileTime old = FileTime.from(Instant.now().minus(Duration.ofHours(1)));
    for (Path touched : List.of(file, orphan, writer)) {
      Files.setLastModifiedTime(touched, old);
    }
    builder().build();
    assertThat(orphan).doesNotExist();
    assertThat(growing).exists();
  }

  @Test
  void theNumberOfEntriesIsLimited() throws IOException {
    Store store = builder().limits(Limits.NONE.withEntries(20)).build();
    for (int number = 0; number < 100; number++) {
      keep(store, number, Duration.ofMillis(2));
      assertThat(store.entries().size()).isLessThanOrEqualTo(20);
    }
    assertThat(has(store, 99)).isTrue();
    assertThat(has(store, 0)).isFalse();
    assertThat(events(StoreEvent.Evicted.class)).isNotEmpty();
  }

  @Test
  void theNumberOfBytesIsLimited() {
    Store store = builder().limits(Limits.NONE.withBytes(1560)).build();
    for (int number = 0; number < 40; number++) {
      keep(store, number, Duration.ofMillis(2));
      assertThat(store.entries().stream().mapToLong(Entry::bytes).sum()).isLessThanOrEqualTo(1560);
    }
    assertThat(store.entries()).hasSizeGreaterThan(5);
    Store tiny = builder().limits(Limits.NONE.withBytes(10)).build();
    keep(tiny, 1000, Duration.ZERO);
    assertThat(has(tiny, 1000)).isFalse();
  }

  @Test
  void theLeastRecentlyUsedGoFirst() throws IOException {
    Store store = builder().build();
    for (int number = 0; number < 10; number++) {
      keep(store, number, Duration.ofMillis(2));
      age(number, Duration.ofHours(10 - number));
    }
    assertThat(has(store, 0)).isTrue();
    List<Entry> gone = store.reduce(Limits.NONE.withEntries(5));
    assertThat(gone).hasSizeBetween(5, 6);
    assertThat(has(store, 0)).isTrue();
    assertThat(has(store, 9)).isTrue();
    assertThat(has(store, 1)).isFalse();
  }

  private void age(int number, Duration age) throws IOException {
    Files.setLastModifiedTime(
        entry(number).resolve("entry.txt"), FileTime.from(Instant.now().minus(age)));
  }

  @Test
  void whatAWrongClockHasDatedAheadIsOld() throws Exception {
    Instant ahead = Instant.now().plus(Duration.ofDays(3650));
    Store store = builder().limits(Limits.NONE.withEntries(3).withAge(Duration.ofDays(30))).build();
    for (int number = 0; number < 3; number++) {
      keep(store, number, Duration.ZERO);
    }
    Path text = entry(1).resolve("entry.txt");
    Files.setLastModifiedTime(text, FileTime.from(ahead));
    for (int number = 3; number < 9; number++) {
      keep(store, number, Duration.ZERO);
    }
    // It would have stayed until its time comes.
    assertThat(has(store, 1)).isFalse();
    Entry entry = store.entries().getFirst();
    Entry dated =
        new Entry(
            entry.key(),
            entry.data(),
            entry.bytes(),
            entry.checksum(),
            ahead,
            entry.took(),
            entry.group(),
            entry.label());
    Path place = store.file(entry).resolveSibling("entry.txt");
    Files.write(place, EntryText.write(dated));
    assertThat(dated.isYoungerThan(Duration.ofDays(30))).isFalse();
    assertThat(entry.isYoungerThan(Duration.ofDays(30))).isTrue();
    assertThat(store.find(entry.key(), Inline.CALLER)).isEmpty();
    assertThat(place).doesNotExist();
  }

  @Test
  void whatHappensIsInTheLog() {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    Logger logger = Logger.getLogger("dev.kiln.store");
    Handler handler =
        new Handler() {
          @Override
          public void publish(LogRecord line) {
            lines.add(line.getMessage());
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    Level before = logger.getLevel();
    logger.addHandler(handler);
    logger.setLevel(Level.ALL);
    try {
      Store store = builder().build();
      keep(store, 1, Duration.ofMillis(20));
      assertThat(has(store, 1)).isTrue();
      store.reduce(Limits.NONE.withEntries(0));
    } finally {
      logger.removeHandler(handler);
      logger.setLevel(before);
    }
    String key = "key=" + key(1);
    assertThat(lines).filteredOn(line -> line.startsWith("Miss[" + key)).hasSize(1);
    assertThat(lines)
        .filteredOn(line -> line.startsWith("Stored[" + key + ", bytes=156, took=PT"))
        .hasSize(1)
        .allMatch(line -> line.contains("computed=PT0.02S"));
    assertThat(lines)
        .filteredOn(line -> line.startsWith("Hit[" + key + ", bytes=156, took=PT"))
        .hasSize(1)
        .allMatch(line -> line.contains("saved=PT0.02S"));
    assertThat(lines).contains("Evicted[" + key + ", bytes=156]");
  }

  @Test
  void timesThatAreCenturiesAwayDoNoHarm() throws IOException {
    Store store = builder().limits(Limits.NONE.withEntries(2)).build();
    for (int number = 0; number < 8; number++) {
      keep(store, number, Duration.ofSeconds(Long.MAX_VALUE / 2));
      for (Entry entry : store.entries()) {
        Files.setLastModifiedTime(
            store.file(entry).resolveSibling("entry.txt"),
            FileTime.from(
                Instant.parse(number % 2 == 0 ? "2400-01-01T00:00:00Z" : "1700-01-01T00:00:00Z")));
      }
    }
    assertThat(store.entries()).hasSizeBetween(1, 2);
    assertThat(events(StoreEvent.Stored.class)).hasSize(8);
  }

  @Test
  void expensiveResultsOutliveCheapOnes() throws IOException {
    Store store = builder().build();
    for (int number = 0; number < 10; number++) {
      keep(store, number, number < 5 ? Duration.ofMinutes(1) : Duration.ofMillis(2));
      age(number, Duration.ofHours(1));
    }
    store.reduce(Limits.NONE.withEntries(5));
    for (int number = 5; number < 10; number++) {
      assertThat(has(store, number)).isFalse();
    }
    assertThat(has(store, 0) || has(store, 1)).isTrue();
  }

  @Test
  void oldResultsAreNotFound() throws Exception {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Thread.sleep(20);
    Store strict = builder().limits(Limits.NONE.withAge(Duration.ofMillis(10))).build();
    assertThat(has(strict, 1)).isFalse();
    assertThat(store.entries()).isEmpty();
  }

  @Test
  void evictionOfAnEntryInUseIsHarmless() {
    Store store = builder().build();
    keep(store, 1, Duration.ZERO);
    Buffer mapped = store.find(wanted(1), Inline.CALLER).orElseThrow();
    store.clear();
    assertThat(Files.exists(entry(1), LinkOption.NOFOLLOW_LINKS)).isFalse();
    assertThat(TestBuffer.read(mapped, DType.INT32)).containsExactly(1, 2, 3, 4, 5, 6, 7);
  }

  @Test
  void verifyFindsWhatIsDamaged() throws IOException {
    Store store = builder().build();
    for (int number = 0; number < 5; number++) {
      keep(store, number, Duration.ZERO);
    }
    Path file = entry(3).resolve("array.npy");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 5] ^= 4;
    Files.write(file, bytes);
    assertThat(store.verify()).containsExactly(key(3));
    assertThat(store.verify()).isEmpty();
    assertThat(store.entries()).hasSize(4);
  }

  @Test
  void shaStoresReadXxhEntriesAndTheOtherWayRound() {
    keep(builder().build(), 1, Duration.ZERO);
    keep(builder().hashing(Hashing.SHA256).build(), 2, Duration.ZERO);
    assertThat(has(builder().hashing(Hashing.SHA256).build(), 1)).isTrue();
    assertThat(has(builder().build(), 2)).isTrue();
  }

  @Test
  void aDurableStoreKeepsToo() {
    Store store = builder().durable().build();
    keep(store, 1, Duration.ZERO);
    assertThat(has(builder().build(), 1)).isTrue();
  }

  @Test
  void nothingIsLeftBehind() throws IOException {
    Store store = builder().build();
    for (int number = 0; number < 5; number++) {
      keep(store, number, Duration.ZERO);
      keep(store, number, Duration.ZERO);
    }
    store.clear();
    try (Stream<Path> all = Files.walk(root(), FileVisitOption.FOLLOW_LINKS)) {
      assertThat(all.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("kiln-store.txt", "lock");
    }
  }

  @Test
  void whatHappensIsInAFlightRecording() throws IOException {
    Path file = folder.resolve("store.jfr");
    try (jdk.jfr.Recording recording = new jdk.jfr.Recording()) {
      recording.enable("dev.kiln.Store");
      recording.start();
      Store store = builder().build();
      keep(store, 1, Duration.ZERO);
      assertThat(has(store, 1)).isTrue();
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> recorded =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.getEventType().getName().equals("dev.kiln.Store"))
            .filter(event -> event.getString("key").equals(key(1).hex()))
            .toList();
    assertThat(recorded)
        .extracting(event -> event.getString("what"))
        .containsExactly("Miss", "Stored", "Hit");
    assertThat(recorded.getLast().getString("detail")).contains("bytes=156");
  }
}
