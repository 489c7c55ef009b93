package dev.kiln.memo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles a small program again and again, edited here and there. */
class CodeDigestTest {
  private static final String PROGRAM =
      """
      package app;
      import java.util.function.*;
      public class Model {
        static final int[] TABLE = {1, 2, 3};
        public static double simulate(double x, int n) {
          double sum = 0;
          for (int i = 0; i < n; i++) {
            sum += step(x + i);
          }
          DoubleUnaryOperator scaled = v -> v * 2;
          try {
            return scaled.applyAsDouble(sum) + new Shape(3).area();
          } catch (IllegalStateException e) {
            return -1;
          }
        }
        static double step(double x) {
          return Helper.twice(x) + TABLE[1];
        }
        static double unrelated(double x) {
          return x - 1;
        }
      }
      class Helper {
        static double twice(double x) {
          return 2 * x;
        }
        static double other(double x) {
          return 3 * x;
        }
      }
      class Shape {
        final double side;
        Shape(double side) {
          this.side = side;
        }
        double area() {
          return side * side;
        }
      }
      """;

  @TempDir Path folder;
  private int compiled;

  private String digest(String program, String... options) {
    return digest(program, List.of(), options);
  }

  private String digest(String program, List<String> given, String... options) {
    try {
      Path place = Files.createDirectory(folder.resolve("v" + compiled++));
      Path source = Files.writeString(place.resolve("Model.java"), program);
      JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
      List<String> arguments = new ArrayList<>(List.of(options));
      arguments.addAll(List.of("-d", place.toString(), source.toString()));
      assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
      URL[] urls = {place.toUri().toURL()};
      try (URLClassLoader loader = new URLClassLoader(urls, null)) {
        Class<?> model = loader.loadClass("app.Model");
        Set<Class<?>> objects = new HashSet<>();
        for (String name : given) {
          objects.add(loader.loadClass(name));
        }
        return CodeDigest.of(
                new Implementation(model, "simulate", "(DI)D", List.of(), false), objects)
            .hex();
      }
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private String edited(String from, String to) {
    assertThat(PROGRAM).contains(from);
    return digest(PROGRAM.replace(from, to));
  }

  @Test
  void whatDoesNotChangeTheCodeDoesNotCount() {
    String digest = digest(PROGRAM);
    assertThat(digest(PROGRAM)).isEqualTo(digest);
    assertThat(digest(PROGRAM.replace("{\n", "{\n\n// a comment\n"))).isEqualTo(digest);
    assertThat(digest(PROGRAM.replace("sum", "total"))).isEqualTo(digest);
    assertThat(digest(PROGRAM, "-g:none")).isEqualTo(digest);
    assertThat(digest(PROGRAM, "-g")).isEqualTo(digest);
    assertThat(digest(PROGRAM, "-parameters")).isEqualTo(digest);
    // Constants in front move all others in the pool.
    String many = "public class Model {\n";
    StringBuilder more = new StringBuilder(many);
    for (int k = 0; k < 400; k++) {
      more.append("static String s" + k + "() { return \"" + k + "\"; }\n");
    }
    assertThat(edited(many, more.toString())).isEqualTo(digest);
    // A lambda before moves the number of the other one.
    assertThat(
            edited(
                "static double unrelated(double x) {",
                "static DoubleUnaryOperator before() { return v -> v + 9; }\n"
                    + "static double unrelated(double x) {"))
        .isEqualTo(digest);
    assertThat(edited("return x - 1;", "return x - 5;")).isEqualTo(digest);
    assertThat(edited("return 3 * x;", "return 4 * x;")).isEqualTo(digest);
  }

  @Test
  void whatChangesTheCodeCounts() {
    Set<String> digests = new HashSet<>();
    digests.add(digest(PROGRAM));
    digests.add(edited("i < n", "i <= n"));
    digests.add(edited("double sum = 0;", "double sum = 1;"));
    digests.add(edited("return -1;", "return -2;"));
    digests.add(edited("IllegalStateException", "ArithmeticException"));
    digests.add(edited("v -> v * 2", "v -> v * 3"));
    digests.add(edited("TABLE[1]", "TABLE[2]"));
    digests.add(edited("{1, 2, 3}", "{1, 2, 4}"));
    digests.add(edited("return 2 * x;", "return x * 2.5;"));
    digests.add(edited("return side * side;", "return side;"));
    digests.add(edited("new Shape(3)", "new Shape(4)"));
    digests.add(edited("Helper.twice(x)", "Helper.other(x)"));
    assertThat(digests).hasSize(12);
  }

  @Test
  void anEditThatIsUndoneFindsTheOldResultAgain() {
    String before = digest(PROGRAM);
    assertThat(edited("return 2 * x;", "return 7 * x;")).isNotEqualTo(before);
    assertThat(digest(PROGRAM)).isEqualTo(before);
  }

  @Test
  void recursionEnds() {
    String recursive =
        PROGRAM.replace("return Helper.twice(x) + TABLE[1];", "return simulate(x, 1);");
    assertThat(digest(recursive)).isNotEqualTo(digest(PROGRAM));
  }

  private static final String CALLS_AN_INTERFACE =
      """
      package app;
      import java.util.*;
      public class Model {
        static Step step;
        static Comparator<Double> order;
        public static double simulate(double x, int n) {
          return step.of(x) + List.of(1.0, 2.0).stream().max(order).get();
        }
      }
      interface Step {
        double of(double x);
      }
      record Twice(int by) implements Step, Comparator<Double> {
        public double of(double x) { return x * by; }
        public int compare(Double a, Double b) { return Double.compare(a, b); }
        double unrelated() { return 7; }
      }
      enum Kind implements Step {
        ONE(1), TWO(2) { @Override public double of(double x) { return x - 3; } };
        final int by;
        Kind(int by) { this.by = by; }
        public double of(double x) { return x + by; }
      }
      """;

  private String given(String type, String from, String to) {
    assertThat(CALLS_AN_INTERFACE).contains(from);
    return digest(CALLS_AN_INTERFACE.replace(from, to), List.of(type));
  }

  @Test
  void whatIsCalledOfAnObjectByAnInterfaceCounts() {
    Set<String> digests = new HashSet<>();
    digests.add(given("app.Twice", "x * by", "x * by"));
    digests.add(given("app.Twice", "x * by", "x / by"));
    digests.add(given("app.Twice", "compare(a, b)", "compare(b, a)"));
    digests.add(given("app.Kind", "x * by", "x * by"));
    digests.add(given("app.Kind", "ONE(1)", "ONE(3)"));
    digests.add(given("app.Kind", "x + by", "x - by"));
    digests.add(given("app.Kind$1", "x - 3", "x - 4"));
    assertThat(digests).hasSize(7);
    assertThat(given("app.Twice", "return 7", "return 8"))
        .isEqualTo(given("app.Twice", "return 7", "return 7"));
  }
}
