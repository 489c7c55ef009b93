package dev.kiln.store;

import dev.kiln.KilnException;
import dev.kiln.spi.Key;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who computes which key: one thread of one process at a time. The others wait.
 *
 * <p>Between processes it is a lock on one byte of the folder's lock file, whose place is the key's
 * first bits: nothing has to be created or cleaned up, and the operating system gives it up when
 * its process ends, however it ends. Such locks belong to the whole process, and closing a file
 * gives up all locks on it. Therefore all stores of a JVM share the tables below; they hold
 * something only while something is computed.
 *
 * <p>Nobody waits for himself: a thread that would wait for a key whose holder waits, through
 * others perhaps, for a key of this thread gets no lock and computes all the same. Who waits for
 * whom in other processes cannot be followed. So a thread that holds keys and waits for another
 * process locks a second byte for each of its keys, and does not wait for a holder that has done so
 * for the key it wants: where such waiting goes in a circle, somebody sees it.
 */
final class KeyLocks {
  private static final Map<Name, Thread> HOLDERS = new HashMap<>();
  private static final Map<Thread, Name> WAITING = new HashMap<>();
  private static final Map<Path, OpenFile> FILES = new HashMap<>();

  /** From a key's byte to that which says that its holder waits; there are fewer keys' places. */
  private static final long WAITS = 1L << 62;

  private static final long SHORTEST_NAP = 1;
  private static final long LONGEST_NAP = 20;

  private KeyLocks() {}

  private record Name(Path file, Key key) {}

  private static final class OpenFile {
    final FileChannel channel;
    int users;

    OpenFile(FileChannel channel) {
      this.channel = channel;
    }
  }

  /** Keys that the thread holds; closed when they are computed. */
  static final class Hold implements AutoCloseable {
    private final List<One> held = new ArrayList<>();

    @Override
    public void close() {
      held.reversed().forEach(One::release);
      held.clear();
    }
  }

  private static final class One {
    final Name name;
    final @Nullable OpenFile file;
    @Nullable FileLock lock;

    One(Name name, @Nullable OpenFile file) {
      this.name = name;
      this.file = file;
    }

    void release() {
      if (lock != null) {
        KeyLocks.release(lock);
      }
      synchronized (HOLDERS) {
        HOLDERS.remove(name);
        if (file != null) {
          closeUnused(name.file, file);
        }
        HOLDERS.notifyAll();
      }
    }
  }

  /**
   * Waits for these keys.
   *
   * @throws KilnException where the thread is interrupted, which holds nothing then
   */
  static Hold acquire(Path file, Collection<Key> keys) {
    Hold hold = new Hold();
    boolean done = false;
    try {
      // In order, so that two who want the same keys don't wait for each other.
      Set<Key> ordered = new TreeSet<>(keys);
      for (Key key : ordered) {
        Name name = new Name(file, key);
        if (enter(name)) {
          One one = new One(name, open(file));
          hold.held.add(one);
          if (one.file != null) {
            one.lock = lock(one.file.channel, key, keysOf(Thread.currentThread(), name));
          }
        }
      }
      done = true;
      return hold;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KilnException(
          "interrupted while another thread or process computes the same result", e);
    } finally {
      if (!done) {
        hold.close();
      }
    }
  }

  /** Becomes the one thread of this JVM; false where waiting would have no end. */
  private static boolean enter(Name name) throws InterruptedException {
    Thread me = Thread.currentThread();
    synchronized (HOLDERS) {
      while (HOLDERS.containsKey(name)) {
        if (waitsForMe(name, me)) {
          return false;
        }
        WAITING.put(me, name);
        try {
          HOLDERS.wait();
        } finally {
          WAITING.remove(me);
        }
      }
      HOLDERS.put(name, me);
      return true;
    }
  }

  private static boolean waitsForMe(Name name, Thread me) {
    Name wanted = name;
    while (wanted != null) {
      Thread holder = HOLDERS.get(wanted);
      if (holder == me) {
        return true;
      }
      wanted = holder == null ? null : WAITING.get(holder);
    }
    return false;
  }

  /** What the thread holds in that one's file, beside that one. */
  private static List<Key> keysOf(Thread thread, Name but) {
    synchronized (HOLDERS) {
      return HOLDERS.entrySet().stream()
          .filter(entry -> entry.getValue() == thread)
          .map(Map.Entry::getKey)
          .filter(name -> name.file.equals(but.file) && !name.equals(but))
          .map(Name::key)
          .toList();
    }
  }

  /**
   * Becomes the one process; none where the file system has no locks, or waiting may have no end.
   *
   * @param mine what the thread holds already
   */
  private static @Nullable FileLock lock(FileChannel channel, Key key, List<Key> mine)
      throws InterruptedException {
    Map<Key, FileLock> waits = new HashMap<>();
    try {
      long nap = SHORTEST_NAP;
      // Not lock(), which an interrupt answers by closing the channel, and with it all locks.
      FileLock lock = channel.tryLock(place(key), 1, false);
      while (lock == null) {
        for (Key held : mine) {
          FileLock known = waits.get(held);
          FileLock wait = known == null ? channel.tryLock(WAITS + place(held), 1, false) : known;
          if (wait != null) {
            waits.put(held, wait);
          }
        }
        if (!mine.isEmpty() && holderWaits(channel, key)) {
          return null;
        }
        Thread.sleep(nap);
        nap = Math.min(LONGEST_NAP, 2 * nap);
        lock = channel.tryLock(place(key), 1, false);
      }
      return lock;
    } catch (IOException | OverlappingFileLockException e) {
      // No locks there, or the class was loaded twice in this JVM and the other one has the lock.
      // Two may compute the same then; both get it right.
      return null;
    } finally {
      waits.values().forEach(KeyLocks::release);
    }
  }

  private static boolean holderWaits(FileChannel channel, Key key) throws IOException {
    // Shared, so that others may look at the same time.
    FileLock nobody = channel.tryLock(WAITS + place(key), 1, true);
    if (nobody != null) {
      release(nobody);
    }
    return nobody == null;
  }

  private static long place(Key key) {
    return Long.parseUnsignedLong(key.hex().substring(0, 16), 16) >>> 2;
  }

  private static void release(FileLock lock) {
    try {
      lock.release();
    } catch (IOException e) {
      // Closing the file, or the end of the process, releases it as well.
    }
  }

  private static @Nullable OpenFile open(Path path) {
    synchronized (HOLDERS) {
      OpenFile file = FILES.get(path);
      if (file == null) {
        try {
          file =
              new OpenFile(
                  FileChannel.open(
                      path,
                      Set.of(
                          StandardOpenOption.CREATE,
                          StandardOpenOption.READ,
                          StandardOpenOption.WRITE),
                      Folder.OWNER_FILE));
        } catch (IOException e) {
          // A folder that may not be written: nothing is kept there either, which is told then.
          return null;
        }
        FILES.put(path, file);
      }
      file.users++;
      return file;
    }
  }

  private static void closeUnused(Path path, OpenFile file) {
    file.users--;
    if (file.users == 0) {
      FILES.remove(path);
      try {
        file.channel.close();
      } catch (IOException e) {
        // No lock is left on it.
      }
    }
  }
}
