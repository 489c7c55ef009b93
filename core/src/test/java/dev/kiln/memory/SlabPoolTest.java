package dev.kiln.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SlabPoolTest {
  private static final long LIMIT = 64L << 20;

  @Test
  void blocksAreAlignedAndNeverOverlap() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      SplittableRandom random = new SplittableRandom(1);
      List<Buffer> live = new ArrayList<>();
      for (int i = 0; i < 5_000; i++) {
        if (live.size() > 40 || (!live.isEmpty() && random.nextInt(3) == 0)) {
          Buffer gone = live.remove(random.nextInt(live.size()));
          checkMark(gone);
          gone.release();
        } else {
          Buffer buffer = pool.allocate(random.nextLong(1L << random.nextInt(21)));
          long address = buffer.pin();
          assertThat(address % 64).isZero();
          buffer.unpin();
          mark(buffer);
          live.add(buffer);
        }
      }
      live.forEach(SlabPoolTest::checkMark);
    }
  }

  /** Fills a buffer with a number of its own. */
  private static void mark(Buffer buffer) {
    buffer.segment().fill((byte) System.identityHashCode(buffer));
  }

  private static void checkMark(Buffer buffer) {
    MemorySegment segment = buffer.segment();
    byte mark = (byte) System.identityHashCode(buffer);
    for (long at = 0; at < segment.byteSize(); at += 61) {
      assertThat(segment.get(ValueLayout.JAVA_BYTE, at)).isEqualTo(mark);
    }
  }

  @Test
  void releasedMemoryIsHandedOutAgain() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      Buffer first = pool.allocate(5 << 20);
      long address = first.pin();
      first.unpin();
      first.release();
      first.release();
      assertThat(pool.bytesInUse()).isZero();
      Buffer second = pool.allocate(5 << 20);
      assertThat(second.pin()).isEqualTo(address);
      second.unpin();
    }
  }

  @Test
  void whatIsDroppedIsRecycledBeforeMuchMoreIsMapped() {
    try (SlabPool pool = new SlabPool(64L << 30)) {
      Buffer live = pool.allocate(128L << 20);
      for (int i = 0; i < 200; i++) {
        pool.allocate(128L << 20); // 25 GiB in all, never touched
      }
      // 1 GiB, and what the collector may find late.
      assertThat(pool.bytesMapped()).isLessThan(3L << 29);
      assertThat(live.byteSize()).isEqualTo(128L << 20);
    }
  }

  @Test
  void aPinOutlivesTheReleaseAndNotTheOtherWayRound() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      Buffer buffer = pool.allocate(1000);
      buffer.pin();
      buffer.release();
      assertThat(pool.bytesInUse()).isPositive();
      buffer.unpin();
      assertThat(pool.bytesInUse()).isZero();
      assertThatThrownBy(buffer::pin)
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("released");
      assertThatThrownBy(buffer::segment).isInstanceOf(KilnException.class);
    }
  }

  @Test
  void segmentsOfReleasedMemoryAreDead() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      Buffer buffer = pool.allocate(100);
      MemorySegment segment = buffer.segment();
      assertThat(segment.byteSize()).isEqualTo(100);
      buffer.release();
      assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatIsUnreachableComesBackBeforeTheLimitIsHit() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      for (int i = 0; i < 100; i++) {
        assertThat(pool.allocate(10 << 20).byteSize()).isEqualTo(10 << 20);
      }
      assertThat(pool.bytesMapped()).isLessThanOrEqualTo(LIMIT);
    }
  }

  @Test
  void freeBlocksOfOtherSizesMakeRoom() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      List<Buffer> buffers = new ArrayList<>();
      for (int i = 0; i < 15; i++) {
        buffers.add(pool.allocate(4 << 20));
      }
      buffers.forEach(Buffer::release);
      Buffer whole = pool.allocate(56 << 20);
      assertThat(whole.byteSize()).isEqualTo(56 << 20);
      assertThat(pool.bytesMapped()).isLessThanOrEqualTo(LIMIT);
    }
  }

  @Test
  void errorsNameTheSizes() {
    try (SlabPool pool = new SlabPool(LIMIT)) {
      assertThatThrownBy(() -> pool.allocate(LIMIT + 1))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining(Long.toString(LIMIT + 1))
          .hasMessageContaining(Long.toString(LIMIT));
      List<Buffer> held = new ArrayList<>();
      assertThatThrownBy(
              () -> {
                while (held.size() < 100) {
                  held.add(pool.allocate(20 << 20));
                }
              })
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("out of memory");
      assertThat(held).hasSize(3);
    }
    assertThatThrownBy(() -> new SlabPool(10)).isInstanceOf(KilnException.class);
  }

  @Test
  void aClosedPoolIsAnErrorForEveryUse() {
    SlabPool pool = new SlabPool(LIMIT);
    Buffer buffer = pool.allocate(10 << 20);
    MemorySegment segment = buffer.segment();
    pool.close();
    pool.close();
    assertThat(pool.bytesMapped()).isZero();
    assertThatThrownBy(buffer::pin)
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("closed");
    assertThatThrownBy(() -> segment.get(ValueLayout.JAVA_BYTE, 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> pool.allocate(1)).isInstanceOf(KilnException.class);
    buffer.release();
  }
}
