package dev.kiln.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kiln.KilnException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserCacheTest {
  @Test
  void theFolderIsTheOneThatIsNamedOrInTheHome() {
    assertThat(UserCache.folder("/c", "/h")).isEqualTo(Path.of("/c/kiln"));
    assertThat(UserCache.folder("", "/h")).isEqualTo(Path.of("/h/.cache/kiln"));
    assertThat(UserCache.folder(null, "/h")).isEqualTo(Path.of("/h/.cache/kiln"));
  }

  @Test
  void aNameThatNoFolderCanHaveIsToldWithWhatToDo() {
    assertThatThrownBy(() -> UserCache.folder("/c\0", "/h"))
        .isInstanceOf(KilnException.class)
        .hasMessageContaining("XDG_CACHE_HOME");
  }
}
