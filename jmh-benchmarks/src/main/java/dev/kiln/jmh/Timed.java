package dev.kiln.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * How everything is timed unless the command line says otherwise.
 *
 * <p>Five forks: runs of the same code differ by up to a factor of two between JVMs, depending on
 * what was inlined where, so that one JVM's figure means little. Eight seconds to warm up: large
 * kernels were seen to become faster for seven. The heap has its memory from the start: what grows
 * meanwhile touches new pages, which took ten times as long as a call of small arrays.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
    value = 5,
    jvmArgsAppend = {
      "--add-modules",
      "jdk.incubator.vector",
      "--enable-native-access=ALL-UNNAMED",
      "-Xms2g",
      "-Xmx4g",
      "-Xmn1g",
      "-XX:+AlwaysPreTouch"
    })
@Warmup(iterations = 8, time = 1)
@Measurement(iterations = 5, time = 1)
public abstract class Timed {
  Timed() {}
}
