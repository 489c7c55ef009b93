package dev.kiln.opencl;

import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.jocl.CL;
import org.jocl.CLException;
import org.jocl.Pointer;
import org.jocl.cl_event;

/** What became of commands. */
final class Events {
  private Events() {}

  /** Whether a command has ended well. */
  static boolean isComplete(cl_event event) {
    return status(event) == CL.CL_COMPLETE;
  }

  /** Whether a command has failed, or never begun since another had. */
  static boolean hasFailed(cl_event event) {
    return status(event) < 0;
  }

  private static int status(cl_event event) {
    int[] status = new int[1];
    CL.clGetEventInfo(
        event, CL.CL_EVENT_COMMAND_EXECUTION_STATUS, Integer.BYTES, Pointer.to(status), null);
    return status[0];
  }

  /**
   * Returns when commands have ended.
   *
   * @throws CLException where one has failed, with what the first of them says
   */
  static void await(List<cl_event> events) {
    if (events.isEmpty()) {
      return;
    }
    try {
      CL.clWaitForEvents(events.size(), events.toArray(cl_event[]::new));
    } catch (CLException e) {
      throw cause(e, events);
    }
  }

  /** What is behind the failure of commands, or of one that waited for them. */
  static CLException cause(CLException failure, List<cl_event> events) {
    return cause(failure, events.stream().mapToInt(Events::status));
  }

  /** The same, of what became of those commands. */
  static CLException cause(CLException failure, IntStream statuses) {
    int waited = CL.CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
    if (failure.getStatus() != waited) {
      return failure;
    }
    OptionalInt first = statuses.filter(status -> status < 0 && status != waited).findFirst();
    if (first.isEmpty()) {
      return failure;
    }
    int status = first.getAsInt();
    CLException cause = new CLException(CL.stringFor_errorCode(status), status);
    cause.addSuppressed(failure);
    return cause;
  }

  static long nanos(cl_event event) {
    return time(event, CL.CL_PROFILING_COMMAND_END) - time(event, CL.CL_PROFILING_COMMAND_START);
  }

  private static long time(cl_event event, int which) {
    long[] time = new long[1];
    CL.clGetEventProfilingInfo(event, which, Long.BYTES, Pointer.to(time), null);
    return time[0];
  }
}
