package dev.kiln.memo;

import dev.kiln.task.NamedFunction;

/** What {@link Memory} gives for a function: it looks for the result before it calls. */
sealed interface Cached extends NamedFunction {
  /** What looks and calls. */
  MemoisedFunction memoised();

  @Override
  default String functionName() {
    return "memoised " + memoised().name();
  }

  /** A function without arguments. */
  @SuppressWarnings("serial") // Never serialised, as Function0 says.
  record Of0<R>(MemoisedFunction memoised) implements Function0<R>, Cached {
    @Override
    public R apply() {
      return memoised.result();
    }
  }

  /** A function of one argument. */
  @SuppressWarnings("serial") // Never serialised, as Function1 says.
  record Of1<A, R>(MemoisedFunction memoised) implements Function1<A, R>, Cached {
    @Override
    public R apply(A a) {
      return memoised.result(a);
    }
  }

  /** A function of two arguments. */
  @SuppressWarnings("serial") // Never serialised, as Function2 says.
  record Of2<A, B, R>(MemoisedFunction memoised) implements Function2<A, B, R>, Cached {
    @Override
    public R apply(A a, B b) {
      return memoised.result(a, b);
    }
  }

  /** A function of three arguments. */
  @SuppressWarnings("serial") // Never serialised, as Function3 says.
  record Of3<A, B, C, R>(MemoisedFunction memoised) implements Function3<A, B, C, R>, Cached {
    @Override
    public R apply(A a, B b, C c) {
      return memoised.result(a, b, c);
    }
  }
}
