package dev.kiln.zstd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Compressed files of values, whole, damaged, and made by somebody who means no good. */
@Timeout(120)
class CompressedDumpTest {
  private static final int HEADER = 24;

  @TempDir Path folder;

  private Path dumped(Object value) {
    Path file = folder.resolve("x.kiln");
    Kiln.dumpCompressed(value, file);
    return file;
  }

  private static NDArray noise(int count) {
    SplittableRandom random = new SplittableRandom(1);
    long[] bits = new long[count];
    Arrays.setAll(bits, k -> random.nextLong());
    return Kiln.array(bits);
  }

  private static NDArray part(Path file, int k) {
    return (NDArray) Kiln.load(file, List.class).get(k);
  }

  /** Sizes about one block of 1 MiB and several, and below what is compressed. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 512, 131_071, 131_072, 131_073, 262_144, 1_000_003})
  void everySizeComesBack(int count) {
    NDArray x = Kiln.arange(count).multiply(3);
    Path file = dumped(List.of(x, noise(count)));
    assertThat(part(file, 0).toLongArray()).isEqualTo(x.toLongArray());
    assertThat(part(file, 1).toLongArray()).isEqualTo(noise(count).toLongArray());
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"COMPLEX64", "COMPLEX128"})
  void everyDtypeComesBack(DType dtype) {
    NDArray x = Kiln.arange(300_000).remainder(251).astype(dtype).reshape(3, 100_000);
    NDArray loaded = Kiln.load(dumped(x), NDArray.class);
    assertThat(loaded.dtype()).isEqualTo(dtype);
    assertThat(loaded.shape()).isEqualTo(x.shape());
    assertThat(loaded.data().mismatch(x.compute().data())).isEqualTo(-1);
  }

  @Test
  void whatIsSmallStaysByteForByteAsItWas() throws IOException {
    Map<String, Object> small = Map.of("x", Kiln.arange(3), "y", new double[10_000]);
    Path plain = folder.resolve("plain.kiln");
    Kiln.dump(small, plain);
    assertThat(Files.mismatch(dumped(small), plain)).isEqualTo(-1);
    assertThat(Files.readAllBytes(plain)[8]).isEqualTo((byte) 1);
    assertThat(Files.readAllBytes(dumped(Kiln.arange(10_000)))[8]).isEqualTo((byte) 2);
  }

  @Test
  void whatIsAlikeBecomesSmallAndWhatIsNotHardlyGrows() throws IOException {
    assertThat(Files.size(dumped(Kiln.linspace(0, 1, 1_000_000)))).isLessThan(6_000_000);
    assertThat(Files.size(dumped(Kiln.arange(1_000_000)))).isLessThan(300_000);
    assertThat(Files.size(dumped(noise(1_000_000)))).isLessThan(8_001_000);
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> Kiln.load(file, NDArray.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(why);
  }

  private void refused(byte[] bytes, String why) throws IOException {
    refused(Files.write(folder.resolve("bad.kiln"), bytes), why);
  }

  @Test
  void everyTruncationIsAClearError() throws IOException {
    byte[] bytes = Files.readAllBytes(dumped(Kiln.arange(1000)));
    int end = bytes.length;
    while (bytes[end - 1] == 0) {
      end--;
    }
    for (int length = 8; length < end; length++) {
      refused(Arrays.copyOf(bytes, length), "damaged");
    }
  }

  @Test
  void everyBitThatIsTurnedIsAClearErrorOrNoMatter() throws IOException {
    NDArray x = Kiln.arange(600);
    byte[] bytes = Files.readAllBytes(dumped(x));
    assertThat(bytes).hasSizeLessThan(2000);
    int refused = 0;
    for (int at = 8; at < bytes.length; at++) {
      for (int bit = 0; bit < 8; bit += 3) {
        byte[] bad = bytes.clone();
        bad[at] ^= (byte) (1 << bit);
        Path file = Files.write(folder.resolve("bad.kiln"), bad);
        try {
          NDArray loaded = Kiln.load(file, NDArray.class);
          assertThat(loaded.toLongArray()).as("byte %d", at).isEqualTo(x.toLongArray());
        } catch (KilnException e) {
          refused++;
          assertThat(e).hasMessageContaining("bad.kiln");
        }
      }
    }
    // All but padding: header, tree, table, and blocks.
    assertThat(refused).isGreaterThan(bytes.length * 2);
  }

  /** With a right checksum of the tree, so that its own checks are met. */
  private static byte[] signed(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    long length = file.getLong(16);
    if (length >= 0 && length <= bytes.length - HEADER) {
      CRC32C crc = new CRC32C();
      crc.update(bytes, HEADER, (int) length);
      file.putInt(12, (int) crc.getValue());
    }
    return bytes;
  }

  /** Where the parts of the tree of one int64 vector lie. */
  private static final int EXTENT = 38;

