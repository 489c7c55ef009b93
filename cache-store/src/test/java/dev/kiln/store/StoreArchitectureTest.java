package dev.kiln.store;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The store sees what a plug-in sees; memoised functions see the store and the face. */
class StoreArchitectureTest {
  private static final Set<String> VOCABULARY =
      Set.of("dev.kiln.DType", "dev.kiln.Shape", "dev.kiln.KilnException");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(Store.class.getProtectionDomain().getCodeSource().getLocation());

  private static void mayUse(String room, Set<String> rooms) {
    noClasses()
        .that()
        .resideInAPackage(room)
        .should()
        .dependOnClassesThat(
            describe(
                "are in a room that " + room + " may not use",
                used -> isOurs(used) && !rooms.contains(used.getPackageName()) && !isWord(used)))
        .check(CLASSES);
  }

  private static boolean isOurs(JavaClass used) {
    return used.getPackageName().equals("dev.kiln")
        || used.getPackageName().startsWith("dev.kiln.");
  }

  private static boolean isWord(JavaClass used) {
    return VOCABULARY.contains(used.getName());
  }

  @Test
  void arrowsRunOneWay() {
    mayUse("dev.kiln.store", Set.of("dev.kiln.store", "dev.kiln.spi", "dev.kiln.io"));
    mayUse(
        "dev.kiln.memo",
        Set.of(
            "dev.kiln.memo",
            "dev.kiln.store",
            "dev.kiln",
            "dev.kiln.task",
            "dev.kiln.spi",
            "dev.kiln.io"));
  }

  @Test
  void nothingIsSerialised() {
    noClasses()
        .should()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.Object(In|Out)putStream.*")
        .check(CLASSES);
  }
}
