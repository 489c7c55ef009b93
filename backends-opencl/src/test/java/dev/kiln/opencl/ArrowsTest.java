package dev.kiln.opencl;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** What the backend sees of the rest: kernels, the interface of backends, and the vocabulary. */
class ArrowsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importUrl(OpenClProvider.class.getProtectionDomain().getCodeSource().getLocation());

  private static final DescribedPredicate<JavaClass> VOCABULARY =
      DescribedPredicate.describe(
          "are the vocabulary",
          used ->
              used.getName().equals("dev.kiln.DType")
                  || used.getName().equals("dev.kiln.DType$Kind")
                  || used.getName().equals("dev.kiln.Shape")
                  || used.getName().equals("dev.kiln.KilnException"));

  @Test
  void theBackendSeesKernelsAndTheInterfaceOfBackends() {
    classes()
        .that()
        .resideInAPackage("dev.kiln.opencl")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "dev.kiln.opencl..",
                    "dev.kiln.kernel",
                    "dev.kiln.spi",
                    "org.jocl",
                    "org.jspecify..",
                    "jdk.jfr",
                    "java..")
                .or(VOCABULARY)
                .or(PRIMITIVE))
        .check(CLASSES);
  }

  @Test
  void textsAreMadeWithoutADevice() {
    classes()
        .that()
        .resideInAPackage("dev.kiln.opencl.source")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "dev.kiln.opencl.source", "dev.kiln.kernel", "org.jspecify..", "java..")
                .or(VOCABULARY)
                .or(PRIMITIVE))
        .check(CLASSES);
  }

  @Test
  void plansAreMadeWithoutADevice() {
    classes()
        .that()
        .resideInAPackage("dev.kiln.opencl.routine")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                    "dev.kiln.opencl.routine",
                    "dev.kiln.opencl.source",
                    "dev.kiln.kernel",
                    "dev.kiln.spi",
                    "org.jspecify..",
                    "java..")
                .or(VOCABULARY)
                .or(PRIMITIVE))
        .check(CLASSES);
  }

  private static final DescribedPredicate<JavaClass> PRIMITIVE =
      DescribedPredicate.describe(
          "are primitive", used -> used.isPrimitive() || used.getBaseComponentType().isPrimitive());

  @Test
  void onlyTheProviderIsPublic() {
    noClasses()
        .that()
        .resideInAPackage("dev.kiln.opencl")
        .and()
        .areTopLevelClasses()
        .and()
        .doNotHaveSimpleName("OpenClProvider")
        .should()
        .bePublic()
        .check(CLASSES);
  }
}
