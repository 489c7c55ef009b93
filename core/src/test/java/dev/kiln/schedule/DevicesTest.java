package dev.kiln.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.DType;
import dev.kiln.KilnException;
import dev.kiln.Shape;
import dev.kiln.contract.TestBuffer;
import dev.kiln.contract.TestGraphs;
import dev.kiln.graph.BuildForeign;
import dev.kiln.graph.ElementOp;
import dev.kiln.graph.Node;
import dev.kiln.interpret.Elements;
import dev.kiln.interpret.PlainBackend;
import dev.kiln.kernel.ForeignKernel;
import dev.kiln.kernel.Kernel;
import dev.kiln.kernel.Routine;
import dev.kiln.schedule.cost.Profile;
import dev.kiln.schedule.cost.Profiles;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Buffer;
import dev.kiln.spi.Device;
import dev.kiln.spi.Executable;
import dev.kiln.spi.Launch;
import dev.kiln.spi.Memory;
import dev.kiln.spi.RoutineExecutable;
import dev.kiln.spi.RoutineLaunch;
import dev.kiln.spi.Workers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice among made-up devices, by made-up figures. */
class DevicesTest {
  private static final long LONG = (long) Devices.LOOKING_NANOS;

  /** So slow that three elements take a second. */
  private static final Profile SLOW = new Profile(1e9, 0, 1e9, 1e9, 1e9);

  private static final Profile QUICK = new Profile(1e6, 0, 1e9, 1e9, 1e9);

  @TempDir Path folder;

  private final Dispatcher workers = new Dispatcher(1);
  private final Memory memory = TestBuffer.memory();
  private final Backend home = new PlainBackend();
  private Profiles profiles = new Profiles(Optional.empty());

  @BeforeEach
  void keepProfiles() {
    profiles = new Profiles(Optional.of(folder));
  }

  @AfterEach
  void stop() {
    workers.stop();
  }

  /** Computes as home does, and counts. */
  private static final class Fake implements BackendProvider, Backend {
    final List<String> asked = new ArrayList<>();
    int launches;
    boolean isOpen;
    boolean isMissing;
    boolean isBroken;
    boolean runsAll = true;
    boolean float64 = true;
    long memoryBytes = 1L << 40;
    String kind = "gpu";

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public Availability availability() {
      asked.add("availability");
      return isMissing ? new Availability.Missing("none", "buy one") : new Availability.Ready("ok");
    }

    @Override
    public List<Device> devices() {
      return List.of(
          new Device("fake:7", "Seven", kind, memoryBytes, 8, float64, "driver 1", List.of()));
    }

    @Override
    public BackendProvider on(String device) {
      assertThat(device).isEqualTo("7");
      return this;
    }

    @Override
    public Backend open(Workers workers, Memory memory) {
      asked.add("open");
      if (isBroken) {
        throw new KilnException("it does not open");
      }
      assertThat(isOpen).isFalse();
      isOpen = true;
      return this;
    }

    @Override
    public String describe() {
      return "made up";
    }

    @Override
    public boolean runs(Kernel kernel) {
      return runsAll;
    }

    @Override
    public Executable compile(Kernel kernel) {
      Executable plain = new PlainBackend().compile(kernel);
      return new Executable() {
        @Override
        public void launch(Launch launch) {
          launches++;
          plain.launch(launch);
        }

        @Override
        public String describe() {
          return "made up";
        }
      };
    }

    @Override
    public Optional<RoutineExecutable> routine(Routine routine, DType dtype) {
      return routine instanceof Routine.Foreign ? Optional.of(new Fives()) : Optional.empty();
    }

    @Override
    public void close() {
      isOpen = false;
    }

    String fingerprint() {
      return "fake: Seven, " + kind + ", driver 1, 8 units";
    }
  }

  /** A user's own kernel: whatever it is given, it writes fives. */
  private record Fives() implements RoutineExecutable {
    @Override
    public void launch(RoutineLaunch launch) {
      RoutineLaunch.Array output = launch.output();
      for (int i = 0; i < output.shape().size(); i++) {
        Elements.set(output.buffer().segment(), output.dtype(), i, 5);
      }
    }

    @Override
    public String describe() {
      return "fives";
    }
  }

  private Devices devices(Fake fake, Profile atHome, Profile there) {
    profiles.keep(Devices.fingerprint(home), atHome);
    profiles.keep(fake.fingerprint(), there);
    return new Devices(home, List.of(fake), workers, memory, profiles);
  }

  private static Node sum() {
    Node x = TestGraphs.floats(1, 2, 3);
    return TestGraphs.map(ElementOp.ADD, x, x);
  }

  private static History history(Node root) {
    return new PlanCache().compile(List.of(root)).history();
  }

  private static String chosen(Devices devices, History history) {
    history.begin();
    return devices.choose(history).backend(0).name();
  }

