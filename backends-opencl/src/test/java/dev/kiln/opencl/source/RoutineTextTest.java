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
    for (boolean processor : new boolean[] {false, true}) {
      String gpu = processor ? "" : "-gpu";
      Golden.check("matmul-float32" + gpu, MatMulText.of(DType.FLOAT32, processor));
      Golden.check("matmul-int64" + gpu, MatMulText.of(DType.INT64, processor));
      Golden.check(
          "cumulative-sum-float64" + gpu, CumulativeText.of(Fold.SUM, DType.FLOAT64, processor));
      Golden.check(
          "cumulative-prod-int16" + gpu, CumulativeText.of(Fold.PROD, DType.INT16, processor));
      Golden.check("sort-float32" + gpu, SortText.of(DType.FLOAT32, false, false, processor));
      Golden.check("argsort-int8-descending" + gpu, SortText.of(DType.INT8, true, true, processor));
    }
    Golden.check("rfft-float32", FourierText.of(DType.FLOAT32));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"COMPLEX64", "COMPLEX128"},
      mode = EnumSource.Mode.EXCLUDE)
  void nothingIsLeftToFillIn(DType dtype) {
    for (boolean processor : new boolean[] {false, true}) {
      for (boolean flag : new boolean[] {false, true}) {
        assertThat(SortText.of(dtype, flag, false, processor)).doesNotContain("$");
        assertThat(SortText.of(dtype, flag, true, processor)).doesNotContain("$");
      }
      if (dtype.isNumeric()) {
        assertThat(MatMulText.of(dtype, processor)).doesNotContain("$");
        assertThat(CumulativeText.of(Fold.SUM, dtype, processor)).doesNotContain("$");
      }
    }
    if (dtype.isFloat()) {
      assertThat(FourierText.of(dtype)).doesNotContain("$");
    }
  }

  /** Devices without float64 still sort it. */
  @Test
  void onlyArithmeticOfFloat64NeedsIt() {
    for (boolean processor : new boolean[] {false, true}) {
      assertThat(SortText.of(DType.FLOAT64, true, true, processor)).doesNotContain("double");
      assertThat(MatMulText.of(DType.FLOAT64, processor)).contains("double");
      assertThat(MatMulText.of(DType.FLOAT32, processor)).doesNotContain("double");
      assertThat(CumulativeText.of(Fold.PROD, DType.FLOAT32, processor)).doesNotContain("double");
    }
    assertThat(FourierText.of(DType.FLOAT32)).contains("double");
  }
}
