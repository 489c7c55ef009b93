package dev.kiln.kernel.function;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.oracle.Arguments;
import dev.kiln.oracle.Reference;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A sample of how far the definitions are from the exact values. The CPU backend's sweep of
 * compiled kernels has millions of arguments for each of these.
 */
class AccuracyTest {
  private static final long SEED = 20_250_311;
  private static final int SAMPLES = 5_000;

  @ParameterizedTest
  @EnumSource
  void float32(Reference reference) {
    check(reference, DType.FLOAT32);
  }

  @ParameterizedTest
  @EnumSource
  void float64(Reference reference) {
    check(reference, DType.FLOAT64);
  }

  private static void check(Reference reference, DType dtype) {
    Composite composite = new Composite(dtype, reference.elementary());
    Arguments arguments = new Arguments(reference, dtype);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int i = 0; i < SAMPLES; i++) {
      arguments.next(random);
      double x = arguments.x();
      double y = arguments.y();
      double z = composite.at(x, y);
      double ulps = reference.error(x, y, z, dtype);
      if (!(ulps <= reference.bound(dtype))) {
        assertThat(ulps)
            .as("ULP of %s of %s at %s, %s: %s, seed %s", reference, dtype, x, y, z, SEED)
            .isLessThanOrEqualTo(reference.bound(dtype));
      }
    }
  }
}
