package vesper.launcher;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Something that some tests need and a machine may lack; these tests carry its tag and are listed
/// as NOT RUN where it is absent.
enum Prerequisite {
  /// Fetches nats-server from Debian's packages.
  DEBIAN_ARCHIVE("needs-debian-archive", "apt-get and dpkg") {
    @Override
    boolean present() {
      return Files.isExecutable(Path.of("/usr/bin/apt-get"))
          && Files.isExecutable(Path.of("/usr/bin/dpkg"));
    }
  },

  /// A browser, for the pages.
  CHROMIUM("needs-chromium", "a Chromium (Debian: apt-get install chromium)") {
    @Override
    boolean present() {
      return CHROMIUM_PROGRAMS.stream().anyMatch(Files::isExecutable);
    }
  },

  /// A true, tiny model and recorded loads, which are no part of the project.
  SHARED_DATA("shared-data", "../shared/data/stories260K.gguf") {
    @Override
    boolean present() {
      return Files.isReadable(SystemOptions.home().resolve(needs()));
    }
  };

  /// Where packages put the browser.
  static final List<Path> CHROMIUM_PROGRAMS =
      List.of(
          Path.of("/usr/bin/chromium"),
          Path.of("/usr/bin/chromium-browser"),
          Path.of("/usr/bin/google-chrome"));

  private final String tag;
  private final String needs;

  Prerequisite(String tag, String needs) {
    this.tag = tag;
    this.needs = needs;
  }

  abstract boolean present();

  String tag() {
    return tag;
  }

  /// What has to be there, for people.
  String needs() {
    return needs;
  }

  static List<Prerequisite> absent() {
    return Arrays.stream(values()).filter(one -> !one.present()).toList();
  }
}
