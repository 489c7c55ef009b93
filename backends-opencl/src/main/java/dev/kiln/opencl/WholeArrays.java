package dev.kiln.opencl;

import dev.kiln.kernel.Kernel;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Launch;
import java.util.List;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** Arrays that are on the device as a whole. */
record WholeArrays(Kernel kernel, Launch launch, Geometry geometry, Visit visit) implements Arrays {
  @Override
  public List<cl_event> enter(Cut.Piece piece) {
    long points = kernel.reduces() ? geometry.rows() : geometry.rows() * geometry.inner();
    for (int o = 0; o < launch.outputs().size(); o++) {
      Buffer buffer = LaunchRun.buffer(launch.outputs().get(o));
      long written = points * kernel.outputs().get(o).dtype().bytes();
      visit.write(buffer, written == buffer.byteSize());
    }
    return List.of();
  }

  @Override
  public void called(cl_event call) {
    // Nothing moves.
  }

  @Override
  public cl_mem memory(Buffer buffer) {
    return visit.read(buffer).memory();
  }

  @Override
  public long firstByte(Buffer buffer) {
    return 0;
  }

  @Override
  public cl_mem scratch(long bytes) {
    return visit.scratch(bytes).memory();
  }

  @Override
  public void publish() {
    // The visit does.
  }
}
