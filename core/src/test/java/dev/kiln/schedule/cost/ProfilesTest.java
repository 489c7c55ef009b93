package dev.kiln.schedule.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfilesTest {
  private static final Profile PROFILE = new Profile(1500, 2.5e8, 1.25e10, 9e10, 0);

  @TempDir Path folder;

  @Test
  void aProfileKeptIsFoundAgain() {
    Profiles profiles = new Profiles(Optional.of(folder.resolve("made").resolve("here")));
    profiles.keep("a device", PROFILE);
    assertThat(profiles.find("a device")).contains(PROFILE);
    assertThat(profiles.find("another")).isEmpty();
  }

  @Test
  void aLaterOneReplacesIt() {
    Profiles profiles = new Profiles(Optional.of(folder));
    profiles.keep("a device", PROFILE);
    Profile later = new Profile(1, 2, 3, 4, 5);
    profiles.keep("a device", later);
    assertThat(profiles.find("a device")).contains(later);
  }

  @Test
  void aDamagedFileIsAsGoodAsNone() throws IOException {
    Profiles profiles = new Profiles(Optional.of(folder));
    profiles.keep("a device", PROFILE);
    Path file = onlyFile();
    String good = Files.readString(file);
    for (String bad :
        List.of(
            "",
            "rubbish\u0000",
            good.substring(0, good.length() / 2),
            good.replace("version = 1", "version = 0"),
            good.replace("a device", "another"),
            good.replace("1500.0", "much"),
            good.replace("1500.0", "-1"),
            good.replace("1.25E10", "0"),
            good.replace("1.25E10", "NaN"),
            good.replace("1.25E10", "Infinity"))) {
      assertThat(bad).isNotEqualTo(good);
      Files.writeString(file, bad);
      assertThat(profiles.find("a device")).as(bad).isEmpty();
    }
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    assertThat(profiles.find("a device")).as("no UTF-8").isEmpty();
    profiles.keep("a device", PROFILE);
    assertThat(profiles.find("a device")).contains(PROFILE);
  }

  @Test
  void whereNothingCanBeKeptNothingFails() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Profiles profiles = new Profiles(Optional.of(file.resolve("below")));
    profiles.keep("a device", PROFILE);
    assertThat(profiles.find("a device")).isEmpty();
    assertThat(file).hasContent("in the way");
  }

  @Test
  void orIsToBeKept() {
    Profiles none = new Profiles(Optional.empty());
    none.keep("a device", PROFILE);
    assertThat(none.find("a device")).isEmpty();
  }

  @Test
  void anEstimateAddsLatencyBytesAndOperations() {
    Profile profile = new Profile(1000, 0, 1e9, 2e9, 1e9);
    assertThat(profile.nanos(new Work(0, 0, false, 0))).isEqualTo(1000);
    assertThat(profile.nanos(new Work(500, 0, false, 0))).isEqualTo(1500);
    assertThat(profile.nanos(new Work(500, 1000, false, 0))).isEqualTo(2000);
    assertThat(profile.nanos(new Work(500, 1000, true, 0))).isEqualTo(2500);
    assertThat(PROFILE.nanos(new Work(500, 0, true, 0))).isInfinite();
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all = files.toList();
      assertThat(all).hasSize(1);
      return all.getFirst();
    }
  }
}
