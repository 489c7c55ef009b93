package dev.kiln.store;

import dev.kiln.contract.ResultStoreContract;
import dev.kiln.spi.ResultStore;
import java.nio.file.Path;

class StoreContractTest extends ResultStoreContract {
  @Override
  protected ResultStore open(Path place) {
    return Store.at(place.resolve("store"));
  }
}
