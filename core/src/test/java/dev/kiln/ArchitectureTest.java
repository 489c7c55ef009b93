package dev.kiln;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The arrows between rooms: each may use what is listed for it, and the vocabulary. */
class ArchitectureTest {
  private static final Set<String> VOCABULARY =
      Set.of("dev.kiln.DType", "dev.kiln.DType$Kind", "dev.kiln.Shape", "dev.kiln.KilnException");

  private static final String FACE = "dev.kiln";

  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("dev.kiln.kernel", List.of("dev.kiln.kernel.function")),
          Map.entry("dev.kiln.kernel.function", List.of("dev.kiln.kernel")),
          Map.entry("dev.kiln.spi", List.of("dev.kiln.kernel")),
          Map.entry(
              "dev.kiln.graph",
              List.of("dev.kiln.spi", "dev.kiln.kernel", "dev.kiln.kernel.function")),
          Map.entry(
              "dev.kiln.interpret",
              List.of(
                  "dev.kiln.graph", "dev.kiln.spi", "dev.kiln.kernel", "dev.kiln.kernel.function")),
          Map.entry(
              "dev.kiln.rewrite",
              List.of("dev.kiln.interpret", "dev.kiln.graph", "dev.kiln.kernel")),
          Map.entry(
              "dev.kiln.lower",
              List.of("dev.kiln.graph", "dev.kiln.kernel", "dev.kiln.kernel.function")),
          Map.entry(
              "dev.kiln.schedule.cost", List.of("dev.kiln.spi", "dev.kiln.kernel", "dev.kiln.io")),
          Map.entry(
              "dev.kiln.schedule",
              List.of(
                  "dev.kiln.schedule.cost",
                  "dev.kiln.lower",
                  "dev.kiln.rewrite",
                  "dev.kiln.interpret",
                  "dev.kiln.graph",
                  "dev.kiln.spi",
                  "dev.kiln.kernel")),
          Map.entry("dev.kiln.memory", List.of("dev.kiln.spi")),
          Map.entry("dev.kiln.io", List.of("dev.kiln.spi")),
          Map.entry("dev.kiln.task", List.of(FACE, "dev.kiln.schedule")),
          Map.entry(
              FACE,
              List.of(
                  "dev.kiln.schedule",
                  "dev.kiln.schedule.cost",
                  "dev.kiln.rewrite",
                  "dev.kiln.memory",
                  "dev.kiln.interpret",
                  "dev.kiln.graph",
                  "dev.kiln.spi",
                  "dev.kiln.io",
                  "dev.kiln.kernel")));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(DType.class.getProtectionDomain().getCodeSource().getLocation());

  @Test
  void everyPackageIsARoom() {
    Set<String> packages =
        CLASSES.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
    assertThat(packages).containsExactlyInAnyOrderElementsOf(MAY_USE.keySet());
  }

  @Test
  void arrowsRunOneWay() {
    MAY_USE.forEach(
        (room, allowed) ->
            noClasses()
                .that()
                .resideInAPackage(room)
                .should()
                .dependOnClassesThat(
                    describe(
                        "are in a room that " + room + " may not use",
                        used -> isForbidden(room, allowed, used)))
                .check(CLASSES));
  }

  private static boolean isForbidden(String room, List<String> allowed, JavaClass used) {
    String home = used.getPackageName();
    boolean ours = home.equals(FACE) || home.startsWith(FACE + ".");
    return ours
        && !home.equals(room)
        && !allowed.contains(home)
        && !VOCABULARY.contains(used.getName());
  }

  @Test
  void coreNeedsJavaBaseAndFlightRecordingsAlone() {
    noClasses()
        .should()
        .dependOnClassesThat(
            describe(
                "are outside java.base and jdk.jfr",
                used ->
                    !used.getPackageName().startsWith("dev.kiln")
                        && !used.getPackageName().startsWith("java.lang")
                        && !used.getPackageName().startsWith("java.util")
                        && !used.getPackageName().startsWith("java.io")
                        && !used.getPackageName().startsWith("java.nio")
                        && !used.getPackageName().startsWith("java.math")
                        && !used.getPackageName().startsWith("java.security")
                        && !used.getPackageName().startsWith("java.time")
                        && !used.getPackageName().equals("jdk.jfr")
                        && !used.getPackageName().startsWith("org.jspecify")
                        && !used.isPrimitive()
                        && !used.isArray()))
        .check(CLASSES);
  }

  @Test
  void noCyclesBetweenRoomsOtherThanTheVocabularyAndFunctions() {
    slices()
        .matching("dev.kiln.(graph|rewrite|lower|schedule|spi|memory|interpret|io)..")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }
}
