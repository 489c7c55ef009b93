package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DumpTest {
  @TempDir Path folder;

  enum Kind {
    LINEAR,
    DEEP
  }

  record Layer(String name, NDArray weights) {}

  record Model(Kind kind, List<Layer> layers, Map<String, Double> scores, int[] sizes) {}

  private static final Model MODEL =
      new Model(
          Kind.DEEP,
          List.of(
              new Layer("first", Kiln.arange(6).reshape(2, 3).astype(DType.FLOAT32)),
              new Layer("second", Kiln.linspace(0, 1, 5))),
          Map.of("loss", 0.25),
          new int[] {3, 2});

  @Test
  void recordsComeBackAsWhatTheyAre() {
    Path file = folder.resolve("model.kiln");
    Kiln.dump(MODEL, file);
    Model loaded = Kiln.load(file, Model.class);
    assertThat(loaded.kind()).isEqualTo(Kind.DEEP);
    assertThat(loaded.layers().getFirst().weights().toFloatArray())
        .containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(loaded.layers().getFirst().weights().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(loaded.layers().getLast().weights().add(1).sum().item()).isEqualTo(7.5);
    assertThat(loaded.scores()).containsEntry("loss", 0.25);
    assertThat(loaded.sizes()).containsExactly(3, 2);
  }

  /** Written in version 1 of the format, with a value of each kind; it must stay readable. */
  @Test
  void anOldFileStaysReadable() throws Exception {
    Path file = Path.of(DumpTest.class.getResource("/dump/version-1.kiln").toURI());
    Map<?, ?> loaded = Kiln.load(file, Map.class);
    assertThat(new ArrayList<Object>(loaded.keySet()))
        .containsExactly(
            "null", "scalars", "text", "enum", "set", "map", "none", "record", "bools");
    assertThat(loaded.get("null")).isNull();
    assertThat(loaded.get("scalars"))
        .isEqualTo(List.of(true, (byte) -1, (short) 2, 3, 4L, 0.5f, -0.0, 'c'));
    assertThat(loaded.get("text")).isEqualTo("über");
    assertThat(loaded.get("enum")).isEqualTo("FRIDAY");
    assertThat(loaded.get("set")).isEqualTo(Set.of(5));
    assertThat(loaded.get("map")).isEqualTo(Map.of(1, Optional.of("x")));
    assertThat(loaded.get("none")).isEqualTo(Optional.empty());
    Map<?, ?> run = (Map<?, ?>) loaded.get("record");
    assertThat(run.get("name")).isEqualTo("a");
    assertThat((int[]) run.get("seeds")).containsExactly(1, 2);
    NDArray trace = (NDArray) run.get("trace");
    assertThat(trace.dtype()).isEqualTo(DType.FLOAT32);
    assertThat(trace.toFloatArray()).containsExactly(0, 1, 2, 3);
    assertThat(((NDArray) loaded.get("bools")).toBooleanArray()).containsExactly(true, false);
  }

  @Test
  void noClassIsMadeThatWasNotAskedFor() {
    Path file = folder.resolve("model.kiln");
    Kiln.dump(MODEL, file);
    Map<?, ?> loaded = Kiln.load(file, Map.class);
    assertThat(loaded.get("kind")).isEqualTo("DEEP");
    Map<?, ?> layer = (Map<?, ?>) ((List<?>) loaded.get("layers")).getFirst();
    assertThat(layer.get("name")).isEqualTo("first");
  }

  @Test
  void formatsFollowFromNamesAndContents() throws Exception {
    NDArray x = Kiln.arange(4);
    Kiln.dump(x, folder.resolve("x.npy"));
    Kiln.dump(x, folder.resolve("x.kiln"));
    Map<String, NDArray> both = new LinkedHashMap<>();
    both.put("x", x);
    both.put("y", x.add(1));
    Kiln.dump(both, folder.resolve("both.npz"));
    Kiln.dumpCompressed(both, folder.resolve("small.npz"));
    assertThat(Kiln.load(folder.resolve("x.npy"), NDArray.class).toLongArray()).hasSize(4);
    Files.move(folder.resolve("x.npy"), folder.resolve("renamed"));
    assertThat(Kiln.load(folder.resolve("renamed"), NDArray.class).toLongArray()).hasSize(4);
    assertThat(Kiln.load(folder.resolve("x.kiln"), NDArray.class).toLongArray()).hasSize(4);
    for (String name : List.of("both.npz", "small.npz")) {
      Map<?, ?> loaded = Kiln.load(folder.resolve(name), Map.class);
      assertThat(loaded.keySet()).hasToString("[x, y]");
      assertThat(((NDArray) loaded.get("y")).toLongArray()).containsExactly(1, 2, 3, 4);
    }
  }

  @Test
  void mistakesAreClear() {
    Path file = folder.resolve("x.kiln");
    Kiln.dump(List.of(1, 2), file);
    assertThatThrownBy(() -> Kiln.load(file, NDArray.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("not a dev.kiln.NDArray");
    assertThatThrownBy(() -> Kiln.dump(List.of(new Random()), folder.resolve("y.kiln")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("the value[0] is a java.util.Random");
    assertThatThrownBy(() -> Kiln.dump(List.of(), folder.resolve("y.npy")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("one array");
    assertThatThrownBy(() -> Kiln.dump(Map.of("x", 1), folder.resolve("y.npz")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("names to arrays");
    assertThatThrownBy(() -> Kiln.dumpCompressed(Kiln.arange(3), folder.resolve("y.npy")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("never compressed");
    // Core alone has no compression.
    assertThatThrownBy(() -> Kiln.dumpCompressed(Map.of(), folder.resolve("y.kiln")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("kiln-cache-store");
    assertThatThrownBy(() -> Kiln.load(folder.resolve("none"), Object.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("no such file");
    assertThat(folder.resolve("y.kiln")).doesNotExist();
  }

  @Test
  void aListenerHearsHowFarItIs() {
    NDArray x = Kiln.arange(1 << 21);
    long bytes = 8L << 21;
    Map<String, Object> files = new LinkedHashMap<>();
    files.put("x.npy", x);
    files.put("x.npz", Map.of("x", x));
    files.put("x.kiln", List.of(x, "text"));
    files.forEach(
        (name, value) -> {
          List<Long> heard = new ArrayList<>();
          Kiln.dump(
              value,
              folder.resolve(name),
              (written, total) -> {
                assertThat(total).isEqualTo(bytes);
                heard.add(written);
              });
          assertThat(heard).as(name).isSorted().hasSizeGreaterThan(1).endsWith(bytes);
        });
  }

  @Test
  void aListenerThatThrowsStopsTheWriting() {
    for (String name : List.of("x.npy", "x.kiln")) {
      assertThatThrownBy(
              () ->
                  Kiln.dump(
                      Kiln.arange(10),
                      folder.resolve(name),
                      (written, total) -> {
                        throw new IllegalStateException("enough");
                      }))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("enough");
    }
    assertThat(folder).isEmptyDirectory();
  }

  record Other(Kind kind) {}

  @Test
  void aRecordThatHasChangedIsAClearError() throws Exception {
    Path file = folder.resolve("x.kiln");
    Kiln.dump(new Other(Kind.LINEAR), file);
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
    // The component's name, with the checksum made right again.
    int at = text.indexOf("kind", 24);
    bytes[at] = 'b';
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    int length = java.nio.ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(16);
    crc.update(bytes, 24, length);
    java.nio.ByteBuffer.wrap(bytes)
        .order(java.nio.ByteOrder.LITTLE_ENDIAN)
        .putInt(12, (int) crc.getValue());
    Files.write(file, bytes);
    assertThatThrownBy(() -> Kiln.load(file, Other.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("[bind]")
        .hasMessageContaining("[kind]");
  }
}
