package dev.kiln.opencl.routine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.opencl.routine.Axes.Axis;
import dev.kiln.spi.RoutineLaunch;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxesTest {
  private static Axes axes(List<Long> strides, long... extents) {
    RoutineLaunch.Array array =
        new RoutineLaunch.Array(
            TestBuffer.of(DType.FLOAT32, 0), DType.FLOAT32, Shape.of(extents), 0, strides);
    return Axes.of(array, 0, extents.length);
  }

  @Test
  void neighboursOfOneStrideAreOne() {
    assertThat(axes(List.of(12L, 4L, 1L), 5, 3, 4)).isEqualTo(new Axes(List.of(new Axis(60, 1))));
    assertThat(axes(List.of(-12L, -4L, -1L), 5, 3, 4).axes()).containsExactly(new Axis(60, -1));
    assertThat(axes(List.of(0L, 0L), 5, 3).axes()).containsExactly(new Axis(15, 0));
  }

  @Test
  void othersStayApart() {
    assertThat(axes(List.of(1L, 5L), 5, 3).axes()).containsExactly(new Axis(5, 1), new Axis(3, 5));
    assertThat(axes(List.of(12L, 0L, 1L), 5, 3, 4).axes())
        .containsExactly(new Axis(5, 12), new Axis(3, 0), new Axis(4, 1));
  }

  @Test
  void axesOfOneElementSayNothing() {
    assertThat(axes(List.of(7L, 4L, 9L, 1L), 1, 3, 1, 4).axes()).containsExactly(new Axis(12, 1));
    assertThat(axes(List.of(7L), 1).axes()).containsExactly(new Axis(1, 0));
    assertThat(axes(List.of()).count()).isEqualTo(1);
  }
}
