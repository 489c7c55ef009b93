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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads files that NumPy wrote ({@code tools/make-npy-fixtures.py}), damaged ones, and its own. */
class NpyFileTest {
  @TempDir Path folder;

  private static NpyArray fixture(String name) {
    return NpyFile.read(Fixtures.path("npy/" + name + ".npy"));
  }

  private static String text(NpyArray array) {
    return ArrayText.of(array.dtype(), array.shape(), array.data());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "b1 | BOOL    | [[False  True  True]  [ True  True  True]]",
        "i1 | INT8    | [[   0    1 -128]  [ 100  101  127]]",
        "i2 | INT16   | [[     0      1 -32768]  [   100    101  32767]]",
        "i4 | INT32   | [[          0           1 -2147483648]  [        100         101 "
            + " 2147483647]]",
        "i8 | INT64   | [[                   0                    1 -9223372036854775808]"
            + "  [                 100                  101  9223372036854775807]]",
        "u1 | UINT8   | [[  0   1   0]  [100 101 255]]",
        "u2 | UINT16  | [[    0     1     0]  [  100   101 65535]]",
        "u4 | UINT32  | [[         0          1          0]  [       100        101 4294967295]]",
        "u8 | UINT64  | [[                   0                    1                    0]"
            + "  [                 100                  101 18446744073709551615]]",
        "f4 | FLOAT32 | [[ 0.          0.33333334  0.6666667 ]  [33.333332   33.666668   41.666668 "
            + " ]]",
        "f8 | FLOAT64 | [[ 0.          0.33333333  0.66666667]  [33.33333333 33.66666667"
            + " 41.66666667]]",
      })
  void readsEveryDtypeInBothByteOrders(String code, DType dtype, String expected) {
    for (String order : new String[] {"little", "big"}) {
      NpyArray array = fixture(code + "-" + order);
      assertThat(array.dtype()).isEqualTo(dtype);
      assertThat(array.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(array.data().isNative()).isTrue();
      assertThat(array.data().isReadOnly()).isTrue();
      assertThat(text(array).replace("\n", " ")).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"version-1", "version-2", "version-3"})
  void readsEveryVersion(String name) {
    assertThat(text(fixture(name))).isEqualTo("[[0 1 2]\n [3 4 5]]");
  }

  @Test
  void reportsFortranOrder() {
    for (String name : new String[] {"fortran", "fortran-big"}) {
      NpyArray array = fixture(name);
      assertThat(array.fortranOrder()).isTrue();
      assertThat(array.shape()).isEqualTo(Shape.of(2, 3));
      String transpose = ArrayText.of(array.dtype(), Shape.of(3, 2), array.data());
      assertThat(transpose.replace(".", "")).isEqualTo("[[0 3]\n [1 4]\n [2 5]]");
    }
    assertThat(fixture("fortran-3d").data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2))
        .isEqualTo((short) 12);
  }

  @Test
  void readsScalarsEmptyArraysAndManyAxes() {
    assertThat(fixture("scalar").shape()).isEqualTo(Shape.of());
    assertThat(text(fixture("scalar"))).isEqualTo("2.5");
    assertThat(fixture("empty").shape()).isEqualTo(Shape.of(0, 3));
    assertThat(fixture("empty").data().byteSize()).isZero();
    assertThat(fixture("rank-20").shape().rank()).isEqualTo(20);
  }

  @ParameterizedTest
  @CsvSource({
    "complex64, complex",
    "complex128, complex",
    "float16, float32 or float64",
    "longdouble, float32 or float64",
    "text, text",
    "bytes, text",
    "dates, int64",
    "structured, each field",
    "void, each field",
    "object, Python objects",
  })
  void refusesOtherDtypes(String name, String cure) {
    assertThatThrownBy(() -> fixture(name))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining(name + ".npy")
        .hasMessageContaining(cure);
  }

  /** A file of version 1.0 with this text as header. */
  private Path file(String dict, byte... data) throws IOException {
    byte[] text = dict.getBytes(StandardCharsets.UTF_8);
    byte[] bytes =
        Arrays.copyOf(
            new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0},
            10 + text.length + data.length);
    bytes[8] = (byte) text.length;
    bytes[9] = (byte) (text.length >> 8);
    System.arraycopy(text, 0, bytes, 10, text.length);
    System.arraycopy(data, 0, bytes, 10 + text.length, data.length);
    return Files.write(folder.resolve("x.npy"), bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), }\n",
        "{\"shape\":(2L,),\"descr\":\"u1\",\"fortran_order\":False}",
        "  { 'fortran_order' : True , 'shape' : ( 2 , 1 , ) , 'descr' : '<u1' }   ",
        "{'descr': '=u1', 'fortran_order': False, 'shape': (1, 2)}",
      })
  void readsOtherSpellings(String dict) throws IOException {
    assertThat(NpyFile.read(file(dict, (byte) 7, (byte) 8)).data().get(ValueLayout.JAVA_BYTE, 1))
        .isEqualTo((byte) 8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      value = {
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2)} ~ tuple",
        "{'descr': '|u1', 'fortran_order': False, 'shape': 2} ~ expected '('",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)} ~ at least 0",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1 2)} ~ ',' or ')'",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (,)} ~ at least 0",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (99999999999999999999,)} ~ 2^63",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (9999999999, 9999999999)} ~ 2^63",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (9000000000000000000,)} ~ 2^63",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (9000000000000000000,)} ~ truncated",
        "{'descr': '|u1', 'fortran_order': 0, 'shape': (2,)} ~ True or False",
        "{'descr': '|u1', 'shape': (2,)} ~ 'fortran_order'",
        "{'descr': '|u1', 'descr': '|u1', 'fortran_order': False, 'shape': (2,)} ~ twice",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,), 'more': 1} ~ 'more'",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,)} x ~ after the closing",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (2,) ~ end of the header",
        "{'descr': '|u1 ~ closing quote",
        "{'descr': '<q9', 'fortran_order': False, 'shape': (2,)} ~ unknown type",
        "{'descr': '', 'fortran_order': False, 'shape': (2,)} ~ unknown type",
        "{'descr': ('<f4', (2,)), 'fortran_order': False, 'shape': (2,)} ~ structured",
        "__import__('os').system('true') ~ expected '{'",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (3,)} ~ expected 3 bytes of data for"
            + " uint8 (3,), found 2",
        "{'descr': '|u1', 'fortran_order': False, 'shape': (1,)} ~ goes on after its array",
        "{'descr': '|b1', 'fortran_order': False, 'shape': (2,)} ~ the byte 2 as bool element 1",
      })
  void saysWhatIsWrong(String dict, String message) throws IOException {
    Path file = file(dict, (byte) 1, (byte) 2);
    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @Test
  void saysWhatIsWrongWithTheFile() throws IOException {
    assertThatThrownBy(() -> NpyFile.read(folder.resolve("none.npy")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("no such file");
    assertThatThrownBy(() -> NpyFile.read(folder))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("directory");
    Path empty = Files.createFile(folder.resolve("empty"));
    assertThatThrownBy(() -> NpyFile.read(empty))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("an empty file");
    Path other = Files.writeString(folder.resolve("other"), "PK\u0003\u0004 a zip archive");
    assertThatThrownBy(() -> NpyFile.read(other))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("50 4b 03 04");
    Path version =
        Files.write(
            folder.resolve("version"),
            new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 4, 0, 0, 0});
    assertThatThrownBy(() -> NpyFile.read(version))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("version 4.0");
  }

  @Test
  void doesNotBelieveTheLengthOfAHeader() throws IOException {
    byte[] bytes = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, -1, '{'};
    Path file = Files.write(folder.resolve("x.npy"), bytes);
    assertThatThrownBy(() -> NpyFile.read(file))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("truncated within its header");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version-1",
        "version-2",
        "version-3",
        "fortran-3d",
        "f8-big",
        "b1-little",
        "empty"
      })
  void everyTruncationIsAClearError(String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Fixtures.path("npy/" + name + ".npy"));
    for (int length = 0; length < bytes.length; length++) {
      Path file = Files.write(folder.resolve("x.npy"), Arrays.copyOf(bytes, length));
      assertThatThrownBy(() -> NpyFile.read(file))
          .as("first %d bytes", length)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining(file.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damageIsAClearErrorOrAnotherArray(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    Path[] fixtures;
    try (Stream<Path> files = Files.list(Fixtures.path("npy"))) {
      fixtures = files.sorted().toArray(Path[]::new);
    }
    for (int trial = 0; trial < 1000; trial++) {
      Path original = fixtures[random.nextInt(fixtures.length)];
      byte[] bytes = Files.readAllBytes(original);
      int flips = 1 + random.nextInt(3);
      for (int i = 0; i < flips; i++) {
        int at = random.nextInt(Math.min(bytes.length, 100));
        bytes[at] =
            random.nextBoolean()
                ? (byte) random.nextInt()
                : (byte) "0123456789(){}[],'\" <>|=TFLbiufcOSUV".charAt(random.nextInt(36));
      }
      Path file = Files.write(folder.resolve("x.npy"), bytes);
      try {
        NpyArray array = NpyFile.read(file);
        assertThat(array.data().byteSize()).isEqualTo(array.shape().size() * array.dtype().bytes());
      } catch (KilnException e) {
        assertThat(e.getMessage())
            .as("%s, seed %d, trial %d", original, seed, trial)
            .contains(file.toString());
      } catch (RuntimeException | Error e) {
        throw new AssertionError(original + ", seed " + seed + ", trial " + trial, e);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"COMPLEX64", "COMPLEX128"})
  void whatIsWrittenIsRead(DType dtype) {
    for (Shape shape : new Shape[] {Shape.of(), Shape.of(5), Shape.of(2, 3, 4), Shape.of(0, 7)}) {
      Path file = folder.resolve("x.npy");
      MemorySegment data = Arena.ofAuto().allocate(shape.size() * dtype.bytes(), 8);
      for (long i = 0; i < data.byteSize(); i++) {
        data.set(ValueLayout.JAVA_BYTE, i, (byte) (dtype == DType.BOOL ? i % 2 : 37 * i));
      }
      NpyFile.write(file, dtype, shape, data);
      NpyArray array = NpyFile.read(file);
      assertThat(array.dtype()).isEqualTo(dtype);
      assertThat(array.shape()).isEqualTo(shape);
      assertThat(array.fortranOrder()).isFalse();
      assertThat(array.data().mismatch(data)).isEqualTo(-1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "b1-little",
        "i8-little",
        "u2-little",
        "f4-little",
        "f8-little",
        "version-1",
        "scalar",
        "empty",
        "vector",
        "rank-20"
      })
  void writesTheBytesThatNumPyWrites(String name) {
    NpyArray array = fixture(name);
    Path file = folder.resolve("x.npy");
    NpyFile.write(file, array.dtype(), array.shape(), array.data());
    assertThat(file).hasSameBinaryContentAs(Fixtures.path("npy/" + name + ".npy"));
  }

  @Test
  void aMappedFileMayBeReplaced() {
    Path file = folder.resolve("x.npy");
    NpyArray old = fixture("vector");
    NpyFile.write(file, old.dtype(), old.shape(), old.data());
    NpyArray mapped = NpyFile.read(file);
    NpyFile.write(file, mapped.dtype(), Shape.of(2), mapped.data().asSlice(16, 16));
    assertThat(text(mapped)).isEqualTo("[0. 1. 2. 3. 4.]");
    assertThat(text(NpyFile.read(file))).isEqualTo("[2. 3.]");
  }

  @Test
  void refusesDataOfAnotherSize() {
    MemorySegment data = Arena.ofAuto().allocate(12);
    for (Shape shape : new Shape[] {Shape.of(2), Shape.of(4), Shape.of(Long.MAX_VALUE)}) {
      Path file = folder.resolve("x.npy");
      assertThatThrownBy(() -> NpyFile.write(file, DType.FLOAT32, shape, data))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("exactly the elements");
      assertThat(file).doesNotExist();
    }
  }
}
