package dev.kiln.graph;

import dev.kiln.DType;
import dev.kiln.Shape;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Routine;
import dev.kiln.spi.Buffer;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * The digest of a node: the same for all nodes, in all processes and on all machines, that mean the
 * same; 32 bytes.
 *
 * <p>It is SHA-256 of a binary encoding: the version, the op's name and attributes, dtype, shape,
 * and the inputs' digests. A source counts by the contents of its buffer. Names are written out, so
 * the order of enum constants does not matter; what does change the encoding must change {@link
 * #VERSION}.
 *
 * @param a the first 8 bytes, big-endian
 * @param b the next 8
 * @param c the next 8
 * @param d the last 8
 */
public record Digest(long a, long b, long c, long d) {
  /** The version of the encoding; stores keep results of other versions apart. */
  public static final int VERSION = 1;

  private static final int CHUNK = 1 << 20;

  /**
   * The digests of all nodes that the roots need, a source's contents being the SHA-256 of its
   * bytes.
   */
  public static Map<Node, Digest> of(Collection<Node> roots) {
    return of(roots, Digest::contents);
  }

  /**
   * The digests of all nodes that the roots need.
   *
   * @param contents what identifies the contents of a source's buffer; asked once for each buffer
   */
  public static Map<Node, Digest> of(Collection<Node> roots, Function<Buffer, byte[]> contents) {
    IdentityHashMap<Node, Digest> digests = new IdentityHashMap<>();
    IdentityHashMap<Buffer, byte[]> known = new IdentityHashMap<>();
    Encoder encoder = new Encoder();
    for (Node node : Graphs.topological(roots)) {
      encoder.attributes(
          node.op(), buffer -> known.computeIfAbsent(buffer, key -> contents.apply(key)));
      encoder.text(node.dtype().toString());
      encoder.number(node.shape().rank());
      for (int axis = 0; axis < node.shape().rank(); axis++) {
        encoder.number(node.shape().extent(axis));
      }
      encoder.number(node.inputs().size());
      for (Node input : node.inputs()) {
        Digest digest = digests.get(input);
        if (digest == null) {
          throw new AssertionError("an input after its user: " + input);
        }
        encoder.number(digest.a);
        encoder.number(digest.b);
        encoder.number(digest.c);
        encoder.number(digest.d);
      }
      digests.put(node, encoder.finish());
    }
    return digests;
  }

  /** SHA-256 of a buffer's bytes. */
  public static byte[] contents(Buffer buffer) {
    MessageDigest sha = sha256();
    buffer.hold();
    try {
      MemorySegment segment = buffer.contents();
      for (long at = 0; at < segment.byteSize(); at += CHUNK) {
        long length = Math.min(CHUNK, segment.byteSize() - at);
        sha.update(segment.asSlice(at, length).asByteBuffer());
      }
    } finally {
      buffer.unpin();
    }
    return sha.digest();
  }

  /** The 32 bytes. */
  public byte[] bytes() {
    return ByteBuffer.allocate(32).putLong(a).putLong(b).putLong(c).putLong(d).array();
  }

  /** The bytes as 64 hexadecimal digits. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(bytes());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java has SHA-256", e);
    }
  }

  /**
   * Writes one node after another; every part says its length or has a fixed one, so no two nodes
   * are written alike.
   */
  private static final class Encoder {
    private final MessageDigest sha = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(8);

    Encoder() {
      number(VERSION);
    }

    Digest finish() {
      ByteBuffer digest = ByteBuffer.wrap(sha.digest());
      number(VERSION);
      return new Digest(digest.getLong(), digest.getLong(), digest.getLong(), digest.getLong());
    }

    void attributes(Op op, Function<Buffer, byte[]> contents) {
      switch (op) {
        case Op.Source source -> {
          text("source");
          bytes(contents.apply(source.buffer()));
        }
        case Op.Scalar scalar -> {
          text("scalar");
          number(scalar.bits());
        }
        case Op.Iota iota -> text("iota");
        case Op.Map map -> {
          text("map");
          text(map.function().label());
        }
        case Op.Broadcast broadcast -> text("broadcast");
        case Op.Reshape reshape -> text("reshape");
        case Op.Permute permute -> {
          text("permute");
          numbers(permute.axes());
        }
        case Op.Slice slice -> {
          text("slice");
          numbers(slice.starts());
          numbers(slice.steps());
        }
        case Op.Concat concat -> {
          text("concat");
          number(concat.axis());
        }
        case Op.Reduce reduce -> {
          text("reduce");
          text(reduce.function().name());
          numbers(reduce.axes());
        }
        case Op.Call call -> {
          text("call");
          routine(call.routine());
        }
      }
    }

    private void routine(Routine routine) {
      text(routine.label());
      switch (routine) {
        case Routine.Cumulative cumulative -> number(cumulative.axis());
        case Routine.MatMul matMul -> {
          // Its name says all.
        }
        case Routine.RealFft fft -> {
          // Likewise.
        }
        case Routine.Sort(int axis, boolean descending) -> {
          number(axis);
          number(descending ? 1 : 0);
        }
        case Routine.ArgSort(int axis, boolean descending) -> {
          number(axis);
          number(descending ? 1 : 0);
        }
        case Routine.Foreign(ForeignKernel kernel, int result) -> foreign(kernel, result);
      }
    }

    private void foreign(ForeignKernel kernel, int result) {
      number(result);
      text(kernel.backend());
      text(kernel.source());
      text(kernel.options());
      numbers(kernel.items());
      numbers(kernel.group());
      number(kernel.arguments().size());
      for (ForeignKernel.Argument argument : kernel.arguments()) {
        switch (argument) {
          case ForeignKernel.Argument.Input(DType dtype) -> {
            text("input");
            text(dtype.toString());
          }
          case ForeignKernel.Argument.Result(DType dtype, Shape shape, boolean isUpdate) -> {
            text(isUpdate ? "update" : "result");
            text(dtype.toString());
            numbers(Arrays.stream(shape.toArray()).boxed().toList());
          }
          case ForeignKernel.Argument.Scalar(DType dtype, long bits) -> {
            text("scalar");
            text(dtype.toString());
            number(bits);
          }
          case ForeignKernel.Argument.Local(long bytes) -> {
            text("local");
            number(bytes);
          }
        }
      }
    }

    void number(long value) {
      number.clear();
      sha.update(number.putLong(value).flip());
    }

    private void numbers(Collection<? extends Number> values) {
      number(values.size());
      values.forEach(value -> number(value.longValue()));
    }

    private void text(String text) {
      bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    private void bytes(byte[] bytes) {
      number(bytes.length);
      sha.update(bytes);
    }
  }
}
