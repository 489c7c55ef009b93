package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.io.NpyArray;
import dev.kiln.io.NpyFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command from its arguments to its exit code. */
class MainTest {
  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void inputs() {
    write("x.npy", DType.FLOAT32, Shape.of(2, 3), 0f, 1f, 2f, 3f, 4f, 5f);
    MemorySegment bytes = Arena.ofAuto().allocate(4);
    MemorySegment.copy(
        new byte[] {0, 100, (byte) 200, (byte) 255}, 0, bytes, ValueLayout.JAVA_BYTE, 0, 4);
    NpyFile.write(folder.resolve("u.npy"), DType.UINT8, Shape.of(2, 2), bytes);
  }

  private void write(String name, DType dtype, Shape shape, float... values) {
    MemorySegment data = Arena.ofAuto().allocate(4L * values.length, 4);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    NpyFile.write(folder.resolve(name), dtype, shape, data);
  }

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private Ran eval(String... args) {
    List<String> all = new ArrayList<>(List.of("eval", "--backend", "interpreter"));
    all.addAll(List.of(args));
    return run(all.toArray(String[]::new));
  }

  private String input(String name) {
    return name + "=" + folder.resolve(name + ".npy");
  }

  @Test
  void printsTheResult() {
    Ran ran = eval("x * k", input("x"), "k=2", "--threads", "1");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains(
            "x: float32 (2, 3)\n",
            "k: the number 2\n",
            "result: float32 (2, 3), min 0.0, max 10.0\n",
            "on interpreter, 1 thread\n")
        .endsWith("[[ 0.  2.  4.]\n [ 6.  8. 10.]]\n");
  }

  @Test
  void saysWhenIntegersAreReadAsFloats() {
    Ran ran = eval("u * 2", input("u"));
    assertThat(ran.out())
        .contains("u: uint8 (2, 2), read as float32\n")
        .endsWith("[[  0. 200.]\n [400. 510.]]\n");
    assertThat(eval("u * 2", input("u"), "--dtype", "keep").out())
        .contains("u: uint8 (2, 2)\n")
        .endsWith("[[  0 200]\n [144 254]]\n");
    assertThat(eval("u * 2", input("u"), "--dtype", "int32").out())
        .contains("read as int32\n")
        .endsWith("[[  0 200]\n [400 510]]\n");
  }

  @Test
  void countsNaN() {
    write("n.npy", DType.FLOAT32, Shape.of(3), Float.NaN, 2, -1);
    assertThat(eval("n", input("n")).out())
        .contains("result: float32 (3,), min -1.0, max 2.0, 1 NaN\n");
    assertThat(eval("n[:1]", input("n")).out()).contains("result: float32 (1,), 1 NaN\n");
    assertThat(eval("n[:0]", input("n")).out()).contains("result: float32 (0,)\n").endsWith("[]\n");
  }

  @Test
  void plainNumbersAreResultsToo() {
    assertThat(eval("2 ** 10 + True").out()).endsWith("1025\n");
  }

