package dev.kiln.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.Kiln;
import dev.kiln.KilnException;
import dev.kiln.NDArray;
import dev.kiln.Shape;
import dev.kiln.spi.Key;
import dev.kiln.store.Limits;
import dev.kiln.store.Store;
import dev.kiln.store.StoreEvent;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class MemoryTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  @TempDir Path folder;
  private final List<StoreEvent> events = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void noCalls() {
    CALLS.set(0);
  }

  private Memory memory() {
    return Memory.builder(Store.builder(folder.resolve("store")).listener(events::add).build())
        .codec(
            URI.class,
            new Codec<>() {
              @Override
              public Map<String, Object> parts(URI uri) {
                return Map.of("text", uri.toString());
              }

              @Override
              public URI make(Map<String, Object> parts) {
                return URI.create((String) parts.get("text"));
              }
            })
        .build();
  }

  static Object echo(Object x) {
    CALLS.incrementAndGet();
    return x;
  }

  record Point(double x, double y, List<String> tags) {}

  enum Colour {
    RED,
    GREEN {
      @Override
      public String toString() {
        return "green";
      }
    }
  }

  @Test
  void theTourDoesWhatItSays() {
    assertThat(MemoryTour.squares(folder.resolve("tour"))).containsExactly(1, 4, 9);
    assertThat(MemoryTour.options(folder.resolve("tour"))).isTrue();
  }

  @Test
  void everyKindComesBackEqualFoundOrComputed() {
    Map<String, Object> mixed = new LinkedHashMap<>();
    mixed.put("null", null);
    mixed.put("points", List.of(new Point(1, -0.0, List.of("a", "ü")), new Point(2, 3, List.of())));
    mixed.put("set", Set.of(1, 2, 3));
    mixed.put("nested", Optional.of(Map.of(Colour.GREEN, Optional.empty())));
    List<Object> values =
        new ArrayList<>(
            List.of(
                true,
                (byte) -3,
                (short) 1000,
                'ß',
                42,
                1L << 40,
                1.5f,
                Double.NaN,
                "text\nwith lines",
                Colour.GREEN,
                DayOfWeek.FRIDAY,
                new Point(1, 2, List.of("x")),
                List.of(1, 2L, "3"),
                new TreeSet<>(List.of("b", "a")),
                new TreeMap<>(Map.of("k", 1)),
                Optional.of(5),
                Optional.empty(),
                URI.create("http://example.org/"),
                mixed));
    values.add(null);
    Function1<Object, Object> echo = memory().cache(MemoryTest::echo);
    for (Object value : values) {
      CALLS.set(0);
      Object computed = echo.apply(value);
      Object found = memory().cache(MemoryTest::echo).apply(value);
      assertThat(CALLS).as("calls for %s", value).hasValue(1);
      assertThat(computed).isEqualTo(value);
      assertThat(found).isEqualTo(value);
      if (value != null && !(value instanceof TreeSet || value instanceof TreeMap)) {
        assertThat(found)
            .isInstanceOf(value.getClass() == mixed.getClass() ? Map.class : Object.class);
      }
    }
  }

  @Test
  void javaArraysComeBack() {
    List<Object> arrays =
        List.of(
            new byte[] {1, -1},
            new short[] {2},
            new int[] {},
            new long[] {1L << 50},
            new float[] {1.5f, -0f},
            new double[] {Double.NaN, 2},
            new boolean[] {true, false});
    Function1<Object, Object> echo = memory().cache(MemoryTest::echo);
    for (Object array : arrays) {
      CALLS.set(0);
      echo.apply(array);
      Object found = echo.apply(array);
      assertThat(CALLS).hasValue(1);
      assertThat(found).isInstanceOf(array.getClass());
      assertThat(Arrays.deepEquals(new Object[] {found}, new Object[] {array})).isTrue();
    }
  }

  @Test
  void arraysComeBackAloneAndWithin() {
    NDArray x = Kiln.arange(6).reshape(2, 3);
    Function1<Object, Object> echo = memory().cache(MemoryTest::echo);
    for (int turn = 0; turn < 2; turn++) {
      NDArray alone = (NDArray) echo.apply(x);
      assertThat(alone.shape()).isEqualTo(Shape.of(2, 3));
      assertThat(alone.isRealised()).isTrue();
      assertThat(alone.add(1).sum().itemLong()).isEqualTo(21);
      List<?> within = (List<?>) echo.apply(List.of("a", x.astype(DType.FLOAT32)));
      assertThat(((NDArray) within.get(1)).toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
    }
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void differentArgumentsHaveDifferentKeys() {
    MemoisedFunction echo = of(MemoryTest::echo);
    List<Object> different =
        new ArrayList<>(
            List.of(
                1,
                1L,
                (short) 1,
                (byte) 1,
                1.0,
                1.0f,
                (char) 1,
                true,
                "1",
                0.0,
                -0.0,
                Double.NaN,
                List.of(1),
                Set.of(1),
                Optional.of(1),
                List.of(List.of(1)),
                List.of(),
                Set.of(),
                Map.of(),
                Optional.empty(),
                Map.of(1, 2),
                Map.of(2, 1),
                List.of(1, 2),
                List.of(2, 1),
                List.of("ab", "c"),
                List.of("a", "bc"),
                Colour.RED,
                "RED",
                new int[] {1},
                new long[] {1},
                Kiln.array(new int[] {1}),
                Kiln.array(new long[] {1}),
                Kiln.array(new int[] {1}).reshape(1, 1),
                Kiln.array(new int[] {2})));
    different.add(null);
    Set<Key> keys = new java.util.HashSet<>();
    different.forEach(value -> keys.add(echo.key(value)));
    assertThat(keys).hasSize(different.size());
  }

  private MemoisedFunction of(Function1<Object, Object> function) {
    Memory memory = memory();
    return memory.of(memory.cache(function));
  }

  @Test
  void theOrderOfSetsAndMapsDoesNotCount() {
    MemoisedFunction echo = of(MemoryTest::echo);
    Map<String, Integer> forwards = new LinkedHashMap<>();
    Map<String, Integer> backwards = new LinkedHashMap<>();
    for (int k = 0; k < 20; k++) {
      forwards.put("k" + k, k);
      backwards.put("k" + (19 - k), 19 - k);
    }
    assertThat(echo.key(forwards)).isEqualTo(echo.key(backwards));
    assertThat(echo.key(forwards)).isEqualTo(echo.key(new HashMap<>(forwards)));
    assertThat(echo.key(forwards.keySet())).isEqualTo(echo.key(backwards.keySet()));
    assertThat(echo.key(Double.longBitsToDouble(0x7ff8_0000_0000_0001L)))
        .isEqualTo(echo.key(Double.NaN));
  }

  @Test
  void whatCannotBeKeptIsRefusedWithWhatToDo() {
    Function1<Object, Object> echo = memory().cache(MemoryTest::echo);
    assertThatThrownBy(() -> echo.apply(List.of(1, new Random(1))))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("argument 0 of " + MemoryTest.class.getName() + ".echo")
        .hasMessageContaining("the value[1] is a java.util.Random")
        .hasMessageContaining("codec");
    Function0<Object> random = memory().cache(() -> new Random(1));
    assertThatThrownBy(random::apply)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("the result of")
        .hasMessageContaining("java.util.Random");
    List<Object> itself = new ArrayList<>();
    itself.add(itself);
    assertThatThrownBy(() -> echo.apply(itself))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("contain itself");
  }

  static int fails(int x) {
    CALLS.incrementAndGet();
    throw new IllegalStateException("no " + x);
  }

  @Test
  void exceptionsAreNotKept() {
    Function1<Integer, Integer> fails = memory().cache(MemoryTest::fails);
    for (int turn = 0; turn < 2; turn++) {
      assertThatThrownBy(() -> fails.apply(1))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("no 1");
    }
    assertThat(CALLS).hasValue(2);
    assertThat(memory().store().entries()).isEmpty();
  }

  private final class Fibonacci {
    private final Function1<Integer, Long> cached;

    Fibonacci(Memory memory) {
      // Pinned, since the function's own field is no value.
      cached = memory.cache(this::of, options -> options.version("1"));
    }

    long of(int n) {
      CALLS.incrementAndGet();
      return n < 2 ? n : cached.apply(n - 1) + cached.apply(n - 2);
    }
  }

  @Test
  void recursionNeitherBlocksNorRepeats() {
    assertThat(new Fibonacci(memory()).cached.apply(90)).isEqualTo(2880067194370816120L);
    assertThat(CALLS).hasValue(91);
  }

  @Test
  void recursionFromManyThreadsNeitherBlocksNorRepeats() throws Exception {
    List<Callable<Long>> tasks = new ArrayList<>();
    for (int t = 0; t < 6; t++) {
      Fibonacci fibonacci = new Fibonacci(memory());
      int n = 60 + t;
      tasks.add(() -> fibonacci.cached.apply(n));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(6)) {
      for (Future<Long> value : threads.invokeAll(tasks)) {
        assertThat(value.get()).isPositive();
      }
    }
    assertThat(CALLS).hasValue(66);
  }

  @Test
  void capturedVariablesArePartOfTheKey() {
    Memory memory = memory();
    for (int turn = 0; turn < 2; turn++) {
      for (int add : new int[] {1, 2}) {
        Function1<Integer, Integer> plus =
            memory.cache(
                x -> {
                  CALLS.incrementAndGet();
                  return x + add;
                });
        assertThat(plus.apply(10)).isEqualTo(10 + add);
      }
    }
    assertThat(CALLS).hasValue(2);
  }

  private static final class Model {
    private final double rate;
    private final Random unrelated = new Random();

    Model(double rate) {
      this.rate = rate;
    }

    double step(double x) {
      CALLS.incrementAndGet();
      return x * rate;
    }

    double noise(double x) {
      return x + unrelated.nextDouble();
    }
  }

  @Test
  void anObjectCountsByTheFieldsThatItsMethodReads() {
    Memory memory = memory();
    for (int turn = 0; turn < 2; turn++) {
      for (double rate : new double[] {2, 3}) {
        Function1<Double, Double> step = memory.cache(new Model(rate)::step);
        assertThat(step.apply(5.0)).isEqualTo(5 * rate);
      }
    }
    assertThat(CALLS).hasValue(2);
    Function1<Double, Double> noise = memory.cache(new Model(1)::noise);
    assertThatThrownBy(() -> noise.apply(1.0))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("reads the field unrelated")
        .hasMessageContaining("version");
  }

  @Test
  void ignoredArgumentsDontCount() {
    Memory memory = memory();
    Function2<Integer, Object, Integer> f =
        memory.cache(
            (x, ignored) -> {
              CALLS.incrementAndGet();
              return x;
            },
            options -> options.ignore(1));
    assertThat(f.apply(1, new Random())).isEqualTo(1);
    assertThat(f.apply(1, "other")).isEqualTo(1);
    assertThat(CALLS).hasValue(1);
  }

  private static String scaled(double factor, int trace, String unit) {
    CALLS.incrementAndGet();
    return factor + unit;
  }

  @Test
  void placesAndNumbersOfArgumentsAreChecked() {
    Memory memory = memory();
    Function1<Object, Object> echo = memory.cache(MemoryTest::echo);
    assertThatThrownBy(() -> memory.of(echo).callAndShelve("x", "y"))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("echo takes 1 arguments, given 2");
    assertThatThrownBy(() -> memory.of(echo).contains())
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("echo takes 1 arguments, given 0");
    Function1<Object, Object> plain = MemoryTest::echo;
    for (int place : new int[] {-1, 1}) {
      assertThatThrownBy(() -> memory.cache(plain, options -> options.ignore(place)))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("ignore(" + place + ") of a function of 1 arguments");
    }
    assertThatThrownBy(
            () -> memory.cache(plain, options -> options.expiresAfter(Duration.ofSeconds(-1))))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("expected no negative time");
    assertThat(CALLS).hasValue(0);
  }

  @Test
  void argumentsAreIgnoredByName() {
    Memory memory = memory();
    var scaled = memory.cache(MemoryTest::scaled, options -> options.ignore("trace"));
    assertThat(scaled.apply(1.5, 1, "m")).isEqualTo("1.5m");
    assertThat(scaled.apply(1.5, 2, "m")).isEqualTo("1.5m");
    assertThat(CALLS).hasValue(1);
    assertThat(scaled.apply(1.5, 2, "s")).isEqualTo("1.5s");
    assertThat(scaled.apply(2.5, 2, "m")).isEqualTo("2.5m");
    assertThat(CALLS).hasValue(3);
    // What a lambda has captured, a long among it, is no argument.
    long add = 7;
    Function2<Integer, Integer, Long> plus =
        memory.cache(
            (x, trace) -> x + add + CALLS.incrementAndGet(), options -> options.ignore("trace"));
    assertThat(plus.apply(1, 1)).isEqualTo(plus.apply(1, 2));
    assertThat(plus.apply(2, 1)).isNotEqualTo(plus.apply(1, 1));
    assertThatThrownBy(() -> memory.cache((Integer x) -> x + add, options -> options.ignore("add")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("has no argument 'add', but [x]");
    // The receiver is the first argument, and has no name.
    Function2<String, String, String> concat =
        memory.cache(String::concat, options -> options.version("1").ignore(0));
    assertThat(concat.apply("a", "b")).isEqualTo(concat.apply("c", "b"));
    assertThatThrownBy(
            () ->
                memory.cache(
                    String::concat, (Options options) -> options.version("1").ignore("nothing")))
        .isInstanceOf(KilnException.class);
  }

  /** Who has to change these makes everybody compute everything again. */
  @Test
  void keysArePinned() {
    Memory memory = memory();
    Function1<Object, Object> echo =
        memory.cache(x -> x, options -> options.name("echo").version("1"));
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("null", null);
    arguments.put("primitives", List.of(true, (byte) 1, (short) 1, 1, 1L, 1f, 1.0, 'c'));
    arguments.put("special numbers", List.of(-0.0, 0.0, Double.NaN, -0f, Float.NaN));
    arguments.put("text", "über \ud83d\ude00");
    arguments.put("enum", DayOfWeek.MONDAY);
    arguments.put("set", Set.of(1, 2, 3));
    arguments.put("map", Map.of("a", 1, "b", List.of()));
    arguments.put("optionals", List.of(Optional.empty(), Optional.of(1)));
    arguments.put("record", new Pinned(1, "x"));
    arguments.put("java array", new double[] {1, 2});
    arguments.put("array", Kiln.array(new float[] {1, 2, 3, 4, 5, 6}).reshape(2, 3));
    Map<String, String> keys = new LinkedHashMap<>();
    arguments.forEach((name, argument) -> keys.put(name, memory.of(echo).key(argument).hex()));
    assertThat(keys).isEqualTo(PINNED);
  }

  /** A record whose name and components are part of a pinned key. */
  record Pinned(int number, String text) {}

  private static final Map<String, String> PINNED =
      Map.ofEntries(
          Map.entry("null", "813a96f74965726806775977cae85b202d94e8b88b581041775889aa3d28d16b"),
          Map.entry(
              "primitives", "b4732dabfa65ea963c5572a04743f589aace8ed6a59fee0cf0c94d934daeb8af"),
          Map.entry(
              "special numbers",
              "7b031ae9a4c4b410eea314837536e9a2e785f23a02eb19123fe9ac20f8f21689"),
          Map.entry("text", "8f85aea72d84eafc841dfb7781e9b48bae6235134e9878f813be09945a928a54"),
          Map.entry("enum", "a8807ae90abdc74e48d575ead7eaf6d4e808486da1edf0233a97ffc138078986"),
          Map.entry("set", "0fae14ca7f542249d18b20c69d3d206561b7262d0104cd69ab1197c1ddb15d02"),
          Map.entry("map", "dc06f5a1545bf1a1e1a47b2d1d6d90fa764d9c356a264d2d82a85b658d0da698"),
          Map.entry(
              "optionals", "c6ab837f9574ed5bee948d366031e70f586ae0a73a9fb863960f1e4cfc24d430"),
          Map.entry("record", "97f33a87e41d128a8ac75bf8efc957de6f2ea0a4b1479ded7387b2322a1ef979"),
          Map.entry(
              "java array", "a1ea1b822821de591a1b2996c143113cdbf55f1d61dac314711c26f52b8a49d2"),
          Map.entry("array", "37c74b0f7191a722bc5e9cb948c3db8ac68888c429442b5c7b752f8759c2c193"));

  @Test
  void versionsPinByHand() {
    for (int turn = 0; turn < 2; turn++) {
      for (String version : List.of("1", "2")) {
        memory().cache(MemoryTest::echo, options -> options.version(version)).apply(1);
      }
    }
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void capturedVariablesCountWithAVersionToo() {
    for (int add : new int[] {1, 2}) {
      Function1<Integer, Integer> plus =
          memory().cache(x -> x + add, options -> options.name("plus").version("1"));
      assertThat(plus.apply(10)).isEqualTo(10 + add);
    }
    assertThatThrownBy(() -> memory().cache((Integer x) -> x, options -> options.version("1")))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("a lambda has no name of its own");
  }

  @Test
  void recordsFromElsewhereNeedACodec() {
    Function0<Object> elsewhere =
        memory().cache(() -> new StoreEvent.Miss(new Key("a".repeat(64))));
    assertThatThrownBy(elsewhere::apply)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("comes from elsewhere than the function")
        .hasMessageContaining("codec");
    assertThat(memory().store().entries()).isEmpty();
  }

  @Test
  void aShelvedResultIsThatOfTheArgumentsAtTheCall() {
    Memory memory = memory();
    Function1<int[], int[]> mutates = memory.cache(MemoryTest::mutates);
    assertThat((int[]) memory.of(mutates).callAndShelve(new int[] {1, 2}).get())
        .containsExactly(99, 2);
  }

  @Test
  void expiredAndInvalidResultsAreComputedAgain() {
    Memory memory = memory();
    memory.cache(MemoryTest::echo).apply(1);
    memory.cache(MemoryTest::echo, o -> o.expiresAfter(Duration.ofDays(1))).apply(1);
    assertThat(CALLS).hasValue(1);
    Function1<Object, Object> expired =
        memory.cache(MemoryTest::echo, o -> o.expiresAfter(Duration.ZERO));
    assertThat(memory.of(expired).contains(1)).isFalse();
    expired.apply(1);
    assertThat(CALLS).hasValue(2);
    memory.cache(MemoryTest::echo, o -> o.valid(entry -> entry.bytes() > 1 << 20)).apply(1);
    assertThat(CALLS).hasValue(3);
    memory.cache(MemoryTest::echo).apply(1);
    assertThat(CALLS).hasValue(3);
  }

  @Test
  void quickResultsAreNotKeptIfSoAsked() {
    Function1<Object, Object> echo =
        memory().cache(MemoryTest::echo, o -> o.slowerThan(Duration.ofHours(1)));
    echo.apply(1);
    echo.apply(1);
    assertThat(CALLS).hasValue(2);
    assertThat(events).hasAtLeastOneElementOfType(StoreEvent.NotStored.class);
  }

  @Test
  void containsDoesNotCall() {
    Memory memory = memory();
    Function1<Object, Object> echo = memory.cache(MemoryTest::echo);
    assertThat(memory.of(echo).contains("x")).isFalse();
    echo.apply("x");
    assertThat(memory.of(echo).contains("x")).isTrue();
    assertThat(CALLS).hasValue(1);
  }

  @Test
  void shelvedResultsLoadWhenAskedFor() {
    Memory memory = memory();
    Function1<Object, Object> echo = memory.cache(MemoryTest::echo);
    Shelved shelved = memory.of(echo).callAndShelve(List.of(1, 2));
    assertThat(shelved.get()).isEqualTo(List.of(1, 2));
    assertThat(CALLS).hasValue(1);
    assertThat(memory.of(echo).clear()).isEqualTo(1);
    assertThatThrownBy(shelved::get)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("no longer kept");
  }

  @Test
  void aShelvedResultSaysWhatItIs() {
    Memory memory = memory();
    MemoisedFunction echo = memory.of(memory.cache((Function1<Object, Object>) MemoryTest::echo));
    assertThat(echo.callAndShelve(3))
        .hasToString("result " + echo.key(3) + " of " + echo.name() + ", kept");
  }

  @Test
  void aShelvedResultThatCouldNotBeKeptIsHeld() {
    Memory memory =
        Memory.builder(
                Store.builder(folder.resolve("store")).slowerThan(Duration.ofHours(1)).build())
            .build();
    Function1<Object, Object> echo = memory.cache(MemoryTest::echo);
    assertThat(memory.of(echo).callAndShelve("x").get()).isEqualTo("x");
  }

  static Object other(Object x) {
    return x;
  }

  @Test
  void clearIsForOneFunction() {
    Memory memory = memory();
    Function1<Object, Object> echo = memory.cache(MemoryTest::echo);
    Function1<Object, Object> other = memory.cache(MemoryTest::other);
    echo.apply(1);
    echo.apply(2);
    other.apply(1);
    assertThat(memory.of(echo).clear()).isEqualTo(2);
    assertThat(memory.of(other).contains(1)).isTrue();
    assertThat(memory.of(echo).contains(1)).isFalse();
  }

  static int[] mutates(int[] x) {
    CALLS.incrementAndGet();
    x[0] = 99;
    return x;
  }

  @Test
  void anArgumentIsKeyedAsItWasAtTheCall() {
    Function1<int[], int[]> mutates = memory().cache(MemoryTest::mutates);
    assertThat(mutates.apply(new int[] {1, 2})).containsExactly(99, 2);
    assertThat(mutates.apply(new int[] {1, 2})).containsExactly(99, 2);
    assertThat(CALLS).hasValue(1);
    mutates.apply(new int[] {99, 2});
    assertThat(CALLS).hasValue(2);
  }

  interface Four extends Serializable {
    String join(String a, int b, double c, List<String> d) throws IOException;

    default String twice(String a) throws IOException {
      return join(a, 1, 2, List.of()) + join(a, 1, 2, List.of());
    }
  }

  static String join(String a, int b, double c, List<String> d) throws IOException {
    CALLS.incrementAndGet();
    if (b < 0) {
      throw new IOException("negative");
    }
    return a + b + c + d;
  }

  @Test
  void anyInterfaceOfOneMethodWillDo() throws IOException {
    Memory memory = memory();
    Four four = memory.cache(Four.class, MemoryTest::join, options -> {});
    assertThat(four.join("a", 1, 2, List.of("x"))).isEqualTo("a12.0[x]");
    assertThat(four.join("a", 1, 2, List.of("x"))).isEqualTo("a12.0[x]");
    assertThat(CALLS).hasValue(1);
    assertThat(four.twice("z")).isEqualTo("z12.0[]z12.0[]");
    assertThat(CALLS).hasValue(2);
    assertThatThrownBy(() -> four.join("a", -1, 2, List.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("negative");
    assertThat(memory.of(four).contains("a", 1, 2.0, List.of("x"))).isTrue();
    assertThat(Set.of(four)).contains(four);
    assertThat(four).hasToString(memory.of(four).toString());
  }

  interface Opaque {
    int f(int x);
  }

  @Test
  void aLambdaThatCannotBeLookedAtNeedsANameAndAVersion() {
    Memory memory = memory();
    assertThatThrownBy(() -> memory.cache(Opaque.class, x -> x + 1, options -> {}))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("java.io.Serializable");
    Opaque pinned =
        memory.cache(
            Opaque.class,
            x -> x + CALLS.incrementAndGet(),
            options -> options.name("plus").version("1"));
    assertThat(pinned.f(1)).isEqualTo(2);
    assertThat(pinned.f(1)).isEqualTo(2);
    assertThat(memory.of(pinned).name()).isEqualTo("plus");
  }

  @Test
  void lambdasOfAMethodShareItsName() {
    Memory memory = memory();
    Function1<Double, Double> one = memory.cache((Double x) -> x + 1);
    Function1<Double, Double> renamed = memory.cache((Double x) -> x + 2);
    String name = MemoryTest.class.getName() + ".lambda$lambdasOfAMethodShareItsName";
    assertThat(memory.of(one).name()).isEqualTo(name);
    assertThat(memory.of(renamed).name()).isEqualTo(name);
    assertThat(one.apply(1.0)).isEqualTo(2);
    assertThat(renamed.apply(1.0)).isEqualTo(3);
  }

  @Test
  void loadedResultsAreCopies() {
    Memory memory = memory();
    Function1<NDArray, NDArray> twice =
        memory.cache((NDArray x) -> x.multiply(2), options -> options.loaded());
    twice.apply(Kiln.arange(3));
    NDArray found = twice.apply(Kiln.arange(3));
    assertThat(found.toLongArray()).containsExactly(0, 2, 4);
    assertThat(found.data().address() % 64).isZero();
  }

  @Test
  void anEvictedResultThatIsReadStays() {
    Memory memory = memory();
    Function1<NDArray, NDArray> twice = memory.cache((NDArray x) -> x.multiply(2));
    twice.apply(Kiln.arange(1000));
    NDArray found = twice.apply(Kiln.arange(1000));
    memory.store().reduce(Limits.NONE.withEntries(0));
    assertThat(memory.of(twice).contains(Kiln.arange(1000))).isFalse();
    assertThat(found.sum().itemLong()).isEqualTo(999_000);
  }

  @Test
  void oneOfManyThreadsCalls() throws Exception {
    Memory memory = memory();
    Function1<Integer, Integer> slow =
        memory.cache(
            x -> {
              CALLS.incrementAndGet();
              try {
                Thread.sleep(20);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
              return x;
            });
    List<Callable<Integer>> tasks = Collections.nCopies(8, () -> slow.apply(5));
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (Future<Integer> value : threads.invokeAll(tasks)) {
        assertThat(value.get()).isEqualTo(5);
      }
    }
    assertThat(CALLS).hasValue(1);
  }

  @Test
  void relaxedEnginesHaveTheirOwnResults() {
    Store store = Store.at(folder.resolve("store"));
    try (Engine relaxed = Engine.builder().relaxed().build()) {
      Memory.builder(store).build().cache(MemoryTest::echo).apply(1);
      Memory.builder(store).engine(relaxed).build().cache(MemoryTest::echo).apply(1);
      assertThat(CALLS).hasValue(2);
    }
  }

  @Test
  void aResultThatNoFileCanHoldIsGivenAndNotKept() {
    Function1<Integer, String> half =
        memory()
            .cache(
                (Integer k) -> {
                  CALLS.incrementAndGet();
                  return "half \ud800";
                },
                options -> options.name("half").version("1"));
    assertThat(half.apply(1)).isEqualTo("half \ud800");
    assertThat(half.apply(1)).isEqualTo("half \ud800");
    assertThat(CALLS).hasValue(2);
    assertThat(events)
        .filteredOn(StoreEvent.NotStored.class::isInstance)
        .hasSize(2)
        .allMatch(event -> ((StoreEvent.NotStored) event).reason().contains("half a character"));
  }
}
