package dev.kiln.schedule;

import dev.kiln.KilnException;
import dev.kiln.schedule.cost.Measuring;
import dev.kiln.schedule.cost.Profile;
import dev.kiln.schedule.cost.Profiles;
import dev.kiln.schedule.cost.Work;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Device;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A device that steps may be moved to, opened when it is first to be used. One that cannot be
 * opened or measured is as good as none; a warning says why.
 */
final class Candidate {
  private static final System.Logger LOGGER = System.getLogger(Candidate.class.getName());

  /** The processor that is home's. */
  static final String HOST = "host";

  private final BackendProvider provider;
  private final Optional<Device> device;
  private @Nullable Backend opened;
  private boolean broken;

  private Candidate(BackendProvider provider, Optional<Device> device) {
    this.provider = provider;
    this.device = device;
  }

  /** The devices of a provider; none where it cannot run here. */
  static List<Candidate> of(BackendProvider provider) {
    if (provider.availability() instanceof Availability.Missing) {
      return List.of();
    }
    List<Candidate> candidates = new ArrayList<>();
    for (Device device : provider.devices()) {
      String choice = device.choice();
      BackendProvider on = provider.on(choice.substring(choice.indexOf(':') + 1));
      candidates.add(new Candidate(on, Optional.of(device)));
    }
    return candidates.isEmpty()
        ? List.of(new Candidate(provider, Optional.empty()))
        : List.copyOf(candidates);
  }

  /** How it is asked for. */
  String name() {
    return device.map(Device::choice).orElseGet(provider::name);
  }

  /** The backend that it belongs to. */
  String backendName() {
    return provider.name();
  }

  /** What it computes with: the host's own processor, where a driver offers that as a device. */
  String processor() {
    return device.map(Device::kind).orElse("").equals("cpu") ? HOST : name();
  }

  /** What its profile is found by. */
  private String fingerprint() {
    return device
        .map(
            it ->
                provider.name()
                    + ": "
                    + String.join(", ", it.name(), it.kind(), it.driver(), it.units() + " units"))
        .orElseGet(provider::name);
  }

  /** Its profile, measured now if it never was; empty where that fails. */
  Optional<Profile> profile(Profiles profiles, Workers workers, Memory memory) {
    Optional<Profile> known = profiles.find(fingerprint());
    if (known.isPresent()) {
      return known;
    }
    Optional<Backend> backend = open(workers, memory);
    if (backend.isEmpty()) {
      return Optional.empty();
    }
    try {
      Profile profile = Measuring.of(backend.get(), memory);
      profiles.keep(fingerprint(), profile);
      return Optional.of(profile);
    } catch (KilnException e) {
      LOGGER.log(System.Logger.Level.WARNING, "{0} is not used: {1}", name(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Whether it has memory enough, with room for what else lies there. */
  boolean holds(Work work) {
    return device.isEmpty() || work.footprint() <= device.get().memoryBytes() / 2;
  }

  /** Its backend, opened now if it is not yet; empty where that failed. */
  synchronized Optional<Backend> open(Workers workers, Memory memory) {
    if (opened == null && !broken) {
      try {
        opened = provider.open(workers, memory);
      } catch (KilnException e) {
        broken = true;
        LOGGER.log(System.Logger.Level.WARNING, "{0} is not used: {1}", name(), e.getMessage());
      }
    }
    return Optional.ofNullable(opened);
  }

  /** Gives back what is open. */
  synchronized void close() {
    if (opened != null) {
      opened.close();
    }
  }
}
