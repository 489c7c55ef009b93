package dev.kiln.store;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.spi.Key;
import java.time.Duration;
import java.time.Instant;

/**
 * What stands beside the data of an entry.
 *
 * @param key what it is kept under
 * @param data what the data is
 * @param bytes of the data's file
 * @param checksum of the array's elements, or of a value's whole file: a {@link Hashing}'s label, a
 *     colon, hexadecimal digits
 * @param created when it was written
 * @param took what it took to compute
 * @param group whose results go together: a function's name, or {@link #GRAPHS}
 * @param label what made it, for people; one line
 */
public record Entry(
    Key key,
    Data data,
    long bytes,
    String checksum,
    Instant created,
    Duration took,
    String group,
    String label) {
  /**
   * Whether it was made no longer ago than that; nor further ahead, which is what a clock that was
   * wrong has dated.
   */
  public boolean isYoungerThan(Duration age) {
    return Duration.between(created, Instant.now()).abs().compareTo(age) <= 0;
  }

  /** The group of results of graphs. */
  public static final String GRAPHS = "arrays";

  /** What the data of an entry is. */
  public sealed interface Data {
    /** The data's file in the entry's folder. */
    String file();

    /** One array, in a {@code .npy} file. */
    record Array(DType dtype, Shape shape) implements Data {
      @Override
      public String file() {
        return "array.npy";
      }

      @Override
      public String toString() {
        return dtype + " " + shape;
      }
    }

    /** A value of several parts, in a container. */
    record Value() implements Data {
      @Override
      public String file() {
        return "value.kiln";
      }

      @Override
      public String toString() {
        return "value";
      }
    }
  }
}