  @Test
  void writesAFile() {
    Path file = folder.resolve("out.npy");
    Ran ran = eval("x.T", input("x"), "-o", file.toString());
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).endsWith("wrote " + file + "\n");
    NpyArray written = NpyFile.read(file);
    assertThat(written.shape()).isEqualTo(Shape.of(3, 2));
    assertThat(written.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED))
        .containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void mayWriteOverItsInput() {
    Ran ran = eval("x + 1", input("x"), "-o", folder.resolve("x.npy").toString());
    assertThat(ran.err()).isEmpty();
    assertThat(
            NpyFile.read(folder.resolve("x.npy")).data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 0))
        .isEqualTo(1f);
  }

  @Test
  void writesNothingWhereItCannot() throws IOException {
    Ran ran = eval("x", input("x"), "-o", folder.resolve("no/such/out.npy").toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).startsWith("kiln eval: cannot write ").contains("does not exist");
    ran = eval("x", input("x"), "--png", folder.toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("is a directory");
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("x.npy", "u.npy");
    }
  }

  @Test
  void writesNoPictureOverItsArray() throws IOException {
    Path there = folder.resolve("u.npy");
    Path folders = Files.createDirectories(folder.resolve("a/b"));
    Path link = Files.createSymbolicLink(folder.resolve("link.npy"), there);
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), folders);
    byte[] before = Files.readAllBytes(there);
    Path none = folder.resolve("out.npy");
    List<List<Path>> pairs =
        List.of(
            List.of(none, none),
            List.of(none, folder.resolve("a/../out.npy")),
            List.of(Path.of("").toAbsolutePath().relativize(none.toAbsolutePath()), none),
            List.of(there, link),
            List.of(folders.resolve("out.npy"), linked.resolve("out.npy")));
    for (List<Path> pair : pairs) {
      // Nothing is computed, not even what cannot be.
      Ran ran = eval("1 / 0", "-o", pair.getFirst().toString(), "--png", pair.getLast().toString());
      assertThat(ran.err())
          .startsWith("kiln eval: -o " + pair.getFirst() + " and --png " + pair.getLast())
          .contains("are one file; give the picture another name");
      assertThat(ran.code()).isEqualTo(2);
    }
    assertThat(none).doesNotExist();
    assertThat(there).hasBinaryContent(before);
    assertThat(folders).isEmptyDirectory();
    Ran two =
        eval("u", input("u"), "-o", none.toString(), "--png", folder.resolve("a/out.npy") + "");
    assertThat(two.err()).isEmpty();
    assertThat(two.code()).isZero();
  }

  @Test
  void writesAGreyPicture() throws IOException {
    Path file = folder.resolve("out.png");
    Ran ran = eval("where(x == 1, nan, x)", input("x"), "--png", file.toString());
    assertThat(ran.err()).isEmpty();
    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getRaster().getPixels(0, 0, 3, 2, (int[]) null))
        .containsExactly(0, 0, 102, 153, 204, 255);
  }

  @Test
  void writesAColourPicture() throws IOException {
    Path file = folder.resolve("out.png");
    Ran ran = eval("stack([u, u / 2, u * 0], axis=-1)", input("u"), "--png", file.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ImageIO.read(file.toFile()).getRGB(1, 1)).isEqualTo(0xffff8000);
    ran =
        eval(
            "stack([u, u / 2, u * 0, 255 + u * 0], axis=-1) / 255",
            input("u"),
            "--png",
            file.toString());
    assertThat(ran.err()).isEmpty();
    assertThat(ImageIO.read(file.toFile()).getRGB(1, 1)).isEqualTo(0xffff8000);
  }

  @Test
  void saysWhatIsNoPicture() {
    String file = folder.resolve("out.png").toString();
    assertThat(eval("x[0]", input("x"), "--png", file).err()).contains("no picture");
    assertThat(eval("x[:0]", input("x"), "--png", file).err()).contains("no elements");
    assertThat(eval("zeros((2, 30001))", "--png", file).err()).contains("[::4, ::4]");
    assertThat(eval("stack([u, u, -u], axis=-1)", input("u"), "--png", file).err())
        .contains("clip(x, 0, 255)");
    assertThat(Path.of(file)).doesNotExist();
  }

  @Test
  void pointsIntoTheExpression() {
    Ran ran = eval("x + y", input("x"));
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.out()).doesNotContain("result");
    assertThat(ran.err())
        .isEqualTo(
            "kiln eval: unknown name 'y' at column 5\n"
                + "  x + y\n"
                + "      ^\n"
                + "known names: x; give it as y=file.npy\n");
    assertThat(eval("x +", input("x")).code()).isEqualTo(2);
  }

  @Test
  void errorsOfTheDataAreExitCode1() throws IOException {
    Ran ran = eval("x + x[0, :2]", input("x"));
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("cannot be broadcast", "\n    ^");
    ran = eval("x", "x=" + folder.resolve("none.npy"));
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("no such file").doesNotContain("\tat ");
    Files.writeString(folder.resolve("bad.npy"), "nonsense");
    ran = eval("bad", input("bad"));
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("is not a .npy file");
    assertThat(eval("(x, x)", input("x")).code()).isEqualTo(1);
  }

  @Test
  void errorsOfTheCommandLineAreExitCode2() {
    assertThat(run().code()).isEqualTo(2);
    assertThat(run("evil").code()).isEqualTo(2);
    assertThat(eval().code()).isEqualTo(2);
    assertThat(eval("x", "x.npy").err()).contains("give it as name=x.npy");
    assertThat(eval("x", "2x=x.npy").err()).contains("cannot be a name");
    assertThat(eval("x", input("x"), "x=1").err()).contains("given twice");
    assertThat(eval("1", "--memory", "lots").err()).contains("--memory 'lots'");
    assertThat(eval("1", "--threads", "many").err()).contains("--threads");
    assertThat(eval("-x", input("x")).err()).contains("goes in parentheses");
    assertThat(eval("-x", input("x")).code()).isEqualTo(2);
    assertThat(eval("1", "--backend").code()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      value = {
        "--backend abacus -> --backend 'abacus' is unknown; expected one of auto, interpreter, ",
        "--backend auto:0 -> --backend 'auto:0' is unknown",
        "--threads 0 -> --threads 0 makes no sense; it must be at least 1",
        "--threads 4097 -> --threads 4097 makes no sense; it must be at least 1 and at most 4096",
        "--threads -1 -> --threads -1 makes no sense",
        "--dtype foo -> --dtype: unknown dtype 'foo'; expected one of [bool, int8, ",
        "--memory 0 -> --memory '0' is no size; it must be at least 1",
        "--memory 1m -> --memory '1m' is too little to compute in; it must be at least 2m",
      })
  void aWrongWordIsNotTheDataOrTheMachine(String words, String message) {
    List<String> all = new ArrayList<>(List.of("eval", "x"));
    all.addAll(List.of(words.split(" ")));
    // Found before any file is read.
    all.add("x=" + folder.resolve("none.npy"));
    Ran ran = run(all.toArray(String[]::new));
    assertThat(ran.err()).startsWith("kiln eval: " + message).endsWith("see kiln eval --help\n");
    assertThat(ran.code()).isEqualTo(2);
  }

  @Test
  void anInputHasAValue() {
    Ran ran = eval("x", "x=");
    assertThat(ran.err())
        .startsWith("kiln eval: x= has nothing after the '='; give a file or a number");
    assertThat(ran.code()).isEqualTo(2);
  }

  /** Half a character is in no encoding. */
  @Test
  void aNameThatNoFileCanHaveIsAWrongWord() {
    String name = folder.resolve("a.npy") + "\ud800";
    List<Ran> all =
        List.of(
            eval("x", "x=" + name),
            eval("x", input("x"), "-o", name),
            eval("x", input("x"), "--png", name),
            eval("x", input("x"), "--cache", name),
            run("cache", "ls", "--cache", name),
            run("cache", "--cache", name, "ls"),
            run("bench", "blocks", "--file", name));
    for (Ran ran : all) {
      assertThat(ran.err().lines().toList())
          .satisfiesExactly(
              line ->
                  assertThat(line)
                      .contains("no file can be named '" + name + "': ", "LC_ALL=C.UTF-8"),
              line -> assertThat(line).startsWith("see kiln "));
      assertThat(ran.code()).isEqualTo(2);
    }
    assertThat(eval("x", "x=a\0b").err())
        .startsWith("kiln eval: x: no file can be named 'a\0b': it contains the character 0");
    Ran empty = eval("x", input("x"), "-o", "");
    assertThat(empty.err()).contains("'--output': the name is empty");
    assertThat(empty.code()).isEqualTo(2);
  }

  @Test
  void aLocaleOfAsciiIsToldOf() throws IOException, InterruptedException {
    for (String words :
        List.of("cache ls", "eval x x=\"$KILN_CACHE\"", "eval 1 -o \"$KILN_CACHE\"")) {
      Path err = folder.resolve("err.txt");
      // Octal, whatever this JVM's own locale makes of the letter.
      String script =
          "KILN_CACHE=$(printf '\\303\\251') && export KILN_CACHE && exec \"$0\" \"$@\" ";
      ProcessBuilder builder =
          new ProcessBuilder(
              "sh",
              "-c",
              script + words,
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-cp",
              System.getProperty("java.class.path"),
              Main.class.getName());
      builder.environment().put("LC_ALL", "C");
      int code = builder.redirectError(err.toFile()).start().waitFor();
      assertThat(Files.readString(err, StandardCharsets.US_ASCII))
          .contains(
              "no file can be named '", "; set a locale of UTF-8, such as LC_ALL=C.UTF-8\nsee ");
      assertThat(code).isEqualTo(2);
    }
  }

  @Test
  void aDeviceThatIsNotThereIsTheMachines() {
    assertThat(run("eval", "1", "--backend", "opencl:77").code()).isEqualTo(1);
  }

  @Test
  void theLeastMemoryIsEnoughForANumber() {
    Ran ran = eval("1 + 1", "--memory", "2m");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
  }

  @Test
  void theMemoryLimitHolds() {
    Ran ran = eval("zeros((1000, 1000)) + 1", "--memory", "4m");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("kiln eval: an array of 8000000 bytes does not fit ")
        .endsWith("; raise it with --memory, or compute in parts\n");
    String two = "sort(sin(arange(0, 1e6))) + sort(cos(arange(0, 1e6)))";
    ran = run("eval", two, "--backend", "cpu", "--threads", "1", "--memory", "12m");
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err())
        .startsWith("kiln eval: out of memory: ")
        .endsWith(
            "; release arrays that are no longer needed, raise --memory, or compute in parts\n");
  }

  @Test
  void debugShowsTheTrace() {
    assertThat(eval("x", "--debug").err()).contains("\tat ");
    assertThat(run("eval", "x", "--debug").err()).contains("\tat ");
  }

  @Test
  void showsTheGraph() {
    Ran ran = eval("sum(x * 2)", input("x"), "--dot");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).startsWith("digraph");
    assertThat(eval("sum(x * 2)", input("x"), "--explain").out())
        .contains("backend: ")
        .contains("result: ");
  }

  @Test
  void helps() {
    assertThat(run("--help").out()).contains("Examples:", "eval", "devices", "doctor");
    Ran ran = run("eval", "--help");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("--dtype", "arctan2");
    assertThat(run("--version").out()).startsWith("kiln ");
  }

  @Test
  void listsDevices() {
    Ran ran = run("devices");
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("cpu: ready", "GiB, ", "opencl: ", "interpreter: ready");
    for (String line : run("devices", "--json").out().lines().toList()) {
      assertThat(line).startsWith("{\"backend\": \"").endsWith("}").contains("\"state\": \"");
    }
  }

  @Test
  void computesOnAnOpenClDevice() {
    Ran devices = run("devices");
    Ran ran = run("eval", "--backend", "opencl:0", "linspace(0, 1, 5) ** 2");
    if (devices.out().contains("opencl: ready")) {
      assertThat(ran.out()).contains("on opencl", "[0.     0.0625 0.25   0.5625 1.    ]");
    } else {
      assertThat(ran.err()).contains("backend 'opencl:0' cannot run: ", "apt-get install");
    }
    assertThat(run("eval", "--backend", "opencl:77", "1 + arange(2)").code()).isNotZero();
    assertThat(run("eval", "--backend", "cpu:0", "1 + arange(2)").err())
        .contains("backend 'cpu' has no devices to choose from");
  }

  @Test
  void examinesTheMachine() {
    Ran ran = run("doctor");
    assertThat(ran.out()).contains("Java 25", "TornadoVM", "cache folder ", "cores");
    assertThat(ran.code()).isEqualTo(ran.out().contains("MISSING") ? 1 : 0);
  }

  @Test
  void theDoctorLooksWhereTheCacheFolderIsToBe(@TempDir Path folder) throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(DoctorCommand.cacheFolder(folder.resolve("a/b")).finding())
        .isEqualTo("cache folder " + folder.resolve("a/b") + ", not made yet");
    assertThat(DoctorCommand.cacheFolder(folder).cure()).isEmpty();
    assertThat(DoctorCommand.cacheFolder(file.resolve("a")).cure()).contains("XDG_CACHE_HOME");
  }
}
