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
 * others perhaps, for a key of this thread gets no lock and computes all the same.
 */
final class KeyLocks {
  private static final Map<Name, Thread> HOLDERS = new HashMap<>();
  private static final Map<Thread, Name> WAITING = new HashMap<>();
  private static final Map<Path, OpenFile> FILES = new HashMap<>();

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
        try {
          lock.release();
        } catch (IOException e) {
          // Closing the file, or the end of the process, releases it as well.
        }
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
            one.lock = lock(one.file.channel, key);
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

  /** Becomes the one process; none where the file system has no locks. */
  private static @Nullable FileLock lock(FileChannel channel, Key key) throws InterruptedException {
    long place = Long.parseUnsignedLong(key.hex().substring(0, 16), 16) >>> 2;
    long nap = SHORTEST_NAP;
    try {
      // Not lock(), which an interrupt answers by closing the channel, and with it all locks.
      FileLock lock = channel.tryLock(place, 1, false);
      while (lock == null) {
        Thread.sleep(nap);
        nap = Math.min(LONGEST_NAP, 2 * nap);
        lock = channel.tryLock(place, 1, false);
      }
      return lock;
    } catch (IOException | OverlappingFileLockException e) {
      // No locks there, or the class was loaded twice in this JVM and the other one has the lock.
      // Two may compute the same then; both get it right.
      return null;
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
                      Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
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
