package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.zip.CRC32C;
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

  /** Replaces words of a file's tree by others as long, with the checksum made right again. */
  private static void edit(Path file, String from, String to) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = bytes.getInt(16);
    String tree = new String(bytes.array(), 24, length, StandardCharsets.ISO_8859_1);
    assertThat(tree).contains(from);
    bytes.put(24, tree.replace(from, to).getBytes(StandardCharsets.ISO_8859_1));
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), 24, length);
    bytes.putInt(12, (int) crc.getValue());
    Files.write(file, bytes.array());
  }

  record Other(Kind kind) {}

  @Test
  void aRecordThatHasChangedIsAClearError() throws Exception {
    Path file = folder.resolve("x.kiln");
    Kiln.dump(new Other(Kind.LINEAR), file);
    edit(file, "kind", "bind");
    assertThatThrownBy(() -> Kiln.load(file, Other.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("[bind]")
        .hasMessageContaining("[kind]");
  }

  sealed interface Step {}

  record Scale(double by) implements Step {}

  record Shift(double by) implements Step {}

  record Pipeline(List<? extends Step> steps, Step last, Map<Kind, ? super Scale> named) {}

  @Test
  void typesAreFoundBehindWildcardsAndSealedInterfaces() {
    Path file = folder.resolve("pipeline.kiln");
    Pipeline pipeline =
        new Pipeline(
            List.of(new Scale(2), new Shift(3)), new Shift(4), Map.of(Kind.LINEAR, new Scale(5)));
    Kiln.dump(pipeline, file);
    assertThat(Kiln.load(file, Pipeline.class)).isEqualTo(pipeline);
  }

  @Test
  void whatWouldBecomeEqualIsAnError() {
    Path file = folder.resolve("set.kiln");
    Kiln.dump(Set.of(new Scale(1), new Shift(1)), file);
    assertThatThrownBy(() -> Kiln.load(file, Set.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("2 elements of a set are 1");
    Kiln.dump(Map.of(Kind.LINEAR, 1, "LINEAR", 2), file);
    assertThatThrownBy(() -> Kiln.load(file, Map.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("2 keys of a map are 1");
  }

  record Untyped(Comparable<?> any, List<String> names) {}

  record Holder(Step step) {}

  record Looser(Object step) {}

  @Test
  void aComponentOfAnotherTypeIsNamed() throws Exception {
    Path file = folder.resolve("holder.kiln");
    Kiln.dump(new Looser(new Untyped("x", List.of())), file);
    edit(file, "Looser", "Holder");
    assertThatThrownBy(() -> Kiln.load(file, Holder.class))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("the component step")
        .hasMessageContaining("Step");
  }

  /** A key whose text nobody may ask for. */
  record Silent(int number) {
    @Override
    public String toString() {
      throw new IllegalStateException("asked for its text");
    }
  }

  @Test
  void keysAreNotAskedForTheirText() {
    Path file = folder.resolve("keys.kiln");
    Kiln.dump(Map.of(new Silent(1), 2), file);
    Map<?, ?> loaded = Kiln.load(file, Map.class);
    assertThat(loaded.equals(Map.of(Map.of("number", 1), 2))).isTrue();
  }

  @Test
  @SuppressWarnings("NullAway") // What a caller without such checks may do.
  void nullIsNothingToWrite() {
    for (String name : List.of("a.npy", "a.npz", "a.kiln")) {
      assertThatThrownBy(() -> Kiln.dump(null, folder.resolve(name)))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("the value is null");
    }
  }
}
