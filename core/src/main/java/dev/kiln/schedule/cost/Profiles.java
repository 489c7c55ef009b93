package dev.kiln.schedule.cost;

import dev.kiln.KilnException;
import dev.kiln.io.AtomicFile;
import dev.kiln.spi.UserCache;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/**
 * Profiles kept in a folder, a small text file for each device, found by the device's fingerprint.
 * A file that is damaged, of another version or of another device is as good as none.
 *
 * @param folder made when first needed; empty where nothing is to be kept
 */
public record Profiles(Optional<Path> folder) {
  private static final System.Logger LOGGER = System.getLogger(Profiles.class.getName());

  /** To be raised whenever figures are measured another way, or mean something else. */
  private static final String VERSION = "1";

  /**
   * Where the user's are: the folder that {@code kiln.devices.cache} names, none where it is {@code
   * off}; by default {@code kiln/devices} in the user's cache folder.
   */
  public static Profiles ofUser() {
    String named = System.getProperty("kiln.devices.cache", "");
    return new Profiles(
        switch (named) {
          case "off" -> Optional.empty();
          case "" -> Optional.of(UserCache.folder().resolve("devices"));
          default -> Optional.of(Path.of(named));
        });
  }

  /** The device's profile, if there is one that can be read. */
  public Optional<Profile> find(String fingerprint) {
    if (folder.isEmpty()) {
      return Optional.empty();
    }
    Path file = file(folder.get(), fingerprint);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return parse(Files.readString(file), fingerprint);
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "cannot read {0}, measuring anew: {1}", file, e);
      return Optional.empty();
    }
  }

  /** Keeps a profile. Where that fails, a warning says so, and the next process measures again. */
  public void keep(String fingerprint, Profile profile) {
    if (folder.isEmpty()) {
      return;
    }
    byte[] text = text(fingerprint, profile).getBytes(StandardCharsets.UTF_8);
    try {
      Files.createDirectories(folder.get());
      AtomicFile.write(
          file(folder.get(), fingerprint),
          channel -> {
            ByteBuffer bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
              channel.write(bytes);
            }
          });
    } catch (IOException | KilnException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "how fast a device is cannot be kept, and will be measured again: {0}; set"
              + " -Dkiln.devices.cache to a folder that can be written, or to off",
          e.toString());
    }
  }

  private static String text(String fingerprint, Profile profile) {
    return String.join(
        "\n",
        "version = " + VERSION,
        "device = " + fingerprint,
        "latency-ns = " + profile.latencyNanos(),
        "making-ns = " + profile.makingNanos(),
        "bytes-per-second = " + profile.bytesPerSecond(),
        "float32-per-second = " + profile.flops32(),
        "float64-per-second = " + profile.flops64(),
        "");
  }

  private static Optional<Profile> parse(String text, String fingerprint) {
    Map<String, String> fields = new HashMap<>();
    for (String line : text.lines().toList()) {
      int sign = line.indexOf(" = ");
      if (sign > 0) {
        fields.put(line.substring(0, sign), line.substring(sign + 3));
      }
    }
    if (!VERSION.equals(fields.get("version")) || !fingerprint.equals(fields.get("device"))) {
      return Optional.empty();
    }
    return Optional.of(
            new Profile(
                number(fields, "latency-ns"),
                number(fields, "making-ns"),
                number(fields, "bytes-per-second"),
                number(fields, "float32-per-second"),
                number(fields, "float64-per-second")))
        .filter(Profile::makesSense);
  }

  /** A number; NaN, which makes no sense, where there is none. */
  private static double number(Map<String, String> fields, String name) {
    try {
      return Double.parseDouble(fields.getOrDefault(name, "NaN"));
    } catch (NumberFormatException e) {
      return Double.NaN;
    }
  }

  private static Path file(Path folder, String fingerprint) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(fingerprint.getBytes(StandardCharsets.UTF_8));
      return folder.resolve(HexFormat.of().formatHex(digest, 0, 8) + ".txt");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JVM has SHA-256", e);
    }
  }
}
