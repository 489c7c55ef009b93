package dev.kiln.interpret;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.Bits;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What NumPy computed in one case; {@code tools/make-fixtures.py} writes them and describes their
 * form.
 *
 * @param operation the operation's name
 * @param arguments what else it needs
 * @param inputs its inputs
 * @param output its result
 */
record Fixture(String operation, List<String> arguments, List<Array> inputs, Array output) {
  /** An array, its elements in the form of {@link Bits}. */
  record Array(DType dtype, Shape shape, long[] bits) {}

  /** The names of all files of fixtures. */
  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** The fixtures of a file. */
  static List<Fixture> read(String file) throws IOException {
    List<Fixture> fixtures = new ArrayList<>();
    List<Array> inputs = new ArrayList<>();
    List<String> operation = List.of();
    for (String line : Files.readAllLines(folder().resolve(file))) {
      List<String> words = List.of(line.split(" ", -1));
      List<String> rest = words.subList(1, words.size());
      switch (words.getFirst()) {
        case "" -> inputs.clear();
        case "#" -> {
          // Who made the file.
        }
        case "in:" -> inputs.add(array(rest));
        case "op:" -> operation = rest;
        case "out:" ->
            fixtures.add(
                new Fixture(
                    operation.getFirst(),
                    operation.subList(1, operation.size()),
                    List.copyOf(inputs),
                    array(rest)));
        default -> throw new AssertionError("not a line of a fixture: " + line);
      }
    }
    return fixtures;
  }

  private static Array array(List<String> words) {
    DType dtype = DType.of(words.get(0));
    String extents = words.get(1);
    Shape shape =
        extents.equals("-")
            ? Shape.of()
            : Shape.of(Arrays.stream(extents.split("x", -1)).mapToLong(Long::parseLong).toArray());
    long[] bits =
        words.stream()
            .skip(2)
            .mapToLong(word -> Long.parseUnsignedLong(word, 16))
            .map(raw -> dtype.isFloat() ? raw : Bits.wrap(dtype, raw))
            .toArray();
    return new Array(dtype, shape, bits);
  }

  private static Path folder() {
    try {
      return Path.of(Objects.requireNonNull(Fixture.class.getResource("/fixtures")).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
