package dev.kiln.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code kiln eval --cache} and {@code kiln cache}. */
class CacheCommandTest {
  @TempDir Path folder;

  private record Ran(int code, String out, String err) {}

  private static Ran run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Ran(code, out.toString(), err.toString());
  }

  private String store() {
    return folder.resolve("store").toString();
  }

  private Ran cache(String... args) {
    String[] all = new String[args.length + 3];
    all[0] = "cache";
    System.arraycopy(args, 0, all, 1, args.length);
    all[args.length + 1] = "--cache";
    all[args.length + 2] = store();
    return run(all);
  }

  @BeforeEach
  void keepTwoResults() {
    for (String expression : List.of("linspace(0, 1, 5) ** 2", "sin(arange(0.0, 1000.0)).sum()")) {
      assertThat(run("eval", expression, "--backend", "interpreter", "--cache", store()).code())
          .isZero();
    }
  }

  private String key() {
    Matcher matcher =
        Pattern.compile("\"key\": \"([0-9a-f]{64})\"").matcher(cache("ls", "--json").out());
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  @Test
  void evalFindsItsResultAgain() {
    Ran again =
        run("eval", "linspace(0, 1, 5) ** 2", "--backend", "interpreter", "--cache", store());
    assertThat(again.out())
        .contains("\ncache: 1 found (168 B)\n")
        .endsWith("[0.     0.0625 0.25   0.5625 1.    ]\n");
    Ran first = run("eval", "arange(3) + 1", "--backend", "interpreter", "--cache", store());
    assertThat(first.out()).contains("\ncache: 1 kept (152 B)\n");
    Ran plain = run("eval", "arange(3) + 1", "--backend", "interpreter");
    assertThat(plain.out()).doesNotContain("cache");
    assertThat(cache("ls").out().lines()).hasSize(3);
  }

  @Test
  void lists() {
    assertThat(cache("ls").out()).contains("float64 (5,)  multiply", "float64 ()  sum[0]");
    assertThat(cache("ls", "--json").out().lines())
        .allMatch(line -> line.startsWith("{\"key\": \"") && line.endsWith("}"));
  }

  @Test
  void shows() {
    String key = key();
    Ran shown = cache("show", key.substring(0, 10));
    assertThat(shown.code()).isZero();
    assertThat(shown.out()).contains("key      " + key, "checksum xxh3-128:", "array.npy");
    assertThat(cache("show", "zz").err()).contains("no entry has a key that begins with 'zz'");
    assertThat(cache("show", "").err()).contains("2 entries have");
  }

  @Test
  void sumsUp() {
    assertThat(cache("stats").out()).contains("2 entries", "arrays\n", "total\n");
    assertThat(cache("stats", "--json").out())
        .contains("{\"group\": \"total\", \"entries\": 2, \"bytes\": ");
  }

  @Test
  void verifies() throws IOException {
    assertThat(cache("verify").out()).isEqualTo("all entries are whole\n");
    String key = key();
    Path data = Path.of(store(), "v1", key.substring(0, 2), key, "array.npy");
    byte[] bytes = Files.readAllBytes(data);
    bytes[bytes.length - 1] ^= 1;
    Files.write(data, bytes);
    Ran damaged = cache("verify");
    assertThat(damaged.code()).isEqualTo(Main.FAILED);
    assertThat(damaged.out()).contains("damaged: " + key, "1 put aside");
  }

  @Test
  void reducesAndClears() {
    for (String size : List.of("10G", "1.5g", "10GB", "10 GiB", "900000")) {
      assertThat(cache("reduce", "--bytes", size).out()).isEqualTo("removed 0 entries, 0 B\n");
    }
    assertThat(cache("reduce", "--days", "" + Long.MAX_VALUE).out())
        .startsWith("removed 0 entries");
    assertThat(cache("reduce", "--entries", "1").out()).startsWith("removed 1 entries, ");
    assertThat(cache("clear", "--group", "none").out()).startsWith("removed 0 entries");
    assertThat(cache("clear").out()).startsWith("removed 1 entries");
    assertThat(cache("ls").out()).isEmpty();
  }

  @Test
  void mistakesAreClear() {
    assertThat(cache("reduce").err()).contains("--bytes, --entries or --days");
    for (String size : List.of("lots", "", "1e3", "-5", "1..5g", "99999999999t", "4gg")) {
      Ran wrong = cache("reduce", "--bytes", size);
      assertThat(wrong.err()).contains("--bytes '" + size + "' is no size; write a number with");
      assertThat(wrong.code()).isEqualTo(Main.USAGE);
    }
    for (String size : List.of("0", "0.4")) {
      Ran nothing = cache("reduce", "--bytes", size);
      assertThat(nothing.err())
          .isEqualTo(
              "kiln cache reduce: --bytes '"
                  + size
                  + "' is no size; it must be at least 1\nsee kiln cache reduce --help\n");
      assertThat(nothing.code()).isEqualTo(Main.USAGE);
    }
    for (String option : List.of("--entries", "--days")) {
      Ran negative = cache("reduce", option, "-1");
      assertThat(negative.err())
          .contains(option + " -1 is negative; give 0 or more")
          .doesNotContain("expression");
      assertThat(negative.code()).isEqualTo(2);
    }
    assertThat(cache("ls").out().lines()).hasSize(2);
    assertThat(run("cache", "ls", "--cache", folder.resolve("none").toString()).err())
        .contains("there is no folder");
    assertThat(run("cache", "--cache", store()).err()).contains("say what to do");
    assertThat(folder.resolve("none")).doesNotExist();
    // Who looks at a folder that is no store leaves it as it is.
    for (String command : List.of("ls", "stats", "verify", "clear")) {
      Ran looked = run("cache", command, "--cache", folder.toString());
      assertThat(looked.err()).contains("is no store of results; eval --cache makes one");
      assertThat(looked.code()).isEqualTo(Main.FAILED);
    }
    assertThat(folder.toFile().list()).containsExactly("store");
  }

  @Test
  void benchStorePrintsItsRows() {
    Ran ran = run("bench", "store", "--megabytes", "1", "--threads", "2", "--json");
    assertThat(ran.err()).isEmpty();
    assertThat(ran.out())
        .contains(
            "{\"figure\": \"hash\", \"peer\": \"kiln\", \"value\": ",
            "\"memory-hit-small-key\"",
            "\"unit\": \"GB/s\"}");
    assertThat(ran.out().lines()).hasSize(14);
  }
}