  private long[] compute(Devices devices, Node root, DType dtype) {
    PlanCache.Bound bound = new PlanCache().compile(List.of(root));
    bound.history().begin();
    List<Buffer> results =
        Runner.run(
            bound.compiled().plan(),
            bound.inputs(),
            devices.choose(bound.history()),
            Optional.of(bound.history()),
            memory,
            new Debug(0, System.err));
    return TestBuffer.read(results.getFirst(), dtype);
  }

  @Test
  void whoComputesLittleLooksForNothing() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, SLOW, QUICK)) {
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
      assertThat(devices.explain(history(sum())).choices()).isEmpty();
      assertThat(fake.asked).isEmpty();
    }
  }

  @Test
  void whoHasComputedForLongTakesTheQuickestAndTheBitsAreTheSame() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, SLOW, QUICK)) {
      long[] atHome = compute(devices, sum(), DType.FLOAT32);
      assertThat(fake.launches).isZero();
      devices.spent(LONG);
      assertThat(compute(devices, sum(), DType.FLOAT32)).isEqualTo(atHome);
      assertThat(fake.launches).isOne();
    }
    assertThat(fake.isOpen).isFalse();
  }

  @Test
  void aQuickHomeKeepsItsStepsAndNothingIsOpened() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, QUICK, SLOW)) {
      devices.spent(LONG);
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
      assertThat(fake.asked).containsExactly("availability");
    }
  }

  @Test
  void aStepMovesWhenItsRunsHavePaidForCompiling() {
    Fake fake = new Fake();
    Profile dearToMake = new Profile(1e6, 2.5e9, 1e9, 1e9, 1e9);
    try (Devices devices = devices(fake, SLOW, dearToMake)) {
      devices.spent(LONG);
      History history = history(sum());
      assertThat(chosen(devices, history)).isEqualTo("plain");
      assertThat(devices.explain(history).choices().getFirst().inWords())
          .isEqualTo(
              "plain; plain 1,000,000 us, fake:7 1,000 us; fake:7 from run 3 on, which pays for"
                  + " compiling there");
      assertThat(chosen(devices, history)).isEqualTo("plain");
      assertThat(chosen(devices, history)).isEqualTo("fake");
      assertThat(devices.explain(history).choices().getFirst().inWords())
          .isEqualTo("fake:7; plain 1,000,000 us, fake:7 1,000 us");
    }
  }

  @Test
  void aDeviceMustBeClearlyFaster() {
    for (double part : new double[] {0.85, 0.75}) {
      Fake fake = new Fake();
      try (Devices devices = devices(fake, SLOW, new Profile(part * 1e9, 0, 1e9, 1e9, 1e9))) {
        devices.spent(LONG);
        assertThat(chosen(devices, history(sum()))).isEqualTo(part < 0.8 ? "fake" : "plain");
      }
    }
  }

  private static final Profile TEN = new Profile(1e7, 0, 1e12, 1e12, 1e12);
  private static final Profile NINE = new Profile(0.9e7, 0, 1e12, 1e12, 1e12);

  private static Node sum(double... numbers) {
    Node x = TestGraphs.floats(numbers);
    return TestGraphs.map(ElementOp.ADD, x, x);
  }

  private static List<String> names(Placement placement, int steps) {
    return IntStream.range(0, steps).mapToObj(step -> placement.backend(step).name()).toList();
  }

  @Test
  void independentStepsAreSharedOutAndTheLongerSideCounts() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, TEN, NINE)) {
      devices.spent(LONG);
      List<Node> roots = List.of(sum(1, 2), sum(3, 4), sum(5, 6));
      PlanCache.Bound bound = new PlanCache().compile(roots);
      Placement placement = devices.choose(bound.history());
      assertThat(names(placement, 3)).containsExactly("plain", "fake", "plain");
      assertThat(Explain.kernels(bound.compiled().plan(), placement))
          .contains("; beside step 1", "; beside steps 0, 2", "  all steps: 20,000 us\n");
    }
  }

  @Test
  void theHostsProcessorIsOneWhoeverDrivesIt() {
    Fake fake = new Fake();
    fake.kind = "cpu";
    try (Devices devices = devices(fake, TEN, NINE)) {
      devices.spent(LONG);
      List<Node> roots = List.of(sum(1, 2), sum(3, 4));
      PlanCache.Bound bound = new PlanCache().compile(roots);
      Placement placement = devices.choose(bound.history());
      assertThat(names(placement, 2)).containsExactly("plain", "plain");
      assertThat(Explain.kernels(bound.compiled().plan(), placement))
          .contains("  all steps: 20,000 us\n");
    }
  }

  @Test
  void aChainGainsNothingByAnotherDeviceThatIsNoFaster() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, TEN, NINE)) {
      devices.spent(LONG);
      Node first = sum(1, 2);
      List<Node> roots = List.of(first, TestGraphs.map(ElementOp.NEGATIVE, first));
      Placement placement = devices.choose(new PlanCache().compile(roots).history());
      assertThat(names(placement, 2)).containsExactly("plain", "plain");
    }
  }

  @Test
  void smallStepsAreNotWorthAThread() {
    Fake fake = new Fake();
    Profile small = new Profile(5e4, 0, 1e12, 1e12, 1e12);
    try (Devices devices = devices(fake, small, small)) {
      devices.spent(LONG);
      List<Node> roots = List.of(sum(1, 2), sum(3, 4));
      Placement placement = devices.choose(new PlanCache().compile(roots).history());
      assertThat(names(placement, 2)).containsExactly("plain", "plain");
    }
  }

  @Test
  void aDeviceWithoutFloat64IsNoCandidateForIt() {
    Fake fake = new Fake();
    fake.float64 = false;
    try (Devices devices = devices(fake, SLOW, new Profile(1, 0, 1e12, 1e12, 0))) {
      devices.spent(LONG);
      Node x = TestGraphs.doubles(1, 2, 3);
      History history = history(TestGraphs.map(ElementOp.ADD, x, x));
      assertThat(chosen(devices, history)).isEqualTo("plain");
      assertThat(devices.explain(history).choices().getFirst().inWords()).contains("fake:7 cannot");
      assertThat(chosen(devices, history(sum()))).isEqualTo("fake");
    }
  }

  @Test
  void norIsOneThatCannotRunTheKernelOrHasNoMemoryForIt() {
    Fake picky = new Fake();
    picky.runsAll = false;
    try (Devices devices = devices(picky, SLOW, QUICK)) {
      devices.spent(LONG);
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
    }
    Fake small = new Fake();
    small.memoryBytes = 40;
    try (Devices devices = devices(small, SLOW, QUICK)) {
      devices.spent(LONG);
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
    }
  }

  @Test
  void norOneWithoutTheRoutine() {
    Fake fake = new Fake();
    try (Devices devices = devices(fake, SLOW, QUICK)) {
      devices.spent(LONG);
      Node x = TestGraphs.floats(1, 2, 3);
      Node sorted = TestGraphs.call(new Routine.Sort(0, false), x);
      assertThat(chosen(devices, history(sorted))).isEqualTo("plain");
    }
  }

  @Test
  void aDeviceThatIsMissingOrBrokenIsNoneAndNoError() {
    Fake missing = new Fake();
    missing.isMissing = true;
    try (Devices devices = devices(missing, SLOW, QUICK)) {
      devices.spent(LONG);
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
      assertThat(missing.asked).doesNotContain("open");
    }
    Fake broken = new Fake();
    broken.isBroken = true;
    try (Devices devices = devices(broken, SLOW, QUICK)) {
      devices.spent(LONG);
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
      assertThat(chosen(devices, history(sum()))).isEqualTo("plain");
      assertThat(broken.asked.stream().filter("open"::equals)).hasSize(1);
    }
  }

  @Test
  void ownKernelsRunWhereTheirLanguageIsSpoken() {
    Fake fake = new Fake();
    ForeignKernel kernel =
        new ForeignKernel(
            "fake",
            "source",
            "",
            "fives",
            List.of(new ForeignKernel.Argument.Result(DType.INT32, Shape.of(3), false)),
            List.of(3L),
            List.of());
    try (Devices devices = devices(fake, QUICK, SLOW)) {
      assertThat(devices.speaking(kernel)).isSameAs(fake);
      Node fives = BuildForeign.results(kernel, List.of()).getFirst();
      Node tens = TestGraphs.map(ElementOp.ADD, fives, fives);
      assertThat(compute(devices, tens, DType.INT32)).containsExactly(10, 10, 10);
      assertThat(fake.launches).as("the sum stays at home").isZero();
    }
    Fake missing = new Fake();
    missing.isMissing = true;
    try (Devices devices = devices(missing, QUICK, SLOW)) {
      assertThatThrownBy(() -> devices.speaking(kernel))
          .isInstanceOf(KilnException.class)
          .hasMessageContaining("is written for the backend 'fake', and this computes on plain");
    }
  }

  @Test
  void groupsOfRowsStayTogetherAtHomeAlone() {
    Node x = TestGraphs.floats(1, 2, 3);
    History history = history(TestGraphs.map(ElementOp.ADD, x, x));
    Fake fake = new Fake();
    RowGroup group = new RowGroup(0, List.of(), 1, Set.of(), 1, 1);
    assertThat(Placement.at(home).isAtHome(group)).isTrue();
    try (Devices devices = devices(fake, SLOW, QUICK)) {
      devices.spent(LONG);
      history.begin();
      RowGroup one =
          new RowGroup(
              0, List.of((Step.Kernels) history.plan().steps().getFirst()), 1, Set.of(), 1, 1);
      assertThat(devices.choose(history).isAtHome(one)).isFalse();
    }
  }

  @Test
  void whatARunMeasuredIsTold() {
    PlanCache.Bound bound = new PlanCache().compile(List.of(sum()));
    assertThat(Explain.times(bound.history())).isEmpty();
    Runner.run(
        bound.compiled().plan(),
        bound.inputs(),
        Placement.at(home),
        Optional.of(bound.history()),
        memory,
        new Debug(0, System.err));
    assertThat(Explain.times(bound.history()))
        .matches("measured when it ran last:\n  step 0: \\d+ us\n");
  }
}
