package dev.kiln;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SliceTest {
  private static final @Nullable Long[] PLACES = {
    null, -7L, -6L, -5L, -4L, -3L, -2L, -1L, 0L, 1L, 2L, 3L, 4L, 5L, 6L, 7L
  };

  /** The places, element by element, as the Python language reference describes them. */
  private static List<Long> reference(
      long n, @Nullable Long start, @Nullable Long stop, long step) {
    long lowest = step > 0 ? 0 : -1;
    long highest = step > 0 ? n : n - 1;
    long from = start == null ? (step > 0 ? lowest : highest) : (start < 0 ? start + n : start);
    long until = stop == null ? (step > 0 ? highest : lowest) : (stop < 0 ? stop + n : stop);
    from = Math.max(lowest, Math.min(highest, from));
    until = Math.max(lowest, Math.min(highest, until));
    List<Long> places = new ArrayList<>();
    for (long i = from; step > 0 ? i < until : i > until; i += step) {
      places.add(i);
    }
    return places;
  }

  private static List<Long> places(Slice.Range range, long n) {
    List<Long> places = new ArrayList<>();
    for (long i = 0; i < range.count(n); i++) {
      places.add(range.first(n) + i * range.step());
    }
    return places;
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2", "3", "5"})
  void rangesAreThoseOfPython(long n) {
    for (Long start : PLACES) {
      for (Long stop : PLACES) {
        for (long step : new long[] {-6, -3, -2, -1, 1, 2, 3, 6}) {
          Slice.Range range = new Slice.Range(start, stop, step);
          assertThat(places(range, n))
              .as("%s of %s", range, n)
              .isEqualTo(reference(n, start, stop, step));
        }
      }
    }
  }

  /** {@code list(range(*slice(start, stop, step).indices(n)))}, as Python 3 answered. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "None",
      value = {
        "10, None, None, -3, 9 6 3 0",
        "10, 20, None, -3, 9 6 3 0",
        "10, -20, 3, 1, 0 1 2",
        "10, None, -20, -4, 9 5 1",
        "10, 2, -1, 3, 2 5 8",
        "10, -1, 2, 1, ''",
        "10, 7, 3, -9, 7",
        "1, None, None, -1, 0",
        "0, 5, -5, -1, ''",
        "5, -9223372036854775808, 9223372036854775807, 9223372036854775807, 0",
        "5, 9223372036854775807, -9223372036854775808, -9223372036854775808, 4"
      })
  void rangesAreWhatPythonAnswered(
      long n, @Nullable Long start, @Nullable Long stop, long step, String expected) {
    List<Long> places = new ArrayList<>();
    for (String place : expected.isEmpty() ? new String[0] : expected.split(" ")) {
      places.add(Long.valueOf(place));
    }
    assertThat(places(new Slice.Range(start, stop, step), n)).isEqualTo(places);
  }

  @Test
  void stepZeroIsAnError() {
    assertThatThrownBy(() -> Slice.of(1, 2, 0))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("step");
    assertThatThrownBy(() -> Slice.all().by(0)).isInstanceOf(KilnException.class);
  }

  @Test
  void piecesAreValues() {
    assertThat(Slice.from(2).by(-1)).isEqualTo(new Slice.Range(2L, null, -1));
    assertThat(Slice.to(-1)).isEqualTo(new Slice.Range(null, -1L, 1));
    assertThat(Slice.of(1, 2)).isEqualTo(Slice.of(1, 2, 1));
    assertThat(Slice.ellipsis()).isEqualTo(Slice.ellipsis());
  }
}
