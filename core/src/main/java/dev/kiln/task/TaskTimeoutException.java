package dev.kiln.task;

import dev.kiln.KilnException;

/** A task, or a whole call, took longer than its limit. */
public final class TaskTimeoutException extends KilnException {
  private static final long serialVersionUID = 1L;

  TaskTimeoutException(String message) {
    super(message);
  }
}
