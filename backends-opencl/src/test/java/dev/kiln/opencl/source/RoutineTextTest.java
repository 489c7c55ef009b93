package dev.kiln.opencl.source;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.kernel.Routine.Cumulative.Fold;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutineTextTest {
  @Test
  void textsAreAsRecorded() throws IOException {
    Golden.check("matmul-float32", MatMulText.of(DType.FLOAT32));
    Golden.check("matmul-int64", MatMulText.of(DType.INT64));
    Golden.check("cumulative-sum-float64", CumulativeText.of(Fold.SUM, DType.FLOAT64));
    Golden.check("cumulative-prod-int16", CumulativeText.of(Fold.PROD, DType.INT16));
    Golden.check("sort-float32", SortText.of(DType.FLOAT32, false, false));
    Golden.check("argsort-int8-descending", SortText.of(DType.INT8, true, true));
    Golden.check("rfft-float32", FourierText.of(DType.FLOAT32));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"COMPLEX64", "COMPLEX128"},
      mode = EnumSource.Mode.EXCLUDE)
  void nothingIsLeftToFillIn(DType dtype) {
    for (boolean flag : new boolean[] {false, true}) {
      assertThat(SortText.of(dtype, flag, false)).doesNotContain("$");
      assertThat(SortText.of(dtype, flag, true)).doesNotContain("$");
    }
    if (dtype.isFloat()) {
      assertThat(FourierText.of(dtype)).doesNotContain("$");
    }
    if (dtype.isNumeric()) {
      assertThat(MatMulText.of(dtype)).doesNotContain("$");
      assertThat(CumulativeText.of(Fold.SUM, dtype)).doesNotContain("$");
    }
  }

  /** Devices without float64 still sort it. */
  @Test
  void onlyArithmeticOfFloat64NeedsIt() {
    assertThat(SortText.of(DType.FLOAT64, true, true)).doesNotContain("double");
    assertThat(MatMulText.of(DType.FLOAT64)).contains("double");
    assertThat(MatMulText.of(DType.FLOAT32)).doesNotContain("double");
    assertThat(CumulativeText.of(Fold.PROD, DType.FLOAT32)).doesNotContain("double");
    assertThat(FourierText.of(DType.FLOAT32)).contains("double");
  }
}
