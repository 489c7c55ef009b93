package dev.kiln.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.function.LongFunction;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files that NumPy wrote ({@code tools/make-npz-fixtures.py}), hostile ones, and its own. */
class NpzFileTest {
  private static final long MOST = 1 << 20;

  /** Memory that has an end, as an engine's has. */
  private static final LongFunction<MemorySegment> MEMORY =
      bytes -> {
        if (bytes > MOST) {
          throw new KilnException("no " + bytes + " bytes");
        }
        return Arena.ofAuto().allocate(bytes, 64);
      };

  @TempDir Path folder;

  private static SequencedMap<String, NpyArray> read(Path path) {
    return NpzFile.read(path, MEMORY);
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored", "compressed"})
  void readsWhatNumPyWrites(String name) {
    SequencedMap<String, NpyArray> arrays = read(Fixtures.path("npz/" + name + ".npz"));
    assertThat(arrays.sequencedKeySet())
        .containsExactly("x", "flags", "big", "fortran", "scalar", "group/inner");
    NpyArray x = arrays.get("x");
    assertThat(ArrayText.of(x.dtype(), x.shape(), x.data()))
        .isEqualTo("[[0.   0.25 0.5 ]\n [0.75 1.   1.25]]");
    NpyArray big = arrays.get("big");
    assertThat(ArrayText.of(big.dtype(), big.shape(), big.data())).isEqualTo("[0 1 2 3]");
    assertThat(arrays.get("fortran").fortranOrder()).isTrue();
    assertThat(arrays.get("scalar").shape()).isEqualTo(Shape.of());
    assertThat(arrays.get("group/inner").shape()).isEqualTo(Shape.of(0, 4));
  }

  @Test
  void readsAnEmptyOne() {
    assertThat(read(Fixtures.path("npz/none.npz"))).isEmpty();
  }

  @Test
  void refusesObjects() {
    assertThatThrownBy(() -> read(Fixtures.path("npz/objects.npz")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("objects.npz('objects')")
        .hasMessageContaining("Python objects");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsWrittenIsRead(boolean compressed) {
    Path file = folder.resolve("x.npz");
    MemorySegment data = Arena.ofAuto().allocate(3_000_000, 8);
    for (long i = 0; i < data.byteSize(); i++) {
      data.set(ValueLayout.JAVA_BYTE, i, (byte) (i * i >> 7));
    }
    NpzFile.write(
        file,
        List.of(
            new NpzFile.Named("a", DType.INT32, Shape.of(2, 3), () -> data.asSlice(0, 24)),
            new NpzFile.Named("ä", DType.UINT8, Shape.of(900_000), () -> data.asSlice(5, 900_000))),
        compressed,
        bytes -> {});
    SequencedMap<String, NpyArray> arrays = read(file);
    assertThat(arrays.sequencedKeySet()).containsExactly("a", "ä");
    assertThat(arrays.get("a").data().mismatch(data.asSlice(0, 24))).isEqualTo(-1);
    assertThat(arrays.get("ä").data().mismatch(data.asSlice(5, 900_000))).isEqualTo(-1);
  }

  private Path zip(String name, byte[] contents, boolean stored) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      ZipEntry entry = new ZipEntry(name);
      if (stored) {
        java.util.zip.CRC32 crc = new java.util.zip.CRC32();
        crc.update(contents);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(contents.length);
        entry.setCrc(crc.getValue());
      }
      zip.putNextEntry(entry);
      zip.write(contents);
    }
    return Files.write(folder.resolve("x.npz"), bytes.toByteArray());
  }

  private static byte[] npy(String dict, int dataBytes) {
    byte[] text = dict.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer file =
        ByteBuffer.allocate(10 + text.length + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    file.put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0});
    file.putShort((short) text.length).put(text);
    return file.array();
  }

  private static byte[] bytes(long count, int dataBytes) {
    return npy("{'descr': '|u1', 'fortran_order': False, 'shape': (" + count + ",)}", dataBytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../x.npy", "a/../../x.npy", "/etc/x.npy", "..\\x.npy", "..", ".npy"})
  void refusesPaths(String name) throws IOException {
    Path file = zip(name, bytes(3, 3), true);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("which is a path and not a name");
  }

  @Test
  void aBombGivesAQuickErrorAndTakesNoMemory() throws IOException {
    Path file = zip("x.npy", bytes(50_000_000, 50_000_000), false);
    assertThat(Files.size(file)).isLessThan(100_000);
    long start = System.nanoTime();
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("no 50000");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void sizesThatCannotBeAreRefused() throws IOException {
    Path file = zip("x.npy", bytes(1000, 1000), false);
    byte[] whole = Files.readAllBytes(file);
    int central = find(whole, 0x0201_4b50);
    ByteBuffer edited = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
    edited.putInt(central + 24, 900_000);
    Files.write(file, whole);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("cannot be 900000 bytes");
    edited.putInt(central + 24, 100);
    Files.write(file, whole);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("more data than it says");
    edited.putInt(central + 24, 2000);
    Files.write(file, whole);
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("another size or checksum");
  }

  private static int find(byte[] bytes, int signature) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < bytes.length - 4; at++) {
      if (buffer.getInt(at) == signature) {
        return at;
      }
    }
    throw new AssertionError("no such record");
  }

  @Test
  void entriesThatOverlapAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(zip("x.npy", bytes(5000, 5000), true));
    int central = find(whole, 0x0201_4b50);
    int end = find(whole, 0x0605_4b50);
    int size = end - central;
    // The directory's one entry, a thousand times.
    ByteBuffer bomb =
        ByteBuffer.allocate(central + 1000 * size + 22).order(ByteOrder.LITTLE_ENDIAN);
    bomb.put(whole, 0, central);
    for (int k = 0; k < 1000; k++) {
      bomb.put(whole, central, size);
    }
    bomb.put(whole, end, 22);
    bomb.putShort(bomb.position() - 22 + 10, (short) 1000);
    Path file = Files.write(folder.resolve("x.npz"), bomb.array());
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("overlap");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stored", "compressed"})
  void everyTruncationIsAClearError(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("npz/" + name + ".npz"));
    for (int length = 0; length < bytes.length; length++) {
      MemorySegment cut = segment(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> NpzFile.read("x.npz", cut, MEMORY))
          .as("first %d bytes", length)
          .isInstanceOf(KilnException.class);
    }
  }

  private static MemorySegment segment(byte[] bytes) {
    return Arena.ofAuto().allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damageIsAClearErrorOrOtherArrays(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    for (String name : List.of("stored", "compressed")) {
      byte[] whole = Files.readAllBytes(Fixtures.path("npz/" + name + ".npz"));
      for (int trial = 0; trial < 2000; trial++) {
        byte[] bytes = whole.clone();
        for (int flips = random.nextInt(4); flips >= 0; flips--) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
        }
        try {
          NpzFile.read("x.npz", segment(bytes), MEMORY)
              .forEach(
                  (key, array) ->
                      assertThat(array.data().byteSize())
                          .isEqualTo(array.shape().size() * array.dtype().bytes()));
        } catch (KilnException e) {
          assertThat(e.getMessage()).isNotBlank();
        } catch (RuntimeException | Error e) {
          throw new AssertionError(name + ", seed " + seed + ", trial " + trial, e);
        }
      }
    }
  }
}
