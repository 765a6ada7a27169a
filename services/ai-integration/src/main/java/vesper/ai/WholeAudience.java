package vesper.ai;

import io.grpc.Context;
import vesper.ai.v1.GenerateDone;
import vesper.ai.v1.GenerateResponse;
import vesper.ai.v1.GenerateStarted;

/// A caller that gets the answer in one piece.
final class WholeAudience implements Audience {
  private final Alarm alarm = new Alarm();
  private final Context context = Context.current();
  private final GenerateResponse.Builder answer = GenerateResponse.newBuilder();
  private final StringBuilder words = new StringBuilder();

  WholeAudience() {
    context.addListener(_ -> alarm.ring(), Runnable::run);
  }

  @Override
  public Alarm alarm() {
    return alarm;
  }

  @Override
  public void start(GenerateStarted started) {
    answer
        .setDecisionId(started.getDecisionId())
        .setPath(started.getPath())
        .setTier(started.getTier())
        .setModel(started.getModel());
  }

  @Override
  public void say(String more) {
    words.append(more);
  }

  @Override
  public void flush() {}

  @Override
  public void drain() {}

  @Override
  public void end(GenerateDone done) {
    answer.setText(words.toString()).setDone(done);
  }

  @Override
  public void checkPatience() {}

  @Override
  public boolean gone() {
    return context.isCancelled();
  }

  GenerateResponse answer() {
    return answer.build();
  }
}
