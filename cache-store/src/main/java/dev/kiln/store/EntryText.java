package dev.kiln.store;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.spi.Key;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * An {@link Entry} as text: lines of {@code name: value}, the first the version of the format, the
 * last a checksum of all before.
 */
final class EntryText {
  /** The file in an entry's folder. */
  static final String FILE = "entry.txt";

  /** No entry's text is longer. */
  static final int LONGEST = 1 << 16;

  private static final String FORMAT = "kiln-entry";
  private static final String CHECK = "check: ";

  private EntryText() {}

  /** An entry's text is not one. */
  static final class Damaged extends Exception {
    private static final long serialVersionUID = 1L;

    Damaged(String reason) {
      super(reason);
    }

    Damaged(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  static byte[] write(Entry entry) {
    StringBuilder text = new StringBuilder();
    line(text, FORMAT, Integer.toString(Folder.FORMAT));
    line(text, "key", entry.key().hex());
    switch (entry.data()) {
      case Entry.Data.Array(DType dtype, Shape shape) -> {
        line(text, "data", "array");
        line(text, "dtype", dtype.toString());
        line(text, "shape", shape.toString());
      }
      case Entry.Data.Value() -> line(text, "data", "value");
    }
    line(text, "bytes", Long.toString(entry.bytes()));
    line(text, "checksum", entry.checksum());
    line(text, "created", entry.created().toString());
    line(text, "took", entry.took().toString());
    line(text, "group", entry.group());
    line(text, "label", entry.label());
    String check = check(text.toString());
    text.append(CHECK).append(check).append('\n');
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String name, String value) {
    text.append(name).append(": ").append(kept(value)).append('\n');
  }

  /** A text as an entry keeps it: one line, and not too long. */
  static String kept(String text) {
    StringBuilder printable = new StringBuilder();
    text.codePoints()
        .limit(1000)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .forEach(printable::appendCodePoint);
    return printable.toString().strip();
  }

  private static String check(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }

  static Entry read(byte[] bytes) throws Damaged {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String first = text.lines().findFirst().orElse("");
    String known = FORMAT + ": " + Folder.FORMAT;
    if (!first.equals(known)) {
      throw new Damaged(
          first.matches(FORMAT + ": [0-9]{1,9}")
              ? "it has format "
                  + first.substring(FORMAT.length() + 2)
                  + ", and this Kiln knows "
                  + Folder.FORMAT
              : "its " + FILE + " is none");
    }
    int last = text.lastIndexOf(CHECK);
    if (last < 0 || !text.substring(last).equals(CHECK + check(text.substring(0, last)) + "\n")) {
      throw new Damaged("its " + FILE + " is damaged");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String line : text.substring(0, last).lines().toList()) {
      int colon = line.indexOf(": ");
      // An empty value leaves its space.
      if (colon < 0 || fields.put(line.substring(0, colon), line.substring(colon + 2)) != null) {
        throw new Damaged("its " + FILE + " has the line '" + line + "'");
      }
    }
    try {
      return entry(fields);
    } catch (KilnException | DateTimeException | NumberFormatException e) {
      throw new Damaged("its " + FILE + " makes no sense: " + e.getMessage(), e);
    }
  }

  private static Entry entry(Map<String, String> fields) throws Damaged {
    Entry entry = taken(fields);
    if (entry.bytes() < 0 || entry.took().isNegative()) {
      throw new Damaged("its " + FILE + " has " + entry.bytes() + " bytes made in " + entry.took());
    }
    return entry;
  }

  private static Entry taken(Map<String, String> fields) throws Damaged {
    return new Entry(
        new Key(field(fields, "key")),
        data(fields),
        Long.parseLong(field(fields, "bytes")),
        field(fields, "checksum"),
        Instant.parse(field(fields, "created")),
        Duration.parse(field(fields, "took")),
        field(fields, "group"),
        field(fields, "label"));
  }

  private static Entry.Data data(Map<String, String> fields) throws Damaged {
    String data = field(fields, "data");
    return switch (data) {
      case "array" ->
          new Entry.Data.Array(DType.of(field(fields, "dtype")), shape(field(fields, "shape")));
      case "value" -> new Entry.Data.Value();
      default -> throw new Damaged("its data is '" + data + "'");
    };
  }

  /** As {@link Shape#toString} writes it. */
  private static Shape shape(String text) throws Damaged {
    if (!text.matches("\\(([0-9]+(,|(, [0-9]+)+))?\\)")) {
      throw new Damaged("its shape is '" + text + "'");
    }
    String inner = text.substring(1, text.length() - 1);
    return Shape.of(
        Arrays.stream(inner.split(",", -1))
            .map(String::strip)
            .filter(word -> !word.isEmpty())
            .mapToLong(Long::parseLong)
            .toArray());
  }

  private static String field(Map<String, String> fields, String name) throws Damaged {
    String value = fields.get(name);
    if (value == null) {
      throw new Damaged("its " + FILE + " lacks '" + name + "'");
    }
    return value;
  }
}
