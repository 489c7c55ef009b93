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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of values, whole, damaged, and made by somebody who means no good. */
class ValueFileTest {
  private static final MemorySegment NUMBERS =
      Arena.ofAuto().allocateFrom(ValueLayout.JAVA_INT, 1, 2, 3, 4, 5, 6);

  private static final Value SAMPLE =
      new Value.Table(
          List.of(
              new Value.Pair(
                  new Value.Text("weights"),
                  new Value.Array(DType.INT32, Shape.of(2, 3), false, () -> NUMBERS)),
              new Value.Pair(
                  new Value.Text("more"),
                  new Value.Sequence(
                      List.of(
                          new Value.Nothing(),
                          new Value.Scalar(Value.Kind.FLOAT64, Double.doubleToLongBits(1.5)),
                          new Value.Scalar(Value.Kind.BOOL, 1),
                          new Value.Constant("app.Colour", "RED"),
                          new Value.Bag(List.of(new Value.Scalar(Value.Kind.INT8, -3))),
                          new Value.Maybe(Optional.empty()),
                          new Value.Maybe(Optional.of(new Value.Text("ü"))),
                          new Value.Structure(
                              "app.Point",
                              List.of(
                                  new Value.Field("x", new Value.Scalar(Value.Kind.CHAR, 'c')),
                                  new Value.Field(
                                      "bytes",
                                      new Value.Array(
                                          DType.INT8,
                                          Shape.of(3),
                                          true,
                                          () -> NUMBERS.asSlice(0, 3))))))))));

  @TempDir Path folder;

  private byte[] sample() throws IOException {
    Path file = folder.resolve("x.kiln");
    ValueFile.write(file, SAMPLE);
    return Files.readAllBytes(file);
  }

  private static MemorySegment segment(byte[] bytes) {
    return Arena.ofAuto().allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes));
  }

  /** With arrays as their bytes, so that values can be compared. */
  private static String text(Value value) {
    return switch (value) {
      case Value.Array array ->
          array.dtype()
              + " "
              + array.shape()
              + " "
              + array.isPlain()
              + " "
              + HexFormat.of().formatHex(array.data().get().toArray(ValueLayout.JAVA_BYTE));
      case Value.Sequence list -> list.elements().stream().map(ValueFileTest::text).toList() + "";
      case Value.Bag set -> "set " + set.elements().stream().map(ValueFileTest::text).toList();
      case Value.Table table ->
          table.pairs().stream().map(pair -> text(pair.key()) + ": " + text(pair.value())).toList()
              + "";
      case Value.Structure structure ->
          structure.type()
              + structure.fields().stream()
                  .map(field -> field.name() + "=" + text(field.value()))
                  .toList();
      case Value.Nothing _, Value.Scalar _, Value.Text _, Value.Constant _, Value.Maybe _ ->
          value.toString();
    };
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    assertThat(text(ValueFile.read("x", segment(sample())))).isEqualTo(text(SAMPLE));
  }

  @Test
  void arraysAreAligned() throws IOException {
    Value.Table table = (Value.Table) ValueFile.read("x", segment(sample()));
    Value.Array array = (Value.Array) table.pairs().getFirst().value();
    assertThat(array.data().get().address() % 64).isZero();
    assertThat(array.data().get().isNative()).isTrue();
  }

  /** A file of this release must stay readable; a change of its bytes is a new version. */
  @Test
  void theFormatIsPinned() throws IOException {
    byte[] bytes = sample();
    assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("8b4b494c4e0d0a1a01000000");
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(bytes).hasSize(384);
    assertThat(HexFormat.of().toHexDigits((int) crc.getValue())).isEqualTo("cb1fb99a");
  }

  @Test
  void everyTruncationIsAClearError() throws IOException {
    byte[] bytes = sample();
    // The zeros that fill the last array up are nothing.
    for (int length = 0; length <= bytes.length - 62; length++) {
      MemorySegment cut = segment(Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> ValueFile.read("x", cut))
          .as("first %d bytes", length)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("x ");
    }
  }

  /** With a right checksum, so that the tree's own checks are met. */
  private static byte[] signed(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = file.getLong(16);
    if (length >= 0 && length <= bytes.length - 24) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, 24, (int) length);
      file.putInt(12, (int) crc.getValue());
    }
    return bytes;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void damageIsAClearErrorOrAnotherValue(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole = sample();
    for (int trial = 0; trial < 5000; trial++) {
      byte[] bytes = whole.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) "nstclbmeora".charAt(random.nextInt(11));
      }
      try {
        text(ValueFile.read("x", segment(random.nextInt(4) == 0 ? bytes : signed(bytes))));
      } catch (KilnException e) {
        assertThat(e.getMessage()).contains("x ");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", trial " + trial, e);
      }
    }
  }

  private static byte[] tree(byte... tree) {
    byte[] bytes = new byte[24 + tree.length];
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(ValueFile.MAGIC).putInt(1).putInt(0).putLong(tree.length).put(tree);
    return signed(bytes);
  }

  @Test
  void hostileTreesAreRefused() {
    byte[] deep = new byte[5 * 100_000];
    for (int k = 0; k < deep.length; k += 5) {
      deep[k] = 'l';
      deep[k + 1] = 1;
    }
    assertRefused(tree(deep), "levels deep");
    assertRefused(tree((byte) 'l', (byte) -1, (byte) -1, (byte) -1, (byte) 0x7f), "exceeds");
    assertRefused(tree((byte) 't', (byte) 0, (byte) 0, (byte) 0, (byte) 0x80), "exceeds");
    assertRefused(tree((byte) 't', (byte) 1, (byte) 0, (byte) 0, (byte) 0, (byte) 0xff), "UTF-8");
    assertRefused(tree((byte) 'n', (byte) 'n'), "goes on");
    assertRefused(tree((byte) 'z'), "letter");
    assertRefused(tree(), "ends too early");
    assertRefused(array("float64", 1L << 62, 0), "makes no sense");
    assertRefused(array("float64", 1L << 40, 0), "does not lie in it");
    assertRefused(array("float64", -1, 0), "makes no sense");
    assertRefused(array("float64", 0, 64), "does not lie in it");
    assertRefused(array("float64", 0, -64), "does not lie in it");
    assertRefused(array("complex64", 0, 0), "does not lie in it");
    assertRefused(array("float65", 0, 0), "unknown dtype");
  }

  private static byte[] array(String dtype, long extent, long offset) {
    ByteBuffer tree =
        ByteBuffer.allocate(1 + 4 + dtype.length() + 1 + 4 + 8 + 8).order(ByteOrder.LITTLE_ENDIAN);
    tree.put((byte) 'a').putInt(dtype.length()).put(dtype.getBytes());
    tree.put((byte) 0).putInt(1).putLong(extent).putLong(offset);
    return tree(tree.array());
  }

  private static void assertRefused(byte[] file, String why) {
    assertThatThrownBy(() -> ValueFile.read("x", segment(file)))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining(why);
  }

  @Test
  void anotherVersionIsNamed() throws IOException {
    byte[] bytes = sample();
    bytes[8] = 3;
    assertRefused(bytes, "has version 3");
    // What stores keep is never compressed.
    bytes[8] = 2;
    assertRefused(bytes, "has version 2");
  }

  @Test
  void aTextWithHalfACharacterIsRefused() {
    assertThatThrownBy(() -> ValueFile.write(folder.resolve("x"), new Value.Text("\ud800")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("half a character");
    assertThat(folder).isEmptyDirectory();
  }
}
