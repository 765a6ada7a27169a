package vesper.ai;

import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateStarted;

/// Who hears an answer. All but the alarm is for the one thread that answers.
interface Audience {
  /// Rung when the audience can take more, and when it leaves.
  Alarm alarm();

  /// Says where the words come from; once, before any words.
  void start(GenerateStarted started);

  /// Says words. What the audience cannot take yet is kept, and joined to what follows.
  void say(String words);

  /// Hands on what was kept, as far as the audience can take it.
  void flush();

  /// Waits until all words are handed on, or nobody listens any more.
  ///
  /// @throws io.grpc.StatusRuntimeException as [#checkPatience]
  void drain() throws InterruptedException;

  /// Says the end; after [#drain].
  void end(GenerateDone done);

  /// Throws when the audience takes nothing for too long.
  ///
  /// @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED
  void checkPatience();

  /// Whether nobody listens any more.
  boolean gone();
}
