package dev.kiln.cli;

import dev.kiln.KilnException;
import dev.kiln.cli.bench.Json;
import dev.kiln.spi.Key;
import dev.kiln.store.Entry;
import dev.kiln.store.Limits;
import dev.kiln.store.Store;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code kiln cache}: looks after a folder of kept results. */
@Command(
    name = "cache",
    description = {
      "Look after a folder of results that are kept: by eval --cache, by an engine with a store, or"
          + " by memoised functions.",
      "KEY may be the first digits of a key, where they tell it from others."
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
final class CacheCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--cache",
      paramLabel = "DIR",
      scope = ScopeType.INHERIT,
      description = "The folder; $KILN_CACHE if not given.")
  private @Nullable Path folder;

  @Option(
      names = "--json",
      scope = ScopeType.INHERIT,
      description = "Print one JSON object a line.")
  private boolean json;

  private CacheCommand() {}

  /** The command, ready to be added. */
  static CommandLine commandLine() {
    return new CommandLine(new CacheCommand());
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "say what to do: ls, show, stats, verify, reduce or clear");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private Store store() {
    Path path = folder;
    if (path == null) {
      String variable = System.getenv("KILN_CACHE");
      if (variable == null || variable.isBlank()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "which folder? Give --cache DIR, or set KILN_CACHE");
      }
      path = PathText.parse("KILN_CACHE", variable);
    }
    if (!Files.isDirectory(path)) {
      throw new KilnException("there is no folder " + path + "; check --cache");
    }
    if (!Store.isAt(path)) {
      // Who only looks makes nothing.
      throw new KilnException(
          path + " is no store of results; eval --cache makes one of an empty folder");
    }
    return Store.at(path);
  }

  private Entry entry(Store store, String start) {
    List<Entry> found =
        store.entries().stream().filter(entry -> entry.key().hex().startsWith(start)).toList();
    if (found.size() != 1) {
      throw new KilnException(
          (found.isEmpty() ? "no entry has" : found.size() + " entries have")
              + " a key that begins with '"
              + start
              + "'; kiln cache ls lists them");
    }
    return found.getFirst();
  }

  @Command(name = "ls", description = "List the entries, the latest last.")
  int list() {
    List<Entry> entries =
        store().entries().stream().sorted(Comparator.comparing(Entry::created)).toList();
    for (Entry entry : entries) {
      if (json) {
        out().println(json(entry));
      } else {
        out()
            .printf(
                Locale.ROOT,
                "%s  %9s  %8s  %s old  %s  %s%n",
                entry.key().hex().substring(0, 12),
                Sizes.text(entry.bytes()),
                duration(entry.took()),
                duration(Duration.between(entry.created(), Instant.now())),
                entry.data(),
                entry.label());
      }
    }
    return 0;
  }

  @Command(name = "show", description = "Show an entry.")
  int show(@Parameters(paramLabel = "KEY", description = "The key.") String key) {
    Store store = store();
    Entry entry = entry(store, key);
    if (json) {
      out().println(json(entry));
      return 0;
    }
    out().println("key      " + entry.key());
    out().println("data     " + entry.data());
    out().println("size     " + Sizes.text(entry.bytes()));
    out().println("took     " + duration(entry.took()));
    out().println("created  " + entry.created());
    out().println("made by  " + entry.label());
    out().println("group    " + entry.group());
    out().println("checksum " + entry.checksum());
    out().println("file     " + store.file(entry));
    return 0;
  }

  private static Json json(Entry entry) {
    return new Json()
        .with("key", entry.key().hex())
        .with("data", entry.data().toString())
        .with("bytes", entry.bytes())
        .with("seconds", seconds(entry.took()))
        .with("created", entry.created().toString())
        .with("group", entry.group())
        .with("label", entry.label())
        .with("checksum", entry.checksum());
  }

  /** What a group of entries amounts to. */
  private record Total(long entries, long bytes, Duration took) {
    Total plus(Entry entry) {
      return new Total(entries + 1, bytes + entry.bytes(), took.plus(entry.took()));
    }
  }

  @Command(name = "stats", description = "Sum the entries up, by what made them.")
  int stats() {
    Total all = new Total(0, 0, Duration.ZERO);
    Map<String, Total> groups = new TreeMap<>();
    for (Entry entry : store().entries()) {
      all = all.plus(entry);
      Total before = groups.getOrDefault(entry.group(), new Total(0, 0, Duration.ZERO));
      groups.put(entry.group(), before.plus(entry));
    }
    groups.forEach(this::print);
    print("total", all);
    return 0;
  }

  private void print(String group, Total total) {
    if (json) {
      out()
          .println(
              new Json()
                  .with("group", group)
                  .with("entries", total.entries())
                  .with("bytes", total.bytes())
                  .with("seconds", seconds(total.took())));
    } else {
      out()
          .printf(
              Locale.ROOT,
              "%8d entries  %9s  took %8s to compute  %s%n",
              total.entries(),
              Sizes.text(total.bytes()),
              duration(total.took()),
              group);
    }
  }

  @Command(
      name = "verify",
      description = "Read all entries, compare their checksums, and put damaged ones aside.")
  int verify() {
    List<Key> damaged = store().verify();
    for (Key key : damaged) {
      out().println(json ? new Json().with("damaged", key.hex()).toString() : "damaged: " + key);
    }
    if (!json) {
      out().println(damaged.isEmpty() ? "all entries are whole" : damaged.size() + " put aside");
    }
    return damaged.isEmpty() ? 0 : Main.FAILED;
  }

  @Command(
      name = "reduce",
      description = "Remove the entries that are the least worth their place, until limits hold.")
  int reduce(
      @Option(names = "--bytes", paramLabel = "SIZE", description = "The most bytes, such as 10g.")
          @Nullable String bytes,
      @Option(names = "--entries", paramLabel = "N", description = "The most entries.")
          @Nullable Long entries,
      @Option(
              names = "--days",
              paramLabel = "N",
              description = "The most days since they were made.")
          @Nullable Long days) {
    if (bytes == null && entries == null && days == null) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "say to what: --bytes, --entries or --days");
    }
    Limits limits = Limits.NONE;
    limits = bytes == null ? limits : limits.withBytes(Sizes.parse("--bytes", bytes));
    limits = entries == null ? limits : limits.withEntries(notNegative("--entries", entries));
    limits = days == null ? limits : limits.withAge(days(days));
    tellRemoved(store().reduce(limits));
    return 0;
  }

  private long notNegative(String option, long number) {
    if (number < 0) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), option + " " + number + " is negative; give 0 or more");
    }
    return number;
  }

  /** More days than a duration can have are as good as for ever. */
  private Duration days(long days) {
    long most = Limits.NONE.age().toDays();
    return Duration.ofDays(Math.min(notNegative("--days", days), most));
  }

  @Command(name = "clear", description = "Remove all entries, or those of one group.")
  int clear(
      @Option(names = "--group", paramLabel = "NAME", description = "A group that stats names.")
          @Nullable String group) {
    Store store = store();
    if (group != null) {
      tellRemoved(store.clear(group));
    } else {
      List<Entry> all = store.entries();
      store.clear();
      tellRemoved(all);
    }
    return 0;
  }

  private void tellRemoved(List<Entry> removed) {
    long bytes = removed.stream().mapToLong(Entry::bytes).sum();
    out()
        .println(
            json
                ? new Json().with("removed", removed.size()).with("bytes", bytes).toString()
                : "removed " + removed.size() + " entries, " + Sizes.text(bytes));
  }

  /** Nanoseconds would overflow where an entry says that it took centuries. */
  private static double seconds(Duration time) {
    return time.getSeconds() + time.getNano() / 1e9;
  }

  private static String duration(Duration time) {
    double seconds = seconds(time);
    if (seconds < 0.001) {
      return String.format(Locale.ROOT, "%.1f µs", seconds * 1e6);
    }
    if (seconds < 1) {
      return String.format(Locale.ROOT, "%.1f ms", seconds * 1e3);
    }
    if (seconds < 120) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    if (seconds < 7200) {
      return String.format(Locale.ROOT, "%.1f min", seconds / 60);
    }
    return seconds < 172_800
        ? String.format(Locale.ROOT, "%.1f h", seconds / 3600)
        : String.format(Locale.ROOT, "%.1f days", seconds / 86_400);
  }
}
