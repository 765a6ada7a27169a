package vesper.launcher;

import picocli.CommandLine.Command;

/// Documents `mvn`, which the launcher script carries out.
@Command(
    name = "mvn",
    description = "Runs Maven with the right JDK, for work on Vesper itself.",
    footer = {"", "Example: ./vesper mvn -q -pl transport -am verify"})
final class MavenCommand extends ScriptCommand {}
