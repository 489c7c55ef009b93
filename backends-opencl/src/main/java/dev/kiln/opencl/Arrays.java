package dev.kiln.opencl;

import dev.kiln.spi.Buffer;
import java.util.List;
import org.jocl.cl_event;
import org.jocl.cl_mem;

/** Where a launch finds its arrays on the device: whole, or as much as a piece needs. */
interface Arrays {
  /**
   * Has there what a piece needs, from now on.
   *
   * @return the copies that the piece's call must wait for
   */
  List<cl_event> enter(Cut.Piece piece);

  /** That call was asked for. */
  void called(cl_event call);

  /** The memory of an array. */
  cl_mem memory(Buffer buffer);

  /** The array's byte that the memory begins with. */
  long firstByte(Buffer buffer);

  /** Memory for this launch alone. */
  cl_mem scratch(long bytes);

  /** All pieces were launched: what was written becomes the arrays' elements. */
  void publish();
}