  private static final int OFFSET = 46;
  private static final int METHOD = 58;
  private static final int BLOCK = 62;
  private static final int LENGTH = 66;

  private static byte[] with(byte[] whole, int at, int value) {
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(at, value);
    return signed(bytes);
  }

  private static byte[] with(byte[] whole, int at, long value) {
    byte[] bytes = whole.clone();
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    return signed(bytes);
  }

  @Test
  void hostileSizesAreRefused() throws IOException {
    byte[] whole = Files.readAllBytes(dumped(Kiln.arange(1000)));
    assertThat(new String(whole, METHOD, 4, StandardCharsets.US_ASCII)).isEqualTo("zstd");
    refused(with(whole, METHOD, 0x20202020), "'    ', which is not here");
    refused(with(whole, EXTENT, 1L << 62), "makes no sense");
    refused(with(whole, EXTENT, -1L), "makes no sense");
    refused(with(whole, EXTENT, 1L << 50), "exceeds its tree");
    refused(with(whole, EXTENT, 1001L), "bytes came out of it, expected 8008");
    refused(with(whole, EXTENT, 999L), "damaged");
    refused(with(whole, EXTENT, 0L), "goes on after the value");
    refused(with(whole, OFFSET, 64L), "damaged");
    refused(with(whole, OFFSET, 1L << 40), "does not lie in it");
    refused(with(whole, OFFSET, -64L), "does not lie in it");
    refused(with(whole, OFFSET, 1L), "does not lie in it");
    for (int block : new int[] {0, -1, 12, Integer.MIN_VALUE, Integer.MAX_VALUE & -8}) {
      refused(with(whole, BLOCK, block), "make no sense");
    }
    refused(with(whole, BLOCK, 8), "exceeds its tree");
    refused(with(whole, LENGTH, 0), "compressed");
    refused(with(whole, LENGTH, -1), "compressed");
    refused(with(whole, LENGTH, 8001), "compressed");
    refused(with(whole, LENGTH, 8000), "does not lie in it");
    refused(with(whole, LENGTH, 1), "damaged");
    // The tree's last number, the checksum of the elements.
    refused(with(whole, LENGTH + 4, 0), "checksum of a compressed block");
  }

  @Test
  void aBombIsRefusedBeforeMemoryIsTaken() throws IOException {
    byte[] whole = Files.readAllBytes(dumped(Kiln.zeros(Shape.of(100_000_000), DType.INT8)));
    assertThat(whole).hasSizeLessThan(50_000);
    Path file = folder.resolve("x.kiln");
    try (Engine small = Engine.builder().memoryLimit(64 << 20).build()) {
      assertThatThrownBy(() -> small.load(file, NDArray.class))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("memory limit of 67108864 bytes");
    }
    assertThat(Kiln.load(file, NDArray.class).sum().item()).isEqualTo(0);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damageIsAClearErrorOrAnotherValue(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] whole = Files.readAllBytes(dumped(List.of(Kiln.arange(1000), "x", noise(600))));
    Path file = folder.resolve("bad.kiln");
    for (int trial = 0; trial < 1000; trial++) {
      byte[] bytes = whole.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        int most = random.nextBoolean() ? 256 : bytes.length;
        bytes[8 + random.nextInt(most - 8)] = (byte) random.nextInt();
      }
      Files.write(file, signed(bytes));
      try {
        Kiln.load(file, Object.class);
      } catch (KilnException e) {
        assertThat(e.getMessage()).contains("bad.kiln");
      } catch (RuntimeException | Error e) {
        throw new AssertionError("seed " + seed + ", trial " + trial, e);
      }
    }
  }

  @Test
  void theFormatIsPinned() throws IOException {
    byte[] bytes = Files.readAllBytes(dumped(noise(1000)));
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    assertThat(HexFormat.of().formatHex(bytes, 0, 12)).isEqualTo("8b4b494c4e0d0a1a02000000");
    assertThat(HexFormat.of().toHexDigits((int) crc.getValue())).isEqualTo("d14614c7");
  }

  @Test
  void aListenerHearsOfElementsNotOfWhatTheyBecome() {
    List<Long> heard = new ArrayList<>();
    List<NDArray> value = List.of(Kiln.arange(1_000_000), Kiln.arange(3));
    Kiln.dumpCompressed(
        value,
        folder.resolve("x.kiln"),
        (written, total) -> {
          assertThat(total).isEqualTo(8_000_024);
          heard.add(written);
        });
    assertThat(heard).isSorted().hasSize(9).endsWith(8_000_000L, 8_000_024L);
  }

  /** Written by the first release that compresses; it must stay readable. */
  @Test
  void anOldFileStaysReadable() throws Exception {
    Path file = Path.of(CompressedDumpTest.class.getResource("arange-1000.kiln").toURI());
    assertThat(Kiln.load(file, NDArray.class).toLongArray())
        .isEqualTo(Kiln.arange(1000).toLongArray());
  }
}
