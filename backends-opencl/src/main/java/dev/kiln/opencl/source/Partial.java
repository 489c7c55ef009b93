package dev.kiln.opencl.source;

import dev.kiln.DType;
import java.util.List;
import java.util.function.Consumer;

/**
 * A reduction in two steps: of a block, whose elements are in the private array x, into scratch;
 * and of a sequence, whose blocks' results are in scratch, into the output.
 */
sealed interface Partial permits ArgFold, CanonicalFold, MomentsFold, PlainFold {
  /**
   * An array of scratch.
   *
   * @param output the output that a lone block's result is; −1 for none
   */
  record Array(DType dtype, int output) {}

  /**
   * How a team goes over a block once.
   *
   * @param declare adds a lane's variables
   * @param fold adds what becomes of an element
   * @param finish adds what becomes of the lanes
   */
  record Round(Consumer<Lines> declare, Consumer<Lines> fold, Consumer<Lines> finish) {}

  /** The value whose elements are reduced. */
  int value();

  /** The scratch it needs. */
  List<Array> arrays();

  /** Adds the first step, for the block {@code unit} of {@code length} elements. */
  void block(Lines lines, Helpers helpers, int part);

  /** Adds the second step, for the sequence {@code row} whose blocks begin at {@code at}. */
  void combine(Lines lines, Helpers helpers, int part);

  /** The first step for a team, in one or two rounds. */
  List<Round> rounds(Team team, Helpers helpers, int part);

  /** Adds the second step for a team; {@code mine} is the number of blocks. */
  void combine(Lines lines, Helpers helpers, Team team, int part);

  /** The statement that writes an output. */
  static String write(int output, String value) {
    return "o" + output + "[o" + output + "_offset + row] = " + value + ";";
  }
}
