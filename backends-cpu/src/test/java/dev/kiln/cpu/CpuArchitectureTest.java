package dev.kiln.cpu;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import jdk.incubator.vector.Vector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** What rooms of the backend see of one another, and how vectors are handled. */
class CpuArchitectureTest {
  private static final Set<String> VOCABULARY =
      Set.of("dev.kiln.DType", "dev.kiln.DType$Kind", "dev.kiln.Shape", "dev.kiln.KilnException");

  private static final Set<String> EVERYBODYS =
      Set.of("dev.kiln.kernel", "dev.kiln.kernel.function", "dev.kiln.spi");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(CpuProvider.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void theBackendSeesKernelsAndTheInterfaceOfBackends() {
    mayUse("dev.kiln.cpu", Set.of("dev.kiln.cpu.routine", "dev.kiln.cpu.heat"));
  }

  @Test
  void routinesSeeNothingOfKernelsLoops() {
    mayUse("dev.kiln.cpu.routine", Set.of("dev.kiln.cpu.heat"));
  }

  @Test
  void heatKnowsNothingOfWhatIsHeated() {
    noClasses()
        .that()
        .resideInAPackage("dev.kiln.cpu.heat")
        .should()
        .dependOnClassesThat(
            describe(
                "are ours",
                used -> isOurs(used) && !used.getPackageName().equals("dev.kiln.cpu.heat")))
        .check(CLASSES);
  }

  private static void mayUse(String room, Set<String> rooms) {
    noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            describe(
                "are in a room that " + room + " may not use",
                used ->
                    isOurs(used)
                        && !used.getPackageName().equals(room)
                        && !EVERYBODYS.contains(used.getPackageName())
                        && !rooms.contains(used.getPackageName())
                        && !VOCABULARY.contains(used.getName())))
        .check(CLASSES);
  }

  private static boolean isOurs(JavaClass used) {
    return used.getPackageName().equals("dev.kiln")
        || used.getPackageName().startsWith("dev.kiln.");
  }

  /**
   * The compiler puts methods of the Vector API into their callers in any case, others only where
   * it has seen them called often; where it does not, every vector becomes an object for good.
   */
  @Test
  @DisabledIfSystemProperty(named = "kiln.test.noVector", matches = "true")
  void vectorsDoNotGoThroughMethodsOfOurs() {
    noMethods()
        .should()
        .haveRawReturnType(assignableTo(Vector.class))
        .orShould()
        .haveRawParameterTypes(
            describe(
                "with a vector among them",
                types -> types.stream().anyMatch(assignableTo(Vector.class))))
        .check(CLASSES);
  }
}
