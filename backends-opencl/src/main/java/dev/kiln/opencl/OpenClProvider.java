package dev.kiln.opencl;

import dev.kiln.KilnException;
import dev.kiln.spi.Availability;
import dev.kiln.spi.Backend;
import dev.kiln.spi.BackendProvider;
import dev.kiln.spi.Device;
import dev.kiln.spi.Memory;
import dev.kiln.spi.Workers;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The OpenCL backend, where there is a driver. Devices are looked for when first asked about. */
public final class OpenClProvider implements BackendProvider {
  static final String NAME = "opencl";

  private final Supplier<Discovery> discovery;
  private final Optional<String> wanted;

  /** Creates the provider, as {@link java.util.ServiceLoader} does. */
  public OpenClProvider() {
    this(new Once<>(Discovery::find), Optional.empty());
  }

  OpenClProvider(Supplier<Discovery> discovery, Optional<String> wanted) {
    this.discovery = discovery;
    this.wanted = wanted;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Availability availability() {
    return switch (discovery.get()) {
      case Discovery.Found found -> new Availability.Ready(chosen(found).describe());
      case Discovery.Nothing(Availability.Missing missing) -> missing;
    };
  }

  @Override
  public List<Device> devices() {
    return switch (discovery.get()) {
      case Discovery.Found(List<ClDevice> devices) ->
          devices.stream().map(ClDevice::forPeople).toList();
      case Discovery.Nothing nothing -> List.of();
    };
  }

  @Override
  public BackendProvider on(String device) {
    Discovery.choose(found().devices(), device);
    return new OpenClProvider(discovery, Optional.of(device));
  }

  @Override
  public Backend open(Workers workers, Memory memory) {
    return new OpenClBackend(chosen(found()), Settings.ofProperties());
  }

  private ClDevice chosen(Discovery.Found found) {
    return wanted
        .map(device -> Discovery.choose(found.devices(), device))
        .orElseGet(found.devices()::getFirst);
  }

  private Discovery.Found found() {
    return switch (discovery.get()) {
      case Discovery.Found found -> found;
      case Discovery.Nothing(Availability.Missing(String reason, String cure)) ->
          throw new KilnException("backend 'opencl' cannot run: " + reason + "; " + cure);
    };
  }
}
