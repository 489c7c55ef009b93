package dev.kiln.memo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.Engine;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.spi.Key;
import dev.kiln.store.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntUnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Functions that have captured functions, and objects that act as such. */
@Timeout(60)
class CapturedFunctionsTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  @TempDir Path folder;

  @BeforeEach
  void noCalls() {
    CALLS.set(0);
  }

  private Memory memory() {
    return Memory.at(folder.resolve("store"));
  }

  /** An interface of one's own. */
  interface Step extends Serializable {
    int of(int x);
  }

  private static int plusOne(int x) {
    return x + 1;
  }

  private static int timesTen(int x) {
    return x * 10;
  }

  private static Function1<Integer, Integer> twice(Memory memory, Step step) {
    return memory.cache(
        x -> {
          CALLS.incrementAndGet();
          return step.of(step.of(x));
        });
  }

  private static Step plus(int add) {
    return x -> x + add;
  }

  @Test
  void aFunctionOfAnInterfaceOfOnesOwnCountsByWhatItComputes() {
    for (int turn = 0; turn < 2; turn++) {
      Memory memory = memory();
      Step one = memory.cache(Step.class, CapturedFunctionsTest::plusOne, options -> {});
      Step ten = memory.cache(Step.class, CapturedFunctionsTest::timesTen, options -> {});
      assertThat(twice(memory, one).apply(5)).isEqualTo(7);
      assertThat(twice(memory, ten).apply(5)).isEqualTo(500);
    }
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void versionsOfACapturedFunctionCount() {
    Memory memory = memory();
    for (String version : List.of("1", "2", "1")) {
      Step one =
          memory.cache(
              Step.class, CapturedFunctionsTest::plusOne, options -> options.version(version));
      assertThat(twice(memory, one).apply(5)).isEqualTo(7);
    }
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void aLambdaCountsByItsCodeAndWhatItHasCaptured() {
    for (int turn = 0; turn < 2; turn++) {
      for (int add : new int[] {1, 2}) {
        assertThat(twice(memory(), plus(add)).apply(5)).isEqualTo(5 + 2 * add);
      }
      assertThat(twice(memory(), x -> x * 3).apply(5)).isEqualTo(45);
      assertThat(twice(memory(), x -> x * 4).apply(5)).isEqualTo(80);
    }
    assertThat(CALLS).hasValue(4);
  }

  /** Does what it says by a method of an interface. */
  @SuppressWarnings("serial") // Never serialised.
  private static final class Scale implements Step {
    private final int by;

    Scale(int by) {
      this.by = by;
    }

    @Override
    public int of(int x) {
      return x * by;
    }
  }

  @Test
  void anObjectThatIsCalledByAnInterfaceCountsByItsFields() {
    for (int turn = 0; turn < 2; turn++) {
      for (int by : new int[] {2, 3}) {
        assertThat(twice(memory(), new Scale(by)).apply(5)).isEqualTo(5 * by * by);
      }
    }
    assertThat(CALLS).hasValue(2);
  }

  private static class Base {
    int factor() {
      return 1;
    }

    int times(int x) {
      return factor() * x;
    }
  }

  private static final class Tripled extends Base {
    private int factor = 3;

    @Override
    int factor() {
      return factor;
    }
  }

  @Test
  void anOverriddenMethodCountsByTheFieldsThatItReads() {
    Tripled object = new Tripled();
    Base base = object;
    Function1<Integer, Integer> times = memory().cache(base::times);
    assertThat(times.apply(5)).isEqualTo(15);
    object.factor = 4;
    assertThat(times.apply(5)).isEqualTo(20);
  }

  @Test
  void aFunctionThatTellsNothingIsRefusedWithWhatToDo() {
    for (int turn = 0; turn < 2; turn++) {
      int add = turn;
      IntUnaryOperator plain = x -> x + add;
      Function1<Integer, Integer> captures = memory().cache(x -> plain.applyAsInt(x));
      assertThatThrownBy(() -> captures.apply(1))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("has captured")
          .hasMessageContaining("of which nothing tells what it does")
          .hasMessageContaining("Function1");
      Function1<Integer, Integer> pinned =
          memory().cache(x -> plain.applyAsInt(x), o -> o.name("f").version("1"));
      assertThatThrownBy(() -> pinned.apply(1)).hasMessageContaining("Function1");
      Function1<Integer, Integer> reference =
          memory().cache(plain::applyAsInt, o -> o.name("f").version("1"));
      assertThatThrownBy(() -> reference.apply(1)).hasMessageContaining("Function1");
      assertThatThrownBy(() -> memory().cache(plain::applyAsInt, o -> o.version("1")))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("say name");
    }
  }

  @Test
  void anotherLibrarysFunctionsAndObjectsAreRefused() {
    Comparator<String> bySize = Comparator.comparingInt(String::length);
    Function1<String, Integer> compares = memory().cache(x -> bySize.compare(x, "abc"));
    assertThatThrownBy(() -> compares.apply("x"))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("Function1");
    AtomicInteger counter = new AtomicInteger(3);
    Function1<Integer, Integer> counts = memory().cache(x -> x + counter.get());
    assertThatThrownBy(() -> counts.apply(1))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("cannot be looked at")
        .hasMessageContaining("as an argument");
    Function1<Integer, Integer> pinned =
        memory().cache(x -> x + counter.get(), o -> o.name("f").version("1"));
    assertThatThrownBy(() -> pinned.apply(1)).hasMessageContaining("cannot be looked at");
  }

  private static final class Holder {
    private Function1<Integer, Long> of = n -> 0L;

    long fibonacci(int n) {
      CALLS.incrementAndGet();
      return n < 2 ? n : of.apply(n - 1) + of.apply(n - 2);
    }
  }

  @Test
  void aFunctionThatCapturesItselfIsDescribedOnce() {
    for (int turn = 0; turn < 2; turn++) {
      Holder holder = new Holder();
      holder.of = memory().cache(holder::fibonacci);
      assertThat(holder.of.apply(30)).isEqualTo(832040);
    }
    assertThat(CALLS).hasValue(31);
    Holder lambda = new Holder();
    lambda.of = n -> lambda.fibonacci(n);
    Function1<Integer, Long> cached = memory().cache(lambda::fibonacci);
    assertThat(cached.apply(10)).isEqualTo(55);
  }

  @Test
  void aCapturedFunctionOfARelaxedEngineIsAnotherOne() {
    try (Engine exact = Engine.builder().build();
        Engine relaxed = Engine.builder().relaxed().build()) {
      Store store = Store.at(folder.resolve("store"));
      Memory outer = Memory.builder(store).engine(exact).build();
      for (Engine engine : List.of(exact, relaxed)) {
        Memory memory = Memory.builder(store).engine(engine).build();
        Step one = memory.cache(Step.class, CapturedFunctionsTest::plusOne, options -> {});
        twice(outer, one).apply(5);
      }
    }
    assertThat(CALLS).hasValue(2);
  }

  @Test
  void aCapturedEngineCountsByItsNumerics() {
    for (int turn = 0; turn < 2; turn++) {
      try (Engine exact = Engine.builder().build();
          Engine relaxed = Engine.builder().relaxed().build()) {
        for (Engine engine : List.of(exact, relaxed)) {
          Function1<Integer, Double> sum =
              memory()
                  .cache(
                      n -> {
                        CALLS.incrementAndGet();
                        return engine.full(Shape.of(n), 2.0).sum().item();
                      });
          assertThat(sum.apply(5)).isEqualTo(10.0);
        }
      }
    }
    assertThat(CALLS).hasValue(2);
  }

  private record Tagged(Step step, int number) {}

  @Test
  void aRecordMayHoldAMemoisedFunction() {
    Memory memory = memory();
    for (Step step :
        List.of(
            memory.cache(Step.class, CapturedFunctionsTest::plusOne, options -> {}),
            memory.cache(Step.class, CapturedFunctionsTest::timesTen, options -> {}))) {
      Tagged tagged = new Tagged(step, 1);
      Function1<Integer, Integer> apply = memory.cache(x -> tagged.step().of(x));
      assertThat(apply.apply(5)).isEqualTo(step.of(5));
    }
  }

  /** Prints keys, in a process that has made other classes before. */
  static final class Keys {
    private Keys() {}

    public static void main(String[] arguments) {
      Memory memory = Memory.at(Path.of(arguments[0]));
      for (int k = 0; k < Integer.parseInt(arguments[1]); k++) {
        memory.cache(Step.class, plus(k), options -> {});
        memory.cache(Function1.class, (Function1<Integer, Integer>) x -> x, options -> {});
      }
      Step one = memory.cache(Step.class, CapturedFunctionsTest::plusOne, options -> {});
      for (Step step : List.of(one, plus(1), new Scale(3))) {
        System.out.println(memory.of(twice(memory, step)).key(5));
      }
    }
  }

  @Test
  void keysAreThoseOfAnotherProcess() throws Exception {
    List<String> keys = keys(0);
    assertThat(keys).hasSize(3).doesNotHaveDuplicates().allMatch(key -> key.contains(hexOf(key)));
    assertThat(keys(3)).isEqualTo(keys);
  }

  private static String hexOf(String line) {
    return new Key(line.substring(line.length() - 64)).hex();
  }

  private List<String> keys(int before) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Keys.class.getName(),
                folder.resolve("store").toString(),
                Integer.toString(before))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> lines;
    try (BufferedReader reader = process.inputReader()) {
      lines = reader.lines().toList();
    }
    assertThat(process.waitFor()).isZero();
    return lines;
  }
}
