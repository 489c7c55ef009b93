package dev.kiln.jmh;

import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** The contenders on the class path. */
final class Contenders {
  private Contenders() {}

  /** Those that take part unless some are named: Kiln's fast backend and everybody else. */
  static List<Contender> all() {
    List<Contender> all = new ArrayList<>();
    all.add(new KilnContender("cpu"));
    all.addAll(others());
    return all;
  }

  /** The contender of a name. What no other is called is a backend of Kiln, which may refuse. */
  static Contender named(String name) {
    return others().stream()
        .filter(contender -> contender.name().equals(name))
        .findFirst()
        .orElseGet(() -> new KilnContender(name));
  }

  private static List<Contender> others() {
    List<Contender> others = new ArrayList<>();
    others.add(new JavaLoops());
    ServiceLoader.load(Contender.class).forEach(others::add);
    return others;
  }
}
