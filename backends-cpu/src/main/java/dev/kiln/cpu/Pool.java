package dev.kiln.cpu;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/** A few things to use again, taken and given back by any thread without waiting or allocating. */
final class Pool<T> {
  private final AtomicReferenceArray<T> idle;
  private final Supplier<T> maker;

  Pool(int size, Supplier<T> maker) {
    this.idle = new AtomicReferenceArray<>(size);
    this.maker = maker;
  }

  /** An idle one, or a new one. */
  T take() {
    for (int k = 0; k < idle.length(); k++) {
      if (idle.get(k) != null) {
        T taken = idle.getAndSet(k, null);
        if (taken != null) {
          return taken;
        }
      }
    }
    return maker.get();
  }

  /** Gives one back; where there are idle ones enough it is left to the garbage collector. */
  void give(T used) {
    for (int k = 0; k < idle.length(); k++) {
      if (idle.get(k) == null && idle.compareAndSet(k, null, used)) {
        return;
      }
    }
  }
}
