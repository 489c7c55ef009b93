package dev.kiln.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each byte of each kind of file, in turn, becomes every other one. Compressed values are tested
 * where their compression is.
 */
@Timeout(120)
class DamageTest {
  /** No file here may ask for more. */
  private static final long MEMORY = 1 << 20;

  private static final MemorySegment NUMBERS =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6);

  @TempDir Path folder;

  private static MemorySegment segment(byte[] bytes) {
    return Arena.ofAuto().allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
  }

  private static MemorySegment memory(long bytes) {
    if (bytes > MEMORY) {
      throw new KilnException(bytes + " bytes exceed the memory limit");
    }
    return Arena.ofAuto().allocate(bytes, 64);
  }

  /** What a file is read as, or the error; anything else fails the test. */
  @FunctionalInterface
  private interface Reading<T> {
    T of(MemorySegment file);
  }

  /** What a byte may become: each in a text or number, a few where there are many bytes. */
  private static int[] others(int step) {
    return IntStream.range(1, 256).filter(x -> x % step == 0).toArray();
  }

  private static <T> Optional<T> read(byte[] bytes, String as, Reading<T> reading) {
    try {
      return Optional.of(reading.of(segment(bytes)));
    } catch (KilnException e) {
      assertThat(e.getMessage()).as(as).isNotBlank();
      return Optional.empty();
    } catch (RuntimeException | Error e) {
      throw new AssertionError(as, e);
    }
  }

  private byte[] value() throws IOException {
    Path file = folder.resolve("x.kiln");
    ValueFile.write(
        file,
        new Value.Structure(
            "app.Point",
            List.of(
                new Value.Field(
                    "x", new Value.Array(DType.INT32, Shape.of(2, 3), false, () -> NUMBERS)),
                new Value.Field(
                    "y",
                    new Value.Table(
                        List.of(
                            new Value.Pair(
                                new Value.Text("k"),
                                new Value.Maybe(
                                    Optional.of(new Value.Scalar(Value.Kind.CHAR, 'c'))))))))));
    return Files.readAllBytes(file);
  }

  /** The array of {@link #value}. */
  private static byte[] elements(MemorySegment file) {
    Value.Structure read = (Value.Structure) ValueFile.read("x", file);
    Value.Array array = (Value.Array) read.fields().getFirst().value();
    return array.data().get().toArray(ValueLayout.JAVA_BYTE);
  }

  @Test
  void everyByteOfAValueIsCheckedButForElements() throws IOException {
    byte[] whole = value();
    int tree = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    int start = (int) ValueFile.aligned(24 + tree);
    for (int at = 0; at < whole.length; at++) {
      boolean isElement = at >= start && at < start + 24;
      boolean isChecked = at < 24 + tree;
      for (int change : others(1)) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) change;
        String as = "byte " + at + " changed by " + change;
        Optional<byte[]> read = read(bytes, as, DamageTest::elements);
        assertThat(read.isEmpty()).as(as).isEqualTo(isChecked);
        if (!isChecked && !isElement) {
          assertThat(read.orElseThrow()).as(as).isEqualTo(elements(segment(whole)));
        }
      }
    }
  }

  /** Somebody who means no good knows how to make the checksum right. */
  @Test
  void everyByteOfATreeWithARightChecksumIsAnErrorOrAValue() throws IOException {
    byte[] whole = value();
    int tree = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    int refused = 0;
    for (int at = 24; at < 24 + tree; at++) {
      for (int change : others(1)) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) change;
        String as = "byte " + at + " changed by " + change;
        refused += read(signed(bytes), as, file -> ValueFile.read("x", file)).isEmpty() ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(tree * 255 / 2);
  }

  @Test
  void everyByteOfANumPyFileIsAnErrorOrAnArrayOfItsSize() throws IOException {
    Path file = folder.resolve("x.npy");
    NpyFile.write(file, DType.INT32, Shape.of(2, 3), NUMBERS);
    byte[] whole = Files.readAllBytes(file);
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int change : others(1)) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) change;
        String as = "byte " + at + " changed by " + change;
        Optional<NpyArray> read = read(bytes, as, x -> NpyFile.parse("x.npy", x, Optional.empty()));
        read.ifPresent(
            array ->
                assertThat(array.data().byteSize())
                    .as(as)
                    .isEqualTo(array.shape().size() * array.dtype().bytes()));
        refused += read.isEmpty() ? 1 : 0;
      }
    }
    assertThat(refused).isGreaterThan(128 * 255 / 2);
  }

  private byte[] archive(boolean isCompressed) throws IOException {
    Path file = folder.resolve("x.npz");
    MemorySegment zeros = Arena.ofAuto().allocate(400, 64);
    NpzFile.write(
        file,
        List.of(
            new NpzFile.Named("numbers", DType.INT32, Shape.of(6), () -> NUMBERS),
            new NpzFile.Named("zeros", DType.INT8, Shape.of(400), () -> zeros)),
        isCompressed,
        bytes -> {});
    return Files.readAllBytes(file);
  }

  private static Map<String, String> arrays(MemorySegment file) {
    Map<String, String> arrays = new LinkedHashMap<>();
    NpzFile.read("x.npz", file, DamageTest::memory)
        .forEach(
            (name, array) ->
                arrays.put(
                    name,
                    array.dtype() + Arrays.toString(array.data().toArray(ValueLayout.JAVA_BYTE))));
    return arrays;
  }

  @Test
  void everyByteOfACompressedArchiveIsAnErrorOrNoMatter() throws IOException {
    byte[] whole = archive(true);
    Map<String, String> right = arrays(segment(whole));
    int refused = 0;
    for (int at = 0; at < whole.length; at++) {
      for (int change : others(5)) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) change;
        String as = "byte " + at + " changed by " + change;
        Optional<Map<String, String>> read = read(bytes, as, DamageTest::arrays);
        // A name is no part of what has a checksum; what bears one is right.
        read.ifPresent(found -> assertThat(right.values()).as(as).containsAll(found.values()));
        refused += read.isEmpty() ? 1 : 0;
      }
    }
    assertThat(refused).isPositive();
  }

  @Test
  void everyByteOfAnArchiveIsAnErrorOrOtherArrays() throws IOException {
    byte[] whole = archive(false);
    for (int at = 0; at < whole.length; at++) {
      for (int change : others(5)) {
        byte[] bytes = whole.clone();
        bytes[at] ^= (byte) change;
        assertThat(read(bytes, "byte " + at + " changed by " + change, DamageTest::arrays))
            .isNotNull();
      }
    }
  }

  /** Sizes at the edges of every number there is, in every place that may be one. */
  @Test
  void hostileNumbersAreErrorsWithoutMemory() throws IOException {
    hostile(value(), DamageTest::elements);
    hostile(archive(true), DamageTest::arrays);
    hostile(archive(false), DamageTest::arrays);
  }

  private static <T> void hostile(byte[] whole, Reading<T> reading) {
    long[] numbers = {-1, 0, 1, 1L << 31, (1L << 31) - 1, 1L << 32, 1L << 62, Long.MIN_VALUE};
    for (int at = 4; at + 8 <= whole.length; at++) {
      for (long number : numbers) {
        byte[] one = whole.clone();
        ByteBuffer.wrap(one).order(ByteOrder.LITTLE_ENDIAN).putInt(at, (int) number);
        read(signed(one), (int) number + " at " + at, reading);
        byte[] two = whole.clone();
        ByteBuffer.wrap(two).order(ByteOrder.LITTLE_ENDIAN).putLong(at, number);
        read(signed(two), number + " at " + at, reading);
      }
    }
  }

  /** A value with the checksum of its tree made right, where it has one. */
  private static byte[] signed(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long tree = file.getLong(16);
    if (file.getLong(0) == ValueFile.MAGIC && tree >= 0 && tree <= bytes.length - 24) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 24, (int) tree);
      file.putInt(12, (int) crc.getValue());
    }
    return bytes;
  }

  @Test
  void anArchiveThatClaimsMoreThanThereIsMemoryForIsRefused() throws IOException {
    Path file = folder.resolve("big.npz");
    MemorySegment zeros = Arena.ofAuto().allocate(2 * MEMORY, 64);
    NpzFile.write(
        file,
        List.of(new NpzFile.Named("z", DType.INT8, Shape.of(2 * MEMORY), () -> zeros)),
        true,
        bytes -> {});
    MemorySegment bytes = segment(Files.readAllBytes(file));
    assertThatThrownBy(() -> NpzFile.read("big.npz", bytes, DamageTest::memory))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("memory limit");
  }
}
