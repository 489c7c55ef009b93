package dev.kiln.cli;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launchers and their archives of classes, with a small program in the command's place. */
class LauncherTest {
  private static final String PROGRAM =
      """
      package dev.kiln.cli;
      public final class Main {
        public static void main(String[] args) {
          System.out.println("ran " + String.join(" ", args));
        }
      }
      """;

  @TempDir Path tree;

  private record Ran(int code, String out, String err) {}

  @BeforeEach
  void plant() throws IOException {
    Path launcher = Path.of("..", "kiln").toAbsolutePath().normalize();
    assumeTrue(Files.isExecutable(launcher), "not run from a source tree");
    Files.copy(launcher, tree.resolve("kiln"), COPY_ATTRIBUTES);
    Files.createDirectories(tree.resolve("tools"));
    for (String part : List.of("tools/find-jdk.sh", "tools/start.sh")) {
      Files.copy(launcher.resolveSibling(part), tree.resolve(part));
    }
    Files.createFile(tree.resolve("pom.xml"));
    Files.createDirectories(tree.resolve("cli/target/lib"));
    Path source = Files.createDirectories(tree.resolve("source/dev/kiln/cli")).resolve("Main.java");
    Files.writeString(source, PROGRAM);
    int compiled = ToolProvider.getSystemJavaCompiler().run(null, null, null, source.toString());
    assertThat(compiled).isZero();
    writeJar(tree.resolve("cli/target/kiln-cli.jar"), "dev/kiln/cli/Main.class");
    writeJar(tree.resolve("cli/target/lib/other.jar"), "dev/kiln/cli/Main.java");
  }

  private void writeJar(Path jar, String entry) throws IOException {
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new JarEntry(entry));
      Files.copy(tree.resolve("source").resolve(entry), out);
      out.closeEntry();
    }
  }

  private Ran run(String... options) throws IOException, InterruptedException {
    Path out = tree.resolve("out.txt");
    Path err = tree.resolve("err.txt");
    List<String> command = new ArrayList<>(List.of(tree.resolve("kiln").toString(), "eval", "x y"));
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
    builder.environment().put("KILN_JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("KILN_JAVA_OPTS", String.join(" ", options));
    int code = builder.start().waitFor();
    return new Ran(code, Files.readString(out), Files.readString(err));
  }

  private void checkRuns() throws IOException, InterruptedException {
    assertThat(run()).isEqualTo(new Ran(0, "ran eval x y\n", ""));
  }

  /** Whether the program's class comes from an archive. */
  private boolean usesArchive() throws IOException, InterruptedException {
    Path log = tree.resolve("classes.txt");
    run("-Xlog:class+load:file=" + log);
    try (Stream<String> lines = Files.lines(log)) {
      String main =
          lines.filter(line -> line.contains("dev.kiln.cli.Main ")).findFirst().orElseThrow();
      return main.contains("shared objects file");
    }
  }

  private Path start(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(tree.resolve("cli/target/start"))) {
      return files.filter(file -> file.toString().endsWith(suffix)).findFirst().orElseThrow();
    }
  }

  @Test
  void theFirstRunMakesAnArchiveThatLaterOnesUse() throws IOException, InterruptedException {
    checkRuns();
    assertThat(usesArchive()).isTrue();
    FileTime made = Files.getLastModifiedTime(start(".jsa"));
    checkRuns();
    assertThat(Files.getLastModifiedTime(start(".jsa"))).isEqualTo(made);
  }

  @Test
  void aNewerJarOrAnotherReleaseMakesItAnew() throws IOException, InterruptedException {
    checkRuns();
    FileTime later = FileTime.from(Instant.now().plusMillis(5));
    Thread.sleep(10);
    writeJar(tree.resolve("cli/target/kiln-cli.jar"), "dev/kiln/cli/Main.class");
    checkRuns();
    assertThat(Files.getLastModifiedTime(start(".jsa"))).isGreaterThan(later);
    assertThat(usesArchive()).isTrue();
    Files.writeString(start(".for"), "JAVA_VERSION=\"25.0.0\"\n");
    checkRuns();
    assertThat(start(".for"))
        .hasSameTextualContentAs(Path.of(System.getProperty("java.home"), "release"));
  }

  @Test
  void whatIsNoArchiveIsPassedOverInSilence() throws IOException, InterruptedException {
    checkRuns();
    byte[] archive = Files.readAllBytes(start(".jsa"));
    Files.writeString(start(".jsa"), "not an archive");
    checkRuns();
    Files.write(start(".jsa"), java.util.Arrays.copyOf(archive, archive.length / 2));
    checkRuns();
    Files.delete(start(".jsa"));
    checkRuns();
    // Of other jars: their dates don't fit, though the file is the newest of all.
    Files.write(
        start("for").resolveSibling(start(".for").getFileName().toString().replace(".for", ".jsa")),
        archive);
    Files.setLastModifiedTime(
        tree.resolve("cli/target/lib/other.jar"), FileTime.from(Instant.EPOCH));
    checkRuns();
    assertThat(usesArchive()).isFalse();
  }

  @Test
  void aFolderThatCannotBeWrittenGoesWithout() throws IOException, InterruptedException {
    Path target = tree.resolve("cli/target");
    assertThat(target.toFile().setWritable(false)).isTrue();
    try {
      assumeTrue(!Files.isWritable(target), "nothing is closed to this user");
      checkRuns();
      assertThat(target.resolve("start")).doesNotExist();
    } finally {
      assertThat(target.toFile().setWritable(true)).isTrue();
    }
  }

  @Test
  void aDistributionRunsTheJavaThatLiesBesideIt() throws IOException, InterruptedException {
    Path dist = Files.createDirectories(tree.resolve("elsewhere/kiln 1"));
    for (String folder : List.of("bin", "lib")) {
      Files.createDirectory(dist.resolve(folder));
    }
    Files.copy(Path.of("src/dist/kiln"), dist.resolve("bin/kiln"), COPY_ATTRIBUTES);
    Files.copy(Path.of("../tools/start.sh"), dist.resolve("lib/start.sh"));
    Files.copy(tree.resolve("cli/target/kiln-cli.jar"), dist.resolve("lib/kiln-cli.jar"));
    Files.createSymbolicLink(dist.resolve("java"), Path.of(System.getProperty("java.home")));
    Files.delete(tree.resolve("kiln"));
    Files.createSymbolicLink(tree.resolve("kiln"), dist.resolve("bin/kiln"));
    checkRuns();
    assertThat(usesArchive()).isTrue();
    assertThat(dist.resolve("start")).isDirectory();
  }
}
