package dev.kiln.store;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Key;
import dev.kiln.spi.ResultStore.Wanted;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/** What the processes do that {@link ProcessesTest} starts. */
final class StoreWorker {
  private StoreWorker() {}

  /** Mode, folder, seed. */
  public static void main(String[] args) throws InterruptedException, IOException {
    Path folder = Path.of(args[1]);
    Random random = new Random(Long.parseLong(args[2]));
    switch (args[0]) {
      case "race" -> race(folder, random);
      case "write" -> write(folder, random);
      case "hold" -> hold(folder);
      case "cross" -> cross(folder, Integer.parseInt(args[2]));
      case "full" -> full(folder);
      case "fill" -> fill(folder);
      case "read-only" -> readOnly(folder);
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  static Key key(int number) {
    return new Key("%08x".formatted(number * 0x9e3779b9).repeat(8));
  }

  static Wanted wanted(int number) {
    return new Wanted(key(number), DType.INT64, Shape.of(length(number)), "number " + number);
  }

  private static int length(int number) {
    return 1 + (number * 7919) % 20_000;
  }

  /** Elements that tell where they belong. */
  static Buffer value(int number) {
    Buffer value = TestBuffer.memory().allocate(8L * length(number));
    for (int i = 0; i < length(number); i++) {
      value.segment().setAtIndex(ValueLayout.JAVA_LONG, i, (long) number << 32 | i);
    }
    return value;
  }

  static boolean isRight(int number, Buffer found) {
    return found.segment().mismatch(value(number).segment()) == -1;
  }

  /** Wants 200 keys in an order of its own, and says which it computes. */
  private static void race(Path folder, Random random) throws InterruptedException {
    Store store = Store.at(folder);
    List<Integer> numbers = new ArrayList<>();
    for (int number = 0; number < 200; number++) {
      numbers.add(number);
    }
    Collections.shuffle(numbers, random);
    for (int number : numbers) {
      if (store.find(wanted(number), Inline.CALLER).isEmpty()) {
        try (Store.Reserved flight = store.reserve(List.of(key(number)))) {
          if (store.find(wanted(number), Inline.CALLER).isEmpty()) {
            System.out.println("computed " + number);
            Thread.sleep(1);
            flight.publish(wanted(number), value(number), Duration.ofMillis(1), Inline.CALLER);
          }
        }
      }
      Buffer found = store.find(wanted(number), Inline.CALLER).orElseThrow();
      if (!isRight(number, found)) {
        System.out.println("wrong " + number);
      }
    }
  }

  /** Writes, reads and evicts until it is killed. */
  private static void write(Path folder, Random random) throws IOException {
    Store store =
        Store.builder(folder).limits(Limits.NONE.withEntries(60)).checks(Checks.ALWAYS).build();
    System.out.println("ready");
    while (true) {
      int number = random.nextInt(120);
      try (Store.Reserved flight = store.reserve(List.of(key(number)))) {
        var found = store.find(wanted(number), Inline.CALLER);
        if (found.isPresent() && !isRight(number, found.get())) {
          Files.writeString(folder.resolveSibling("wrong"), "number " + number);
        }
        store.remove(key(number));
        flight.publish(wanted(number), value(number), Duration.ofMillis(1), Inline.CALLER);
      }
    }
  }

  /** Holds a key until it is killed. */
  private static void hold(Path folder) throws InterruptedException {
    Store store = Store.at(folder);
    try (Store.Reserved flight = store.reserve(List.of(key(1)))) {
      System.out.println("holding " + (flight != null));
      Thread.sleep(Duration.ofMinutes(5));
    }
  }

  /** Holds key 1 or 2, and when told to wants the other one too. */
  private static void cross(Path folder, int number) throws IOException {
    Store store = Store.at(folder);
    try (Store.Reserved outer = store.reserve(List.of(key(number)))) {
      System.out.println("holding " + (outer != null));
      int _ = System.in.read();
      try (Store.Reserved inner = store.reserve(List.of(key(3 - number)))) {
        inner.publish(wanted(3 - number), value(3 - number), Duration.ofMillis(1), Inline.CALLER);
      }
      outer.publish(wanted(number), value(number), Duration.ofMillis(1), Inline.CALLER);
    }
  }

  /** Keeps what is larger than a file may be here, and then what is not. */
  private static void full(Path folder) {
    Store store =
        Store.builder(folder)
            .listener(event -> System.out.println(event.getClass().getSimpleName()))
            .build();
    int large = 0;
    int small = 0;
    while (length(large) < 15_000) {
      large++;
    }
    while (length(small) > 1_000) {
      small++;
    }
    for (int number : new int[] {large, small}) {
      try (Store.Reserved flight = store.reserve(List.of(key(number)))) {
        flight.publish(wanted(number), value(number), Duration.ofMillis(1), Inline.CALLER);
      }
      System.out.println(store.find(wanted(number), Inline.CALLER).isPresent());
    }
  }

  private static void keep(Store store, int number) {
    try (Store.Reserved flight = store.reserve(List.of(key(number)))) {
      flight.publish(wanted(number), value(number), Duration.ofMillis(1), Inline.CALLER);
    }
  }

  private static boolean has(Store store, int number) {
    return store.find(wanted(number), Inline.CALLER).isPresent();
  }

  /** Keeps values until the disk is full, and goes on; then makes place, and goes on again. */
  private static void fill(Path folder) throws IOException, InterruptedException {
    List<StoreEvent> refused = new ArrayList<>();
    Store store =
        Store.builder(folder)
            .checks(Checks.ALWAYS)
            .listener(
                event -> {
                  if (event instanceof StoreEvent.NotStored) {
                    refused.add(event);
                  }
                })
            .build();
    int kept = 0;
    for (int number = 0; number < 60; number++) {
      int before = refused.size();
      keep(store, number);
      Optional<Buffer> found = store.find(wanted(number), Inline.CALLER);
      if (found.isPresent() == (refused.size() > before)
          || (found.isPresent() && !isRight(number, found.get()))) {
        System.out.println("wrong " + number);
      }
      kept += found.isPresent() ? 1 : 0;
    }
    System.out.println(kept > 0 && !refused.isEmpty() ? "was full" : kept + " kept");
    System.out.println("damaged " + store.verify());
    try (Stream<Path> left = Files.list(folder.resolve("tmp"))) {
      System.out.println("left over " + left.toList());
    }
    store.clear();
    // What is still mapped takes its place until the garbage collector has been there.
    for (int trial = 0; trial < 100 && !has(store, 1); trial++) {
      System.gc();
      Thread.sleep(20);
      keep(store, 1);
    }
    System.out.println(has(store, 1) ? "goes on" : "does not go on");
  }

  /** Reads what is whole, and neither fails for what is damaged nor for what is new. */
  private static void readOnly(Path folder) {
    Store store =
        Store.builder(folder)
            .limits(Limits.NONE.withEntries(1))
            .listener(event -> System.out.println(event.getClass().getSimpleName()))
            .build();
    for (int number : new int[] {1, 2, 3}) {
      if (!has(store, number)) {
        keep(store, number);
      }
    }
    System.out.println(store.entries().size());
  }
}
