package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.Kiln;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kiln bench} from its arguments to its exit code. */
class BenchCommandTest {
  private static final String SECONDS = "(\\d+(\\.\\d+)?(E-\\d+)?)";

  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(code, out.toString(), err.toString());
  }

  @Test
  void printsRowsInTheFormOfItsPeers() {
    Ran ran =
        run(
            "bench",
            "triad",
            "sum",
            "--backend",
            "interpreter",
            "--threads",
            "1",
            "--scale",
            "0.0001",
            "--seconds",
            "0.01",
            "--json");
    assertThat(ran.code()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(4);
    Pattern row =
        Pattern.compile(
            "\\{\"workload\": \"(triad|sum)\", \"dtype\": \"float(32|64)\", \"n\": 1677, \"peer\":"
                + " \"kiln-interpreter\", \"threads\": 1, \"first_s\": "
                + SECONDS
                + ", \"best_s\": "
                + SECONDS
                + ", \"median_s\": "
                + SECONDS
                + "}");
    assertThat(lines).allMatch(line -> row.matcher(line).matches());
    assertThat(lines.getFirst()).contains("triad", "float32");
    assertThat(lines.getLast()).contains("sum", "float64");
  }

  @Test
  void writesAReport() throws Exception {
    Path report = folder.resolve("new/report");
    Ran ran =
        run(
            "bench",
            "triad",
            "norm-distance",
            "--backend",
            "interpreter",
            "--threads",
            "1",
            "--scale",
            "0.0001",
            "--seconds",
            "0.01",
            "--report",
            report.toString());
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).contains("% of ", "wrote " + report.resolve("index.html"));
    String page = Files.readString(report.resolve("index.html"));
    for (String picture : List.of("roofline", "ceilings", "times")) {
      assertThat(page).contains(picture + ".png");
      var image = ImageIO.read(report.resolve(picture + ".png").toFile());
      long colours =
          java.util.Arrays.stream(
                  image.getRGB(
                      0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth()))
              .distinct()
              .count();
      assertThat(colours).isGreaterThan(20);
      assertThat(Files.readString(report.resolve(picture + ".svg")))
          .contains("<svg", "<path", "</svg");
    }
    assertThat(page).contains("triad", "norm-distance", "results.jsonl");
    assertThat(Files.readAllLines(report.resolve("results.jsonl"))).hasSize(5 + 4);
  }

  @Test
  void namesWhatIsWrongAndWhatIsPossible() {
    Ran ran = run("bench", "trad");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("unknown workload 'trad'", "triad, polynomial");
    ran = run("bench", "triad", "--dtype", "float16");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("'float16'", "float32 or float64");
    ran = run("bench", "triad", "--dtype", "int32");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("int32 is not measured");
    ran = run("bench", "triad", "--threads", "0");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--threads 0");
    ran = run("bench", "triad", "--scale", "-1");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--scale -1.0", "above 0");
    assertThat(run("bench", "triad", "--seconds", "nan").code()).isEqualTo(2);
    ran = run("bench", "triad", "--backend", "abacus", "--json");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("'abacus'", "auto, interpreter");
    ran = run("bench", "blocks", "--memory", "1m");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--memory '1m'", "at least 2m");
    ran = run("bench", "blocks", "--bytes", "0");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--bytes '0'");
    ran = run("bench", "functions", "exq");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("unknown function 'exq'", "exp, exp2");
    ran = run("bench", "functions", "exp", "--relaxed");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("no function with a relaxed form: 'exp'", "atan, ", "sigmoid");
    ran = run("bench", "functions", "exp", "--size", "1000");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--size: 1000 elements", "multiple of 1024");
    ran = run("bench", "functions", "exp", "--python", folder.resolve("none").toString());
    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("cannot start", "--python");
  }

  @Test
  void measuresTasks() {
    Ran ran = run("bench", "tasks", "--seconds", "0.01", "--threads", "2", "--json");
    assertThat(ran.code()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.getFirst())
        .startsWith("{\"figure\": \"task-overhead\", \"peer\": \"kiln-parallel\", \"value\": ")
        .endsWith(", \"unit\": \"us/task\"}");
    assertThat(run("bench", "tasks", "--seconds", "0").code()).isEqualTo(2);
  }

  @Test
  void worksThroughAFileLargerThanItsMemory() {
    Path file = folder.resolve("x.npy");
    String[] arguments = {
      "bench", "blocks", "--bytes", "48m", "--memory", "32m", "--file", file.toString(), "--json"
    };
    Ran made = run(arguments);
    assertThat(made.err()).isEmpty();
    assertThat(made.code()).isZero();
    List<String> figures =
        made.out().lines().map(line -> line.replaceAll(".*\"blocks-([a-z-]*)\".*", "$1")).toList();
    assertThat(figures)
        .containsExactly(
            "write",
            "statistics",
            "histogram",
            "filter",
            "matmul",
            "sort",
            "memory-peak",
            "memory-limit");
    // The file stays, and the copy does not.
    assertThat(folder.toFile().list()).containsExactly("x.npy");
    assertThat(run("bench", "blocks", "sort", "--file", file.toString()).out().lines()).hasSize(3);
    assertThat(run("bench", "blocks", "sorts").code()).isEqualTo(2);
    Kiln.save(file, Kiln.arange(3));
    Ran wrong = run("bench", "blocks", "--file", file.toString());
    assertThat(wrong.code()).isEqualTo(1);
    assertThat(wrong.err()).contains("int64(3,)", "float32 in rows of 256");
  }

  @Test
  void autoBesideEveryFixedChoice() {
    Ran ran = run("bench", "auto", "--sizes", "100,1000", "--seconds", "0.01", "--threads", "1");
    assertThat(ran.code()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(8);
    assertThat(lines.getFirst()).contains("cpu", "auto", "auto/best");
    assertThat(lines.get(1)).matches("triad +1000( +[0-9.]+){3,}");
    assertThat(lines.getLast()).matches("auto is at most [0-9.]+ times the best");
    assertThat(run("bench", "auto", "--sizes", "10", "--seconds", "0.01", "--json").out().lines())
        .hasSize(3)
        .allMatch(line -> line.contains("\"cpu\": ") && line.contains("\"ratio\": "));
    assertThat(run("bench", "auto", "--sizes", "0").code()).isEqualTo(2);
  }

  @Test
  void growsWithElementsAndOperations() {
    String[] arguments = {
      "bench",
      "scaling",
      "sum",
      "sort",
      "--sizes",
      "10,1000",
      "--operations",
      "4,10",
      "--seconds",
      "0.01",
      "--threads",
      "2",
      "--dtype",
      "float32",
      "--backend",
      "cpu"
    };
    Ran ran = run(arguments);
    assertThat(ran.code()).as(ran.err()).isZero();
    List<String> lines = ran.out().lines().toList();
    assertThat(lines).hasSize(1 + 4 + 2 + 2);
    assertThat(lines.getFirst()).contains("us, 1 thr", "us, 2 thr");
    assertThat(lines.get(4)).matches("sort +float32 +1000( +[0-9.]+){4}");
    assertThat(lines.getLast()).matches("10 +float32 +1048576( +[0-9.]+){3}");
    String json =
        run(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new)).out();
    assertThat(json.lines()).hasSize(6).allMatch(line -> line.contains("\"dtype\": \"float32\""));
    assertThat(json).contains("\"threads_2_s\": ", "\"first_s\": ");
    assertThat(run("bench", "scaling", "--operations", "3").err())
        .contains("--operations 3", "even");
    assertThat(run("bench", "scaling", "--sizes", "0").code()).isEqualTo(2);
    assertThat(run("bench", "scaling", "sun").err()).contains("unknown workload 'sun'");
  }

  @Test
  void helps() {
    assertThat(run("bench", "--help").out())
        .contains("--report", "black-scholes", "functions", "limits");
    assertThat(run("bench", "functions", "--help").out())
        .contains("--together", "hypot", "-100..100, -100..100");
    assertThat(run("bench", "limits", "--help").out().replaceAll("\\s+", " "))
        .contains("triad z = 2.5 x + y");
  }
}
