package dev.kiln.spi;

/** A kernel made ready for one device. Safe for many threads at once. */
public interface Executable {
  /**
   * Runs the kernel and returns when its outputs are written. The launch's buffers are pinned by
   * the caller.
   */
  void launch(Launch launch);

  /**
   * What the kernel became, for people: the form chosen and why; source text at higher levels of
   * detail.
   */
  String describe();
}
