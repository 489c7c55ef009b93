package dev.kiln.store;

import dev.kiln.DType;
import dev.kiln.Engine;
import dev.kiln.NDArray;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a change of one block of a large file costs. Run with the test classpath of this module, the
 * module {@code jdk.incubator.vector}, and an empty folder with room for twice the size: {@code
 * RowBlocksBench FOLDER [MIB]}.
 */
final class RowBlocksBench {
  private static final int COLUMNS = 2048;

  private RowBlocksBench() {}

  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[0]);
    long mebibytes = args.length > 1 ? Long.parseLong(args[1]) : 1024;
    long rows = (mebibytes << 20) / (COLUMNS * Float.BYTES);
    Path file = folder.resolve("x.npy");
    try (Engine plain = Engine.builder().build()) {
      plain.save(
          file,
          plain
              .arange(0, rows * COLUMNS, 1)
              .astype(DType.FLOAT64)
              .multiply(0.37)
              .sin()
              .astype(DType.FLOAT32)
              .reshape(-1, COLUMNS));
    }
    run("without a store", file, null);
    Store store = Store.at(folder.resolve("store"));
    run("first", file, store);
    run("again", file, Store.at(folder.resolve("store")));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(4096), channel.size() / 2 + (1 << 20));
    }
    run("one block changed", file, Store.at(folder.resolve("store")));
  }

  private static void run(String what, Path file, Store store) {
    AtomicInteger stored = new AtomicInteger();
    Engine.Builder builder = Engine.builder();
    if (store != null) {
      Store telling =
          Store.builder(store.folder())
              .listener(
                  event -> {
                    if (event instanceof StoreEvent.Stored) {
                      stored.incrementAndGet();
                    }
                  })
              .build();
      builder.store(telling);
    }
    try (Engine engine = builder.build()) {
      long start = System.nanoTime();
      NDArray x = engine.load(file);
      x.exp().sin().add(1.5).log().sort(1).compute();
      System.out.printf(
          "%-20s %6.2f s, %d entries written%n",
          what, (System.nanoTime() - start) / 1e9, stored.get());
    }
  }
}
