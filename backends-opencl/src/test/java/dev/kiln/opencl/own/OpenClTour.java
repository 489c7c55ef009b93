package dev.kiln.opencl.own;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import java.util.List;

/** What documentation shows of kernels of users' own, as code that runs. */
final class OpenClTour {
  private OpenClTour() {}

  static float[] kernel() {
    // @start region="kernel"
    OpenClKernel wave =
        OpenClKernel.of(
            """
            kernel void wave(global const float *x, const float pitch, global float *y) {
              const size_t i = get_global_id(0);
              y[i] = native_sin(pitch * x[i]);
            }
            """,
            "wave");
    try (Engine engine = Engine.builder().backend("opencl").build()) {
      NDArray x = engine.linspace(0, 1, 1_000).astype(DType.FLOAT32);
      NDArray y = wave.over(x.size()).in(x).value(440f).out(DType.FLOAT32, x.shape()).call();
      return y.multiply(0.5).toFloatArray(); // launched here
    }
    // @end
  }

  static List<NDArray> launch(NDArray x) {
    OpenClKernel kernel =
        OpenClKernel.of(
            """
            kernel void halves(
                global const int *x, local int *shared, global int *low, global int *high) {
              const size_t i = get_global_id(0);
              shared[get_local_id(0)] = x[i];
              barrier(CLK_LOCAL_MEM_FENCE);
              const int other = shared[get_local_size(0) - 1 - get_local_id(0)];
              low[i] = min(x[i], other);
              high[i] = max(x[i], other);
            }
            """,
            "halves");
    // @start region="launch"
    List<NDArray> halves =
        kernel
            .over(x.size())
            .group(64) // work-items that share local memory
            .in(x)
            .local(64 * Integer.BYTES)
            .out(DType.INT32, x.shape())
            .out(DType.INT32, x.shape())
            .callAll(); // both from one launch
    // @end
    return halves;
  }

  static NDArray map(NDArray x) {
    // @start region="map"
    OpenClMap swish =
        OpenClMap.of(DType.FLOAT32, "float *x, float beta", "x / (1 + native_exp(-beta * x))");
    NDArray y = swish.call(x, 1.5f);
    // @end
    return y;
  }

  static NDArray reduction(NDArray x) {
    // @start region="reduction"
    OpenClReduction bits =
        OpenClReduction.of(DType.UINT32, "uint *x, uint mask", "x & mask", "a ^ b", "0");
    NDArray parity = bits.call(x, 0xff);
    // @end
    return parity;
  }
}
