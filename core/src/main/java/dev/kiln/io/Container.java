package dev.kiln.io;

import dev.kiln.KilnException;
import java.nio.file.Path;
import java.util.SequencedMap;

/** What a file of arrays holds, told by how it begins. */
public sealed interface Container {
  /** A {@code .npy} file. */
  record One(NpyArray array) implements Container {}

  /** A {@code .npz} file. */
  record Named(SequencedMap<String, NpyArray> arrays) implements Container {}

  /** A file of Kiln values. */
  record Parts(Value value) implements Container {}

  /**
   * Reads a file; arrays are mapped where they are not compressed.
   *
   * @param unpacking of what is compressed
   * @throws KilnException where the file is missing, of no such kind, or damaged
   */
  static Container read(Path path, Unpacking unpacking) {
    MappedFile file = MappedFile.of(path);
    String name = path.toString();
    if (ValueFile.isOne(file.contents())) {
      return new Parts(ValueFile.read(name, file.contents(), unpacking));
    }
    if (NpzFile.isOne(file.contents())) {
      return new Named(NpzFile.read(name, file.contents(), unpacking.memory()));
    }
    return new One(NpyFile.parse(name, file.contents(), file.origin()));
  }
}
