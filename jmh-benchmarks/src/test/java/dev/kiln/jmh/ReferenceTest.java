package dev.kiln.jmh;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is wrong is refused, be it ever so little. */
class ReferenceTest {
  @ParameterizedTest
  @EnumSource
  void refusesWhatIsWrong(Workload workload) {
    Problem problem = Problem.of(workload, DType.FLOAT64, 32);
    double[] right = Reference.of(problem);
    assertThatCode(() -> Reference.check("it", problem, right)).doesNotThrowAnyException();

    int last = right.length - 1;
    double[] off = right.clone();
    off[last] += 1e-9;
    assertThatThrownBy(() -> Reference.check("it", problem, off))
        .hasMessageContaining("it gave " + off[last] + " for element " + last + " of " + workload);

    double[] notANumber = right.clone();
    notANumber[0] = Double.NaN;
    assertThatThrownBy(() -> Reference.check("it", problem, notANumber))
        .hasMessageContaining("NaN");

    assertThatThrownBy(() -> Reference.check("it", problem, new double[right.length + 1]))
        .hasMessageContaining("numbers");
  }
}
