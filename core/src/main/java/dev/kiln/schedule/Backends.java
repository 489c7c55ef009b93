package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.spi.Availability;
import dev.kiln.spi.BackendProvider;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The backends that are on the class path, and the choice among them. */
public final class Backends {
  private Backends() {}

  /**
   * What was chosen.
   *
   * @param why for people
   * @param others those whose devices steps may be moved to; nobody has asked yet whether they can
   *     run here
   */
  public record Choice(
      Optional<BackendProvider> provider, String why, List<BackendProvider> others) {
    public Choice {
      others = List.copyOf(others);
    }

    private Choice(Optional<BackendProvider> provider, String why) {
      this(provider, why, List.of());
    }
  }

  /** The name of the interpreter, which every engine has. */
  public static final String INTERPRETER = "interpreter";

  /** All providers, by name. */
  public static List<BackendProvider> providers() {
    List<BackendProvider> providers = new ArrayList<>();
    ServiceLoader.load(BackendProvider.class, Backends.class.getClassLoader())
        .forEach(providers::add);
    providers.sort(Comparator.comparing(BackendProvider::name));
    return providers;
  }

  /**
   * The provider of that name; none for the interpreter. {@code auto} takes the first that is
   * ready, and the others beside it. After a colon the name may choose a device: {@code opencl:1}.
   *
   * @throws KilnException where it is unknown or cannot run, with the cure; {@code auto} never
   *     fails
   */
  public static Choice choose(String name) {
    if (name.equals(INTERPRETER)) {
      return new Choice(Optional.empty(), "asked for by name");
    }
    List<BackendProvider> providers = providers();
    if (name.equals("auto")) {
      for (int i = 0; i < providers.size(); i++) {
        BackendProvider provider = providers.get(i);
        if (provider.availability() instanceof Availability.Ready ready) {
          return new Choice(
              Optional.of(provider),
              "auto: the first that is ready, " + ready.detail(),
              providers.subList(i + 1, providers.size()));
        }
      }
      return new Choice(
          Optional.empty(),
          "auto: no other backend can run here; add kiln-backends-cpu to the class path for speed");
    }
    int colon = name.indexOf(':');
    String backend = colon < 0 ? name : name.substring(0, colon);
    for (BackendProvider provider : providers) {
      if (provider.name().equals(backend)) {
        return switch (provider.availability()) {
          case Availability.Ready _ when colon < 0 ->
              new Choice(Optional.of(provider), "asked for by name");
          case Availability.Ready _ ->
              new Choice(Optional.of(provider.on(name.substring(colon + 1))), "asked for by name");
          case Availability.Missing missing ->
              throw new KilnException(
                  "backend '" + name + "' cannot run: " + missing.reason() + "; " + missing.cure());
        };
      }
    }
    List<String> known = new ArrayList<>(List.of("auto", INTERPRETER));
    providers.forEach(provider -> known.add(provider.name()));
    throw new KilnException(
        "unknown backend '"
            + name
            + "'; expected one of "
            + known
            + (name.equals("cpu") ? ", and kiln-backends-cpu on the class path for cpu" : ""));
  }
}
