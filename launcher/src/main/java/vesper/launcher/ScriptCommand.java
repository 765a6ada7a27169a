package vesper.launcher;

import java.util.concurrent.Callable;

/// A command that the launcher script carries out itself; here it has only its help.
class ScriptCommand implements Callable<Integer> {
  @Override
  public Integer call() {
    throw new CommandFailure("run it through the script: ./vesper", CommandFailure.USAGE);
  }
}
