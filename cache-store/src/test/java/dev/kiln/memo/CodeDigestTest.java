package dev.kiln.memo;

import static java.lang.constant.ConstantDescs.CD_double;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_void;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.DynamicCallSiteDesc;
import java.lang.constant.MethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
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
      return digest(place, given);
    } catch (IOException | ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  /** Of {@code app.Model.simulate} in a folder of classes. */
  private static String digest(Path classes, List<String> given)
      throws IOException, ClassNotFoundException {
    URL[] urls = {classes.toUri().toURL()};
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

  /**
   * Of class files made here, since another compiler may write other code for the same program. Who
   * has to change these makes everybody compute everything again.
   */
  @Test
  void digestsArePinned() throws Exception {
    assertThat(pinned(0)).isEqualTo(PINNED);
    assertThat(pinned(1)).isEqualTo(PINNED_OTHER);
  }

  private static final String PINNED =
      "bc5ec36a56e545333930622253ed7f712ae2a9ef19afdd81891e2a8198d0e29c";
  private static final String PINNED_OTHER =
      "3480675c9ac2c979d69dc15a0387b90e8522e5ec0bbd1c425efe6f7ef11f2d56";

  private static final ClassDesc MODEL = ClassDesc.of("app.Model");
  private static final MethodTypeDesc OF_DOUBLE = MethodTypeDesc.of(CD_double, CD_double);

  /** {@code simulate} calls {@code step}, which uses a static field and a lambda. */
  private String pinned(int constant) throws Exception {
    ClassDesc operator = ClassDesc.of("java.util.function.DoubleUnaryOperator");
    DynamicCallSiteDesc lambda =
        DynamicCallSiteDesc.of(
            MethodHandleDesc.ofMethod(
                DirectMethodHandleDesc.Kind.STATIC,
                ClassDesc.of("java.lang.invoke.LambdaMetafactory"),
                "metafactory",
                MethodTypeDesc.ofDescriptor(
                    "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
                        + "Ljava/lang/invoke/MethodType;Ljava/lang/invoke/MethodType;"
                        + "Ljava/lang/invoke/MethodHandle;Ljava/lang/invoke/MethodType;)"
                        + "Ljava/lang/invoke/CallSite;")),
            "applyAsDouble",
            MethodTypeDesc.of(operator),
            OF_DOUBLE,
            MethodHandleDesc.ofMethod(
                DirectMethodHandleDesc.Kind.STATIC, MODEL, "lambda$step$0", OF_DOUBLE),
            OF_DOUBLE);
    byte[] file =
        ClassFile.of()
            .build(
                MODEL,
                model -> {
                  model.withField("table", CD_double, ClassFile.ACC_STATIC);
                  model.withMethodBody(
                      "<clinit>",
                      MethodTypeDesc.of(CD_void),
                      ClassFile.ACC_STATIC,
                      code ->
                          code.loadConstant(2.5).putstatic(MODEL, "table", CD_double).return_());
                  model.withMethodBody(
                      "simulate",
                      MethodTypeDesc.of(CD_double, CD_double, CD_int),
                      ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                      code ->
                          code.dload(0)
                              .iload(2)
                              .ifThenElse(
                                  then -> then.loadConstant(1.0), other -> other.loadConstant(-0.0))
                              .dmul()
                              .invokestatic(MODEL, "step", OF_DOUBLE)
                              .dreturn());
                  model.withMethodBody(
                      "step",
                      OF_DOUBLE,
                      ClassFile.ACC_STATIC,
                      code ->
                          code.invokedynamic(lambda)
                              .dload(0)
                              .getstatic(MODEL, "table", CD_double)
                              .dadd()
                              .invokeinterface(operator, "applyAsDouble", OF_DOUBLE)
                              .dreturn());
                  model.withMethodBody(
                      "lambda$step$0",
                      OF_DOUBLE,
                      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC,
                      code -> code.dload(0).loadConstant((double) constant).dmul().dreturn());
                });
    Path place = Files.createDirectory(folder.resolve("pinned" + constant));
    Files.write(Files.createDirectory(place.resolve("app")).resolve("Model.class"), file);
    return digest(place, List.of());
  }

  /** A program whose method's body is that, with other members and classes after it. */
  private static String program(String body, String members, String classes) {
    return "package app; import java.util.*; import java.util.function.*;"
        + " public class Model { public static double simulate(double x, int n) {"
        + body
        + "} "
        + members
        + "} "
        + classes;
  }

  private void assertEditCounts(String program, String from, String to) {
    assertThat(program).contains(from);
    assertThat(digest(program.replace(from, to))).as(program).isNotEqualTo(digest(program));
  }

  @Test
  void whichLambdaStandsWhereCounts() {
    String both =
        program(
            "DoubleUnaryOperator f = v -> v + 1, g = v -> v * 2;"
                + " return g.applyAsDouble(f.applyAsDouble(x));",
            "",
            "");
    assertEditCounts(both, "f = v -> v + 1, g = v -> v * 2", "f = v -> v * 2, g = v -> v + 1");
    String methods =
        program(
            "return a().applyAsDouble(x) - b().applyAsDouble(x);",
            "static DoubleUnaryOperator a() { return v -> v + 1; }"
                + " static DoubleUnaryOperator b() { return v -> v * 2; }",
            "");
    assertThat(
            digest(methods.replace("v + 1", "w").replace("v * 2", "v + 1").replace("w", "v * 2")))
        .isNotEqualTo(digest(methods));
    String nested =
        program(
            "Function<Double, DoubleUnaryOperator> f = u -> v -> v + u;"
                + " return f.apply(x).applyAsDouble(n);",
            "",
            "");
    assertEditCounts(nested, "v + u", "v - u");
  }

  @Test
  void whatIsCalledWithoutBeingNamedCounts() {
    String calledBack =
        program(
            "List<Double> two = new ArrayList<>(List.of(x, 1.0)); two.sort(new By());"
                + " return two.get(0);",
            "",
            "interface Order extends Comparator<Double> {"
                + " default int compare(Double a, Double b) { return Double.compare(a, b); } }"
                + " class By implements Order {}");
    assertEditCounts(calledBack, "Double.compare(a, b)", "Double.compare(b, a)");
    String lambda =
        program(
            "Rows rows = () -> x > 1; return new ArrayList<>(new AbstractCollection<Double>() {"
                + " public int size() { return 1; }"
                + " public Iterator<Double> iterator() { return rows; } }).get(0);",
            "",
            "interface Rows extends Iterator<Double> { boolean hasNext();"
                + " default Double next() { return 1.0; } }");
    assertEditCounts(lambda, "return 1.0", "return 2.0");
    String constructor =
        program(
            "Supplier<Step> made = Twice::new; return made.get().of(x);",
            "",
            "interface Step { double of(double x); }"
                + " class Twice implements Step { public double of(double x) { return 2 * x; } }");
    assertEditCounts(constructor, "2 * x", "3 * x");
    String allOf =
        program(
            "double sum = 0; for (Kind k : EnumSet.allOf(Kind.class)) { sum += k.by; } return sum;",
            "",
            "enum Kind { ONE(1), TWO(2); final double by; Kind(double by) { this.by = by; } }");
    assertEditCounts(allOf, "TWO(2)", "TWO(3)");
  }

  @Test
  void inheritedStaticFieldsCount() {
    String fromClass =
        program(
            "return B.X;",
            "",
            "class A { static double X = Math.sqrt(2); }"
                + " class B extends A { static double Y = Math.sqrt(3); }");
    assertEditCounts(fromClass, "sqrt(2)", "sqrt(5)");
    String fromInterface =
        program(
            "return B.X;",
            "",
            "interface A { double X = Math.sqrt(2); }"
                + " class B implements A { static double Y = Math.sqrt(3); }");
    assertEditCounts(fromInterface, "sqrt(2)", "sqrt(5)");
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

  private static final String ASKS_FOR_TYPES =
      """
      package app;
      public class Model {
        static Object given;
        public static double simulate(double x, int n) {
          return (given instanceof Mark ? 1 : 2)
              + (new Made() instanceof Mark ? 4 : 8)
              + new Room().price() + new Hall().price();
        }
      }
      interface Mark {}
      interface Any {}
      record Given(int x) implements Any {}
      class Made implements Any {}
      interface Area {}
      interface Cheap extends Area { default int price() { return 1; } }
      interface Dear extends Area { default int price() { return 2; } }
      class Room implements Cheap {}
      class Hall implements Dear {}
      """;

  private String asking(String from, String to) {
    assertThat(ASKS_FOR_TYPES).contains(from);
    return digest(ASKS_FOR_TYPES.replace(from, to), List.of("app.Given"));
  }

  @Test
  void whatObjectsAreCounts() {
    Set<String> digests = new HashSet<>();
    digests.add(asking("interface Mark {}", "interface Mark {}"));
    digests.add(asking("Given(int x) implements Any", "Given(int x) implements Any, Mark"));
    digests.add(asking("Made implements Any", "Made implements Any, Mark"));
    digests.add(asking("interface Any {}", "interface Any extends Mark {}"));
    digests.add(
        asking(
            "class Room implements Cheap {}\nclass Hall implements Dear {}",
            "class Room implements Dear {}\nclass Hall implements Cheap {}"));
    assertThat(digests).hasSize(5);
  }
}
