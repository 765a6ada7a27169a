package vesper.infrastructure;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What is particular to one server program; how it is started, found again and stopped is the same
/// for all and lies in [RunningServer].
interface ServerProgram {
  /// The file name of the executable.
  String name();

  /// The folder that one running server has to itself.
  Path folder();

  Path log();

  /// Makes ready what the port decides and returns the command line.
  List<String> command(int port);

  /// Whether the server lets its user in.
  boolean answers(int port);

  /// Whether a server that was found running does what these settings ask for.
  boolean mayAdopt(int port);

  /// The words in the log that mean that somebody else listens on the port.
  String portTaken();

  /// The words in the log that mean that processes of a crashed server have not ended yet; empty
  /// for a server that is one process.
  String remainsOfACrash();

  /// What the server itself wrote down about its process, for an owner killed before it could.
  Optional<ServerRecord> selfRecorded();

  Duration startDeadline();

  /// Ends the server in order, or by force when it does not listen.
  void stop(OwnedProcess process);
}
